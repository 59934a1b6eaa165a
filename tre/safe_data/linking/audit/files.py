"""What the disk says: who may open what is secret, and whether files are as they were recorded."""

import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tre.safe_data.files import sha256_of
from tre.safe_data.linking.separation.layout import RESULTS
from tre.safe_data.linking.separation.record import RunRecord

_SECRET = (
    ("", 0o700, "the folder of all parties"),
    ("*/keys", 0o700, "a party's keys"),
    ("*/keys/*", 0o600, "a party's key"),
    ("*/*_identifiers.parquet", 0o600, "a register's identifiers"),
    ("*/cris_notes.parquet", 0o600, "notes in which people are named"),
)
"""What must not be open to others: a pattern below the parties, and the most that it may allow."""
_KEYS = frozenset({".key", ".pem"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """Who may open one file or folder. mode, at_most: as in chmod, 0 to 0o777."""

    path: str
    what: str
    mode: int
    at_most: int

    @property
    def is_closed(self) -> bool:
        """Whether nobody may do more than was meant."""
        return not self.mode & ~self.at_most


@dataclass(frozen=True, slots=True, kw_only=True)
class FileState:
    """One file of a run, against the record. recorded, found: SHA-256, "" where there is none."""

    path: str
    recorded: str
    found: str

    @property
    def is_as_recorded(self) -> bool:
        """Whether the file is there and has the bytes that were recorded."""
        return bool(self.found) and self.recorded == self.found


def permissions(parties: Path, keys: Path) -> tuple[Permission, ...]:
    """Who may open registers' identifiers and keys.

    parties: the folder of all parties. keys: the environment's own secrets.
    """
    found = [
        _permission(path, parties.parent, what, at_most)
        for pattern, at_most, what in _SECRET
        for path in (sorted(parties.glob(pattern)) if pattern else [parties])
    ]
    own = [_permission(keys, keys.parent, "the environment's keys", 0o700)]
    own += [
        _permission(path, keys.parent, "a key of the environment", 0o600)
        for path in sorted(keys.iterdir())
        if path.suffix in _KEYS
    ]
    return tuple(found + own)


def _permission(path: Path, home: Path, what: str, at_most: int) -> Permission:
    mode = stat.S_IMODE(path.stat().st_mode)
    return Permission(path=path.relative_to(home).as_posix(), what=what, mode=mode, at_most=at_most)


def files_of_run(parties: Path, run: RunRecord) -> tuple[FileState, ...]:
    """Hash every file that a run brought and hold it against the run's own record.

    A file that the record does not know has no recorded hash; one that is gone has no found one.
    """
    places = dict(_brought(run))
    folder = parties / run.folder
    there = {path.stem: sha256_of(path) for path in sorted(folder.glob("*.parquet"))}
    return tuple(
        FileState(
            path=f"{run.folder}/{name}.parquet",
            recorded=places.get(name, ""),
            found=there.get(name, ""),
        )
        for name in sorted({*places, *there})
    )


def _brought(run: RunRecord) -> Iterator[tuple[str, str]]:
    """Each table that came into the results, by the end of its transfer's purpose."""
    for transfer in run.transfers:
        name = transfer.purpose.rpartition(": ")[2]
        if run.folder.partition("/")[0] in RESULTS and ": " in transfer.purpose:
            yield name, transfer.sha256
