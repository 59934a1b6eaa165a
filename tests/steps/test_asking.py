"""Asking for a release: names, sizes, workspaces, what is missing, all or nothing."""

import os
from typing import Any

import pytest

from tests.demo import Demo
from tests.demo_people import PRACTICE, STUDY
from tre.decision import NotThereError, OvertakenError, RefusedError, UnusableRequestError
from tre.safe_outputs.release_request import (
    CommentAudience,
    FileKind,
    FileOrigin,
    State,
    VoteChoice,
)
from tre.steps import submit_request as submitting
from tre.steps.add_file import add_file
from tre.steps.ask_for_release import PackageFile, ask_for_release
from tre.steps.comment import comment
from tre.steps.create_request import create_request
from tre.steps.describe_group import describe_group
from tre.steps.my_requests import my_requests
from tre.steps.replace_file import replace_file
from tre.steps.request_file import request_file
from tre.steps.return_request import return_request
from tre.steps.set_file_kind import set_file_kind
from tre.steps.submit_request import submit_request
from tre.steps.verify_ledger import verify_ledger
from tre.steps.view_request import view_request
from tre.steps.views import FileView
from tre.steps.withdraw_file import withdraw_file
from tre.steps.withdraw_request import withdraw_request

CSV = b"sex,people\nFemale,94\nMale,106\n"


def draft(demo: Demo, *names: str) -> int:
    request = create_request(demo.tre, "ada", STUDY, "Sex of the cohort")
    for name in names:
        add(demo, request, name)
    return request


def add(demo: Demo, request: int, name: str, content: bytes = CSV) -> int:
    return add_file(
        demo.tre,
        "ada",
        request,
        name=name,
        content=content,
        kind=FileKind.OUTPUT,
        origin=FileOrigin.WORKSPACE,
    )


def replace(demo: Demo, request: int, number: int, content: bytes) -> int:
    return replace_file(
        demo.tre, "ada", request, number, content=content, origin=FileOrigin.WORKSPACE
    )


def describe(demo: Demo, request: int, group: str = "outputs") -> None:
    describe_group(
        demo.tre, "ada", request, group, context="The cohort by sex.", controls="None below 10."
    )


def files(demo: Demo, request: int, viewer: str = "ada") -> list[FileView]:
    view = view_request(demo.tre, viewer, request)
    return [file for group in view.groups for file in group.files]


# By hand, step by step


def test_a_request_is_made_by_hand(any_demo: Demo) -> None:
    request = draft(any_demo, "sex.csv")
    describe(any_demo, request)
    submit_request(any_demo.tre, "ada", request)
    view = view_request(any_demo.tre, "ada", request)
    assert (view.state, view.turn, view.i_am) == (State.SUBMITTED, 1, "author")
    assert view.submitted_at == any_demo.clock.at
    file = files(any_demo, request)[0]
    assert file.check is not None
    assert file.check["provenance"] == "asserted"  # no declaration: only the researcher's word
    assert view.worst_verdict != "pass"
    assert request_file(any_demo.tre, "ada", request, file.id).bytes == CSV


def test_everything_that_is_missing_is_said_at_once(demo: Demo) -> None:
    request = draft(demo)
    with pytest.raises(RefusedError) as refusal:
        submit_request(demo.tre, "ada", request)
    assert "at least one output" in str(refusal.value)
    add(demo, request, "sex.csv")
    with pytest.raises(RefusedError) as refusal:
        submit_request(demo.tre, "ada", request)
    assert "context" in str(refusal.value)
    assert "controls" in str(refusal.value)


def test_a_file_can_change_its_kind_be_replaced_and_be_withdrawn(demo: Demo) -> None:
    request = draft(demo, "a.csv", "b.csv")
    first, second = (file.id for file in files(demo, request))
    set_file_kind(demo.tre, "ada", request, first, FileKind.SUPPORTING)
    third = replace(demo, request, second, b"x\n1\n")
    withdraw_file(demo.tre, "ada", request, first)
    assert [(file.id, file.name, file.kind) for file in files(demo, request)] == [
        (first, "a.csv", FileKind.WITHDRAWN),
        (third, "b.csv", FileKind.OUTPUT),
    ]
    add(demo, request, "a.csv")  # the name is free again


@pytest.mark.parametrize("step", ["withdraw", "replace", "kind"])
def test_a_file_that_is_gone_cannot_be_changed(demo: Demo, step: str) -> None:
    request = draft(demo, "a.csv")
    number = files(demo, request)[0].id
    withdraw_file(demo.tre, "ada", request, number)
    change = {
        "withdraw": lambda: withdraw_file(demo.tre, "ada", request, number),
        "replace": lambda: replace(demo, request, number, b"1"),
        "kind": lambda: set_file_kind(demo.tre, "ada", request, number, FileKind.CODE),
    }
    with pytest.raises(UnusableRequestError, match="not any more"):
        change[step]()


def test_a_person_has_one_open_request_in_a_project(any_demo: Demo) -> None:
    request = draft(any_demo)
    with pytest.raises(RefusedError, match=f"your request {request}"):
        create_request(any_demo.tre, "ada", STUDY, "Another")
    withdraw_request(any_demo.tre, "ada", request)
    assert create_request(any_demo.tre, "ada", STUDY, "Another") == request + 1


def test_in_a_practice_project_a_trainee_asks_without_accreditation(demo: Demo) -> None:
    number = ask_for_release(demo.tre, "finn", PRACTICE, demo.package())
    assert view_request(demo.tre, "tess", number).i_am == "member"


# Names, sizes and texts

BAD_NAMES = {
    "": "is empty",
    " ": "is empty",
    "../table.csv": "has one of",
    "a/b.csv": "has one of",
    "a\\b.csv": "has one of",
    "..": "begins with a dot",
    ".hidden": "begins with a dot",
    " a.csv": "a space",
    "a.csv ": "a space",
    "a.": "ends with a dot",
    "a\n.csv": "cannot be seen",
    "a\0.csv": "cannot be seen",
    "a\x1b[31m.csv": "cannot be seen",
    "a\u202evsc.exe": "cannot be seen",
    "a\u200b.csv": "cannot be seen",
    "a\ud800.csv": "cannot be seen",
    "x" * 121: "is too long",
    "é" * 61: "is too long",
    "NUL": "another meaning",
    'a".csv': "has one of",
    "<img>.png": "has one of",
}


@pytest.mark.parametrize(("name", "problem"), BAD_NAMES.items())
def test_names_that_lead_elsewhere_or_deceive_are_refused(
    demo: Demo, name: str, problem: str
) -> None:
    with pytest.raises(UnusableRequestError, match=problem):
        add(demo, draft(demo), name)


@pytest.mark.parametrize(
    "name", ["Tabelle für Süd.csv", "表.csv", "a" * 116 + ".csv", "a.b-c_d (1).csv"]
)
def test_names_of_any_script_are_taken(demo: Demo, name: str) -> None:
    request = draft(demo, name)
    assert files(demo, request)[0].name == name


@pytest.mark.parametrize("second", ["table.csv", "TABLE.csv", "Table.CSV"])
def test_a_name_is_taken_once_capitals_or_not(demo: Demo, second: str) -> None:
    request = draft(demo, "table.csv")
    with pytest.raises(UnusableRequestError, match="already"):
        add(demo, request, second)


def test_two_spellings_of_one_accent_are_one_name(demo: Demo) -> None:
    request = draft(demo, "tabl\u00e9.csv")
    with pytest.raises(UnusableRequestError, match="already"):
        add(demo, request, "table\u0301.csv")


def test_empty_and_huge_files_are_refused(demo: Demo) -> None:
    request = draft(demo)
    with pytest.raises(UnusableRequestError, match="is empty"):
        add(demo, request, "a.csv", b"")
    with pytest.raises(UnusableRequestError, match="16 MiB; ask the TRE manager"):
        add(demo, request, "a.csv", bytes(16 * 2**20 + 1))
    assert add(demo, request, "a.csv", b"1" * (16 * 2**20))


@pytest.mark.parametrize("declaration", ["", "[]", "{", "1", "[" * 100_000, "x" * 100_001])
def test_a_declaration_is_one_json_object(demo: Demo, declaration: str) -> None:
    with pytest.raises(UnusableRequestError, match="declaration"):
        add_file(
            demo.tre,
            "ada",
            draft(demo),
            name="a.csv",
            content=CSV,
            kind=FileKind.OUTPUT,
            declaration=declaration,
            origin=FileOrigin.SESSION,
        )


@pytest.mark.parametrize("title", ["", "  \n ", "x" * 201, "a\x00b", "a\u202eb"])
def test_titles_that_will_not_do_are_refused(demo: Demo, title: str) -> None:
    with pytest.raises(UnusableRequestError, match="title"):
        create_request(demo.tre, "ada", STUDY, title)


def test_a_text_keeps_its_lines_and_loses_the_space_around_it(demo: Demo) -> None:
    request = draft(demo, "a.csv")
    describe_group(
        demo.tre, "ada", request, "outputs", context=" one\r\ntwo ", controls="<b>three</b>"
    )
    group = view_request(demo.tre, "ada", request).groups[0]
    assert (group.context, group.controls) == ("one\ntwo", "<b>three</b>")


# In one call


def test_a_protected_table_is_asked_for_in_one_call_and_made_again(demo: Demo) -> None:
    request = demo.submitted()
    view = view_request(demo.tre, "ada", request)
    assert (view.state, view.worst_verdict, view.policy) == (State.SUBMITTED, "pass", "srs")
    table, code = files(demo, request)
    assert (table.kind, code.kind) == (FileKind.OUTPUT, FileKind.CODE)
    assert table.check is not None
    assert table.check["provenance"] == "recomputed"
    assert table.declaration is not None
    assert code.check is None


def test_a_disclosive_table_is_taken_and_shown_as_fail(demo: Demo) -> None:
    request = demo.submitted(demo.table_file(protected=False))
    table = files(demo, request)[0]
    assert table.check is not None
    assert table.check["verdict"] == "fail"
    cells = [cell for finding in table.check["findings"] for cell in finding["cells"]]
    assert {"diagnosis_group": "Psychosis (F20-F29)", "sex": "Female"} in cells


def test_plain_tuples_are_taken_for_files(demo: Demo) -> None:
    plain: Any = tuple(demo.table_file())
    package = demo.package(plain)
    assert ask_for_release(demo.tre, "ada", STUDY, package)


BROKEN = {
    "two files of one name": (PackageFile("lesson.py", b"1", FileKind.CODE),),
    "no output": (PackageFile("a.txt", b"1", FileKind.SUPPORTING),),
    "an empty file": (PackageFile("a.csv", b"", FileKind.OUTPUT),),
    "a bad name": (PackageFile("../a.csv", b"1", FileKind.OUTPUT),),
    "a bad declaration": (PackageFile("a.csv", b"1", FileKind.OUTPUT, "no"),),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_a_call_that_fails_leaves_nothing_behind(demo: Demo, broken: str) -> None:
    wanted = (RefusedError, UnusableRequestError)
    with pytest.raises(wanted):
        ask_for_release(demo.tre, "ada", STUDY, demo.package(*BROKEN[broken]))
    assert my_requests(demo.tre, "ada") == ()
    assert list((demo.tre.config.home / "requests").iterdir()) == []
    assert demo.submitted() == 1  # not even a number was lost


def test_a_full_disk_while_freezing_leaves_nothing_behind(
    demo: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    package = demo.package()
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(UnusableRequestError, match="No space left"):
            ask_for_release(demo.tre, "ada", STUDY, package)
    assert my_requests(demo.tre, "ada") == ()
    assert list((demo.tre.config.home / "requests").rglob("*")) == []
    assert verify_ledger(demo.tre).whole


def test_somebody_who_may_not_leaves_only_a_line_in_the_ledger(demo: Demo) -> None:
    with pytest.raises(RefusedError) as refusal:
        ask_for_release(demo.tre, "bola", STUDY, demo.package())
    assert len(refusal.value.decision.reasons) == 2  # accreditation, passport
    assert my_requests(demo.tre, "bola") == ()


def test_there_is_no_request_in_a_project_that_is_not_there(demo: Demo) -> None:
    with pytest.raises(NotThereError):
        ask_for_release(demo.tre, "ada", "no-such-project", demo.package())


def test_a_request_changed_while_it_is_checked_is_not_submitted(
    demo: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = draft(demo, "a.csv")
    describe(demo, request)
    check = submitting.check_files

    def slow_check(*asked: Any, **also: Any) -> object:
        add(demo, request, "sneaked-in.csv")
        return check(*asked, **also)

    monkeypatch.setattr(submitting, "check_files", slow_check)
    with pytest.raises(OvertakenError, match="changed while"):
        submit_request(demo.tre, "ada", request)
    assert view_request(demo.tre, "ada", request).state is State.DRAFT


# Coming back


def test_a_returned_request_is_answered_changed_and_submitted_again(demo: Demo) -> None:
    request = demo.submitted(demo.table_file(protected=False))
    demo.review(request, "cora", VoteChoice.CHANGES_REQUESTED)
    demo.review(request, "deniz", VoteChoice.CHANGES_REQUESTED)
    return_request(demo.tre, "cora", request, "Please suppress the small cell.")
    returned = view_request(demo.tre, "ada", request)
    assert returned.state is State.RETURNED
    assert "Please suppress the small cell." in [c.text for c in returned.groups[0].comments]
    assert files(demo, request)[0].decision == "changes requested"

    protected = demo.table_file()
    new = replace_file(
        demo.tre,
        "ada",
        request,
        files(demo, request)[0].id,
        content=protected.content,
        declaration=protected.declaration,
        origin=FileOrigin.SESSION,
    )
    with pytest.raises(RefusedError, match="Answer"):
        submit_request(demo.tre, "ada", request)
    comment(demo.tre, "ada", request, "outputs", "Suppressed.", CommentAudience.PUBLIC)
    submit_request(demo.tre, "ada", request)
    view = view_request(demo.tre, "cora", request)
    assert (view.state, view.turn, view.worst_verdict) == (State.SUBMITTED, 2, "pass")
    table = view.file(new)
    assert table is not None
    assert table.changed_since_last_turn
    assert (table.votes, table.my_vote) == ((), None)  # votes were on the old one


def test_a_file_left_alone_is_not_marked_as_changed(demo: Demo) -> None:
    request = demo.submitted(demo.table_file(), demo.table_file(name="again.csv"))
    return_request(demo.tre, "cora", request, "Say which years.")
    first = files(demo, request)[0]
    replace(demo, request, first.id, b"sex\n1\n")
    assert [(f.name, f.changed_since_last_turn) for f in files(demo, request)] == [
        ("again.csv", False),
        ("lesson.py", False),
        ("table.csv", True),
    ]


def test_what_is_with_the_checkers_cannot_be_changed(demo: Demo) -> None:
    request = demo.submitted()
    with pytest.raises(OvertakenError, match="submitted"):
        add(demo, request, "late.csv")
    with pytest.raises(OvertakenError, match="submitted"):
        withdraw_request(demo.tre, "ada", request)
