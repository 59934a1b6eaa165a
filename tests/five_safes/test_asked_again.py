"""What lets somebody in is asked again: at the start, at submission, at approval, at release."""

from typing import Any

import pytest

from tests.five_safes import test_decide as decided
from tests.five_safes.world import NOW, staff, subject
from tests.safe_outputs.requests import a_request
from tre.five_safes import ACTIONS, decide
from tre.five_safes.requirements import RESEARCHER_TODAY
from tre.safe_outputs.release_request import State
from tre.safe_people.system import SYSTEM
from tre.vocabulary import Action, Role

_TEST: Any = decided.test_one_broken_fact_refuses_for_one_reason
BROKEN = _TEST.pytestmark[0].args[1]
"""(person, subject, safe, rule): one fact is broken, and one rule refuses for it."""

OF_A_RESEARCHER = [case for case in BROKEN if case[3] != "place"]
"""Where somebody sits counts while they work with data; a request may be written anywhere."""


def test_every_rule_of_a_session_has_a_fact_that_breaks_it():
    assert {need.rule.name for need in ACTIONS[Action.START_SESSION]} == {c[3] for c in BROKEN}


def test_a_request_asks_all_that_a_session_asks_but_the_place():
    asked = {need.rule.name for need in RESEARCHER_TODAY}
    assert asked == {case[3] for case in OF_A_RESEARCHER}
    for action in (Action.CREATE_REQUEST, Action.UPDATE_REQUEST, Action.SUBMIT_REQUEST):
        assert asked <= {need.rule.name for need in ACTIONS[action]}


@pytest.mark.parametrize(("person", "about", "safe", "rule"), OF_A_RESEARCHER)
def test_what_ends_a_session_keeps_a_request_from_being_submitted(person, about, safe, rule):
    request = a_request(state=State.DRAFT, author=person.id)
    asked = subject(project=about.project, request=request)
    decision = decide(person, Action.SUBMIT_REQUEST, asked, on=NOW)
    assert [(reason.safe, reason.rule) for reason in decision.reasons] == [(safe, rule)]


@pytest.mark.parametrize("case", OF_A_RESEARCHER)
@pytest.mark.parametrize(
    ("actor", "action", "state"),
    [
        (staff("cara", Role.OUTPUT_CHECKER), Action.APPROVE_REQUEST, State.REVIEWED),
        (SYSTEM, Action.RELEASE_REQUEST, State.APPROVED),
    ],
)
def test_what_ends_a_session_freezes_the_requests_that_are_open(case, actor, action, state):
    """The author lost what lets them in after two people approved: it does not leave."""
    author, about, *_ = case
    request = a_request(state=state, author=author.id, votes=decided.TWICE)
    asked = subject(project=about.project, request=request, people={author.id: author})
    (reason,) = decide(actor, action, asked, on=NOW).reasons
    assert reason.rule == "author in good standing"
