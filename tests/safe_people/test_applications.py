"""Applying for accreditation: every state and event, what it must hold, when, and what it gives."""

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from tests.five_safes.world import FULL, PROVISIONAL, researcher
from tre.decision import OvertakenError
from tre.safe_people.applications import (
    IN_THE_APPLICANTS_HANDS,
    NEEDS_A_REASON,
    OPEN,
    ApplicationEvent,
    ApplicationState,
    Basis,
    Evidence,
    application_step,
)
from tre.safe_people.applying import (
    granted_period,
    is_complete,
    is_confirmed,
    is_reasoned,
    may_apply,
)
from tre.safe_people.person import Accreditation, AccreditationLevel

FULL_, PROVISIONAL_ = AccreditationLevel.FULL, AccreditationLevel.PROVISIONAL
TODAY = date(2026, 10, 5)

WAYS = """
                submit     withdraw   return    grant    refuse
    draft       submitted  withdrawn  -         -        -
    submitted   -          withdrawn  returned  granted  refused
    returned    submitted  withdrawn  -         -        -
    granted     -          -          -         -        -
    refused     -          -          -         -        -
    withdrawn   -          -          -         -        -
"""


def ways() -> dict[tuple[str, str], str]:
    """Read the table above: (state, event) -> where it leads, "-" for nowhere."""
    heading, *lines = WAYS.strip("\n").splitlines()
    events = heading.split()
    rows = [line.split() for line in lines]
    return {(row[0], event): to for row in rows for event, to in zip(events, row[1:], strict=True)}


def test_the_table_names_every_state_and_event():
    assert set(ways()) == {(str(s), str(e)) for s, e in product(ApplicationState, ApplicationEvent)}


@pytest.mark.parametrize(("state", "event"), list(product(ApplicationState, ApplicationEvent)))
def test_an_application_goes_the_ways_of_the_table_and_no_other(state, event):
    to = ways()[state, event]
    if to == "-":
        with pytest.raises(OvertakenError, match=f"that is {state} cannot"):
            application_step(state, event)
    else:
        assert application_step(state, event).to == to


def test_only_the_applicant_holds_what_is_not_handed_in():
    assert {"draft", "returned"} == IN_THE_APPLICANTS_HANDS
    assert {"draft", "returned", "submitted"} == OPEN
    assert {"return", "refuse"} == NEEDS_A_REASON


GOOD = Evidence(
    level=FULL_,
    basis=Basis.DEGREE,
    qualification="BSc Statistics, University of Leeds, 2015",
    training_passed=date(2026, 3, 2),
    training_certificate="SRT-2026-1042",
    declaration_version="2025-1",
    declared_as="Ada",
)
TRAINEE = replace(
    GOOD, level=PROVISIONAL_, basis=Basis.NONE_YET, qualification="", supervisor="sam", project="p"
)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        # a degree, or three years of research
        (GOOD, ()),
        (replace(GOOD, qualification=" "), ("which degree",)),
        (replace(GOOD, basis=Basis.EXPERIENCE, quantitative_months=36), ()),
        (replace(GOOD, basis=Basis.EXPERIENCE, quantitative_months=35), ("told 35 months",)),
        (
            replace(GOOD, basis=Basis.EXPERIENCE, qualification=""),
            ("told 0 months", "which posts"),
        ),
        (replace(GOOD, basis=Basis.NONE_YET), ("as a provisional researcher",)),
        # training: passed, with its certificate, within five years
        (replace(GOOD, training_passed=None), ("on which day you passed",)),
        (replace(GOOD, training_certificate=""), ("the certificate's number",)),
        (replace(GOOD, training_passed=date(2026, 10, 5)), ()),
        (replace(GOOD, training_passed=date(2026, 10, 6)), ("has not come yet",)),
        (replace(GOOD, training_passed=date(2021, 10, 6)), ()),
        (replace(GOOD, training_passed=date(2021, 10, 5)), ("Take it again",)),
        # the declaration: own name, current version
        (replace(GOOD, declared_as="  ADA "), ()),
        (replace(GOOD, declared_as="Bola"), ("your own name",)),
        (replace(GOOD, declared_as=""), ("your own name",)),
        (replace(GOOD, declaration_version="2020-1"), ("in version 2025-1",)),
        # provisional: no qualification, but a supervisor and a project
        (TRAINEE, ()),
        (replace(TRAINEE, supervisor=""), ("name your supervisor",)),
        (replace(TRAINEE, project=""), ("name your supervisor",)),
        (replace(TRAINEE, supervisor="ada"), ("nobody supervises themselves",)),
        # nothing at all: every gap is named
        (Evidence(), ("which degree", "on which day", "your own name")),
    ],
)
def test_an_application_is_complete_when_nothing_is_missing(told, words):
    reasons = is_complete(researcher(), told, TODAY).reasons
    assert len(reasons) == len(words)
    for word, reason in zip(words, reasons, strict=True):
        assert word in reason.sentence


@pytest.mark.parametrize(
    ("held", "level", "on", "words"),
    [
        # nothing held, or over
        (None, FULL_, TODAY, ""),
        (None, PROVISIONAL_, TODAY, ""),
        (FULL, FULL_, date(2029, 1, 1), ""),
        (FULL, PROVISIONAL_, date(2029, 1, 1), ""),
        # full until 31 December 2028: renewed from 1 November on
        (FULL, FULL_, date(2028, 10, 31), "renewed from 01 November 2028"),
        (FULL, FULL_, date(2028, 11, 1), ""),
        (FULL, FULL_, date(2028, 12, 31), ""),
        (FULL, PROVISIONAL_, date(2028, 12, 31), "more than a provisional one"),
        # provisional until 31 December 2027: full at any time
        (PROVISIONAL, FULL_, TODAY, ""),
        (PROVISIONAL, PROVISIONAL_, TODAY, "renewed from"),
        (PROVISIONAL, PROVISIONAL_, date(2027, 12, 1), ""),
    ],
)
def test_one_applies_for_what_one_does_not_hold_and_renews_from_sixty_days_before(
    held, level, on, words
):
    decision = may_apply(researcher(accreditation=held), level, on)
    assert decision.allowed is (words == "")
    assert all(words in reason.sentence for reason in decision.reasons)


def test_who_has_renewed_does_not_renew_again():
    after = Accreditation(level=FULL_, since=date(2029, 1, 1), until=date(2033, 12, 31))
    person = researcher(accreditation_after=after)
    (reason,) = may_apply(person, FULL_, date(2028, 12, 1)).reasons
    assert "renewed already, until 31 December 2033" in reason.sentence
    assert may_apply(person, FULL_, date(2033, 12, 1)).allowed


@pytest.mark.parametrize(
    ("held", "level", "on", "since", "until"),
    [
        # nothing held, or over: from today, for five or three years
        (None, FULL_, TODAY, TODAY, date(2031, 10, 4)),
        (None, PROVISIONAL_, TODAY, TODAY, date(2029, 10, 4)),
        (FULL, FULL_, date(2029, 2, 1), date(2029, 2, 1), date(2034, 1, 31)),
        # renewed: from the day after the old one ends
        (FULL, FULL_, date(2028, 12, 1), date(2029, 1, 1), date(2033, 12, 31)),
        (FULL, FULL_, date(2028, 12, 31), date(2029, 1, 1), date(2033, 12, 31)),
        (PROVISIONAL, PROVISIONAL_, date(2027, 12, 1), date(2028, 1, 1), date(2030, 12, 31)),
        # a provisional researcher becomes a full one at once
        (PROVISIONAL, FULL_, TODAY, TODAY, date(2031, 10, 4)),
        # a leap day
        (None, FULL_, date(2028, 2, 29), date(2028, 2, 29), date(2033, 2, 27)),
    ],
)
def test_a_grant_gives_five_or_three_years_after_what_is_held(held, level, on, since, until):
    period = granted_period(researcher(accreditation=held), level, on)
    assert period == Accreditation(level=level, since=since, until=until)


@pytest.mark.parametrize(
    ("level", "confirmed", "allowed"),
    [
        (FULL_, False, True),
        (FULL_, True, True),
        (PROVISIONAL_, False, False),
        (PROVISIONAL_, True, True),
    ],
)
def test_only_a_provisional_application_waits_for_a_supervisors_word(level, confirmed, allowed):
    assert is_confirmed(replace(GOOD, level=level), confirmed=confirmed).allowed is allowed


def test_a_reason_is_words():
    assert is_reasoned("The certificate is of somebody else.").allowed
    assert not is_reasoned(" \n").allowed
