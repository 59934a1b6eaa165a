"""The pages about people, by those they concern: mine, my account, everybody's, decisions."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from fastapi import FastAPI

from tests.demo import PASSWORD, Demo
from tests.demo_people import KINGS, PRACTICE, SLAM, STUDY
from tests.desk.browser import Browser
from tre.desk.app import create_app
from tre.desk.sign_in import FakeSignIn
from tre.steps.open_account import recover_account
from tre.steps.people import load_person
from tre.steps.projects import load_project
from tre.steps.record_person import record_person
from tre.steps.record_project import record_project
from tre.steps.second_factor import SECONDS, code_at, current_code
from tre.steps.sign_in import sign_in
from tre.steps.start_session import start_session
from tre.steps.tre import SYSTEM

People = Callable[[str], Browser]
SCRIPT = "<script>alert(1)</script>"
EVERYBODY = ("ada", "bola", "cora", "tess", "finn", "mia", "lena", "omar")
MINE = ("/me", "/me/accreditation", "/me/declaration", "/me/supervisor")
ACCOUNT = ("/me/password", "/me/second-factor")
STAFF = ("/people", "/people/ada", "/sanctions")

TOLD = {
    "level": "full",
    "basis": "degree",
    "qualification": "MSc Statistics, Leeds, 2019",
    "training_passed": "2026-02-02",
    "training_certificate": "SRT-77",
    "declaration_version": "2025-1",
    "declared_as": "Finn Walsh",
}


@pytest.mark.parametrize("person", EVERYBODY)
def test_everybody_has_their_own_pages_and_staff_alone_those_of_others(
    browser: People, person: str
) -> None:
    visitor = browser(person)
    for path in (*MINE, *ACCOUNT):
        assert visitor.get(path).status_code == 200, path
    is_staff = person in {"mia", "omar"}
    for path in STAFF:
        if path == f"/people/{person}":
            assert visitor.get(path).status_code == 200  # their own record
        else:
            assert visitor.get(path).status_code == (200 if is_staff else 403), path
    assert visitor.get("/people/nobody").status_code in ({404} if is_staff else {403, 404})
    assert visitor.get("/accreditations/1").status_code in ({404} if is_staff else {403})


def test_my_page_says_in_one_look_what_i_may_what_stops_me_and_what_runs_out(
    demo: Demo, browser: People
) -> None:
    page = browser("bola").get("/me").text
    assert "2 things stand in your way today." in page
    assert "ended on 10 January 2026" in page
    assert 'href="/me/accreditation">Apply for accreditation</a>' in page
    assert re.search(r"What runs out next.*Early-onset psychosis.*Safe Researcher", page, re.S)
    assert "309 days" in page  # from 2 March 2026 to 5 January 2027
    ada = browser("ada").get("/me").text
    assert "Nothing stands in your way today." in ada
    assert "Work on “Early-onset psychosis and attainment”" in ada


def test_an_application_goes_from_the_form_to_a_grant(demo: Demo, browser: People) -> None:
    finn, mia = browser("finn"), browser("mia")
    gaps = finn.send("/me/accreditation", {"level": "full", "then": "submit"})
    assert gaps.status_code == 422
    assert gaps.text.count("<li>") >= 3
    assert "All of this must be put right" in gaps.text
    assert finn.send("/me/accreditation", {**TOLD, "then": "keep"}).status_code == 303
    kept = finn.get("/me/accreditation").text
    assert 'value="SRT-77"' in kept
    assert finn.send("/me/accreditation", {**TOLD, "then": "submit"}).status_code == 303
    assert "It waits for a decision" in finn.get("/me/accreditation").text
    number = re.search(r"/accreditations/(\d+)", mia.get("/people").text)
    assert number
    path = f"/accreditations/{number[1]}"
    assert "2 March 2026 to 1 March 2031" in mia.get(path).text
    unexplained = mia.send(path, {"event": "return", "reason": ""})
    assert unexplained.status_code == 422
    assert "say why" in unexplained.text
    mia.send(path, {"event": "return", "reason": SCRIPT})
    shown = finn.get("/me/accreditation").text
    assert "It came back" in shown
    assert SCRIPT not in shown
    finn.send("/me/accreditation", {**TOLD, "then": "submit"})
    assert mia.send(path, {"event": "grant"}).status_code == 303
    assert load_person(demo.tre, "finn").accreditation is not None
    assert mia.send(path, {"event": "grant"}).status_code == 409
    assert finn.send(path, {"event": "grant"}).status_code == 403


def test_who_holds_an_accreditation_is_told_from_when_it_can_be_renewed(
    demo: Demo, browser: People
) -> None:
    page = browser("ada").get("/me/accreditation").text
    assert "can be renewed from 08 November 2028" in page
    assert "<textarea" not in page
    demo.clock.move(days=(date(2028, 11, 8) - demo.clock.at.date()).days)
    assert "<textarea" in browser("ada").get("/me/accreditation").text


def test_what_people_type_is_shown_as_text(demo: Demo, browser: People) -> None:
    finn = browser("finn")
    evil = {**TOLD, "qualification": SCRIPT, "training_certificate": SCRIPT}
    finn.send("/me/accreditation", {**evil, "then": "submit"})
    for page in (finn.get("/me/accreditation").text, browser("mia").get("/accreditations/1").text):
        assert SCRIPT not in page
        assert "&lt;script&gt;" in page


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"training_passed": "yesterday"}, "is not a day like"),
        ({"level": "grand"}, "is not one of"),
        ({"quantitative_months": "99999"}, "cannot be"),
        ({"qualification": "x" * 10_001}, "10,000 are allowed"),
    ],
)
def test_what_cannot_be_is_told_and_what_was_typed_is_kept(
    browser: People, fields: dict[str, str], words: str
) -> None:
    answer = browser("finn").send("/me/accreditation", {**TOLD, **fields, "then": "keep"})
    assert answer.status_code == 422
    assert words in answer.text
    assert 'value="SRT-77"' in answer.text


def test_a_supervisor_is_asked_and_answers_at_the_desk(demo: Demo, browser: People) -> None:
    study = load_project(demo.tre, STUDY)
    named = replace(study.members[0], person="finn", lead=False)
    record_project(demo.tre, SYSTEM, replace(study, members=(*study.members, named)))
    finn, ada = browser("finn"), browser("ada")
    refused = finn.send("/me/supervisor", {"supervisor": "tess", "project": STUDY})
    assert refused.status_code == 422
    assert "not named on this project" in refused.text
    assert finn.send("/me/supervisor", {"supervisor": "Ada", "project": STUDY}).status_code == 303
    assert "You are asked to supervise" in ada.get("/me").text
    assert finn.send("/me/supervisor/1/answer", {"answer": "confirm"}).status_code == 404
    assert ada.send("/me/supervisor/1/answer", {"answer": "confirm"}).status_code == 303
    assert load_person(demo.tre, "finn").supervisor == "ada"


def test_the_declaration_is_signed_at_the_desk(demo: Demo, browser: People) -> None:
    finn = browser("finn")
    assert "I use the data for the project that names me" in finn.get("/me/declaration").text
    wrong = finn.send(
        "/me/declaration", {"declaration_version": "2025-1", "declared_as": "Somebody"}
    )
    assert wrong.status_code == 422
    finn.send("/me/declaration", {"declaration_version": "2025-1", "declared_as": "Finn Walsh"})
    assert load_person(demo.tre, "finn").declaration_version == "2025-1"


# The account


def test_a_second_factor_is_scanned_confirmed_and_its_secret_never_shown_again(
    demo: Demo, browser: People
) -> None:
    ada = browser("ada")
    asked = {"password": PASSWORD, "code": current_code(demo.tre, "ada")}
    scan = ada.send("/me/second-factor", asked).text
    assert '<svg class="qr"' in scan
    secret = re.search(r'<code class="secret">([A-Z2-7]+)</code>', scan)
    assert secret
    for path in ("/me/second-factor", "/me"):
        assert secret[1] not in ada.get(path).text
    wrong = ada.send("/me/second-factor/confirm", {"code": "000000"})
    assert wrong.status_code == 422
    assert secret[1] in wrong.text
    code = code_at(secret[1], int(demo.clock.at.timestamp()) // SECONDS)
    shown = ada.send("/me/second-factor/confirm", {"code": code}).text
    codes = re.findall(r"<li><code>([a-z2-9-]{19})</code></li>", shown)
    assert len(codes) == 10
    assert codes[0] not in ada.get("/me/second-factor").text
    assert sign_in(demo.tre, "ada", PASSWORD, codes[0]).id == "ada"


def test_without_the_password_an_open_session_shows_no_secret(demo: Demo, browser: People) -> None:
    ada = browser("ada")
    for path in ("/me/second-factor", "/me/recovery-codes"):
        answer = ada.send(path, {"password": "wrong", "code": current_code(demo.tre, "ada")})
        assert answer.status_code == 422
        assert '<svg class="qr"' not in answer.text
        assert 'class="secret"' not in answer.text
        assert "not right" in answer.text


def test_a_new_password_ends_every_other_session_of_mine(demo: Demo, browser: People) -> None:
    here, there, cora = browser("ada"), browser("ada"), browser("cora")
    new = "a password of my very own "
    fields = {"password": PASSWORD, "code": current_code(demo.tre, "ada"), "new": new}
    assert "differ" in here.send("/me/password", {**fields, "again": "x"}).text
    assert here.send("/me/password", {**fields, "again": new}).status_code == 303
    assert here.get("/me").status_code == 200
    assert there.get("/me").status_code == 302
    assert cora.get("/me").status_code == 200
    demo.clock.move(minutes=2)
    sign_in(demo.tre, "ada", new, current_code(demo.tre, "ada"))  # the space is part of it


def test_with_a_temporary_password_the_desk_leads_to_ones_own(demo: Demo, browser: People) -> None:
    record_person(demo.tre, SYSTEM, replace(load_person(demo.tre, "ada"), temporary_password=True))
    ada = browser("ada")
    assert ada.get("/").headers["location"] == "/me"
    assert 'href="/me/password">Choose your own password</a>' in ada.get("/me").text
    assert ada.get("/me/password").status_code == 200
    assert ada.get("/requests/1").status_code in {403, 404}


# Those who look after people


def test_an_account_is_opened_and_its_password_shown_once(demo: Demo, browser: People) -> None:
    mia = browser("mia")
    fields = {"id": "gus", "name": "Gus Grey", "organisation": KINGS, "role": "researcher"}
    shown = mia.send("/accounts/new", fields).text
    password = re.search(r'<code class="secret">([a-z2-9-]+)</code>', shown)
    assert password
    assert sign_in(demo.tre, "gus", password[1], "").temporary_password
    assert password[1] not in mia.get("/people/gus").text
    again = mia.send("/accounts/new", fields)
    assert again.status_code == 422
    assert 'value="Gus Grey"' in again.text
    assert browser("ada").send("/accounts/new", {**fields, "id": "gil"}).status_code == 403


def test_roles_documents_and_training_are_recorded_on_a_persons_page(
    demo: Demo, browser: People
) -> None:
    mia = browser("mia")
    paper = {"kind": "letter of access", "trust": SLAM, "since": "2026-03-01"}
    late = mia.send(
        "/people/finn/documents", {**paper, "until": "2027-02-28", "reference": "LoA 12"}
    )
    assert late.status_code == 303
    details = {"name": "Finn O. Walsh", "organisation": "Barts", "email": "finn@example.org"}
    assert mia.send("/people/finn/details", details).status_code == 303
    wrong = mia.send("/people/finn/details", {**details, "email": "a@b c"})
    assert wrong.status_code == 422
    assert 'value="a@b c"' in wrong.text
    assert load_person(demo.tre, "finn").email == "finn@example.org"
    mia.send("/people/finn/training", {"passed": "2026-02-02"})
    mia.send("/people/finn/roles", {"role": ["researcher", "trainer"]})
    finn = load_person(demo.tre, "finn")
    assert finn.passports[0].reference == "LoA 12"
    assert finn.training_until == date(2031, 2, 1)
    assert len(finn.roles) == 2
    bad = mia.send("/people/finn/documents", {**paper, "until": "soon", "reference": "x"})
    assert bad.status_code == 422
    mia.send("/people/finn/documents/withdraw", {"trust": SLAM, "reference": "LoA 12"})
    assert load_person(demo.tre, "finn").passports == ()
    apart = mia.send("/people/finn/roles", {"role": ["researcher", "auditor"]})
    assert apart.status_code == 403
    assert "at once" in apart.text
    assert mia.send("/people/mia/roles", {"role": ["auditor"]}).status_code == 403
    assert "Change the roles" not in mia.get("/people/mia").text
    assert "Change the roles" not in browser("omar").get("/people/finn").text


def test_an_account_is_given_back_only_to_who_was_seen_and_their_sessions_end(
    demo: Demo, browser: People
) -> None:
    mia, ada = browser("mia"), browser("ada")
    assert mia.send("/people/ada/recover").status_code == 422
    shown = mia.send("/people/ada/recover", {"seen": "yes"}).text
    password = re.search(r'<code class="secret">([a-z2-9-]+)</code>', shown)
    assert password
    assert ada.get("/me").status_code == 302
    assert sign_in(demo.tre, "ada", password[1], "").second_factor_since is None


def test_an_account_that_is_given_back_from_a_shell_ends_its_sessions_as_well(
    demo: Demo, browser: People
) -> None:
    ada, cora = browser("ada"), browser("cora")
    demo.clock.move(minutes=1)
    recover_account(demo.tre, "mia", "ada")
    assert ada.get("/me").status_code == 302
    assert cora.get("/me").status_code == 200
    demo.clock.move(minutes=1)
    assert browser("ada").get("/me").status_code == 200


def test_a_sanction_is_shown_with_its_cascade_before_it_is_imposed_and_lifted(
    demo: Demo, browser: People
) -> None:
    start_session(demo.tre, "ada", STUDY)
    start_session(demo.tre, "finn", PRACTICE)
    demo.submitted()
    mia = browser("mia")
    fields = {"person": "ada", "organisation": "", "breach": "serious breach"}
    shown = mia.send("/sanctions/new", fields).text
    assert "until 30 August 2026" in shown  # 182 days, 2 March included
    for words in ("1 person is barred", "1 running session ends", "1 open request is frozen"):
        assert words in shown
    assert load_person(demo.tre, "ada").sanctions == ()
    imposed = {**fields, "until": "2026-08-30", "reason": SCRIPT, "then": "impose"}
    assert mia.send("/sanctions/new", imposed).status_code == 303
    page = mia.get("/sanctions").text
    assert SCRIPT not in page
    number = re.search(r"/sanctions/(\d+)/lift", page)
    assert number
    assert mia.send(f"/sanctions/{number[1]}/lift", {"reason": ""}).status_code == 422
    assert mia.send(f"/sanctions/{number[1]}/lift", {"reason": "Mended."}).status_code == 303
    assert "Lifted: Mended." in mia.get("/sanctions").text
    both = mia.send("/sanctions/new", {"person": "ada", "organisation": KINGS, "breach": ""})
    assert both.status_code == 422
    assert "name exactly one" in both.text


def test_every_form_names_its_fields_for_a_screen_reader(app: FastAPI, browser: People) -> None:
    pages = {"finn": (*MINE, *ACCOUNT), "mia": ("/accounts/new", "/people/ada", "/sanctions/new")}
    for person, paths in pages.items():
        for path in paths:
            text = browser(person).get(path).text
            assert len(re.findall(r"<h1[ >]", text)) == 1, path
            fields = re.findall(
                r'<(?:input|select|textarea)(?![^>]*type="(?:hidden|checkbox|radio)")'
                r'[^>]* ?id="([^"]+)"',
                text,
            )
            for field in fields:
                assert f'for="{field}"' in text, (path, field)
            assert not re.search(r"\s(style|on\w+)=", text), path
            ids = re.findall(r'\sid="([^"]+)"', text)
            assert len(ids) == len(set(ids)), path


def test_the_first_page_names_what_one_can_do_about_oneself(demo: Demo, browser: People) -> None:
    home = browser("bola").get("/").text
    assert "Your full accreditation ended on 10 January 2026" in home
    assert 'href="/me/accreditation">Apply for accreditation</a>' in home
    assert "passport" not in home.split("Projects</h2>")[0]  # nothing can be done here about it
    finn = browser("finn")
    finn.send("/me/accreditation", {**TOLD, "then": "submit"})
    assert "1 application for accreditation" in browser("mia").get("/").text
    assert "for accreditation" not in browser("omar").get("/").text


def test_with_a_providers_sign_in_no_password_is_asked_for_here(demo: Demo) -> None:
    config = replace(demo.tre.config, oidc_issuer="https://login.example.org")
    app = create_app(replace(demo.tre, config=config), sign_in=FakeSignIn(config))
    ada = Browser(app, "ada")
    assert "with its second factor" in ada.get("/me").text
    for path in ACCOUNT:
        page = ada.get(path).text
        assert 'type="password"' not in page
        assert "Change them there." in page
