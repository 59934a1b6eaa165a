"""Code that is brought in, at the desk: the form, the scan's findings, the decision, the API."""

import base64
from collections.abc import Callable

import pytest

from tests.demo import Demo
from tests.demo_people import STUDY
from tests.desk.browser import ADDRESS, Browser
from tre.desk.gate import MOST_BYTES, most_bytes
from tre.desk.shown.code import parts_of

People = Callable[[str], Browser]

SAID = {"project": STUDY, "purpose": "The models.", "source": "Written by us.", "strip": "yes"}


def bring(ada: Browser, *files: tuple[str, bytes], **changes: str) -> str:
    """Fill in the form; the path that the desk sends on to."""
    chosen = files or (("model.py", b"x = 1\n"),)
    answer = ada.send("/ingress/new", {**SAID, **changes}, [("upload", one) for one in chosen])
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def in_workspace(demo: Demo) -> list[str]:
    folder = demo.tre.folders.workspace(STUDY)
    return sorted(str(f.relative_to(folder)) for f in folder.rglob("*") if f.is_file())


def test_a_script_goes_from_the_form_to_the_workspace(demo: Demo, browser: People):
    ada, cora = browser("ada"), browser("cora")
    where = bring(ada)
    assert "Waiting for a checker" in ada.get(where).text
    assert "1 ingress request to decide about" in cora.get("/").text
    assert f'href="{where}"' in cora.get("/ingress").text
    assert "Accept: copy into the workspace" in cora.get(where).text
    assert in_workspace(demo) == []
    assert cora.send(f"{where}/accept", {"file": "1"}).status_code == 303
    assert in_workspace(demo) == ["ingress/1/model.py"]
    assert "/workspace/ingress/1/model.py" in ada.get(where).text
    assert "Nothing waits" in cora.get("/ingress").text


def test_files_are_refused_with_a_reason_that_is_read(browser: People):
    ada, cora = browser("ada"), browser("cora")
    where = bring(ada, ("a.py", b"x = 1\n"), ("b.py", b"y = 1\n"))
    assert cora.send(f"{where}/refuse", {"file": "2", "reason": ""}).status_code == 422
    assert cora.send(f"{where}/refuse", {"file": "2", "reason": "Whose is it?"}).status_code == 303
    assert cora.send(f"{where}/accept", {"file": "1"}).status_code == 303
    assert "Whose is it?" in ada.get(where).text
    assert "accepted in part" in ada.get(where).text


def test_nothing_ticked_is_nothing_done(browser: People, demo: Demo):
    where = bring(browser("ada"))
    answer = browser("cora").send(f"{where}/accept", {})
    assert answer.status_code == 422
    assert "choose at least one file" in answer.text
    assert in_workspace(demo) == []


def test_a_form_that_says_too_little_keeps_what_was_typed(browser: People):
    ada = browser("ada")
    upload = [("upload", ("model.py", b"x = 1\n"))]
    answer = ada.send("/ingress/new", {**SAID, "source": " "}, upload)
    assert answer.status_code == 422
    assert "the source is empty" in answer.text
    assert "The models." in answer.text
    answer = ada.send("/ingress/new", SAID)
    assert answer.status_code == 422
    assert "choose at least one file" in answer.text


def test_findings_stand_at_their_lines_and_nothing_runs(browser: People):
    ada, cora = browser("ada"), browser("cora")
    text = "x = '<script>alert(1)</script>'\nimport requests\ny = 'a\u202eb'\ns\u0441ope = 1\n"
    where = bring(ada, ("model.py", text.encode()))
    seen = cora.get(f"{where}/files/1")
    assert seen.status_code == 200
    assert "<script>alert" not in seen.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in seen.text
    assert 'id="line-2" class="line-look"' in seen.text
    assert 'id="line-3" class="line-block"' in seen.text
    assert 'href="#line-2"' in seen.text
    assert "A module that asks the network" in seen.text
    assert "\u202e" not in seen.text
    assert 'title="U+202E right-to-left override">U+202E</span>' in seen.text
    assert 'title="U+0441 cyrillic small letter es"' in seen.text
    assert "script-src 'self'" in seen.headers["content-security-policy"]
    assert "Accept: copy" not in seen.text


def test_a_notebook_is_shown_cell_by_cell_without_its_outputs(browser: People):
    notebook = (
        b'{"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": [{"cell_type": "code", '
        b'"metadata": {}, "source": "!curl x", "execution_count": 3, "outputs": ["Ada"]}]}'
    )
    ada = browser("ada")
    seen = ada.get(bring(ada, ("a.ipynb", notebook)) + "/files/1").text
    assert "Brought in without outputs of cell 1" in seen
    assert 'id="cell-1-line-1"' in seen
    assert "Cell 1, line 1" in seen
    blocked = ada.get(bring(ada, ("a.ipynb", notebook), strip="") + "/files/2").text
    assert "Nobody can accept this file." in blocked


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.zip", b"PK\x03\x04" + bytes(50)),
        ("a.py", b"\x00\xff" * 50),
        ("<img src=x onerror=alert(1)>.py", b"x = 1\n"),
        ("a\u202egnp.py", b"x = 1\n"),
        ("a.ipynb", b"{"),
    ],
)
def test_what_cannot_come_in_is_shown_safely_too(browser: People, name: str, content: bytes):
    ada, cora = browser("ada"), browser("cora")
    where = bring(ada, (name, content))
    for path in (where, f"{where}/files/1", "/ingress"):
        for person in (ada, cora):
            page = person.get(path)
            assert page.status_code == 200
            assert "<img src=x" not in page.text
            assert "\u202e" not in page.text
    assert cora.send(f"{where}/accept", {"file": "1"}).status_code == 403


def test_only_those_with_a_part_in_it_see_it(browser: People):
    where = bring(browser("ada"))
    for path in (where, f"{where}/files/1"):
        assert browser("finn").get(path).status_code == 404
        assert browser("omar").get(path).status_code == 200
        assert browser("cora").get(path).status_code == 200
    assert browser("cora").get(f"{where}/files/99").status_code == 404
    assert browser("cora").get("/ingress/99").status_code == 404
    for person in ("ada", "bola", "mia", "omar"):
        assert browser(person).send(f"{where}/accept", {"file": "1"}).status_code == 403


def test_a_form_of_another_site_changes_nothing(browser: People, demo: Demo):
    where = bring(browser("ada"))
    cora = browser("cora")
    for fields, origin in (({}, ADDRESS), ({"csrf": cora.csrf}, "http://evil.example")):
        sent = cora.ask(
            "POST", f"{where}/accept", data={"file": "1", **fields}, headers={"origin": origin}
        )
        assert sent.status_code == 403
    assert in_workspace(demo) == []


def test_a_researcher_withdraws_what_waits(browser: People):
    ada = browser("ada")
    where = bring(ada)
    assert ada.send(f"{where}/withdraw").status_code == 303
    assert "withdrawn" in ada.get(where).text
    assert "Nothing waits" in browser("cora").get("/ingress").text


def test_empty_pages_say_what_to_do(browser: People):
    assert "When a researcher brings files" in browser("cora").get("/ingress").text
    assert "Choose “Bring code in”" in browser("ada").get("/ingress").text
    assert "Only a member of a project" in browser("omar").get("/ingress").text
    assert "Scripts, notebooks, short texts" in browser("ada").get("/ingress/new").text
    closed = browser("bola").get("/ingress/new").text
    assert "Safe People" in closed
    assert (
        browser("bola").send("/ingress/new", SAID, [("upload", ("a.py", b"1"))]).status_code == 403
    )


def test_more_than_may_come_in_is_not_even_read(browser: People):
    assert most_bytes("/ingress/new") < MOST_BYTES
    answer = browser("ada").send("/ingress/new", SAID, [("upload", ("a.py", bytes(10 * 2**20)))])
    assert answer.status_code == 413
    many = [("upload", (f"a{n}.py", b"x = 1\n")) for n in range(21)]
    answer = browser("ada").send("/ingress/new", SAID, many)
    assert answer.status_code == 422
    assert "at most 20 files" in answer.text


def test_code_comes_in_by_json_alone(demo: Demo, browser: People):
    ada, cora = browser("ada"), browser("cora")
    files = [
        {"name": name, "content_base64": base64.b64encode(content).decode()}
        for name, content in (("model.py", b"x = 1\n"), ("bad.py", b"# 943 476 5919\n"))
    ]
    sent = {"project": STUDY, "purpose": "Models.", "source": "Ours.", "files": files}
    number = ada.call("POST", "/ingress", **sent).json()["id"]
    (row,) = cora.call("GET", "/ingress/queue").json()
    assert (row["id"], row["waiting"], row["blocked"]) == (number, 1, 1)
    view = cora.call("GET", f"/ingress/{number}").json()
    assert [file["state"] for file in view["files"]] == ["waiting", "blocked"]
    assert view["files"][1]["findings"][0]["rule"] == "identifier"
    assert view["may"]["settings:ingress:accept"] == {"reasons": []}
    content = cora.call("GET", f"/ingress/{number}/files/{view['files'][0]['id']}").json()
    assert base64.b64decode(content["content_base64"]) == b"x = 1\n"
    assert ada.call("POST", f"/ingress/{number}/accept").status_code == 403
    answer = cora.call("POST", f"/ingress/{number}/accept")
    assert answer.json() == {"paths": [f"ingress/{number}/model.py"]}
    assert cora.call("POST", f"/ingress/{number}/refuse", reason="Too late.").status_code == 403
    assert [one["state"] for one in ada.call("GET", "/ingress").json()] == ["accepted in part"]
    bad = {**sent, "files": [{"name": "a.py", "content_base64": "%%"}]}
    assert ada.call("POST", "/ingress", **bad).status_code == 422


def test_a_line_is_cut_where_characters_hide():
    (part,) = parts_of("a.py", "a\u200bé = 1".encode(), ())
    (line,) = part.lines
    assert [(piece.text, piece.mark) for piece in line.pieces] == [
        ("a", ""),
        ("U+200B", "hidden"),
        ("é", "foreign"),
        (" = 1", ""),
    ]
