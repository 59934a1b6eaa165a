"""Write an answer where the session reads it: whole or not at all."""

import json
import os
import secrets
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

KEPT_SECONDS = 24 * 3600
"""How long an answer lies before it is tidied away."""


def write_reply(replies: Path, letter: str, answer: Mapping[str, Any]) -> None:
    """Put an answer under the letter's name; a session never sees half of one."""
    replies.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = replies / f".{secrets.token_hex(8)}.part"
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            json.dump(answer, stream)
        part.replace(replies / f"{letter}.json")
    except OSError:
        part.unlink(missing_ok=True)
        raise


def tidy(replies: Path, now_seconds: float | None = None) -> None:
    """Remove answers that were written more than a day ago."""
    oldest = (time.time() if now_seconds is None else now_seconds) - KEPT_SECONDS
    for reply in replies.glob("*.json"):
        with suppress(FileNotFoundError):
            if reply.stat().st_mtime < oldest:
                reply.unlink()
