"""Accounts, sanctions, passports, roles: each rule allowed and refused, on the days that matter."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.five_safes.world import KINGS, PASSPORT, SLAM, researcher, staff
from tre.safe_people.account import has_second_factor, may_read_record
from tre.safe_people.passports import holds_passports
from tre.safe_people.person import Passport, PassportKind, Sanction
from tre.safe_people.roles import ROLES, has_role
from tre.safe_people.sanctions import is_free_of_sanctions
from tre.safe_people.system import SYSTEM, is_system
from tre.vocabulary import Role, Safe

BEGAN = datetime(2026, 10, 1, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("second_factor_since", "hours_after", "allowed"),
    [
        # a new account has 24 hours
        (None, 0, True),
        (None, 24, True),
        (None, 25, False),
        # switched on in time, or later: from then on
        (BEGAN + 2 * HOUR, 1, True),
        (BEGAN + 2 * HOUR, 100, True),
        (BEGAN + 50 * HOUR, 49, False),
        (BEGAN + 50 * HOUR, 50, True),
        # before the account began nobody is there
        (None, -1, False),
        (BEGAN - 9 * HOUR, -1, False),
    ],
)
def test_a_second_factor_is_on_within_a_day(second_factor_since, hours_after, allowed):
    person = staff("ada", account_since=BEGAN, second_factor_since=second_factor_since)
    decision = has_second_factor(person, BEGAN + hours_after * HOUR)
    assert decision.allowed is allowed
    assert {reason.safe for reason in decision.reasons} <= {Safe.PEOPLE}


@pytest.mark.parametrize(
    ("about", "by_role", "allowed"),
    [
        ("ada", False, True),
        ("bola", False, False),
        (None, False, False),
        ("bola", True, True),
        (None, True, True),
    ],
)
def test_everybody_reads_their_own_record_and_staff_everybody_s(about, by_role, allowed):
    assert may_read_record(staff("ada"), about, by_role=by_role).allowed is allowed


def banned(**changes) -> Sanction:
    ban = Sanction(
        on_organisation=False,
        since=date(2026, 10, 1),
        until=date(2026, 10, 31),
        reason="shared a password",
    )
    return replace(ban, **changes)


@pytest.mark.parametrize(
    ("until", "on", "allowed"),
    [
        (date(2026, 10, 31), date(2026, 9, 30), True),
        (date(2026, 10, 31), date(2026, 10, 1), False),
        (date(2026, 10, 31), date(2026, 10, 31), False),
        (date(2026, 10, 31), date(2026, 11, 1), True),
        (None, date(2026, 9, 30), True),
        (None, date(2099, 1, 1), False),
    ],
)
def test_a_sanction_bars_from_its_first_to_its_last_day(until, on, allowed):
    person = staff("ada", sanctions=(banned(until=until),))
    assert is_free_of_sanctions(person, on).allowed is allowed


def test_every_sanction_is_named_and_an_organisation_s_reason_is_not():
    person = researcher(
        sanctions=(
            banned(),
            banned(on_organisation=True, until=None, reason="a colleague took data home"),
        )
    )
    own, organisation = is_free_of_sanctions(person, date(2026, 10, 5)).reasons
    assert "until 31 October 2026 (shared a password)" in own.sentence
    assert f"your organisation, {KINGS}, is barred until it is lifted" in organisation.sentence
    assert "took data home" not in organisation.sentence


def passport(**changes) -> Passport:
    half_a_year = Passport(
        kind=PassportKind.HONORARY_CONTRACT,
        trust=SLAM,
        since=date(2026, 1, 1),
        until=date(2026, 6, 30),
    )
    return replace(half_a_year, **changes)


@pytest.mark.parametrize(
    ("on", "allowed"),
    [
        (date(2025, 12, 31), False),
        (date(2026, 1, 1), True),
        (date(2026, 6, 30), True),
        (date(2026, 7, 1), False),
    ],
)
def test_a_passport_lets_in_from_its_first_to_its_last_day(on, allowed):
    person = researcher(passports=(passport(),))
    assert holds_passports(person, {SLAM}, on).allowed is allowed


def test_no_trust_asks_for_no_passport():
    assert holds_passports(researcher(passports=()), set(), date(2026, 1, 1)).allowed


def test_each_trust_without_a_passport_is_named():
    person = researcher(passports=(PASSPORT,))
    decision = holds_passports(person, {SLAM, "Guy's", "Barts"}, date(2026, 10, 5))
    assert ["Barts" in decision.reasons[0].sentence, "Guy's" in decision.reasons[1].sentence] == [
        True,
        True,
    ]
    assert len(decision.reasons) == 2


def test_one_of_several_passports_of_a_trust_is_enough():
    person = researcher(passports=(passport(), PASSPORT))
    assert holds_passports(person, {SLAM}, date(2026, 10, 5)).allowed


def test_a_passport_that_ran_out_is_named_with_its_day():
    person = researcher(
        passports=(passport(), passport(until=date(2026, 8, 1)), passport(trust="Barts"))
    )
    (reason,) = holds_passports(person, {SLAM}, date(2026, 10, 5)).reasons
    assert reason.sentence.startswith(
        f"your honorary research contract of {SLAM} ran out on 01 August 2026."
    )


@pytest.mark.parametrize(
    ("held", "asked", "allowed"),
    [
        ([Role.AUDITOR], [Role.AUDITOR], True),
        ([Role.AUDITOR, Role.TRAINER], [Role.TRAINER, Role.LAY_MEMBER], True),
        ([Role.AUDITOR], [Role.TRE_MANAGER], False),
        ([], [Role.TRE_MANAGER], False),
        ([Role.AUDITOR], [], False),
        ([], [], False),
    ],
)
def test_one_role_of_those_asked_is_enough(held, asked, allowed):
    assert has_role(staff("ada", *held), asked).allowed is allowed


def test_a_refusal_names_the_roles_asked_and_those_held():
    (reason,) = has_role(staff("ada", Role.TRAINER), [Role.AUDITOR, Role.TRE_MANAGER]).reasons
    assert "this is for TRE manager or auditor; your account is for trainer." in reason.sentence


def test_every_role_is_described():
    assert set(ROLES) == set(Role)


def test_only_the_system_is_the_system():
    assert is_system(SYSTEM).allowed
    assert not is_system(staff("system", *Role)).allowed


def test_nobody_can_register_as_the_system():
    assert not SYSTEM.id.isidentifier()
    assert SYSTEM.roles == frozenset()
