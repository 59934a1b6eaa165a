"""A review at the desk that does not go as planned: old pages, ended sessions, lapsed votes."""

from collections.abc import Callable

import pytest
from fastapi import FastAPI

from tests.demo import Demo
from tests.desk.browser import ADDRESS, Browser
from tests.steps.test_awkward_reviews import join, resubmit
from tre.safe_outputs.release_request import State, VoteChoice
from tre.steps.approve_request import approve_request
from tre.steps.return_request import return_request
from tre.steps.view_request import view_request

People = Callable[[str], Browser]


@pytest.fixture
def second_turn(demo: Demo) -> tuple[Demo, int]:
    """A request in its second turn, reviewed by both again; somebody still has turn 1 open."""
    request = demo.reviewed()
    return_request(demo.tre, "cora", request, "Please say which years.")
    resubmit(demo, request)
    demo.review(request, "cora")
    demo.review(request, "deniz")
    return demo, request


@pytest.mark.parametrize(
    ("act", "fields"),
    [
        ("review", {}),
        ("approve", {}),
        ("return", {"reason": "I wrote a long reason.", "because": "other"}),
        ("reject", {"reason": "I wrote a long reason."}),
    ],
)
def test_a_page_of_an_earlier_turn_decides_nothing_and_keeps_what_was_written(
    second_turn: tuple[Demo, int], browser: People, act: str, fields: dict[str, str]
):
    demo, request = second_turn
    page = browser("emi").get(f"/requests/{request}").text
    assert f'action="/requests/{request}/return"' in page
    assert '<input type="hidden" name="turn" value="2">' in page
    answer = browser("deniz").send(f"/requests/{request}/{act}", {**fields, "turn": "1"})
    assert view_request(demo.tre, "deniz", request).state is State.REVIEWED
    if act == "review":  # deniz has submitted theirs, which is said first
        assert answer.status_code == 403
        return
    assert answer.status_code == 409
    assert "Somebody was faster" in answer.text
    assert "is in turn 2 now" in answer.text
    if fields:
        assert "What you had written" in answer.text
        assert ">I wrote a long reason.</textarea>" in answer.text


def test_a_vote_on_an_old_page_keeps_its_comment(second_turn: tuple[Demo, int], browser: People):
    demo, request = second_turn
    file = demo.outputs(request)[0]
    fields = {"choice": "changes requested", "text": "Which <years>?", "turn": "1"}
    answer = browser("cora").send(f"/requests/{request}/files/{file}/vote", fields)
    assert answer.status_code == 409
    assert ">changes requested</textarea>" in answer.text
    assert ">Which &lt;years&gt;?</textarea>" in answer.text
    assert f'href="/requests/{request}"' in answer.text


def test_a_browser_that_was_left_open_for_a_day_signs_in_and_comes_back(
    demo: Demo, app: FastAPI, browser: People
):
    request = demo.submitted()
    where = f"/requests/{request}/files/{demo.outputs(request)[0]}"
    cora = browser("cora")
    secret = cora.csrf
    assert cora.get(where).status_code == 200
    demo.clock.move(days=1)
    # a page that is opened leads through the hub and back to itself
    asked = cora.get(where)
    assert asked.status_code in {302, 303, 307}
    # a form that is sent changes nothing, and leads back to its page
    vote = {"csrf": secret, "choice": "approved", "turn": "1"}
    headers = {"origin": ADDRESS, "referer": f"{ADDRESS}{where}"}
    answer = cora.ask("POST", f"{where}/vote", data=vote, headers=headers)
    assert answer.status_code == 401
    assert "Your session has ended" in answer.text
    assert f'href="{where}">Sign in again</a>' in answer.text
    assert cora.sign_in("cora", where).headers["location"].endswith(where)
    # the secret of the ended session is none of the new one
    answer = cora.ask("POST", f"{where}/vote", data=vote, headers=headers)
    assert answer.status_code == 403
    assert "did not come from the desk" in answer.text
    assert not view_request(demo.tre, "cora", request).groups[0].files[0].votes


@pytest.mark.parametrize(
    ("referer", "way_back"),
    [
        (f"{ADDRESS}/requests/1/files/2", "/requests/1/files/2"),
        (f"{ADDRESS}/requests/1/comments", "/requests/1"),
        (f"{ADDRESS}/me/password", "/me/password"),
        ("https://evil.example/requests/1", "/"),
        (f"{ADDRESS}//evil.example/", "/"),
        ("nonsense", "/"),
        ("", "/"),
    ],
)
def test_the_way_back_is_always_a_page_of_the_desk(
    demo: Demo, browser: People, referer: str, way_back: str
):
    cora = browser("cora")
    assert cora.csrf
    demo.clock.move(days=1)
    answer = cora.ask("POST", "/sign-out", headers={"origin": ADDRESS, "referer": referer})
    assert answer.status_code == 401
    assert f'href="{way_back}">Sign in again</a>' in answer.text


def test_a_vote_that_no_longer_counts_is_marked(demo: Demo, browser: People):
    request = demo.reviewed()
    join(demo, "cora")
    deniz = browser("deniz")
    page = deniz.get(f"/requests/{request}").text
    assert "Cora Lindqvist: approved" in page
    assert page.count("(no longer counts)") == 1
    assert "it needs the approval of 2 checkers" in page
    file = demo.outputs(request, "deniz")[0]
    assert "(no longer counts)" in deniz.get(f"/requests/{request}/files/{file}").text


def test_a_conflict_says_to_checkers_what_they_can_do(demo: Demo, browser: People):
    request = demo.submitted()
    demo.review(request, "cora")
    demo.review(request, "deniz", VoteChoice.CHANGES_REQUESTED)
    page = browser("deniz").get(f"/requests/{request}").text
    assert "conflicted" in page
    assert "Talk it over and change a vote, or return the request." in page
    assert f'action="/requests/{request}/return"' in page


def test_what_cannot_be_released_is_given_back_at_the_desk(
    demo: Demo, browser: People, monkeypatch: pytest.MonkeyPatch
):
    request = demo.reviewed()
    file = view_request(demo.tre, "cora", request).file(demo.outputs(request)[0])
    assert file is not None
    (demo.tre.folders.frozen(request) / file.sha256).unlink()
    pressed = browser("cora").call("POST", f"/requests/{request}/approve", turn=1)
    assert pressed.status_code == 422
    assert "“table.csv”" in pressed.json()["reasons"][0]
    monkeypatch.setattr("tre.steps.approve_request._damaged", lambda *_: "")  # afterwards
    assert approve_request(demo.tre, "cora", request) is State.FAILED
    deniz = browser("deniz")
    page = deniz.get(f"/requests/{request}").text
    assert "The release is stuck." in page
    assert f'action="/requests/{request}/return"' in page
    fields = {"because": "other", "reason": "Put the file in again.", "turn": "1"}
    assert deniz.send(f"/requests/{request}/return", fields).status_code == 303
    seen = browser("ada").get(f"/requests/{request}").text
    assert "Put the file in again." in seen
    assert "The release is stuck." not in seen
