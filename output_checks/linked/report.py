"""What a set of outputs gives away together, with the arithmetic."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

from rich.console import Group
from rich.text import Text

from output_checks.finding import Finding
from output_checks.policy import Policy
from output_checks.words import Verdict

_COLOURS = {Verdict.PASS: "green", Verdict.REVIEW: "yellow", Verdict.FAIL: "red"}
_MOST_SHOWN = 12
_BY_ITSELF = {
    Verdict.REVIEW: ("needs a person's look by itself", "need a person's look by themselves"),
    Verdict.FAIL: ("fails by itself", "fail by themselves"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One published number of the arithmetic.

    output, cell: where it stands. times: how often it is taken, below 0 where it is subtracted.
    count: the people it is the number of.
    """

    output: str
    cell: Mapping[str, Any]
    times: float
    count: int

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "output": self.output,
            "cell": dict(self.cell),
            "times": self.times,
            "count": self.count,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedFinding:
    """Something that several outputs reveal and none of them alone.

    rule: "differencing" where an output that is released already is part of it, "linked_tables"
    where all are new, "too_large" where not all could be looked at. terms: the arithmetic, number
    by number; arithmetic: the same written out. cells: withheld cells that it reveals, each with
    its output.
    """

    rule: str
    severity: Verdict
    message: str
    remedy: str
    terms: tuple[Term, ...] = ()
    arithmetic: str = ""
    cells: tuple[tuple[str, Mapping[str, Any]], ...] = ()

    @property
    def outputs(self) -> tuple[str, ...]:
        """The outputs that take part, in order of appearance."""
        names = [*(name for name, _ in self.cells), *(term.output for term in self.terms)]
        return tuple(dict.fromkeys(names))

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "rule": self.rule,
            "severity": str(self.severity),
            "outputs": list(self.outputs),
            "message": self.message,
            "remedy": self.remedy,
            "arithmetic": self.arithmetic,
            "terms": [term.to_dict() for term in self.terms],
            "cells": [{"output": name, "cell": dict(cell)} for name, cell in self.cells],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedReport:
    """The answer of a check of several outputs together.

    outputs: the names that were checked; released: those that are out already. alone: the verdict
    of each checked output's own report, by its name; its findings are there. notes: what the check
    rests on, in sentences.
    """

    findings: tuple[LinkedFinding, ...]
    policy: Policy = field(repr=False)
    outputs: tuple[str, ...]
    released: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    alone: Mapping[str, Verdict] = field(default_factory=dict)

    @property
    def verdict(self) -> Verdict:
        """The worst of the findings and of the outputs' own verdicts; pass where all pass."""
        return Verdict.worst([self.together, *self.alone.values()])

    @property
    def together(self) -> Verdict:
        """The worst of what the outputs reveal only together; pass where that is nothing."""
        return Verdict.worst(finding.severity for finding in self.findings)

    def of(self, output: str) -> tuple[Finding, ...]:
        """The findings that an output takes part in, placed on its own cells."""
        return tuple(
            Finding(
                rule=one.rule,
                severity=one.severity,
                message=one.message,
                remedy=one.remedy,
                cells=(
                    *(cell for name, cell in one.cells if name == output and cell),
                    *(term.cell for term in one.terms if term.output == output),
                ),
            )
            for one in self.findings
            if output in one.outputs
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "verdict": str(self.verdict),
            "together": str(self.together),
            "alone": {name: str(one) for name, one in self.alone.items()},
            "findings": [finding.to_dict() for finding in self.findings],
            "outputs": list(self.outputs),
            "released": list(self.released),
            "policy": {"name": self.policy.name, "hash": self.policy.hash},
            "notes": list(self.notes),
        }

    @property
    def headline(self) -> str:
        """The verdict in words."""
        number = len(self.outputs) + len(self.released)
        said = {
            Verdict.PASS: "reveal no small group together",
            Verdict.REVIEW: "need a person's look together",
            Verdict.FAIL: "reveal a small group together",
        }
        together = f"{number} outputs {said[self.together]}"
        worst = [name for name, one in self.alone.items() if one is self.verdict]
        if self.verdict is self.together or not worst:
            return together
        names = ", ".join(f"“{name}”" for name in worst)
        verb = _BY_ITSELF[self.verdict][len(worst) > 1]
        return f"{names} {verb}; {together}"

    def _lines(self) -> list[tuple[str, str]]:
        """One line for what the same outputs reveal: (severity, text), then the notes."""
        alike: dict[tuple[object, ...], list[LinkedFinding]] = {}
        for one in self.findings:
            alike.setdefault((one.severity, one.rule, one.outputs), []).append(one)
        found = [
            (str(some[0].severity), f"{some[0].message} {_further(len(some) - 1)}{some[0].remedy}")
            for some in alike.values()
        ]
        found += [
            (str(one), f"“{name}” {_BY_ITSELF[one][0]}: see its own report.")
            for name, one in self.alone.items()
            if one is not Verdict.PASS
        ]
        more = len(found) - _MOST_SHOWN
        rest = [("", f"and {more} more findings")] if more > 0 else []
        return [*found[:_MOST_SHOWN], *rest, *(("", note) for note in self.notes)]

    def _repr_html_(self) -> str:
        lines = "".join(
            f"<li>{f'<strong>{word}</strong> ' if word else ''}{escape(text)}</li>"
            for word, text in self._lines()
        )
        return f"<div><p><strong>{escape(self.headline)}</strong></p><ul>{lines}</ul></div>"

    def __rich__(self) -> Any:
        lines = [
            Text.assemble((f"{word} " if word else "", _COLOURS.get(word, "")), text)
            for word, text in self._lines()
        ]
        return Group(Text(self.headline, style=_COLOURS[self.verdict]), *lines)


def _further(number: int) -> str:
    if not number:
        return ""
    return f"The same outputs reveal {number:,} further such group{'s' * (number > 1)}. "
