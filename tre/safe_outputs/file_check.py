"""The outcome of the automatic check of one file, as it is stored and shown to checkers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

PASS = "pass"  # noqa: S105 - a verdict, not a password
REVIEW = "review"
FAIL = "fail"
_FROM_BEST = (PASS, REVIEW, FAIL)

RECOMPUTED = "recomputed"
REPRODUCED = "reproduced"
ASSERTED = "asserted"

WORD_ALONE = "No declaration: the researcher's word alone."
GAVE_IT = "No declaration: the code that came with it was run again, and gave the same file."
"""How a note begins of a file without a declaration, before and after it was reproduced."""

Rows = tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileCheck:
    """What the service itself found out about a file; it orders the queue and never decides.

    verdict: pass, review or fail. provenance: recomputed, reproduced or asserted.
    findings: rule, severity, cells, message, remedy each. evidence: one row a cell.
    table: the rows as they would be released. proof: bounds of each withheld cell.
    note: in words, what was compared with what.
    """

    verdict: str
    provenance: str
    findings: Rows
    evidence: Rows
    table: Rows
    proof: Rows
    policy_name: str
    policy_hash: str
    note: str

    def to_dict(self) -> dict[str, Any]:
        """Give plain values for JSON; `from_dict` reads them back."""
        rows = {name: [dict(row) for row in getattr(self, name)] for name in _ROWS}
        return {name: getattr(self, name) for name in _WORDS} | rows

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """Read what `to_dict` gave; raises KeyError where a part is missing."""

        def rows(name: str) -> Rows:
            return tuple(dict(row) for row in stored[name])

        return cls(
            verdict=str(stored["verdict"]),
            provenance=str(stored["provenance"]),
            findings=rows("findings"),
            evidence=rows("evidence"),
            table=rows("table"),
            proof=rows("proof"),
            policy_name=str(stored["policy_name"]),
            policy_hash=str(stored["policy_hash"]),
            note=str(stored["note"]),
        )


_WORDS = ("verdict", "provenance", "policy_name", "policy_hash", "note")
_ROWS = ("findings", "evidence", "table", "proof")


def worst(verdicts: Iterable[str]) -> str:
    """Combine verdicts: one fail is a fail, one review a review; none at all is a review.

    Nothing checked is nothing passed. Raises ValueError for a word that is no verdict.
    """
    given = tuple(verdicts)
    for verdict in given:
        if verdict not in _FROM_BEST:
            message = f"“{verdict}” is no verdict; there are {', '.join(_FROM_BEST)}"
            raise ValueError(message)
    return max(given, key=_FROM_BEST.index, default=REVIEW)


def finding(rule: str, severity: str, message: str, remedy: str) -> dict[str, Any]:
    """Write a finding about the file as a whole, shaped like those of `output_checks`."""
    return {
        "rule": rule,
        "severity": severity,
        "cells": [],
        "message": message,
        "remedy": remedy,
    }
