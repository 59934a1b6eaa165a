"""The check of the ledger after many people at once: what it accepts, and every wrong it finds."""

from dataclasses import replace

import pytest

from benchmarks.load.acts import WHAT, Act, vote_on
from benchmarks.load.books import (
    EVENTS,
    Line,
    acts_in,
    problems_of_acts,
    problems_of_releases,
    problems_of_states,
)
from tests.demo import Demo
from tre.safe_outputs.states import TRANSITIONS, Event
from tre.steps.read_ledger import read_ledger
from tre.vocabulary import Action

SHA = "a" * 64


def line(number: int, tag: str, actor: str = "ada", request: int = 1, **details: object) -> Line:
    return Line(number=number, actor=actor, tag=tag, request=request, details=details)


# One request, twice submitted: back to its author once, then approved and released.
WHOLE = (
    line(1, "outputs:request:create", turn=1),
    line(2, "outputs:request:update", did="add a file", file=7),
    line(3, "outputs:request:submit", turn=1, state="submitted"),
    line(4, "outputs:request:return", "cora", turn=1, state="returned"),
    line(5, "outputs:request:submit", turn=2, state="submitted"),
    line(6, "outputs:review:vote", "cora", file=7, choice="approved", turn=2),
    line(7, "outputs:review:submit", "cora", turn=2, state="partially reviewed"),
    line(8, "outputs:review:submit", "deniz", turn=2, state="reviewed"),
    line(9, "outputs:request:approve", "cora", turn=2, state="approved"),
    line(10, "outputs:request:release", "system", turn=2, state="released", bundle_sha256=SHA),
    line(11, "outputs:release:download", bundle_sha256=SHA),
)
CONFIRMED = tuple(acts_in(WHOLE))


def test_every_event_has_a_line_of_its_own() -> None:
    assert set(EVENTS.values()) == set(Event)
    assert len({(way.tag, event) for (_, event), way in TRANSITIONS.items()}) == len(Event)


def test_what_people_do_is_counted_and_what_the_system_does_is_not() -> None:
    assert len(CONFIRMED) == len(WHOLE) - 1
    assert Act(actor="cora", tag=Action.VOTE, request=1, what=vote_on(7, "approved")) in CONFIRMED
    assert not any(act.tag == Action.RELEASE_REQUEST for act in CONFIRMED)


def test_books_that_are_whole_have_no_problem() -> None:
    assert problems_of_states(WHOLE, {1: "released"}) == []
    assert problems_of_acts(WHOLE, CONFIRMED) == []
    assert problems_of_releases(WHOLE, {1: [SHA]}, [(1, SHA)]) == []


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        # two people moved it from one state: the second could not happen in what the first made
        ((*WHOLE[:9], line(10, "outputs:request:reject", "deniz", state="rejected")), "cannot"),
        ((*WHOLE[:4], line(5, "outputs:request:return", "deniz", state="returned")), "“return”"),
        ((*WHOLE[:9], *WHOLE[8:]), "was approved, where “approve” cannot happen"),
        # a step is missing, the first one too
        ((*WHOLE[:6], *WHOLE[7:]), "is reviewed after “submit review”, which leads to partially"),
        ((*WHOLE[:7], *WHOLE[8:]), "was partially reviewed, where “approve” cannot happen"),
        (WHOLE[1:], "before it was created"),
        ((*WHOLE[:3], WHOLE[0], *WHOLE[3:]), "was created a second time"),
        # it says that it went elsewhere than the event leads
        (
            (*WHOLE[:9], replace(WHOLE[9], details={"state": "failed", "bundle_sha256": SHA})),
            "is failed after “release”, which leads to released",
        ),
        # the end is cut off
        (WHOLE[:8], "is released in the database, and reviewed by the ledger"),
        ((), "is released in the database, and not there by the ledger"),
    ],
)
def test_an_event_that_could_not_be_is_found(lines: tuple[Line, ...], says: str) -> None:
    assert says in " ".join(problems_of_states(lines, {1: "released"}))


@pytest.mark.parametrize(
    ("states", "says"),
    [
        ({1: "approved"}, "is approved in the database, and released by the ledger"),
        ({}, "is not there in the database, and released by the ledger"),
        ({1: "released", 2: "draft"}, "request 2 is draft in the database, and not there"),
    ],
)
def test_a_database_that_says_something_else_is_found(states: dict[int, str], says: str) -> None:
    (problem,) = problems_of_states(WHOLE, states)
    assert says in problem


@pytest.mark.parametrize("at", range(len(CONFIRMED)))
def test_an_act_that_was_confirmed_and_is_not_written_is_found(at: int) -> None:
    gone = CONFIRMED[at]
    written = [one for one in WHOLE if acts_in([one]) != [gone]]
    (problem,) = problems_of_acts(written, CONFIRMED)
    assert problem.startswith("confirmed, and not in the ledger so often: ")
    assert gone.tag in problem


def test_an_act_is_written_exactly_as_often_as_it_was_confirmed() -> None:
    twice = [*WHOLE, replace(WHOLE[5], number=12)]
    (problem,) = problems_of_acts(twice, CONFIRMED)
    assert problem.startswith("in the ledger, and not confirmed so often: outputs:review:vote")
    assert problems_of_acts(twice, [*CONFIRMED, *acts_in([WHOLE[5]])]) == []


def test_what_was_never_answered_may_be_written_or_not() -> None:
    unsure = acts_in([WHOLE[5]])
    confirmed = [act for act in CONFIRMED if act not in unsure]
    assert problems_of_acts(WHOLE, confirmed, unsure) == []
    assert problems_of_acts([*WHOLE[:5], *WHOLE[6:]], confirmed, unsure) == []
    assert problems_of_acts([*WHOLE, WHOLE[5]], confirmed, unsure) != []


def test_another_person_or_file_is_another_act() -> None:
    by_another = [replace(one, actor="emi") if one.number == 6 else one for one in WHOLE]
    assert len(problems_of_acts(by_another, CONFIRMED)) == 2
    other_file = [
        replace(one, details={**one.details, "file": 8}) if one.number == 6 else one
        for one in WHOLE
    ]
    assert len(problems_of_acts(other_file, CONFIRMED)) == 2


@pytest.mark.parametrize(
    ("lines", "bundles", "downloads", "says"),
    [
        (WHOLE[:9], {}, [], "approved 1 times and released 0 times"),
        ((*WHOLE, WHOLE[9]), {1: [SHA, SHA]}, [], "approved 1 times and released 2 times"),
        ((*WHOLE[:8], *WHOLE[9:]), {1: [SHA]}, [], "approved 0 times and released 1 times"),
        (WHOLE, {}, [], "does not hold what was released"),
        (WHOLE, {1: ["b" * 64]}, [], "does not hold what was released"),
        (WHOLE, {1: [SHA, "b" * 64]}, [], "does not hold what was released"),
        (WHOLE, {1: [SHA], 2: [SHA]}, [], "folder of request 2"),
        (WHOLE, {1: [SHA]}, [(1, "b" * 64)], "what was downloaded of request 1"),
    ],
)
def test_a_release_that_is_not_the_one_is_found(lines, bundles, downloads, says) -> None:
    assert says in " ".join(problems_of_releases(lines, bundles, downloads))


def test_lines_of_a_real_request_are_understood(demo: Demo) -> None:
    """So that a tag or a detail that changes its name is missed here and not overlooked."""
    request = demo.released()
    lines = [
        Line(
            number=one.number,
            actor=one.actor,
            tag=one.tag,
            request=one.request,
            details=one.details,
        )
        for one in reversed(read_ledger(demo.tre, "omar", limit=1_000))
        if one.outcome == "done"
    ]
    assert problems_of_states(lines, {request: "released"}) == []
    assert [act.tag for act in acts_in(lines)] == [
        "outputs:request:create",
        *["outputs:request:update"] * 2,  # the table and its code
        "outputs:request:submit",
        *["outputs:review:vote", "outputs:review:submit"] * 2,
        "outputs:request:approve",
    ]
    assert set(WHAT) >= {Action(act.tag) for act in acts_in(lines)}
