"""The fields of a policy, as one table: what each means, what it may be, what is stricter."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from output_checks.words import Verdict

NEVER = math.inf


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One field of a policy.

    meaning: what it is about, for the page of policies. read: makes its value of what a file
    says, and raises ValueError with what is allowed. strictest: the stricter of two values;
    in any order and grouping the same, so that the strictest of many is defined.
    """

    meaning: str
    read: Callable[[object], Any]
    strictest: Callable[[Any, Any], Any]


def severity(value: object) -> Verdict:
    """Read a severity."""
    if value not in tuple(Verdict):
        raise ValueError(f'must be "pass", "review" or "fail", not {value!r}')
    return Verdict(str(value))


def whole(value: object) -> int:
    """Read a whole number of at least 1; the bound keeps a file from asking for the absurd."""
    if type(value) is not int or not 1 <= value <= _GREATEST:
        raise ValueError(f"must be a whole number from 1 to {_GREATEST:,}, not {value!r}")
    return value


_GREATEST = 1_000_000


def percent(value: object) -> float:
    """Read a percentage that something must not reach; "never" is infinite."""
    if value == "never":
        return NEVER
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 100:
        raise ValueError(f'must be a percentage above 0 and up to 100, or "never", not {value!r}')
    return float(value)


def number(value: object) -> float:
    """Read a number of at least 0."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < NEVER:
        raise ValueError(f"must be a number of at least 0, not {value!r}")
    return float(value)


def worse(one: Verdict, other: Verdict) -> Verdict:
    """Choose the stricter of two severities."""
    return Verdict.worst((one, other))


def _at_least(meaning: str) -> Setting:
    return Setting(meaning=meaning, read=whole, strictest=max)


def _share(meaning: str) -> Setting:
    return Setting(meaning=meaning, read=percent, strictest=min)


def _severity(meaning: str) -> Setting:
    return Setting(meaning=meaning, read=severity, strictest=worse)


SETTINGS: Mapping[str, Setting] = MappingProxyType(
    {
        "threshold": _at_least("people that a cell must describe, at least"),
        "zeros": _severity("an empty cell"),
        "class_disclosure_review": _share("% of a row or column in one category"),
        "class_disclosure_fail": _share("% of a row or column in one category"),
        "dominance_1_review": _share("% of a cell's total from its largest contributor"),
        "dominance_1_fail": _share("% of a cell's total from its largest contributor"),
        "dominance_2_review": _share("% of a cell's total from its two largest contributors"),
        "dominance_2_fail": _share("% of a cell's total from its two largest contributors"),
        "p_percent": Setting(
            meaning="% within which the largest contribution may not be worked out; 0 = no rule",
            read=number,
            strictest=max,
        ),
        "all_equal": _severity("a cell in which every value is the same"),
        "negatives": _severity("a cell with contributions of both signs"),
        "extremes": _severity("a minimum or maximum that fewer people share than the threshold"),
        "any_extreme": _severity("a minimum or maximum, however many people share it"),
        "positions": _severity("a median or percentile with too few people on a side of it"),
        "mode": _severity("a mode that fewer people share than the threshold"),
        "proportions": _severity(
            "a proportion, rate or ratio that counts too few people, or leaves too few out"
        ),
        "degrees_of_freedom": _at_least("degrees of freedom behind a spread or a model, at least"),
        "rounding_base": Setting(
            meaning="counts must be multiples of this; 1 = not rounded",
            read=whole,
            strictest=math.lcm,
        ),
        "epsilon_per_table": Setting(
            meaning="a differentially private table above this epsilon goes to a person",
            read=number,
            strictest=min,
        ),
    }
)
"""Every field of a policy, in the order in which pages show them."""
