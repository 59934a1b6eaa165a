"""How long a session may stay."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tre.safe_settings.staying import (
    BEYOND_ANY_LIMIT,
    TIDYING,
    Stay,
    Use,
    may_stay,
    warnings,
    why_too_large,
)

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
STAY = Stay(idle=timedelta(hours=1), longest=timedelta(hours=12), workspace_bytes=1000 * 2**20)
FRESH = Use(now=NOON, started_at=NOON, active_at=NOON)


def after(**by):
    """Some time later, with something happening until then."""
    later = NOON + timedelta(**by)
    return replace(FRESH, now=later, active_at=later)


def rules(use):
    return [reason.rule for reason in may_stay(use, STAY).reasons]


def test_a_session_in_use_stays_until_it_is_too_old():
    assert rules(after(hours=11, minutes=59)) == []
    assert rules(after(hours=12)) == ["age of a session"]


@pytest.mark.parametrize(("minutes", "found"), [(59, []), (60, ["idle session"])])
def test_a_session_in_which_nothing_happens_ends(minutes, found):
    assert rules(replace(FRESH, now=NOON + timedelta(minutes=minutes))) == found


def test_a_session_whose_activity_is_unknown_counts_from_its_start():
    long_ago = datetime(1970, 1, 1, tzinfo=UTC)
    assert rules(replace(FRESH, active_at=long_ago)) == []
    assert rules(replace(FRESH, active_at=long_ago, now=NOON + STAY.idle)) == ["idle session"]


def test_too_large_a_workspace_leaves_time_to_tidy():
    large = replace(FRESH, workspace_bytes=1001 * 2**20, too_large_since=NOON)
    assert rules(large) == []
    assert rules(replace(large, now=NOON + TIDYING)) == ["room of a workspace"]
    # Tidied in time: how long it was too large is forgotten.
    assert rules(replace(large, now=NOON + TIDYING, workspace_bytes=999 * 2**20)) == []


def test_every_reason_is_given_and_says_what_to_do():
    late = replace(
        FRESH,
        now=NOON + STAY.longest,
        workspace_bytes=2000 * 2**20,
        too_large_since=NOON,
    )
    decision = may_stay(late, STAY)
    assert len(decision.reasons) == 3
    assert all("Open" in reason.sentence for reason in decision.reasons)
    assert "12 hours" in decision.reasons[0].sentence
    assert "2,000 MiB of 1,000 MiB" in decision.reasons[2].sentence


def test_what_cannot_be_measured_has_no_number():
    """Its size stands for "too much": printed, it would be four thousand billion MiB."""
    lost = replace(FRESH, workspace_bytes=BEYOND_ANY_LIMIT, too_large_since=NOON)
    (reason,) = may_stay(replace(lost, now=NOON + TIDYING), STAY).reasons
    for sentence in (reason.sentence, why_too_large(lost), *warnings(lost, STAY)):
        assert "cannot be measured" in sentence
        assert "MiB" not in sentence


def test_what_is_deleted_and_held_open_is_told_apart():
    use = replace(FRESH, workspace_bytes=1500 * 2**20, held_bytes=600 * 2**20)
    late = replace(use, now=NOON + TIDYING, too_large_since=NOON)
    (reason,) = may_stay(late, STAY).reasons
    assert "1,500 MiB of 1,000 MiB, 600 MiB of that in deleted files" in reason.sentence
    assert "shut down the kernels" in warnings(use, STAY)[0]


@pytest.mark.parametrize(
    ("use", "said"),
    [
        (FRESH, []),
        # Ten and two minutes before the session is too old.
        (after(hours=11, minutes=49), []),
        (after(hours=11, minutes=50), ["closes in less than 10 minutes"]),
        (after(hours=11, minutes=58), ["closes in less than 2 minutes"]),
        # Five minutes before it has been idle for too long.
        (replace(FRESH, now=NOON + timedelta(minutes=54)), []),
        (replace(FRESH, now=NOON + timedelta(minutes=55)), ["will soon close"]),
        # A workspace that is nearly too large, or is.
        (replace(FRESH, workspace_bytes=900 * 2**20), []),
        (replace(FRESH, workspace_bytes=901 * 2**20), ["used 90% of its 1,000 MiB"]),
        (replace(FRESH, workspace_bytes=1001 * 2**20), ["No kernel starts in it"]),
        # A disk on which nothing can be saved.
        (replace(FRESH, free_bytes=2**20), []),
        (replace(FRESH, free_bytes=2**20 - 1), ["disk is full"]),
    ],
)
def test_what_comes_is_said_before(use, said):
    found = warnings(use, STAY)
    assert len(found) == len(said)
    assert all(part in sentence for part, sentence in zip(said, found, strict=True))


def test_a_short_limit_of_idleness_is_warned_of_at_half_its_time():
    short = replace(STAY, idle=timedelta(minutes=2))
    assert warnings(replace(FRESH, now=NOON + timedelta(seconds=59)), short) == ()
    assert len(warnings(replace(FRESH, now=NOON + timedelta(seconds=60)), short)) == 1
