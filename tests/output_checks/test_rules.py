"""Each rule: a drawn table, one call, what is found; expected values by hand."""

from dataclasses import replace
from importlib import resources
from typing import Any

import polars as pl
import pytest

from output_checks import Data, Policy, Verdict, policies, rebuild
from output_checks.grid import Protection
from output_checks.policy import NEVER
from output_checks.rules import RULES, judge
from output_checks.rules.threshold import is_wide
from output_checks.words import share_text
from tests.output_checks.drawing import data, found, valued

TOTALS_OK = """
        F   M
a      10  20
b      30  40
"""


def test_a_table_whose_cells_are_all_large_passes():
    table = data(TOTALS_OK).table("group", "sex")
    assert table.report().verdict == "pass"
    assert table.report().findings == ()


def test_a_count_below_the_threshold_is_found_and_one_at_it_is_not():
    # b has 9 + 40 = 49, F has 10 + 9 = 19: only the cell itself is small.
    table = data("F M\na 10 20\nb 9 40").table("group", "sex")
    assert found(table, "threshold") == [((("b", "F"),), "fail")]
    assert "9 people" in table.report().findings[0].message


def test_a_small_margin_is_found_too():
    table = data("F M\na 10 20\nb 4 5").table("group", "sex")
    cells = [cells[0] for cells, _ in found(table, "threshold")]
    assert cells == [("b", "F"), ("b", "M"), ("b", "Total")]


@pytest.mark.parametrize(
    ("lower", "upper", "wide"),
    [
        (0, None, True),  # nothing limits it
        (1, 9, True),  # covers [1, 9]
        (0, 9, True),
        (2, 9, False),  # does not cover 1
        (1, 8, False),  # does not cover 9
        (50, 60, True),  # as wide as the threshold
        (50, 59, False),
        (5, 5, False),
    ],
)
def test_an_interval_is_safe_when_it_covers_every_small_count_or_is_wide(lower, upper, wide):
    assert is_wide(lower, upper, 10) is wide


def test_a_pinned_count_is_never_safe_however_low_the_threshold():
    assert not is_wide(1, 1, 2)
    assert is_wide(1, 2, 2)


def test_an_empty_cell_is_a_review_under_srs_and_fails_under_ukllc():
    table = data("F M\na 10 20\nb 0 40").table("group", "sex")
    assert found(table, "zeros") == [((("b", "F"),), "review")]
    strict = data("F M\na 10 20\nb 0 40").table("group", "sex", policy="ukllc")
    assert found(strict, "zeros") == [((("b", "F"),), "fail")]
    lenient = data("F M\na 10 20\nb 0 40").table("group", "sex", policy="hes")
    assert found(lenient, "zeros") == []


def test_a_structural_zero_is_no_empty_cell():
    table = data("F M X\na 10 20 30\nb 0 40 20").table(
        "group", "sex", structural_zeros=[{"group": "b", "sex": "F"}]
    )
    assert found(table, "zeros") == []


def test_everybody_in_one_category_fails_and_nearly_everybody_is_a_review():
    # column F: 10 of 10 are a; row b: 40 of 40 are M. Column M: 40 of 60 (67 %).
    table = data("F M\na 10 20\nb 0 40").table("group", "sex")
    assert found(table, "class_disclosure") == [((("a", "F"),), "fail"), ((("b", "M"),), "fail")]
    # row b: 180 of 200 are M (90 %); column F: 30 of 50, column M: 180 of 200 (90 %).
    table = data("F M\na 30 20\nb 20 180").table("group", "sex")
    assert found(table, "class_disclosure") == [
        ((("b", "M"),), "review"),
        ((("b", "M"),), "review"),
    ]


def test_class_disclosure_needs_no_margins():
    table = data("F M\na 10 20\nb 0 40").table("group", "sex", margins=False)
    assert found(table, "class_disclosure") == [((("a", "F"),), "fail"), ((("b", "M"),), "fail")]


def test_class_disclosure_of_a_mean_is_only_where_all_others_are_empty():
    frame = pl.DataFrame(
        {
            "id": range(420),
            "group": ["a"] * 220 + ["b"] * 200,
            "sex": ["F"] * 200 + ["M"] * 20 + ["F"] * 200,
            "x": [float(i % 7) for i in range(420)],
        }
    )
    table = Data.read(frame, unit="id").table("group", "sex", statistic="mean", of="x")
    # row a: 200 of 220 are F (91 %), which a table of means does not show; all M are a, all b F.
    assert found(table, "class_disclosure") == [((("a", "M"),), "fail"), ((("b", "F"),), "fail")]


def test_that_everybody_has_the_only_category_goes_to_a_person():
    people = data("F\na 10\nb 20")
    (finding,) = people.table("group", "sex").report().findings
    assert (finding.rule, finding.severity, finding.cells) == ("class_disclosure", "review", ())
    assert finding.message == "Everybody in the table has sex = F: there is no other category."
    assert people.table("sex").report().verdict == "pass"  # what the table is about


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, "review"),
        ({"where": "sex = 'F'"}, "pass"),
        ({"where": "\"group\" <> 'c'"}, "review"),
        # a condition that fits other categories does not choose between them
        ({"where": "sex IN ('F', 'M')"}, "review"),
        ({"where": "sex IN ('F')"}, "pass"),
        ({"where": "sex = 'F' OR sex = 'M'"}, "review"),
        ({"where": "sex = 'F' AND \"group\" IN ('a', 'b')"}, "pass"),
        ({"where": "lower(sex) = 'f'"}, "review"),
        ({"where": "sex LIKE 'F%'"}, "review"),
        ({"where": "sex >= 'F' AND sex <= 'G'"}, "review"),
        ({"where": "sex = 'F' OR \"group\" = 'a' OR sex = 'F'"}, "review"),
        ({"where": "sex IS NOT NULL"}, "review"),
        ({"where": '"sex" is not null AND "group" <> \'c\''}, "review"),
        ({"where": "female", "derive": {"female": "sex = 'F'"}}, "pass"),
        ({"merges": {"sex": {"F": "women"}}}, "review"),
        ({"derive": {"all": "'everybody'"}, "columns": "all"}, "pass"),
        ({"derive": {"is": "sex = 'F'"}, "columns": "is"}, "review"),
        ({"derive": {"is": "sex = 'F'"}, "columns": "is", "where": "sex <> 'M'"}, "review"),
        ({"derive": {"is": "sex = 'F'"}, "columns": "is", "where": "sex = 'F'"}, "pass"),
        ({"merges": {"group": {"a": "a or b", "b": "a or b"}}, "where": "sex = 'F'"}, "pass"),
        ({"hierarchies": {"sex": {"F": "all"}}}, "review"),
    ],
)
def test_a_category_that_was_chosen_tells_nothing(asked, expected):
    table = data("F\na 20\nb 20").table("group", **({"columns": "sex"} | asked))
    assert table.report().verdict == expected


def test_where_only_one_category_is_said_to_be_possible_a_person_looks():
    table = data("F M\na 10 20\nb 0 40").table(
        "group", "sex", structural_zeros=[{"group": "b", "sex": "F"}]
    )
    expected = [((("a", "F"),), "review"), ((("b", "M"),), "review")]
    assert found(table, "class_disclosure") == expected
    assert "what structural_zeros declares" in table.report().findings[0].message


def test_a_declared_zero_of_a_rounded_table_or_without_a_rule_is_no_failure():
    asked: dict[str, Any] = {
        "structural_zeros": [{"group": "b", "sex": "F"}],
        "margins": False,
    }
    people = data("F M\na 10 20\nb 0 40")
    rounded = people.table("group", "sex", policy="ukllc", **asked).protect("round", base=5)
    assert {severity for _, severity in found(rounded, "class_disclosure")} == {"review"}
    never = dict.fromkeys(("class_disclosure_review", "class_disclosure_fail"), NEVER)
    lenient = replace(Policy.named("srs"), name="lenient", **never)
    assert found(people.table("group", "sex", policy=lenient, **asked), "class_disclosure") == []


def test_two_who_make_up_nine_tenths_dominate():
    # 10 people: 80 + 20 + 8 * 1 = 108; (80 + 20) / 108 = 93 %, 80 / 108 = 74 %.
    table = valued({"a": [80, 20, *[1] * 8]}).table("group", statistic="sum", of="x")
    severities = [severity for _, severity in found(table, "dominance")]
    assert severities == ["review", "fail"] * 2  # the cell and the total
    assert "93 %" in table.report().findings[1].message


def test_one_who_makes_up_half_is_a_review_under_srs_and_fails_under_abs():
    # 50 + 10 * 5 = 100: 50 %; both: 55 %; the rest hides the first: 45 >= 5.
    values = {"a": [50, *[5] * 10]}
    srs = valued(values).table("group", statistic="sum", of="x", margins=False)
    assert [severity for _, severity in found(srs, "dominance")] == ["review"]
    table = valued(values).table("group", statistic="sum", of="x", margins=False, policy="abs")
    assert [severity for _, severity in found(table, "dominance")] == ["fail"]


def test_p_percent_is_the_rest_against_the_first():
    # T - x1 - x2 = 108 - 80 - 20 = 8; 10 % of 80 is 8: not less, so no finding.
    at_limit = valued({"a": [80, 20, *[1] * 8]}).table("group", statistic="sum", of="x")
    assert found(at_limit, "p_percent") == []
    # One of the ones less: 7 < 8.
    below = valued({"a": [80, 20, *[1] * 7, 0]}).table(
        "group", statistic="sum", of="x", margins=False
    )
    assert found(below, "p_percent") == [((("a",),), "fail")]


def test_one_negative_value_does_not_switch_dominance_off():
    # absolute total 80 + 20 + 1 * 7 + 1 = 108, as before
    table = valued({"a": [80, 20, *[1] * 7, -1]}).table(
        "group", statistic="sum", of="x", margins=False
    )
    assert [severity for _, severity in found(table, "dominance")] == ["review", "fail"]
    assert "both signs" in table.report().findings[0].message
    assert found(table, "negatives") == [((("a",),), "review")]


def test_contributions_are_summed_by_person_before_dominance():
    # ten people with 1 each, and one with ten records of 10: 100 / 110 = 91 %
    frame = pl.DataFrame(
        {"id": [*range(10), *[10] * 10], "group": ["a"] * 20, "x": [1.0] * 10 + [10.0] * 10}
    )
    table = Data.read(frame, unit="id").table("group", statistic="sum", of="x", margins=False)
    (row,) = table.cells.select("units", "records", "largest", "second_largest").rows()
    assert row == (11, 20, 100.0, 1.0)
    assert [severity for _, severity in found(table, "dominance")] == ["review", "fail"]


def test_values_that_are_all_equal_fail():
    table = valued({"a": [7.5] * 12, "b": [float(i) for i in range(1, 21)]}).table(
        "group", statistic="mean", of="x"
    )
    assert found(table, "all_equal") == [((("a",),), "fail")]


def test_a_rule_that_a_policy_switches_off_finds_nothing(tmp_path):
    assert "srs" in policies()
    text = ""
    for line in _toml("srs").splitlines():
        off = line.replace('"fail"', '"pass"').replace('"review"', '"pass"')
        text += off + "\n"
    file = tmp_path / "lenient.toml"
    file.write_text(text.replace('name = "srs"', 'name = "lenient"'))
    lenient = Policy.read(file)
    assert lenient.all_equal is Verdict.PASS
    table = valued({"a": [7.5] * 12 + [-7.5] * 12}).table(
        "group", statistic="mean", of="x", policy=lenient
    )
    assert found(table, "negatives") == []
    same = valued({"a": [7.5] * 12}).table("group", statistic="mean", of="x", policy=lenient)
    assert found(same, "all_equal") == []


def _toml(name):
    return (resources.files("output_checks") / "policies" / f"{name}.toml").read_text()


def test_missing_evidence_is_a_finding_and_never_a_pass():
    table = data(TOTALS_OK).table("group", "sex")
    holed = table.grid.with_columns(units=[None, *table.cells["units"].to_list()[1:]])
    rules = [finding.rule for finding in judge(holed, table.policy)]
    assert rules == ["evidence"]
    means = valued({"a": [float(i) for i in range(20)]}).table("group", statistic="mean", of="x")
    holed = means.grid.with_columns(largest=[None] * means.grid.size)
    assert "evidence" in [finding.rule for finding in judge(holed, means.policy)]


def test_without_a_unit_column_no_table_passes():
    frame = pl.DataFrame({"sex": ["F"] * 20 + ["M"] * 30})
    table = Data.read(frame, unit=None).table("sex")
    assert table.report().verdict == "review"
    assert [finding.rule for finding in table.report().findings] == ["unit"]


def test_a_withheld_cell_that_the_rest_gives_away_is_found():
    # F of b withheld alone: 49 - 40 = 9.
    table = data("F M\na 10 20\nb 9 40").table("group", "sex")
    cell = table.grid.cell_at({"group": "b", "sex": "F"})
    hidden = [number == cell for number in range(table.grid.size)]
    interval = [9.0 if one else None for one in hidden]
    grid = table.grid.with_columns(
        Protection(method="suppress", options={"base": 1}),
        withheld=hidden,
        people_lower=interval,
        people_upper=interval,
    )
    (finding,) = judge(grid, table.policy)
    assert (finding.rule, finding.severity) == ("withheld_cells", "fail")
    assert "9 to 9 people" in finding.message


def test_a_withheld_sum_that_is_nearly_known_is_found():
    table = valued({"a": [float(i) for i in range(1, 21)]}).table(
        "group", statistic="sum", of="x", margins=False
    )
    grid = table.grid.with_columns(
        Protection(method="suppress", options={"base": 1}),
        withheld=[True],
        lower=[209.0],
        upper=[211.0],
    )
    (finding,) = judge(grid, table.policy)  # 2 wide, but the largest contribution is 20
    assert "a sum of 209 to 211" in finding.message


def test_a_policy_that_wants_rounding_finds_counts_that_are_not():
    table = data(TOTALS_OK).table("group", "sex", policy="hes")
    (finding,) = table.report().findings
    assert (finding.rule, finding.severity) == ("rounding", "fail")
    assert table.protect("suppress").report().verdict == "pass"


def test_counts_that_happen_to_be_multiples_are_not_called_rounded():
    # 10, 20, 30, 40 and their sums are all multiples of 5, but a reader learns them exactly.
    table = data(TOTALS_OK).table("group", "sex", policy="hes")
    assert len(table.report().findings[0].cells) == 9


def test_adding_a_rule_never_turns_fail_into_pass():
    table = data("F M\na 10 20\nb 9 40").table("group", "sex")
    order = list(Verdict)
    worst = Verdict.PASS
    for number in range(len(RULES) + 1):
        some = dict(list(RULES.items())[:number])
        now = Verdict.worst(one.severity for one in judge(table.grid, table.policy, some))
        assert order.index(now) >= order.index(worst)
        worst = now
    assert worst is Verdict.FAIL


def test_a_table_is_judged_by_another_policy_as_it_stands():
    drawn = "F M X\na 30 0 41\nb 25 33 27\nc 20 21 22"
    table = data(drawn).table("group", "sex", policy="hes").protect("suppress")
    assert table.report().verdict == "pass"
    assert [one.rule for one in table.report("ukllc").findings] == ["zeros"]
    assert table.report("ukllc").verdict == "fail"
    again = rebuild(table.declaration, data(drawn))
    assert again.report() == table.report()


def test_nearly_all_is_never_said_to_be_all():
    # 998 of 1,000 in b: 99.8 %; and 29,999 of 30,000: more than 99.9 %
    messages = [
        one.message
        for one in data("F M\nb 998 2\nc 29999 1").table("group", "sex").report().findings
        if one.rule == "class_disclosure" and "have sex = F" in one.message
    ]
    assert "99.8 % of the people in group = b have sex = F." in messages
    assert "more than 99.9 % of the people in group = c have sex = F." in messages
    assert not any("100 %" in message for message in messages)


@pytest.mark.parametrize(
    ("percent", "said"),
    [(100, "100 %"), (99.99, "more than 99.9 %"), (99.8, "99.8 %"), (98.6, "99 %"), (90, "90 %")],
)
def test_a_share_is_rounded_but_never_up_to_all(percent, said):
    assert share_text(percent) == said
