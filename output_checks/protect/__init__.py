"""Ways of protecting a table, as one table; each gives a new grid that is judged again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from output_checks.errors import ProtectionError, unknown
from output_checks.given import shown
from output_checks.grid import Grid
from output_checks.policy import Policy
from output_checks.protect.cell_key import default_options, fingerprint, perturb
from output_checks.protect.figures import AUTO, DIGITS
from output_checks.protect.private import add_noise
from output_checks.protect.ptable import PTable
from output_checks.protect.rounded import round_to_midpoints, round_values
from output_checks.protect.subject import Subject
from output_checks.protect.suppression import suppress


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """A protection: what does it, its options with what they must be, and their defaults."""

    apply: Callable[[Subject, Mapping[str, Any]], tuple[Grid, ...]]
    kinds: Mapping[str, Callable[[Any], bool]]
    defaults: Callable[[Policy], Mapping[str, Any]]


MOST = 1_000_000
"""A base, or a number of cells of one person, at most."""
_MOST_THRESHOLD = 10_000
_MOST_AMOUNT, _MOST_DIGITS = 1e15, 9


def _is_base(value: Any) -> bool:
    return type(value) is int and 1 <= value <= MOST


def _is_truth(value: Any) -> bool:
    return isinstance(value, bool)


def _is_anything(value: Any) -> bool:  # noqa: ARG001
    return True


def _is_texts(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(one, str) for one in value)


def _is_text_or_none(value: Any) -> bool:
    return value is None or (isinstance(value, str) and bool(value))


def _is_ptable(value: Any) -> bool:
    return isinstance(value, str | Path | PTable)


def _is_count_or_none(value: Any) -> bool:
    return value is None or _is_base(value)


def _is_amount(value: Any) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return value == AUTO or (is_number and 0 < value <= _MOST_AMOUNT)


def _is_amount_or_none(value: Any) -> bool:
    return value is None or _is_amount(value)


def _is_digits(value: Any) -> bool:
    return type(value) is int and 1 <= value <= _MOST_DIGITS


def _is_threshold(value: Any) -> bool:
    return type(value) is int and 0 <= value <= _MOST_THRESHOLD


def _is_seed(value: Any) -> bool:
    return value is None or (type(value) is int and 0 <= value < 2**32)


_WORDS: Mapping[Callable[[Any], bool], str] = MappingProxyType(
    {
        _is_base: f"a whole number from 1 to {MOST:,}",
        _is_truth: "true or false",
        _is_texts: "a list of texts",
        _is_text_or_none: "a text or None",
        _is_ptable: "a PTable, its name or a path",
        _is_count_or_none: f"a whole number from 1 to {MOST:,}, or None",
        _is_amount: f'"{AUTO}", or a number above 0 and up to {_MOST_AMOUNT:g}',
        _is_amount_or_none: f'"{AUTO}", a number above 0 and up to {_MOST_AMOUNT:g}, or None',
        _is_digits: f"a whole number from 1 to {_MOST_DIGITS}",
        _is_threshold: f"a whole number from 0 to {_MOST_THRESHOLD:,}",
        _is_seed: "a whole number from 0 to below 2**32, or None",
    }
)


METHODS: Mapping[str, Method] = MappingProxyType(
    {
        "suppress": Method(
            apply=suppress,
            kinds={
                "reviews": _is_truth,
                "base": _is_base,
                "also": _is_texts,
                "amounts": _is_amount_or_none,
                "digits": _is_digits,
            },
            defaults=lambda policy: {
                "reviews": False,
                "base": policy.rounding_base,
                "also": (),
                "amounts": None,
                "digits": DIGITS,
            },
        ),
        "round": Method(
            apply=round_values,
            kinds={
                "base": _is_base,
                "controlled": _is_truth,
                "amounts": _is_amount,
                "digits": _is_digits,
            },
            defaults=lambda policy: {
                "base": policy.rounding_base if policy.rounding_base > 1 else policy.threshold,
                "controlled": True,
                "amounts": AUTO,
                "digits": DIGITS,
            },
        ),
        "midpoint": Method(
            apply=round_to_midpoints,
            kinds={"base": _is_base},
            defaults=lambda policy: {"base": 6},  # noqa: ARG005
        ),
        "cell-key": Method(
            apply=perturb,
            kinds={
                "record_key": _is_text_or_none,
                "secret": _is_text_or_none,
                "ptable": _is_ptable,
                "threshold": _is_threshold,
            },
            defaults=default_options,
        ),
        "noise": Method(
            apply=add_noise,
            kinds={
                "epsilon": _is_anything,
                "accountant": _is_anything,
                "bounds": _is_anything,
                "categories": _is_anything,
                "cells_per_person": _is_count_or_none,
                "random_state": _is_seed,
            },
            defaults=lambda policy: {  # noqa: ARG005
                "bounds": None,
                "categories": None,
                "cells_per_person": None,
                "random_state": None,
            },
        ),
    }
)


def complete_options(policy: Policy, method: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """What a method is told, defaults included.

    Raises ProtectionError for an unknown method or option, a missing one, one of the wrong kind.
    """
    if method not in METHODS:
        raise ProtectionError(unknown("protection", method, (*METHODS, "coarsen")))
    chosen = METHODS[method]
    for name, value in options.items():
        if name not in chosen.kinds:
            raise ProtectionError(unknown(f"option of {method}", name, chosen.kinds))
        if not chosen.kinds[name](value):
            words = _WORDS[chosen.kinds[name]]
            raise ProtectionError(f"{method}: {name} cannot be {shown(value)}: it must be {words}")
    if method == "suppress" and "digits" in options and options.get("amounts") is None:
        raise ProtectionError("suppress: digits are of rounded figures; say amounts=… too")
    complete = {**chosen.defaults(policy), **options}
    for name in chosen.kinds:
        if name not in complete:
            raise ProtectionError(f"{method} needs {name}=…")
    return complete


def are_recorded(recorded: Mapping[str, Any], asked: Mapping[str, Any]) -> bool:
    """Whether a table was protected with these options, given as `as_recorded` has them."""
    return all(
        recorded.get(name) == value
        or (name == "amounts" and value == AUTO and recorded.get(name) is not None)
        for name, value in asked.items()
    )


def as_recorded(method: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """Options as a declaration has them: a p-table by its name, a secret by its mark.

    Raises ProtectionError and UnreadableDataError for a p-table that is none.
    """
    recorded = dict(options)
    if "also" in recorded:
        recorded["also"] = list(recorded["also"])
    if method == "cell-key" and "ptable" in recorded:
        recorded["ptable"] = PTable.of(recorded["ptable"]).name
    if method == "cell-key" and recorded.get("secret") is not None:
        recorded["secret"] = fingerprint(recorded["secret"])
    return recorded
