"""Signing in at the hub's door: the app's code, a recovery code, a temporary password."""

import asyncio
import re
from pathlib import Path

import pytest

import tre.hub
from tests.demo import PASSWORD, Demo
from tre.hub.authenticator import authenticator_for
from tre.hub.gate import StepsGate
from tre.hub.refusals import SignInRefusedError
from tre.steps.open_account import recover_account
from tre.steps.recovery import new_code
from tre.steps.recovery_codes import new_recovery_codes
from tre.steps.second_factor import current_code


def come_in(demo: Demo, password: str, code: str) -> str:
    """Ask the hub's authenticator, with the real gate on the little world."""
    gate = StepsGate(demo.tre.config)
    gate.__dict__["tre"] = demo.tre
    asked = {"username": " Ada ", "password": password, "otp": code}
    return asyncio.run(authenticator_for(gate)().authenticate(None, asked))


def test_a_recovery_code_opens_the_hub_once(demo: Demo) -> None:
    code = current_code(demo.tre, "ada")
    first, *_ = new_recovery_codes(demo.tre, "ada", password=PASSWORD, code=code)
    assert come_in(demo, PASSWORD, first) == "ada"
    with pytest.raises(SignInRefusedError):
        come_in(demo, PASSWORD, first)
    assert come_in(demo, PASSWORD, current_code(demo.tre, "ada")) == "ada"


def test_a_temporary_password_opens_the_hub_without_a_code(demo: Demo) -> None:
    temporary = recover_account(demo.tre, "mia", "ada")
    assert come_in(demo, temporary, "") == "ada"
    with pytest.raises(SignInRefusedError):
        come_in(demo, PASSWORD, "")


def test_the_form_of_the_hub_takes_what_the_step_takes() -> None:
    form = (Path(tre.hub.__file__).parent / "templates" / "login.html").read_text()
    field = re.search(r'<input id="otp_input"[^>]*>', form)
    assert field
    assert "required" not in field[0]
    pattern = re.search(r'pattern="([^"]+)"', field[0])
    longest = re.search(r'maxlength="(\d+)"', field[0])
    assert pattern
    assert longest
    code = new_code()
    for typed in ("123456", "123 456", code, code.upper(), code.replace("-", " ")):
        assert re.fullmatch(pattern[1], typed), typed
        assert len(typed) <= int(longest[1])
    assert not re.fullmatch(pattern[1], "12345")
