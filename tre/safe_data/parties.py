"""The folders of the organisations that take part."""

import re
from dataclasses import dataclass
from pathlib import Path

from tre.decision import UnusableRequestError

_SHORT = {
    "South London and Maudsley NHS Foundation Trust": "slam",
    "Clinical Data Linkage Service": "cdls",
    "ONS Secure Research Service": "srs",
    "Department for Education": "dfe",
    "Department for Work and Pensions": "dwp",
    "Office for National Statistics": "ons",
    "Public Health England": "phe",
    "King's College Hospital and Guy's and St Thomas'": "khp",
}


def folder_of(party: str) -> str:
    """The name of an organisation's folder: a short one where it is known by one."""
    return _SHORT.get(party) or re.sub(r"[^a-z0-9]+", "-", party.lower()).strip("-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parties:
    """The folders of the organisations that take part; each reads only its own and its post."""

    home: Path

    @property
    def slam(self) -> Path:
        """The mental-health trust, which holds CRIS."""
        return self.home / "slam"

    @property
    def srs(self) -> Path:
        """The Secure Research Service of the ONS."""
        return self.home / "srs"

    def of(self, party: str) -> Path:
        """The folder of the organisation with this name."""
        return self.home / folder_of(party)

    def versions(self, linkage: str, place: str) -> list[int]:
        """The finished runs of a linkage, in order. place: where its result is seen."""
        folder = self.of(place) / linkage
        found = folder.iterdir() if folder.is_dir() else ()
        return sorted(int(path.name) for path in found if path.name.isdigit())

    def latest(self, linkage: str, place: str) -> Path:
        """What the latest run brought. Raises UnusableRequestError before a run."""
        versions = self.versions(linkage, place)
        if not versions:
            message = f"the linkage {linkage!r} has not been run yet"
            raise UnusableRequestError(message)
        return self.of(place) / linkage / str(versions[-1])
