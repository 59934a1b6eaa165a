"""A return has a main reason out of a few words, which the ledger keeps for the figures."""

from collections.abc import Callable

import pytest

from tests.demo import Demo
from tests.desk.browser import Browser
from tre.safe_outputs.release_request import State
from tre.safe_outputs.return_reasons import RETURN_REASONS, ReturnReason
from tre.steps.read_ledger import read_ledger
from tre.steps.return_request import return_request
from tre.steps.view_request import view_request

People = Callable[[str], Browser]


def kept(demo: Demo, request: int) -> list[object]:
    entries = read_ledger(demo.tre, "omar", request=request)
    return [
        entry.details.get("because") for entry in entries if entry.tag == "outputs:request:return"
    ]


def test_every_reason_has_its_meaning():
    assert tuple(RETURN_REASONS) == tuple(ReturnReason)


def test_the_page_asks_for_the_main_reason_and_the_ledger_keeps_it(demo: Demo, browser: People):
    request = demo.submitted()
    cora = browser("cora")
    page = cora.get(f"/requests/{request}").text
    for reason in ReturnReason:
        assert f'<option value="{reason}"' in page
    cora.send(
        f"/requests/{request}/return",
        {"reason": "Which years?", "because": "too little context"},
    )
    assert kept(demo, request) == ["too little context"]
    assert "returned it (too little context)" in browser("ada").get(f"/requests/{request}").text


@pytest.mark.parametrize(
    ("because", "said"), [("", "Choose the main reason"), ("rudeness", "is not one of: unrounded")]
)
def test_the_page_returns_nothing_without_a_known_reason(
    demo: Demo, browser: People, because: str, said: str
):
    request = demo.submitted()
    fields = {"reason": "Which years?", "because": because}
    answer = browser("cora").send(f"/requests/{request}/return", fields)
    assert answer.status_code == 422
    assert said in answer.text
    assert "Which years?" in answer.text  # nothing that was typed is lost
    assert view_request(demo.tre, "cora", request).state is State.SUBMITTED


def test_a_program_may_say_the_reason_and_other_stands_where_it_does_not(
    demo: Demo, browser: People
):
    first = demo.submitted()
    sent = {"reason": "Round it.", "because": "unrounded counts"}
    cora = browser("cora")
    assert cora.call("POST", f"/requests/{first}/return", **sent).status_code == 200
    assert kept(demo, first) == ["unrounded counts"]
    wrong = {"reason": "Round it.", "because": "rudeness"}
    assert cora.call("POST", f"/requests/{first}/return", **wrong).status_code == 422


def test_a_caller_who_says_no_reason_gives_other(demo: Demo):
    request = demo.submitted()
    return_request(demo.tre, "cora", request, "Which years?")
    assert kept(demo, request) == ["other"]
