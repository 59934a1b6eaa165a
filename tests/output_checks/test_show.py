"""Tables where people work: escaped, without script, marked, in words."""

import re

import polars as pl
from rich.console import Console

from output_checks import Data, Verdict, compare
from output_checks.finding import Finding, Report
from output_checks.show import pivot as laying
from output_checks.show.console import report_lines
from output_checks.show.drawing import Drawing
from output_checks.show.grouped import grouped
from output_checks.show.html import html_table
from output_checks.words import Provenance
from tests.output_checks.drawing import data

SMALL = "F M X\na 30 3 41\nb 25 33 27\nc 60 35 18"


def drawn(table):
    console = Console(width=120, record=True, file=open("/dev/null", "w"))  # noqa: PTH123, SIM115
    with console.capture() as captured:
        console.print(table)
    console.file.close()
    return captured.get()


def test_a_notebook_shows_the_verdict_the_cells_and_the_reasons():
    page = data(SMALL).table("group", "sex")._repr_html_()
    assert "Fail: 1 finding in 1 cell under the policy srs" in page
    assert re.search(r'<td class="oc-fail" title="3 people[^"]*at least 10', page)
    assert '✕ </span><span class="oc-said">fails: </span>3</td>' in page
    assert "Number of people by group and sex" in page
    assert "prefers-color-scheme:dark" in page
    assert "background:var(--oc-page)" in page
    assert 'data-jp-theme-light="false"' in page


def test_nothing_in_it_runs_or_is_fetched():
    frame = pl.DataFrame(
        {
            "id": range(40),
            'g"<b>': ["<script>alert(1)</script>"] * 20 + ['" onmouseover="x'] * 20,
        }
    )
    page = Data.read(frame, unit="id").table('g"<b>')._repr_html_()
    assert "<script" not in page
    assert "<b>" not in page
    assert 'onmouseover="' not in page.replace("&quot;", "")
    assert "src=" not in page
    assert "href" not in page
    assert "&lt;script&gt;" in page


def test_withheld_cells_are_marked_and_say_what_a_reader_can_tell():
    page = data(SMALL).table("group", "sex").protect("suppress")._repr_html_()
    assert "Pass: no rule" in page
    assert page.partition("<details>")[0].count("[c]</td>") == 4
    assert "withheld: a reader can tell 0 to " in page
    assert "4 of 16 cells are withheld." in page
    open_ended = data(SMALL).table("group", "sex", margins=False).protect("suppress")
    assert "a reader can tell 0 to anything" in open_ended._repr_html_()


def test_means_show_who_is_behind_them():
    frame = pl.DataFrame(
        {
            "id": [i // 2 for i in range(80)],
            "g": ["a"] * 40 + ["b"] * 40,
            "x": [1.0, 2.0] * 20 + [None] * 40,
        }
    )
    page = Data.read(frame, unit="id").table("g", statistic="mean", of="x")._repr_html_()
    assert (
        "20 people · 40 records · 20 people with a value · 20 people with the higher of its two "
        "values · 20 people with the lower · largest contributor 5.0 %"
    ) in page
    assert "Mean of x by g" in page
    assert "1.50" in page
    assert "\u2013</td>" in page  # nobody has a value: not withheld


def test_a_mean_is_shown_to_two_decimals_and_whole_on_hover_and_in_the_file():
    frame = pl.DataFrame({"id": range(60), "g": ["a", "b"] * 30, "x": [1.0, 2, 3] * 19 + [1.0] * 3})
    table = Data.read(frame, unit="id").table("g", statistic="mean", of="x")
    exact = table.cells["value"][0]
    page = table._repr_html_()
    assert f'title="exactly {exact!r} · ' not in page  # on a line of its own
    assert f"exactly {exact!r}\n30 people" in page
    assert f">{exact:.2f}</td>" in page
    assert repr(exact) not in drawn(table)
    assert repr(exact) in table.to_csv()


def test_several_columns_are_headed_level_by_level():
    frame = pl.DataFrame(
        {"id": range(80), "a": [0, 1] * 40, "b": [0, 0, 1, 1] * 20, "c": [0] * 40 + [1] * 40}
    )
    page = Data.read(frame, unit="id").table("a", ["b", "c"])._repr_html_()
    assert '<th class="oc-name oc-across" colspan="9">b / c</th>' in page
    assert page.count('<th colspan="3" scope="colgroup"') == 3  # 0, 1, Total of b, over those of c


def test_long_tables_are_cut_and_say_so(monkeypatch):
    monkeypatch.setattr(laying, "MOST_ROWS", 2)
    table = data(SMALL).table("group", "sex")
    assert "Not shown here: 2 of 4 rows; files hold everything." in table._repr_html_()
    assert "Total" in drawn(table)


def test_findings_of_one_rule_are_told_together():
    rows = "\n".join(f"r{i} 3 40 40" for i in range(20))
    table = data("F M X\n" + rows).table("group", "sex")
    assert len(table.report().to_dict()["findings"]) == 20
    page = table._repr_html_()
    assert page.count("<li>") == 1
    assert "20 cells. Of the first: The cell describes 3 people" in page
    assert page.count("3 people\nThe cell describes 3 people") == 20  # each on its own cell
    assert "20 cells. Of the first: " in " ".join(drawn(table).split())


def test_few_findings_or_of_different_remedies_are_told_apart():
    def made(rule, remedy, *labels):
        cells = tuple({"g": label} for label in labels)
        return Finding(rule=rule, severity=Verdict.FAIL, message="m", remedy=remedy, cells=cells)

    two = (made("a", "r", "x"), made("a", "r", "y"))
    assert grouped(two) == two
    apart = (*two, made("a", "s", "z"), made("b", "r", "z"))
    assert grouped(apart) == apart
    whole = (made("a", "r"), made("a", "r"), made("a", "r"))
    assert grouped(whole) == whole
    assert [len(one.cells) for one in grouped((*two, made("a", "r", "y"), *whole))] == [2, 0, 0, 0]


def test_many_findings_are_counted():
    many = tuple(
        Finding(rule="x", severity=Verdict.FAIL, message="m", remedy="r") for _ in "a" * 20
    )
    table = data(SMALL).table("group", "sex")
    report = Report(findings=many, provenance=Provenance.RECOMPUTED, policy=table.policy)
    assert report_lines(report)[-1].plain == "and 8 more findings"
    assert "and 8 more." in html_table(
        Drawing(grids=table.grids, report=report, declaration=table.declaration)
    )


def test_the_terminal_shows_the_same():
    table = data(SMALL).table("group", "sex")
    text = drawn(table)
    assert "Fail: 1 finding in 1 cell" in text
    assert "✕ 3" in text
    assert "threshold" in text
    protected = drawn(table.protect("suppress"))
    assert protected.count("[c] \N{BOX DRAWINGS LIGHT VERTICAL}") == 4
    assert protected.count("[c] withheld") == 1
    assert "4 of 16 cells are withheld" in protected
    assert "count" in drawn(data(SMALL).table("group"))


def test_labels_in_brackets_are_no_markup():
    frame = pl.DataFrame({"id": range(20), "g": ["[red]x"] * 20})
    assert "[red]x" in drawn(Data.read(frame, unit="id").table("g"))


def test_a_review_is_said_in_words():
    table = data("F M X\na 30 0 41\nb 25 33 27\nc 60 35 18").table("group", "sex")
    assert "Review: 1 finding in 1 cell that a person must judge" in table._repr_html_()
    assert "? 0" in drawn(table)
    assert repr(table) == "<Table of 16 cells: review, 1 findings, policy srs>"


def test_a_report_that_is_asserted_never_passes():
    policy = data(SMALL).table("group").policy
    report = Report(findings=(), provenance=Provenance.ASSERTED, policy=policy)
    assert report.verdict is Verdict.REVIEW
    finding = Finding(rule="x", severity=Verdict.FAIL, message="m", remedy="r")
    assert Report(findings=(finding,), provenance=Provenance.REPRODUCED, policy=policy).to_dict()[
        "findings"
    ] == [{"rule": "x", "severity": "fail", "cells": [], "message": "m", "remedy": "r"}]


def test_a_terminal_that_is_too_narrow_goes_on_underneath():
    frame = pl.DataFrame(
        {"id": range(300), "g": ["a", "b", "c"] * 100, "year": [2000 + i // 20 for i in range(300)]}
    )
    table = Data.read(frame, unit="id").table("g", "year")
    console = Console(width=60, file=open("/dev/null", "w"))  # noqa: PTH123, SIM115
    with console.capture() as captured:
        console.print(table)
    console.file.close()
    text = captured.get()
    assert text.count("│ c ") == 3  # the rows' headings stand beside each strip
    assert max(map(len, text.splitlines())) <= 60
    assert "…" not in text


def test_labels_cannot_move_the_cursor():
    frame = pl.DataFrame({"id": range(20), "g": ["a\x1b[2J\nb\u202e"] * 20})
    text = drawn(Data.read(frame, unit="id").table("g"))
    assert "\x1b[2J" not in text
    assert "\u202e" not in text
    assert "a\ufffd[2J\ufffdb\ufffd" in text


def test_findings_about_labels_cannot_move_the_cursor():
    frame = pl.DataFrame({"id": range(20), "g": ["a\x1b[2J"] * 20, "h\x1b[2J": ["b", "c"] * 10})
    data = Data.read(frame, unit="id")
    text = drawn(data.table("g", "h\x1b[2J", where="g = 'a\x1b[2J' AND id >= 0"))
    assert "Everybody" not in text  # where chose them
    assert "\x1b[2J" not in text
    text = drawn(data.table("g", "h\x1b[2J"))
    assert "Everybody in the table has g = a\ufffd[2J" in text
    assert "\x1b[2J" not in text


def test_a_comparison_has_its_own_background_light_and_dark():
    page = compare(data(SMALL).table("group", "sex"), (("suppress", {}),))._repr_html_()
    assert "background:var(--page)" in page
    light, dark = (page.index(f"--page:{one}") for one in ("#fff", "#16191d"))
    assert light < page.index("prefers-color-scheme:dark") < dark
