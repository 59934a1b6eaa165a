"""Whether somebody who is signed in at the hub still is, each time that JupyterHub asks."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from tre.hub.gate import Gate

SLACK = timedelta(seconds=2)
"""Cookies count whole seconds."""
THE_DESKS = "service-desk"
"""As which client of the hub the desk is given a token for each of its sessions."""


def _now() -> datetime:
    return datetime.now(UTC)


async def is_still_signed_in(gate: Gate, person: str, handler: Any) -> bool:
    """Ask the rules of signing in, and whether browser or token are older than the account.

    An account that is given back to its owner, another password and another second factor thereby
    end every sign-in and every token from before.
    """
    if not await asyncio.to_thread(gate.may_sign_in, person):
        return False
    began = await asyncio.to_thread(gate.account_began, person)
    if signed_in_before(handler, began, _now()):
        # JupyterHub gives no new cookie to a browser that signs in with one that it knows.
        handler.clear_cookie(handler.hub.cookie_name, path=handler.hub.base_url)
        return False
    return not token_from_before(handler, began)


def token_from_before(handler: Any, began: datetime) -> bool:
    """Whether a program asks with a token that was made before a moment; without one it is not.

    Of the desk's own it is not asked: the desk asks itself when each of its sessions began, and
    keeps the one in which a password was changed. A session's server is among them: it no longer
    tells the hub that it is busy, which nothing here asks about.
    """
    token = None if handler is None else handler.get_token()
    if token is None or token.client_id == THE_DESKS:
        return False
    return token.created.replace(tzinfo=UTC) < began


def signed_in_before(handler: Any, began: datetime, now: datetime) -> bool:
    """Whether the hub's own cookie of this browser is older than a moment; without one it is not.

    handler: as JupyterHub gives it, None where nobody's browser asks.
    """
    if handler is None or handler.get_cookie(handler.hub.cookie_name) is None:
        return False
    days = (now - began + SLACK) / timedelta(days=1)
    return handler.get_signed_cookie(handler.hub.cookie_name, max_age_days=days) is None
