"""Stored scripts: what is typed into any field or file name is shown and never comes to life."""

import json
import re
from urllib.parse import urlsplit

import pytest

from tests.demo_people import STUDY
from tests.desk.browser import ADDRESS
from tests.desk.security.crawling import Form, planted_in, read, walk
from tests.desk.security.everybody import KNOWN_PEOPLE
from tests.desk.security.visiting import Desk

MARK = "zq7"
PAYLOAD = (
    f"\"'><img src={MARK} onerror={MARK}(1)><script>{MARK}(2)</script>"
    f"<a href=javascript:{MARK}>{{{{7*7}}}}{{% if {MARK} %}} ${{{MARK}}}"
)
NAMES = (
    f'"><img src=x onerror={MARK}>.csv',
    f"javascript:{MARK}.csv",
    "{{7*7}}.csv",
    f"a\u202evsc.{MARK}.exe",
    f"line\n<script>{MARK}<.csv",
    "tab\tbell\x07.csv",
    f"' autofocus onfocus={MARK} '.csv",
)
"""What a session may call its files: nobody asks it to behave."""

WRITERS = ("ada", "gwen", "rae", "finn", "uma", "sol", "priya", "cora", "lena", "omar", "mia")
ENDING = re.compile(
    r"(withdraw|end|suspend|reject|approve|revoke|recover|password|submit|resume|lift|roles|factor|codes|accounts/new|sanctions/new)$"
)
"""What ends something is pressed last, looked at, and undone."""

NOT_PRESSED = {"/sign-out", "/satre/run"}


@pytest.fixture(scope="module")
def planted(desk: Desk) -> set[tuple[str, str]]:
    """Write into every field of every form that anybody sees; (action, field) of each."""
    written: set[tuple[str, str]] = set()
    for visitor in WRITERS:
        forms = [
            form
            for path, text in walk(desk, visitor)
            for form in read(text, path).forms
            if form.method == "post" and urlsplit(form.action).path not in NOT_PRESSED
        ]
        distinct = {(form.action, *form.fields): form for form in forms}.values()
        for form in sorted(distinct, key=lambda each: bool(ENDING.search(each.action))):
            is_ending = ENDING.search(form.action)
            if is_ending:
                desk.keep()
            written |= write(desk, visitor, form)
            if is_ending:
                desk.go_back()
    return written


def write(desk: Desk, visitor: str, form: Form) -> set[tuple[str, str]]:
    """Send one form with the payload in every field; what comes back at once is looked at too."""
    fields = {**form.fields, **dict.fromkeys(form.typed, PAYLOAD), "csrf": desk.csrf(visitor)}
    answer = desk.ask("POST", form.action, visitor, data=fields, headers={"origin": ADDRESS})
    assert answer.status_code < 500, (form.action, fields)
    if answer.is_redirect:
        answer = desk.ask("GET", answer.headers["location"], visitor)
    assert planted_in(answer.text, form.action, MARK) == [], form.action
    where = re.sub(r"/(\d+|school-[\w-]+|a-study-\w+)(?=/|$)", "/…", urlsplit(form.action).path)
    return {(where, name) for name in form.typed}


def test_every_field_that_can_be_written_into_was(planted: set[tuple[str, str]]):
    assert len({action for action, _ in planted}) >= 20, sorted(planted)
    assert len(planted) >= 60, sorted(planted)


@pytest.mark.parametrize("visitor", KNOWN_PEOPLE)
def test_nothing_that_was_written_comes_to_life(desk: Desk, planted: set, visitor: str):
    shown = 0
    for path, text in walk(desk, visitor):
        assert planted_in(text, path, MARK) == [], path
        assert f"<img src={MARK}" not in text, path
        shown += MARK in text
    if visitor in {"ada", "gwen", "mia"}:
        assert shown > 1, "nothing of what was written is shown: the test proves nothing"


def test_no_template_reads_what_was_written_as_its_own(desk: Desk, planted: set):
    """{{7*7}} stays as it was typed."""
    texts = [text for _, text in walk(desk, "mia")]
    assert any("{{7*7}}" in text for text in texts)
    assert not any(f"49{{% if {MARK}" in text for text in texts)


def test_names_that_a_session_gave_its_files_are_shown_as_text(desk: Desk):
    workspace = desk.demo.tre.folders.workspace(STUDY)
    workspace.mkdir(parents=True, exist_ok=True)
    for name in NAMES:
        (workspace / name.replace("/", "")).write_bytes(b"a,b\n1,2\n")
    text = desk.ask("GET", f"/requests/new?project={STUDY}", "pat").text
    assert planted_in(text, "/requests/new", MARK) == []
    assert "{{7*7}}.csv" in text
    assert "\u202e" not in text, "a name that turns the letters around it reads as another"
    assert "\x07" not in text


@pytest.mark.parametrize("text", ["a\u202eb", "a\x00b", "a\x1bb", "a\u2066b", "a\ufeffb", "\ud800"])
@pytest.mark.parametrize("name", ["comment", "title"])
def test_what_cannot_be_seen_is_refused(desk: Desk, text: str, name: str):
    """Characters that turn a line around, end it or hide in it are told, and kept nowhere."""
    where = f"/requests/{desk.things.draft}/comments" if name == "comment" else "/requests"
    sent = {
        "comment": {"group": "outputs", "text": text},
        "title": {"project": STUDY, "title": text},
    }
    headers = {"origin": ADDRESS, "x-csrf-token": desk.csrf("gwen")}
    headers["content-type"] = "application/json"
    body = json.dumps(sent[name]).encode()
    answer = desk.ask("POST", f"/api/v1{where}", "gwen", content=body, headers=headers)
    assert answer.status_code == 422
    assert re.search("cannot be seen|unable to parse", answer.text)
