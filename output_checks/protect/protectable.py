"""What a protection needs of a table and of its data: so much, and no import of either."""

from typing import Any, Protocol

import polars as pl

from output_checks.declaration import Declaration
from output_checks.errors import ProtectionError
from output_checks.finding import Report
from output_checks.given import shown
from output_checks.grid import Grid
from output_checks.policy import Policy


class Remaking(Protocol):
    """Data of which a declared table can be made."""

    @property
    def frame(self) -> pl.LazyFrame:
        """Its rows; nothing is read before it is asked for."""
        ...

    def declared(self, declaration: Declaration, policy: Policy | None = None) -> Any:
        """Make a declared table, unprotected."""
        ...


class Protectable(Protocol):
    """A table: how it was declared, its cells before and after protection, and its data."""

    @property
    def declaration(self) -> Declaration:
        """How to make it again."""
        ...

    @property
    def policy(self) -> Policy:
        """What it is judged by."""
        ...

    @property
    def plains(self) -> tuple[Grid, ...]:
        """The cells before any protection, a grid for each statistic."""
        ...

    @property
    def grids(self) -> tuple[Grid, ...]:
        """The cells as they are now."""
        ...

    @property
    def source(self) -> Remaking:
        """The data that it was made of."""
        ...

    def protect(self, method: str, **options: Any) -> Any:
        """Protect it, as a table of the same kind."""
        ...

    def report(self) -> Report:
        """Judge it."""
        ...


_PARTS = ("declaration", "policy", "plains", "grids", "source", "protect", "report")


def refuse_no_table(what: str, value: Any) -> None:
    """Raise ProtectionError for what is no table."""
    if isinstance(value, type) or not all(hasattr(value, one) for one in _PARTS):
        raise ProtectionError(f"{what} must be a Table, not {shown(value)}")
