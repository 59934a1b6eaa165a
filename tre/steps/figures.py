"""The managers' figures of the release review, from what the ledger says happened."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl
from sqlalchemy import RowMapping, select

from output_checks.csv_labels import marked_texts
from tre.five_safes import Subject
from tre.safe_outputs.figure import Figure
from tre.safe_outputs.figures import Asked, figures, first_month
from tre.safe_outputs.figures_history import CREATED, EVERY_TAG, Happening
from tre.safe_outputs.figures_period import Month, Period, read_period
from tre.safe_outputs.figures_votes import Checked
from tre.safe_outputs.release_request import State, VoteChoice
from tre.safe_outputs.return_reasons import NOT_SAID
from tre.safe_projects.membership import everybody_named
from tre.safe_projects.project import Project
from tre.steps.acting import Act, acting
from tre.steps.tre import Tre
from tre.store.ledger import LedgerEntry, read_entry
from tre.store.people import read_people
from tre.store.projects import read_projects
from tre.store.tables import ledger, request_files, requests
from tre.vocabulary import Action, PersonId, ProjectId, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class FiguresView:
    """The figures of a period.

    projects: what may be asked for, the titles by the ids. left_out: how many projects are not in
    it since whoever looks is on them. first: the month in which anything was first submitted.
    """

    made_at: datetime
    period: Period
    figures: tuple[Figure, ...]
    projects: Mapping[ProjectId, str]
    left_out: int
    first: Month | None

    @property
    def is_empty(self) -> bool:
        """Whether nothing happened in the period."""
        return not any(figure.n for figure in self.figures)

    def to_dict(self) -> dict[str, Any]:
        """Give plain values for JSON; months are written as 2026-03."""
        return {
            "made_at": self.made_at.isoformat(),
            "since": str(self.period.since),
            "until": str(self.period.until),
            "project": self.period.project,
            "projects_left_out": self.left_out,
            "figures": [figure.to_dict() for figure in self.figures],
        }


def view_figures(tre: Tre, actor: PersonId, typed: Iterable[tuple[str, str]] = ()) -> FiguresView:
    """Make the figures that an address asks for: months and project, as `read_period` reads them.

    Requests of projects that whoever looks is on are left out: votes on them are not theirs to
    see. Practice counts only where its project is asked for: its requests are exercises. How pairs
    of checkers compare is for TRE managers. Raises UnusableRequestError for what
    is not known.
    """
    with acting(tre, actor, Action.VIEW_FIGURES) as act:
        act.require(Subject())
        every = _projects_with_requests(act)
        others = [one for one in every if act.actor.id not in everybody_named(one)]
        projects = {one.id: one.title for one in others}
        period = read_period(typed, now=act.at, projects=projects)
        act.project = period.project
        of = [period.project] if period.project else [o.id for o in others if not o.practice]
        happenings = _happenings(act, of)
        asked = Asked(
            happenings=happenings,
            checks=_checks(act, of),
            period=period,
            now=act.at,
            names=_names(act, happenings),
        )
        act.record({"since": str(period.since), "until": str(period.until)})
    return FiguresView(
        made_at=act.at,
        period=period,
        figures=figures(asked),
        projects=projects,
        left_out=len(every) - len(others),
        first=first_month(happenings),
    )


def _projects_with_requests(act: Act) -> list[Project]:
    """Read the projects that anything was asked for in, by their titles."""
    ids = set(act.connection.execute(select(requests.c.project)).scalars())
    found = read_projects(act.connection, ids)
    return sorted(found.values(), key=lambda one: one.title.casefold())


def _happenings(act: Act, projects: Sequence[ProjectId]) -> tuple[Happening, ...]:
    query = (
        select(ledger)
        .where(
            ledger.c.tag.in_(EVERY_TAG),
            ledger.c.outcome == "done",
            ledger.c.project.in_(projects),
            ledger.c.request.is_not(None),
        )
        .order_by(ledger.c.number)
    )
    rows = act.connection.execute(query).mappings()
    return tuple(_happening(read_entry(row)) for row in rows)


def _happening(entry: LedgerEntry) -> Happening:
    told = entry.details
    state, choice = told.get("state"), told.get("choice")
    if entry.tag == CREATED:
        state = State.DRAFT
    return Happening(
        request=entry.request or 0,
        project=entry.project or "",
        at=entry.at,
        actor=entry.actor,
        tag=entry.tag,
        turn=told.get("turn", 1),
        state=State(state) if state else None,
        file=told.get("file"),
        choice=VoteChoice(choice) if choice else None,
        because=told.get("because", NOT_SAID),
    )


def _checks(act: Act, projects: Sequence[ProjectId]) -> dict[int, Checked]:
    """Read of each file's check what figures need, and not its evidence."""
    check = request_files.c.check
    query = (
        select(
            request_files.c.id,
            check["verdict"].as_string().label("verdict"),
            check["findings"].label("findings"),
        )
        .join(requests, requests.c.id == request_files.c.request)
        .where(requests.c.project.in_(projects), check.is_not(None))
    )
    rows = act.connection.execute(query).mappings()
    return {row["id"]: _checked(row) for row in rows if row["verdict"]}


def _checked(row: RowMapping) -> Checked:
    rules = dict.fromkeys(str(one["rule"]) for one in row["findings"] or ())
    return Checked(verdict=row["verdict"], rules=tuple(rules))


def _names(act: Act, happenings: Sequence[Happening]) -> dict[PersonId, str] | None:
    if Role.TRE_MANAGER not in act.actor.roles:
        return None
    found = read_people(act.connection, {one.actor for one in happenings})
    return {person.id: person.name for person in found.values()}


def as_csv(view: FiguresView) -> str:
    """Write every figure as one long table: figure, row, column, value; nothing where none is."""
    rows = [
        (figure.name, row.label, column, None if value is None else float(value))
        for figure in view.figures
        for row in figure.rows
        for column, value in zip(figure.columns, (*row.values, *row.more), strict=True)
    ]
    schema = {"figure": pl.String, "row": pl.String, "column": pl.String, "value": pl.Float64}
    return marked_texts(pl.DataFrame(rows, schema, orient="row")).write_csv()
