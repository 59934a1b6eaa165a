"""What runs out next, and the reminders 60, 30 and 7 days before: on the days that matter."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.five_safes.world import FULL, PASSPORT, PROVISIONAL, researcher
from tre.safe_people.accreditation import accreditation_on, is_accredited
from tre.safe_people.declarations import (
    DECLARATIONS,
    DeclarationVersion,
    declaration_on,
    has_declared,
    to_be_signed,
)
from tre.safe_people.expiry import (
    NEXT_STEP,
    Dated,
    Expiry,
    Kind,
    reminder_due,
    reminder_words,
    runs_out,
)
from tre.safe_people.person import Accreditation, AccreditationLevel

TODAY = date(2026, 10, 5)
LAST = date(2026, 12, 31)
ENDS = Expiry(kind=Kind.TRAINING, what="Your Safe Researcher Training", last_day=LAST)


@pytest.mark.parametrize(
    ("days_before", "due"),
    [
        (61, None),
        (60, 60),
        (59, 60),
        (31, 60),
        (30, 30),
        (8, 30),
        (7, 7),
        (1, 7),
        (0, 7),
        (-1, None),
    ],
)
def test_a_reminder_is_due_sixty_thirty_and_seven_days_before_or_on_the_next_day(days_before, due):
    assert reminder_due(ENDS, LAST - timedelta(days=days_before)) == due


@pytest.mark.parametrize(
    ("days_before", "words"), [(60, "in 60 days"), (1, "tomorrow"), (0, "today")]
)
def test_a_reminder_says_what_when_and_what_to_do(days_before, words):
    said = reminder_words(ENDS, LAST - timedelta(days=days_before))
    assert said.startswith(f"Your Safe Researcher Training ends {words}, on 31 December 2026. Take")


def test_what_runs_out_is_listed_by_its_last_day():
    person = researcher(
        accreditation=replace(FULL, until=date(2027, 3, 1)),
        training_until=date(2027, 1, 1),
        passports=(PASSPORT, replace(PASSPORT, until=date(2026, 12, 1)), replace(PASSPORT)),
    )
    membership = Dated(kind=Kind.MEMBERSHIP, title="Your place", last_day=date(2026, 11, 1))
    over = Dated(kind=Kind.PROJECT, title="An old study", last_day=date(2026, 10, 4))
    today = Dated(kind=Kind.PROJECT, title="A study", last_day=TODAY)
    found = runs_out(person, TODAY, of_projects=(membership, over, today))
    assert [(each.kind, each.days_left(TODAY)) for each in found] == [
        (Kind.PROJECT, 0),
        (Kind.MEMBERSHIP, 27),
        (Kind.TRAINING, 88),
        (Kind.ACCREDITATION, 147),
        (Kind.PASSPORT, 452),  # the last document of the trust, 31 December 2027
    ]


def test_of_somebody_without_anything_nothing_runs_out():
    bare = researcher(accreditation=None, training_until=None, passports=())
    assert runs_out(bare, TODAY) == ()


def test_a_provisional_researcher_is_told_how_long_the_supervisor_can_supervise():
    sam = researcher("sam", accreditation=replace(FULL, until=date(2026, 11, 1)))
    trainee = researcher(accreditation=PROVISIONAL, supervisor="sam")
    found = {each.kind: each for each in runs_out(trainee, TODAY, supervisor=sam)}
    assert found[Kind.SUPERVISION].last_day == date(2026, 11, 1)
    unaccredited = replace(sam, accreditation=None)
    for person, supervisor in ((researcher(), sam), (trainee, None), (trainee, unaccredited)):
        kinds = {each.kind for each in runs_out(person, TODAY, supervisor=supervisor)}
        assert Kind.SUPERVISION not in kinds


def test_everything_that_runs_out_has_a_next_step():
    assert set(NEXT_STEP) == set(Kind)


# A declaration of which a later version is announced

COMING = DeclarationVersion(version="2026-2", since=date(2026, 12, 1), promises=("x",))
VERSIONS = (*DECLARATIONS, COMING)


@pytest.mark.parametrize(
    ("signed", "on", "allowed"),
    [
        ("2025-1", date(2026, 11, 30), True),
        ("2025-1", date(2026, 12, 1), False),
        ("2026-2", date(2026, 11, 30), True),  # signed ahead of time
        ("2026-2", date(2026, 12, 1), True),
        ("2020-1", date(2026, 11, 30), False),
        (None, date(2026, 11, 30), False),
    ],
)
def test_the_declaration_is_needed_in_the_version_of_the_day_or_a_later_one(signed, on, allowed):
    assert has_declared(researcher(declaration_version=signed), on, VERSIONS).allowed is allowed


def test_the_newest_declaration_is_to_be_signed_and_the_old_one_runs_out():
    assert declaration_on(date(2026, 11, 30), VERSIONS).version == "2025-1"
    assert declaration_on(date(1999, 1, 1), VERSIONS).version == "2025-1"
    assert to_be_signed("2025-1", VERSIONS) == COMING
    assert to_be_signed("2026-2", VERSIONS) is None
    found = {each.kind: each for each in runs_out(researcher(), TODAY, versions=VERSIONS)}
    assert found[Kind.DECLARATION].last_day == date(2026, 11, 30)
    for signed in ("2026-2", None):
        person = researcher(declaration_version=signed)
        kinds = {each.kind for each in runs_out(person, TODAY, versions=VERSIONS)}
        assert Kind.DECLARATION not in kinds


# A renewal that was granted early

AFTER = Accreditation(
    level=AccreditationLevel.FULL, since=date(2029, 1, 1), until=date(2033, 12, 31)
)


@pytest.mark.parametrize(
    ("on", "counts"),
    [
        (date(2028, 12, 31), FULL),
        (date(2029, 1, 1), AFTER),
        (date(2033, 12, 31), AFTER),
    ],
)
def test_a_renewal_counts_from_the_day_after_what_it_renews(on, counts):
    person = researcher(accreditation_after=AFTER)
    assert accreditation_on(person, on) == counts
    assert is_accredited(person, on).allowed
    assert FULL.covers(on) is (counts is FULL)


def test_with_a_renewal_the_later_end_is_what_runs_out():
    found = runs_out(
        researcher(accreditation_after=AFTER, training_until=None, passports=()), TODAY
    )
    assert [each.last_day for each in found] == [date(2033, 12, 31)]
