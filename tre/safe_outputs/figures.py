"""The managers' figures: every one by its numbers, made from what the ledger says happened."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tre.safe_outputs.figure import Drawn, Figure, Row, median, ninth_decile, share
from tre.safe_outputs.figures_history import TAGS, Happening, Stay, Wait, stays, waits
from tre.safe_outputs.figures_period import Month, Period, month_of
from tre.safe_outputs.figures_votes import (
    Checked,
    Checks,
    Compared,
    Decided,
    Outcome,
    compared,
    decided,
)
from tre.safe_outputs.file_check import FAIL, PASS, REVIEW
from tre.safe_outputs.release_request import State
from tre.safe_outputs.return_reasons import NOT_SAID, ReturnReason
from tre.safe_outputs.states import OWNERS, Event, Owner
from tre.safe_outputs.working_days import SERVICE_LEVEL_WORKING_DAYS
from tre.vocabulary import PersonId

EVENTS = (
    ("submitted", Event.SUBMIT),
    ("returned", Event.RETURN),
    ("released", Event.RELEASE),
    ("rejected", Event.REJECT),
    ("withdrawn", Event.WITHDRAW),
    ("revoked", Event.REVOKE),
)
TIMED = tuple(state for state in State if OWNERS[state] is not Owner.NOBODY)
"""The states that are somebody's, of which the time is told."""

NO_FINDING = "no finding"
NOT_CHECKED = "not checked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the figures are made from.

    happenings: in the ledger's order, from the very beginning. names: of checkers, by their id;
    None where whoever asks may not know how two of them compare.
    """

    happenings: Sequence[Happening]
    checks: Checks
    period: Period
    now: datetime
    names: Mapping[PersonId, str] | None = None


def figures(asked: Asked) -> tuple[Figure, ...]:
    """Make every figure, in the order in which a page shows them."""
    answers = [one for one in compared(asked.happenings) if asked.period.holds(one.at)]
    found = (
        requests_by_month(asked),
        service_level(asked),
        *times(asked),
        reasons(asked),
        disagreement(asked, answers),
        by_rule(asked, answers),
    )
    pairs = () if asked.names is None else (by_pair(answers, asked.names),)
    return (*found, *pairs, verdicts(asked))


def requests_by_month(asked: Asked) -> Figure:
    """Count what happened to requests, by the month in which it did."""
    found = Counter(
        (month_of(one.at), one.tag) for one in asked.happenings if asked.period.holds(one.at)
    )
    again = Counter(
        month_of(one.at)
        for one in asked.happenings
        if one.tag == TAGS[Event.SUBMIT] and one.turn > 1
    )
    return Figure(
        name="requests",
        title="What happened to requests",
        says="Each event in the month in which it happened. A request that was submitted, "
        "returned and submitted again counts twice among the submitted.",
        of="month",
        series=tuple(name for name, _ in EVENTS),
        more=("submitted again",),
        rows=tuple(
            Row(
                label=month.words,
                values=tuple(found[month, TAGS[event]] for _, event in EVENTS),
                more=(again[month],),
            )
            for month in asked.period.months
        ),
        drawn=Drawn.GROUPED,
        unit="events",
        n=sum(found[month, TAGS[event]] for month in asked.period.months for _, event in EVENTS),
        n_of="events",
    )


def service_level(asked: Asked) -> Figure:
    """Count the answers within the service level, by the month of submission."""
    of_month: dict[Month, list[Wait]] = {month: [] for month in asked.period.months}
    for wait in waits(asked.happenings):
        of_month.get(month_of(wait.submitted), []).append(wait)

    def row(month: Month) -> Row:
        kinds = Counter((w.answered is not None, w.is_late(asked.now)) for w in of_month[month])
        in_time, late, over, open_ = (
            kinds[answered, is_late]
            for answered, is_late in ((True, False), (True, True), (False, True), (False, False))
        )
        return Row(
            label=month.words,
            values=(in_time, late, over, open_),
            more=(share(in_time, in_time + late + over),),
        )

    return Figure(
        name="service-level",
        title=f"Answered within {SERVICE_LEVEL_WORKING_DAYS} working days",
        says="By the month of submission; each turn waits for an answer of its own, which is a "
        "return, a rejection or an approval. The share leaves out what still waits in time.",
        of="month",
        series=("in time", "late", "waiting, late", "waiting, in time"),
        more=("share in time",),
        rows=tuple(row(month) for month in asked.period.months),
        drawn=Drawn.STACKED,
        unit="submissions",
        n=sum(len(found) for found in of_month.values()),
        n_of="submissions",
    )


def times(asked: Asked) -> tuple[Figure, Figure]:
    """Say how long requests stood in each state: over the whole period, and by month."""
    every = stays(asked.happenings)
    ended = [
        (month_of(stay.until), stay)
        for stay in every
        if stay.until and asked.period.holds(stay.until)
    ]
    still = Counter(stay.state for stay in every if stay.until is None)
    by_state = _times_by_state([stay for _, stay in ended], still)
    return by_state, _times_by_month(ended, asked.period)


def _times_by_state(ended: Sequence[Stay], still: Mapping[State, int]) -> Figure:
    def row(state: State) -> Row:
        days = [stay.working_days for stay in ended if stay.state is state]
        more = (len(days), still.get(state, 0))
        return Row(label=str(state), values=(median(days), ninth_decile(days)), more=more)

    return Figure(
        name="times",
        title="Time in each state",
        says="Working days from entering a state to leaving it, of every stay that ended in the "
        "period. Nine of ten stays were not longer than the second value.",
        of="state",
        series=("median", "90th percentile"),
        more=("stays", "in it now"),
        rows=tuple(row(state) for state in TIMED),
        drawn=Drawn.RANGES,
        unit="working days",
        n=len(ended),
        n_of="stays",
    )


def _times_by_month(ended: Sequence[tuple[Month, Stay]], period: Period) -> Figure:
    days: dict[tuple[Month, State], list[int]] = {}
    for month, stay in ended:
        days.setdefault((month, stay.state), []).append(stay.working_days)
    return Figure(
        name="times-by-month",
        title="Time in each state, by month",
        says="The median of the working days, of the stays that ended in the month; nothing "
        "where none did.",
        of="month",
        series=tuple(str(state) for state in TIMED),
        more=tuple(f"stays {state}" for state in TIMED),
        rows=tuple(
            Row(
                label=month.words,
                values=tuple(median(days.get((month, state), [])) for state in TIMED),
                more=tuple(len(days.get((month, state), [])) for state in TIMED),
            )
            for month in period.months
        ),
        drawn=Drawn.LINES,
        unit="working days",
        n=len(ended),
        n_of="stays",
    )


def reasons(asked: Asked) -> Figure:
    """Count why requests were returned, by month."""
    returned = TAGS[Event.RETURN]
    found = Counter(
        (month_of(one.at), one.because)
        for one in asked.happenings
        if one.tag == returned and asked.period.holds(one.at)
    )
    words = [str(reason) for reason in ReturnReason]
    if any(because == NOT_SAID for _, because in found):
        words.append(NOT_SAID)
    return Figure(
        name="reasons",
        title="Reasons for return",
        says="The main reason that a checker chose when returning a request.",
        of="month",
        series=tuple(words),
        more=("returned",),
        rows=tuple(
            Row(
                label=month.words,
                values=tuple(found[month, because] for because in words),
                more=(sum(found[month, because] for because in words),),
            )
            for month in asked.period.months
        ),
        drawn=Drawn.STACKED,
        unit="returns",
        n=found.total(),
        n_of="returns",
    )


def disagreement(asked: Asked, answers: Sequence[Compared]) -> Figure:
    """Say on how many outputs the first two answers differed, by month."""
    return _differing(
        "disagreement",
        "Checkers' disagreement",
        "Outputs on which two checkers answered, blind to each other, by the month of the second "
        "review: those where both said the same, and those where one approved and the other "
        "asked for changes. Each output counts once, by its first two answers.",
        "month",
        {m.words: [a for a in answers if month_of(a.at) == m] for m in asked.period.months},
        answers,
    )


def by_rule(asked: Asked, answers: Sequence[Compared]) -> Figure:
    """Say how much the answers differed, by the rule that found something in the output."""
    groups: dict[str, list[Compared]] = {}
    for answer in answers:
        rules = asked.checks.get(answer.file, Checked(verdict=NOT_CHECKED)).rules
        for rule in rules or (NO_FINDING,):
            groups.setdefault(rule, []).append(answer)
    return _differing(
        "disagreement-by-rule",
        "Disagreement by rule",
        "The same outputs, under each rule of the automatic check that found something in them; "
        "one with findings of two rules is under both.",
        "rule",
        dict(sorted(groups.items(), key=lambda one: (-len(one[1]), one[0]))),
        answers,
    )


def by_pair(answers: Sequence[Compared], names: Mapping[PersonId, str]) -> Figure:
    """Say how much two checkers differed, by who they were; for managers alone."""
    groups: dict[str, list[Compared]] = {}
    for answer in answers:
        pair = " and ".join(names.get(checker, checker) for checker in answer.checkers)
        groups.setdefault(pair, []).append(answer)
    return _differing(
        "disagreement-by-pair",
        "Disagreement by pair",
        "The same outputs, by the two who answered. Few outputs say nothing about people: look "
        "at the number beside each share.",
        "pair",
        dict(sorted(groups.items())),
        answers,
    )


def _differing(
    name: str,
    title: str,
    says: str,
    of: str,
    groups: Mapping[str, Sequence[Compared]],
    answers: Sequence[Compared],
) -> Figure:
    def row(label: str, found: Sequence[Compared]) -> Row:
        differed = sum(answer.differed for answer in found)
        same = len(found) - differed
        more = (len(found), share(differed, len(found)))
        return Row(label=label, values=(same, differed), more=more)

    return Figure(
        name=name,
        title=title,
        says=says,
        of=of,
        series=("the same answer", "different answers"),
        more=("outputs", "share that differed"),
        rows=tuple(row(label, found) for label, found in groups.items()),
        drawn=Drawn.STACKED,
        unit="outputs",
        n=len(answers),
        n_of="outputs",
    )


def verdicts(asked: Asked) -> Figure:
    """Set what the automatic check said of an output against what the checkers decided."""
    held = [one for one in decided(asked.happenings) if asked.period.holds(one.at)]
    found = Counter((_verdict(asked.checks, one), one.outcome) for one in held)
    known = (PASS, REVIEW, FAIL)
    words = (*known, *sorted({verdict for verdict, _ in found} - set(known)))
    return Figure(
        name="verdicts",
        title="Automatic verdict and decision",
        says="Outputs by the verdict of their last automatic check, and by what the checkers' "
        "votes came to when the request was last decided. An approved “fail” and a changed "
        "“pass” are worth a look: the policy or the check may be wrong.",
        of="verdict",
        series=tuple(str(outcome) for outcome in Outcome),
        more=("outputs", "share approved", "share with changes requested"),
        rows=tuple(_of_verdict(verdict, found) for verdict in words),
        drawn=Drawn.STACKED,
        unit="outputs",
        n=len(held),
        n_of="outputs",
    )


def _of_verdict(verdict: str, found: Mapping[tuple[str, Outcome], int]) -> Row:
    counts = {outcome: found.get((verdict, outcome), 0) for outcome in Outcome}
    every = sum(counts.values())
    return Row(
        label=verdict,
        values=tuple(counts.values()),
        more=(
            every,
            share(counts[Outcome.APPROVED], every),
            share(counts[Outcome.CHANGES], every),
        ),
    )


def _verdict(checks: Checks, one: Decided) -> str:
    return checks[one.file].verdict if one.file in checks else NOT_CHECKED


def first_month(happenings: Iterable[Happening]) -> Month | None:
    """Give the month in which anything was first submitted."""
    moments = (one.at for one in happenings if one.tag == TAGS[Event.SUBMIT])
    first = min(moments, default=None)
    return month_of(first) if first else None
