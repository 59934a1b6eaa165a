"""Published tables in which people are in several cells: totals count everybody once."""

import json
from collections import Counter
from functools import cache
from itertools import chain, combinations, combinations_with_replacement, product

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from output_checks import Data
from output_checks.cli import run
from output_checks.errors import UnknownColumnError, UnreadableDataError
from output_checks.readers import check_file
from output_checks.readers.intervals import intervals, work_out_of

DIAGNOSES, SEXES = ("A", "B", "C"), ("F", "M")
MOST_PEOPLE = 4


def told(cells, **options):
    """Label, lower and upper of each withheld cell of a table of one dimension."""
    frame = pl.DataFrame({"diagnosis": [*cells], "value": [*cells.values()]})
    return [row[:3] for row in intervals(frame, **options).rows()]


def test_a_total_of_people_in_several_cells_bounds_its_parts_and_is_not_their_sum():
    # B has 20 of 23: A has the other 3 at least, and all 23 at most.
    shown = {"A": None, "B": 20, "Total": 23}
    assert told(shown, overlaps=True) == [("A", 3, 23)]
    assert told(shown) == [("A", 3, 3)]


def test_a_withheld_total_is_between_its_largest_part_and_their_sum():
    assert told({"A": 12, "B": 20, "Total": None}, overlaps=True) == [("Total", 20, 32)]
    # Nothing limits A, nor the total from above; B has 20 of them.
    shown = {"A": None, "B": 20, "Total": None}
    assert told(shown, overlaps=True) == [("A", 0, None), ("Total", 20, None)]


def test_one_dimension_may_overlap_while_another_adds_up():
    # 6 of 10 with A are men, so 4 are women. Who is told of nothing but overlaps sees that
    # 11 + 12 = 23, so that nobody is in two columns, and knows the same.
    rows = {("A", "F"): None, ("A", "M"): 6, ("A", "Total"): 10}
    rows |= {("B", "F"): 9, ("B", "M"): 9, ("B", "Total"): 18}
    rows |= {("Total", "F"): 11, ("Total", "M"): 12, ("Total", "Total"): 23}
    frame = pl.DataFrame([(*key, n) for key, n in rows.items()], ["d", "sex", "n"], orient="row")
    assert intervals(frame, overlaps=["d"]).rows() == [("A", "F", 4, 4, True)]
    assert intervals(frame, overlaps=True).rows() == [("A", "F", 4, 4, True)]
    assert work_out_of(frame, overlaps=["d"]).is_certain
    with pytest.raises(UnknownColumnError, match='overlaps: unknown dimension "diagnosis"'):
        intervals(frame, overlaps=["diagnosis"])


def test_groups_are_totals_of_their_members():
    shown = {"a": None, "b": 7, "North": 9, "c": 8, "Total": 12}
    groups = {"diagnosis": {"a": "North", "b": "North"}}
    assert told(shown, overlaps=True, hierarchies=groups) == [("a", 2, 9)]


def test_rounded_values_of_people_in_several_cells_are_worked_out_together():
    # To 5: a is 8..12, b is 13..17, and both together, at most 7, are no fewer than b: never.
    with pytest.raises(UnreadableDataError, match="cannot be true"):
        told({"a": 10, "b": 15, "Total": 5}, overlaps=True, rounded=5)
    # The total is 8..12 and no less than a, which is 8..12 too; b can be 3..7.
    found = told({"a": 10, "b": 5, "Total": 10}, overlaps=True, rounded=5)
    assert found == [("a", 8, 12), ("b", 3, 7), ("Total", 8, 12)]
    with pytest.raises(UnreadableDataError, match="say so: overlaps=True"):
        told({"a": 10, "b": 15, "Total": 15}, rounded=5)


@pytest.mark.parametrize(
    ("total", "options", "reason"),
    [
        # 12 + 20 = 32
        (25, {}, "diagnosis = Total is 25, and its parts come to 32. Where people are in several"),
        (25, {}, "overlaps=True, or --overlaps"),
        (40, {}, "and its parts come to 32. .* Nor can it be that of people in several cells"),
        (10, {}, "Nor can it be that of people in several cells"),
        (40, {"overlaps": True}, "at least its largest part .20. and at most what its parts"),
        (19, {"overlaps": ["diagnosis"]}, "diagnosis = Total is 19, and its parts come to 32"),
    ],
)
def test_numbers_that_do_not_fit_are_refused_with_the_sum_that_does_not(total, options, reason):
    with pytest.raises(UnreadableDataError, match=reason):
        told({"A": 12, "B": 20, "Total": total}, **options)


def test_what_cannot_be_asked_of_overlapping_people_is_refused():
    frame = pl.DataFrame({"g": ["a", "b", "Total"], "value": [1.5, None, 2.5]})
    with pytest.raises(UnreadableDataError, match="for counts of people"):
        intervals(frame, overlaps=True)
    with pytest.raises(UnreadableDataError, match="overlaps must be a list of texts"):
        intervals(frame, overlaps="g")


def test_a_table_without_totals_assumes_nothing():
    frame = pl.DataFrame({"g": ["a", "b"], "value": [None, 20]})
    assert work_out_of(frame).assumed() == ""
    assert work_out_of(frame, overlaps=True).is_certain


PROFILES = [
    (sex, having)
    for sex in SEXES
    for having in chain.from_iterable(combinations(DIAGNOSES, n) for n in (1, 2, 3))
]


def counted(world):
    """A world of people as the table that counts them: each once in every cell and total."""
    table = dict.fromkeys(product((*DIAGNOSES, "Total"), (*SEXES, "Total")), 0)
    for sex, having in world:
        for place in product((*having, "Total"), (sex, "Total")):
            table[place] += 1
    return table


@cache
def worlds():
    every = range(MOST_PEOPLE + 1)
    return [counted(one) for n in every for one in combinations_with_replacement(PROFILES, n)]


CELLS = list(product((*DIAGNOSES, "Total"), (*SEXES, "Total")))


@settings(max_examples=60, deadline=None)
@given(
    truth=st.integers(0, 3059),
    hidden=st.sets(
        st.sampled_from([one for one in CELLS if one != ("Total", "Total")]), min_size=1
    ),
)
def test_no_world_of_people_is_excluded_and_no_other_is_left(truth, hidden):
    # Everybody has one sex and several diagnoses: every world of up to four people is tried.
    table = worlds()[truth]
    shown = {place: n for place, n in table.items() if place not in hidden}
    fitting = [one for one in worlds() if all(one[place] == n for place, n in shown.items())]
    rows = [(*place, None if place in hidden else n) for place, n in table.items()]
    frame = pl.DataFrame(rows, {"d": pl.String, "sex": pl.String, "n": pl.Int64}, orient="row")
    for d, sex, lower, upper, exact in intervals(frame, overlaps=["d"]).rows():
        values = Counter(one[d, sex] for one in fitting)
        assert (lower, upper) == (min(values), max(values)), (d, sex)
        assert exact
    for d, sex, lower, upper, _ in intervals(frame, overlaps=True).rows():
        assert lower <= table[d, sex] <= upper


def in_several():
    """People by diagnosis, of whom some have two: 30 with A, 25 with B, 4 with C, 40 in all."""
    having = {"A": range(30), "B": range(15, 40), "C": range(4)}
    rows = [(person, one) for one, people in having.items() for person in people]
    return pl.DataFrame(rows, schema=["id", "diagnosis"], orient="row")


def test_the_librarys_own_table_of_overlapping_people_is_answered(tmp_path):
    table = Data.read(in_several(), unit="id").table("diagnosis")
    table.protect("suppress").write(tmp_path / "t.csv")
    table.write(tmp_path / "plain.csv")
    # Nothing in the plain file says that people overlap, but 30 + 25 + 4 is more than 40.
    with pytest.raises(UnreadableDataError, match=r"is 40, and its parts come to 59\. .*overlaps"):
        intervals(tmp_path / "plain.csv")
    assert intervals(tmp_path / "plain.csv", overlaps=True).is_empty()
    found = intervals(tmp_path / "t.csv", overlaps=True, threshold=10)
    assert found.height
    assert found["safe"].all()


@pytest.mark.parametrize("name", ["t.xlsx", "t.html"])
def test_a_table_exported_with_its_notes_knows_by_itself_that_people_overlap(name, tmp_path):
    table = Data.read(in_several(), unit="id").table("diagnosis").protect("suppress")
    table.write(tmp_path / name)
    done = work_out_of(tmp_path / name)
    assert done.table.overlaps == {"diagnosis"}
    assert "a total is at least its largest part" in done.assumed()
    assert done.rows(10) == work_out_of(tmp_path / name, overlaps=True).rows(10)
    assert not work_out_of(tmp_path / name, overlaps=False).table.overlaps


def test_the_command_says_what_it_assumed(tmp_path, capsys):
    file = tmp_path / "t.csv"
    file.write_text("diagnosis,value\nA,[c]\nB,20\nTotal,23\n")
    assert run(["intervals", str(file)]) == 2
    assert "Assumed: everybody is in one cell" in capsys.readouterr().out
    assert run(["intervals", str(file), "--overlaps", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["intervals"][0] | {"lower": 3, "upper": 23} == said["intervals"][0]
    assert "several cells of “diagnosis”" in said["assumed"]
    file.write_text("diagnosis,value\nA,12\nB,20\nTotal,23\n")
    assert run(["intervals", str(file)]) == 3
    assert "--overlaps" in capsys.readouterr().err


def test_of_a_large_table_that_overlaps_in_several_dimensions_the_command_is_not_certain(
    tmp_path, capsys
):
    file = tmp_path / "t.csv"
    rows = ["d," + ",".join(f"x{at}" for at in range(9)) + ",Total"]
    rows += [f"A{at},[c]," + ",".join(["60"] * 8) + ",300" for at in range(9)]
    file.write_text("\n".join([*rows, "Total," + ",".join(["200"] * 9) + ",900"]))
    assert run(["intervals", str(file), "--overlaps"]) == 1
    assert "a person must look" in " ".join(capsys.readouterr().out.split())
    assert not intervals(file, overlaps=True)["exact"].any()


def test_several_dimensions_that_overlap_may_be_told_one_by_one(tmp_path):
    file = tmp_path / "t.csv"
    file.write_text("d,x,y,Total\nA,[c],60,80\nB,30,60,75\nTotal,70,70,90\n")
    assert run(["intervals", str(file), "--overlaps"]) == 0
    assert run(["intervals", str(file), "--overlaps-in", "d"]) == 3  # 30 + 60 is not 75
    assert run(["intervals", str(file), "--overlaps-in", "e"]) == 3


def test_a_file_whose_sums_do_not_fit_is_not_audited_and_says_which(tmp_path):
    file = tmp_path / "t.csv"
    file.write_text("diagnosis,F,M,Total\nA,[c],40,60\nB,30,40,50\nTotal,55,80,110\n")
    (found,) = [one for one in check_file(file).findings if one.rule == "withheld_cells"]
    assert "diagnosis = B, column = Total is 50, and its parts come to 70" in found.message
