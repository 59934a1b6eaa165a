"""Sets of keys in chains: how often a person is in a cell again, as counted one by one."""

from collections import Counter
from itertools import product

import numpy as np
import polars as pl
import pytest

from output_checks.evidence import chains
from output_checks.evidence.cells import Cells
from output_checks.evidence.chains import chains_of

SHAPE = {"a": 3, "b": 4, "c": 2}
KEYSETS = [
    tuple(name for name, is_there in zip(SHAPE, kept, strict=True) if is_there)
    for kept in product((True, False), repeat=len(SHAPE))
]


def _every() -> list[Cells]:
    """All combinations of categories, numbered in their order."""
    places = dict(zip(SHAPE, np.indices(list(SHAPE.values())).reshape(3, -1), strict=True))
    every = []
    for keys in KEYSETS:
        numbers = np.zeros(3 * 4 * 2, dtype=np.intp)
        for name in keys:
            numbers = numbers * SHAPE[name] + places[name]
        count = int(np.prod([SHAPE[name] for name in keys], dtype=int))
        every.append(Cells(labels=pl.DataFrame({"cell": np.arange(count)}), of_finest=numbers))
    return every


def _one_by_one(units: np.ndarray, cells: np.ndarray) -> Counter[int]:
    """A row counts in its cell where the same person has been there before."""
    seen: set[tuple[int, int]] = set()
    again: Counter[int] = Counter()
    for row in zip(units.tolist(), cells.tolist(), strict=True):
        again[row[1]] += row in seen
        seen.add(row)
    return again


@pytest.mark.parametrize("most_bits", [20, 3, 0])
@pytest.mark.parametrize("apart", [1, 10**6, 10**12])
def test_rows_of_somebody_who_was_there_before_are_counted(
    monkeypatch: pytest.MonkeyPatch, most_bits: int, apart: int
) -> None:
    monkeypatch.setattr(chains, "_MOST_CODE_BITS", most_bits)
    rng = np.random.default_rng(7)
    every = _every()
    rows = sorted(zip(rng.integers(0, 60, 400).tolist(), rng.integers(0, 24, 400).tolist()))  # noqa: B905
    units, cells = (np.array(one) for one in zip(*rows, strict=True))
    counted = {}
    for chain in chains_of(KEYSETS, every):
        counted |= dict(chain.again(units.astype(np.uint64) * np.uint64(apart), cells))
    assert sorted(counted) == list(range(len(KEYSETS)))
    for place, one in enumerate(every):
        expected = _one_by_one(units, one.of_finest[cells])
        assert counted[place].tolist() == [expected[cell] for cell in range(len(one))]


def test_few_chains_hold_all_sets_of_keys() -> None:
    """Of three dimensions every chain has one of three sets of two in it, or of one."""
    found = chains_of(KEYSETS, _every())
    assert [[KEYSETS[link.place] for link in one.links] for one in found] == [
        [(), ("a",), ("a", "b"), ("a", "b", "c")],
        [("c",), ("a", "c")],
        [("b",), ("b", "c")],
    ]
