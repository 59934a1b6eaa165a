"""An account that is given back ends what was signed in before, at the hub as well."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from tornado.web import create_signed_value, decode_signed_value

from tests.clock import MONDAY
from tests.demo import PASSWORD, Demo
from tre.hub.gate import StepsGate
from tre.hub.still_signed_in import is_still_signed_in, signed_in_before, token_from_before
from tre.steps.change_password import change_password
from tre.steps.impose_sanction import impose_sanction
from tre.steps.open_account import recover_account
from tre.steps.second_factor import SECONDS, code_at, current_code
from tre.steps.switch_on_second_factor import begin_second_factor, confirm_second_factor

SECRET, NAME = "a secret of the hub", "jupyterhub-hub-login"


@dataclass
class Handler:
    """As much of the hub's handler as knows its cookie; its clock is the test's."""

    signed_in: float | None
    now: float
    token_made: datetime | None = None
    hub: Any = field(default_factory=lambda: SimpleNamespace(cookie_name=NAME, base_url="/hub/"))
    client: str = "jupyterhub"
    cleared: list[tuple[str, str]] = field(default_factory=list)

    def clear_cookie(self, name: str, path: str) -> None:
        self.cleared.append((name, path))

    def get_cookie(self, name: str) -> str | None:
        if self.signed_in is None:
            return None
        made = create_signed_value(SECRET, name, "cookie", clock=lambda: self.signed_in or 0.0)
        return made.decode()

    def get_token(self) -> Any:
        """JupyterHub's times have no zone, and are UTC."""
        if self.token_made is None:
            return None
        return SimpleNamespace(created=self.token_made.replace(tzinfo=None), client_id=self.client)

    def get_signed_cookie(self, name: str, max_age_days: float) -> bytes | None:
        return decode_signed_value(
            SECRET, name, self.get_cookie(name), max_age_days, clock=lambda: self.now
        )


@pytest.mark.parametrize(
    ("seconds_after", "before"),
    [(-3_600, True), (-10, True), (0, False), (10, False), (3_600, False), (None, False)],
)
def test_a_cookie_from_before_the_account_began_is_over(
    seconds_after: int | None, before: bool
) -> None:
    began, now = MONDAY, MONDAY + timedelta(hours=2)
    at = None if seconds_after is None else began.timestamp() + seconds_after
    assert signed_in_before(Handler(at, now.timestamp()), began, now) is before
    assert not signed_in_before(None, began, now)


def gate_of(demo: Demo) -> StepsGate:
    """The real gate, on the little world."""
    gate = StepsGate(demo.tre.config)
    gate.__dict__["tre"] = demo.tre
    return gate


def test_a_recovered_account_signs_its_earlier_browsers_out(demo: Demo) -> None:
    gate = gate_of(demo)
    handler = Handler(demo.clock.at.timestamp() - 60, demo.clock.at.timestamp())
    assert not signed_in_before(handler, gate.account_began("ada"), demo.clock.at)
    recover_account(demo.tre, "mia", "ada")
    assert signed_in_before(handler, gate.account_began("ada"), demo.clock.at)


def test_another_password_signs_other_browsers_out(demo: Demo) -> None:
    gate = gate_of(demo)
    handler = Handler(demo.clock.at.timestamp() - 60, demo.clock.at.timestamp())
    assert not signed_in_before(handler, gate.account_began("ada"), demo.clock.at)
    code = current_code(demo.tre, "ada")
    change_password(demo.tre, "ada", password=PASSWORD, code=code, new="quartz-meadow-lantern-7")
    assert signed_in_before(handler, gate.account_began("ada"), demo.clock.at)
    assert gate.account_began("cora") < demo.clock.at


@pytest.mark.parametrize(
    ("seconds_after", "over"), [(-3_600, True), (-1, True), (0, False), (60, False), (None, False)]
)
def test_a_token_from_before_the_account_began_is_over(
    seconds_after: int | None, over: bool
) -> None:
    began = MONDAY
    made = None if seconds_after is None else began + timedelta(seconds=seconds_after)
    assert token_from_before(Handler(None, began.timestamp(), made), began) is over
    assert not token_from_before(None, began)


def test_the_desk_answers_for_its_own_sessions() -> None:
    made = MONDAY - timedelta(hours=1)
    of_the_desk = Handler(None, MONDAY.timestamp(), made, client="service-desk")
    assert not token_from_before(of_the_desk, MONDAY)


def test_a_browser_that_is_signed_out_is_rid_of_its_cookie(demo: Demo) -> None:
    """Otherwise the hub would give it no newer one when it signs in again."""
    gate = gate_of(demo)
    now = datetime.now(UTC).timestamp()
    handler = Handler(gate.account_began("ada").timestamp() - 60, now)
    assert not asyncio.run(is_still_signed_in(gate, "ada", handler))
    assert handler.cleared == [(NAME, "/hub/")]


def test_tokens_end_with_the_password_and_with_a_sanction(demo: Demo) -> None:
    gate = gate_of(demo)
    program = Handler(None, demo.clock.at.timestamp(), demo.clock.at - timedelta(minutes=1))
    assert asyncio.run(is_still_signed_in(gate, "ada", program))
    code = current_code(demo.tre, "ada")
    change_password(demo.tre, "ada", password=PASSWORD, code=code, new="quartz-meadow-lantern-7")
    assert not asyncio.run(is_still_signed_in(gate, "ada", program))
    later = Handler(None, demo.clock.at.timestamp(), demo.clock.at + timedelta(minutes=1))
    assert asyncio.run(is_still_signed_in(gate, "ada", later))
    impose_sanction(demo.tre, "mia", person="ada", until=None, reason="Under inquiry.")
    assert not asyncio.run(is_still_signed_in(gate, "ada", later))


def test_another_second_factor_signs_other_browsers_out(demo: Demo) -> None:
    gate = gate_of(demo)
    code = current_code(demo.tre, "ada")
    scanned = begin_second_factor(demo.tre, "ada", password=PASSWORD, code=code)
    assert gate.account_began("ada") < demo.clock.at  # nothing counts before it is confirmed
    step = int(demo.clock.at.timestamp()) // SECONDS
    confirm_second_factor(demo.tre, "ada", code_at(scanned.secret, step))
    assert gate.account_began("ada") == demo.clock.at


def test_whoever_may_not_sign_in_is_signed_out(demo: Demo) -> None:
    gate = gate_of(demo)
    assert asyncio.run(is_still_signed_in(gate, "ada", None))
    impose_sanction(demo.tre, "mia", person="ada", until=None, reason="Under inquiry.")
    assert not asyncio.run(is_still_signed_in(gate, "ada", None))
