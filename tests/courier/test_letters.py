"""A letter is understood word for word or refused: nothing in it is guessed at."""

import json
from dataclasses import replace
from typing import Any

import pytest

from tests.courier.conftest import RELEASE
from tre.courier import letters
from tre.courier.intake import UnreadableLetterError
from tre.courier.letters import BudgetAsked, PrivateCountAsked, ReleaseAsked, RequestsAsked
from tre.safe_outputs.release_request import FileKind
from tre.safe_outputs.request_limits import STANDARD

COUNT = {
    "version": 1,
    "kind": "private_count",
    "dataset": "linked",
    "rows": ["sex"],
    "columns": [],
    "where": None,
    "epsilon": 0.5,
}


def read(asked: Any) -> letters.Asked:
    return letters.read(json.dumps(asked).encode())


FILE = {"name": "table.csv", "kind": "output", "declaration": None}


def release_with(**changes: Any) -> dict[str, Any]:
    return {**RELEASE, **changes}


def file_with(**changes: Any) -> dict[str, Any]:
    return release_with(files=[{**FILE, **changes}])


def test_a_release_is_read():
    asked = read(RELEASE)
    assert isinstance(asked, ReleaseAsked)
    assert (asked.title, asked.files[0].name) == ("Attainment", "table.csv")
    assert asked.files[0].kind is FileKind.OUTPUT


def test_the_number_of_files_is_the_installations_as_at_the_desk():
    asked = json.dumps(release_with(files=[FILE] * 3)).encode()
    assert letters.read(asked, replace(STANDARD, files=3))
    with pytest.raises(UnreadableLetterError, match=r"at most 2 files, .* 3; ask for some of them"):
        letters.read(asked, replace(STANDARD, files=2))


def test_a_private_count_is_read():
    asked = read(COUNT)
    assert asked == PrivateCountAsked(
        dataset="linked", rows=("sex",), columns=(), where="", epsilon=0.5
    )


def test_the_small_questions_are_read():
    assert read({"version": 1, "kind": "requests"}) == RequestsAsked()
    assert read({"version": 1, "kind": "budget"}) == BudgetAsked()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not json",
        b"\xff\xfe",
        b"[" * 200_000,
        b'{"version": 1, "version": 1, "kind": "budget"}',
        b'{"version": 1, "kind": "private_count", "epsilon": NaN}',
        b'{"version": ' + b"9" * 6_000 + b"}",
        b"[]",
        b"null",
    ],
    ids=["empty", "text", "not utf-8", "deep", "twice", "nan", "huge number", "list", "null"],
)
def test_what_is_not_the_agreed_json_is_refused(content: bytes):
    with pytest.raises(UnreadableLetterError):
        letters.read(content)


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        # the frame
        ({"kind": "budget"}, "version"),
        ({"version": 2, "kind": "budget"}, "version"),
        ({"version": 1, "kind": "approve"}, "kind"),
        ({"version": 1, "kind": ["budget"]}, "kind"),
        ({"version": 1, "kind": "budget", "person": "mia"}, "person"),
        # a release
        (release_with(author="mia"), "author"),
        (release_with(title=3), "title"),
        (release_with(title="x" * 301), "title"),
        (release_with(title="two\nlines"), "title"),
        (release_with(context="bell \x07"), "context"),
        (release_with(context="half \ud800"), "context"),
        (release_with(context="x" * 20_001), "context"),
        (release_with(files=[]), "files"),
        (release_with(files=[FILE] * 51), "at most 50 files, and this one would have 51"),
        (release_with(files={"name": "a"}), "files"),
        (release_with(files=["table.csv"]), "files"),
        # a file
        (file_with(path="/etc/passwd"), "nothing else"),
        (file_with(kind="withdrawn"), "kind"),
        (file_with(kind=None), "kind"),
        (file_with(declaration=7), "declaration"),
        (file_with(declaration="x" * 70_000), "declaration"),
        (file_with(name="../../etc/passwd"), "plain name"),
        (file_with(name="/etc/passwd"), "plain name"),
        (file_with(name="a\\b.csv"), "plain name"),
        (file_with(name=".bashrc"), "plain name"),
        (file_with(name=".."), "plain name"),
        (file_with(name=" table.csv"), "plain name"),
        (file_with(name="table\u202egpj.csv"), "plain name"),
        (file_with(name="zero\u200bwidth.csv"), "plain name"),
        (file_with(name="line\nbreak.csv"), "control character"),
        (file_with(name="x" * 121), "name"),
        # a private count
        ({**COUNT, "epsilon": True}, "epsilon"),
        ({**COUNT, "epsilon": "1"}, "epsilon"),
        ({**COUNT, "epsilon": 0}, "epsilon"),
        ({**COUNT, "epsilon": -1}, "epsilon"),
        ({**COUNT, "epsilon": 1e999}, "JSON"),
        ({**COUNT, "rows": "sex"}, "rows"),
        ({**COUNT, "rows": ["a"] * 9}, "rows"),
        ({**COUNT, "rows": [3]}, "rows"),
        ({**COUNT, "where": 3}, "where"),
        ({**COUNT, "dataset": None}, "dataset"),
    ],
)
def test_a_field_that_is_wrong_is_named(asked: dict[str, Any], wrong: str):
    with pytest.raises(UnreadableLetterError, match=wrong):
        read(asked)


def test_an_empty_name_is_no_name():
    with pytest.raises(UnreadableLetterError, match="plain name"):
        read(file_with(name=""))


def test_a_long_unknown_field_is_not_echoed_whole():
    with pytest.raises(UnreadableLetterError) as raised:
        read({"version": 1, "kind": "budget", "x" * 5_000: 1})
    assert len(str(raised.value)) < 150
