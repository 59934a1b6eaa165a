"""What a terminal and a page call the columns, findings and objects, so that nobody must guess."""

import io
from typing import Any

import polars as pl
import pytest
from rich.console import Console

from output_checks import Data, PrivacyBudget, UnreadableDataError, check_together, intervals
from output_checks.finding import Finding
from output_checks.show.grouped import grouped
from output_checks.words import Verdict

FRAME = pl.DataFrame(
    {
        "id": range(400),
        "g": ["a", "b"] * 200,
        "imd": [1, 1, 2, 2] * 100,
        "smoker": ([True] * 4 + [False] * 4) * 50,
        "cost": [1000.0 + at % 97 for at in range(400)],
    }
)
DATA = Data.read(FRAME, unit="id", name="people")
BOTH: Any = {"statistic": ["count", "mean"], "of": "cost"}


def lines(table, width=96):
    written = io.StringIO()
    Console(file=written, width=width).print(table)
    return written.getvalue().splitlines()


def corner(table):
    """What stands left of the headings of the columns, from above."""
    heads = [line for line in lines(table) if line.startswith("┃")]
    return [line.split("┃")[-2 - columns(line)].strip() for line in heads]


def columns(line):
    return sum(part.strip() in WORDS for part in line.split("┃")[1:-1])


WORDS = {"1", "2", "true", "false", "Total", "count", "mean"}


@pytest.mark.parametrize(
    ("rows", "across", "asked", "said"),
    [
        ("g", ["imd", "smoker"], BOTH, ["imd", "smoker", "g"]),
        ("g", ["imd", "smoker"], {}, ["imd", "g / smoker"]),
        ("g", "smoker", BOTH, ["smoker", "g"]),
        (["imd", "g"], "smoker", {}, ["g / smoker"]),
        ("g", (), BOTH, ["g"]),
    ],
)
def test_the_dimensions_of_the_columns_are_named_in_the_terminal(rows, across, asked, said):
    table = DATA.table(rows, across, margins=False, **asked)
    assert corner(table) == said


@pytest.mark.parametrize("width", [30, 40, 50, 60, 70, 80])
def test_what_is_said_of_a_cell_stands_in_one_block(width):
    table = DATA.table("g", ["imd", "smoker"], **BOTH)
    heads = [line for line in lines(table, width) if "┃ g" in line]
    assert len(heads) > 1
    for head in heads:
        assert head.count("count") == head.count("mean") > 0


def test_a_terminal_that_is_too_narrow_for_a_cell_shows_its_parts():
    table = DATA.table("g", "smoker", **BOTH)
    heads = [line for line in lines(table, 22) if "┃ g" in line]
    assert [("count" in head, "mean" in head) for head in heads] == [
        (True, False),
        (False, True),
    ] * 3


def test_the_dimensions_of_the_columns_are_named_at_the_left_of_a_page():
    page = DATA.table("g", ["imd", "smoker"])._repr_html_()
    assert '<th class="oc-name oc-across" colspan="9">imd / smoker</th>' in page
    assert ".output-checks thead th.oc-across{text-align:left}" in page


def test_a_finding_of_several_statistics_names_each_of_them_once():
    made = [
        Finding(
            rule="class_disclosure",
            severity=Verdict.FAIL,
            cells=({"g": "a"},),
            message=message,
            remedy="Merge.",
            statistic=statistic,
        )
        for message in ("one", "two")
        for statistic in ("count", "mean")
    ]
    assert [one.statistic for one in grouped(made)] == ["count, mean"]


def test_a_report_has_code_and_no_backticks():
    table = DATA.table("g", where="id < 8 OR g = 'a'")
    page = Data.read(FRAME.filter(pl.col("g") == "a"), unit="id").table(["g", "imd"]).to_report()
    for one in (page, table.to_report()):
        told = one.split("<h2>How to make it again")[0]
        assert "`" not in told
    assert "<code>" in page


def test_objects_say_what_they_are_in_few_words(tmp_path):
    budget = PrivacyBudget(3.0, delta=0.1)
    assert repr(budget) == "<PrivacyBudget epsilon=3 delta=0.1, 0 spent>"
    kept = PrivacyBudget.create(tmp_path / "budget.json", 2.0)
    assert repr(kept) == "<PrivacyBudget epsilon=2 delta=0, in budget.json>"
    report = check_together({"one": DATA.table("g"), "two": DATA.table("imd")})
    assert "Policy(" not in repr(report)
    assert "verdict" in dir(report)


def test_a_table_that_is_given_as_a_text_is_not_told_again():
    with pytest.raises(UnreadableDataError, match="not a text of several lines") as caught:
        intervals("group,n\nsecret,12\nb,c\n")
    assert "secret" not in str(caught.value)
