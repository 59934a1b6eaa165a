"""Data owners first, then three members of the panel: who may, what it comes to, who sees it."""

from itertools import product

import pytest

from tests.safe_projects.applications import (
    DFE,
    KINGS,
    SLAM,
    application,
    asked,
    grant,
    npd,
    vote,
)
from tre.safe_projects.application import Choice
from tre.safe_projects.lifecycle import Event
from tre.safe_projects.owners import (
    acts_for,
    grants,
    grants_no_more,
    undecided,
    waits_for,
)
from tre.safe_projects.panel import (
    CRITERIA,
    SEATS,
    conditions,
    has_no_interest,
    is_independent,
    is_reasoned,
    may_take_seat,
    outcome,
    visible_votes,
)

YES, ASK, NO = Choice.APPROVE, Choice.RETURN, Choice.REFUSE


@pytest.mark.parametrize(
    ("organisation", "controller", "allowed"),
    [(SLAM, SLAM, True), (SLAM, DFE, False), (SLAM, None, False), ("", None, False)],
)
def test_an_owner_decides_on_their_own_data_alone(organisation, controller, allowed):
    assert acts_for(organisation, controller).allowed is allowed


@pytest.mark.parametrize(
    ("names", "allowed"),
    [
        (("patients.sex", "patients.birth_year"), True),  # all
        (("patients.sex",), True),  # fewer
        ((), False),
        (("patients.sex", "patients.borough"), False),  # one that was not asked for
    ],
)
def test_a_grant_is_what_was_asked_for_or_less(names, allowed):
    assert grants_no_more(asked(), names).allowed is allowed


@pytest.mark.parametrize(
    ("decisions", "left"),
    [
        ((), ["cris", "npd"]),
        ((grant(),), ["npd"]),
        ((grant(), grant("npd")), []),
        # a question and a refusal leave it open; a later grant closes it, a later question opens it
        ((grant(choice=ASK), grant("npd")), ["cris"]),
        ((grant(choice=NO), grant("npd")), ["cris"]),
        ((grant(choice=ASK), grant(), grant("npd")), []),
        ((grant(), grant(choice=ASK), grant("npd")), ["cris"]),
    ],
)
def test_what_is_not_granted_waits_for_its_owner(decisions, left):
    form = application(decisions=decisions)
    assert [one.dataset for one in undecided(form)] == left
    assert [one.dataset for one in waits_for(form, SLAM)] == [x for x in left if x == "cris"]


def test_an_ask_is_found_by_its_dataset():
    assert application().of("npd") == npd()
    assert application().of("hes") is None
    assert application().controllers() == {SLAM, DFE}


@pytest.mark.parametrize(
    ("changed_in", "given_in", "stands"), [(1, 1, True), (1, 2, True), (2, 1, False), (2, 2, True)]
)
def test_a_grant_stands_until_something_else_is_asked_for(changed_in, given_in, stands):
    form = application(asked=(asked(changed_in=changed_in),), decisions=(grant(round=given_in),))
    assert (undecided(form) == ()) is stands


def test_what_is_granted_are_the_owner_s_variables_in_the_years_that_were_asked():
    form = application(decisions=(grant(variables=("patients.birth_year",)),))
    (given,) = grants(form)
    assert given.variables == ("patients.birth_year",)
    assert (given.since_year, given.until_year) == (2010, 2019)
    assert (given.controller, given.passport_trust) == (SLAM, SLAM)
    assert given.granted_on.isoformat() == "2026-10-01"


@pytest.mark.parametrize(
    ("organisation", "independent"),
    [(KINGS, False), (SLAM, False), (DFE, False), ("University of Edinburgh", True)],
)
def test_independent_is_who_is_neither_of_the_lead_s_house_nor_of_a_controller_s(
    organisation, independent
):
    controllers = application().controllers()
    assert is_independent(organisation, KINGS, controllers) is independent


def test_the_lead_s_colleagues_do_not_vote():
    assert not has_no_interest(KINGS, KINGS).allowed
    assert has_no_interest(SLAM, KINGS).allowed


@pytest.mark.parametrize(
    ("seated", "independent", "allowed"),
    [
        # seated: whether each of those who voted is independent
        ([], False, True),
        ([], True, True),
        ([False], False, True),
        ([False], True, True),
        ([False, False], False, False),  # the last seat is kept
        ([False, False], True, True),
        ([True, False], False, True),
        ([True, True], True, True),
        ([True, False, False], True, False),  # no seat is left
    ],
)
def test_one_seat_is_kept_for_an_independent_member(seated, independent, allowed):
    votes = [vote(f"p{n}", independent=each) for n, each in enumerate(seated)]
    assert may_take_seat("rosa", votes, independent=independent).allowed is allowed


def test_nobody_votes_twice():
    assert not may_take_seat("rosa", [vote("rosa")], independent=True).allowed


@pytest.mark.parametrize(
    ("choice", "reasons", "criteria", "allowed"),
    [
        (YES, "Good.", tuple(CRITERIA), True),
        (YES, "Good.", tuple(CRITERIA)[:-1], False),
        (YES, " ", tuple(CRITERIA), False),
        (ASK, "Why?", (), True),
        (NO, "No.", (), True),
        (NO, "", (), False),
        (NO, "No.", ("luck",), False),
    ],
)
def test_a_vote_is_reasoned_and_a_yes_finds_everything_met(choice, reasons, criteria, allowed):
    assert is_reasoned(choice, reasons, criteria).allowed is allowed


# Y approves, ? asks, N refuses; nothing comes of fewer than three.
OUTCOMES = {
    "YYY": Event.ACCREDIT,
    "YY?": Event.RETURN,
    "YYN": Event.RETURN,
    "Y??": Event.RETURN,
    "Y?N": Event.RETURN,
    "YNN": Event.REFUSE,
    "???": Event.RETURN,
    "??N": Event.RETURN,
    "?NN": Event.REFUSE,
    "NNN": Event.REFUSE,
}


@pytest.mark.parametrize("said", list(product("Y?N", repeat=3)))
def test_the_panel_accredits_in_agreement_and_refuses_by_a_majority(said):
    choices = {"Y": YES, "?": ASK, "N": NO}
    votes = [vote(f"p{n}", choices[each]) for n, each in enumerate(said)]
    assert outcome(votes) is OUTCOMES["".join(sorted(said, key="Y?N".index))]
    assert outcome(votes[:2]) is None
    assert len(votes) == SEATS


@pytest.mark.parametrize(
    ("viewer", "decided", "seen"),
    [
        ("rosa", False, ["rosa", "rosa"]),  # her vote of the first round, and her own of this
        ("priya", False, ["rosa", "priya"]),
        ("ada", False, ["rosa"]),
        ("mia", False, ["rosa"]),
        ("ada", True, ["rosa", "rosa", "priya"]),
    ],
)
def test_votes_are_blind_until_the_round_is_decided(viewer, decided, seen):
    votes = (vote("rosa", ASK), vote("rosa", round=2), vote("priya", round=2))
    form = application(round=2, votes=votes)
    assert [one.person for one in visible_votes(form, viewer, decided=decided)] == seen


def test_conditions_are_those_of_grants_that_stand_and_of_votes_that_decided():
    said = (grant(conditions=("No borough.",)), grant("npd", conditions=("Acknowledge the DfE.",)))
    votes = (
        vote("rosa", conditions=("Report yearly.",)),
        vote("priya", conditions=("No borough.",)),  # said twice, kept once
        vote("quinn"),
    )
    form = application(decisions=said, votes=votes)
    assert conditions(form) == ("No borough.", "Acknowledge the DfE.", "Report yearly.")


def test_conditions_of_a_round_that_was_returned_do_not_hold():
    votes = (vote("rosa", ASK, conditions=("Report yearly.",)), vote("priya"), vote("quinn"))
    assert conditions(application(votes=votes)) == ()
    assert conditions(application(asked=(npd(changed_in=2),), decisions=(grant("npd"),))) == ()
