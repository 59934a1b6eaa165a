"""What a look at separation came to: statements, each held or violated, with where and why."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One place where a rule was broken.

    where: a file, relative to the folder of all parties, or a transfer in words. why: what is
    wrong there, with names of columns and counts; never a value of anybody.
    """

    rule: str
    where: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One rule of the principle and whether it was kept.

    looked_at: how many transfers, letters or files it was asked about, 0 or more.
    """

    rule: str
    says: str
    looked_at: int
    violations: tuple[Violation, ...]

    @property
    def held(self) -> bool:
        """Whether nothing was found against it."""
        return not self.violations


@dataclass(frozen=True, slots=True, kw_only=True)
class SeparationProof:
    """The principle of separation, rule by rule.

    counts: what was looked at: transfers, letters of identifiers, runs, parties, files, columns
    read by value, rows read. busy: linkages that were being run at the time, whose unfinished
    files were left out.
    """

    statements: tuple[Statement, ...]
    counts: dict[str, int]
    busy: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether every rule was kept."""
        return all(statement.held for statement in self.statements)

    @property
    def violations(self) -> tuple[Violation, ...]:
        """Everything that was found, in the order of the rules."""
        return tuple(each for statement in self.statements for each in statement.violations)

    def summary(self) -> dict[str, Any]:
        """What the ledger keeps: counts, and where and why which rule was broken."""
        return {
            "separation_holds": self.holds,
            "rules": len(self.statements),
            "looked_at": dict(self.counts),
            "violations": [asdict(each) for each in self.violations],
        }

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        return {
            "holds": self.holds,
            "counts": dict(self.counts),
            "busy": list(self.busy),
            "statements": [
                {
                    "rule": each.rule,
                    "says": each.says,
                    "held": each.held,
                    "looked_at": each.looked_at,
                    "violations": [asdict(violation) for violation in each.violations],
                }
                for each in self.statements
            ],
        }
