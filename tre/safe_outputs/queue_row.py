"""A request as a line of a list: of the checkers' queue, or of one's own requests."""

from dataclasses import dataclass
from datetime import date, datetime

from tre.safe_outputs.release_request import State
from tre.vocabulary import PersonId, ProjectId, RequestId


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    """A request as somebody sees it in a list.

    age_working_days: since it was submitted in this turn, Monday to Friday. late: older than the
    service level, whose last day is due_on; only what is in the reviewers' hands can be late.
    kinds: of its outputs (table, figure …), each once. my_review_in: whoever looks has submitted
    their review of this turn. waits_for_me: they have something to do with it now.
    """

    id: RequestId
    title: str
    project_id: ProjectId
    project_title: str
    author_id: PersonId
    author_name: str
    state: State
    turn: int
    submitted_at: datetime | None
    age_working_days: int
    due_on: date | None
    late: bool
    worst_verdict: str | None
    outputs: int
    kinds: tuple[str, ...]
    my_review_in: bool
    waits_for_me: bool
