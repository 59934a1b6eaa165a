"""The manifest of an extract: what is in it, where from, and the hash of every file."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from tre.decision import UnusableRequestError
from tre.safe_data.linking.transfer import Transfer

FILE = "manifest.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A run of a linkage that an extract was made from.

    period: the earlier agreement under which it was run, "" for the newest.
    """

    linkage: str
    version: str
    period: str = ""

    def named(self) -> str:
        """The run in words: `npd, version 2 (historic linkage 2008-2013)`."""
        period = f" ({self.period})" if self.period else ""
        return f"{self.linkage}, version {self.version}{period}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of an extract, as its data dictionary explains it.

    type: string, integer, number, boolean, date or text. codes: every value it may have, or none.
    treatment: what was done to it before it came here.
    """

    name: str
    type: str
    description: str
    codes: tuple[str, ...]
    source: str
    treatment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractTable:
    """One table of an extract. rows: 0 or more. sha256: the hash of the file's bytes."""

    name: str
    description: str
    file: str
    rows: int
    sha256: str
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What an extract is.

    version: the name of its folder. unit: the column, in every table, that names the person.
    policy: the disclosure policy under which its outputs are checked.
    synthetic: no row is about a person. place: where its parts met, and where it is seen.
    sources: the runs of linkages that it was made from.
    years: the first and last calendar year granted of a dataset, by its id; none for no limit.
    people: distinct units in the whole extract. transfers: what came into the SRS for it.
    """

    project: str
    version: str
    made_on: date
    unit: str
    policy: str
    synthetic: bool
    place: str
    sources: tuple[Source, ...]
    people: int
    variables: tuple[str, ...]
    tables: tuple[ExtractTable, ...]
    transfers: tuple[Transfer, ...] = ()
    years: Mapping[str, tuple[int | None, int | None]] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        return asdict(self) | {
            "made_on": self.made_on.isoformat(),
            "transfers": [transfer.to_dict() for transfer in self.transfers],
        }

    def to_json(self) -> str:
        """The manifest as its file holds it."""
        return json.dumps(self.to_dict(), indent=1, ensure_ascii=False) + "\n"


def read_manifest(extract: Path) -> Manifest:
    """Read the manifest of the extract in this folder.

    Raises UnusableRequestError where there is none, or it is not one.
    """
    file = extract / FILE
    try:
        plain = json.loads(file.read_text(encoding="utf-8"))
        return _from_dict(plain)
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = f"{file} is not the manifest of an extract: {type(error).__name__}"
        raise UnusableRequestError(message) from error


def _from_dict(plain: dict[str, Any]) -> Manifest:
    values: dict[str, Any] = {
        **plain,
        "made_on": date.fromisoformat(plain["made_on"]),
        "variables": tuple(plain["variables"]),
        "sources": tuple(Source(**source) for source in plain["sources"]),
        "tables": tuple(_table(table) for table in plain["tables"]),
        "transfers": tuple(Transfer.from_dict(transfer) for transfer in plain["transfers"]),
        "years": {name: tuple(span) for name, span in plain.get("years", {}).items()},
    }
    return Manifest(**values)


def _table(plain: dict[str, Any]) -> ExtractTable:
    columns = tuple(
        Column(**column | {"codes": tuple(column["codes"])}) for column in plain["columns"]
    )
    values: dict[str, Any] = {**plain, "columns": columns}
    return ExtractTable(**values)
