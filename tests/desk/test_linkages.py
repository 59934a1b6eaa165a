"""The pages and calls about linkages: who may see them, and what they show."""

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from fastapi import FastAPI

from tests.demo import Demo
from tests.demo_people import PEOPLE
from tests.desk.browser import Browser
from tests.desk.test_gate import routes
from tre.safe_data.linkages import linkages
from tre.safe_data.linking.separation.rules import RULES
from tre.safe_data.linking.transfer import Transfer
from tre.vocabulary import Role

People = Callable[[str], Browser]
SEE_LINKAGES = {Role.DATA_LINKER, Role.TRE_MANAGER, Role.AUDITOR}
PAGES = (
    "/linkages",
    "/linkages/npd",
    "/linkages/npd/journey",
    "/linkages/npd/journey.svg",
    "/linkages/npd/audit",
)
CALLS = (
    "/linkages",
    "/linkages/npd",
    "/linkages/npd/separation",
    "/linkages/npd/audit",
)
LETTER = Transfer(
    linkage="npd",
    sender="Clinical Data Linkage Service",
    receiver="Department for Education",
    purpose="identifiers to be matched",
    columns=("cris_pseudonym", "first_name", "last_name", "date_of_birth", "postcode"),
    rows=1_234,
    legal_basis="Section 251 of the NHS Act 2006",
    on=date(2026, 3, 1),
    sha256="a" * 64,
)
RUN = {
    "linkage": "npd",
    "on": "2026-03-01",
    "version": "1",
    "covered": 1_240,
    "opted_out": 6,
    "sent": 1_234,
    "matched": 1_001,
    "withheld": 2,
    "controls": 9_000,
    "transfers": [LETTER.to_dict()],
    "destroyed": ["a" * 64],
}


def has_run(demo: Demo, **changes) -> Path:
    """Leave the record of a finished run, as the linkage itself would."""
    folder = demo.tre.folders.parties / "srs" / "npd" / "1"
    folder.mkdir(parents=True)
    (folder / "run.json").write_text(json.dumps(RUN | changes))
    return folder


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.id)
def test_only_those_who_look_after_linkages_see_them(browser: People, person):
    visitor = browser(person.id)
    status = 200 if person.roles & SEE_LINKAGES else 403
    assert {path: visitor.get(path).status_code for path in PAGES} == dict.fromkeys(PAGES, status)
    assert {path: visitor.call("GET", path).status_code for path in CALLS} == dict.fromkeys(
        CALLS, status
    )
    assert visitor.send("/linkages/npd/separation").status_code == status
    assert ('href="/linkages"' in visitor.get("/").text) == (status == 200)


def test_every_route_about_linkages_is_among_those_that_are_tried(app: FastAPI):
    found = {path.replace("/1", "/npd") for _, path in routes(app) if "/linkages" in path}
    tried = {*PAGES, *(f"/api/v1{path}" for path in CALLS)}
    of_the_report = {"/linkages/npd/report", "/api/v1/linkages/npd/report"}
    assert {path.replace("/api/v/npd", "/api/v1") for path in found} == {
        *tried,
        *of_the_report,
        "/linkages/npd/separation",
    }


def test_the_list_names_every_linkage(browser: People):
    page = browser("lena").get("/linkages").text
    for each in linkages():
        assert f'href="/linkages/{each.id}"' in page
    assert "not run yet" in page


def test_a_linkage_that_nobody_knows_is_not_there(browser: People):
    for path in ("", "/journey", "/journey.svg", "/audit", "/report"):
        assert browser("lena").get(f"/linkages/no-such{path}").status_code == 404


def test_a_linkage_before_its_first_run_says_how_to_run_it(browser: People):
    page = browser("lena").get("/linkages/npd").text
    assert "tre linkage run npd" in page
    assert "Nobody has looked yet" in page
    assert "Linkage report" not in page


def test_a_linkage_shows_its_run_its_route_and_what_was_destroyed(demo: Demo, browser: People):
    has_run(demo)
    page = browser("omar").get("/linkages/npd").text
    assert "1,234 rows" in page
    assert "1. Identifiers, and nothing clinical" in page
    assert f'title="{"a" * 64}"' in page
    assert '<img class="journey" src="/linkages/npd/journey.svg"' in page
    assert "version 1" in browser("omar").get("/linkages").text


def test_a_look_is_taken_and_remembered(demo: Demo, browser: People):
    has_run(demo)
    page = browser("mia").send("/linkages/npd/separation").text
    assert "Separation was kept." in page
    assert page.count(">held</span>") == len(RULES)
    assert "kept</span>" in browser("mia").get("/linkages/npd").text
    assert "kept</span>" in browser("mia").get("/linkages").text


def test_a_violation_is_shown_with_where_and_why(demo: Demo, browser: People):
    folder = has_run(demo, destroyed=[])
    (folder / "names.csv").write_text("Tosin")
    page = browser("mia").send("/linkages/npd/separation").text
    assert "Separation was not kept." in page
    assert "<code>srs/npd/1/names.csv</code> has no place" in page
    again = browser("mia").get("/linkages/npd").text
    assert "violated</span>" in again
    assert "letters-are-destroyed" in again


def test_documents_with_a_style_of_their_own_can_run_nothing(demo: Demo, browser: People):
    has_run(demo)
    for path, kind in (
        ("journey.svg", "image/svg+xml"),
        ("journey", "text/html"),
        ("audit", "text/html"),
    ):
        answer = browser("omar").get(f"/linkages/npd/{path}")
        assert answer.headers["content-type"].startswith(kind)
        assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
        assert "<script" not in answer.text


def test_the_calls_give_what_the_pages_show(demo: Demo, browser: People):
    has_run(demo)
    lena = browser("lena")
    one = lena.call("GET", "/linkages/npd").json()
    assert one["latest"]["sent"] == 1_234
    assert one["journey"]["stops"][0]["carries"][0]["rows"] == 1_234
    assert [each["described"]["id"] for each in lena.call("GET", "/linkages").json()] == [
        each.id for each in linkages()
    ]
    assert lena.call("GET", "/linkages/npd/separation").json()["holds"] is True
    pack = lena.call("GET", "/linkages/npd/audit").json()
    assert pack["headings"][0]["name"] == "Confidentiality"


def test_the_pages_can_be_used_by_keyboard_and_screen_reader(demo: Demo, browser: People):
    has_run(demo)
    for path in ("/linkages", "/linkages/npd"):
        page = browser("omar").get(path).text
        assert len(re.findall(r"<h1[ >]", page)) == 1
        assert '<a class="skip" href="#main">' in page
        # what scrolls can be reached without a mouse, and says what it is
        for region in re.findall(r'<div class="scroll"[^>]*>', page):
            assert 'tabindex="0"' in region
            assert "aria-label=" in region
        assert all("alt=" in image for image in re.findall(r"<img [^>]*>", page))


def test_the_report_is_drawn_from_its_figures(browser: People, monkeypatch: pytest.MonkeyPatch):
    class Told:
        def to_dict(self) -> dict:
            line = {"value": "0 to 6", "linkable": 40, "missed": 4, "rate": 0.1}
            return {
                "linkage": "npd", "version": "1", "on": "2026-03-01", "sent": 50,
                "recall": 0.9, "missed": {"age": [line]},
            }  # fmt: skip

    monkeypatch.setattr("tre.desk.verbs.linkage_report", lambda *_: Told())
    page = browser("lena").get("/linkages/npd/report").text
    assert "By age" in page
    assert "<td>0 to 6</td>" in page
