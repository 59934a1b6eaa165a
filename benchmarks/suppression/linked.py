"""output_checks on generated linked tables: the question, our pattern, and an audit of it.

Cells are numbered through all tables. The audit reads everything anew: who is in which cell, the
sums of all tables, and what a reader of them can work out.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from benchmarks.suppression import ours
from benchmarks.suppression.cases import Linked
from output_checks import Data, Table
from output_checks.linked import protect_together
from output_checks.linked.check import outputs_of
from output_checks.linked.comparison import Comparison
from output_checks.linked.union import Union

Tables = Mapping[str, Table]


def table_of(case: Linked) -> dict[str, Table]:
    """The people behind a case, counted in every table."""
    data = Data.read(_people(case), unit="id", name="linked", policy=ours.POLICY)
    return {
        f"{rows}{columns}": data.table(
            rows, columns, hierarchies={"a": ["g"]} if rows == "a" else {}
        )
        for rows, columns in case.pairs
    }


def _people(case: Linked) -> pl.DataFrame:
    """People whose other categories depend on that of `a`, so that cells are uneven."""
    chance = np.random.default_rng(case.seed)
    first = case.lengths["a"]
    count = case.per_cell * first * case.lengths["b"]
    a = chance.choice(first, count, p=_shares(chance, first, 0.3))
    columns = {"a": a}
    for name, length in case.lengths.items():
        if name != "a":
            shift = chance.integers(0, length, first)
            own = chance.choice(length, count, p=_shares(chance, length, 0.4))
            moved = (own + shift[a]) % length
            columns[name] = np.where(chance.random(count) < 0.5, own, moved)
    texts = {name: [f"{name}{one:03d}" for one in column] for name, column in columns.items()}
    groups = [f"g{one * case.groups // first:02d}" for one in a]
    return pl.DataFrame({"id": np.arange(count), **texts, "g": groups})


def _shares(chance: np.random.Generator, length: int, power: float) -> np.ndarray:
    weights = (1.0 + np.arange(length)) ** -power
    chance.shuffle(weights)
    return weights / weights.sum()


def question(tables: Tables) -> dict[str, Any]:
    """The cells of all tables, as for a single one."""
    return {"cells": [cell for one in tables.values() for cell in ours.question(one)["cells"]]}


def protect(tables: Tables) -> dict[str, Any]:
    """Protect all of them together; which cells, the seconds, and what is certain."""
    began = time.perf_counter()
    safe = protect_together(tables)
    seconds = time.perf_counter() - began
    done = [one.report().protection for one in safe]
    hidden = np.concatenate([one.grid.frame["withheld"].to_numpy() for one in safe])
    return {
        "seconds": seconds,
        "withheld": np.flatnonzero(hidden).tolist(),
        "optimal": all(one["optimal"] for one in done),
        "gap": max(one["gap"] or 0.0 for one in done),
    }


def audit(tables: Tables, withheld: Sequence[int]) -> dict[str, Any]:
    """Judge a pattern against a reader of all tables."""
    began = time.perf_counter()
    union, hidden = _union(tables), _marks(tables, withheld)
    told = union.unsafe(hidden)
    seconds = time.perf_counter() - began
    unsafe = np.concatenate([told[name] & hidden[name] for name in tables])
    primary = np.concatenate([ours.primary_of(one) for one in tables.values()])
    return {
        "audit_seconds": seconds,
        "unsafe_primary": int((unsafe & primary).sum()),
        "unsafe": int(unsafe.sum()),
    }


def intervals(tables: Tables, withheld: Sequence[int]) -> dict[str, Any]:
    """Work out how far each withheld cell can go for a reader of all tables."""
    began = time.perf_counter()
    union = _union(tables)
    union.spans(union.views[0], _marks(tables, withheld))
    return {"interval_seconds": time.perf_counter() - began}


def _union(tables: Tables) -> Union:
    comparison = Comparison(outputs_of(tables, ()))
    threshold = next(iter(tables.values())).policy.threshold
    return Union(comparison.views, comparison.members, threshold)


def _marks(tables: Tables, withheld: Sequence[int]) -> dict[str, np.ndarray]:
    return dict(_of_each(tables, np.array(withheld, dtype=int)))


def _of_each(tables: Tables, withheld: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    start = 0
    for name, one in tables.items():
        size = one.plain.size
        yield name, np.isin(np.arange(start, start + size), withheld)
        start += size
