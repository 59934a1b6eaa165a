"""Accreditation, supervision, training, declaration: each on the first and last days."""

from dataclasses import replace
from datetime import date

import pytest

from tests.five_safes.world import FULL, ONS, PROVISIONAL, TODAY, researcher
from tre.safe_people.accreditation import (
    is_accredited,
    is_supervised,
    is_trained,
    last_day,
)
from tre.safe_people.declarations import has_declared
from tre.safe_people.person import Accreditation, AccreditationLevel, Sanction
from tre.vocabulary import Role


@pytest.mark.parametrize(
    ("on", "allowed", "words"),
    [
        (date(2023, 12, 31), False, "begins on 01 January 2024"),
        (date(2024, 1, 1), True, ""),
        (date(2028, 12, 31), True, ""),
        (date(2029, 1, 1), False, "ended on 31 December 2028"),
    ],
)
def test_an_accreditation_counts_from_its_first_to_its_last_day(on, allowed, words):
    decision = is_accredited(researcher(), on)
    assert decision.allowed is allowed
    assert all(words in reason.sentence for reason in decision.reasons)


def test_nobody_is_accredited_by_default():
    (reason,) = is_accredited(researcher(accreditation=None), TODAY).reasons
    assert "no ONS accreditation" in reason.sentence


@pytest.mark.parametrize(
    ("level", "since", "until", "last"),
    [
        # full: five years at most; provisional: three, the first and the last day included
        (AccreditationLevel.FULL, date(2024, 1, 1), date(2028, 6, 1), date(2028, 6, 1)),
        (AccreditationLevel.FULL, date(2024, 1, 1), date(2040, 1, 1), date(2028, 12, 31)),
        (AccreditationLevel.PROVISIONAL, date(2024, 1, 1), date(2040, 1, 1), date(2026, 12, 31)),
        # a leap day's anniversary is the 28th; and there are no dates after the year 9999
        (AccreditationLevel.FULL, date(2024, 2, 29), date(2040, 1, 1), date(2029, 2, 27)),
        (AccreditationLevel.FULL, date(9998, 1, 1), date.max, date(9999, 12, 30)),
    ],
)
def test_no_accreditation_outlives_its_level(level, since, until, last):
    assert last_day(Accreditation(level=level, since=since, until=until)) == last


SUPERVISOR = researcher("sam")
TRAINEE = researcher("pat", accreditation=PROVISIONAL, supervisor="sam")
OWN_SUPERVISOR = replace(SUPERVISOR, accreditation=PROVISIONAL, supervisor="sam")
ON_IT = frozenset({"pat", "sam"})
BAN = Sanction(on_organisation=False, since=TODAY, until=None, reason="a breach")


def test_a_full_researcher_needs_no_supervisor():
    assert is_supervised(researcher(), TODAY, supervisor=None, members=()).allowed


def test_somebody_without_accreditation_is_refused_for_that_alone():
    nobody = researcher(accreditation=None)
    assert is_supervised(nobody, TODAY, supervisor=None, members=()).allowed


@pytest.mark.parametrize(
    ("trainee", "supervisor", "members", "words"),
    [
        # nobody, somebody not known, somebody else
        (replace(TRAINEE, supervisor=None), None, ON_IT, "none is recorded"),
        (replace(TRAINEE, supervisor=None), SUPERVISOR, ON_IT, "none is recorded"),
        # oneself, who would count as a supervisor of others
        (OWN_SUPERVISOR, SUPERVISOR, ON_IT, "none is recorded"),
        (TRAINEE, None, ON_IT, "none is recorded"),
        (TRAINEE, researcher("eve"), ON_IT | {"eve"}, "none is recorded"),
        # another organisation, not on the project
        (TRAINEE, replace(SUPERVISOR, organisation=ONS), ON_IT, "not of your organisation"),
        (TRAINEE, SUPERVISOR, frozenset({"pat"}), "not named on this project"),
        # no full accredited researcher on the day, for whatever reason
        (TRAINEE, replace(SUPERVISOR, accreditation=None), ON_IT, "may not supervise today"),
        (TRAINEE, replace(SUPERVISOR, accreditation=PROVISIONAL), ON_IT, "may not supervise"),
        (
            TRAINEE,
            replace(SUPERVISOR, accreditation=replace(FULL, until=date(2026, 10, 4))),
            ON_IT,
            "may not supervise today",
        ),
        (TRAINEE, replace(SUPERVISOR, training_until=date(2026, 10, 4)), ON_IT, "may not"),
        (TRAINEE, replace(SUPERVISOR, declaration_version="2020-1"), ON_IT, "may not supervise"),
        (TRAINEE, replace(SUPERVISOR, sanctions=(BAN,)), ON_IT, "may not supervise today"),
        # nor somebody who is no researcher any more, whatever they hold
        (TRAINEE, replace(SUPERVISOR, roles=frozenset({Role.TRAINER})), ON_IT, "may not"),
    ],
)
def test_a_supervisor_who_does_not_count_puts_the_provisional_researcher_out(
    trainee, supervisor, members, words
):
    (reason,) = is_supervised(trainee, TODAY, supervisor=supervisor, members=members).reasons
    assert words in reason.sentence


def test_a_supervisor_who_counts_lets_the_provisional_researcher_in():
    assert is_supervised(TRAINEE, TODAY, supervisor=SUPERVISOR, members=ON_IT).allowed


def test_why_a_supervisor_does_not_count_is_not_told():
    banned = replace(SUPERVISOR, sanctions=(BAN,))
    (reason,) = is_supervised(TRAINEE, TODAY, supervisor=banned, members=ON_IT).reasons
    assert "a breach" not in reason.sentence
    assert "barred" not in reason.sentence


@pytest.mark.parametrize(
    ("passed", "until", "on", "words"),
    [
        (date(2024, 1, 1), date(2026, 12, 31), date(2024, 1, 1), ""),
        (date(2024, 1, 1), date(2026, 12, 31), date(2026, 12, 31), ""),
        (date(2024, 1, 1), date(2026, 12, 31), date(2023, 12, 31), "counts from 01 January 2024"),
        (date(2024, 1, 1), date(2026, 12, 31), date(2027, 1, 1), "ran out on 31 December 2026"),
        (None, date(2026, 12, 31), date(2026, 1, 1), "have not passed"),
        (date(2024, 1, 1), None, date(2026, 1, 1), "have not passed"),
    ],
)
def test_training_counts_from_the_day_it_was_passed_until_it_runs_out(passed, until, on, words):
    decision = is_trained(researcher(training_passed=passed, training_until=until), on)
    assert decision.allowed is (words == "")
    assert all(words in reason.sentence for reason in decision.reasons)


@pytest.mark.parametrize(
    ("version", "words"),
    [("2025-1", ""), ("2024-1", "you signed version 2024-1"), (None, "have not signed it")],
)
def test_the_declaration_is_signed_in_its_current_version(version, words):
    decision = has_declared(researcher(declaration_version=version), TODAY)
    assert decision.allowed is (words == "")
    assert all(words in reason.sentence for reason in decision.reasons)
