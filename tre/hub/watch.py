"""The gate while sessions run: every half minute it is asked again about each of them.

It lives in the hub's process and needs no token: it is told of every session by the spawner that
starts it or finds it again, so that none runs unwatched. Questions go to the store in a thread.
Whoever may not stay is told in the session, and the server is stopped when that has been read.
A question that fails ends nothing at once: the session is told, and is stopped when the gate has
not answered about it for UNANSWERED_SECONDS.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from tornado.ioloop import PeriodicCallback

from tre.config import Config
from tre.decision import ALLOWED, Decision, NotThereError, refuse
from tre.hub.endings import Ending, ending, write_ending
from tre.hub.gate import Gate
from tre.hub.notices import Closing
from tre.hub.session_record import record
from tre.hub.watched import Key, Sizes, Watched, measured, stay_of, tell
from tre.safe_settings.staying import may_stay
from tre.vocabulary import PersonId, ProjectId, Safe

log = logging.getLogger(__name__)

ROUND_SECONDS: float = 30
GRACE_SECONDS: float = 15
"""From the notice in a session to the stop of its server: its page saves meanwhile.

A round, this, and a server that must be killed take less than a minute together.
"""
UNANSWERED_SECONDS: float = 120

REFUSED = "the gate was asked again and refused"
CLOSED = "closed by its owner, or with the environment"
STOPPED = "its server stopped unexpectedly"
LOST = "its server was not there any more"

UNANSWERED = (
    "The environment could not ask just now whether you may go on. If that lasts, this session "
    "closes; save your work."
)
UNASKED = refuse(
    Safe.SETTINGS,
    "asked again",
    "the environment could not ask whether you may go on, for too long. Try again later, or "
    "tell the TRE manager.",
)


@dataclass(slots=True)
class Watch:
    """Watches every session of one hub."""

    config: Config
    gate: Gate
    clock: Callable[[], float] = time.time
    _sessions: dict[Key, Watched] = field(default_factory=dict)
    _unwritten: dict[Key, tuple[str, Decision]] = field(default_factory=dict)
    _lost: set[Key] = field(default_factory=set)
    _sizes: Sizes = field(default_factory=lambda: Sizes({}))
    _closings: set[asyncio.Task[None]] = field(default_factory=set)
    _rounds: PeriodicCallback | None = None

    async def before_start(self, person: PersonId, project: ProjectId, folder: Path) -> None:
        """Bring to the ledger what an earlier session here left, before a new one starts."""
        await asyncio.to_thread(self._draw, (person, project), folder)
        await asyncio.to_thread(self._settle)

    def add(self, watched: Watched) -> None:
        """Watch a session from now on."""
        self._sessions[watched.key] = watched
        if self._rounds is None:
            self._rounds = PeriodicCallback(self.round, 1000 * ROUND_SECONDS)
            self._rounds.start()

    async def greet(self, key: Key) -> None:
        """Have the first notice written, before the session's server starts."""
        if watched := self._sessions.get(key):
            await self._look(watched, ALLOWED)

    async def ended(self, key: Key, *, asked_for: bool) -> None:
        """Write down that a session's server is gone, and why; one that was not watched is none.

        asked_for: somebody stopped it; otherwise its owner is told that nobody did.
        """
        watched = self._sessions.pop(key, None)
        if watched is None:
            return
        if key not in self._unwritten:
            self._unwritten[key] = (CLOSED if asked_for else STOPPED, ALLOWED)
            if not asked_for:
                _keep_ending(watched, ALLOWED, unexpected=True)
        await asyncio.to_thread(self._draw, key, watched.folder)
        await asyncio.to_thread(self._settle)

    async def round(self) -> None:
        """Ask about every session once; the ones that waited longest come first."""
        until = time.monotonic() + ROUND_SECONDS
        for watched in sorted(self._sessions.values(), key=lambda each: each.answered_at):
            try:
                await self._go_to(watched.key, in_time=time.monotonic() < until)
            except Exception:  # it must neither end the round nor keep its session for ever
                log.exception("%s in %s could not be looked at", *watched.key)
                await self._give_up(watched.key)
        await asyncio.to_thread(self._find_lost)
        await asyncio.to_thread(self._settle)

    async def _go_to(self, key: Key, *, in_time: bool) -> None:
        """Ask about one session, and close it where the answer is no."""
        watched = self._sessions.get(key)
        if watched is None or watched.closing is not None:
            return
        answer = await asyncio.to_thread(self._ask, watched) if in_time else None
        await asyncio.to_thread(self._draw, key, watched.folder)
        refusal = await self._look(watched, answer)
        if not refusal.allowed and key in self._sessions:
            await self._close(key, refusal)

    async def _give_up(self, key: Key) -> None:
        """Close a session that could not be looked at for too long."""
        watched = self._sessions.get(key)
        if watched is None or watched.closing is not None:
            return
        if self.clock() - watched.answered_at > UNANSWERED_SECONDS:
            await self._close(key, UNASKED)

    async def _look(self, watched: Watched, answer: Decision | None) -> Decision:
        """Measure a session, tell it what there is to tell, and say whether it may stay."""
        watched, decision = await asyncio.to_thread(self._measure, watched, answer)
        if answer is not None:
            watched = replace(watched, answered_at=self.clock())
        if watched.key in self._sessions:  # it may have ended meanwhile
            self._sessions[watched.key] = watched
        return decision

    def _measure(self, watched: Watched, answer: Decision | None) -> tuple[Watched, Decision]:
        now, stay = self.clock(), stay_of(self.config, watched.spec)
        watched, use = measured(watched, stay, self._sizes.room_of(watched), now)
        too_long = now - watched.answered_at > UNANSWERED_SECONDS
        gate = (UNASKED if too_long else ALLOWED) if answer is None else answer
        try:
            tell(watched, stay, use, UNANSWERED if answer is None else "")
        except OSError:
            log.exception("a notice could not be written for %s in %s", *watched.key)
        return watched, gate.also(may_stay(use, stay))

    def _ask(self, watched: Watched) -> Decision | None:
        """Ask the gate; None where it did not answer."""
        person, project = watched.key
        try:
            return self.gate.ask_again(person, project, watched.spec.extract.name)
        except NotThereError as error:
            return refuse(Safe.PEOPLE, "known", str(error))
        except Exception:  # one question that fails is not the end of the watch
            log.exception("the gate did not answer about %s in %s", person, project)
            return None

    async def _close(self, key: Key, refusal: Decision) -> None:
        """Tell the session why it closes, and stop its server a little later."""
        watched = self._sessions[key]
        found = _keep_ending(watched, refusal)
        page = f"{self.config.url}/hub/ended/{found.key}"
        closing = Closing(at=self.clock() + GRACE_SECONDS, reasons=found.reasons, page=page)
        watched = self._sessions[key] = replace(watched, closing=closing)
        self._unwritten[key] = (REFUSED, refusal)
        try:
            await self._look(watched, ALLOWED)
        except Exception:  # it is stopped untold, rather than not
            log.exception("%s in %s could not be told that the session closes", *key)
        task = asyncio.ensure_future(self._stop(key))
        self._closings.add(task)
        task.add_done_callback(self._closings.discard)

    async def _stop(self, key: Key) -> None:
        await asyncio.sleep(GRACE_SECONDS)
        if watched := self._sessions.get(key):
            try:
                await watched.server.close()
            except Exception:  # the next round tries again
                log.exception("the server of %s in %s could not be stopped", *key)
            if key in self._sessions:
                self._sessions[key] = replace(self._sessions[key], closing=None)

    def _draw(self, key: Key, folder: Path) -> None:
        """Bring what the session showed and took in to the ledger."""
        try:
            record(self.gate, *key, folder)
        except Exception:  # its lines wait for the next round
            log.exception("the record of %s in %s could not be written down", *key)

    def _find_lost(self) -> None:
        """Find sessions that are open in the store and have had no server for two rounds."""
        try:
            open_now = set(self.gate.open_sessions())
        except Exception:  # the next round asks again
            log.exception("the open sessions could not be listed")
            return
        lost = open_now - set(self._sessions) - set(self._unwritten)
        for key in lost & self._lost:
            self._unwritten[key] = (LOST, ALLOWED)
        self._lost = lost

    def _settle(self) -> None:
        """Write to the ledger which sessions ended; what cannot be written now waits.

        A round and the end of a session may both be at it: whoever takes an end out writes it.
        """
        for key in list(self._unwritten):
            if key in self._sessions or (taken := self._unwritten.pop(key, None)) is None:
                continue
            reason, decision = taken
            try:
                self.gate.end_session(*key, reason, decision)
            except NotThereError:
                log.warning("%s is not there any more; nothing is left to end", key[0])
            except Exception:  # the next round tries again
                log.exception("the end of %s in %s could not be written down", *key)
                self._unwritten.setdefault(key, taken)


def _keep_ending(watched: Watched, decision: Decision, *, unexpected: bool = False) -> Ending:
    spec = watched.spec
    found = ending(spec.project, spec.title, decision, unexpected=unexpected)
    write_ending(found, watched.folder)
    return found
