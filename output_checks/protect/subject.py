"""What a protection is applied to: a table's cells with all that they were made of."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from output_checks.declaration import Declaration
from output_checks.grid import Grid
from output_checks.policy import Policy

if TYPE_CHECKING:
    from output_checks.data import Data


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """An unprotected table.

    grids: one for each statistic, all with the same cells. source: the data they are made of.
    """

    grids: tuple[Grid, ...]
    policy: Policy
    declaration: Declaration
    source: "Data"
