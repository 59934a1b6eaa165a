"""The record of what went from one party to another, and of one run of a linkage."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """One file that one party gave to another.

    columns: the file's columns in order. rows: its rows, 0 or more.
    on: the day it was sent. sha256: the hash of the file's bytes, 64 hexadecimal digits.
    """

    linkage: str
    sender: str
    receiver: str
    purpose: str
    columns: tuple[str, ...]
    rows: int
    legal_basis: str
    on: date
    sha256: str

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON; the day as YYYY-MM-DD."""
        return asdict(self) | {"columns": list(self.columns), "on": self.on.isoformat()}

    @classmethod
    def from_dict(cls, plain: dict[str, Any]) -> "Transfer":
        """Read what `to_dict` wrote."""
        columns, on = tuple(plain["columns"]), date.fromisoformat(plain["on"])
        values: dict[str, Any] = {**plain, "columns": columns, "on": on}
        return cls(**values)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkageRun:
    """What one run of a linkage did.

    version: counts the runs of this linkage, from "1".
    covered: people whom the description covers. opted_out: those of them whose identifiers stayed
    at home because they objected. sent: people whose identifiers left. matched: of those, people
    for whom the matcher named a record. withheld: records that the register's holder kept back
    because the person objected there, or was withdrawn by the supplier. out_of_time: matched people
    of whom nothing lies within the limits in time. controls: records that came without a pseudonym.
    destroyed: SHA-256 of every identifier file that was destroyed after linking. period: of the
    earlier agreement under which it was run, "" for the newest.
    """

    linkage: str
    on: date
    version: str
    covered: int
    opted_out: int
    sent: int
    matched: int
    withheld: int
    out_of_time: int
    controls: int
    transfers: tuple[Transfer, ...]
    destroyed: tuple[str, ...]
    period: str = ""

    @property
    def match_rate(self) -> float:
        """The share of the people sent for whom a record was named, 0 to 1."""
        return self.matched / self.sent if self.sent else 0.0

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        return asdict(self) | {
            "on": self.on.isoformat(),
            "match_rate": self.match_rate,
            "transfers": [transfer.to_dict() for transfer in self.transfers],
            "destroyed": list(self.destroyed),
        }
