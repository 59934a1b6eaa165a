"""Where the exact check ends: it says so, fails closed, and shows what it found all the same."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import polars as pl
import pytest
from rich.console import Console

from output_checks import (
    Data,
    ProtectionError,
    UnknownColumnError,
    UnreadableDataError,
    UnusableTableError,
)
from output_checks.linked import (
    LinkedFinding,
    LinkedReport,
    Term,
    arithmetic,
    check_together,
    comparison,
    conditions,
    hiding,
    pattern,
    protect_together,
    reader,
)
from output_checks.linked.check import outputs_of
from output_checks.linked.wording import cells_text, sum_text
from output_checks.protect import solver
from output_checks.words import Verdict


def people(cells, names=("sex", "region"), **more):
    rows = [labels for labels, count in cells.items() for _ in range(count)]
    columns = {name: [row[i] for row in rows] for i, name in enumerate(names)}
    return Data.read(pl.DataFrame({"id": range(len(rows))} | columns | more), unit="id", name="p")


CELLS = {("F", "N"): 40, ("F", "S"): 60, ("M", "N"): 50, ("M", "S"): 70}
THREE = {
    (a, b, c): 12 + 5 * i + 3 * j + 2 * k
    for i, a in enumerate("xy")
    for j, b in enumerate("pqr")
    for k, c in enumerate("uv")
}


def pair():
    data = people(CELLS)
    return {"all": data.table("sex"), "most": data.table("region", where="id > 1")}


def circle():
    """Three tables of which each shares a dimension with each: nothing follows at once."""
    data = people(THREE, names=("a", "b", "c"))
    return [data.table("a", "b"), data.table("b", "c"), data.table("a", "c")]


def rules(report):
    return [(one.rule, str(one.severity)) for one in report.findings]


def test_a_circle_of_tables_is_looked_at_exactly():
    assert check_together(circle()).findings == ()


def test_too_many_combinations_are_put_together_two_by_two(monkeypatch):
    monkeypatch.setattr(comparison, "MOST_UNKNOWNS", 20)  # 2 * 3 * 2 = 12, and three tables: 16
    assert rules(check_together(circle())) == []
    monkeypatch.setattr(comparison, "MOST_OPEN", 5)
    report = check_together(circle())
    assert rules(report) == [("too_large", "review")]
    assert "12 unknown numbers, more than 5" in report.findings[0].message
    assert "two by two" in report.findings[0].message
    assert report.findings[0].outputs == report.outputs


def test_still_larger_sets_are_compared_number_by_number(monkeypatch):
    monkeypatch.setattr(comparison, "MOST_UNKNOWNS", 1)
    report = check_together(pair())
    assert rules(report) == [("linked_tables", "fail")] + [("too_large", "review")] * 2
    assert "only compared number by number" in report.findings[2].message
    with pytest.raises(ProtectionError, match="can still be worked out"):
        protect_together(pair())


def test_where_even_that_is_too_much_nothing_is_compared(monkeypatch):
    monkeypatch.setattr(comparison, "MOST_BYTES", 0)
    report = check_together(pair())
    assert rules(report) == [("too_large", "review")]
    assert "not compared at all" in report.findings[0].message


def parts_of_all():
    data = people(CELLS)
    return [
        data.table("sex"),
        data.table("sex", where="region = 'N'"),
        data.table("sex", where="region = 'S' AND id <> 50"),
    ]


@pytest.mark.parametrize(
    ("kind", "left"), [("circle", 0), ("hidden", 0), ("parts", 0), ("parts", 24)]
)
def test_a_check_that_has_to_end_early_says_so(monkeypatch, kind, left):
    tables = {"circle": small_circle, "hidden": hidden_pair, "parts": parts_of_all}[kind]()
    monkeypatch.setattr(reader.Effort.__init__, "__defaults__", (left,))
    report = check_together(tables)
    assert ("too_large", "review") in rules(report)
    assert "looked at only in part" in report.findings[-1].message


@pytest.mark.parametrize("left", [0, 11])
def test_protection_whose_search_has_to_end_early_is_for_a_person(monkeypatch, left):
    tables = small_circle()
    monkeypatch.setattr(reader.Effort.__init__, "__defaults__", (left,))
    for one in protect_together(tables):
        assert one.report().verdict == "review"
        assert one.grid.protection is not None
        assert "not all sums of several outputs were searched" in one.grid.protection.unsettled


def small_circle():
    data = people(THREE | {("x", "p", "u"): 2}, names=("a", "b", "c"))
    return [data.table("a", "b"), data.table("b", "c"), data.table("a", "c")]


def test_without_whole_numbers_fractions_of_people_are_allowed(monkeypatch):
    monkeypatch.setattr(reader, "WHOLE_UP_TO", 0)
    assert check_together(circle()).verdict == "pass"
    assert check_together(hidden_pair()).verdict == "pass"


def solved(monkeypatch, status, columns=None):
    """Have every solve of the reader end in this way."""
    solve = solver.Model.minimise

    def minimise(self):
        found = solve(self)
        found.status = status
        found.columns = found.columns if columns is None else columns(found.columns)
        return found

    monkeypatch.setattr(solver.Model, "minimise", minimise)


def hidden_pair():
    data = people({("F", "N"): 3, ("F", "S"): 60, ("M", "N"): 50, ("M", "S"): 70})
    return [data.table("sex", "region").protect("suppress"), data.table("region")]


def test_a_solver_that_fails_lets_nothing_pass(monkeypatch):
    tables = hidden_pair()
    assert check_together(tables).verdict == "pass"
    solved(monkeypatch, "failed")
    report = check_together(tables)
    assert rules(report) == [("linked_tables", "fail")] * 4
    assert "the outputs together show it" in report.findings[0].message


def test_a_world_that_does_not_fit_is_not_believed(monkeypatch):
    tables = hidden_pair()
    solved(monkeypatch, "optimal", lambda columns: columns + 1.0)
    assert check_together(tables).verdict == "fail"


def test_fractions_of_people_are_not_believed(monkeypatch):
    tables = hidden_pair()
    solved(monkeypatch, "optimal", lambda columns: columns + 0.5)
    assert check_together(tables).verdict == "fail"


def test_arithmetic_that_does_not_come_out_is_not_shown(monkeypatch):
    tables = parts_of_all()
    assert check_together(tables).findings[0].arithmetic == "100 - 59 - 40 = 1"
    checked = arithmetic._Problem._checked
    monkeypatch.setattr(
        arithmetic._Problem, "_checked", lambda self, times: checked(self, times * 0.5)
    )
    (found,) = check_together(tables).findings
    assert (found.severity, found.arithmetic) == ("fail", "")
    assert "leave 1 people of a kind" in found.message


def test_a_combination_may_take_a_number_several_times():
    terms = [
        Term(output="a", cell={"sex": "Total"}, times=2.0, count=10),
        Term(output="b", cell={"sex": "F"}, times=-0.5, count=30),
    ]
    assert sum_text(terms, 5) == "2 * 10 - 1/2 * 30 = 5"
    assert cells_text(terms) == "2 times “a”: Total minus 1/2 times “b”: sex = F"
    found = arithmetic.Combination(terms={0: Fraction(2)}, group={0: Fraction(2)}, total=2)
    assert not found.is_group


def test_a_part_that_cannot_be_read_by_itself_is_not_taken_apart(monkeypatch):
    monkeypatch.setattr(conditions, "parts_of", lambda where: ("id", where))
    assert check_together(pair()).findings[0].arithmetic == "220 - 218 = 2"
    monkeypatch.setattr(conditions, "parts_of", lambda where: ("id > 99",))
    assert check_together(pair()).findings[0].arithmetic == "220 - 218 = 2"


def test_data_that_are_gone_are_an_error(tmp_path):
    path = tmp_path / "people.parquet"
    pl.DataFrame({"id": range(30), "sex": ["F", "M"] * 15}).write_parquet(path)
    table = Data.read(path, unit="id").table("sex")
    path.unlink()
    with pytest.raises(UnreadableDataError, match="cannot be read"):
        check_together([table])


def test_tables_of_other_data_of_the_same_name_go_to_a_person():
    one, other = people(CELLS), people(CELLS | {("F", "N"): 41})
    tables = {"one": one.table("sex"), "other": other.table("sex")}
    report = check_together(tables)
    assert rules(report) == [("linked_tables", "review")]
    assert "“other” could not be compared" in report.findings[0].message
    assert report.of("other")[0].cells == ()
    with pytest.raises(ProtectionError, match="“other” shows"):
        protect_together(tables)


def test_tables_of_other_datasets_are_not_compared():
    other = replace(people(CELLS), name="other")
    tables = pair() | {"far": other.table("region", where="id > 2")}
    assert rules(check_together(tables)) == [("linked_tables", "fail"), ("linked_tables", "review")]
    assert check_together({"all": tables["all"], "far": tables["far"]}).verdict == "review"
    released = {"far": other.table("region", where="id > 2")}
    report = check_together(pair(), released=released)
    assert report.released == ("far",)
    assert "are not compared with each other: “all”, “most” | “far”" in report.notes[0]
    assert check_together(pair()).notes == ()


def test_outputs_of_one_name_made_of_other_data_are_refused_in_words():
    data = people(CELLS, pay=[10.0] * 220)
    tables = [people(CELLS).table("sex"), data.table("sex", statistic="mean", of="pay")]
    with pytest.raises(UnknownColumnError, match="the data of the first of them"):
        check_together(tables)


def test_a_variable_that_only_released_outputs_show_is_left_alone():
    data = people(CELLS, pay=[10.0] * 220)
    old = {
        "mean": data.table("sex", statistic="mean", of="pay"),
        "sum": data.table("sex", statistic="sum", of="pay", where="id > 1"),
    }
    assert check_together({"new": data.table("sex")}, released=old).verdict == "pass"


def test_what_cannot_be_asked_is_refused():
    table = people(CELLS).table("sex")
    with pytest.raises(UnusableTableError, match="at least one table"):
        check_together([])
    with pytest.raises(UnusableTableError, match="two outputs called “a”"):
        check_together({"a": table}, released={"a": table})


def test_an_audit_that_fails_at_the_end_is_an_error(monkeypatch):
    monkeypatch.setattr(hiding.Hiding, "hide", lambda *_: np.zeros(0, dtype=bool))
    monkeypatch.setattr(pattern.Pattern, "grow", lambda self: False)
    with pytest.raises(ProtectionError, match="can still be worked out"):
        protect_together(pair())


def test_the_report_is_shown_in_a_notebook_and_a_terminal():
    data = people(CELLS)
    report = check_together(
        {"<all>": data.table("sex", "region"), "most": data.table("sex", "region", where="id > 1")}
    )
    page = report._repr_html_()
    assert "2 outputs reveal a small group together" in page
    assert "&lt;all&gt;" in page
    assert "<all>" not in page
    console = Console(record=True, width=200)
    console.print(report)
    assert "fail “<all>”: Total minus “most”: Total is 220 - 218 = 2" in console.export_text()
    plain = report.to_dict()
    assert plain["verdict"] == "fail"
    assert plain["findings"][0]["terms"][0] == {
        "output": "<all>",
        "cell": {"sex": "Total", "region": "Total"},
        "times": 1.0,
        "count": 220,
    }
    assert [cell["sex"] for cell in report.of("most")[0].cells] == ["Total"]


def test_findings_of_the_same_outputs_are_told_together():
    def finding(number, output):
        return LinkedFinding(
            rule="linked_tables",
            severity=Verdict.FAIL,
            message=f"Number {number}.",
            remedy="Do something.",
            cells=((output, {"sex": "F"}),),
        )

    policy = people(CELLS).table("sex").policy
    report = LinkedReport(
        findings=(
            *(finding(number, "a") for number in (1, 2, 3)),
            *(finding(0, f"b{number}") for number in range(13)),
        ),
        policy=policy,
        outputs=("a", "b"),
        notes=("A note.",),
    )
    page = report._repr_html_()
    assert "Number 1. The same outputs reveal 2 further such groups. Do something." in page
    assert "and 2 more findings" in page
    assert "A note." in page
    console = Console(record=True, width=200)
    console.print(report)
    assert "and 2 more findings" in console.export_text()


def test_the_solvers_own_fractions_are_no_fewer_people(monkeypatch):
    # 9.9999999999 is 10 where the threshold is 10: otherwise "2 to 9 people" would be told.
    compared = comparison.Comparison(outputs_of(small_circle(), ()))
    system = compared.system(compared.views, is_whole=True)
    by = reader.settled(system, np.ones(len(system.named), dtype=bool))
    (part, *_) = reader.parts_of_system(system, by)
    monkeypatch.setattr(reader, "WHOLE_UP_TO", 0)
    effort = reader.Effort()
    solved(monkeypatch, "optimal", lambda columns: columns - 1e-11)
    low, high = reader.Reader(system, part, effort).lifted(np.arange(len(part.unknowns)), 10)
    assert (high > low).any()
    assert np.array_equal(low, np.round(low))
    assert np.array_equal(high, np.round(high))
    assert effort.in_fractions == 0
