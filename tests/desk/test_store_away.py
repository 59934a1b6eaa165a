"""When the store does not answer, or something breaks: words, and nothing of the inside."""

from collections.abc import Callable

import pytest
from fastapi import FastAPI

from tests.demo import Demo
from tests.desk.browser import Browser

People = Callable[[str], Browser]
SENTENCE = "The store cannot be reached just now"


@pytest.fixture
def away(demo: Demo, browser: People) -> Callable[[str], Browser]:
    """Signs somebody in and then takes the database away."""

    def signed_in(person: str) -> Browser:
        found = browser(person)
        demo.tre.close()
        file = demo.tre.config.home / "tre.sqlite"
        file.rename(file.with_suffix(".gone"))
        for beside in file.parent.glob("tre.sqlite-*"):
            beside.unlink()
        file.mkdir()
        return found

    return signed_in


@pytest.mark.parametrize("path", ["/", "/requests", "/requests/1", "/ledger", "/no/such/page"])
def test_a_page_says_in_words_that_the_store_is_away(away: People, path: str):
    answer = away("ada").get(path)
    assert answer.status_code == 503
    assert answer.headers["content-type"].startswith("text/html")
    assert SENTENCE in answer.text
    assert "Nothing that was accepted is lost; try again in a minute." in answer.text
    assert "Content-Security-Policy" in answer.headers
    assert "sqlite" not in answer.text
    assert "database" not in answer.text


@pytest.mark.parametrize("path", ["/api/v1/requests", "/api/v1/projects", "/api/v1/ledger"])
def test_the_api_says_503_and_no_path(away: People, path: str):
    answer = away("ada").get(path)
    assert answer.status_code == 503
    assert answer.json()["reasons"][0].startswith(SENTENCE)
    assert answer.headers["retry-after"] == "60"
    assert "sqlite" not in answer.text


def test_a_form_that_meets_no_store_says_that_nothing_was_changed(
    demo: Demo, browser: People, away: People
):
    found = browser("ada")
    csrf = found.csrf
    away("ada")
    answer = found.ask(
        "POST",
        "/requests/new",
        data={"csrf": csrf, "title": "T", "project": "early-onset-psychosis"},
        headers={"origin": "http://127.0.0.1:8001", "sec-fetch-site": "same-origin"},
    )
    assert answer.status_code == 503
    assert SENTENCE in answer.text


def test_health_is_ok_with_a_store_and_503_without(away: People, app: FastAPI):
    assert Browser(app).get("/health").status_code == 200
    away("ada")
    answer = Browser(app).get("/health")
    assert answer.status_code == 503
    assert "/" not in answer.text


def test_an_unexpected_error_is_a_drawn_page_without_the_inside(
    app: FastAPI, browser: People, monkeypatch: pytest.MonkeyPatch
):
    found = browser("ada")

    def breaks(*_: object) -> None:
        raise RuntimeError("secret inside at /srv/somewhere")

    monkeypatch.setattr("tre.desk.verbs.load_person", breaks)
    page = found.get("/no/such/page")
    assert page.status_code == 500
    assert page.headers["content-type"].startswith("text/html")
    assert "Something broke on our side" in page.text
    assert "secret" not in page.text
    assert "/srv" not in page.text


@pytest.mark.parametrize("number", ["2147483648", "9" * 25, "9" * 5000])
def test_a_number_that_no_request_can_have_is_not_there(browser: People, number: str):
    ada = browser("ada")
    for path in (f"/requests/{number}", f"/requests/1/files/{number}"):
        answer = ada.get(path)
        assert answer.status_code == 404
        assert "There is nothing here" in answer.text
    assert ada.get(f"/api/v1/requests/{number}").status_code == 404
