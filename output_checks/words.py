"""The few words that every part shares: verdicts, provenance, and how labels are written."""

from collections.abc import Iterable
from datetime import date, time
from enum import StrEnum

TOTAL = "Total"
MISSING = "Missing"


class Verdict(StrEnum):
    """What an automatic check says; only a person releases."""

    PASS = "pass"  # noqa: S105 - a verdict
    REVIEW = "review"
    FAIL = "fail"

    @classmethod
    def worst(cls, verdicts: Iterable["Verdict"]) -> "Verdict":
        """The strictest of some verdicts; pass where there are none."""
        return max(verdicts, key=tuple(cls).index, default=cls.PASS)


class Provenance(StrEnum):
    """Whose word a verdict rests on."""

    RECOMPUTED = "recomputed"
    REPRODUCED = "reproduced"
    ASSERTED = "asserted"


def people(count: float) -> str:
    """A number of units in words: "1 person", "3 people"."""
    return "1 person" if count == 1 else f"{count:,.0f} people"


def label_text(label: object) -> str:
    """How a label is written: null as "Missing", truth as true/false, dates as ISO 8601."""
    if label is None:
        return MISSING
    if isinstance(label, bool):
        return "true" if label else "false"
    if isinstance(label, date | time):
        return label.isoformat()
    return str(label)


def statistic_text(name: str) -> str:
    """A statistic's name in a sentence: "min" as "minimum"; others are words already."""
    return _STATISTICS.get(name, name)


_STATISTICS = {
    "min": "minimum",
    "max": "maximum",
    "std": "standard deviation",
    "var": "variance",
}


def share_text(percent: float) -> str:
    """A share in percent; 100 only where it is all, and then it is said as "100 %"."""
    if percent >= 100:
        return "100 %"
    if percent > 99.9:
        return "more than 99.9 %"
    return f"{percent:.1f} %" if percent > 99 else f"{percent:.0f} %"
