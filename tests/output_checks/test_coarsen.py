"""Merging categories: which merges are suggested, what they keep, and how they are declared."""

from dataclasses import replace
from math import log

import numpy as np
import polars as pl
import pytest

from output_checks import Data, Policy, ProtectionError, Report, Verdict, rebuild
from output_checks.protect import coarsen as coarsening
from output_checks.protect.coarsen import coarsen, suggest_merges
from output_checks.protect.partitions import AlongHierarchy, AlongOrder, OfTheRare
from tests.output_checks.drawing import data, means


def ages(counts: dict[int | None, int], **asked):
    """A table of people by age."""
    rows = [age for age, count in counts.items() for _ in range(count)]
    frame = pl.DataFrame({"id": range(len(rows)), "age": rows})
    return Data.read(frame, unit="id", name="ages").table("age", **asked)


# What is suggested


def test_the_merge_that_keeps_most_is_first():
    # 3 people of 30 must join somebody: with the 12 before (15, 50) or the 50 after (12, 53).
    table = ages({30: 12, 31: 3, 32: 50})
    first, second, *_ = suggest_merges(table)
    # Entropies: of 15 and 50, of 12 and 53, and before of 12, 3 and 50, all of 65.
    whole = -sum(n / 65 * log(n / 65) for n in (12, 3, 50))
    assert first.merges == {"age": {"30": "30 to 31", "31": "30 to 31"}}
    assert first.kept == pytest.approx(-sum(n / 65 * log(n / 65) for n in (15, 50)) / whole)
    assert second.merges == {"age": {"31": "31 to 32", "32": "31 to 32"}}
    assert second.kept == pytest.approx(-sum(n / 65 * log(n / 65) for n in (12, 53)) / whole)
    assert (first.cells, first.verdict) == (2, "pass")
    assert first.table.released().rows() == [("30 to 31", 15), ("32", 50), ("Total", 65)]


def test_the_coarser_table_is_declared_and_made_again():
    table = ages({30: 12, 31: 3, 32: 50})
    coarser = coarsen(table)
    assert coarser.declaration.merges == {"age": {"30": "30 to 31", "31": "30 to 31"}}
    assert coarser.declaration.protection is None
    again = rebuild(coarser.declaration, table.source)
    assert again.released().equals(coarser.released())
    assert coarsen(coarser) is coarser  # nothing is left to do


def test_a_safe_table_stays_as_it_is():
    table = ages({30: 12, 31: 13})
    (first, *_) = suggest_merges(table)
    assert (dict(first.merges), first.kept, first.table) == ({}, 1.0, table)


def test_the_rare_are_merged_where_labels_have_no_order():
    table = data("F\nred 40\ngreen 4\nblue 7\nwhite 30").table("group")
    coarser = coarsen(table)
    # 4 and 7 are the rarest: 11 together.
    assert coarser.declaration.merges == {"group": {"green": "Other", "blue": "Other"}}
    assert ("Other", 11) in coarser.released().rows()


def test_a_category_called_other_lends_its_name():
    table = data("F\nred 40\nOther 4\nblue 7").table("group")
    assert coarsen(table).declaration.merges == {"group": {"blue": "Other"}}


def test_another_category_called_other_keeps_its_name():
    table = data("F\nred 4\nOther 40\nblue 7").table("group")
    merges = coarsen(table).declaration.merges["group"]
    assert set(merges.values()) == {"Other (merged)"}


def test_all_together_are_all():
    table = data("F\nred 6\nblue 7").table("group")
    merges = coarsen(table).declaration.merges
    assert merges == {"group": {"red": "All", "blue": "All"}}


def test_missing_is_not_merged_with_numbers():
    table = ages({30: 12, 31: 3, None: 20})
    merges = coarsen(table).declaration.merges
    assert merges == {"age": {"30": "30 to 31", "31": "30 to 31"}}
    with pytest.raises(ProtectionError, match="no merging"):
        coarsen(ages({30: 12, 31: 13, None: 2}))


def test_bands_that_begin_with_a_number_are_in_order():
    table = data("F\n10-19 40\n20-29 4\n30-39 60\n40-49 7").table("group")
    merges = coarsen(table).declaration.merges["group"]
    assert merges["20-29"] == "10-19 to 20-29"
    assert merges["40-49"] == "30-39 to 40-49"


def test_truths_have_no_order():
    frame = pl.DataFrame({"id": range(30), "yes": [True] * 4 + [False] * 26})
    table = Data.read(frame, unit="id").table("yes")
    assert coarsen(table).declaration.merges == {"yes": {"true": "All", "false": "All"}}


DISTRICTS = {"Ash": "North", "Birch": "North", "Cedar": "South", "Dale": "South"}
FOUR = """
        F   M
Ash    30  31
Birch   3  25
Cedar  40  44
Dale   50  22
"""


def test_a_given_hierarchy_is_merged_where_it_must_be():
    table = data(FOUR).table("group", "sex")
    coarser = coarsen(table, along={"group": DISTRICTS})
    assert coarser.declaration.merges == {"group": {"Ash": "North", "Birch": "North"}}
    assert list(coarser.grid.dimensions[0].labels) == ["North", "Cedar", "Dale"]


def test_a_tables_own_hierarchy_shrinks_with_it():
    parents = DISTRICTS | {"North": "All of it", "South": "All of it"}
    table = data(FOUR).table("group", "sex", hierarchies={"group": parents})
    coarser = coarsen(table)
    assert coarser.declaration.merges == {"group": {"Ash": "North", "Birch": "North"}}
    assert coarser.declaration.hierarchies == {
        "group": {
            "North": "All of it",
            "Cedar": "South",
            "Dale": "South",
            "South": "All of it",
        }
    }
    assert coarser.grid.dimensions[0].texts == ("North", "Cedar", "Dale", "South", "All of it")
    few = data(FOUR).table("group", "sex", hierarchies={"group": DISTRICTS}, policy=strict(80))
    whole = suggest_merges(few, {"group": "hierarchy", "sex": "rare"})[0].table
    assert whole.declaration.hierarchies == {}  # nothing is left under it
    assert set(whole.declaration.merges["group"].values()) == {"North", "South"}


def strict(threshold: int):
    return replace(Policy.named("srs"), name="strict", threshold=threshold)


def test_structural_zeros_are_kept_where_all_of_a_cell_is_one():
    table = data("F M\na 30 0\nb 20 0\nc 4 40").table(
        "group",
        "sex",
        structural_zeros=[{"group": "a", "sex": "M"}, {"group": "b", "sex": "M"}],
    )
    coarser = coarsen(table, along={"group": {"a": "ab", "b": "ab"}, "sex": "rare"})
    assert coarser.declaration.structural_zeros in (({"group": "ab", "sex": "M"},), ())
    plain = data("F M\na 3 0\nb 20 0\nc 14 40").table(
        "group",
        "sex",
        structural_zeros=[{"group": "a", "sex": "M"}, {"group": "b", "sex": "M"}],
    )
    merged = coarsen(plain, along={"group": {"a": "ab", "b": "ab"}})
    assert merged.declaration.structural_zeros == ({"group": "ab", "sex": "M"},)


def test_merging_twice_is_one_renaming():
    table = ages({30: 12, 31: 3, 32: 50, 33: 60}, merges={"age": {"30": "young", "31": "young"}})
    coarser = coarsen(
        ages({30: 4, 31: 3, 32: 50, 33: 60}, merges={"age": {"30": "young", "31": "young"}}),
        along={"age": "order"},
    )
    assert coarsen(table) is table
    assert coarser.declaration.merges == {"age": dict.fromkeys(("30", "31", "32"), "young to 32")}


def test_several_statistics_are_made_safe_together():
    table = means(["count", "mean"])
    coarser = coarsen(table, along={"group": "rare"})
    assert coarser.report().verdict != "fail"
    assert coarser.declaration.statistic == ("count", "mean")


def test_reviews_can_be_merged_away_too():
    # 95 % of b are F: a person must look, unless b is merged with a.
    table = data("F M\na 30 70\nb 209 11\nc 40 60").table("group", "sex")
    assert table.report().verdict == "review"
    assert coarsen(table, along={"group": "rare"}) is table
    assert coarsen(table, along={"group": "rare"}, reviews=True).report().verdict == "pass"


def test_zeros_and_whole_lines_are_merged_where_the_policy_fails_them():
    table = data("F M\na 30 0\nb 20 25\nc 14 40").table("group", "sex", policy="ukllc")
    for suggestion in suggest_merges(table, along={"group": "rare"}):
        assert 0 not in suggestion.table.released()["value"].to_list()


def test_people_in_several_cells_are_counted_again_in_the_coarser_table():
    rows = [(number, age) for number in range(12) for age in (30, 31)] + [(50, 32)]
    rows += [(100 + number, 30) for number in range(10)]
    rows += [(200 + number, 31) for number in range(10)]
    frame = pl.DataFrame({"id": [one[0] for one in rows], "age": [one[1] for one in rows]})
    table = Data.read(frame, unit="id").table("age")
    # 12 are in 30 and 31, 10 only in 30, 10 only in 31, and one only in 32.
    assert coarsen(table).released().rows() == [("30", 22), ("31 to 32", 23), ("Total", 33)]


def test_beyond_what_can_all_be_tried_one_is_built_step_by_step(monkeypatch):
    table = ages({30: 12, 31: 3, 32: 50, 33: 9, 34: 14})
    best = suggest_merges(table)[0]
    monkeypatch.setattr(coarsening, "MOST_CHOICES", 1)
    found = suggest_merges(table)
    assert found
    assert "built step by step" in found.note
    assert suggest_merges(table, most=1).note == found.note
    assert all(one.verdict == "pass" for one in found)
    assert found[0].kept <= best.kept + 1e-12
    assert [one.kept for one in found] == sorted((one.kept for one in found), reverse=True)
    assert suggest_merges(ages({30: 2, 31: 3}), along={"age": "order"}) == ()


def test_ways_that_were_not_looked_at_are_said(monkeypatch):
    table = ages({30: 12, 31: 3, 32: 50, 33: 9, 34: 14})
    every = suggest_merges(table, most=50)
    assert every.note == ""
    assert "Only" not in repr(every)
    monkeypatch.setattr(coarsening, "_MOST_JUDGED", 2)
    some = suggest_merges(table, most=2)
    assert [one.merges for one in some] == [one.merges for one in every[:2]]
    assert some.note == ""  # as many as were asked for
    monkeypatch.setattr(Report, "verdict", Verdict.FAIL)  # none of the first is safe after all
    cut = suggest_merges(table, most=2)
    assert cut == ()
    assert "others were not looked at" in cut.note
    assert "others were not looked at" in repr(cut)
    with pytest.raises(ProtectionError, match="others were not looked at"):
        coarsen(table)


def test_margins_may_be_left_out():
    table = ages({30: 12, 31: 3, 32: 50}, margins=False)
    assert coarsen(table).released()["value"].to_list() == [15, 50]


def test_one_person_in_all_keeps_what_there_is():
    table = ages({30: 12})
    assert suggest_merges(table)[0].kept == 1.0


# Refusals


@pytest.mark.parametrize(
    ("along", "says"),
    [
        ({"grup": "order"}, 'Did you mean "group"'),
        ({"group": "oder"}, 'Did you mean "order"'),
        ({"group": 5}, 'unknown way "5"'),
        ({"group": "hierarchy"}, "has no hierarchy"),
        ({"group": {"Ashe": "North"}}, 'Did you mean "Ash"'),
        ({"group": {"Ash": "North", "North": "Ash"}}, "name of a category"),
        ({"group": {"Ash": "North", "North": "Up", "Up": "North"}}, "round in a circle"),
    ],
)
def test_ways_that_are_none_are_refused(along, says):
    with pytest.raises(ProtectionError, match=says):
        coarsen(data(FOUR).table("group", "sex"), along=along)


def test_a_hierarchy_is_not_merged_across():
    table = data(FOUR).table("group", "sex", hierarchies={"group": DISTRICTS})
    with pytest.raises(ProtectionError, match="has a hierarchy"):
        coarsen(table, along={"group": "rare"})


def test_a_protected_table_is_not_merged():
    table = data(FOUR).table("group", "sex").protect("round", base=10)
    with pytest.raises(ProtectionError, match="protected already"):
        coarsen(table)


# Ways of merging, by themselves


def blocks(partitions) -> list[tuple[tuple[int, ...], ...]]:
    return [one.blocks for one in partitions]


def test_every_way_along_an_order():
    way = AlongOrder(texts=("1", "2", "3"))
    assert blocks(way.every()) == [
        ((0,), (1,), (2,)),
        ((0, 1), (2,)),
        ((0,), (1, 2)),
        ((0, 1, 2),),
    ]
    assert way.count() == 4
    assert blocks(way.coarser(next(way.every()))) == [((0, 1), (2,)), ((0,), (1, 2))]
    assert AlongOrder(texts=("Missing",), alone=(0,)).count() == 1


def test_a_merged_name_that_is_taken_is_changed():
    (_, both) = AlongOrder(texts=("1", "2"), alone=()).every()
    assert both.names == ("1 to 2",)
    taken = AlongOrder(texts=("1", "2", "1 to 2"), alone=(2,))
    assert [one.names for one in taken.every()][1] == ("1 to 2 (merged)", "1 to 2")


def test_every_way_of_merging_the_rare():
    way = OfTheRare(texts=("a", "b", "c"), order=(2, 0, 1))
    assert blocks(way.every()) == [((0,), (1,), (2,)), ((1,), (0, 2)), ((0, 1, 2),)]
    first, second, third = way.every()
    assert list(way.coarser(first)) == [second]
    assert list(way.coarser(second)) == [third]
    assert list(way.coarser(third)) == []


def test_every_way_along_a_hierarchy():
    way = AlongHierarchy(
        texts=("a", "b", "c"), parents={"a": "ab", "b": "ab", "ab": "all", "c": "all"}
    )
    assert [one.names for one in way.every()] == [("a", "b", "c"), ("ab", "c"), ("all",)]
    assert way.count() == 3
    first, second, third = way.every()
    assert [one.names for one in way.coarser(first)] == [("ab", "c"), ("all",)]
    assert [one.names for one in way.coarser(second)] == [("all",)]
    assert list(way.coarser(third)) == []
    assert third.merges(("a", "b", "c")) == {"a": "all", "b": "all", "c": "all"}


def test_a_suggestion_never_keeps_more_than_there_was():
    generator = np.random.default_rng(8)
    rows = generator.integers(0, 6, 200)
    frame = pl.DataFrame({"id": range(200), "x": rows, "y": generator.integers(0, 4, 200)})
    for suggestion in suggest_merges(Data.read(frame, unit="id").table("x", "y")):
        assert 0 <= suggestion.kept <= 1
        assert suggestion.verdict != "fail"


def test_what_needs_no_review_is_found_behind_many_ways_that_do():
    # Everywhere at least 92 % have "no", so that only merging the outcome leaves nothing to review;
    # of the 512 ways of merging ages very many keep more than that.
    shares = dict.fromkeys(range(1, 10), (12, 150)) | {0: (500, 6000)}
    rows = [
        (age, outcome)
        for age, counts in shares.items()
        for outcome, count in zip(("yes", "no"), counts, strict=True)
        for _ in range(count)
    ]
    frame = pl.DataFrame(rows, schema=["age", "outcome"], orient="row").with_row_index("id")
    table = Data.read(frame, unit="id").table("age", "outcome")
    found = suggest_merges(table, {"age": "order", "outcome": "rare"}, reviews=True, most=1)
    assert [(one.verdict, one.cells) for one in found] == [("pass", 10)]
