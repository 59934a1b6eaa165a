"""Noise of greatest entropy among all without bias and of one variance, dealt to cell keys.

Source: Marley & Leaver (2011), A method for confidentialising user-defined tables; Giessing
(2016), Computational issues in the design of transition probabilities.
"""

from functools import cache

import numpy as np

from output_checks.errors import ProtectionError

_TOLERANCE = 1e-6


@cache
def dealt(count: int, most: int, variance: float, hidden: int, keys: int) -> np.ndarray:
    """The noise of each of `keys` equally likely keys for a count, in rising order.

    Its mean is 0 exactly wherever keys can be dealt so; its variance is as near as they allow.
    Raises ProtectionError where no noise has the properties.
    """
    noise = np.arange(-min(most, count), most + 1)
    noise = noise[(noise + count == 0) | (noise + count > hidden)]
    wanted = keys * chances(noise, variance)
    whole = np.floor(wanted).astype(int)
    left = keys - int(whole.sum())
    # Largest remainders first; equal ones by the nearer to no noise, so that nothing is by chance.
    order = np.lexsort((np.abs(noise), -np.round(wanted - whole, 9)))
    whole[order[:left]] += 1
    return np.repeat(noise, _balanced(noise, whole, wanted))


def chances(noise: np.ndarray, variance: float) -> np.ndarray:
    """Probabilities of greatest entropy with mean 0 and this variance: exp(a v + b v²).

    noise: the values that are allowed, rising. Raises ProtectionError where none have them.
    """
    from scipy.optimize import minimize  # noqa: PLC0415 - slow to import
    from scipy.special import logsumexp, softmax  # noqa: PLC0415

    below, above = noise[noise < 0], noise[noise > 0]
    if not len(below) or not len(above):
        raise ProtectionError("noise without bias needs values below and above 0")
    least = 0 if (noise == 0).any() else -below[-1] * above[0]
    greatest = -below[0] * above[-1]
    if not least < variance < greatest:
        raise ProtectionError(
            f"no noise from {noise[0]} to {noise[-1]} without bias has the variance {variance:g}; "
            f"it must be above {least} and below {greatest}"
        )
    scale = float(np.abs(noise).max())
    powers = np.stack([noise / scale, (noise / scale) ** 2])
    target = np.array([0.0, variance / scale**2])

    def dual(weights: np.ndarray) -> tuple[float, np.ndarray]:
        exponents = weights @ powers
        return (
            float(logsumexp(exponents) - weights @ target),
            powers @ softmax(exponents) - target,
        )

    found = minimize(dual, np.zeros(2), jac=True, method="BFGS", options={"gtol": 1e-10})
    probabilities = softmax(found.x @ powers)
    if np.abs(powers @ probabilities - target).max() > _TOLERANCE:
        raise ProtectionError(f"noise of the variance {variance:g} could not be worked out")
    return probabilities


def _balanced(noise: np.ndarray, whole: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Move keys between neighbouring noises, at least cost, until their mean is 0."""
    whole = whole.copy()
    while bias := int(whole @ noise):
        moves = [
            (_cost(whole, wanted, start, end), start, end)
            for start in range(len(noise))
            for end in range(len(noise))
            if whole[start] and abs(bias + noise[end] - noise[start]) < abs(bias)
        ]
        if not moves:
            return whole
        _, start, end = min(moves)
        whole[start] -= 1
        whole[end] += 1
    return whole


def _cost(whole: np.ndarray, wanted: np.ndarray, start: int, end: int) -> float:
    """How much further from what is wanted a move leads, summed over squares."""
    return float(2 * (whole[end] - wanted[end]) - 2 * (whole[start] - wanted[start]))
