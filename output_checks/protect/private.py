"""Differentially private counts, by diffprivlib, within a budget that somebody else keeps."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from output_checks.errors import BudgetSpentError, ProtectionError
from output_checks.grid import Grid, Protection
from output_checks.policy import Policy


def ask_budget(accountant: Any, epsilon: float) -> None:
    """See that a budget allows this epsilon.

    accountant: a diffprivlib BudgetAccountant.
    Raises BudgetSpentError where it does not, ProtectionError for an epsilon that is none.
    """
    if (
        isinstance(epsilon, bool)
        or not isinstance(epsilon, int | float)
        or not 0 < epsilon < np.inf
    ):
        raise ProtectionError(f"epsilon must be a number above 0, not {epsilon!r}")
    from diffprivlib.utils import BudgetError  # noqa: PLC0415 - slow to import

    try:
        accountant.check(float(epsilon), 0.0)
    except BudgetError as error:
        left = accountant.remaining(1)[0]
        raise BudgetSpentError(
            f"the privacy budget does not allow epsilon {epsilon:g}: {left:.3g} is left of "
            f"{accountant.epsilon:g}"
        ) from error


def add_noise(grid: Grid, policy: Policy, options: Mapping[str, Any]) -> Grid:  # noqa: ARG001
    """Replace every count by one with geometric noise, and enter the spend.

    options: `epsilon`; `accountant`, a diffprivlib BudgetAccountant; `random_state`, for tests
    only. Adding or removing one person changes one cell by one, so the whole table costs epsilon
    once. Margins are added up from the noisy cells; what falls below 0 is shown as 0. The
    categories themselves are taken as known to everybody.
    Raises BudgetSpentError before any noise is drawn, ProtectionError where a person is in
    several cells or the statistic is no count.
    """
    epsilon, accountant = options["epsilon"], options["accountant"]
    if not grid.is_whole:
        raise ProtectionError(f"noise is for counts here, not for a {grid.statistic}")
    if grid.overlaps:
        raise ProtectionError(
            "people are in several cells, so that one person changes several counts; make a "
            "table with one cell per person (where, derive)"
        )
    ask_budget(accountant, epsilon)
    from diffprivlib.mechanisms import Geometric  # noqa: PLC0415 - slow to import

    mechanism = Geometric(epsilon=float(epsilon), random_state=options["random_state"])
    noisy = _added_up(grid, mechanism)
    accountant.spend(float(epsilon), 0.0)
    protection = Protection(
        method="noise",
        options={"epsilon": float(epsilon)},
        notes=(f"Counts have geometric noise with epsilon {epsilon:g}; 0 may stand for less.",),
    )
    return grid.with_columns(protection, value=np.maximum(noisy, 0).reshape(-1))


def _added_up(grid: Grid, mechanism: Any) -> np.ndarray:
    """Noisy inner cells, and margins as their sums; structural zeros stay 0."""
    inner = tuple(slice(len(one.labels)) for one in grid.dimensions)
    exact = grid.column("exact")[inner]
    possible = ~grid.column("structural_zero")[inner]
    noisy = np.zeros(exact.shape, dtype=np.int64)
    for place in np.argwhere(possible):
        noisy[tuple(place)] = mechanism.randomise(int(exact[tuple(place)]))
    if grid.margins:
        for axis in range(noisy.ndim):
            noisy = np.concatenate([noisy, noisy.sum(axis=axis, keepdims=True)], axis=axis)
    return noisy
