"""Projects by JSON alone: the same steps, refused for the same reasons, and no id to find out."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.demo import Demo
from tests.demo_people import STUDY
from tests.desk.browser import Browser
from tests.steps import projects_on_their_way as way
from tre.safe_projects.panel import CRITERIA

People = Callable[[str], Browser]
SENT: dict[str, Any] = {
    "title": "School after a first episode",
    "starts": "2026-03-02",
    "ends": "2028-03-01",
    "summary": way.LAY,
    "methods": "Regression of attainment on diagnosis.",
    "public_benefit": "Help at school that comes in time.",
    "gateways": ["dea-2017"],
    "rec": "25/SC/0229",
    "iras": "356975",
    "data": [
        {
            "dataset": "cris",
            "variables": {"patients.sex": "boys and girls differ"},
            "since_year": 2010,
            "why_years": "the years of the reform",
        }
    ],
}

GRANT = {"choice": "approve", "reasons": "Fine.", "variables": ["patients.sex"]}
BALLOT = {
    "choice": "approve",
    "reasons": "Yes.",
    "criteria": list(CRITERIA),
    "conditions": ["Report yearly."],
    "no_interest": True,
}


@pytest.fixture
def world(demo: Demo) -> Demo:
    way.with_deciders(demo.tre)
    return demo


def accredited(browser: People) -> str:
    """Bring a project to its accreditation; its path."""
    ada = browser("ada")
    path = "/projects/" + ada.call("POST", "/projects", **SENT).json()["project"]
    assert ada.call("POST", f"{path}/submit").json() == {"done": True}
    advice = {"opinion": "has concerns", "text": "Who asked?"}
    assert browser("sol").call("POST", f"{path}/advice", **advice).status_code == 200
    assert ada.call("POST", f"{path}/answer", text="The group did.").status_code == 200
    (task,) = browser("uma").call("GET", "/projects/tasks").json()
    assert (task["project"], task["task"]) == (path[10:], "Decide on your data")
    assert browser("uma").call("POST", f"{path}/data/cris", **GRANT).status_code == 200
    states = [browser(p).call("POST", f"{path}/votes", **BALLOT).json() for p in way.PANEL]
    assert states[-1] == {"state": "accredited"}
    return path


def test_a_project_is_accredited_by_json_alone(world: Demo, browser: People):
    view = browser("ada").call("GET", accredited(browser)).json()
    assert view["conditions"] == ["Report yearly."]
    assert view["project"]["datasets"][0]["since_year"] == 2010
    assert view["place"] == "safe room"
    assert view["may"]["projects:change:propose"] == {"reasons": []}


def test_a_project_is_changed_suspended_and_ended_by_json_alone(world: Demo, browser: People):
    path, ada, mia = accredited(browser), browser("ada"), browser("mia")
    longer = {"kind": "extension", "reason": "More.", "until": "2029-01-01"}
    number = ada.call("POST", f"{path}/changes", **longer).json()["change"]
    no = {"choice": "refuse", "reasons": "Not argued."}
    assert browser("rosa").call("POST", f"{path}/changes/{number}/chair", **no).status_code == 200
    more = {"kind": "more data", "reason": "More.", "data": SENT["data"][0] | {"since_year": None}}
    number = ada.call("POST", f"{path}/changes", **more).json()["change"]
    answer = browser("uma").call("POST", f"{path}/changes/{number}/owner", **GRANT)
    assert answer.status_code == 200
    assert ada.call("POST", f"{path}/changes/{number}/withdraw").status_code == 200
    assert mia.call("POST", f"{path}/suspend", reason="A question.").status_code == 200
    assert mia.call("POST", f"{path}/resume", reason="Answered.").status_code == 200
    ended = mia.call("POST", f"{path}/end", reason="Done.").json()
    assert ended == {"open_sessions": 0, "destroyed": []}


def test_an_application_is_changed_and_withdrawn_by_json(world: Demo, browser: People):
    ada = browser("ada")
    project = ada.call("POST", "/projects", **SENT).json()["project"]
    sent = SENT | {"title": "Another title"}
    assert ada.call("PUT", f"/projects/{project}/application", **sent).status_code == 200
    assert ada.call("GET", f"/projects/{project}").json()["project"]["title"] == "Another title"
    assert ada.call("POST", f"/projects/{project}/withdraw").status_code == 200


def test_a_refusal_names_every_reason(world: Demo, browser: People):
    bare = {name: SENT[name] for name in ("title", "starts", "ends")}
    project = browser("ada").call("POST", "/projects", **bare).json()["project"]
    answer = browser("ada").call("POST", f"/projects/{project}/submit")
    assert answer.status_code == 403
    rules = {each["rule"] for each in answer.json()["refused_by"]}
    assert rules == {
        "application described", "legal gateway", "ethics references", "minimisation argued",
    }  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [
        {"starts": "soon"},
        {"unknown": 1},
        {"title": ""},
        {"data": [{"dataset": "cris", "variables": {}, "since_year": "then"}]},
        {"data": [{"dataset": "cris", "variables": {"patients.nhs": "x"}}]},
    ],
)
def test_what_is_not_understood_is_refused(world: Demo, browser: People, wrong):
    assert browser("ada").call("POST", "/projects", **SENT | wrong).status_code == 422


@pytest.mark.parametrize("stranger", ["finn", "nils"])
def test_what_is_not_there_and_what_is_hidden_answer_alike(world: Demo, browser: People, stranger):
    there, one = way.with_panel(world.tre), browser(stranger)
    ballot = {"choice": "refuse", "reasons": "No.", "no_interest": True}
    for method, path, sent in (
        ("GET", "", {}),
        ("PUT", "/application", SENT),
        ("POST", "/votes", ballot),
        ("POST", "/data/cris", {"choice": "refuse", "reasons": "No."}),
        ("POST", "/end", {"reason": "No."}),
    ):
        answers = [one.call(method, f"/projects/{p}{path}", **sent) for p in (there, "no-such")]
        texts = [a.text.replace(there, "…").replace("no-such", "…") for a in answers]
        assert {a.status_code for a in answers} == {404}
        assert texts[0] == texts[1]


def test_the_ledger_knows_who_looked(world: Demo, browser: People):
    browser("omar").call("GET", f"/projects/{STUDY}")
    entry = browser("omar").call("GET", f"/ledger?project={STUDY}&limit=1").json()[0]
    assert (entry["actor"], entry["tag"]) == ("omar", "projects:project:view")
