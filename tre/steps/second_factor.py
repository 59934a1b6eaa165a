"""Time-based one-time codes (RFC 6238: SHA-1, six digits, half a minute)."""

import hmac
from datetime import datetime

import pyotp

from tre.decision import NotThereError
from tre.steps.tre import Tre
from tre.store.credentials import Credentials, read_credentials
from tre.vocabulary import PersonId

SECONDS = 30
ISSUER = "TRE simulator"
_AROUND = (0, -1, 1)
"""Steps beside the present one that are taken too, for clocks that go a little wrong."""


def new_secret() -> str:
    """Draw a secret, in base 32, as apps take it."""
    return pyotp.random_base32()


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """Give the time step to which a code belongs, if it is one around now; None if not."""
    typed = code.replace(" ", "")
    if len(typed) != 6 or not (typed.isascii() and typed.isdigit()):
        return None
    present = _step(now)
    for step in (present + around for around in _AROUND):
        if hmac.compare_digest(code_at(secret, step), typed):
            return step
    return None


def code_at(secret: str, step: int) -> str:
    """Give the code of a time step."""
    return pyotp.TOTP(secret, interval=SECONDS).at(step * SECONDS)


def current_code(tre: Tre, person: PersonId) -> str:
    """Give a code with which a demonstration account can sign in now, as an app would show it.

    Where the present code was used already it is the next one, which is taken a step early.
    Raises NotThereError where nobody has that name or no code.
    """
    kept = _kept(tre, person)
    if not kept.totp_secret:
        message = f"{person[:40]!r} has no second factor yet; they switch it on at the desk"
        raise NotThereError(message)
    present = _step(tre.now())
    return code_at(kept.totp_secret, max(present, min(kept.last_step + 1, present + 1)))


def address_for_app(person: PersonId, secret: str) -> str:
    """Give the address (otpauth) that an authenticator app reads from a QR code."""
    return pyotp.TOTP(secret, interval=SECONDS).provisioning_uri(name=person, issuer_name=ISSUER)


def _kept(tre: Tre, person: PersonId) -> Credentials:
    with tre.store.reading() as connection:
        kept = read_credentials(connection, person)
    if kept is None:
        message = f"{person[:40]!r} has no account to sign in with"
        raise NotThereError(message)
    return kept


def _step(now: datetime) -> int:
    return int(now.timestamp()) // SECONDS
