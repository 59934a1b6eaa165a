"""output_checks on a generated table: the question, our pattern, and our audit of any pattern."""

import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from benchmarks.suppression.cases import Case
from output_checks import Data, Table
from output_checks.grid import Dimension, Grid
from output_checks.policy import Policy
from output_checks.protect.attackers import attacks_on
from output_checks.protect.structure import structure_of
from output_checks.rules import RULES, judge
from tests.output_checks.instances import people

POLICY = "srs"
LETTERS = "abcdefgh"


def table_of(case: Case) -> Table:
    """The people behind a case, counted, with a hierarchy where the case has levels."""
    names = LETTERS[: len(case.levels)]
    hierarchies = {
        name: [f"{name}{depth}" for depth in range(1, len(level) - 1)]
        for name, level in zip(names, case.levels, strict=True)
        if len(level) > 2
    }
    frame = people(case.levels, share=case.share, seed=case.seed)
    data = Data.read(frame, unit="id", policy=POLICY)
    return data.table([*names[:-1]], names[-1], hierarchies=hierarchies)


def question(table: Table) -> dict[str, Any]:
    """What any program must know to protect the table: axes and cells, as plain values.

    Each cell: its codes, its value, what withholding it costs, whether it must be withheld, and
    how far a reader must be left below and above it: down to 1 and up to the threshold less 1; a
    cell that is not small but tells too much, up by the threshold.
    """
    grid = table.plain
    threshold = Policy.named(POLICY).threshold
    primary = primary_of(table)
    units = grid.frame["units"].to_list()
    margins = grid.frame["margin"].to_list()
    codes = grid.frame.select(list(table.dimensions)).rows()
    cells = [
        {
            "codes": list(code),
            "value": value,
            "cost": (10 if margin else 1) * (value + 1),
            "primary": bool(must),
            "below": value - 1 if must and value < threshold else 0,
            "above": (max(threshold - 1 - value, 1) if value < threshold else threshold) * must,
        }
        for code, value, margin, must in zip(codes, units, margins, primary.tolist(), strict=True)
    ]
    return {"axes": [_axis(one) for one in grid.dimensions], "cells": cells}


def primary_of(table: Table) -> np.ndarray:
    """Cells that fail a rule, as suppression sees them."""
    grid = table.plain
    marked = np.zeros(grid.size, dtype=bool)
    for finding in judge(grid, table.policy, RULES):
        if str(finding.severity) == "fail":
            marked[[grid.cell_at(place) for place in finding.cells]] = True
    return marked


def _axis(one: Dimension) -> dict[str, Any]:
    """Groups with the codes that are in them, and the codes that are in no group."""
    texts = one.texts
    return {
        "groups": {group.label: [texts[at] for at in group.members] for group in one.groups},
        "top": [texts[at] for at in one.tops],
    }


def protect(table: Table) -> dict[str, Any]:
    """Suppress the table as anybody would; say which cells, the seconds, and what is certain."""
    began = time.perf_counter()
    safe = table.protect("suppress")
    seconds = time.perf_counter() - began
    done = safe.report().protection
    return {
        "seconds": seconds,
        "withheld": np.flatnonzero(safe.grid.frame["withheld"].to_numpy()).tolist(),
        "optimal": done["optimal"],
        "gap": done["gap"],
    }


def audit(table: Table, withheld: Sequence[int]) -> dict[str, Any]:
    """Judge a pattern: how many of the cells that had to be withheld can be worked out.

    Also how many of all withheld ones: a complementary cell may itself be small or be pinned.
    """
    grid: Grid = table.plain
    structure = structure_of(grid)
    hidden = np.zeros(grid.size, dtype=bool)
    hidden[list(withheld)] = True
    began = time.perf_counter()
    found: set[int] = set()
    for attack in attacks_on([grid], structure, table.policy):
        found |= set(structure.order[attack.unsafe(structure.from_grid(hidden))].tolist())
    primary = set(np.flatnonzero(primary_of(table)).tolist())
    return {
        "audit_seconds": time.perf_counter() - began,
        "unsafe_primary": len(found & primary),
        "unsafe": len(found),
    }


def intervals(table: Table, withheld: Sequence[int]) -> dict[str, Any]:
    """Work out how far each withheld cell of a pattern can go, for every reader."""
    structure = structure_of(table.plain)
    hidden = np.zeros(table.plain.size, dtype=bool)
    hidden[list(withheld)] = True
    began = time.perf_counter()
    for attack in attacks_on([table.plain], structure, table.policy):
        attack.spans(structure.from_grid(hidden), quick=False)
    return {"interval_seconds": time.perf_counter() - began}
