"""Outputs protected together: what one withholds, no other gives away."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from output_checks import Data, Declaration, Policy, ProtectionError, Verdict
from output_checks.linked import check_together, protect_together, protecting, union
from output_checks.policy import NEVER
from output_checks.protect import withstanding

quick = settings(
    max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)


def people(cells, names=("sex", "region"), **more):
    rows = [labels for labels, count in cells.items() for _ in range(count)]
    columns = {name: [row[i] for row in rows] for i, name in enumerate(names)}
    frame = pl.DataFrame({"id": range(len(rows))} | columns | more)
    return Data.read(frame, unit="id", name="people")


SMALL = {
    ("F", "N"): 3,
    ("F", "S"): 60,
    ("F", "W"): 40,
    ("M", "N"): 50,
    ("M", "S"): 70,
    ("M", "W"): 45,
}


def protection(table):
    assert table.grid.protection is not None
    return table.grid.protection


def withheld(table):
    hidden = table.cells.filter(pl.col("withheld"))
    return set(hidden.select(table.dimensions).rows())


def test_the_same_people_are_withheld_wherever_they_are_shown():
    data = people(SMALL)
    crossed = data.table("sex", "region")
    women = data.table("region", where="sex = 'F'")
    first, second = protect_together([crossed, women])
    assert ("F", "N") in withheld(first)
    assert ("N",) in withheld(second)
    assert {region for sex, region in withheld(first) if sex == "F"} == {
        region for (region,) in withheld(second)
    }
    assert check_together([first, second]).verdict == "pass"
    assert first.report().verdict == second.report().verdict == "pass"


def test_one_by_one_they_would_give_each_other_away():
    data = people(SMALL)
    crossed = data.table("sex", "region").protect("suppress")
    women = data.table("region", where="sex = 'F'").protect("suppress")
    more = data.table("region", where="sex = 'F' AND region <> 'W'")
    report = check_together({"crossed": crossed, "women": women, "more": more})
    assert report.verdict == "fail"


def test_a_group_that_several_outputs_single_out_is_hidden_too():
    data = people({("F", "N"): 1_000, ("F", "S"): 1_160, ("M", "N"): 1_100, ("M", "S"): 1_060})
    every, most = data.table("sex"), data.table("region", where="id > 1")
    done = protect_together({"all": every, "most": most})
    assert check_together(done).verdict == "pass"
    assert sum(len(withheld(one)) for one in done) > 0
    assert protection(done[0]).primary == protection(done[1]).primary == 0


def test_what_is_released_is_known_and_stays_as_it_is():
    data = people(SMALL)
    old = data.table("sex", "region").protect("suppress")
    (new,) = protect_together(
        {"new": data.table("region", where="sex = 'F'")}, released={"old": old}
    )
    assert ("N",) in withheld(new)
    assert check_together({"new": new}, released={"old": old}).verdict == "pass"


def test_a_small_cell_that_is_released_already_cannot_be_withheld():
    data = people(SMALL)
    old = data.table("sex", "region")
    with pytest.raises(ProtectionError, match="sex = F, region = N shows it already"):
        protect_together({"new": data.table("region", where="sex = 'F'")}, released={"old": old})


def test_of_two_numbers_that_leave_one_person_the_new_one_is_withheld():
    data = people(SMALL)  # the fifth person is a woman: 103 women, 102 without her
    old = data.table("sex", margins=False)
    new = data.table("sex", where="id <> 5", margins=False)
    assert check_together({"new": new}, released={"old": old}).verdict == "fail"
    (done,) = protect_together({"new": new}, released={"old": old})
    assert withheld(done) == {("F",)}


def test_what_released_outputs_give_away_by_themselves_cannot_be_helped():
    data = people(SMALL)
    released = {"all": data.table("region"), "men": data.table("region", where="sex = 'M'")}
    with pytest.raises(ProtectionError, match="no choice"):  # 53 - 50 = 3 women in the north
        protect_together({"new": data.table("sex", "region")}, released=released)


def test_sums_are_protected_with_their_people():
    pay = [float(10 + number % 7) for number in range(268)]
    data = people(SMALL, pay=pay)
    crossed = data.table("sex", "region", statistic=["count", "sum"], of="pay")
    women = data.table("region", statistic="mean", of="pay", where="sex = 'F'")
    done = protect_together([crossed, women])
    assert check_together(done).verdict == "pass"
    assert [one.report().verdict for one in done] == ["pass", "pass"]


def dominated():
    """One woman of the north earns nearly all of what women there do; the south earns little."""
    cells = {("F", "N"): 30, ("F", "S"): 20, ("M", "S"): 20, ("M", "N"): 40, ("F", "W"): 90}
    pay = [100_000.0, *(10.0 + number % 7 for number in range(69))]
    pay += [5_000.0 + number % 7 for number in range(225)]
    data = people(cells | {("M", "W"): 95}, pay=pay)
    return data.table("sex", "region", statistic="sum", of="pay")


def test_sums_need_more_cells_than_people_do(monkeypatch):
    # The south would do for people, but all of it together earns less than the one woman.
    (done,) = protect_together([dominated()])
    assert {("F", "N"), ("F", "W")} <= withheld(done)
    assert done.report().verdict != "fail"
    for module in (protecting, union, withstanding):
        monkeypatch.setattr(module, "cheapest_pattern", lambda *_: None)
    with pytest.raises(ProtectionError, match="makes “output 1” safe"):
        protect_together([dominated()])


def test_an_empty_cell_that_nobody_can_be_in_may_be_withheld():
    towns = {("a", "X"): 30, ("b", "X"): 40, ("c", "Y"): 50, ("d", "Y"): 60}
    data = people(towns, names=("town", "country"))
    never = {"class_disclosure_fail": NEVER, "class_disclosure_review": NEVER}
    policy = replace(Policy.named("srs"), name="zeros", zeros=Verdict.FAIL, **never)
    crossed = data.table("town", "country", margins=False, policy=policy)
    (done,) = protect_together([crossed])
    assert withheld(done) == {("a", "Y"), ("b", "Y"), ("c", "X"), ("d", "X")}


def test_of_people_in_several_cells_a_number_may_be_impossible_to_withhold():
    frame = pl.DataFrame(
        {
            "id": [*range(130), *range(100, 130)],
            "ward": ["A", "B"] * 50 + ["A"] * 30 + ["B"] * 30,
            "pay": [10.0 + number % 7 for number in range(160)],
        }
    )
    data = Data.read(frame, unit="id", name="people")
    new = data.table("ward", statistic=["count", "mean"], of="pay", where="id <> 3")
    mean = data.table("ward", statistic="mean", of="pay", where="id <> 3")
    released = {"all": data.table("ward"), "mean": mean}
    with pytest.raises(ProtectionError, match="neither of two numbers"):
        protect_together({"new": new}, released=released)


def test_the_declaration_names_the_cells_that_others_need():
    data = people(SMALL)
    (done,) = protect_together([data.table("sex", "region")])
    named = Declaration.from_json(done.declaration.to_json()).protection
    assert named is not None
    assert named["method"] == "suppress"
    assert len(named["also"]) == protection(done).complementary > 0
    assert "no other" in protection(done).notes[1]


def test_a_table_that_is_protected_already_is_refused():
    table = people(SMALL).table("sex", "region")
    with pytest.raises(ProtectionError, match="protected already"):
        protect_together([table.protect("suppress")])


def test_a_table_of_which_nothing_would_be_left_is_refused():
    table = people({("F", "N"): 3, ("M", "S"): 4}).table("sex")
    with pytest.raises(ProtectionError, match="every cell of “output 1”"):
        protect_together([table])


counts = st.lists(st.integers(0, 30), min_size=12, max_size=12)


@quick
@given(counts, st.sampled_from(["region", "age", "sex"]))
def test_no_sequence_of_releases_gives_a_withheld_cell_away(counts, third):
    places = [(s, r, a) for s in "FM" for r in "NSW" for a in "12"]
    data = people(dict(zip(places, counts, strict=True)), names=("sex", "region", "age"))
    released = {}
    for number, (rows, columns) in enumerate([("sex", "region"), ("region", "age"), (third, ())]):
        assume(sum(counts) > 0)
        table = data.table(rows, columns)
        try:
            (done,) = protect_together({f"t{number}": table}, released=released)
        except ProtectionError:
            continue  # it stays where it is
        before = dict(released)
        released[f"t{number}"] = done
        report = check_together({f"t{number}": done}, released=before)
        assert not [one for one in report.findings if one.severity == "fail"]
    for table in released.values():
        assert not [one for one in table.report().findings if one.severity == "fail"]
        shown = table.cells.filter(~pl.col("withheld"))
        assert np.array_equal(shown["value"].to_numpy(), shown["exact"].to_numpy())


def test_every_output_says_how_far_it_may_be_from_what_it_had_to_withhold_alone():
    (done,) = protect_together([dominated()])
    together = done.grid.protection
    assert together is not None
    assert together.cost is not None
    assert together.bound is not None
    assert 0 <= together.bound <= together.cost
    assert together.to_dict()["gap"] == round(1 - together.bound / together.cost, 6)
    assert together.optimal is (together.to_dict()["gap"] == 0)
