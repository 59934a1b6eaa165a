"""The pages of files, the ledger and the transfers, by the people who use them."""

import re
from collections.abc import Callable

import nbformat

from tests.demo import Demo
from tests.desk.browser import Browser
from tre.safe_outputs.release_request import FileKind
from tre.steps.ask_for_release import PackageFile
from tre.steps.view_request import view_request

People = Callable[[str], Browser]
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 8


def number_of(demo: Demo, request: int, name: str) -> int:
    view = view_request(demo.tre, "cora", request)
    return next(f.id for group in view.groups for f in group.files if f.name == name)


def test_a_table_is_shown_turned_with_code_declaration_and_words(demo: Demo, browser: People):
    request = demo.submitted()
    file = number_of(demo, request, "table.csv")
    page = browser("cora").get(f"/requests/{request}/files/{file}").text
    assert "As it would leave" in page
    assert re.search(r'<th[^>]*class="across"[^>]*>Sex', page)
    assert "What was declared" in page
    assert "<dt>Counts distinct</dt><dd>person_id</dd>" in page
    assert "linked.group_by(&#39;diagnosis_group&#39;, &#39;sex&#39;).len()" in page
    assert "Cells under 10 are suppressed" in page
    assert 'name="choice" value="approved"' in page


def test_an_author_sees_the_file_without_the_voting(demo: Demo, browser: People):
    request = demo.submitted()
    file = number_of(demo, request, "table.csv")
    page = browser("ada").get(f"/requests/{request}/files/{file}").text
    assert "As it would leave" in page
    assert 'name="choice"' not in page


def test_a_picture_is_served_for_an_image_and_nothing_else(demo: Demo, browser: People):
    svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    request = demo.submitted(
        PackageFile("figure.png", PNG, FileKind.OUTPUT),
        PackageFile("figure.svg", svg, FileKind.OUTPUT),
        PackageFile("page.png", b"<script>alert(1)</script>", FileKind.SUPPORTING),
    )
    cora = browser("cora")
    for name, media in (("figure.png", "image/png"), ("figure.svg", "image/svg+xml")):
        file = number_of(demo, request, name)
        assert (
            f'<img src="/requests/{request}/files/{file}/image"'
            in cora.get(f"/requests/{request}/files/{file}").text
        )
        answer = cora.get(f"/requests/{request}/files/{file}/image")
        assert answer.headers["content-type"] == media
        assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-disposition"] == "inline"
        assert "script-src" not in answer.headers["content-security-policy"]
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    lie = number_of(demo, request, "page.png")
    assert cora.get(f"/requests/{request}/files/{lie}/image").status_code == 404
    page = cora.get(f"/requests/{request}/files/{lie}").text
    assert "This file is not what its name says." in page
    assert "<script>alert" not in page


def test_a_notebook_is_shown_in_a_sandbox_that_runs_nothing(demo: Demo, browser: People):
    evil = '<button data-commandlinker-command="x">go</button><script>alert(1)</script>'
    output = nbformat.v4.new_output("display_data", {"text/html": evil})
    cell = nbformat.v4.new_code_cell("print('hello')", outputs=[output])
    content = nbformat.writes(nbformat.v4.new_notebook(cells=[cell])).encode()
    request = demo.submitted(demo.table_file(), PackageFile("study.ipynb", content, FileKind.CODE))
    file = number_of(demo, request, "study.ipynb")
    cora = browser("cora")
    page = cora.get(f"/requests/{request}/files/{file}").text
    assert f'<iframe class="notebook" sandbox="" src="/requests/{request}/files/{file}/n' in page
    answer = cora.get(f"/requests/{request}/files/{file}/notebook")
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("sandbox; default-src 'none'")
    assert "frame-ancestors 'self'" in policy
    assert "script-src" not in policy
    assert "hello" in answer.text
    assert "commandlinker" not in answer.text
    assert "<script" not in answer.text


def test_a_file_of_another_request_is_not_there(demo: Demo, browser: People):
    request = demo.submitted()
    file = number_of(demo, request, "table.csv")
    assert browser("finn").get(f"/requests/{request}/files/{file}").status_code == 404
    assert browser("cora").get(f"/requests/{request}/files/999").status_code == 404
    assert browser("cora").get(f"/requests/{request}/files/x").status_code == 404


def test_the_files_of_a_request_lead_to_each_other(demo: Demo, browser: People):
    request = demo.submitted()
    first = number_of(demo, request, "table.csv")
    second = number_of(demo, request, "lesson.py")
    page = browser("cora").get(f"/requests/{request}/files/{first}").text
    assert f'data-key-file="next" href="/requests/{request}/files/{second}"' in page


def test_the_ledger_is_verified_on_its_page(demo: Demo, browser: People):
    demo.submitted()
    mia = browser("mia")
    assert "outputs:request:submit" in mia.get("/ledger").text
    assert "The ledger is whole." in mia.send("/ledger/verify").text
    only = mia.get("/ledger?person=cora").text
    assert "<code>outputs:request:submit</code>" not in only


def test_the_transfers_page_is_for_linkers_managers_and_auditors(browser: People):
    assert "Nothing has moved" in browser("lena").get("/transfers").text
    assert browser("ada").get("/transfers").status_code == 403


def test_a_page_that_is_not_there_says_so(browser: People):
    answer = browser("ada").get("/no-such-page")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.text


def test_every_page_can_be_used_by_keyboard_and_screen_reader(demo: Demo, browser: People):
    request = demo.submitted()
    file = number_of(demo, request, "table.csv")
    cora = browser("cora")
    for path in ("/", "/queue", f"/requests/{request}", f"/requests/{request}/files/{file}"):
        text = cora.get(path).text
        assert '<html lang="en">' in text
        assert '<a class="skip" href="#main">' in text
        assert len(re.findall(r"<h1[ >]", text)) == 1
        for field in re.findall(r"<textarea id=\"([^\"]+)\"", text):
            assert f'for="{field}"' in text


def test_the_manager_sees_everybody_every_project_and_every_release(demo: Demo, browser: People):
    request = demo.released()
    mia = browser("mia")
    assert "Bola Adeyemi" in mia.get("/people").text
    assert "All projects" in mia.get("/projects").text
    assert f'href="/requests/{request}"' in mia.get("/releases").text
    assert mia.get("/queue").status_code == 200


def test_people_are_shown_to_those_who_look_after_them_alone(browser: People):
    assert browser("ada").get("/people").status_code == 403
