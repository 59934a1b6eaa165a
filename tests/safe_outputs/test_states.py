"""The table of states: exactly the ways of the review's specification, and no other."""

import pytest

from tre.decision import OvertakenError
from tre.safe_outputs.release_request import State
from tre.safe_outputs.states import (
    FINAL,
    OWNERS,
    TRANSITIONS,
    Event,
    Owner,
    events_from,
    mermaid,
    states_before,
    step,
    transition,
)

# state, event, state that follows; every pair that is not here is refused
WAYS = """
draft               submit         submitted
draft               withdraw       withdrawn
submitted           submit review  partially reviewed
submitted           return         returned
partially reviewed  submit review  reviewed
partially reviewed  return         returned
reviewed            submit review  reviewed
reviewed            approve        approved
reviewed            reject         rejected
reviewed            return         returned
returned            submit         submitted
returned            withdraw       withdrawn
approved            release        released
approved            fail           failed
failed              release        released
failed              fail           failed
failed              return         returned
released            revoke         revoked
"""
TABLE = {
    (State(line[:20].strip()), Event(line[20:35].strip())): State(line[35:].strip())
    for line in WAYS.strip().splitlines()
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("event", Event)
def test_a_state_and_an_event_lead_where_the_table_says_or_nowhere(state: State, event: Event):
    if (state, event) in TABLE:
        assert step(state, event) is TABLE[state, event]
    else:
        with pytest.raises(OvertakenError, match=f"that is {state} cannot “{event}”"):
            step(state, event)


def test_what_is_possible_instead_is_said():
    with pytest.raises(OvertakenError, match=r"possible now: “submit”, “withdraw”$"):
        step(State.DRAFT, Event.APPROVE)
    with pytest.raises(OvertakenError, match=r"possible now: nothing$"):
        step(State.REVOKED, Event.APPROVE)


@pytest.mark.parametrize(
    ("state", "owner"),
    [
        (State.DRAFT, Owner.AUTHOR),
        (State.SUBMITTED, Owner.REVIEWERS),
        (State.PARTIALLY_REVIEWED, Owner.REVIEWERS),
        (State.REVIEWED, Owner.REVIEWERS),
        (State.RETURNED, Owner.AUTHOR),
        (State.APPROVED, Owner.SYSTEM),
        (State.FAILED, Owner.SYSTEM),
        (State.RELEASED, Owner.NOBODY),
        (State.WITHDRAWN, Owner.NOBODY),
        (State.REJECTED, Owner.NOBODY),
        (State.REVOKED, Owner.NOBODY),
    ],
)
def test_every_state_has_its_owner(state: State, owner: Owner):
    assert OWNERS[state] is owner
    assert all(way.owner is owner for way in TRANSITIONS.values() if way.to is state)


def test_every_state_has_an_owner():
    assert set(OWNERS) == set(State)


def test_nothing_leads_out_of_a_final_state():
    assert {state for state in State if not events_from(state)} == FINAL


def test_every_state_can_be_reached_from_a_draft():
    reached = {State.DRAFT}
    for _ in State:
        reached |= {way.to for (state, _), way in TRANSITIONS.items() if state in reached}
    assert reached == set(State)


@pytest.mark.parametrize("way", TRANSITIONS.values())
def test_every_way_has_a_tag_of_the_ledger_s_grammar(way):
    safe, subject, action = way.tag.split(":")
    assert safe == "outputs"
    assert subject in {"request", "review", "release"}
    assert action


def test_the_author_is_told_whenever_something_is_decided():
    silent = {event for (_, event), way in TRANSITIONS.items() if not way.notice}
    assert silent == {Event.SUBMIT_REVIEW}


def test_a_way_is_looked_up_whole():
    way = transition(State.RELEASED, Event.REVOKE)
    assert (way.to, way.owner, way.tag) == (State.REVOKED, Owner.NOBODY, "outputs:release:revoke")


def test_the_states_of_an_event_are_listed():
    assert states_before(Event.RETURN) == (
        State.SUBMITTED,
        State.PARTIALLY_REVIEWED,
        State.REVIEWED,
        State.FAILED,
    )


def test_the_diagram_shows_every_way():
    lines = mermaid().splitlines()
    assert lines[0] == "stateDiagram-v2"
    assert "    [*] --> draft" in lines
    assert '    state "partially reviewed" as partially_reviewed' in lines
    assert "    partially_reviewed --> reviewed: submit review" in lines
    assert "    revoked --> [*]" in lines
    assert sum(" --> " in line and ": " in line for line in lines) == len(TABLE)
