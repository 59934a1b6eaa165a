"""Accounts: a temporary password, a second factor that is scanned, recovery codes, locks."""

import re
from dataclasses import replace
from typing import Any

import pytest

from tests.demo import PASSWORD, Demo
from tre.decision import NotThereError, RefusedError, UnusableRequestError
from tre.steps.change_password import change_password
from tre.steps.lockout import LOCKED_MINUTES
from tre.steps.notices import notices
from tre.steps.open_account import NewAccount, new_password, open_account, recover_account
from tre.steps.people import load_person
from tre.steps.read_ledger import read_ledger
from tre.steps.recovery_codes import codes_left, new_recovery_codes
from tre.steps.second_factor import SECONDS, code_at, current_code
from tre.steps.sign_in import SignInRefusedError, sign_in
from tre.steps.switch_on_second_factor import (
    begin_second_factor,
    being_scanned,
    confirm_second_factor,
)
from tre.vocabulary import Role

GUS = NewAccount(
    id="gus",
    name="Gus Grey",
    organisation="King's College London",
    roles=frozenset({Role.RESEARCHER}),
    email="gus@example.org",
)
OWN = "a password of my very own"


def code_of(demo: Demo, secret: str) -> str:
    return code_at(secret, int(demo.clock.at.timestamp()) // SECONDS)


def tags(demo: Demo, person: str) -> list[str]:
    entries = read_ledger(demo.tre, "omar", person=person)
    return [entry.tag.removeprefix("people:account:") for entry in reversed(entries)]


def test_somebody_new_comes_in_with_a_temporary_password_and_makes_the_account_their_own(
    demo: Demo,
) -> None:
    temporary = open_account(demo.tre, "mia", GUS)
    assert sign_in(demo.tre, "gus", temporary, "").temporary_password
    change_password(demo.tre, "gus", password=temporary, code="", new=OWN)
    scanned = begin_second_factor(demo.tre, "gus", password=OWN)
    assert being_scanned(demo.tre, "gus") == scanned
    codes = confirm_second_factor(demo.tre, "gus", code_of(demo, scanned.secret))
    assert len(set(codes)) == 10
    assert being_scanned(demo.tre, "gus") is None
    gus = load_person(demo.tre, "gus")
    assert (gus.temporary_password, gus.second_factor_since) == (False, demo.clock.at)
    demo.clock.move(days=2)
    assert sign_in(demo.tre, "gus", OWN, current_code(demo.tre, "gus")).id == "gus"
    for wrong in (temporary, OWN):
        with pytest.raises(SignInRefusedError):
            sign_in(demo.tre, "gus", wrong, "")


def test_without_a_second_factor_the_door_closes_after_a_day(demo: Demo) -> None:
    temporary = open_account(demo.tre, "mia", GUS)
    demo.clock.move(hours=24)
    sign_in(demo.tre, "gus", temporary, "")
    demo.clock.move(seconds=1)
    with pytest.raises(SignInRefusedError, match="24 hours"):
        sign_in(demo.tre, "gus", temporary, "")
    with pytest.raises(NotThereError, match="no second factor yet"):
        current_code(demo.tre, "gus")


def test_a_code_that_was_not_scanned_confirms_nothing(demo: Demo) -> None:
    with pytest.raises(UnusableRequestError, match="begin with the QR code"):
        confirm_second_factor(demo.tre, "ada", "123456")
    code = current_code(demo.tre, "ada")
    scanned = begin_second_factor(demo.tre, "ada", password=PASSWORD, code=code)
    old = current_code(demo.tre, "ada")
    for wrong in ("000000", "", old):
        with pytest.raises(UnusableRequestError, match="that you just scanned"):
            confirm_second_factor(demo.tre, "ada", wrong)
    assert being_scanned(demo.tre, "ada") == scanned
    sign_in(demo.tre, "ada", PASSWORD, old)  # the old app still counts


def test_a_new_app_takes_the_old_ones_place(demo: Demo) -> None:
    code = current_code(demo.tre, "ada")
    scanned = begin_second_factor(demo.tre, "ada", password=PASSWORD, code=code)
    old = current_code(demo.tre, "ada")
    confirm_second_factor(demo.tre, "ada", code_of(demo, scanned.secret))
    with pytest.raises(SignInRefusedError):
        sign_in(demo.tre, "ada", PASSWORD, old)
    with pytest.raises(SignInRefusedError):  # the first code was used up by confirming
        sign_in(demo.tre, "ada", PASSWORD, code_of(demo, scanned.secret))
    sign_in(demo.tre, "ada", PASSWORD, current_code(demo.tre, "ada"))
    assert "Your second factor is switched on" in notices(demo.tre, "ada")[0].title


def drawn(demo: Demo) -> tuple[str, ...]:
    code = current_code(demo.tre, "ada")
    return new_recovery_codes(demo.tre, "ada", password=PASSWORD, code=code)


def test_a_recovery_code_lets_in_once_and_is_told_and_on_the_ledger(demo: Demo) -> None:
    codes = drawn(demo)
    assert all(re.fullmatch(r"([a-z2-9]{4}-){3}[a-z2-9]{4}", code) for code in codes)
    sign_in(demo.tre, "ada", PASSWORD, codes[0].upper().replace("-", " "))
    assert codes_left(demo.tre, "ada") == 9
    with pytest.raises(SignInRefusedError):
        sign_in(demo.tre, "ada", PASSWORD, codes[0])
    assert "9 are left" in notices(demo.tre, "ada")[0].text
    assert tags(demo, "ada")[1:] == [
        "recovery-codes",
        "recovery-code",
        "sign-in",
        "sign-in",
        "people:notices:view",
    ]
    done = [
        e
        for e in read_ledger(demo.tre, "omar", person="ada")
        if "sign-in" in e.tag and e.outcome == "done"
    ]
    assert done[0].details == {"with": "recovery code"}


def test_a_new_set_ends_the_old_and_another_persons_codes_are_none(demo: Demo) -> None:
    old = drawn(demo)
    new = drawn(demo)
    assert not set(old) & set(new)
    for person, code in (("ada", old[0]), ("cora", new[0])):
        with pytest.raises(SignInRefusedError):
            sign_in(demo.tre, person, PASSWORD, code)
    sign_in(demo.tre, "ada", PASSWORD, new[9])


def test_neither_codes_nor_secrets_are_on_the_ledger_and_codes_not_in_the_store(demo: Demo) -> None:
    codes = drawn(demo)
    told = repr(read_ledger(demo.tre, "omar", person="ada")) + repr(notices(demo.tre, "ada"))
    content = (demo.tre.config.home / "tre.sqlite").read_bytes()
    content += (demo.tre.config.home / "tre.sqlite-wal").read_bytes()
    for code in codes:
        assert code not in told
        assert code.encode() not in content
        assert code.replace("-", "").encode() not in content


@pytest.mark.parametrize(
    ("password", "code"), [("wrong", "right"), (PASSWORD, "000000"), (PASSWORD, "")]
)
def test_who_sits_at_an_open_session_changes_nothing_without_password_and_code(
    demo: Demo, password: str, code: str
) -> None:
    def tried(what: str) -> None:
        given = current_code(demo.tre, "ada") if code == "right" else code
        with pytest.raises(UnusableRequestError, match="not right"):
            acts[what](given)

    acts = {
        "password": lambda c: change_password(demo.tre, "ada", password=password, code=c, new=OWN),
        "app": lambda c: begin_second_factor(demo.tre, "ada", password=password, code=c),
        "codes": lambda c: new_recovery_codes(demo.tre, "ada", password=password, code=c),
    }
    for what in acts:
        tried(what)
    for _ in range(2):  # the failures count: three and two
        tried("codes")
    with pytest.raises(SignInRefusedError):
        sign_in(demo.tre, "ada", PASSWORD, current_code(demo.tre, "ada"))
    assert notices(demo.tre, "ada")[0].title == "Your account was locked"


def test_the_second_lock_is_twice_as_long_and_a_success_forgets_both(demo: Demo) -> None:
    def fail() -> None:
        for _ in range(5):
            with pytest.raises(SignInRefusedError):
                sign_in(demo.tre, "ada", "wrong", "")

    fail()
    demo.clock.move(minutes=LOCKED_MINUTES)
    fail()
    demo.clock.move(minutes=2 * LOCKED_MINUTES, seconds=-1)
    with pytest.raises(SignInRefusedError):
        sign_in(demo.tre, "ada", PASSWORD, current_code(demo.tre, "ada"))
    demo.clock.move(seconds=1)
    sign_in(demo.tre, "ada", PASSWORD, current_code(demo.tre, "ada"))
    fail()
    locks = [e.details for e in read_ledger(demo.tre, "omar", person="ada") if "lock" in e.tag]
    assert [lock["minutes"] for lock in reversed(locks)] == [15, 30, 15]


def test_a_lost_account_is_given_back_with_everything_old_ended(demo: Demo) -> None:
    codes = drawn(demo)
    code = current_code(demo.tre, "ada")
    temporary = recover_account(demo.tre, "mia", "ada")
    for password, second in ((PASSWORD, code), (PASSWORD, ""), (PASSWORD, codes[0])):
        with pytest.raises(SignInRefusedError):
            sign_in(demo.tre, "ada", password, second)
    assert sign_in(demo.tre, "ada", temporary, "").second_factor_since is None
    demo.clock.move(hours=25)
    with pytest.raises(SignInRefusedError, match="24 hours"):
        sign_in(demo.tre, "ada", temporary, "")
    assert notices(demo.tre, "ada")[0].title == "Your account was given back"


def test_nobody_gives_their_own_account_back_and_only_managers_others(demo: Demo) -> None:
    for actor in ("mia", "cora", "omar", "bola"):
        about = "mia" if actor == "mia" else "ada"
        with pytest.raises(RefusedError):
            recover_account(demo.tre, actor, about)
    with pytest.raises(RefusedError):
        open_account(demo.tre, "ada", GUS)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"id": "ada"}, "already"),
        ({"id": "Gus"}, "sign-in name"),
        ({"email": "gus@example.org\nBcc: all@example.org"}, "e-mail address"),
        ({"email": "gus"}, "e-mail address"),
        ({"name": " "}, "is empty"),
    ],
)
def test_an_account_that_will_not_do_is_not_opened(
    demo: Demo, changes: dict[str, Any], words: str
) -> None:
    with pytest.raises(UnusableRequestError, match=words):
        open_account(demo.tre, "mia", replace(GUS, **changes))


def test_roles_that_watch_each_other_are_not_given_with_an_account(demo: Demo) -> None:
    both = NewAccount(
        id="gus", name="Gus", organisation="x", roles=frozenset({Role.AUDITOR, Role.RESEARCHER})
    )
    with pytest.raises(RefusedError, match="at once"):
        open_account(demo.tre, "mia", both)


@pytest.mark.parametrize(
    "new", ["short", "aaaaaaaaaaaaaaaa", "ada-mensah-2026 x", PASSWORD, "x" * 257]
)
def test_a_new_password_that_will_not_do_is_refused(demo: Demo, new: str) -> None:
    person = "ada"
    if "mensah" in new:
        person, new = "cora", "my name is cora really"
    with pytest.raises(UnusableRequestError):
        change_password(
            demo.tre, person, password=PASSWORD, code=current_code(demo.tre, person), new=new
        )


def test_temporary_passwords_differ_and_will_do() -> None:
    assert len({new_password() for _ in range(20)}) == 20
