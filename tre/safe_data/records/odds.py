"""Probabilities with planted effects: odds that are so many times larger for some."""

import numpy as np

from tre.safe_data.population.lives import NEVER, Lives


def with_odds(share: np.ndarray | float, times: np.ndarray) -> np.ndarray:
    """The probability whose odds are `times` those of `share`; both from 0 to 1, share below 1."""
    odds = np.asarray(share) / (1 - np.asarray(share)) * times
    return odds / (1 + odds)


def has_main(lives: Lives, disorder: int, people: np.ndarray) -> np.ndarray:
    """Who of these people was referred by the last day with this main disorder, at any time."""
    return (lives.referred[people] < NEVER) & (lives.disorder[people] == disorder)
