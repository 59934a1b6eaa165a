"""HiGHS, always set up the same way.

Every model of a process must have the same number of threads: a later one that differs silently
solves nothing. One thread also makes results the same everywhere.
"""

import highspy
import numpy as np
from scipy.sparse import csr_matrix

INFINITY = highspy.kHighsInf
_MOST_NODES = 500


class Model:
    """A linear or whole-number model in which costs and bounds change from solve to solve."""

    def __init__(
        self,
        matrix: csr_matrix,
        right: tuple[np.ndarray, np.ndarray],
        bounds: tuple[np.ndarray, np.ndarray],
        *,
        whole: bool = False,
    ) -> None:
        self._highs = highspy.Highs()
        for option, value in _OPTIONS.items():
            self._highs.setOptionValue(option, value)
        self._highs.setOptionValue("presolve", "on" if whole else "off")
        self._columns = matrix.shape[1]
        self._highs.passModel(_program(matrix, right, bounds, whole=whole))
        self._costs = np.zeros(self._columns)

    def set_costs(self, costs: np.ndarray) -> None:
        """Replace the costs; only what changed is passed on."""
        changed = np.flatnonzero(costs != self._costs).astype(np.int32)
        if len(changed):
            self._highs.changeColsCost(len(changed), changed, costs[changed])
            self._costs = costs.copy()

    def set_bounds(self, columns: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> None:
        """Replace the bounds of some columns."""
        self._highs.changeColsBounds(len(columns), columns.astype(np.int32), lower, upper)

    def add_row(self, columns: np.ndarray, values: np.ndarray, least: float) -> None:
        """Ask that a weighted sum of columns is at least `least`."""
        self._highs.addRow(least, INFINITY, len(columns), columns.astype(np.int32), values)

    def minimise(self) -> "Solution":
        """Solve for the least cost."""
        self._highs.run()
        status = self._highs.getModelStatus()
        information = self._highs.getInfo()
        solution = self._highs.getSolution()
        return Solution(
            status=_STATUS.get(status, "failed"),
            value=information.objective_function_value,
            bound=information.mip_dual_bound,
            columns=np.array(solution.col_value),
            duals=np.array(solution.row_dual),
        )


class Solution:
    """What a solve gave: status is optimal, unbounded, infeasible, limited or failed."""

    __slots__ = ("bound", "columns", "duals", "status", "value")

    def __init__(
        self, *, status: str, value: float, bound: float, columns: np.ndarray, duals: np.ndarray
    ) -> None:
        self.status = status
        self.value = value
        self.bound = bound
        self.columns = columns
        self.duals = duals


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
