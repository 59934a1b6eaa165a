"""HiGHS, always set up the same way.

Every model of a process must have the same number of threads: a later one that differs silently
solves nothing. One thread also makes results the same everywhere.
"""

import highspy
import numpy as np
from scipy.sparse import csr_matrix

from output_checks.protect.effort import Effort

INFINITY = highspy.kHighsInf
_MOST_NODES = 500
_PER_SOLVE, _PER_ITERATION, _PER_WHOLE_ITERATION = 300.0, 2.0, 400.0
"""Steps that a solve takes at least; an iteration of it for every hundred cells and sums; one of a
search in whole numbers."""


class Model:
    """A linear or whole-number model in which costs and bounds change from solve to solve.

    costs_change: mostly costs do, so that the last solution is still possible and is gone on from.
    HiGHS would begin with the dual simplex all the same, at some fifteen times the iterations.
    """

    def __init__(
        self,
        matrix: csr_matrix,
        right: tuple[np.ndarray, np.ndarray],
        bounds: tuple[np.ndarray, np.ndarray],
        *,
        whole: bool = False,
        costs_change: bool = False,
    ) -> None:
        self._highs = highspy.Highs()
        for option, value in _OPTIONS.items():
            self._highs.setOptionValue(option, value)
        self._highs.setOptionValue("presolve", "on" if whole else "off")
        if costs_change:
            self._highs.setOptionValue("simplex_strategy", _PRIMAL)
        self._columns = matrix.shape[1]
        self._rows = matrix.shape[0]
        self._whole = whole
        self._effort: Effort | None = None
        self._highs.passModel(_program(matrix, right, bounds, whole=whole))
        self._costs = np.zeros(self._columns)
        self._new: list[tuple[np.ndarray, np.ndarray]] = []

    def count_on(self, effort: Effort) -> None:
        """Have every solve spend of this effort."""
        self._effort = effort

    def accept(self, *, gap: float, near: float, nodes: int) -> None:
        """End a search in whole numbers within a gap (a share), so near, or after some nodes."""
        self._highs.setOptionValue("mip_rel_gap", gap)
        self._highs.setOptionValue("mip_abs_gap", near)
        self._highs.setOptionValue("mip_max_nodes", nodes)

    def set_costs(self, costs: np.ndarray) -> None:
        """Replace the costs; only what changed is passed on."""
        changed = np.flatnonzero(costs != self._costs).astype(np.int32)
        if len(changed):
            self._highs.changeColsCost(len(changed), changed, costs[changed])
            self._costs = costs.copy()

    def set_cost(self, column: int, cost: float) -> None:
        """Replace one cost."""
        if self._costs[column] != cost:
            self._highs.changeColCost(column, cost)
            self._costs[column] = cost

    def set_bounds(self, columns: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> None:
        """Replace the bounds of some columns."""
        self._highs.changeColsBounds(len(columns), columns.astype(np.int32), lower, upper)

    def add_row(self, columns: np.ndarray, values: np.ndarray) -> None:
        """Ask that a weighted sum of columns is at least 0, from the next solve on."""
        self._new.append((columns.astype(np.int32), values))
        self._rows += 1

    def _hand_on_new_rows(self) -> None:
        """All at once: one by one takes HiGHS milliseconds each."""
        if not self._new:
            return
        lengths = [len(columns) for columns, _ in self._new]
        starts = np.cumsum([0, *lengths[:-1]]).astype(np.int32)
        nothing, most = np.zeros(len(self._new)), np.full(len(self._new), INFINITY)
        columns = np.concatenate([columns for columns, _ in self._new])
        values = np.concatenate([values for _, values in self._new])
        self._highs.addRows(len(self._new), nothing, most, len(columns), starts, columns, values)
        self._new = []

    def _per_iteration(self) -> float:
        size = (self._rows + self._columns) / 100
        return _PER_WHOLE_ITERATION if self._whole else _PER_ITERATION * size

    def minimise(self, *, anew: bool = False) -> "Solution":
        """Solve for the least cost; anew: not from the last solution, which is far from the next.

        Where no cost is negative, nothing moving at all is a start that the dual simplex likes.
        """
        self._hand_on_new_rows()
        if anew:
            self._highs.clearSolver()
        self._highs.run()
        status = self._highs.getModelStatus()
        information = self._highs.getInfo()
        solution = self._highs.getSolution()
        if self._effort is not None:
            taken = max(information.simplex_iteration_count, 0)
            self._effort.spend(_PER_SOLVE + self._per_iteration() * taken)
        return Solution(
            status=_STATUS.get(status, "failed"),
            value=information.objective_function_value,
            bound=information.mip_dual_bound,
            columns=np.array(solution.col_value),
            duals=np.array(solution.row_dual),
            reduced=np.array(solution.col_dual),
        )


class Solution:
    """What a solve gave: status is optimal, unbounded, infeasible, limited or failed.

    bound: no whole-number solution costs less. duals: of the rows; reduced: costs of columns.
    """

    __slots__ = ("bound", "columns", "duals", "reduced", "status", "value")

    def __init__(
        self,
        *,
        status: str,
        value: float,
        bound: float,
        columns: np.ndarray,
        duals: np.ndarray,
        reduced: np.ndarray,
    ) -> None:
        self.status = status
        self.value = value
        self.bound = bound
        self.columns = columns
        self.duals = duals
        self.reduced = reduced


_PRIMAL = 4
_OPTIONS: dict[str, bool | int | float | str] = {
    "output_flag": False,
    "threads": 1,
    "random_seed": 0,
    "mip_max_nodes": _MOST_NODES,
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 1e-6,
}
_STATUS = {
    highspy.HighsModelStatus.kOptimal: "optimal",
    highspy.HighsModelStatus.kModelEmpty: "optimal",
    highspy.HighsModelStatus.kUnbounded: "unbounded",
    highspy.HighsModelStatus.kUnboundedOrInfeasible: "unbounded",
    highspy.HighsModelStatus.kInfeasible: "infeasible",
    highspy.HighsModelStatus.kSolutionLimit: "limited",
    highspy.HighsModelStatus.kIterationLimit: "limited",
    highspy.HighsModelStatus.kObjectiveBound: "infeasible",
}


def _program(
    matrix: csr_matrix,
    right: tuple[np.ndarray, np.ndarray],
    bounds: tuple[np.ndarray, np.ndarray],
    *,
    whole: bool,
) -> highspy.HighsLp:
    program = highspy.HighsLp()
    rows, columns = matrix.shape
    program.num_col_, program.num_row_ = columns, rows
    program.col_cost_ = np.zeros(columns)
    program.col_lower_, program.col_upper_ = bounds
    program.row_lower_, program.row_upper_ = right
    program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    program.a_matrix_.start_ = matrix.indptr.astype(np.int32)
    program.a_matrix_.index_ = matrix.indices.astype(np.int32)
    program.a_matrix_.value_ = matrix.data.astype(float)
    if whole:
        program.integrality_ = [highspy.HighsVarType.kInteger] * columns
    return program
