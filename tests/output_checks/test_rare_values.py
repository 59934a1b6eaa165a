"""Evidence of rare values: read in parts, of nobody, and of numbers with endless digits."""

import numpy as np
import polars as pl
import pytest

from output_checks import Data
from output_checks.evidence import gather
from output_checks.evidence.columns import RARE
from output_checks.statistics import statistic

CHANCE = np.random.default_rng(7)
RECORDS = pl.DataFrame(
    {
        "id": CHANCE.integers(0, 300, 900),
        "g": CHANCE.choice(["a", "b", "c"], 900),
        "h": CHANCE.choice(["x", "y"], 900),
        "code": CHANCE.choice([1.0, 2.0, 5.0], 900, p=[0.6, 0.38, 0.02]),
    }
)
KEYSETS = [("g", "h"), ("g",), ("h",), ()]


def told(frame, unit, parts=None):
    frames, _ = gather(
        frame.lazy(),
        keysets=KEYSETS,
        unit=unit,
        of="code",
        statistics=[statistic("sum")],
        parts=parts,
    )
    return frames


@pytest.mark.parametrize("unit", ["id", None])
def test_people_read_in_parts_are_the_same(unit):
    names = [f"{name} of sum" for name in RARE]
    for one, other in zip(told(RECORDS, unit), told(RECORDS, unit, parts=3), strict=True):
        assert one.select(names).equals(other.select(names))


def test_everybody_is_counted_once_however_many_values_they_have():
    people = RECORDS.group_by("id").agg(pl.col("code").unique())
    held = [set(own) for own in people["code"]]
    (row,) = told(RECORDS, "id")[-1].to_dicts()
    each = {value: sum(value in own for own in held) for value in (1.0, 2.0, 5.0)}
    assert max(each, key=each.__getitem__) == 1.0
    assert row["different_values of sum"] == 3
    assert row["units_with_rarest_value of sum"] == min(each.values())
    assert row["units_with_commonest_alone of sum"] == sum(own == {1.0} for own in held)
    assert row["units_with_others of sum"] == sum(own != {1.0} for own in held)


def test_nobody_with_a_weight_has_rare_values():
    frame = RECORDS.with_columns(w=0.0)
    table = Data.read(frame, unit="id").table("g", statistic="sum", of="code", weight="w")
    assert table.grid.frame["different_values"].to_list() == [0] * 4
    assert "rare_values" not in {one.rule for one in table.report().findings}


def test_numbers_with_endless_digits_are_looked_at_too():
    frame = pl.DataFrame(
        {"id": range(60), "g": "a", "x": [1 / 3] * 30 + [2 / 3] * 27 + [np.pi] * 3}
    )
    table = Data.read(frame, unit="id").table("g", statistic="sum", of="x", margins=False)
    (found,) = [one for one in table.report().findings if one.rule == "rare_values"]
    assert "3 people" in found.message
    assert found.severity == "review"
