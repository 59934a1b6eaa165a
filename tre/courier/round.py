"""One round of the courier: a few letters of every outbox, so that nobody waits for a flood."""

import logging
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tre.courier import intake, letters
from tre.courier.letters import Asked, ReleaseAsked
from tre.courier.outcomes import Answer, answered
from tre.courier.paths import LETTER, Outbox, outboxes, rubbish
from tre.courier.rates import Rates
from tre.courier.replies import tidy, write_reply
from tre.courier.sweeping import sweep
from tre.safe_outputs.request_limits import STANDARD, RequestLimits

LETTERS_EACH = 4
"""Letters taken from one outbox in one round."""

UNFINISHED_SECONDS = 3600

log = logging.getLogger("tre.courier")


class Handler(Protocol):
    """Does what a letter asks; the steps in earnest, something smaller in a test."""

    def __call__(self, outbox: Outbox, asked: Asked, contents: Sequence[bytes]) -> Answer:
        """Answer one letter; never raises."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Serving:
    """How a letter is read and answered."""

    handle: Handler
    limits: RequestLimits


def serve_round(home: Path, handle: Handler, rates: Rates, limits: RequestLimits = STANDARD) -> int:
    """Take, answer and clear away; return how many letters were answered.

    limits: no file larger than these is read.
    """
    answered_letters = 0
    for outbox in outboxes(home):
        for name in _clear(home, outbox)[:LETTERS_EACH]:
            if not rates.may_send(outbox.person, time.monotonic()):
                break
            _serve(home, outbox, name, _Serving(handle=handle, limits=limits))
            answered_letters += 1
    sweep(rubbish(home))
    return answered_letters


def _clear(home: Path, outbox: Outbox) -> list[str]:
    """List the letters of an outbox and throw out what is none."""
    waiting, strange = intake.waiting(outbox)
    for name in strange:
        _throw_away(home, outbox.folder / name)
    return waiting


def _serve(home: Path, outbox: Outbox, name: str, serving: _Serving) -> None:
    """Take one letter, answer it, throw it away; nothing that it holds stops the courier."""
    try:
        taken = intake.move(outbox.folder / name, outbox.taken)
        if taken is None:
            return
        write_reply(outbox.replies, name, answered(lambda: _answer(outbox, taken, serving)))
        _throw_away(home, taken)
    except OSError as error:
        log.warning("a letter of %s could not be moved: %s", outbox.project, error.strerror)


def _answer(outbox: Outbox, taken: Path, serving: _Serving) -> Answer:
    letter = intake.open_letter(taken)
    try:
        asked = letters.read(intake.read_request(letter, serving.limits.files), serving.limits)
        count = len(asked.files) if isinstance(asked, ReleaseAsked) else 0
        most = serving.limits
        contents = intake.read_files(
            letter, count, file_bytes=most.file_bytes, all_bytes=most.all_bytes
        )
    finally:
        os.close(letter)
    return serving.handle(outbox, asked, contents)


def _throw_away(home: Path, entry: Path) -> None:
    try:
        intake.move(entry, rubbish(home))
    except OSError as error:
        log.warning("an entry of an outbox could not be removed: %s", error.strerror)


def answer_left_over(home: Path) -> int:
    """After a stop in the middle: say so to whoever waits, and do nothing twice.

    Returns how many letters were left over. They were taken, and what they asked may have been
    done; only their writer can look.
    """
    left = list(_left_over(home))
    for outbox, entry in left:
        name = entry.name.partition(".")[0]
        if LETTER.fullmatch(name) and not (outbox.replies / f"{name}.json").exists():
            write_reply(outbox.replies, name, _INTERRUPTED)
        _throw_away(home, entry)
    return len(left)


_INTERRUPTED: Answer = {
    "outcome": "failed",
    "reasons": [
        "the service was stopped while it handled this. It may have been done: look at "
        "session.requests() or at the desk before you ask again."
    ],
}


def _left_over(home: Path) -> Iterator[tuple[Outbox, Path]]:
    for outbox in outboxes(home):
        if outbox.taken.is_dir():
            for entry in sorted(outbox.taken.iterdir()):
                yield outbox, entry


def tidy_all(home: Path, now_seconds: float) -> None:
    """Remove old answers, and letters that nobody ever finished writing."""
    for outbox in outboxes(home):
        if outbox.replies.is_dir():
            tidy(outbox.replies, now_seconds)
        for entry in outbox.folder.glob("*.part"):
            if entry.lstat().st_mtime < now_seconds - UNFINISHED_SECONDS:
                _throw_away(home, entry)
