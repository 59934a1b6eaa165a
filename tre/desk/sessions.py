"""Who is signed in at the desk: sessions that end, kept in memory and found by a secret cookie."""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tre.vocabulary import PersonId

IDLE = timedelta(minutes=60)
"""A session that nobody used for so long has ended."""

LONGEST = timedelta(hours=10)
"""However busy, a session ends after a working day."""

MOST_SESSIONS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One browser of one person.

    hub_token: what the hub gave for this sign-in; asked again on every request.
    csrf: the secret that every form of this session carries.
    """

    person: PersonId
    hub_token: str
    csrf: str
    since: datetime
    used: datetime


class Sessions:
    """All open sessions of this desk. A restart ends them: the hub signs people in again."""

    def __init__(self, now: Callable[[], datetime]):
        self._now = now
        self._open: dict[str, Session] = {}

    def start(self, person: PersonId, hub_token: str) -> str:
        """Open a session and return its secret, which goes into the cookie and nowhere else."""
        self._forget_ended()
        secret = secrets.token_urlsafe(32)
        now = self._now()
        self._open[_key(secret)] = Session(
            person=person, hub_token=hub_token, csrf=secrets.token_urlsafe(32), since=now, used=now
        )
        return secret

    def find(self, secret: str | None) -> Session | None:
        """The open session of that secret; None where there is none or it has ended."""
        key = _key(secret or "")
        session = self._open.get(key)
        if session is None:
            return None
        now = self._now()
        if _has_ended(session, now):
            self._open.pop(key, None)
            return None
        self._open[key] = replace(session, used=now)
        return session

    def end(self, secret: str | None) -> None:
        """Close the session of that secret."""
        self._open.pop(_key(secret or ""), None)

    def end_others(self, person: PersonId, secret: str | None) -> None:
        """Close every session of a person but the one of that secret, which begins anew.

        Its owner has just proved who they are, and what counts from now on counts for it too.
        """
        kept = _key(secret or "")
        if kept in self._open:
            self._open[kept] = replace(self._open[kept], since=self._now())
        theirs = [key for key, each in self._open.items() if each.person == person and key != kept]
        for key in theirs:
            self._open.pop(key, None)

    def _forget_ended(self) -> None:
        now = self._now()
        for key in [key for key, session in self._open.items() if _has_ended(session, now)]:
            self._open.pop(key, None)
        while len(self._open) >= MOST_SESSIONS:
            self._open.pop(min(self._open, key=lambda key: self._open[key].used), None)


def same_secret(given: str, known: str) -> bool:
    """Compare two secrets without telling by the time how far they agree; "" never agrees."""
    return bool(known) and hmac.compare_digest(given.encode(), known.encode())


def _has_ended(session: Session, now: datetime) -> bool:
    return now - session.used > IDLE or now - session.since > LONGEST


def _key(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
