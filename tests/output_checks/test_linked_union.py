"""Outputs of counts protected as one table: against an attacker of our own, and of some size."""

from itertools import product

import highspy
import numpy as np
import polars as pl
import pytest

from output_checks import Data, ProtectionError
from output_checks.linked import check_together, comparison, protect_together, protecting

THRESHOLD = 10


def people(seed, sizes, per_cell, groups=0):
    """People of the categories a, b and c, and a group of categories of a where there are any."""
    rng = np.random.default_rng(seed)
    count = per_cell * sizes[0] * sizes[1]
    a = rng.integers(0, sizes[0], count)
    columns = {"a": a}
    for name, size in zip("bc", sizes[1:], strict=True):
        shift = rng.integers(0, size, sizes[0])
        skewed = np.minimum(rng.geometric(0.25, count) - 1, size - 1)
        columns[name] = (skewed + shift[a]) % size
    frame = {name: [f"{name}{one:02d}" for one in column] for name, column in columns.items()}
    if groups:
        frame["g"] = [f"g{one * groups // sizes[0]}" for one in a]
    return Data.read(
        pl.DataFrame({"id": range(count), **frame}), unit="id", name="linked", policy="srs"
    )


def triangle(seed, sizes=(4, 4, 3), per_cell=14):
    data = people(seed, sizes, per_cell)
    return {"ab": data.table("a", "b"), "ac": data.table("a", "c"), "bc": data.table("b", "c")}


def key(names, labels):
    return frozenset((n, one) for n, one in zip(names, labels, strict=True) if one != "Total")


def attacked(tables):
    """What everybody can work out of each withheld cell in whole people, by a search of our own."""
    numbers, rows, shown = {}, [], {}
    for table in tables:
        names, cells = table.dimensions, table.cells
        for *labels, value, hidden in cells.select(*names, "value", "withheld").iter_rows():
            cell = numbers.setdefault(key(names, labels), len(numbers))
            if not hidden:
                shown[cell] = value
        kinds = [cells[name].unique(maintain_order=True).to_list() for name in names]
        for axis, inner in enumerate(kinds):
            for others in product(*(one for at, one in enumerate(kinds) if at != axis)):
                places = [[*others[:axis], one, *others[axis:]] for one in inner]
                row = {}
                for place in places:
                    cell = numbers[key(names, place)]
                    row[cell] = row.get(cell, 0) + (-1 if place[axis] == "Total" else 1)
                rows.append(row)
    return {
        cell: tuple(extreme(cell, sign, len(numbers), rows, shown) for sign in (1, -1))
        for cell in set(numbers.values()) - set(shown)
    }


def extreme(cell, sign, size, rows, shown):
    model = highspy.Highs()
    model.setOptionValue("output_flag", False)
    model.setOptionValue("threads", 1)
    for one in range(size):
        least, most = (shown[one], shown[one]) if one in shown else (0, 1_000)
        model.addVar(least, most)
        model.changeColIntegrality(one, highspy.HighsVarType.kInteger)
    model.changeColCost(cell, sign)
    for row in rows:
        columns = np.array(list(row), dtype=np.int32)
        model.addRow(0, 0, len(row), columns, np.array(list(row.values()), dtype=float))
    model.run()
    return round(model.getSolution().col_value[cell])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nobody_who_adds_up_all_outputs_learns_a_withheld_cell(seed):
    tables = triangle(seed)
    done = protect_together(tables)
    left = attacked(done)
    assert left
    for least, most in left.values():
        assert most - least >= THRESHOLD or (least <= 1 and most >= THRESHOLD - 1)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_is_shown_is_true_and_withheld_in_every_output(seed):
    done = protect_together(triangle(seed))
    hidden, shown = set(), set()
    for table in done:
        for row in table.cells.iter_rows(named=True):
            place = key(table.dimensions, [row[name] for name in table.dimensions])
            (hidden if row["withheld"] else shown).add(place)
            assert row["withheld"] or row["value"] == row["exact"]
    assert hidden
    assert not hidden & shown
    again = protect_together(triangle(seed))
    assert [one.cells["withheld"].to_list() for one in again] == [
        one.cells["withheld"].to_list() for one in done
    ]


def test_cells_of_a_released_output_are_never_withheld():
    tables = triangle(1)
    released = {"ab": tables.pop("ab").protect("suppress")}
    done = dict(zip(tables, protect_together(tables, released=released), strict=True))
    out = released["ab"].cells
    for row in out.filter(~pl.col("withheld")).iter_rows(named=True):
        place = key(("a", "b"), (row["a"], row["b"]))
        for table in done.values():
            same = [
                cell["withheld"]
                for cell in table.cells.iter_rows(named=True)
                if key(table.dimensions, [cell[name] for name in table.dimensions]) == place
            ]
            assert not any(same)
    report = check_together(done, released=released)
    assert not [one for one in report.findings if one.severity == "fail"]


def test_where_no_pattern_is_found_each_is_protected_by_itself_if_that_is_safe(monkeypatch):
    tables = triangle(1)

    def refused(*_):
        raise ProtectionError("there is none")

    monkeypatch.setattr(protecting, "_protected", refused)
    done = protect_together(tables)
    assert [one.cells["withheld"].to_list() for one in done] == [
        one.protect("suppress").cells["withheld"].to_list() for one in tables.values()
    ]
    monkeypatch.setattr(comparison, "MOST_UNKNOWNS", 40)
    for one in protect_together(tables):
        assert one.report().verdict == "review"
        assert one.grid.protection is not None
        assert "put together two by two" in one.grid.protection.unsettled


def test_a_set_of_two_thousand_cells_is_protected_at_the_least_cost():
    data = people(5, (30, 24, 20), per_cell=70, groups=6)
    group = {"a": ["g"]}
    tables = {
        "ab": data.table("a", "b", hierarchies=group),
        "ac": data.table("a", "c", hierarchies=group),
        "bc": data.table("b", "c"),
    }
    said = []
    done = protect_together(tables, progress=said.append)
    assert sum(one.grid.size for one in done) > 2_000
    protections = [one.report().protection for one in done]
    assert sum(one["primary"] for one in protections) > 100
    assert said[-1] == "checking all outputs together"
    for told in protections:
        assert told["gap"] <= 0.05
        assert told["cost"] == protections[0]["cost"]
        assert "as one table" in told["notes"][1]
    report = check_together(dict(zip(tables, done, strict=True)))
    assert not [one for one in report.findings if one.severity == "fail"]
