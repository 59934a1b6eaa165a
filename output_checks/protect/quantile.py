"""A quantile with differential privacy, by the exponential mechanism: Smith (2011)."""

from typing import Any

import numpy as np

STEPS = 4096
"""The bounds are divided into so many equal parts, one of which is chosen and its middle shown."""


def noisy_quantile(
    values: np.ndarray,
    share: float,
    bounds: tuple[float, float],
    epsilon: float,
    random_state: Any = None,
) -> float:
    """A value below which about `share` of the values are, one value a person.

    A part of the range is chosen the more likely the nearer the number of values below it is to
    the share of all; one person more or less changes that by at most 1. Without values every
    part is equally likely. random_state: for tests only.
    """
    from diffprivlib.mechanisms import Exponential  # noqa: PLC0415 - slow to import

    lower, upper = bounds
    width = (upper - lower) / STEPS
    parts = np.rint((np.clip(values, lower, upper) - lower) / width).astype(np.int64)
    # A value is at the border between two parts: below those that come after it.
    below = np.cumsum(np.bincount(parts, minlength=STEPS + 1))[:STEPS]
    mechanism = Exponential(
        epsilon=epsilon,
        sensitivity=1,
        utility=(-np.abs(below - share * len(values))).tolist(),
        random_state=random_state,
    )
    return float(lower + (mechanism.randomise() + 0.5) * width)
