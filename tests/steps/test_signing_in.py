"""Signing in: two factors, one refusal for all that is wrong, and a lock after five failures."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.clock import MONDAY
from tests.demo import Demo
from tre.decision import NotThereError, RefusedError, UnusableRequestError
from tre.steps.impose_sanction import impose_sanction
from tre.steps.lockout import Attempts, lock_length
from tre.steps.people import load_person
from tre.steps.read_ledger import read_ledger
from tre.steps.record_person import record_person
from tre.steps.second_factor import address_for_app, code_at, current_code, step_of
from tre.steps.sign_in import NOT_RIGHT, SignInRefusedError, sign_in
from tre.steps.tre import SYSTEM

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # RFC 6238, appendix B: "12345678901234567890"


def test_the_right_password_and_code_let_in(demo: Demo) -> None:
    person = sign_in(demo.tre, "ada", demo.password, current_code(demo.tre, "ada"))
    assert person.name == "Ada Mensah"


@pytest.mark.parametrize(
    ("name", "password", "code"),
    [
        ("ada", "wrong-password", "right"),
        ("ada", "right", "000000"),
        ("ada", "right", ""),
        ("ada", "right", "12345"),
        ("ada", "right", "\uff11\uff12\uff13\uff14\uff15\uff16"),
        ("nobody", "right", "right"),
        ("", "", ""),
        (":system", "right", "right"),
        ("ada'; DROP TABLE people; --", "right", "right"),
        ("ada", "x" * 100_000, "right"),
    ],
)
def test_whatever_is_wrong_is_refused_in_the_same_words(
    demo: Demo, name: str, password: str, code: str
) -> None:
    code = current_code(demo.tre, "ada") if code == "right" else code
    password = demo.password if password == "right" else password
    with pytest.raises(SignInRefusedError) as refusal:
        sign_in(demo.tre, name, password, code)
    assert str(refusal.value) == NOT_RIGHT


def test_a_code_works_once(demo: Demo) -> None:
    code = current_code(demo.tre, "ada")
    sign_in(demo.tre, "ada", demo.password, code)
    with pytest.raises(SignInRefusedError):
        sign_in(demo.tre, "ada", demo.password, code)


def test_the_shown_code_works_again_at_once_since_it_is_then_the_next_one(demo: Demo) -> None:
    for _ in range(2):
        sign_in(demo.tre, "ada", demo.password, current_code(demo.tre, "ada"))
    demo.clock.move(seconds=30)
    sign_in(demo.tre, "ada", demo.password, current_code(demo.tre, "ada"))


def test_an_older_code_does_not_work_after_a_newer_one(demo: Demo) -> None:
    older = current_code(demo.tre, "ada")
    demo.clock.move(seconds=30)
    sign_in(demo.tre, "ada", demo.password, current_code(demo.tre, "ada"))
    with pytest.raises(SignInRefusedError):
        sign_in(demo.tre, "ada", demo.password, older)


@pytest.mark.parametrize(
    ("seconds", "code"),
    # RFC 6238, appendix B, SHA-1, the last six of its eight digits
    [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924")],
)
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    assert code_at(SECRET, seconds // 30) == code


@pytest.mark.parametrize(
    ("seconds", "taken"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)]
)
def test_a_clock_may_go_half_a_minute_wrong(seconds: int, taken: bool) -> None:
    code = code_at(SECRET, int(MONDAY.timestamp()) // 30)
    assert (step_of(SECRET, code, MONDAY + timedelta(seconds=seconds)) is not None) is taken


def fail(demo: Demo, times: int, name: str = "ada") -> None:
    for _ in range(times):
        with pytest.raises(SignInRefusedError):
            sign_in(demo.tre, name, "a wrong password", "000000")


def test_after_five_failures_the_right_credentials_are_refused_for_fifteen_minutes(
    demo: Demo,
) -> None:
    fail(demo, 5)
    with pytest.raises(SignInRefusedError):
        sign_in(demo.tre, "ada", demo.password, current_code(demo.tre, "ada"))
    demo.clock.move(minutes=15)
    sign_in(demo.tre, "ada", demo.password, current_code(demo.tre, "ada"))


def test_four_failures_are_forgotten_with_a_success(demo: Demo) -> None:
    fail(demo, 4)
    sign_in(demo.tre, "ada", demo.password, current_code(demo.tre, "ada"))
    fail(demo, 4)
    sign_in(demo.tre, "ada", demo.password, current_code(demo.tre, "ada"))


def test_one_persons_failures_do_not_lock_another(demo: Demo) -> None:
    fail(demo, 5, "cora")
    sign_in(demo.tre, "ada", demo.password, current_code(demo.tre, "ada"))


def test_attempts_while_locked_do_not_lengthen_it_and_the_count_begins_anew_after_it() -> None:
    attempts = Attempts()
    for _ in range(5):
        attempts = attempts.after_failure(MONDAY)
    assert attempts.locked_until == MONDAY + timedelta(minutes=15)
    assert attempts.after_failure(MONDAY + timedelta(minutes=14)) == attempts
    after = attempts.after_failure(MONDAY + timedelta(minutes=15))
    assert (after.failures, after.locked_until, after.lockouts) == (1, None, 1)


@pytest.mark.parametrize(
    ("lockouts", "minutes"),
    [(0, 15), (1, 30), (2, 60), (3, 120), (6, 960), (7, 1440), (8, 1440), (10_000, 1440)],
)
def test_each_further_lock_is_twice_as_long_up_to_a_day(lockouts: int, minutes: int) -> None:
    assert lock_length(lockouts) == timedelta(minutes=minutes)
    attempts = Attempts(failures=4, lockouts=lockouts).after_failure(MONDAY)
    assert attempts.locked_until == MONDAY + timedelta(minutes=minutes)


def test_who_proves_who_they_are_but_may_not_come_in_is_told_why(demo: Demo) -> None:
    impose_sanction(demo.tre, "mia", person="ada", until=None, reason="Left a screen unlocked.")
    with pytest.raises(SignInRefusedError, match="Safe People"):
        sign_in(demo.tre, "ada", demo.password, current_code(demo.tre, "ada"))


def test_the_ledger_has_every_attempt_but_never_what_was_typed_for_a_name(demo: Demo) -> None:
    sign_in(demo.tre, "ada", demo.password, current_code(demo.tre, "ada"))
    fail(demo, 1, "ada")
    fail(demo, 1, "hunter2-typed-by-mistake")
    entries = read_ledger(demo.tre, "omar", limit=3)
    assert [(entry.actor, entry.outcome) for entry in entries] == [
        (":unknown", "refused"),
        ("ada", "refused"),
        ("ada", "done"),
    ]
    assert "hunter2" not in repr(entries)


def test_the_address_for_an_app_names_the_person() -> None:
    address = address_for_app("ada", SECRET)
    assert address.startswith(f"otpauth://totp/TRE%20simulator:ada?secret={SECRET}&issuer=TRE%20")


def test_there_is_no_code_for_nobody(demo: Demo) -> None:
    with pytest.raises(NotThereError):
        current_code(demo.tre, "nobody")


def test_a_person_recorded_again_keeps_their_account(demo: Demo) -> None:
    record_person(demo.tre, "mia", load_person(demo.tre, "ada"))
    sign_in(demo.tre, "ada", demo.password, current_code(demo.tre, "ada"))


def test_a_person_without_credentials_cannot_sign_in(demo: Demo) -> None:
    record_person(demo.tre, SYSTEM, replace(load_person(demo.tre, "ada"), id="new-ada"))
    with pytest.raises(SignInRefusedError):
        sign_in(demo.tre, "new-ada", demo.password, "000000")


@pytest.mark.parametrize("name", ["", "A", "ada mensah", ":system", "ada/../x", "a" * 41, "-ada"])
def test_names_that_will_not_do_are_refused(demo: Demo, name: str) -> None:
    with pytest.raises(UnusableRequestError, match="sign-in name"):
        record_person(demo.tre, "mia", replace(load_person(demo.tre, "ada"), id=name))


def test_short_passwords_are_refused(demo: Demo) -> None:
    with pytest.raises(UnusableRequestError, match="12 to 256"):
        record_person(demo.tre, "mia", load_person(demo.tre, "ada"), "eleven char")


def test_only_a_manager_records_people(demo: Demo) -> None:
    for actor in ("ada", "cora", "tess", "lena", "omar"):
        with pytest.raises(RefusedError):
            record_person(demo.tre, actor, load_person(demo.tre, "ada"))
