"""What a register holds, as its simulation gives it: people by their rows in the population."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl

ROW = "row"
"""The column by which a simulated table names a person: the position in `Register.people`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """One register before it is written down; nobody but the simulator sees it like this.

    people: rows of the population, each once. seen: the day (since 1970) on which the register
    last saw each, for the address that it knows. tables: by name; a person is named by `row`, a
    second one in the same record (a child beside the mother) by any other column that the
    description lists in `about`. numbers: further identifiers of its own, one value a person.
    """

    people: np.ndarray
    seen: np.ndarray
    tables: Mapping[str, pl.DataFrame]
    numbers: Mapping[str, pl.Series] = field(default_factory=dict)
