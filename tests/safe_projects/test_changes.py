"""Changes to a project: the ways of a change, and the project that each makes."""

from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

import pytest

from tests.five_safes.world import TODAY, dataset, member, project
from tests.safe_projects.applications import AT, asked, npd, why
from tre.decision import OvertakenError
from tre.safe_projects.application import Choice
from tre.safe_projects.changes import (
    FIRST_STATE,
    Change,
    ChangeEvent,
    ChangeKind,
    ChangeState,
    ChangeWord,
    is_less,
    next_state,
    with_change,
)
from tre.safe_projects.membership import is_member, is_not_member
from tre.safe_projects.places import place_of
from tre.safe_projects.project import Place

S, E, K = ChangeState, ChangeEvent, ChangeKind
WAYS = {
    (S.WITH_OWNER, E.GRANT): S.WITH_CHAIR,
    (S.WITH_OWNER, E.REFUSE): S.REFUSED,
    (S.WITH_OWNER, E.WITHDRAW): S.WITHDRAWN,
    (S.WITH_CHAIR, E.ACCEPT): S.MADE,
    (S.WITH_CHAIR, E.REFUSE): S.REFUSED,
    (S.WITH_CHAIR, E.WITHDRAW): S.WITHDRAWN,
}


def change(kind: ChangeKind, **more: Any) -> Change:
    proposed = Change(
        number=1,
        project="psychosis",
        kind=kind,
        state=FIRST_STATE[kind],
        proposed_by="ada",
        proposed_at=AT,
        reason="The study needs it.",
    )
    return replace(proposed, **more)


def granted(*names: str) -> tuple[ChangeWord, ...]:
    word = ChangeWord(person="uma", at=AT, choice=Choice.APPROVE, reasons="Fine.", variables=names)
    return (word,)


@pytest.mark.parametrize(("state", "event"), list(product(S, E)))
def test_a_change_goes_the_ways_of_the_table(state, event):
    expected = WAYS.get((state, event))
    if expected is None:
        with pytest.raises(OvertakenError):
            next_state(state, event)
    else:
        assert next_state(state, event) is expected


def test_data_are_the_owner_s_word_first_and_giving_back_is_nobody_s():
    assert FIRST_STATE == {
        K.ADD_MEMBER: S.WITH_CHAIR,
        K.REMOVE_MEMBER: S.MADE,
        K.MORE_DATA: S.WITH_OWNER,
        K.LESS_DATA: S.MADE,
        K.EXTENSION: S.WITH_CHAIR,
    }


def test_a_member_who_is_added_is_in_from_today_to_the_end():
    after = with_change(project(), change(K.ADD_MEMBER, member="finn"), TODAY)
    assert is_member(after, "finn", TODAY).allowed
    assert is_member(after, "finn", after.ends).allowed
    assert not is_member(after, "finn", date(2027, 1, 1)).allowed


def test_a_member_who_is_removed_is_out_today_and_still_no_judge_of_the_project():
    after = with_change(project(), change(K.REMOVE_MEMBER, member="bola"), TODAY)
    assert not is_member(after, "bola", TODAY).allowed
    assert is_member(after, "ada", TODAY).allowed
    assert not is_not_member(after, "bola").allowed


def test_a_membership_that_has_not_begun_never_begins():
    coming = project(members=(member("ada"), member("bola", since=date(2026, 12, 1))))
    after = with_change(coming, change(K.REMOVE_MEMBER, member="bola"), TODAY)
    assert not is_member(after, "bola", date(2026, 12, 2)).allowed


def test_an_extension_takes_its_members_along_but_not_those_who_left_before():
    before = project(members=(member("ada"), member("old", until=date(2026, 2, 1))))
    after = with_change(before, change(K.EXTENSION, until=date(2027, 6, 30)), TODAY)
    assert after.ends == date(2027, 6, 30)
    assert is_member(after, "ada", date(2027, 6, 30)).allowed
    assert not is_member(after, "old", TODAY).allowed


def test_more_data_are_what_the_owner_granted_and_the_place_follows():
    before = project(datasets=(dataset(place=Place.ASSURED_HOME),))
    more = npd(place=Place.SAFE_ROOM, variables=why("linked.ks2_score", "linked.exclusions"))
    after = with_change(
        before, change(K.MORE_DATA, asked=more, words=granted("linked.ks2_score")), TODAY
    )
    assert [one.dataset for one in after.datasets] == ["cris", "npd"]
    assert after.datasets[1].variables == ("linked.ks2_score",)
    assert after.datasets[1].granted_on == TODAY
    assert (place_of(before), place_of(after)) == (Place.ASSURED_HOME, Place.SAFE_ROOM)


def test_more_of_a_dataset_takes_the_place_of_what_was_granted():
    more = asked(variables=why("linked.sex", "linked.group", "linked.borough"))
    words = granted("linked.sex", "linked.group", "linked.borough")
    after = with_change(project(), change(K.MORE_DATA, asked=more, words=words), TODAY)
    (only,) = after.datasets
    assert only.variables == ("linked.sex", "linked.group", "linked.borough")
    assert (only.since_year, only.until_year) == (2010, 2019)


def test_nothing_is_granted_without_the_owner_s_word():
    before = project()
    assert with_change(before, change(K.MORE_DATA, asked=npd()), TODAY).datasets == before.datasets


def test_less_data_need_no_word_and_none_left_takes_the_dataset_away():
    less = change(K.LESS_DATA, asked=asked(variables=why("linked.sex")))
    assert with_change(project(), less, TODAY).datasets[0].variables == ("linked.sex",)
    none = change(K.LESS_DATA, asked=asked(variables=()))
    assert with_change(project(), none, TODAY).datasets == ()


def test_a_change_that_says_nothing_changes_nothing():
    assert with_change(project(), change(K.MORE_DATA), TODAY) == project()


@pytest.mark.parametrize(
    ("before", "after", "less"),
    [
        # years granted, years asked: None is no limit
        ((None, None), (None, None), True),
        ((None, None), (2010, 2012), True),
        ((2010, 2019), (2010, 2019), True),
        ((2010, 2019), (2011, 2018), True),
        ((2010, 2019), (2009, 2019), False),
        ((2010, 2019), (2010, 2020), False),
        ((2010, 2019), (None, 2019), False),
        ((2010, 2019), (2010, None), False),
    ],
)
def test_fewer_years_are_less_data_and_other_years_are_more(before, after, less):
    has = dataset(since_year=before[0], until_year=before[1])
    asks = asked(variables=why("linked.sex"), since_year=after[0], until_year=after[1])
    assert is_less(has, asks) is less


def test_another_variable_or_dataset_is_more():
    assert not is_less(dataset(), asked(variables=why("linked.sex", "linked.borough")))
    assert not is_less(None, asked())
