"""The managers' figures, by hand: histories as tables, and the arithmetic beside each number."""

from datetime import UTC, datetime

import pytest

from tests.safe_outputs.happenings import (
    NOW,
    YES,
    approved,
    at,
    created,
    happened,
    made,
    returned,
    reviewed,
    submitted,
    table,
    voted,
)
from tre.decision import UnusableRequestError
from tre.safe_outputs.figure import median, ninth_decile, share
from tre.safe_outputs.figures import first_month
from tre.safe_outputs.figures_history import (
    TAGS,
    stays,
    waits,
)
from tre.safe_outputs.figures_period import Month, Period, month_of, read_period
from tre.safe_outputs.release_request import State
from tre.safe_outputs.return_reasons import NOT_SAID
from tre.safe_outputs.states import Event

# Numbers


def test_the_median_of_nothing_is_nothing_and_of_an_even_number_the_mean_in_the_middle():
    assert median([]) is None
    assert median([9, 1, 2]) == 2
    assert median([1, 2, 4, 9]) == 3  # (2 + 4) / 2


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], None),
        ([4], 4),  # rank ceil(0.9) = 1
        ([1, 2, 3], 3),  # rank ceil(2.7) = 3
        (list(range(1, 11)), 9),  # rank 9 of 1..10
        (list(range(1, 21)), 18),  # rank 18 of 1..20
    ],
)
def test_the_90th_percentile_is_by_the_nearest_rank(values: list[int], expected: float | None):
    assert ninth_decile(values) == expected


def test_a_share_of_nothing_is_nothing_and_not_zero():
    assert share(0, 0) is None
    assert share(0, 4) == 0
    assert share(1, 4) == 0.25


def test_a_figure_for_programs_has_its_rows_with_values_by_column():
    reasons = made(submitted(at(2)), returned(at(3), because="file type"))["reasons"].to_dict()
    assert {name: reasons[name] for name in ("name", "of", "unit", "n", "n_of")} == {
        "name": "reasons",
        "of": "month",
        "unit": "returns",
        "n": 1,
        "n_of": "returns",
    }
    march = reasons["rows"][0]
    assert march["label"] == "Mar 2026"
    assert march["values"]["file type"] == 1
    assert march["values"]["other"] == 0


# The time in each state


def test_each_state_is_left_when_the_next_is_entered():
    history = (
        created(at(2)),  # Monday 2 March
        submitted(at(4)),  # Wednesday: 2 working days in draft
        reviewed(at(6), "cora", State.PARTIALLY_REVIEWED),  # Friday: 2 submitted
        reviewed(at(9), "deniz", State.REVIEWED),  # Monday: 1, the weekend counts for nothing
        approved(at(16)),  # Monday: 5 reviewed
        happened(TAGS[Event.RELEASE], at(16), State.RELEASED, ":system"),  # 0 approved
    )
    found = {stay.state: stay.working_days for stay in stays(history)}
    assert found == {
        State.DRAFT: 2,
        State.SUBMITTED: 2,
        State.PARTIALLY_REVIEWED: 1,
        State.REVIEWED: 5,
        State.APPROVED: 0,
    }


def test_a_release_that_fails_again_is_one_stay():
    fail = TAGS[Event.FAIL]
    history = (
        approved(at(2)),
        happened(fail, at(2), State.FAILED),
        happened(fail, at(3), State.FAILED),
        happened(TAGS[Event.RELEASE], at(6), State.RELEASED),
    )
    assert [(s.state, s.working_days) for s in stays(history)] == [
        (State.APPROVED, 0),
        (State.FAILED, 4),  # Monday to Friday
    ]


def test_a_third_review_and_votes_do_not_end_a_stay():
    history = (
        reviewed(at(2), "deniz", State.REVIEWED),
        voted(at(3), "emi", YES),
        reviewed(at(4), "emi", State.REVIEWED),
        returned(at(5)),
    )
    (first, second) = stays(history)
    assert (first.state, first.working_days) == (State.REVIEWED, 3)
    assert (second.state, second.until) == (State.RETURNED, None)


def test_times_are_of_stays_that_ended_and_say_how_many_still_last():
    history = [
        *(created(at(2), request=1), submitted(at(3), request=1)),  # 1 working day
        *(created(at(2), request=2), submitted(at(5), request=2)),  # 3
        *(created(at(2), request=3), submitted(at(12), request=3)),  # 8
        created(at(2), request=4),  # still a draft
    ]
    draft = table(made(*history)["times"])["draft"]
    # of 1, 3, 8 the middle is 3, and rank ceil(2.7) = 3 is 8
    assert draft == {"median": 3, "90th percentile": 8, "stays": 3, "in it now": 1}


def test_times_by_month_are_of_the_month_in_which_a_state_was_left():
    history = (
        *(created(at(2), request=1), submitted(at(3), request=1)),
        *(created(at(30), request=2), submitted(at(3, 4), request=2)),  # 4 working days
    )
    found = table(made(*history)["times-by-month"])
    assert found["Mar 2026"] == {"draft": 1, "stays draft": 1}
    assert found["Apr 2026"] == {"draft": 4, "stays draft": 1}


# The service level


def test_an_answer_on_the_fifth_working_day_is_in_time_and_on_the_sixth_late():
    for day, late in ((9, False), (10, True)):  # submitted on Monday 2 March
        (wait,) = waits((submitted(at(2)), returned(at(day))))
        assert wait.is_late(NOW) is late


def test_the_service_level_counts_each_turn_by_the_month_of_its_submission():
    history = (
        *(submitted(at(2)), returned(at(4))),  # in time
        *(submitted(at(16), turn=2), approved(at(31), turn=2)),  # late
        submitted(at(1, 4), request=2),  # by Friday 10 April: 7 working days, no answer
        submitted(at(9, 4), request=3),  # one working day
    )
    found = table(made(*history)["service-level"])
    assert found["Mar 2026"] == {"in time": 1, "late": 1, "share in time": 0.5}
    assert found["Apr 2026"] == {"waiting, late": 1, "waiting, in time": 1}  # 0 of 1


# Events and reasons


def test_events_are_counted_in_their_month_and_only_in_the_period():
    history = (
        submitted(at(27, 2)),
        returned(at(2), because="too little context"),
        submitted(at(3), turn=2),
        returned(at(4, 4), turn=2),
        happened(TAGS[Event.WITHDRAW], at(5, 4), State.WITHDRAWN),
    )
    found = made(*history)
    assert table(found["requests"]) == {
        "Mar 2026": {"submitted": 1, "returned": 1, "submitted again": 1},
        "Apr 2026": {"returned": 1, "withdrawn": 1},
    }
    assert found["requests"].n == 4
    assert table(found["reasons"]) == {
        "Mar 2026": {"too little context": 1, "returned": 1},
        "Apr 2026": {NOT_SAID: 1, "returned": 1},
    }


def test_a_reason_that_nobody_could_give_yet_is_no_column_without_such_returns():
    found = made(submitted(at(2)), returned(at(3), because="other"))["reasons"]
    assert NOT_SAID not in found.series


# The period


def read(*typed: tuple[str, str]) -> Period:
    return read_period(typed, now=NOW, projects=("psychosis", "heart"))


def test_at_first_it_is_the_twelve_months_up_to_this_one():
    found = read()
    assert (str(found.since), str(found.until), found.project) == ("2025-05", "2026-04", None)
    assert len(found.months) == 12


def test_months_go_over_the_end_of_a_year():
    months = read(("since", "2025-11"), ("until", "2026-02")).months
    assert [str(month) for month in months] == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert months[0].words == "Nov 2025"


def test_a_period_holds_its_first_and_its_last_moment():
    march = Period(since=Month(year=2026, month=3), until=Month(year=2026, month=3))
    assert march.holds(datetime(2026, 3, 1, tzinfo=UTC))
    assert march.holds(datetime(2026, 3, 31, 23, 59, 59, tzinfo=UTC))
    assert not march.holds(datetime(2026, 4, 1, tzinfo=UTC))
    assert month_of(at(1, 4)) > march.until


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ([("since", "2026-13")], "since is a month like 2026-03, not .2026-13"),
        ([("until", "March")], "until is a month like"),
        ([("since", "2026-04"), ("until", "2026-03")], "is after the last"),
        ([("since", "2016-01"), ("until", "2026-03")], "more than 60 months"),
        ([("project", "stroke")], "it is one of: psychosis, heart"),
        ([("month", "2026-03")], "there is no field .month"),
        ([("since", "2026-03"), ("since", "2026-02")], ".since. is said twice"),
    ],
)
def test_what_cannot_be_meant_is_refused(typed: list[tuple[str, str]], said: str):
    with pytest.raises(UnusableRequestError, match=said):
        read(*typed)


def test_the_first_month_is_that_of_the_first_submission():
    assert first_month((created(at(2)), submitted(at(3, 4)))) == Month(year=2026, month=4)
    assert first_month((created(at(2)),)) is None
