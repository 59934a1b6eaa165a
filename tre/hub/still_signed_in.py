"""Whether somebody who is signed in at the hub still is, each time that JupyterHub asks."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from tre.hub.gate import Gate

SLACK = timedelta(seconds=2)
"""Cookies count whole seconds."""


async def is_still_signed_in(gate: Gate, person: str, handler: Any) -> bool:
    """Ask the rules of signing in, and whether the browser signed in before the account changed.

    An account that is given back to its owner, another password and another second factor thereby
    end every sign-in from before, within the minute in which JupyterHub asks again.
    """
    if not await asyncio.to_thread(gate.may_sign_in, person):
        return False
    began = await asyncio.to_thread(gate.account_began, person)
    return not signed_in_before(handler, began, datetime.now(UTC))


def signed_in_before(handler: Any, began: datetime, now: datetime) -> bool:
    """Whether the hub's own cookie of this browser is older than a moment; without one it is not.

    handler: as JupyterHub gives it, None where nobody's browser asks.
    """
    if handler is None or handler.get_cookie(handler.hub.cookie_name) is None:
        return False
    days = (now - began + SLACK) / timedelta(days=1)
    return handler.get_signed_cookie(handler.hub.cookie_name, max_age_days=days) is None
