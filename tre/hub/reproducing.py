"""Runs code again for checkers as it comes: `python -m tre.hub.reproducing`, a service of the hub.

It runs as the account that sessions run as, and where the seal does not hold it runs nothing.
"""

import logging
import sys
import threading
import time

from tre import background
from tre.config import Config
from tre.decision import OvertakenError, UnusableRequestError
from tre.hub.preflight import CannotServeError
from tre.hub.proven_seal import ProvenSeal
from tre.hub.reproduction import StoppedError, reproduce
from tre.steps.reproduce import waiting_to_run
from tre.steps.tre import Tre, open_tre
from tre.vocabulary import RequestId

EVERY_SECONDS = 3.0
AGAIN_SECONDS = 300.0
"""After a request could not be run, or the seal did not hold, it is tried again so much later."""

log = logging.getLogger("tre.reproducing")


def serve(config: Config, stop: threading.Event) -> None:
    """Run what waits until told to stop; what runs then is ended, and waits for the next start."""
    if not config.rerun_minutes:
        log.info("rerun_minutes is 0: no code is run again")
        stop.wait()
        return
    tre = open_tre(config)
    try:
        _until(stop, tre, ProvenSeal())
    except StoppedError:
        log.info("stopped in the middle of a run, which is made again after the next start")
    finally:
        tre.close()


def _until(stop: threading.Event, tre: Tre, seal: ProvenSeal) -> None:
    not_before: dict[RequestId, float] = {}
    while not stop.is_set():
        try:
            waiting = waiting_to_run(tre)
            now = time.monotonic()
            due = [each for each in waiting if not_before.get(each, 0.0) <= now]
            if due:
                seal.must_hold()
                not_before[due[0]] = now + AGAIN_SECONDS
                _one(tre, due[0], stop)
                continue
        except OvertakenError as error:
            log.info("an outcome was dropped, or another run goes on: %s", error)
            not_before.clear()
        except CannotServeError as error:
            log.warning("nothing is run again, since it would not be sealed: %s", error)
            stop.wait(AGAIN_SECONDS)
        except UnusableRequestError as error:
            log.warning("what waits to be run again could not be: %s", error)
        stop.wait(EVERY_SECONDS)


def _one(tre: Tre, request: RequestId, stop: threading.Event) -> None:
    for each in reproduce(tre, request, stop=stop):
        log.info("request %d, file %d: %s", each.request, each.file, each.outcome)


def main() -> int:
    """Serve until SIGTERM; 3 where it cannot start."""
    return background.run("run again", serve)


if __name__ == "__main__":
    sys.exit(main())
