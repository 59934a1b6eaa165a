"""A paragraph of a rule's page: drawn people, one call, what the rule finds in its table."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import polars as pl
from diffprivlib import BudgetAccountant

from output_checks import Data, Finding, Table
from output_checks.grid import Protection
from tests.output_checks.spec.drawn import Drawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """drawn: the people. call: a Python expression of `data`. found: the rule's findings."""

    drawn: Drawn
    call: str
    table: Table
    found: tuple[Finding, ...]

    @classmethod
    def read(cls, rule: str, drawn: Drawn, call: str) -> "Paragraph":
        """Carry the call out and keep what one rule says about the table."""
        table = eval(call, {"data": drawn.data, **WORDS})
        found = tuple(one for one in table.report().findings if one.rule == rule)
        return cls(drawn=drawn, call=call, table=table, found=found)

    @property
    def lines(self) -> list[str]:
        """Each finding as a specification writes it: "fail b F", cells parted by commas."""
        return [
            " ".join((str(one.severity), ", ".join(map(_labels, one.cells)))).strip()
            for one in self.found
        ]


def _labels(cell: Mapping[str, Any]) -> str:
    return " ".join(str(label) for label in cell.values())


def withhold_only(table: Table, cell: Mapping[str, Any], *, people: tuple[int, int]) -> Table:
    """Withhold one cell by hand and no other, whose people a reader can then tell."""
    at = table.grid.cell_at(cell)
    hidden = [number == at for number in range(table.grid.size)]
    low, high = ([float(side) if one else None for one in hidden] for side in people)
    values = pl.select(pl.when(~pl.Series(hidden)).then(table.grid.frame["value"])).to_series()
    grid = table.grid.with_columns(
        Protection(method="suppress", options={"base": 1}),
        withheld=hidden,
        value=values,
        people_lower=low,
        people_upper=high,
    )
    return replace(table, grids=(grid,))


def without(table: Table, column: str, cell: Mapping[str, Any]) -> Table:
    """Forget one piece of evidence about one cell."""
    at = table.grid.cell_at(cell)
    kept = table.grid.frame[column].to_list()
    kept[at] = None
    return replace(table, grids=(table.grid.with_columns(None, **{column: kept}),))


def without_unit(data: Data) -> Data:
    """The same rows, without saying which column tells people apart."""
    return Data.read(data.frame, unit=None, name=data.name)


def by_chance(table: Table) -> Table:
    """Noise that was drawn with a seed, so that its page stays, as if it had been by chance."""
    done = table.grid.protection
    assert done is not None
    options = {name: one for name, one in done.options.items() if name != "random_state"}
    grids = tuple(replace(one, protection=replace(done, options=options)) for one in table.grids)
    return replace(table, grids=grids)


def more(data: Data, both: int = 0, **single: int) -> Data:
    """The same and so many more people, each with one diagnosis, or with both."""
    kinds = [
        *[["asthma", "burns"]] * both,
        *([name] for name in single for _ in range(single[name])),
    ]
    rows = [(f"p{who}", one) for who, some in enumerate(kinds) for one in some]
    added = pl.DataFrame(rows, schema=["id", "diagnosis"], orient="row")
    frame = data.frame.with_columns(pl.col("id").cast(pl.String))
    return Data.read(pl.concat([frame, added.lazy()]), unit="id", name=data.name)


WORDS: Mapping[str, Any] = {
    "BudgetAccountant": BudgetAccountant,
    "by_chance": by_chance,
    "more": more,
    "withhold_only": withhold_only,
    "without": without,
    "without_unit": without_unit,
}
"""What a call may use beside `data`."""
