"""What people hold, years on: second renewals, later trainings, roles that are taken away."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.demo import Demo
from tests.demo_people import ADA, KINGS, SLAM, STUDY
from tests.steps.test_people_accreditation import FULL, PASSPORT, PROVISIONAL, TOLD, apply, grant
from tests.steps.test_people_accreditation import put_on_study as named_on_study
from tre.decision import RefusedError, UnusableRequestError
from tre.safe_people.accreditation import is_accredited
from tre.safe_people.expiry import Kind
from tre.safe_people.person import Accreditation
from tre.steps.change_project import ChangeKind, Proposal, propose_change
from tre.steps.change_roles import change_roles
from tre.steps.my_page import my_page
from tre.steps.notices import notices
from tre.steps.open_account import NewAccount, open_account
from tre.steps.people import load_person
from tre.steps.projects import load_project
from tre.steps.record_document import record_passport, record_training
from tre.steps.record_person import record_person
from tre.steps.remind import remind
from tre.steps.sessions_to_end import sessions_to_end
from tre.steps.start_session import start_session
from tre.steps.tre import SYSTEM
from tre.vocabulary import Role


def test_who_renews_a_second_time_works_on_until_the_third_period_begins(demo: Demo) -> None:
    first = Accreditation(level=FULL, since=date(2016, 1, 1), until=date(2020, 12, 31))
    second = Accreditation(level=FULL, since=date(2021, 4, 1), until=date(2026, 3, 31))
    finn = load_person(demo.tre, "finn")
    held = replace(finn, accreditation=first, accreditation_after=second)
    record_person(demo.tre, SYSTEM, held)
    grant(demo, apply(demo))
    finn = load_person(demo.tre, "finn")
    assert (finn.accreditation, finn.accreditation_after) == (
        second,
        Accreditation(level=FULL, since=date(2026, 4, 1), until=date(2031, 3, 31)),
    )
    for day in (date(2026, 3, 2), date(2026, 3, 31), date(2026, 4, 1), date(2031, 3, 31)):
        assert is_accredited(finn, day).allowed
    assert not is_accredited(finn, date(2031, 4, 1)).allowed


def test_a_grant_takes_no_later_training_back(demo: Demo) -> None:
    number = apply(demo, replace(TOLD, training_passed=date(2021, 5, 1)))
    record_training(demo.tre, "mia", "finn", date(2026, 3, 1))
    grant(demo, number)
    assert load_person(demo.tre, "finn").training_until == date(2031, 2, 28)


def test_a_supervisor_who_is_no_researcher_any_more_supervises_nobody(demo: Demo) -> None:
    provisional = Accreditation(level=PROVISIONAL, since=date(2025, 6, 2), until=date(2028, 6, 1))
    pat = replace(ADA, id="pat", name="Pat Ivers", accreditation=provisional, supervisor="ada")
    record_person(demo.tre, SYSTEM, pat)
    named_on_study(demo, "pat")
    start_session(demo.tre, "pat", STUDY)
    assert sessions_to_end(demo.tre) == ()
    change_roles(demo.tre, "mia", "ada", {Role.TRAINER})
    (ending,) = sessions_to_end(demo.tre)
    assert ending.person == "pat"
    with pytest.raises(RefusedError, match="may not supervise today"):
        start_session(demo.tre, "pat", STUDY)


@pytest.mark.parametrize("typed", [SLAM.lower(), f"  {SLAM.upper()} ", SLAM.replace(" ", "  ")])
def test_a_document_counts_in_whatever_capitals_its_trust_was_typed(demo: Demo, typed: str) -> None:
    record_passport(demo.tre, "mia", "finn", replace(PASSPORT, trust=typed))
    assert load_person(demo.tre, "finn").passports == (PASSPORT,)


def test_a_trust_that_no_dataset_names_stays_as_it_was_typed(demo: Demo) -> None:
    record_passport(demo.tre, "mia", "finn", replace(PASSPORT, trust="Barts"))
    assert [each.trust for each in load_person(demo.tre, "finn").passports] == ["Barts"]


@pytest.mark.parametrize("day", [date(1, 1, 1), date(9998, 1, 1), date.max])
def test_days_at_the_end_of_all_dates_are_refused_in_words(demo: Demo, day: date) -> None:
    with pytest.raises(UnusableRequestError, match="cannot be that day"):
        record_training(demo.tre, "mia", "finn", day)
    with pytest.raises(RefusedError):
        record_passport(demo.tre, "mia", "finn", replace(PASSPORT, since=day, until=date.max))


def test_a_new_account_is_told_how_long_it_may_be_without_a_second_factor(demo: Demo) -> None:
    new = NewAccount(
        id="newby", name="New By", organisation=KINGS, roles=frozenset({Role.RESEARCHER})
    )
    open_account(demo.tre, "mia", new)  # on Monday at nine: Tuesday at nine is the end
    (next_out,) = my_page(demo.tre, "newby").runs_out
    assert (next_out.kind, next_out.last_day) == (Kind.SECOND_FACTOR, date(2026, 3, 3))
    assert [each.person for each in remind(demo.tre)] == ["newby"]
    assert "ends tomorrow" in notices(demo.tre, "newby")[0].text


def test_who_left_a_project_is_not_reminded_of_its_end(demo: Demo) -> None:
    proposal = Proposal(kind=ChangeKind.REMOVE_MEMBER, reason="Left.", member="bola")
    propose_change(demo.tre, "ada", STUDY, proposal)
    demo.clock.move(days=(date(2027, 1, 5) - date(2026, 3, 2)).days - 60)
    title = load_project(demo.tre, STUDY).title
    assert {r.person for r in remind(demo.tre) if title in r.expiry.what} == {"ada"}
    assert {each.kind for each in my_page(demo.tre, "bola").runs_out}.isdisjoint(
        {Kind.PROJECT, Kind.MEMBERSHIP}
    )


def test_whose_place_ended_with_the_project_is_told_until_its_last_day(demo: Demo) -> None:
    demo.clock.move(days=(date(2027, 1, 5) - date(2026, 3, 2)) / timedelta(days=1))
    told = {
        each.kind: each.days_left(date(2027, 1, 5)) for each in my_page(demo.tre, "ada").runs_out
    }
    assert told[Kind.PROJECT] == 0
