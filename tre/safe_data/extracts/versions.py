"""The versions of a project's extract: which are there, whom they hold, and their destruction."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from tre.decision import NotThereError
from tre.safe_data.extracts.manifest import Manifest, read_manifest
from tre.safe_data.files import destroyed


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version that is there. gone: people in it who are not in the current version.

    objecting: people in the current version who object since it was made.
    """

    version: str
    made_on: date
    people: int
    current: bool
    gone: int
    objecting: int = 0

    @property
    def must_go(self) -> bool:
        """Whether it is to be destroyed: it holds somebody who may be in no extract any more."""
        return self.gone > 0 or self.objecting > 0

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        return {
            "version": self.version,
            "made_on": self.made_on.isoformat(),
            "people": self.people,
            "current": self.current,
            "gone": self.gone,
            "objecting": self.objecting,
            "must_go": self.must_go,
        }


def versions(folder: Path, current: str | None) -> tuple[Version, ...]:
    """The versions in a project's folder, the oldest first.

    current: the name of the version that sessions see, None where there is none. A pseudonym is
    the same in all versions, so that whoever left can be counted without being known.
    """
    names = sorted((path.parent.name for path in folder.glob("*/manifest.json")), key=_in_order)
    now = _people(folder / current) if current in names else None
    found = []
    for name in names:
        manifest = read_manifest(folder / name)
        gone = 0
        if now is not None and name != current:
            gone = len(_people(folder / name).join(now, on=manifest.unit, how="anti"))
        found.append(
            Version(
                version=name,
                made_on=manifest.made_on,
                people=manifest.people,
                current=name == current,
                gone=gone,
            )
        )
    return tuple(found)


def _in_order(version: str) -> tuple[str, int]:
    day, _, number = version.rpartition("-")
    return day, int(number) if number.isdigit() else 0


def _people(extract: Path) -> pl.DataFrame:
    """The pseudonyms of everybody in an extract, each once."""
    manifest = read_manifest(extract)
    tables = [pl.scan_parquet(extract / table.file) for table in manifest.tables]
    everybody = pl.concat([table.select(manifest.unit) for table in tables])
    return everybody.unique().collect()


def destroy_version(folder: Path, version: str) -> tuple[Manifest, dict[str, str]]:
    """Overwrite and remove a version; its manifest, and the hash of every file that is gone.

    The folder loses its name first, so that nothing half-destroyed is ever taken for an extract.
    Raises NotThereError for a version that is not there.
    """
    extract = folder / version
    if Path(version).name != version or not (extract / "manifest.json").is_file():
        message = f"there is no version {version!r} of this extract"
        raise NotThereError(message)
    manifest = read_manifest(extract)
    going = folder / f".{version}.destroyed"
    extract.rename(going)
    return manifest, destroyed(going)
