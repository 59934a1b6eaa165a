"""The statistics a table may show, as one table of facts."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from output_checks.errors import DeclarationError, unknown


class Kind(StrEnum):
    """What rules and protections must know of a statistic; a statistic is of one kind."""

    COUNT = "count"
    SUM = "sum"
    MEAN = "mean"
    SPREAD = "spread"
    POSITION = "position"
    MODE = "mode"
    PROPORTION = "proportion"
    RATIO = "ratio"


CONTRIBUTIONS = frozenset({Kind.SUM, Kind.MEAN, Kind.RATIO})
WEIGHTED = frozenset({Kind.COUNT, Kind.SUM, Kind.MEAN, Kind.PROPORTION, Kind.RATIO})
SCALED = frozenset({Kind.PROPORTION, Kind.RATIO})
OF_RECORDS = frozenset({Kind.MEAN, Kind.SPREAD, Kind.POSITION})
"""Statistics in which everybody counts as often as they have records."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistic:
    """One statistic.

    is_whole: whole numbers of people. shows_counts: a reader sees how many are in each cell.
    position: the share of values below it, 0 for a minimum and 1 for a maximum, None for others.
    """

    name: str
    kind: Kind
    is_whole: bool = False
    shows_counts: bool = False
    position: float | None = None

    @property
    def adds_contributions(self) -> bool:
        """Whether single large contributions show in it: dominance, p % and signs matter."""
        return self.kind in CONTRIBUTIONS

    @property
    def needs_variable(self) -> bool:
        """Whether it cannot be without a variable; a proportion can, within dimensions."""
        return self.kind not in {Kind.COUNT, Kind.PROPORTION}


def _at(name: str, position: float) -> Statistic:
    return Statistic(name=name, kind=Kind.POSITION, position=position)


STATISTICS: Mapping[str, Statistic] = MappingProxyType(
    {
        one.name: one
        for one in (
            Statistic(name="count", kind=Kind.COUNT, is_whole=True, shows_counts=True),
            Statistic(name="sum", kind=Kind.SUM),
            Statistic(name="mean", kind=Kind.MEAN),
            _at("median", 0.5),
            _at("min", 0.0),
            _at("max", 1.0),
            Statistic(name="mode", kind=Kind.MODE),
            Statistic(name="std", kind=Kind.SPREAD),
            Statistic(name="var", kind=Kind.SPREAD),
            Statistic(name="proportion", kind=Kind.PROPORTION),
            Statistic(name="rate", kind=Kind.RATIO),
            Statistic(name="ratio", kind=Kind.RATIO),
        )
    }
)
"""Every statistic but the percentiles, which are called p1 to p99."""

_PERCENTILE = re.compile(r"p(\d{1,2}(?:\.\d+)?)")


def statistic(name: str) -> Statistic:
    """Look a statistic up by its name: "mean", "p25".

    Raises DeclarationError where there is none of that name.
    """
    if name in STATISTICS:
        return STATISTICS[name]
    found = _PERCENTILE.fullmatch(name)
    if found and float(found.group(1)) > 0:
        return _at(name, float(found.group(1)) / 100)
    raise DeclarationError(unknown("statistic", name, (*STATISTICS, "p1", "…", "p99")))
