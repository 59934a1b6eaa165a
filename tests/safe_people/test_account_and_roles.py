"""Accounts, sanctions, passports, roles: each rule allowed and refused, on the days that matter."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.five_safes.world import KINGS, PASSPORT, SLAM, researcher, staff
from tre.safe_people.account import (
    has_own_password,
    has_providers_second_factor,
    has_second_factor,
    is_about_another,
    may_read_record,
)
from tre.safe_people.passports import holds_passports, is_usable_passport
from tre.safe_people.person import Passport, PassportKind, Sanction
from tre.safe_people.roles import INCOMPATIBLE, ROLES, are_compatible, has_role
from tre.safe_people.sanctions import (
    USUAL_LENGTHS,
    Breach,
    is_free_of_sanctions,
    reached_by,
    usual_end,
)
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


@pytest.mark.parametrize(
    ("amr", "acr", "wanted", "allowed"),
    [
        ({"pwd", "mfa"}, "", "mfa", True),
        ({"pwd"}, "", "mfa", False),
        (set(), "", "mfa", False),
        (set(), "mfa", "mfa", True),
        ({"mfa"}, "", "hwk", False),
        # a setting that asks for nothing lets nobody in
        (set(), "", "", False),
        ({""}, "", "", False),
    ],
)
def test_a_provider_must_say_the_word_for_a_second_factor(amr, acr, wanted, allowed):
    decision = has_providers_second_factor(amr=amr, acr=acr, wanted=wanted)
    assert decision.allowed is allowed


@pytest.mark.parametrize(("temporary", "allowed"), [(True, False), (False, True)])
def test_a_password_that_somebody_else_chose_opens_nothing(temporary, allowed):
    assert has_own_password(staff("ada", temporary_password=temporary)).allowed is allowed


@pytest.mark.parametrize(("about", "allowed"), [("bola", True), ("ada", False), (None, False)])
def test_nobody_decides_about_themselves(about, allowed):
    assert is_about_another(staff("ada"), about).allowed is allowed


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


@pytest.mark.parametrize(
    ("on", "allowed"),
    [
        (date(2026, 9, 30), True),
        (date(2026, 10, 1), False),
        (date(2026, 10, 9), False),
        (date(2026, 10, 10), True),  # the day on which it was lifted
        (date(2026, 10, 31), True),
    ],
)
def test_a_lifted_sanction_bars_nobody_from_that_day_on(on, allowed):
    person = staff("ada", sanctions=(banned(lifted_on=date(2026, 10, 10)),))
    assert is_free_of_sanctions(person, on).allowed is allowed


@pytest.mark.parametrize(
    ("breach", "end"),
    [
        (Breach.MINOR, date(2026, 10, 30)),
        (Breach.SERIOUS, date(2027, 3, 31)),
        (Breach.DELIBERATE, date(2031, 9, 30)),
        (Breach.UNDER_INQUIRY, None),
    ],
)
def test_a_breach_has_a_usual_length(breach, end):
    # from 1 October 2026: 30, 182 and 1,826 days, the first one included
    assert usual_end(breach, date(2026, 10, 1)) == end
    assert set(USUAL_LENGTHS) == set(Breach)


SAM, PAT, EVE = (
    researcher("sam"),
    researcher("pat", supervisor="sam"),
    staff("eve", supervisor="sam"),
)


@pytest.mark.parametrize(
    ("about", "barred", "without"),
    [
        ({"person": "sam", "organisation": None}, ("sam",), ("eve", "pat")),
        ({"person": "pat", "organisation": None}, ("pat",), ()),
        # of one organisation: pat is barred with sam, eve loses her supervisor
        ({"person": None, "organisation": KINGS}, ("pat", "sam"), ("eve",)),
        ({"person": None, "organisation": "Nowhere"}, (), ()),
        ({"person": "nobody", "organisation": None}, (), ()),
    ],
)
def test_a_sanction_reaches_those_it_is_on_and_those_they_supervise(about, barred, without):
    reached = reached_by((SAM, PAT, EVE), **about)
    assert (reached.barred, reached.without_supervisor) == (barred, without)


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


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reference": "HRP-7"}, ()),
        ({"reference": "HRP-7", "until": date(2025, 12, 31)}, ("ends before it begins",)),
        ({"reference": "HRP-7", "until": date(2028, 12, 31)}, ()),
        ({"reference": "HRP-7", "until": date(2029, 1, 1)}, ("at most 3 years",)),
        ({"reference": " "}, ("reference is missing",)),
        (
            {"until": date(2029, 1, 1)},
            ("at most 3 years", "reference is missing"),
        ),
    ],
)
def test_a_document_is_recorded_with_its_reference_and_days_it_can_have(changes, words):
    reasons = is_usable_passport(passport(**changes)).reasons
    assert len(reasons) == len(words)
    assert all(word in r.sentence for word, r in zip(words, reasons, strict=True))


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


@pytest.mark.parametrize("first", Role)
@pytest.mark.parametrize("second", Role)
def test_roles_that_watch_each_other_are_apart(first, second):
    pairs = (
        {Role.DATA_LINKER, Role.RESEARCHER},
        {Role.TRE_MANAGER, Role.RESEARCHER},
        {Role.TRE_MANAGER, Role.PANEL_MEMBER},
        {Role.DATA_OWNER, Role.PANEL_MEMBER},
    )
    both = {first, second}
    is_apart = len(both) == 2 and (Role.AUDITOR in both or both in pairs)
    assert are_compatible(both).allowed is not is_apart


def test_every_pair_of_roles_that_cannot_be_is_named_with_its_reason():
    reasons = are_compatible({Role.AUDITOR, Role.RESEARCHER, Role.DATA_LINKER}).reasons
    assert len(reasons) == 3
    assert all("at once" in reason.sentence for reason in reasons)
    assert all(INCOMPATIBLE.values())
