"""Narrow the checkers' queue: every filter once, as a table, with its words and its meaning.

A filter is what stands in an address, so that a view can be bookmarked: nothing of it is ever
ignored, and a value that is not known is refused with those that are.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePath

from tre.decision import UnusableRequestError
from tre.safe_outputs.file_check import FAIL, PASS, REVIEW
from tre.safe_outputs.queue_row import QueueRow
from tre.safe_outputs.reviewing import IN_THE_REVIEWERS_HANDS
from tre.safe_outputs.states import OWNERS, Owner
from tre.safe_outputs.working_days import SERVICE_LEVEL_WORKING_DAYS

WAITING = tuple(
    state for state, owner in OWNERS.items() if owner in (Owner.REVIEWERS, Owner.SYSTEM)
)
"""The states in which a request is in the queue; the system's are there when they are stuck."""

KINDS = {
    "table": (".csv", ".tsv", ".xlsx"),
    "figure": (".png", ".jpg", ".jpeg", ".svg"),
    "notebook": (".ipynb",),
    "text": (".txt", ".md", ".html", ".htm"),
}
"""The kinds of outputs, by the ending of the file's name."""

OTHER_KIND = "other"
LONGEST_TEXT = 100

_URGENT = {FAIL: 0, REVIEW: 1, None: 1, PASS: 2}


class Whose(StrEnum):
    """Whose work the requests are, seen from whoever looks."""

    WAITING = "waiting"
    ANSWERED = "answered"
    EVERYONE = "everyone"


class Turn(StrEnum):
    """Whether a request is here for the first time."""

    FIRST = "first"
    AGAIN = "again"


class Age(StrEnum):
    """How a request stands against the service level; only what checkers must answer has one."""

    LATE = "late"
    TODAY = "today"
    TOMORROW = "tomorrow"
    IN_TIME = "in time"


class Sort(StrEnum):
    """In which order requests are listed."""

    URGENT = "urgent"
    OLDEST = "oldest"
    NEWEST = "newest"
    VERDICT = "verdict"
    PROJECT = "project"
    TITLE = "title"


def kind_of(name: str) -> str:
    """Give the kind of an output by the ending of its name."""
    ending = PurePath(name).suffix.lower()
    return next((kind for kind, endings in KINDS.items() if ending in endings), OTHER_KIND)


def _due_in(row: QueueRow) -> int | None:
    """Working days until the service level's last day; None where nobody has to answer."""
    if row.state not in IN_THE_REVIEWERS_HANDS:
        return None
    return SERVICE_LEVEL_WORKING_DAYS - row.age_working_days


_AGES: Mapping[str, Callable[[int], bool]] = {
    Age.LATE: lambda left: left < 0,
    Age.TODAY: lambda left: left == 0,
    Age.TOMORROW: lambda left: left == 1,
    Age.IN_TIME: lambda left: left >= 0,
}

_WHOSE: Mapping[str, Callable[[QueueRow], bool]] = {
    Whose.WAITING: lambda row: row.waits_for_me,
    Whose.ANSWERED: lambda row: row.my_review_in,
    Whose.EVERYONE: lambda _: True,
}


def _is_of_age(row: QueueRow, age: str) -> bool:
    left = _due_in(row)
    return left is not None and _AGES[age](left)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """One way to narrow the queue.

    values: those that there are, with their words; None: as many as there are projects, authors
    or words. fits: whether a row is kept by a value.
    """

    label: str
    fits: Callable[[QueueRow, str], bool]
    values: Mapping[str, str] | None = None


FILTERS: Mapping[str, Filter] = {
    "whose": Filter(
        label="Whose",
        values={
            Whose.WAITING: "waiting for me",
            Whose.ANSWERED: "answered by me",
            Whose.EVERYONE: "everyone's",
        },
        fits=lambda row, value: _WHOSE[value](row),
    ),
    "age": Filter(
        label="Age",
        values={
            Age.LATE: "late",
            Age.TODAY: "due today",
            Age.TOMORROW: "due the next working day",
            Age.IN_TIME: "in time",
        },
        fits=_is_of_age,
    ),
    "verdict": Filter(
        label="Verdict",
        values={FAIL: "fail", REVIEW: "review", PASS: "pass"},
        fits=lambda row, value: (row.worst_verdict or REVIEW) == value,
    ),
    "state": Filter(
        label="State",
        values={str(state): str(state) for state in WAITING},
        fits=lambda row, value: row.state == value,
    ),
    "turn": Filter(
        label="Turn",
        values={Turn.FIRST: "the first", Turn.AGAIN: "submitted again"},
        fits=lambda row, value: (row.turn > 1) is (value == Turn.AGAIN),
    ),
    "kind": Filter(
        label="Outputs",
        values={kind: f"with a {kind}" for kind in KINDS} | {OTHER_KIND: "of another type"},
        fits=lambda row, value: value in row.kinds,
    ),
    "project": Filter(label="Project", fits=lambda row, value: row.project_id == value),
    "author": Filter(label="Author", fits=lambda row, value: row.author_id == value),
    "text": Filter(
        label="Title has", fits=lambda row, value: value.casefold() in row.title.casefold()
    ),
}
"""Every filter by its name in an address, in the order in which a page offers them."""

SORTS: Mapping[str, tuple[str, Callable[[QueueRow], tuple[object, ...]]]] = {
    Sort.URGENT: (
        "what presses most",
        lambda row: (
            not row.late,
            _URGENT.get(row.worst_verdict, 0),
            -row.age_working_days,
            row.id,
        ),
    ),
    Sort.OLDEST: ("oldest first", lambda row: (_moment(row), row.id)),
    Sort.NEWEST: ("newest first", lambda row: (-_moment(row), -row.id)),
    Sort.VERDICT: ("worst verdict first", lambda row: (_URGENT.get(row.worst_verdict, 0), row.id)),
    Sort.PROJECT: ("by project", lambda row: (row.project_title.casefold(), row.id)),
    Sort.TITLE: ("by title", lambda row: (row.title.casefold(), row.id)),
}
"""Every order: its words, and what rows are sorted by."""

SORT = "sort"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFilter:
    """What somebody wants to see of the queue.

    chosen: the filters in use, by name, each with the values of which a row must have one.
    """

    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: Sort = Sort.URGENT

    def fits(self, row: QueueRow, *, without: str = "") -> bool:
        """Whether all filters keep a row, one of them left aside if it is named."""
        chosen = self.chosen.items()
        return all(_keeps(name, values, row) for name, values in chosen if name != without)


def _keeps(name: str, values: Iterable[str], row: QueueRow) -> bool:
    return any(FILTERS[name].fits(row, value) for value in values)


EVERYTHING = QueueFilter()


def read_filter(
    typed: Iterable[tuple[str, str]], *, projects: Collection[str], authors: Collection[str]
) -> QueueFilter:
    """Read the fields of an address; an empty field means all, and one that comes again, or.

    projects, authors: the ids that there are. Raises UnusableRequestError with every field that
    is not known or has no known value, two orders at once, and with what is allowed.
    """
    told = list(dict.fromkeys((name, text.strip()) for name, text in typed if text.strip()))
    known: dict[str, Collection[str]] = {"project": projects, "author": authors, SORT: SORTS}
    known |= {name: one.values for name, one in FILTERS.items() if one.values is not None}
    wrong = [sentence for name, text in told if (sentence := _problem(name, text, known))]
    orders = [text for name, text in told if name == SORT] or [str(Sort.URGENT)]
    if len(orders) > 1:
        wrong.append(f"there is one order at a time, not {' and '.join(orders)[:80]}")
    if wrong:
        raise UnusableRequestError("; ".join(wrong))
    chosen: dict[str, tuple[str, ...]] = {}
    for name, text in told:
        if name != SORT:
            chosen[name] = (*chosen.get(name, ()), text)
    return QueueFilter(chosen=chosen, sort=Sort(orders[0]))


def _problem(name: str, text: str, known: Mapping[str, Collection[str]]) -> str:
    if name == "text":
        return "" if len(text) <= LONGEST_TEXT else f"text has more than {LONGEST_TEXT} characters"
    if name not in known:
        return f"there is no filter {name[:40]!r}; there are {', '.join((*FILTERS, SORT))}"
    if text in known[name]:
        return ""
    return f"{name} cannot be {text[:40]!r}; it is one of: {_listed(known[name])}"


def _listed(values: Collection[str]) -> str:
    return ", ".join(str(value) for value in values) or "none, since nothing was submitted yet"


def narrowed(rows: Iterable[QueueRow], wanted: QueueFilter) -> tuple[QueueRow, ...]:
    """Keep the rows that every filter keeps, in the order asked for."""
    _, by = SORTS[wanted.sort]
    return tuple(sorted((row for row in rows if wanted.fits(row)), key=by))


@dataclass(frozen=True, slots=True, kw_only=True)
class Hides:
    """What one filter in use does to the queue.

    value: its values in words. hides: rows that it alone does not keep. without_it: rows that all
    the others keep.
    """

    name: str
    label: str
    value: str
    hides: int
    without_it: int


def what_hides(rows: Sequence[QueueRow], wanted: QueueFilter) -> tuple[Hides, ...]:
    """Say of each filter in use how much it hides, for whoever finds the queue empty."""
    return tuple(
        Hides(
            name=name,
            label=FILTERS[name].label,
            value=" or ".join((FILTERS[name].values or {}).get(one, one) for one in values),
            hides=sum(not _keeps(name, values, row) for row in rows),
            without_it=sum(wanted.fits(row, without=name) for row in rows),
        )
        for name, values in wanted.chosen.items()
    )


def _moment(row: QueueRow) -> float:
    return row.submitted_at.timestamp() if row.submitted_at else 0.0
