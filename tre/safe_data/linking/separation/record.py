"""What the runs wrote down about themselves, as far as separation is concerned."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tre.decision import UnusableRequestError
from tre.safe_data.linking.separation.layout import RESULTS
from tre.safe_data.linking.transfer import Transfer

FILE = "run.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """One finished run of a linkage.

    folder: where its results are, relative to the folder of all parties, "" where that is not
    known. destroyed: SHA-256 of every identifier file that was destroyed. told: the whole record,
    plain.
    """

    linkage: str
    version: str
    folder: str
    transfers: tuple[Transfer, ...]
    destroyed: tuple[str, ...]
    told: Mapping[str, Any]

    @classmethod
    def of(cls, plain: Mapping[str, Any], folder: str = "") -> "RunRecord":
        """Read what `LinkageRun.to_dict` said; fields that are not known are kept in `told`."""
        return cls(
            linkage=plain["linkage"],
            version=str(plain["version"]),
            folder=folder,
            transfers=tuple(Transfer.from_dict(each) for each in plain["transfers"]),
            destroyed=tuple(plain["destroyed"]),
            told=dict(plain),
        )


def read_runs(parties: Path, linkage: str | None = None) -> tuple[RunRecord, ...]:
    """Every finished run, by linkage and version; of one linkage where it is named.

    Raises UnusableRequestError for a record that cannot be understood.
    """
    files = [
        file
        for place in RESULTS
        for file in (parties / place).glob(f"{linkage or '*'}/*/{FILE}")
        if file.parent.name.isdigit()
    ]
    runs = [_read(file, parties) for file in files]
    return tuple(sorted(runs, key=lambda run: (run.linkage, int(run.version))))


def _read(file: Path, parties: Path) -> RunRecord:
    folder = str(file.parent.relative_to(parties))
    try:
        return RunRecord.of(json.loads(file.read_text(encoding="utf-8")), folder)
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = f"{folder}/{FILE} is not the record of a run; run the linkage again"
        raise UnusableRequestError(message) from error
