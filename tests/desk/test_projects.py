"""Projects at the desk: the form, the page of one project, and every decision by its own people."""

import re
from collections.abc import Callable

import pytest
from fastapi import FastAPI

from tests.demo import Demo
from tests.demo_people import STUDY
from tests.desk.browser import Browser
from tests.steps import projects_on_their_way as way
from tre.safe_projects.application import Choice
from tre.safe_projects.changes import ChangeKind
from tre.safe_projects.panel import CRITERIA
from tre.safe_projects.project import ProjectState
from tre.steps.change_project import Proposal, decide_change, propose_change
from tre.steps.decide_as_owner import Answer
from tre.steps.projects import load_project, projects

People = Callable[[str], Browser]
TYPED = {
    "title": "School after a first episode",
    "starts": "2026-03-02",
    "ends": "2028-03-01",
    "summary": way.LAY,
    "methods": "Do they fall behind? Regression of attainment on diagnosis.",
    "public_benefit": "Help at school that comes in time.",
    "gateway": ["dea-2017", "section-251"],
    "rec": "25/SC/0229",
    "iras": "356975",
    "cag": "25/CAG/0092",
    "members": "gwen",
    "why:cris:patients.sex": "boys and girls differ in what they reach",
    "why:npd:linked.ks4_attainment8": "it is the outcome of the study",
    "since:npd": "2010",
    "until:npd": "2019",
    "years:npd": "ten years before the pandemic",
    "years:cris": "everybody who was ever a patient",
}


@pytest.fixture
def world(demo: Demo) -> Demo:
    way.with_deciders(demo.tre)
    return demo


def state(demo: Demo, project: str) -> ProjectState:
    return load_project(demo.tre, project).state


def apply(ada: Browser, **changes) -> str:
    answer = ada.send("/projects/new", {**TYPED, **changes})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def test_a_project_goes_from_the_form_to_its_accreditation_by_pages_alone(
    world: Demo, browser: People
):
    ada = browser("ada")
    where = apply(ada)
    project = where.removeprefix("/projects/")
    page = ada.get(where).text
    assert "School after a first episode" in page
    assert "Hand it in" in page
    assert "boys and girls differ" in page
    assert ada.send(f"{where}/submit").status_code == 303
    sol = browser("sol")
    assert f'href="{where}"' in sol.get("/").text
    assert "Advice, and no veto" in sol.get(where).text
    advice = {"opinion": "supports it with suggestions", "text": "Plainer words."}
    assert sol.send(f"{where}/advice", advice).status_code == 303
    assert "Plainer words." in ada.get(where).text
    assert ada.send(f"{where}/answer", {"text": "Done."}).status_code == 303
    for owner, dataset, variable in (
        ("uma", "cris", "patients.sex"),
        ("dora", "npd", "linked.ks4_attainment8"),
    ):
        page = browser(owner).get(where).text
        assert f"Decide on {dataset}" in page
        yes = {
            "dataset": dataset,
            "choice": "approve",
            "reasons": "It fits.",
            "variable": variable,
            "conditions": f"Acknowledge {dataset}.\n\n",
        }
        assert browser(owner).send(f"{where}/data", yes).status_code == 303
    for member in way.PANEL:
        yes = {
            "choice": "approve",
            "reasons": "Well argued.",
            "criterion": list(CRITERIA),
            "no_interest": "yes",
        }
        assert browser(member).send(f"{where}/vote", yes).status_code == 303
    assert state(world, project) is ProjectState.ACCREDITED
    page = ada.get(where).text
    assert "<li>Acknowledge cris.</li><li>Acknowledge npd.</li>" in page
    assert "Well argued." in page
    assert "2010 to 2019" in page
    assert "Acknowledge npd." in browser("cora").get(where).text  # checkers see the conditions too


def test_the_form_keeps_what_was_typed_and_says_what_is_wrong(world: Demo, browser: People):
    answer = browser("ada").send("/projects/new", {**TYPED, "since:npd": "then"})
    assert answer.status_code == 422
    assert "is no year" in answer.text
    assert "boys and girls differ" in answer.text
    assert re.search(r'value="section-251" checked', answer.text)
    answer = browser("ada").send("/projects/new", {**TYPED, "ends": "soon"})
    assert answer.status_code == 422
    assert "is no day" in answer.text
    assert len(projects(world.tre, "ada")) == 2


def test_a_draft_is_edited_with_what_was_typed_before(world: Demo, browser: People):
    ada = browser("ada")
    where = apply(ada, summary="Too short.")
    page = ada.get(where).text
    assert "the lay summary has 2 words" in page.lower()
    form = ada.get(f"{where}/edit").text
    assert "Too short." in form
    assert 'value="356975"' in form
    assert 'value="it is the outcome of the study"' in form
    assert ada.send(f"{where}/edit", TYPED).status_code == 303
    assert ada.send(f"{where}/submit").status_code == 303


def test_only_researchers_are_offered_the_form(world: Demo, browser: People):
    assert "Apply for a project" in browser("ada").get("/projects").text
    assert "Apply for a project" not in browser("cora").get("/projects").text
    assert browser("cora").get("/projects/new").status_code == 404
    assert browser("cora").send("/projects/new", TYPED).status_code == 403


@pytest.mark.parametrize("stranger", ["finn", "nils", "tess"])
def test_ids_of_other_projects_cannot_be_found_out(world: Demo, browser: People, stranger: str):
    there = way.with_panel(world.tre)
    draft = way.a_draft(world.tre)
    one = browser(stranger)
    for method, path, fields in (
        ("GET", "", {}),
        ("GET", "/edit", {}),
        ("GET", "/changes/data", {}),
        ("POST", "/edit", TYPED),
        ("POST", "/submit", {}),
        ("POST", "/vote", {"choice": "refuse", "reasons": "No.", "no_interest": "yes"}),
        ("POST", "/data", {"dataset": "cris", "choice": "refuse", "reasons": "No."}),
        ("POST", "/suspend", {"reason": "No."}),
        ("POST", "/changes/1/chair", {"choice": "refuse", "reasons": "No."}),
    ):
        seen = set()
        for project in (there, draft, "no-such-project"):
            path_of = f"/projects/{project}{path}"
            answer = one.get(path_of) if method == "GET" else one.send(path_of, fields)
            text = re.sub(r'name="csrf" value="[^"]+"', "", answer.text.replace(project, "…"))
            seen.add((answer.status_code, text))
        assert len(seen) == 1, (method, path)
        assert seen.pop()[0] == 404


def test_a_draft_is_not_there_for_staff(world: Demo, browser: People):
    draft = way.a_draft(world.tre)
    for person in ("mia", "omar", "rosa", "sol", "uma"):
        assert browser(person).get(f"/projects/{draft}").status_code == 404
        assert draft not in browser(person).get("/projects").text


def test_votes_of_others_are_not_on_the_page_before_all_have_voted(world: Demo, browser: People):
    project = way.with_panel(world.tre)
    way.vote(world.tre, "priya", project, Choice.REFUSE)
    for person in ("rosa", "ada", "mia", "omar"):
        page = browser(person).get(f"/projects/{project}").text
        assert "priya says so." not in page
        assert "Refuses" not in page
        assert "1 of 3 members have voted" in page
        assert "a member of the panel" in page
    assert "priya says so." in browser("priya").get(f"/projects/{project}").text


def test_a_colleague_of_the_lead_reads_why_they_do_not_vote(world: Demo, browser: People):
    project = way.with_panel(world.tre)
    page = browser("kit").get(f"/projects/{project}").text
    assert "Not yours to vote on" in page
    assert "both of King" in page


def test_a_vote_that_cannot_be_cast_keeps_its_reasons(world: Demo, browser: People):
    project = way.with_panel(world.tre)
    fields = {"choice": "refuse", "reasons": "A long argument.", "criterion": "merit"}
    answer = browser("rosa").send(f"/projects/{project}/vote", fields)
    assert answer.status_code == 422
    assert "A long argument." in answer.text
    assert "no interest in the project" in answer.text


def test_what_waits_is_on_the_first_page_of_whom_it_waits_for(world: Demo, browser: People):
    way.with_panel(world.tre)
    assert "Read and vote" in browser("rosa").get("/").text
    assert "Read and vote" not in browser("kit").get("/").text
    way.with_owners(world.tre)
    assert "Decide on your data" in browser("uma").get("/").text
    assert "Decide on your data" not in browser("nils").get("/").text
    way.advised(world.tre)
    assert "Answer the lay group" in browser("ada").get("/").text
    way.accredited(world.tre)
    assert "Make the extract" in browser("lena").get("/").text


def test_a_manager_is_told_of_a_project_that_is_past_its_last_day(world: Demo, browser: People):
    page = browser("mia").get("/").text
    assert page.count("End it, or let its lead extend it") == 1
    assert "Its last day was 02 January 2025." in page


def test_a_checker_sees_the_conditions_beside_a_request(world: Demo, browser: People):
    decide = Answer(choice=Choice.APPROVE, reasons="Yes.", conditions=("No maps.",))
    proposal = Proposal(kind=ChangeKind.ADD_MEMBER, reason="For it.", member="gwen")
    number = propose_change(world.tre, "ada", STUDY, proposal)
    request = world.submitted()
    assert "No maps." not in browser("cora").get(f"/requests/{request}").text
    decide_change(world.tre, "rosa", STUDY, number, decide)
    for person in ("cora", "ada"):
        assert "No maps." in browser(person).get(f"/requests/{request}").text


def test_changes_are_proposed_and_answered_on_the_page(world: Demo, browser: People):
    where = f"/projects/{STUDY}"
    ada, rosa = browser("ada"), browser("rosa")
    fields = {"kind": "add a member", "member": "gwen", "reason": "She knows the data."}
    assert ada.send(f"{where}/changes", fields).status_code == 303
    assert "Decide on a change" in rosa.get("/").text
    assert "She knows the data." in rosa.get(where).text
    answer = rosa.send(f"{where}/changes/1/chair", {"choice": "approve", "reasons": "Fine."})
    assert answer.status_code == 303
    assert "gwen" in {m.person for m in load_project(world.tre, STUDY).members}
    until = {"kind": "extension", "until": "2020-01-01", "reason": "Longer."}
    answer = ada.send(f"{where}/changes", until)
    assert answer.status_code == 422
    assert "an extension ends after" in answer.text


def test_more_data_are_asked_for_in_the_same_form(world: Demo, browser: People):
    where = f"/projects/{STUDY}"
    ada = browser("ada")
    form = ada.get(f"{where}/changes/data").text
    assert 'value="granted before, and still used"' in form
    fields = {
        "kind": "more data",
        "dataset": "cris",
        "reason": "Sex is needed as well.",
        "years:cris": "all years that there are",
        "why:cris:linked.diagnosis_group": "it was granted before",
        "why:cris:patients.sex": "the study compares by it",
    }
    assert ada.send(f"{where}/changes", fields).status_code == 303
    assert "Change 1: more data" in browser("uma").get(where).text
    yes = {
        "choice": "approve",
        "reasons": "Fine.",
        "variable": ["linked.diagnosis_group", "patients.sex"],
    }
    assert browser("uma").send(f"{where}/changes/1/owner", yes).status_code == 303
    no = {"choice": "refuse", "reasons": "Not argued."}
    assert browser("rosa").send(f"{where}/changes/1/chair", no).status_code == 303
    assert "Not argued." in ada.get(where).text


def test_a_manager_suspends_resumes_and_ends_on_the_page(world: Demo, browser: People):
    where, mia = f"/projects/{STUDY}", browser("mia")
    assert "Suspend the project" in mia.get(where).text
    for verb, then in (("suspend", "suspended"), ("resume", "accredited"), ("end", "ended")):
        assert mia.send(f"{where}/{verb}", {"reason": "A reason."}).status_code == 303
        assert state(world, STUDY) == then
    page = mia.get(where).text
    assert "Workspace archived" in page
    assert "Suspend the project" not in page


def test_what_people_write_never_runs(world: Demo, browser: People):
    evil = "<script>alert(1)</script>"
    ada = browser("ada")
    where = apply(ada, title=evil, methods=evil, **{"why:cris:patients.sex": f"because {evil}"})
    for path in (where, f"{where}/edit", "/projects", "/"):
        assert evil not in ada.get(path).text, path
    assert "&lt;script&gt;" in ada.get(where).text


# The register


def test_the_register_is_read_without_signing_in_and_nothing_else_is(world: Demo, app: FastAPI):
    world.released()
    stranger = Browser(app)
    page = stranger.get("/register")
    assert page.status_code == 200
    assert "Early-onset psychosis and attainment" in page.text
    assert "Diagnosis by sex" in page.text
    told = stranger.get("/register.json").json()["projects"]
    assert {one["state"] for one in told} == {"accredited"}
    assert stranger.get("/projects").status_code == 302
    assert stranger.get("/register/").status_code in {302, 307}
    assert stranger.get("/registers").status_code == 302
    assert stranger.ask("POST", "/register").status_code == 405


def test_the_register_says_nothing_about_applications_and_people(world: Demo, app: FastAPI):
    for make in (way.a_draft, way.with_lay_group, way.with_owners, way.with_panel):
        make(world.tre, title="Not yet decided")
    text = Browser(app).get("/register").text + Browser(app).get("/register.json").text
    assert "Not yet decided" not in text
    for name in ("Ada", "Mensah", "Bola", "rosa", "uma", STUDY):
        assert name not in text


def test_the_pages_of_projects_can_be_used_by_keyboard_and_screen_reader(
    world: Demo, browser: People
):
    where = apply(browser("ada"))
    for path in ("/projects/new", where, f"{where}/edit", f"/projects/{STUDY}", "/register"):
        text = browser("ada").get(path).text
        assert len(re.findall(r"<h1[ >]", text)) == 1
        ids = re.findall(r' id="([^"]+)"', text)
        assert len(ids) == len(set(ids)), path
        for field in re.findall(r'<(?:textarea|select|input)[^>]* id="([^"]+)"', text):
            assert f'for="{field}"' in text, (path, field)


def test_an_argument_that_was_pasted_is_said_to_the_lead_and_to_the_judges(
    world: Demo, browser: People
):
    project = way.with_panel(world.tre)  # three variables of CRIS and two of the NPD, argued alike
    ours, theirs = (browser(who).get(f"/projects/{project}").text for who in ("ada", "priya"))
    for page in (ours, theirs):
        assert "<strong>The same argument for 5 of 5 variables.</strong>" in page
        assert "the study compares people by it" in page
    assert "Say of each what the study does with it" in ours
    assert "It does not keep you from deciding" in theirs
    told = browser("priya").ask("GET", f"/api/v1/projects/{project}").json()["same_arguments"]
    assert [(len(one["variables"]), one["of"]) for one in told] == [(5, 5)]
    apart = (way.ask("cris", "patients.sex"), way.ask("npd", "linked.ks4_attainment8"))
    other = way.with_lay_group(world.tre, asks=apart)
    assert "The same argument" not in browser("ada").get(f"/projects/{other}").text


def test_what_was_granted_was_argued_for_well_enough(world: Demo, browser: People):
    project = way.accredited(world.tre)
    assert "The same argument" not in browser("ada").get(f"/projects/{project}").text
