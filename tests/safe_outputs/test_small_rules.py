"""Working days, verdicts, who may judge, and writing whole."""

import errno
import os
from datetime import UTC, date, datetime

import pytest

from tests.safe_outputs.requests import a_request
from tre.decision import ALLOWED, Rule
from tre.safe_outputs.atomic_file import WriteError, write_whole
from tre.safe_outputs.file_check import FileCheck, finding, worst
from tre.safe_outputs.release_request import State
from tre.safe_outputs.reviewing import (
    has_no_supervisor_link,
    is_in_state,
    is_not_author,
    is_not_frozen,
)
from tre.safe_outputs.working_days import (
    age_in_working_days,
    due_on,
    is_late,
    working_days_between,
)
from tre.vocabulary import Safe

# October 2026: the 1st is a Thursday.


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        # Thursday to the same day, to Friday, over the weekend
        ((2026, 10, 1), (2026, 10, 1), 0),
        ((2026, 10, 1), (2026, 10, 2), 1),
        ((2026, 10, 1), (2026, 10, 3), 1),
        ((2026, 10, 1), (2026, 10, 4), 1),
        ((2026, 10, 1), (2026, 10, 5), 2),
        # one week, two weeks and a day, a year (52 weeks and Thursday to Friday)
        ((2026, 10, 1), (2026, 10, 8), 5),
        ((2026, 10, 1), (2026, 10, 16), 11),
        ((2026, 10, 1), (2027, 10, 1), 261),
        # from a weekend day on
        ((2026, 10, 3), (2026, 10, 5), 1),
        ((2026, 10, 4), (2026, 10, 4), 0),
        # the wrong way round
        ((2026, 10, 8), (2026, 10, 1), 0),
    ],
)
def test_working_days_are_counted_after_the_first_day(first, last, days):
    assert working_days_between(date(*first), date(*last)) == days


def at(day: int) -> datetime:
    return datetime(2026, 10, day, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "age", "late"),
    [(1, 0, False), (7, 4, False), (8, 5, False), (9, 6, True), (10, 6, True)],
)
def test_an_answer_is_due_within_five_working_days(now, age, late):
    assert age_in_working_days(at(1), at(now)) == age
    assert is_late(at(1), at(now)) is late


@pytest.mark.parametrize(("submitted", "due"), [(1, 8), (2, 9), (3, 9), (4, 9), (5, 12)])
def test_the_last_day_within_the_service_level_is_named(submitted, due):
    assert due_on(at(submitted)) == date(2026, 10, due)


@pytest.mark.parametrize(
    ("verdicts", "together"),
    [
        ((), "review"),
        (("pass",), "pass"),
        (("pass", "review", "pass"), "review"),
        (("fail", "pass"), "fail"),
        (("review", "fail"), "fail"),
    ],
)
def test_the_worst_verdict_counts_and_nothing_checked_is_nothing_passed(verdicts, together):
    assert worst(verdicts) == together


def test_a_word_that_is_no_verdict_is_a_mistake():
    with pytest.raises(ValueError, match="“fine” is no verdict"):
        worst(["pass", "fine"])


def test_a_check_survives_being_stored():
    check = FileCheck(
        verdict="fail",
        provenance="recomputed",
        findings=(finding("threshold", "fail", "too few", "suppress"),),
        evidence=({"sex": "Male", "units": 3},),
        table=({"sex": "Male", "value": None},),
        proof=({"sex": "Male", "lower": 0, "upper": 9},),
        policy_name="srs",
        policy_hash="ab",
        note="",
    )
    assert FileCheck.from_dict(check.to_dict()) == check
    with pytest.raises(KeyError, match="proof"):
        FileCheck.from_dict({k: v for k, v in check.to_dict().items() if k != "proof"})


@pytest.mark.parametrize(
    ("state", "next_step"),
    [
        (State.DRAFT, "It is with its author"),
        (State.RETURNED, "It is with its author"),
        (State.SUBMITTED, "It is with the output checkers"),
        (State.PARTIALLY_REVIEWED, "It is with the output checkers"),
        (State.REVIEWED, "It is with the output checkers"),
        (State.APPROVED, "It is being released"),
        (State.FAILED, "It is being released"),
        (State.RELEASED, "Nothing more can be done"),
        (State.WITHDRAWN, "Nothing more can be done"),
        (State.REJECTED, "Nothing more can be done"),
        (State.REVOKED, "Nothing more can be done"),
    ],
)
def test_a_wrong_state_says_what_is_next(state: State, next_step: str):
    assert is_in_state(a_request(state=state), {state}).allowed
    others = {other for other in State if other is not state}
    (reason,) = is_in_state(a_request(state=state), others).reasons
    assert reason.sentence.startswith(f"request 12 is {state}, and this needs it to be ")
    assert next_step in reason.sentence


def test_an_author_does_not_judge_their_own_request():
    assert not is_not_author(a_request(), "ada").allowed
    assert is_not_author(a_request(), "bola").allowed


@pytest.mark.parametrize(
    ("checkers_supervisor", "authors_supervisor", "allowed"),
    [
        (None, None, True),
        ("sam", "sam", True),
        ("ada", None, False),
        (None, "cora", False),
        ("ada", "cora", False),
    ],
)
def test_no_supervisor_link_either_way(checkers_supervisor, authors_supervisor, allowed):
    decision = has_no_supervisor_link(
        checker="cora",
        checkers_supervisor=checkers_supervisor,
        author="ada",
        authors_supervisor=authors_supervisor,
    )
    assert decision.allowed is allowed


def test_a_frozen_request_keeps_its_author_s_reasons_to_itself():
    rule = Rule(name="training", safe=Safe.PEOPLE, sentence="In date.", source="ONS")
    assert is_not_frozen(ALLOWED).allowed
    (reason,) = is_not_frozen(rule.refuses("your training ran out")).reasons
    assert "training" not in reason.sentence


def test_a_file_is_written_for_its_owner_alone(tmp_path):
    path = write_whole(tmp_path / "a", b"content")
    assert path.read_bytes() == b"content"
    assert path.stat().st_mode & 0o777 == 0o600


def test_what_is_left_of_a_killed_write_is_no_hindrance(tmp_path):
    (tmp_path / ".a.part").write_bytes(b"half of somethi")
    write_whole(tmp_path / "a", b"new")
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("a", b"new")]


def test_a_broken_disk_says_what_the_machine_says(tmp_path):
    def broken(descriptor: int, content: memoryview) -> int:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with pytest.raises(WriteError, match=r"could not be written .*: Input/output error"):
        write_whole(tmp_path / "a", b"new", write=broken)
    assert list(tmp_path.iterdir()) == []
