"""Projects: their standing, members, places, and who must keep away."""

from datetime import date

import pytest

from tests.five_safes.world import SLAM, TODAY, dataset, member, practice, project
from tre.safe_projects.membership import (
    everybody_named,
    has_part,
    is_member,
    is_not_lead,
    is_not_member,
    members_on,
)
from tre.safe_projects.places import is_in_place, place_of
from tre.safe_projects.project import Place, ProjectState, is_project_id
from tre.safe_projects.standing import (
    has_granted_data,
    is_accredited,
    is_not_past_its_end,
    is_within_dates,
    policies,
    trusts,
)

WITH_SOMEBODY = (
    *(ProjectState.DRAFT, ProjectState.WITH_LAY_GROUP, ProjectState.ADVISED),
    *(ProjectState.WITH_OWNERS, ProjectState.WITH_PANEL, ProjectState.RETURNED),
)
TURNED_DOWN = (ProjectState.REFUSED, ProjectState.WITHDRAWN)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        *(("ab", True), ("a-1", True), ("a" * 60, True)),
        *(("", False), ("a", False), ("a" * 61, False), ("1a", False), ("a-", False)),
        *(("Ab", False), ("a_b", False), ("a b", False), ("a\0b", False), ("éé", False)),
    ],
)
def test_an_id_is_short_and_plain(text, is_one):
    assert is_project_id(text) is is_one


@pytest.mark.parametrize(
    ("state", "is_practice", "words"),
    [
        (ProjectState.ACCREDITED, False, ""),
        (ProjectState.ACCREDITED, True, ""),
        (ProjectState.APPLIED, False, "not accredited yet"),
        *((state, False, "not accredited yet") for state in WITH_SOMEBODY),
        *((state, True, "not accredited yet") for state in WITH_SOMEBODY),
        *((state, True, f"was {state}") for state in TURNED_DOWN),
        *((state, False, f"was {state}") for state in TURNED_DOWN),
        (ProjectState.APPLIED, True, ""),
        (ProjectState.SUSPENDED, False, "is suspended"),
        (ProjectState.SUSPENDED, True, "is suspended"),
        (ProjectState.ENDED, False, "has ended"),
        (ProjectState.ENDED, True, "has ended"),
    ],
)
def test_a_project_is_accredited_or_practice_and_neither_suspended_nor_ended(
    state, is_practice, words
):
    decision = is_accredited(project(state=state, practice=is_practice))
    assert decision.allowed is (words == "")
    assert all(words in reason.sentence for reason in decision.reasons)


@pytest.mark.parametrize(
    ("on", "within", "not_over"),
    [
        (date(2025, 12, 31), False, True),
        (date(2026, 1, 1), True, True),
        (date(2026, 12, 31), True, True),
        (date(2027, 1, 1), False, False),
    ],
)
def test_a_project_lasts_from_its_first_to_its_last_day(on, within, not_over):
    assert is_within_dates(project(), on).allowed is within
    assert is_not_past_its_end(project(), on).allowed is not_over


def test_no_project_works_without_a_granted_dataset():
    (reason,) = has_granted_data(project(datasets=()), TODAY).reasons
    assert "no dataset has been granted" in reason.sentence


def test_a_practice_project_needs_no_grant():
    assert has_granted_data(practice(), TODAY).allowed


def test_a_grant_counts_from_its_day_and_names_its_variables():
    early = dataset(granted_on=date(2026, 10, 6))
    empty = dataset(dataset="npd", controller="DfE", variables=())
    decision = has_granted_data(project(datasets=(dataset(), early, empty)), TODAY)
    assert [reason.sentence.split(".")[0] for reason in decision.reasons] == [
        f"{SLAM} grants “cris” to this project from 06 October 2026",
        "the grant of “npd” names no variables",
    ]


def test_a_grant_of_today_counts():
    assert has_granted_data(project(datasets=(dataset(granted_on=TODAY),)), TODAY).allowed


def test_the_trusts_and_policies_are_those_of_the_datasets():
    both = project(datasets=(dataset(), dataset(dataset="npd", passport_trust=None, policy="dfe")))
    assert trusts(both) == {SLAM}
    assert policies(both) == ("dfe", "srs")
    assert policies(practice()) == ("srs",)


@pytest.mark.parametrize(
    ("named", "on", "words"),
    [
        # nobody; on the first and last day; before and after
        ([], TODAY, "not named on"),
        ([("2026-01-01", "2026-12-31")], date(2026, 1, 1), ""),
        ([("2026-01-01", "2026-12-31")], date(2026, 12, 31), ""),
        ([("2026-11-01", "2026-12-31")], TODAY, "you join"),
        ([("2026-01-01", "2026-09-30")], TODAY, "until 30 September 2026"),
        # twice: any one is enough; what is to come is told before what was
        ([("2026-01-01", "2026-02-01"), ("2026-09-01", "2026-12-31")], TODAY, ""),
        ([("2026-01-01", "2026-02-01"), ("2026-11-01", "2026-12-31")], TODAY, "01 November 2026"),
    ],
)
def test_a_member_is_named_and_in_date(named, on, words):
    spans = [
        member("ada", since=date.fromisoformat(since), until=date.fromisoformat(until))
        for since, until in named
    ]
    decision = is_member(project(members=(member("bola"), *spans)), "ada", on)
    assert decision.allowed is (words == "")
    assert all(words in reason.sentence for reason in decision.reasons)


@pytest.mark.parametrize("until", [date(2026, 12, 31), date(2026, 2, 1)])
def test_whoever_is_or_was_on_a_project_keeps_their_hands_off_it(until):
    old = project(members=(member("cora", until=until),))
    assert not is_not_member(old, "cora").allowed
    assert is_not_member(old, "deniz").allowed


def test_a_lead_does_not_decide_about_their_own_project():
    assert not is_not_lead(project(), "ada").allowed
    assert is_not_lead(project(), "bola").allowed
    assert is_not_lead(project(), "mia").allowed


def test_members_of_a_day_and_of_any_day_are_told_apart():
    some = project(members=(member("ada"), member("old", until=date(2026, 1, 2))))
    assert members_on(some, TODAY) == {"ada"}
    assert everybody_named(some) == {"ada", "old"}


@pytest.mark.parametrize(
    ("person", "by_role", "allowed"),
    [("ada", False, True), ("mia", True, True), ("mia", False, False)],
)
def test_a_project_is_shown_to_its_people_and_to_staff(person, by_role, allowed):
    decision = has_part(project(), person, by_role=by_role, roles=["TRE manager"])
    assert decision.allowed is allowed
    assert all("the TRE manager" in reason.sentence for reason in decision.reasons)


ROOM, OFFICE, HOME = Place.SAFE_ROOM, Place.ASSURED_OFFICE, Place.ASSURED_HOME


@pytest.mark.parametrize(
    ("asked", "most_restrictive"),
    [
        ([], ROOM),
        ([HOME], HOME),
        ([OFFICE], OFFICE),
        ([HOME, OFFICE], OFFICE),
        ([OFFICE, HOME, ROOM], ROOM),
    ],
)
def test_the_most_restrictive_dataset_says_the_place(asked, most_restrictive):
    datasets = tuple(dataset(place=place) for place in asked)
    assert place_of(project(datasets=datasets)) is most_restrictive


@pytest.mark.parametrize(
    ("asked", "used", "allowed"),
    [
        (ROOM, ROOM, True),
        (ROOM, OFFICE, False),
        (ROOM, HOME, False),
        (OFFICE, ROOM, True),
        (OFFICE, OFFICE, True),
        (OFFICE, HOME, False),
        (HOME, ROOM, True),
        (HOME, OFFICE, True),
        (HOME, HOME, True),
    ],
)
def test_a_more_restrictive_place_serves_too(asked, used, allowed):
    decision = is_in_place(project(datasets=(dataset(place=asked),)), used)
    assert decision.allowed is allowed


def test_a_refused_place_is_named_in_good_english():
    (reason,) = is_in_place(project(datasets=(dataset(place=ROOM),)), OFFICE).reasons
    assert reason.sentence.startswith("this is an assured office, and the data")
    assert "only in a safe room" in reason.sentence
