"""Previews of protections, computed in a process apart, within a time, and kept for a while."""

import atexit
import json
from functools import cache, lru_cache
from threading import Lock
from typing import Any

from tre.safe_outputs.automatic_check import Reader
from tre.safe_outputs.remedy import Preview

LONGEST_SECONDS = 20
KEPT = 8
"""Previews that are kept, since people go to and fro between methods."""


class TooLongError(Exception):
    """A preview took too long, or all memory, or others were waited for in vain."""


def previewed(asked: Preview) -> dict[str, Any]:
    """Give what `remedy.preview` does; raises TooLongError where that is not there in time."""
    return json.loads(_computed(asked))


@lru_cache(maxsize=KEPT)
def _computed(asked: Preview) -> bytes:
    turn = _turn()
    if not turn.acquire(timeout=LONGEST_SECONDS):
        raise TooLongError
    try:
        answer = _reader().ask(asked)
    finally:
        turn.release()
    if not answer:
        raise TooLongError
    return answer


@cache
def _turn() -> Lock:
    """One preview at a time: they must not keep the checks of submissions waiting."""
    return Lock()


@cache
def _reader() -> Reader:
    reader = Reader(seconds=LONGEST_SECONDS)
    atexit.register(reader.close)
    return reader
