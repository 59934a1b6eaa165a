"""What a checker is shown of a file that changed since the turn before."""

from collections.abc import Callable

import nbformat
import pytest

from tests.demo import Demo
from tests.desk.browser import Browser
from tre.desk.shown import changes as told
from tre.desk.shown.changes import CellChange, Changes, changes_between, lines_between, of_texts
from tre.desk.shown.file import show
from tre.safe_outputs.release_request import CommentAudience, FileKind, FileOrigin
from tre.steps.ask_for_release import PackageFile
from tre.steps.comment import comment
from tre.steps.describe_group import describe_group
from tre.steps.replace_file import replace_file
from tre.steps.return_request import return_request
from tre.steps.submit_request import submit_request
from tre.steps.view_request import view_request
from tre.steps.withdraw_file import withdraw_file

People = Callable[[str], Browser]

DECLARED = {"rows": ["group"], "columns": ["sex"], "dataset": "linked"}
BEFORE = b"group,sex,value\nMood,Female,30\nMood,Male,24\nOther,Male,9\n"
NOW = b"group,sex,value\nMood,Female,30\nMood,Male,\nOther,Female,12\n"
PNG, OTHER_PNG = (b"\x89PNG\r\n\x1a\n" + bytes([n]) * 8 for n in (1, 2))


def marks(changes: Changes) -> list[str]:
    return [f"{line.mark}{line.text}" for line in changes.lines if line.mark in "+-"]


# What differs


def test_two_versions_of_a_declared_table_differ_cell_by_cell():
    found = changes_between("t.csv", (BEFORE, DECLARED), (NOW, DECLARED))
    assert found.kind == "cells"
    assert found.cells == (
        CellChange(cell="Mood · Male", place="c0-1", was="24", now=""),
        CellChange(cell="Other · Female", place="c1-0", was=None, now="12"),
        CellChange(cell="Other · Male", place="", was="9", now=None),
    )


def test_a_changed_cell_says_on_the_grid_what_it_was():
    changes = changes_between("t.csv", (BEFORE, DECLARED), (NOW, DECLARED))
    shown = show("t.csv", NOW, check=None, declaration=DECLARED, changes=changes)
    assert shown.grid is not None
    assert [(cell.text, cell.changed, cell.was) for cell in shown.grid.cells] == [
        ("30", False, None),
        ("", True, "24"),
        ("12", True, None),
    ]


def test_a_table_without_a_declaration_is_compared_where_its_rows_are_pairs():
    before, now = b"a,b\n1,2\n3,4\n", b"a,b\n1,2\n3,5\n"
    found = changes_between("t.csv", (before, None), (now, None))
    assert [(one.cell, one.was, one.now) for one in found.cells] == [("row 2 · b", "4", "5")]


@pytest.mark.parametrize("now", [b"a,c\n1,2\n3,4\n", b"a,b\n1,2\n", b"a,b\n3,4\n1,2\n5,6\n"])
def test_tables_of_another_form_are_compared_line_by_line(now: bytes):
    found = changes_between("t.csv", (b"a,b\n1,2\n3,4\n", None), (now, None))
    assert found.kind == "lines"
    assert marks(found)


def test_code_is_compared_as_diff_does():
    found = changes_between("a.py", (b"x = 1\ny = 2\n", None), (b"x = 1\ny = 3\n", None))
    assert marks(found) == ["-y = 2", "+y = 3"]
    assert found.lines[0].mark == "@"


def test_a_notebook_is_compared_by_its_cells_and_outputs_and_not_by_its_wrapping():
    def notebook(source: str, picture: str) -> bytes:
        output = nbformat.v4.new_output(
            "display_data", {"text/plain": "<Figure>", "image/png": picture}
        )
        cells = [nbformat.v4.new_code_cell(source, outputs=[output])]
        return nbformat.writes(nbformat.v4.new_notebook(cells=cells)).encode()

    found = changes_between(
        "n.ipynb", (notebook("a\nb", "AAAA"), None), (notebook("a\nc", "BBBB"), None)
    )
    said = marks(found)
    assert said[:2] == ["-b", "+c"]
    assert [line.split(",")[0] for line in said[2:]] == ["-(image/png", "+(image/png"]


def test_two_pictures_are_laid_side_by_side_and_other_bytes_are_only_said_to_differ():
    assert changes_between("a.png", (PNG, None), (OTHER_PNG, None)).kind == "picture"
    assert changes_between("a.bin", (b"\x00\x01", None), (b"\x00\x02", None)).kind == "bytes"
    assert changes_between("a.png", (PNG, None), (b"text", None)).kind == "bytes"


def test_what_is_too_long_to_compare_is_cut_and_said(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(told, "MOST_LINES", 10)
    monkeypatch.setattr(told, "MOST_SHOWN", 5)
    found = lines_between([f"old {n}" for n in range(12)], [f"new {n}" for n in range(9)])
    # 1 line of place, 10 old, 9 new
    assert (len(found.lines), found.more, found.cut_off) == (5, 15, True)
    long = lines_between(["a"], ["b" * 600])
    assert long.lines[-1].text == "b" * 500 + "…"


def test_a_table_of_very_many_cells_is_cut_and_said(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(told, "MOST_CELLS", 2)
    before = b"a,b,c\n1,2,3\n"
    found = changes_between("t.csv", (before, None), (b"a,b,c\n4,5,6\n", None))
    assert (len(found.cells), found.more) == (2, 1)


def test_words_that_did_not_change_or_are_not_kept_have_no_difference():
    assert of_texts("a", "a") is None
    assert of_texts(None, "a") is None
    changed = of_texts("Years: 2010\nSex", "Years: 2011\nSex")
    assert changed is not None
    assert marks(changed) == ["-Years: 2010", "+Years: 2011"]


# On the pages


@pytest.fixture
def second_turn(demo: Demo) -> tuple[Demo, int]:
    """A request in its second turn: its table, code and picture changed, one file new, one gone."""
    request = demo.submitted(
        demo.table_file(protected=False),
        PackageFile("figure.png", PNG, FileKind.OUTPUT),
        PackageFile("same.csv", b"a,b\n20,30\n", FileKind.OUTPUT),
        PackageFile("gone.csv", b"a,b\n40,50\n", FileKind.OUTPUT),
    )
    return_request(demo.tre, "cora", request, "Withhold the small cells, please.")
    table = demo.table_file()
    change(demo, request, "table.csv", table.content, table.declaration)
    change(demo, request, "figure.png", OTHER_PNG)
    change(demo, request, "lesson.py", b"print('<b>protected</b>')\n", origin=FileOrigin.UPLOADED)
    withdraw_file(demo.tre, "ada", request, number_of(demo, request, "gone.csv"))
    view = view_request(demo.tre, "ada", request)
    describe_group(
        demo.tre,
        "ada",
        request,
        view.groups[0].name,
        context=view.groups[0].context,
        controls="Everything under 10 is withheld <now>.",
    )
    comment(demo.tre, "ada", request, view.groups[0].name, "Withheld.", CommentAudience.PUBLIC)
    submit_request(demo.tre, "ada", request)
    return demo, request


def number_of(demo: Demo, request: int, name: str, viewer: str = "ada") -> int:
    view = view_request(demo.tre, viewer, request)
    return next(f.id for g in view.groups for f in g.files if f.name == name)


def change(
    demo: Demo,
    request: int,
    name: str,
    content: bytes,
    declaration: str | None = None,
    origin: FileOrigin = FileOrigin.WORKSPACE,
) -> None:
    replace_file(
        demo.tre,
        "ada",
        request,
        number_of(demo, request, name),
        content=content,
        declaration=declaration,
        origin=origin,
    )


def test_each_changed_file_shows_what_changed(second_turn: tuple[Demo, int], browser: People):
    demo, request = second_turn
    cora = browser("cora")

    def page(name: str) -> str:
        return cora.get(f"/requests/{request}/files/{number_of(demo, request, name, 'cora')}").text

    table = page("table.csv")
    assert "What changed since turn 1" in table
    assert "<del>6</del>" in table  # 6 women with psychosis, withheld now
    assert ">Psychosis (F20-F29) · Female</a></th>" in table
    picture = page("figure.png")
    assert "as it was in turn 1" in picture
    assert picture.count("/image") == 3
    code = page("lesson.py")
    assert "print(&#39;&lt;b&gt;protected&lt;/b&gt;&#39;)" in code
    assert "diff-line removed" in code
    same = page("same.csv")
    assert "What changed since turn" not in same
    for text in (table, same):
        assert "Controls changed since turn 1" in text
        assert "Everything under 10 is withheld &lt;now&gt;." in text
        assert "Context changed since" not in text


def test_the_earlier_picture_is_the_frozen_one_of_the_last_turn(
    second_turn: tuple[Demo, int], browser: People
):
    demo, request = second_turn
    view = view_request(demo.tre, "cora", request)
    file = view.file(number_of(demo, request, "figure.png", "cora"))
    assert file is not None
    assert file.previous is not None
    cora = browser("cora")
    assert cora.get(f"/requests/{request}/files/{file.previous}/image").content == PNG
    assert cora.get(f"/requests/{request}/files/{file.id}/image").content == OTHER_PNG


def test_the_request_says_which_files_changed_came_and_went(
    second_turn: tuple[Demo, int], browser: People
):
    demo, request = second_turn
    view = view_request(demo.tre, "cora", request)
    became = {f.name: f.since_last_turn for g in view.groups for f in g.files}
    assert became == {
        "table.csv": "replaced",
        "figure.png": "replaced",
        "lesson.py": "replaced",
        "same.csv": "",
        "gone.csv": "withdrawn",
    }
    page = browser("cora").get(f"/requests/{request}").text
    assert page.count("changed since last turn") == 3
    assert "withdrawn since last turn" in page
    assert "Controls changed since turn 1" in page


def test_a_file_that_was_replaced_twice_is_held_against_what_checkers_had(demo: Demo) -> None:
    request = demo.submitted(PackageFile("t.csv", b"a\n1\n", FileKind.OUTPUT))
    first = number_of(demo, request, "t.csv", "cora")
    return_request(demo.tre, "cora", request, "Round it, please.")
    change(demo, request, "t.csv", b"a\n2\n")  # nobody but the author ever sees this one
    change(demo, request, "t.csv", b"a\n3\n")
    file = view_request(demo.tre, "ada", request).file(number_of(demo, request, "t.csv"))
    assert file is not None
    assert (file.previous, file.since_last_turn) == (first, "replaced")


def test_in_the_first_turn_nothing_is_compared(demo: Demo, browser: People):
    request = demo.submitted()
    file = number_of(demo, request, "table.csv", "cora")
    cora = browser("cora")
    assert "What changed since turn" not in cora.get(f"/requests/{request}/files/{file}").text
    told = cora.call("GET", f"/requests/{request}/files/{file}/changes").json()
    assert told == {"change": "", "turn": 0, "previous": None, "lost": "", "changes": None}


def test_the_changes_are_there_as_json(second_turn: tuple[Demo, int], browser: People):
    demo, request = second_turn
    file = number_of(demo, request, "table.csv", "cora")
    told = browser("cora").call("GET", f"/requests/{request}/files/{file}/changes").json()
    assert (told["change"], told["turn"], told["changes"]["kind"]) == ("replaced", 1, "cells")
    small = next(c for c in told["changes"]["cells"] if c["was"] == "6")
    assert (small["cell"], small["now"]) == ("Psychosis (F20-F29) · Female", "")
    assert browser("finn").call("GET", f"/requests/{request}/files/{file}/changes").status_code == (
        404
    )


def test_an_earlier_version_that_is_lost_is_said_and_the_file_is_shown(
    second_turn: tuple[Demo, int], browser: People
):
    demo, request = second_turn
    file = view_request(demo.tre, "cora", request).file(
        number_of(demo, request, "table.csv", "cora")
    )
    assert file is not None
    frozen = demo.tre.folders.frozen(request)
    kept = demo.table_file(protected=False).content
    next(one for one in frozen.iterdir() if one.read_bytes() == kept).unlink()
    page = browser("cora").get(f"/requests/{request}/files/{file.id}")
    assert page.status_code == 200
    assert "The version of turn 1 cannot be shown" in page.text
    assert "As it would leave" in page.text
