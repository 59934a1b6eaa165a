"""The queue's filters: each keeps what it says, and nothing that it is told is ignored."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from output_checks.readers import READERS
from tre.decision import UnusableRequestError
from tre.safe_outputs.queue_filter import (
    EVERYTHING,
    FILTERS,
    KINDS,
    OTHER_KIND,
    SORTS,
    QueueFilter,
    Sort,
    kind_of,
    narrowed,
    read_filter,
    what_hides,
)
from tre.safe_outputs.queue_row import QueueRow
from tre.safe_outputs.release_request import State

BEGAN = datetime(2026, 3, 2, 9, tzinfo=UTC)

_ROW = QueueRow(
    id=1,
    title="Diagnosis by sex",
    project_id="psychosis",
    project_title="Psychosis",
    author_id="ada",
    author_name="Ada Mensah",
    state=State.SUBMITTED,
    turn=1,
    submitted_at=BEGAN,
    age_working_days=0,
    due_on=date(2026, 3, 9),
    late=False,
    worst_verdict="review",
    outputs=1,
    kinds=("table",),
    my_review_in=False,
    waits_for_me=False,
)


def row(number: int, **changes: Any) -> QueueRow:
    return replace(_ROW, id=number, submitted_at=BEGAN + timedelta(hours=number), **changes)


ROWS = (
    row(1, age_working_days=4),
    row(2, age_working_days=5, worst_verdict="fail", turn=2, kinds=("figure", "table")),
    row(3, age_working_days=6, late=True, state=State.PARTIALLY_REVIEWED, my_review_in=True),
    row(4, age_working_days=9, state=State.FAILED, worst_verdict="pass", waits_for_me=True),
    row(5, age_working_days=3, project_id="heart", project_title="Heart", author_id="bola"),
    row(6, state=State.REVIEWED, worst_verdict=None, title="Straße by year", kinds=("other",)),
)
"""A little of everything; 4 is stuck with the system, so that it has no age to speak of."""

KEPT = [
    # name, value, the rows that are kept
    ("whose", "waiting", {4}),
    ("whose", "answered", {3}),
    ("whose", "everyone", {1, 2, 3, 4, 5, 6}),
    # five working days: day 5 is the last one, day 4 the one before, day 6 is late
    ("age", "late", {3}),
    ("age", "today", {2}),
    ("age", "tomorrow", {1}),
    ("age", "in time", {1, 2, 5, 6}),
    # what was never checked has passed nothing
    ("verdict", "fail", {2}),
    ("verdict", "review", {1, 3, 5, 6}),
    ("verdict", "pass", {4}),
    ("state", "submitted", {1, 2, 5}),
    ("state", "partially reviewed", {3}),
    ("state", "reviewed", {6}),
    ("state", "failed", {4}),
    ("state", "approved", set()),
    ("turn", "first", {1, 3, 4, 5, 6}),
    ("turn", "again", {2}),
    ("kind", "figure", {2}),
    ("kind", "table", {1, 2, 3, 4, 5}),
    ("kind", "notebook", set()),
    ("kind", "text", set()),
    ("kind", "other", {6}),
    ("project", "heart", {5}),
    ("author", "bola", {5}),
    ("text", "BY SEX", {1, 2, 3, 4, 5}),
    ("text", "strasse", {6}),
]


def read(*typed: tuple[str, str]) -> QueueFilter:
    return read_filter(typed, projects=("psychosis", "heart"), authors=("ada", "bola"))


@pytest.mark.parametrize(("name", "value", "kept"), KEPT)
def test_a_filter_keeps_what_it_says(name: str, value: str, kept: set[int]):
    assert {one.id for one in narrowed(ROWS, read((name, value)))} == kept


def test_every_value_of_every_filter_is_tried_here():
    tried = {(name, value) for name, value, _ in KEPT}
    for name, one in FILTERS.items():
        for value in one.values or ():
            assert (name, str(value)) in tried
        assert name in {known for known, _ in tried}


def test_all_filters_hold_at_once():
    wanted = read(("verdict", "review"), ("age", "in time"), ("project", "psychosis"))
    assert [one.id for one in narrowed(ROWS, wanted)] == [1, 6]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        # rows 1, 2 and 5 are submitted, 6 is reviewed
        ([("state", "submitted"), ("state", "reviewed")], [1, 2, 5, 6]),
        # the same twice is the same
        ([("state", "reviewed"), ("state", "reviewed")], [6]),
        # one of these, and one of those: of 1, 2, 5 and 6, row 5 is of the other project
        (
            [("state", "submitted"), ("project", "psychosis"), ("state", "reviewed")],
            [1, 2, 6],
        ),
        ([("age", "late"), ("age", "today")], [2, 3]),
        ([("text", "straße"), ("text", "diagnosis")], [1, 2, 3, 4, 5, 6]),
        ([("sort", "oldest"), ("sort", "oldest")], [1, 2, 3, 4, 5, 6]),
    ],
)
def test_a_filter_of_several_values_keeps_what_fits_one_of_them(
    typed: list[tuple[str, str]], kept: list[int]
):
    assert sorted(one.id for one in narrowed(ROWS, read(*typed))) == kept


def test_several_values_are_said_with_or():
    (hides,) = what_hides(ROWS, read(("verdict", "fail"), ("verdict", "pass")))
    # row 2 fails and row 4 passes: the other four of six are hidden
    assert (hides.value, hides.hides, hides.without_it) == ("fail or pass", 4, 6)


def test_an_empty_field_means_all():
    assert read(("state", ""), ("text", "  "), ("sort", "")) == EVERYTHING


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ([("state", "draft")], "it is one of: submitted, partially reviewed, reviewed, approved"),
        ([("verdict", "FAIL")], "verdict cannot be 'FAIL'; it is one of: fail, review, pass"),
        ([("age", "old")], "late, today, tomorrow, in time"),
        ([("project", "stroke")], "project cannot be 'stroke'; it is one of: psychosis, heart"),
        ([("author", "mallory")], "it is one of: ada, bola"),
        ([("sort", "random")], "urgent, oldest, newest, verdict, project, title"),
        ([("stat", "reviewed")], "there is no filter 'stat'; there are whose, age, verdict"),
        ([("sort", "oldest"), ("sort", "title")], "one order at a time, not oldest and title"),
        ([("state", "reviewed"), ("state", "draft")], "state cannot be 'draft'"),
        ([("text", "x" * 101)], "more than 100 characters"),
    ],
)
def test_what_is_not_known_is_refused_with_what_is(typed: list[tuple[str, str]], said: str):
    with pytest.raises(UnusableRequestError, match=said.replace("'", ".")):
        read(*typed)


def test_every_problem_is_named_and_not_the_first_alone():
    with pytest.raises(UnusableRequestError, match=r"state cannot be .*; verdict cannot be"):
        read(("state", "draft"), ("verdict", "good"))


def test_before_anything_was_submitted_no_project_can_be_meant():
    with pytest.raises(UnusableRequestError, match="none, since nothing was submitted yet"):
        read_filter([("project", "heart")], projects=(), authors=())


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        # late first, then by verdict (never checked counts as review), then by age
        ("urgent", [3, 2, 1, 5, 6, 4]),
        ("oldest", [1, 2, 3, 4, 5, 6]),
        ("newest", [6, 5, 4, 3, 2, 1]),
        ("verdict", [2, 1, 3, 5, 6, 4]),
        ("project", [5, 1, 2, 3, 4, 6]),
        ("title", [1, 2, 3, 4, 5, 6]),
    ],
)
def test_rows_are_sorted_as_asked(sort: str, order: list[int]):
    assert [one.id for one in narrowed(ROWS, read(("sort", sort)))] == order


def test_there_is_an_order_for_each_word():
    assert list(SORTS) == list(Sort)


def test_each_filter_says_what_it_hides_and_what_its_absence_would_show():
    wanted = read(("verdict", "fail"), ("age", "late"))
    assert narrowed(ROWS, wanted) == ()
    # only row 2 fails (5 of 6 hidden) and only row 3 is late (5 of 6 hidden)
    told = [(one.label, one.value, one.hides, one.without_it) for one in what_hides(ROWS, wanted)]
    assert told == [("Verdict", "fail", 5, 1), ("Age", "late", 5, 1)]


def test_every_type_that_can_leave_is_of_some_kind():
    assert {kind_of(f"result{ending}") for ending in READERS} == set(KINDS)
    assert kind_of("Result.CSV") == "table"
    assert kind_of("model.pickle") == OTHER_KIND
