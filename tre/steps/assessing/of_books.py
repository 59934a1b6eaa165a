"""Is the ledger whole, complete, and kept where nobody here can rewrite it?"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Select, select

from tre.steps.assessing.check import Check, check
from tre.steps.checkpoint_ledger import PATTERN, verify_against
from tre.steps.tre import Tre
from tre.steps.verify_ledger import verify_ledger
from tre.store.tables import ledger, releases, sanctions, sessions
from tre.vocabulary import Action, PersonId

CHECKPOINT_AGE = timedelta(days=2)
"""One is kept a day, by the courier; two days without any means that it does not run."""


def ledger_whole(tre: Tre, actor: PersonId) -> Iterable[str]:
    """Where the ledger was changed."""
    _ = actor
    verdict = verify_ledger(tre)
    if not verdict.whole:
        yield verdict.message


def checkpoints_hold(tre: Tre, actor: PersonId) -> Iterable[str]:
    """Checkpoints that the ledger does not go on from, or that there is no recent one."""
    _ = actor
    folder = tre.folders.checkpoints
    if not list(folder.glob(PATTERN)):
        yield "no checkpoint was kept yet: tre ledger checkpoint, and copy it elsewhere"
        return
    held = verify_against(tre, [folder])
    yield from (f"{one.file.name}: {one.message}" for one in held if not one.holds)
    if tre.now() - held[-1].at > CHECKPOINT_AGE:
        yield f"the newest checkpoint is of {held[-1].at:%Y-%m-%d}: is the courier running?"


def acts_on_ledger(tre: Tre, actor: PersonId) -> Iterable[str]:
    """Releases, sanctions and open sessions without a line that says who did it."""
    _ = actor
    with tre.store.reading() as connection:
        released = _told(connection, Action.RELEASE_REQUEST, ledger.c.request)
        for number in connection.execute(select(releases.c.request)).scalars():
            if number not in released:
                yield f"request {number} was released and the ledger does not say so"
        imposed = len(connection.execute(_lines(Action.IMPOSE_SANCTION)).all())
        there = len(connection.execute(select(sanctions.c.id)).all())
        if imposed < there:
            yield f"{there} sanctions are kept and the ledger says {imposed}"
        started = connection.execute(
            _lines(Action.START_SESSION).with_only_columns(ledger.c.actor, ledger.c.project)
        )
        known = {(row.actor, row.project) for row in started}
        for row in connection.execute(select(sessions.c.person, sessions.c.project)):
            if (row.person, row.project) not in known:
                yield f"{row.person} has a session in {row.project} that the ledger never saw start"


def _told(connection: Connection, action: Action, column: Any) -> set[Any]:
    return set(connection.execute(_lines(action).with_only_columns(column)).scalars())


def _lines(action: Action) -> Select[Any]:
    return select(ledger).where(ledger.c.tag == str(action), ledger.c.outcome == "done")


CHECKS: tuple[Check, ...] = (
    check("ledger-whole", "No entry of the ledger was changed, cut or forged.", ledger_whole),
    check(
        "checkpoints-hold",
        "The ledger goes on from every checkpoint, and the newest is recent.",
        checkpoints_hold,
    ),
    check(
        "acts-on-ledger",
        "Every release, sanction and open session has its line on the ledger.",
        acts_on_ledger,
    ),
)
