"""A decision by JSON on a turn that is over changes nothing: 409, as on the pages."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.demo import Demo
from tests.desk.browser import Browser
from tre.safe_outputs.release_request import VoteChoice
from tre.steps.view_request import view_request
from tre.steps.vote import vote

People = Callable[[str], Browser]

DECISIONS: dict[str, dict[str, Any]] = {
    "files/{file}/vote": {"choice": "undecided"},
    "review": {},
    "return": {"reason": "Which years are these?"},
    "reject": {"reason": "It was asked for twice."},
    "approve": {},
}


@pytest.mark.parametrize("path", DECISIONS)
def test_another_turn_than_the_present_one_is_overtaken(demo: Demo, browser: People, path: str):
    request = demo.submitted() if path == "review" else demo.reviewed()
    (file,) = demo.outputs(request)
    if path == "review":
        vote(demo.tre, "cora", request, file, VoteChoice.APPROVED)
    before = view_request(demo.tre, "cora", request)
    where = f"/requests/{request}/{path.format(file=file)}"
    answer = browser("cora").call("POST", where, **DECISIONS[path], turn=2)
    assert answer.status_code == 409, answer.text
    assert "is in turn 1 now" in answer.json()["reasons"][0]
    assert view_request(demo.tre, "cora", request) == before
    answer = browser("cora").call("POST", where, **DECISIONS[path], turn=1)
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("turn", [0, -1, "now", 2**80])
def test_what_is_no_turn_is_refused(demo: Demo, browser: People, turn: object):
    where = f"/requests/{demo.reviewed()}/approve"
    answer = browser("cora").call("POST", where, turn=turn)
    assert answer.status_code == 422
    assert "turn" in answer.json()["reasons"][0]
