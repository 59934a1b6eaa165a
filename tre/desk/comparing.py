"""A file beside its version of the turn before, for a page and for JSON."""

import json
from dataclasses import dataclass

from tre.desk import verbs
from tre.desk.shown.changes import Changes, changes_between
from tre.steps.file_changes import Version
from tre.steps.tre import Tre
from tre.vocabulary import PersonId, RequestId


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What became of a file since the turn before.

    change: "new", "replaced", "withdrawn" or "". turn: the number of the turn before, 0 in the
    first. previous: the number of the version then. lost: why that cannot be read, "" where it
    can. changes: None where there are no two versions.
    """

    change: str
    turn: int
    previous: int | None
    lost: str
    changes: Changes | None


def comparison(tre: Tre, actor: PersonId, number: RequestId, file: int) -> Comparison:
    """Compare a file with its version of the turn before; whoever sees the request may."""
    found = verbs.file_changes(tre, actor, number, file)
    return Comparison(
        change=found.change,
        turn=found.turn,
        previous=found.before.id if found.before else None,
        lost=found.lost,
        changes=_between(found.before, found.now) if found.before else None,
    )


def _between(before: Version, now: Version) -> Changes:
    return changes_between(now.content.name, _as_shown(before), _as_shown(now))


def _as_shown(version: Version) -> tuple[bytes, dict | None]:
    declaration = json.loads(version.declaration) if version.declaration else None
    return version.content.bytes, declaration
