"""The states of a project: every state with every event, and who holds each."""

from itertools import product

import pytest

from tests.five_safes.world import project
from tre.decision import OvertakenError
from tre.safe_projects.lifecycle import (
    FINAL,
    OWNERS,
    PRIVATE,
    PUBLIC,
    TRANSITIONS,
    Event,
    Owner,
    events_from,
    is_in_state,
    mermaid,
    states_before,
    transition,
)
from tre.safe_projects.project import ProjectState

WAYS = """
draft                | submit                | with the lay group
draft                | withdraw              | withdrawn
with the lay group   | advise                | advised
with the lay group   | withdraw              | withdrawn
advised              | answer the advice     | with the data owners
advised              | withdraw              | withdrawn
with the data owners | decide on a dataset   | with the data owners
with the data owners | return with questions | returned
with the data owners | grant all data        | with the panel
with the data owners | withdraw              | withdrawn
with the panel       | vote                  | with the panel
with the panel       | accredit              | accredited
with the panel       | refuse                | refused
with the panel       | return with questions | returned
with the panel       | withdraw              | withdrawn
returned             | submit                | with the data owners
returned             | withdraw              | withdrawn
accredited           | change                | accredited
accredited           | suspend               | suspended
accredited           | end                   | ended
suspended            | change                | suspended
suspended            | resume                | accredited
suspended            | end                   | ended
applied              | end                   | ended
"""
LEADS = {
    (ProjectState(state.strip()), Event(event.strip())): ProjectState(to.strip())
    for state, event, to in (line.split("|") for line in WAYS.strip().splitlines())
}


@pytest.mark.parametrize(("state", "event"), list(product(ProjectState, Event)))
def test_an_event_leads_where_the_table_says_or_cannot_happen(state, event):
    expected = LEADS.get((state, event))
    if expected is None:
        with pytest.raises(OvertakenError, match="cannot"):
            transition(state, event)
    else:
        way = transition(state, event)
        assert (way.to, way.owner) == (expected, OWNERS[expected])


def test_every_tag_is_safe_subject_action():
    for way in TRANSITIONS.values():
        safe, subject, action = way.tag.split(":")
        assert safe == "projects"
        assert subject
        assert action


def test_a_state_is_final_exactly_where_nothing_leads_out_of_it():
    assert {state for state in ProjectState if not events_from(state)} == FINAL
    assert {state for state, owner in OWNERS.items() if owner is Owner.NOBODY} == FINAL


def test_every_state_can_be_reached_but_the_two_in_which_a_record_begins():
    reached = {way.to for way in TRANSITIONS.values()}
    assert set(ProjectState) - reached == {ProjectState.DRAFT, ProjectState.APPLIED}


def test_nothing_private_is_public():
    assert not PRIVATE & set(PUBLIC)
    assert ProjectState.REFUSED not in PUBLIC


def test_states_before_an_event_are_told_in_order():
    assert states_before(Event.RESUME) == (ProjectState.SUSPENDED,)
    assert states_before(Event.SUSPEND, Event.RESUME) == (
        ProjectState.ACCREDITED,
        ProjectState.SUSPENDED,
    )


def test_a_refusal_says_with_whom_the_project_is():
    waiting = project(state=ProjectState.WITH_PANEL)
    (reason,) = is_in_state(waiting, (ProjectState.ACCREDITED,)).reasons
    assert "is with the panel" in reason.sentence
    assert "needs it to be accredited" in reason.sentence
    assert is_in_state(waiting, (ProjectState.WITH_PANEL,)).allowed


def test_the_picture_has_every_way():
    drawn = mermaid()
    assert drawn.count(" --> ") == len(TRANSITIONS) + len(FINAL) + 1
    assert "with_the_panel --> accredited: accredit" in drawn
