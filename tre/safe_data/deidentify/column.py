"""One column while it is treated, and what a treatment may need besides."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from tre.decision import UnusableRequestError
from tre.safe_data.deidentify.known import Known
from tre.safe_data.deidentify.treatment import Treatment


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What some treatments look things up in.

    postcodes: columns `postcode` and `imd_decile` (1 most deprived to 10), one row a postcode.
    known: the identifiers of each person, under the unit that the frame has.
    """

    postcodes: pl.DataFrame | None = None
    known: Mapping[str, Known] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """values and people: one entry a row; people says whose the row is and is never null.

    moves: days by which each row's dates are moved, by the most days that a treatment allows.
    """

    values: pl.Series
    people: pl.Series
    treatment: Treatment
    moves: Mapping[int, pl.Series]
    given: Given

    def must_be(self, wanted: str, *kinds: type[pl.DataType]) -> None:
        """Raise UnusableRequestError unless the values are of one of these types."""
        if not isinstance(self.values.dtype, kinds):
            message = (
                f"{self.values.name}: the treatment '{self.treatment.method}' needs {wanted}, "
                f"not {self.values.dtype}"
            )
            raise UnusableRequestError(message)
