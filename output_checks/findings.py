"""What rules say of a table: verdicts and numbers at once, the sentences when they are read."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any, Self

import numpy as np

from output_checks.words import Verdict

Cell = Mapping[str, Any]
_IN_ORDER = tuple(Verdict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that keeps an output from passing.

    rule: the rule's name. severity: review or fail. cells: which cells, each as
    {dimension: label}, labels as in the data and "Total" for a margin; empty where a finding is
    about the whole output. message: a sentence with the number. remedy: what would help.
    statistic: which of a table's statistics it is about, "" where the table has one.
    """

    rule: str
    severity: Verdict
    message: str
    remedy: str
    cells: tuple[Cell, ...] = ()
    statistic: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        plain = {
            "rule": self.rule,
            "severity": str(self.severity),
            "cells": [dict(cell) for cell in self.cells],
            "message": self.message,
            "remedy": self.remedy,
        }
        return plain | ({"statistic": self.statistic} if self.statistic else {})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Found:
    """What one rule has found, a finding about each of some cells, in columns.

    cells: their numbers. ranks: each one's verdict by its place in `Verdict`. numbers: columns
    from which `say` makes the sentence of one. places: gives {dimension: label} of cells.
    Its columns are copies that nobody can write to, so that what is said later is what was found.
    """

    rule: str
    remedy: str
    cells: np.ndarray
    ranks: np.ndarray
    numbers: tuple[np.ndarray, ...]
    say: Callable[..., str]
    places: Callable[[np.ndarray], tuple[Cell, ...]]
    statistic: str = ""

    def __post_init__(self) -> None:
        for name in ("cells", "ranks"):
            object.__setattr__(self, name, _kept(getattr(self, name)))
        object.__setattr__(self, "numbers", tuple(_kept(one) for one in self.numbers))
        if {len(one) for one in (self.ranks, *self.numbers)} != {len(self.cells)}:
            raise ValueError("every column has a value for every finding")

    def __len__(self) -> int:
        return len(self.cells)

    def counts(self) -> dict[Verdict, int]:
        """How many findings there are of each verdict, those without any left out."""
        found = np.bincount(self.ranks, minlength=len(_IN_ORDER)).tolist()
        return {verdict: count for verdict, count in zip(_IN_ORDER, found, strict=True) if count}

    def in_words(self) -> Iterator[Finding]:
        """The findings with their sentences."""
        rule, remedy, statistic, say = self.rule, self.remedy, self.statistic, self.say
        columns = [column.tolist() for column in self.numbers]
        messages = map(say, *columns) if columns else [say()] * len(self)
        each = zip(self.ranks.tolist(), self.places(self.cells), messages, strict=True)
        for rank, place, message in each:
            yield Finding(
                rule=rule,
                severity=_IN_ORDER[rank],
                message=message,
                remedy=remedy,
                cells=(place,),
                statistic=statistic,
            )


class Findings(Sequence[Finding]):
    """Findings in their order, as a tuple of them would be; put into words when first read.

    counts: {rule: {severity: how many}}, rules in the order of their findings; worked out at once.
    parts: what they are made of.
    """

    parts: "tuple[Finding | Found, ...]"
    counts: Mapping[str, Mapping[Verdict, int]]

    def __init__(self, parts: Iterable[Finding | Found] = ()) -> None:
        known = tuple(part for part in parts if isinstance(part, Finding) or len(part))
        object.__setattr__(self, "parts", known)
        object.__setattr__(self, "counts", _counts(known))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"findings cannot be changed ({name})")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"findings cannot be changed ({name})")

    @property
    def severities(self) -> frozenset[Verdict]:
        """The severities that there are."""
        return frozenset(severity for one in self.counts.values() for severity in one)

    @classmethod
    def joined(cls, several: Iterable[Self]) -> Self:
        """Several lists as one."""
        return cls(part for one in several for part in one.parts)

    def about(self, statistic: str) -> Self:
        """The same, each about one of a table's statistics."""
        return type(self)(replace(part, statistic=statistic) for part in self.parts)

    @cached_property
    def _made(self) -> tuple[Finding, ...]:
        made: list[Finding] = []
        for part in self.parts:
            made.extend([part] if isinstance(part, Finding) else part.in_words())
        return tuple(made)

    def __len__(self) -> int:
        return sum(sum(one.values()) for one in self.counts.values())

    def __getitem__(self, at: Any) -> Any:
        return self._made[at]

    def __iter__(self) -> Iterator[Finding]:
        return iter(self._made)

    def __add__(self, other: Iterable[Finding]) -> tuple[Finding, ...]:
        return (*self, *other)

    def __radd__(self, other: Iterable[Finding]) -> tuple[Finding, ...]:
        return (*other, *self)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Findings | tuple) and self._made == tuple(other)

    def __hash__(self) -> int:
        return hash(self._made)

    def __repr__(self) -> str:
        return repr(self._made)

    def __reduce__(self) -> tuple[Any, ...]:
        """Kept in words, so that whoever reads it needs nothing else."""
        return type(self), (self._made,)


def _counts(parts: "Iterable[Finding | Found]") -> Mapping[str, Mapping[Verdict, int]]:
    counts: dict[str, dict[Verdict, int]] = {}
    for part in parts:
        of_rule = counts.setdefault(part.rule, {})
        more = {part.severity: 1} if isinstance(part, Finding) else part.counts()
        for severity, count in more.items():
            of_rule[severity] = of_rule.get(severity, 0) + count
    return MappingProxyType({rule: MappingProxyType(one) for rule, one in counts.items()})


def ranks(verdicts: Iterable[Verdict]) -> np.ndarray:
    """The place of each verdict in `Verdict`: the worse, the higher."""
    return np.array([_IN_ORDER.index(one) for one in verdicts], dtype=np.int8)


PASS, REVIEW, FAIL = ranks(Verdict).tolist()


def _kept(column: np.ndarray) -> np.ndarray:
    copy = np.array(column)
    copy.setflags(write=False)
    return copy
