"""An automatic check's answer: what its findings come to, and everything that it rests on."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from output_checks.findings import Finding, Findings
from output_checks.policy import Policy
from output_checks.words import Provenance, Verdict

__all__ = ["Finding", "Findings", "Report", "Rows"]


class Rows(Sequence[Mapping[str, Any]]):
    """Rows of plain values, made when first asked for: a verdict needs none of them."""

    def __init__(self, make: Callable[[], Iterable[Mapping[str, Any]]]) -> None:
        self._make = make

    @cached_property
    def _made(self) -> tuple[Mapping[str, Any], ...]:
        return tuple(self._make())

    def __getitem__(self, at: Any) -> Any:
        return self._made[at]

    def __len__(self) -> int:
        return len(self._made)

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        return iter(self._made)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self._made == tuple(other)

    def __hash__(self) -> int:
        return hash(self._made)

    def __repr__(self) -> str:
        return repr(self._made)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """An automatic check's answer, with everything that it rests on.

    findings: known at once, in words when they are read; nothing done in between changes them.
    table: the rows as they would be released (null where withheld). evidence: what is behind
    each cell; never leaves. proof: the interval that a reader can work out for each withheld
    cell. protection: what was done, in plain values. code: source found in a file, for reading.
    """

    findings: Sequence[Finding]
    provenance: Provenance
    policy: Policy
    table: Sequence[Mapping[str, Any]] = ()
    evidence: Sequence[Mapping[str, Any]] = ()
    proof: Sequence[Mapping[str, Any]] = ()
    protection: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    code: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """The worst of the findings; an output that rests on a person's word never passes."""
        floor = Verdict.REVIEW if self.provenance is Provenance.ASSERTED else Verdict.PASS
        if isinstance(self.findings, Findings):
            return Verdict.worst({floor, *self.findings.severities})
        return Verdict.worst({floor, *(finding.severity for finding in self.findings)})

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON: the shape that the command line prints and the service keeps."""
        return {
            "verdict": str(self.verdict),
            "findings": [finding.to_dict() for finding in self.findings],
            "table": [dict(row) for row in self.table],
            "provenance": str(self.provenance),
            "policy": {"name": self.policy.name, "hash": self.policy.hash},
            "evidence": [dict(row) for row in self.evidence],
            "proof": [dict(row) for row in self.proof],
            "protection": dict(self.protection),
            "note": self.note,
            "code": list(self.code),
        }
