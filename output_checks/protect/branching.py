"""Search in whole cells that learns while it branches, by SCIP: branch and cut.

A search that is begun anew after each unsafe pattern learns from one pattern at a time. Here the
cuts of Fischetti & Salazar are made at the nodes of one search, which is gone on with.
"""

# ruff: noqa: ARG002, FBT001 - what a handler is given is for SCIP to say

from collections.abc import Sequence
from typing import Any

import numpy as np
from pyscipopt import SCIP_RESULT, SCIP_STAGE, Conshdlr, Model, quicksum

from output_checks.protect.effort import Part
from output_checks.protect.search import Search

_WHOLE = 1e-6
_BELOW = 1e-3
"""A bound is believed but for so much: SCIP keeps to sums within a tolerance."""
_PER_ITERATION, _PER_CALL, _PER_VALUE = 250.0, 300.0, 5.0
"""Steps that an iteration of SCIP's simplex takes, and a question that it asks, a cell of it."""
_MENDING = 0.25
"""The share of the effort for making unsafe patterns safe, which are cheap ones to begin with."""
_IN_VAIN = 20
"""So many patterns made safe, none of them cheaper than the best, and no more are."""
_MAY_BE_ENDED = {SCIP_STAGE.PRESOLVING, SCIP_STAGE.SOLVING}
_OPTIONS: dict[str, Any] = {
    # SCIP sees only what is learnt so far: what it would conclude from the rest that it sees,
    # that cells are alike or that one is never of use, need not be so.
    "misc/usesymmetry": 0,
    "misc/allowstrongdualreds": False,
    "misc/allowweakdualreds": False,
    "misc/catchctrlc": False,
    # Beginning anew would ask everything again.
    "presolving/maxrestarts": 0,
}


def branch_and_cut(search: Search, effort: Part) -> None:
    """Look for patterns cheaper than the best, until there are none or the effort is spent.

    The search's best pattern, its bound and what it has learnt are kept in the search itself.
    """
    primary = search.task.primary
    cells = np.flatnonzero(search.promising() & ~primary)
    if not len(cells):
        _only_primary(search)
        return
    model = Model()
    model.hideOutput()
    model.setParams(_OPTIONS)
    variables = [model.addVar(vtype="B", obj=float(search.task.cost[cell])) for cell in cells]
    asked = _Safety(search, cells, variables, effort)
    for columns, values, least in asked.learnt():
        if not columns:
            # No choice among these cells does what every safe pattern must.
            search.raise_bound(search.cost)
            return
        chosen = zip(columns, values, strict=True)
        model.addCons(quicksum(value * variables[at] for at, value in chosen) >= least)
    model.includeConshdlr(
        asked,
        "safe",
        "no withheld cell can be worked out too narrowly",
        sepapriority=1,
        enfopriority=-1,
        chckpriority=-1,
        sepafreq=1,
        propfreq=-1,
        eagerfreq=-1,
        maxprerounds=0,
        needscons=False,
    )
    model.setObjlimit(asked.most())
    model.optimize()
    if asked.failed is not None:
        raise asked.failed
    if model.getStatus() in {"optimal", "infeasible"}:
        search.raise_bound(search.cost)
    else:
        search.raise_bound(model.getDualbound() - _BELOW)


def _only_primary(search: Search) -> None:
    """Every other cell makes a pattern as dear as the best: only the primary cells are left."""
    primary = search.task.primary
    if not search.learn(primary.astype(float), strictly=True):
        search.offer(primary)
    search.raise_bound(search.cost)


class _Safety(Conshdlr):
    """That a pattern is safe, as SCIP asks for it: of the root's fractions and of whole patterns.

    failed: what went wrong while SCIP asked; it does not hand errors on.
    """

    def __init__(
        self, search: Search, cells: np.ndarray, variables: Sequence[Any], effort: Part
    ) -> None:
        self.failed: BaseException | None = None
        self._search = search
        self._cells = cells
        self._variables = variables
        self._effort = effort
        self._near = search.nearby(search.relaxed.chosen.sum())
        self._known = 0
        self._iterations = 0
        self._began, self._mending, self._in_vain = search.effort.spent, 0.0, 0

    def most(self) -> float:
        """What a cheaper pattern costs at most: of costs in whole numbers a whole one less."""
        return self._search.cost - max(self._search.master.step / 2, _BELOW)

    def learnt(self) -> list[tuple[list[int], list[float], float]]:
        """What was learnt since this was last asked: columns, their weights, the least sum."""
        master = self._search.master
        rows, least = master.part_since(self._known, self._cells)
        self._known = len(master)
        ends = zip(rows.indptr[:-1], rows.indptr[1:], least.tolist(), strict=True)
        return [
            (rows.indices[one:end].tolist(), rows.data[one:end].tolist(), minimum)
            for one, end, minimum in ends
        ]

    def conssepalp(self, constraints: object, nusefulconss: int) -> dict[str, Any]:
        """Rule out the fractions of the root; those of later nodes are branched on."""
        return self._answered(self._at_root, SCIP_RESULT.DIDNOTRUN)

    def consenfolp(
        self, constraints: object, nusefulconss: int, solinfeasible: bool
    ) -> dict[str, Any]:
        """Rule out a pattern that is unsafe."""
        return self._answered(self._enforced, SCIP_RESULT.INFEASIBLE)

    def consenfops(
        self, constraints: object, nusefulconss: int, solinfeasible: bool, objinfeasible: bool
    ) -> dict[str, Any]:
        """Say whether a pattern that no linear program gave is safe."""
        return self._answered(lambda: self._checked(None), SCIP_RESULT.INFEASIBLE)

    def conscheck(
        self,
        constraints: object,
        solution: object,
        checkintegrality: bool,
        checklprows: bool,
        printreason: bool,
        completely: bool,
    ) -> dict[str, Any]:
        """Say whether a pattern that SCIP found somehow is safe; keep it where it is."""
        return self._answered(lambda: self._checked(solution), SCIP_RESULT.INFEASIBLE)

    def conslock(
        self, constraint: object, locktype: object, nlockspos: int, nlocksneg: int
    ) -> None:
        """To withhold more or fewer cells may each make a pattern unsafe."""
        count = nlockspos + nlocksneg
        for variable in self._variables:
            self.model.addVarLocksType(variable, locktype, count, count)

    def _answered(self, answer: Any, otherwise: Any) -> dict[str, Any]:
        """Ask for an answer; end the search where the effort is spent or something went wrong."""
        try:
            self._spend()
            if self._effort.left and self.failed is None:
                return {"result": answer()}
        except BaseException as error:  # noqa: BLE001 - handed on when SCIP has ended
            self.failed = error
        if self.model.getStage() in _MAY_BE_ENDED:
            self.model.interruptSolve()
        return {"result": otherwise}

    def _spend(self) -> None:
        is_solving = self.model.getStage() == SCIP_STAGE.SOLVING
        taken = self.model.getNLPIterations() if is_solving else self._iterations
        since, self._iterations = taken - self._iterations, taken
        asking = _PER_CALL + _PER_VALUE * len(self._cells)
        self._search.effort.spend(asking + _PER_ITERATION * max(since, 0))

    def _pattern(self, solution: object) -> np.ndarray:
        chosen = self._search.task.primary.astype(float)
        values = [self.model.getSolVal(solution, one) for one in self._variables]
        chosen[self._cells] = np.clip(values, 0.0, 1.0)
        return chosen

    def _at_root(self) -> Any:
        if self.model.getNNodes() > 1:
            return SCIP_RESULT.DIDNOTRUN
        return self._ruled_out(self._pattern(None), SCIP_RESULT.DIDNOTFIND)

    def _enforced(self) -> Any:
        # Whole ones alone: SCIP branches on fractions before it asks.
        return self._ruled_out(self._pattern(None), SCIP_RESULT.FEASIBLE)

    def _ruled_out(self, chosen: np.ndarray, otherwise: Any) -> Any:
        is_whole = _is_whole(chosen)
        if is_whole:
            chosen = np.round(chosen)
        near = self._near if is_whole else None
        if not self._search.learn(chosen, strictly=is_whole, near=near):
            if is_whole:
                self._search.offer(chosen > 0.5)
            return otherwise
        if is_whole:
            self._mend(chosen > 0.5)
        return self._learnt_added()

    def _learnt_added(self) -> Any:
        is_impossible = False
        for columns, values, least in self.learnt():
            is_impossible |= self._add(columns, values, least)
        return SCIP_RESULT.CUTOFF if is_impossible else SCIP_RESULT.SEPARATED

    def _mend(self, withheld: np.ndarray) -> None:
        """Withhold more until the pattern is safe, which may be cheaper than the best so far."""
        spent = self._search.effort.spent
        is_dear = self._mending > _MENDING * (spent - self._began)
        if is_dear or self._in_vain >= _IN_VAIN:
            return
        self._in_vain += 1
        if self._search.mend(withheld):
            self._in_vain = 0
            self.model.setObjlimit(self.most())
        self._mending += self._search.effort.spent - spent

    def _add(self, columns: list[int], values: list[float], least: float) -> bool:
        """Have SCIP keep to a row from now on; whether no pattern is left here."""
        row = self.model.createEmptyRowUnspec(lhs=least, rhs=None, local=False, removable=True)
        self.model.cacheRowExtensions(row)
        for at, value in zip(columns, values, strict=True):
            self.model.addVarToRow(row, self._variables[at], value)
        self.model.flushRowExtensions(row)
        is_impossible = self.model.addCut(row, forcecut=True)
        self.model.addPoolCut(row)
        self.model.releaseRow(row)
        return bool(is_impossible)

    def _checked(self, solution: object) -> Any:
        chosen = np.round(self._pattern(solution))
        search = self._search
        if search.task.cost_of(chosen > 0.5) > self.most() or search.master.breaks(chosen):
            return SCIP_RESULT.INFEASIBLE
        if search.learn(chosen, strictly=True, near=self._near):
            self._mend(chosen > 0.5)
            return SCIP_RESULT.INFEASIBLE
        search.offer(chosen > 0.5)
        return SCIP_RESULT.FEASIBLE


def _is_whole(chosen: np.ndarray) -> bool:
    return bool(np.abs(chosen - np.round(chosen)).max(initial=0.0) <= _WHOLE)
