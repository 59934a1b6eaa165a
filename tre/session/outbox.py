"""How a session asks the service for something: a folder left in the outbox, a file in reply.

A session has no network. It writes `<id>.part/` with `request.json` and numbered files, and
renames it to `<id>/`; the courier takes it away and leaves `<id>.json` among the replies.
"""

import errno
import json
import shutil
import time
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tre.session.errors import NoReplyError, OutboxFullError, RefusedHereError
from tre.session.whereabouts import Session

WAITING_AT_MOST = 32
"""Messages that may lie in one outbox before the session stops adding to them."""

PROTOCOL = 1


RERUN = "rerun"
"""A file among the replies that says: a checker runs this notebook again, ask for nothing."""


def is_rerun(session: Session) -> bool:
    """Whether this is a notebook run again, to see whether it gives the same files."""
    return (session.replies / RERUN).exists()


def ask(
    session: Session,
    kind: str,
    asked: Mapping[str, Any],
    files: Sequence[bytes] = (),
    *,
    wait_seconds: float = 60,
) -> dict[str, Any]:
    """Ask the service and wait for its answer.

    kind: release, private_count, requests or budget. files: contents, in the order in which
    `asked` numbers them. Returns the answer's fields.
    Raises OutboxFullError, NoReplyError, or RefusedHereError with every reason.
    """
    message_id = uuid.uuid4().hex
    _leave(session.outbox, message_id, {"version": PROTOCOL, "kind": kind, **asked}, files)
    reply = _wait_for(session, message_id, wait_seconds)
    if reply.get("outcome") != "done":
        raise RefusedHereError(tuple(reply.get("reasons") or ("the service gave no reason",)))
    return reply


def _leave(
    outbox: Path, message_id: str, request: Mapping[str, Any], files: Sequence[bytes]
) -> None:
    part = outbox / f"{message_id}.part"
    try:
        _refuse_when_full(outbox)
        (part / "files").mkdir(parents=True)
        for number, content in enumerate(files):
            (part / "files" / str(number)).write_bytes(content)
        (part / "request.json").write_text(json.dumps(request), encoding="utf-8")
        part.rename(outbox / message_id)
    except OSError as error:
        shutil.rmtree(part, ignore_errors=True)
        raise OutboxFullError(_why_not_written(error)) from error


def _refuse_when_full(outbox: Path) -> None:
    waiting = sum(1 for _ in outbox.iterdir())
    if waiting >= WAITING_AT_MOST:
        message = (
            f"{waiting} messages of yours still wait in the outbox, which is the most it holds. "
            "The service is behind or has stopped: wait a minute and try again, or tell the "
            "environment's staff."
        )
        raise OutboxFullError(message)


def _why_not_written(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return "there is no room left on the disk for the outbox; nothing was sent."
    if isinstance(error, FileNotFoundError):
        return "this session has no outbox; stop it and start it again from the hub's home page."
    return f"the outbox could not be written ({error.strerror}); nothing was sent."


def _wait_for(session: Session, message_id: str, wait_seconds: float) -> dict[str, Any]:
    reply = session.replies / f"{message_id}.json"
    end = time.monotonic() + wait_seconds
    pause = 0.05
    while not reply.exists():
        if time.monotonic() >= end:
            raise NoReplyError(_take_back(session, message_id, wait_seconds))
        time.sleep(pause)
        pause = min(pause * 1.5, 0.5)
    return json.loads(reply.read_text(encoding="utf-8"))


def _take_back(session: Session, message_id: str, wait_seconds: float) -> str:
    """Withdraw a message that nobody took, so that asking again cannot ask twice."""
    waiting = session.outbox / message_id
    withdrawn = waiting.with_suffix(".part")
    try:
        waiting.rename(withdrawn)
    except OSError:
        return (
            f"the service took the message but did not answer within {wait_seconds:.0f} seconds. "
            "It may still be at work: look at session.requests() or at the desk before you ask "
            "again."
        )
    shutil.rmtree(withdrawn, ignore_errors=True)
    return (
        f"the service did not take the message within {wait_seconds:.0f} seconds. It was taken "
        "back, so nothing was asked: try again in a few minutes, and tell the environment's "
        "staff if it goes on."
    )
