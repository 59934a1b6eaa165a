"""Write to the ledger what a session showed to a browser, took from it, and refused."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from tre.safe_settings.session_record import MOST_LISTED, BroughtIn, SessionRecord, Withheld
from tre.steps.acting import known_person, known_project
from tre.steps.tre import Tre
from tre.store.ledger import Line
from tre.vocabulary import PersonId, ProjectId

SHOW = "settings:session:show"
BRING_IN = "settings:session:bring-in"
WRITES = frozenset({"write", "rename"})
"""What a browser may try that would bring something in; every other refusal is of showing."""


def record_session(tre: Tre, actor: PersonId, project_id: ProjectId, record: SessionRecord) -> None:
    """Write one interval of a session: at most one line of what it showed, one of what came in,
    and one of refusals for each.

    It is written for a session that has ended, too, and for people who may no longer start one:
    this is what happened. Raises NotThereError for an unknown person or project.
    """
    interval = {"since": record.since, "until": record.until}
    refused_writes = [each for each in record.withheld if each.what in WRITES]
    refused_shows = [each for each in record.withheld if each.what not in WRITES]
    written = (
        (SHOW, "done", _shown(record)),
        (SHOW, "refused", _listed("refusals", refused_shows)),
        (BRING_IN, "done", _listed("files", record.brought_in)),
        (BRING_IN, "refused", _listed("refusals", refused_writes)),
    )
    with tre.store.writing() as change:
        known_person(change.connection, actor)
        known_project(change.connection, project_id)
        at = tre.now()
        for tag, outcome, details in written:
            if details:
                change.record(
                    Line(
                        at=at,
                        actor=actor,
                        tag=tag,
                        outcome=outcome,
                        project=project_id,
                        details={**interval, **details},
                    )
                )


def _shown(record: SessionRecord) -> dict[str, Any]:
    shown = record.shown
    details: dict[str, Any] = {}
    if shown.total:
        details |= {
            "bytes": shown.total,
            "messages": shown.messages,
            "channels": dict(shown.channels),
            "mime_types": dict(shown.mime_types),
        }
    if record.at_most:
        details["bytes_at_most_more"] = record.at_most
    if record.unread:
        details["lines_not_understood"] = record.unread
    return details


def _listed(name: str, each: Sequence[BroughtIn | Withheld]) -> Mapping[str, Any]:
    if not each:
        return {}
    rest = len(each) - MOST_LISTED
    more = {"not_listed": rest} if rest > 0 else {}
    return {name: [asdict(one) for one in each[:MOST_LISTED]]} | more
