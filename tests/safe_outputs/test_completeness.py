"""Completeness: what must be written before a request, a review or an approval."""

import pytest

from tests.safe_outputs.requests import a_file, a_request, no, review, said, undecided, yes
from tre.decision import Decision
from tre.safe_outputs.completeness import (
    is_approved_by_two,
    problems_before_another,
    problems_before_review,
    problems_before_submission,
)
from tre.safe_outputs.release_request import FileKind, Group, State


def sentences(decision: Decision) -> list[str]:
    return [f"{reason.rule}: {reason.sentence}" for reason in decision.reasons]


def test_a_complete_draft_has_no_problem():
    assert problems_before_submission(a_request()).allowed


@pytest.mark.parametrize("kind", [FileKind.SUPPORTING, FileKind.CODE, FileKind.WITHDRAWN])
def test_a_request_has_an_output(kind):
    request = a_request(files=(a_file(kind=kind),))
    assert sentences(problems_before_submission(request)) == [
        "an output: the request releases nothing yet. Add at least one output file."
    ]


CONTEXT = "context (what it is, of which population and variables)"
CONTROLS = "controls (what was done about disclosure)"


@pytest.mark.parametrize(
    ("groups", "missing"),
    [
        ([], f"{CONTEXT} and {CONTROLS}"),
        ([Group(name="other", context="c", controls="c")], f"{CONTEXT} and {CONTROLS}"),
        ([Group(name="outputs", context="", controls="c")], CONTEXT),
        ([Group(name="outputs", context="c", controls="\n\t ")], CONTROLS),
    ],
)
def test_every_group_in_use_says_context_and_controls(groups, missing):
    request = a_request(groups=tuple(groups))
    assert sentences(problems_before_submission(request)) == [
        f"context and controls: the group “outputs” lacks {missing}. Write it."
    ]


def test_a_group_of_withdrawn_files_needs_nothing():
    files = (a_file(), a_file(id=2, group="old", kind=FileKind.WITHDRAWN))
    assert problems_before_submission(a_request(files=files)).allowed


def test_every_incomplete_group_is_named_once():
    files = (a_file(), a_file(id=2, group="more"), a_file(id=3, group="more"))
    assert len(problems_before_submission(a_request(files=files)).reasons) == 1


@pytest.mark.parametrize(
    ("changes", "answered"),
    [
        # no wish for changes, or one of an earlier turn: nothing to answer
        ({"votes": (yes("cora"), undecided("deniz"))}, True),
        ({"votes": (no("cora", turn=1),), "turn": 2}, True),
        # a wish: the author or a colleague answers, in public, in this turn, in this group
        ({"votes": (no("cora"),)}, False),
        ({"votes": (no("cora"),), "comments": (said("ada"),)}, True),
        ({"votes": (no("cora"),), "comments": (said("bola"),)}, True),
        ({"votes": (no("cora"),), "comments": (said("cora"),)}, False),
        ({"votes": (no("cora"),), "comments": (said("ada", private=True),)}, False),
        ({"votes": (no("cora"),), "comments": (said("ada", text=" "),)}, False),
        ({"votes": (no("cora"),), "comments": (said("ada", group="more"),)}, False),
        ({"votes": (no("cora", turn=2),), "turn": 2, "comments": (said("ada"),)}, False),
        # a file that was replaced or withdrawn still wants a word; one that is gone cannot
        ({"votes": (no("cora"),), "files": (a_file(kind=FileKind.OUTPUT, added_turn=2),)}, False),
        ({"votes": (no("cora", file_id=9),)}, True),
    ],
)
def test_a_returned_request_is_answered(changes, answered):
    request = a_request(state=State.RETURNED, **changes)
    decision = problems_before_submission(request, members={"bola"})
    assert decision.allowed is answered
    assert {reason.rule for reason in decision.reasons} <= {"answers"}


def test_a_draft_has_nothing_to_answer():
    assert problems_before_submission(a_request(votes=(no("cora"),))).allowed


TWO_FILES = (
    a_file(),
    a_file(id=2, name="figure.svg", group="figures"),
    a_file(id=3, kind=FileKind.CODE),
)


@pytest.mark.parametrize(
    ("changes", "problems"),
    [
        ({"votes": (yes("cora"), yes("cora", 2))}, []),
        ({"votes": (yes("cora"), undecided("cora", 2))}, ["every output voted"]),
        ({"votes": (yes("cora"), yes("deniz", 2))}, ["every output voted"]),
        ({"votes": ()}, ["every output voted", "every output voted"]),
        # an approval of the last turn stands, a wish for changes must be given again
        ({"turn": 2, "votes": (yes("cora"), yes("cora", 2))}, []),
        ({"turn": 2, "votes": (yes("cora"), no("cora", 2))}, ["every output voted"]),
        # changes want a comment of one's own, private or public, in the group, in this turn
        ({"votes": (yes("cora"), no("cora", 2))}, ["changes explained"]),
        (
            {"votes": (yes("cora"), no("cora", 2)), "comments": (said("cora"),)},
            ["changes explained"],
        ),
        (
            {
                "votes": (yes("cora"), no("cora", 2)),
                "comments": (said("cora", group="figures", private=True),),
            },
            [],
        ),
        (
            {"votes": (yes("cora"), no("cora", 2)), "comments": (said("ada", group="figures"),)},
            ["changes explained"],
        ),
        ({"votes": (yes("cora"), yes("cora", 2), no("deniz"))}, []),
        # once a turn
        (
            {"votes": (yes("cora"), yes("cora", 2)), "reviews": (review("cora"),)},
            ["every output voted"],
        ),
        (
            {"turn": 2, "votes": (yes("cora"), yes("cora", 2)), "reviews": (review("cora"),)},
            [],
        ),
    ],
)
def test_a_review_answers_on_every_output_and_explains(changes, problems):
    request = a_request(state=State.SUBMITTED, files=TWO_FILES, **changes)
    found = problems_before_review(request, "cora")
    assert [reason.rule for reason in found.reasons] == problems


@pytest.mark.parametrize(
    ("votes", "words"),
    [
        ((yes("cora"), yes("deniz")), []),
        ((yes("cora"),), ["stands at “incomplete”"]),
        ((no("cora"), no("deniz")), ["stands at “changes requested”"]),
        ((yes("cora"), no("deniz")), ["stands at “conflicted”"]),
        # the author and members have no vote
        ((yes("ada"), yes("deniz")), ["stands at “incomplete”"]),
        ((yes("bola"), yes("deniz")), ["stands at “incomplete”"]),
    ],
)
def test_two_apart_from_the_project_approve(votes, words):
    found = is_approved_by_two(a_request(votes=votes), members={"bola"})
    assert len(found.reasons) == len(words)
    assert all(w in r.sentence for w, r in zip(words, found.reasons, strict=True))


def test_nothing_cannot_be_approved():
    assert not is_approved_by_two(a_request(files=())).allowed


@pytest.mark.parametrize("state", State)
def test_a_person_has_one_open_request_in_a_project(state: State):
    closed = {State.RELEASED, State.WITHDRAWN, State.REJECTED, State.REVOKED}
    found = problems_before_another([a_request(state=State.REVOKED), a_request(state=state)])
    assert found.allowed is (state in closed)
    assert all(f"request 12 in this project is still {state}" in r.sentence for r in found.reasons)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (State.DRAFT, "withdraw it"),
        (State.RETURNED, "withdraw it"),
        (State.SUBMITTED, "Wait until it is answered"),
        (State.REVIEWED, "Wait until it is answered"),
        (State.FAILED, "Wait until it is answered"),
    ],
)
def test_it_says_what_can_be_done_about_the_open_one(state: State, words: str):
    (reason,) = problems_before_another([a_request(state=state)]).reasons
    assert words in reason.sentence
