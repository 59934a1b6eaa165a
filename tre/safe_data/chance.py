"""Randomness with a name: the same seed and purpose always give the same stream."""

import hashlib

import numpy as np


def stream(seed: int, purpose: str) -> np.random.Generator:
    """A stream of its own for each purpose, so that adding one never disturbs another."""
    digest = hashlib.sha256(f"{seed}:{purpose}".encode()).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest[:16], "big")))


def choose(rng: np.random.Generator, shares: tuple[float, ...], people: int) -> np.ndarray:
    """Draw a position in `shares` for each person; the shares need not sum to 1 exactly."""
    edges = np.cumsum(np.asarray(shares, dtype=float))
    return np.searchsorted(edges / edges[-1], rng.random(people), side="right").astype(np.int16)


def part_of(
    rng: np.random.Generator, whole: np.ndarray, share: float | np.ndarray, alike: float = 2.0
) -> np.ndarray:
    """How much of each whole number: on average this share of it, above 0 and below 1.

    alike: the smaller, the more all or nothing (a beta-binomial; its precision).
    """
    found = np.zeros_like(whole)
    some = np.flatnonzero(whole)
    shares = np.broadcast_to(share, whole.shape)[some]
    found[some] = rng.binomial(whole[some], rng.beta(alike * shares, alike * (1 - shares)))
    return found
