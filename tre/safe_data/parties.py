"""The folders of the organisations that take part."""

from dataclasses import dataclass
from pathlib import Path

from tre.decision import UnusableRequestError

SRS = "ONS Secure Research Service"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parties:
    """The folders of the organisations that take part; each reads only its own and its post."""

    home: Path

    @property
    def slam(self) -> Path:
        """The mental-health trust, with the CDLS inside it."""
        return self.home / "slam"

    @property
    def dfe(self) -> Path:
        """The Department for Education."""
        return self.home / "dfe"

    @property
    def srs(self) -> Path:
        """The Secure Research Service of the ONS."""
        return self.home / "srs"

    def versions(self, linkage: str) -> list[int]:
        """The finished runs of a linkage, in order."""
        folder = self.srs / linkage
        found = folder.iterdir() if folder.is_dir() else ()
        return sorted(int(path.name) for path in found if path.name.isdigit())

    def latest(self, linkage: str) -> Path:
        """What the latest run brought into the SRS. Raises UnusableRequestError before a run."""
        versions = self.versions(linkage)
        if not versions:
            message = f"the linkage {linkage!r} has not been run yet"
            raise UnusableRequestError(message)
        return self.srs / linkage / str(versions[-1])
