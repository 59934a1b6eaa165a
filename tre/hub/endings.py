"""Why a session ended, for its owner to read afterwards: kept beside the session, until the next.

The page has an address that cannot be guessed, and asks nobody to sign in: whoever may no longer
be here may no longer sign in either, and must still be told why.
"""

import json
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from jupyterhub.handlers import BaseHandler
from tornado import web

from tre.decision import Decision

NAME = "ended.json"
_KEY = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """One session's end. reasons: each a Safe and a sentence; none where it just stopped.

    key: the last part of its page's address. unexpected: nobody asked for the end.
    """

    key: str
    project: str
    title: str
    reasons: tuple[tuple[str, str], ...] = ()
    unexpected: bool = False


def ending(project: str, title: str, decision: Decision, *, unexpected: bool = False) -> Ending:
    """Describe an end, under a new key."""
    reasons = tuple((str(each.safe), each.sentence) for each in decision.reasons)
    key = secrets.token_hex(16)
    return Ending(key=key, project=project, title=title, reasons=reasons, unexpected=unexpected)


def write_ending(found: Ending, session: Path) -> None:
    """Keep it in the session's folder, in the place of an earlier one."""
    session.mkdir(mode=0o700, parents=True, exist_ok=True)
    fields = {
        "key": found.key,
        "project": found.project,
        "title": found.title,
        "reasons": found.reasons,
        "unexpected": found.unexpected,
    }
    beside = session / "ended.part"
    beside.write_text(json.dumps(fields), encoding="utf-8")
    beside.replace(session / NAME)


def forget_ending(session: Path) -> None:
    """A new session begins: how the last one ended is over."""
    (session / NAME).unlink(missing_ok=True)


def read_ending(session: Path) -> Ending | None:
    """Read how the last session in this folder ended; None where nobody need be told."""
    try:
        fields = json.loads((session / NAME).read_text(encoding="utf-8"))
        reasons = tuple((safe, sentence) for safe, sentence in fields.pop("reasons"))
        return Ending(**fields, reasons=reasons)
    except (OSError, ValueError, TypeError, KeyError):
        return None


def ending_of(sessions: Path, person: str, project: str) -> Ending | None:
    """How somebody's last session in a project ended."""
    return read_ending(sessions / f"{person}--{project}")


def find_ending(sessions: Path, key: str) -> Ending | None:
    """Find the end whose page has this address."""
    if not _KEY.fullmatch(key):
        return None
    for file in sessions.glob(f"*/{NAME}"):
        found = read_ending(file.parent)
        if found is not None and secrets.compare_digest(found.key, key):
            return found
    return None


class EndingPage(BaseHandler):
    """`/hub/ended/<key>`: says why a session ended, and what to do."""

    sessions: ClassVar[Path]

    async def get(  # ty: ignore[incompatible-mutable-override] - as every handler does
        self, key: str
    ) -> None:
        """Show it, to whoever has the address."""
        found = find_ending(self.sessions, key)
        if found is None:
            raise web.HTTPError(404, "nothing is known of such a session; open it again")
        self.set_header("Cache-Control", "no-store")
        self.finish(await self.render_template("ended.html", ended=found))


def ending_pages(sessions: Path) -> list[tuple[str, type[EndingPage]]]:
    """Give JupyterHub the page's address and handler."""
    made = type("EndingPage", (EndingPage,), {"sessions": sessions, "__doc__": EndingPage.__doc__})
    return [(r"/ended/([0-9a-f]{32})", made)]


def endings_for_pages(sessions: Path) -> Callable[[Any], Callable[[str], Ending | None]]:
    """A value for the pages: how the reader's last session in a project ended."""

    def endings_of(user: Any) -> Callable[[str], Ending | None]:
        return lambda project: ending_of(sessions, user.name, project)

    return endings_of
