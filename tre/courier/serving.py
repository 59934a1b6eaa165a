"""The courier's loop, from start to a graceful stop."""

import logging
import threading
import time
from collections.abc import Callable, Sequence

from tre.config import Config
from tre.courier.answers import answer
from tre.courier.letters import Asked
from tre.courier.outcomes import Answer
from tre.courier.paths import Outbox
from tre.courier.rates import Rates
from tre.courier.round import answer_left_over, serve_round, tidy_all
from tre.decision import UnusableRequestError
from tre.steps.archive_project import finish_endings
from tre.steps.checkpoint_ledger import keep_checkpoint
from tre.steps.remind import remind
from tre.steps.remind_late import remind_late
from tre.steps.retry_releases import retry_releases
from tre.steps.send_mail import send_mail
from tre.steps.tre import Tre, open_tre

EVERY_SECONDS = 0.5
TIDY_SECONDS = 3600.0
RETRY_SECONDS = 300.0
"""Between two tries to release what is stuck; the first is made at the start."""

MAIL_SECONDS = 30.0
REMIND_SECONDS = 3600.0
"""Reminders and checkpoints are counted in days, so asking every hour is often enough."""

log = logging.getLogger("tre.courier")


def serve(config: Config, stop: threading.Event) -> None:
    """Answer letters until told to stop; the letter in hand is always finished first."""
    tre = open_tre(config)
    try:
        left = answer_left_over(config.home)
        log.info("serving outboxes (%d left over from the last time)", left)
        _until(stop, tre)
    finally:
        tre.close()
        log.info("stopped")


def _until(stop: threading.Event, tre: Tre) -> None:
    rates = Rates()
    tidied = retried = mailed = reminded = 0.0

    def handle(outbox: Outbox, asked: Asked, contents: Sequence[bytes]) -> Answer:
        return answer(tre, outbox, asked, contents)

    while not stop.is_set():
        done = serve_round(tre.config.home, handle, rates, tre.request_limits)
        if time.time() > tidied + TIDY_SECONDS:
            tidied = time.time()
            tidy_all(tre.config.home, tidied)
        if time.time() > retried + RETRY_SECONDS:
            retried = time.time()
            release_stuck(tre)
        if time.time() > reminded + REMIND_SECONDS:
            reminded = time.time()
            tell_people(tre, remind)
            tell_people(tre, remind_late)
            tell_people(tre, keep_checkpoint)
        if time.time() > mailed + MAIL_SECONDS:
            mailed = time.time()
            tell_people(tre, send_mail)
            tell_people(tre, finish_endings)
        stop.wait(0.0 if done else EVERY_SECONDS)


def release_stuck(tre: Tre) -> None:
    """Release what was approved before a stop, or before a disk was full."""
    for request, state in retry_releases(tre).items():
        log.info("request %d was stuck and is %s now", request, state)


def tell_people(tre: Tre, step: Callable[[Tre], object]) -> None:
    """Do what is due: remind, mail, finish endings; a store that is away is asked again later."""
    try:
        step(tre)
    except UnusableRequestError:
        log.exception("what is due could not be done; it is tried again")
