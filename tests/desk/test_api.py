"""The desk as JSON: the same steps, refused for the same reasons, described as it is."""

import base64
from collections.abc import Callable

from fastapi import FastAPI

from tests.demo import Demo
from tests.demo_people import STUDY
from tests.desk.browser import ADDRESS, Browser

People = Callable[[str], Browser]


def test_a_request_goes_from_nothing_to_released_by_json_alone(demo: Demo, browser: People):
    ada, cora, deniz = browser("ada"), browser("cora"), browser("deniz")
    folder = demo.tre.folders.workspace(STUDY)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "table.csv").write_bytes(b"sex,value\nFemale,120\nMale,140\n")
    number = ada.call("POST", "/requests", project=STUDY, title="By JSON").json()["id"]
    where = f"/requests/{number}"
    file = ada.call("POST", f"{where}/files", workspace_path="table.csv").json()["id"]
    code = base64.b64encode(b"print(1)").decode()
    added = ada.call("POST", f"{where}/files", kind="code", name="a.py", content_base64=code)
    assert added.status_code == 201
    said = {"context": "Pupils by sex.", "controls": "All above 10."}
    assert ada.call("PUT", f"{where}/groups/outputs", **said).json() == {"done": True}
    assert ada.call("POST", f"{where}/submit").json() == {"done": True}
    for checker in (cora, deniz):
        assert checker.call("GET", "/queue").json()[0]["id"] == number
        checker.call("POST", f"{where}/files/{file}/vote", choice="approved")
        assert checker.call("POST", f"{where}/review").status_code == 200
    assert cora.call("POST", f"{where}/approve").status_code == 200
    view = ada.call("GET", where).json()
    assert view["state"] == "released"
    assert view["release"]["size_bytes"] > 0


def test_a_refusal_names_every_reason_and_its_safe(demo: Demo, browser: People):
    answer = browser("bola").call("POST", "/requests", project=STUDY, title="No")
    assert answer.status_code == 403
    body = answer.json()
    assert len(body["refused_by"]) >= 2
    assert {reason["safe"] for reason in body["refused_by"]} == {"Safe People"}
    assert all(reason["sentence"] for reason in body["refused_by"])


def test_a_result_cannot_be_sent_as_bytes(demo: Demo, browser: People):
    ada = browser("ada")
    number = ada.call("POST", "/requests", project=STUDY, title="By JSON").json()["id"]
    sent = {"kind": "output", "name": "a.csv", "content_base64": "YQ=="}
    answer = ada.call("POST", f"/requests/{number}/files", **sent)
    assert answer.status_code == 422
    assert "only code" in answer.json()["reasons"][0]


def test_an_unknown_field_is_refused_by_name(browser: People):
    answer = browser("ada").call("POST", "/requests", project=STUDY, title="x", approve=True)
    assert answer.status_code == 422
    assert "approve" in answer.json()["reasons"][0]


def test_a_cookie_without_the_token_changes_nothing(browser: People):
    ada = browser("ada")
    sent = {"project": STUDY, "title": "x"}
    answer = ada.ask("POST", "/api/v1/requests", json=sent, headers={"origin": ADDRESS})
    assert answer.status_code == 403
    assert ada.call("GET", "/requests").json() == []


def test_a_token_of_the_hub_needs_no_cookie(app: FastAPI):
    answer = Browser(app).ask(
        "POST",
        "/api/v1/requests",
        json={"project": STUDY, "title": "From a script"},
        headers={"authorization": "Bearer token-of-ada"},
    )
    assert answer.status_code == 201


def test_what_is_not_there_and_what_is_hidden_answer_alike(demo: Demo, browser: People):
    hidden = browser("finn").call("GET", f"/requests/{demo.submitted()}")
    missing = browser("finn").call("GET", "/requests/12345")
    assert (hidden.status_code, hidden.json()["error"]) == (404, missing.json()["error"])


def test_the_description_names_every_call(app: FastAPI, browser: People):
    described = browser("ada").get("/api/openapi.json").json()
    assert described["openapi"].startswith("3.")
    paths = described["paths"]
    assert "/api/v1/requests/{number}/approve" in paths
    assert all(path.startswith("/api/v1/") for path in paths)
    page = browser("ada").get("/api/docs").text
    for path in paths:
        assert f"<code>{path}</code>" in page
    assert "cdn" not in page.lower()


def test_a_view_as_json_has_what_the_page_has(demo: Demo, browser: People):
    view = browser("cora").call("GET", f"/requests/{demo.submitted()}").json()
    file = view["groups"][0]["files"][0]
    assert file["name"] == "table.csv"
    assert file["check"]["verdict"] in {"pass", "review", "fail"}
    assert view["may"]["outputs:review:vote"] == {"reasons": []}


def test_the_ledger_and_the_transfers_are_for_those_who_may(demo: Demo, browser: People):
    demo.submitted()
    everything = browser("omar").call("GET", "/ledger?limit=5").json()
    assert len(everything) == 5
    own = browser("ada").call("GET", "/ledger?limit=1000").json()
    assert {"ada"} == {entry["actor"] for entry in own if not entry["person"]}
    assert browser("omar").call("GET", "/ledger/verdict").json()["whole"] is True
    assert browser("ada").call("GET", "/transfers").status_code == 403
    assert browser("lena").call("GET", "/transfers").json() == []
