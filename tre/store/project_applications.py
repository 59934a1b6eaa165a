"""Applications for projects as rows: read and written as the values of Safe Projects."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select, update

from tre.safe_projects.application import (
    Advice,
    Application,
    AskedDataset,
    AskedVariable,
    Choice,
    Opinion,
    OwnerDecision,
    PanelVote,
    Reply,
)
from tre.safe_projects.project import Place
from tre.store.project_tables import project_applications, project_judgements
from tre.vocabulary import ProjectId

ADVICE, REPLY, OWNER, VOTE = "advice", "reply", "owner", "vote"
"""The kinds of a judgement."""

Judgement = Advice | Reply | OwnerDecision | PanelVote


def read_applications(
    connection: Connection, projects: Iterable[ProjectId] | None = None
) -> dict[ProjectId, Application]:
    """Read applications with all that was said about them, all or those of some projects."""
    query, said = select(project_applications), select(project_judgements)
    if projects is not None:
        wanted = sorted(set(projects))
        query = query.where(project_applications.c.project.in_(wanted))
        said = said.where(project_judgements.c.project.in_(wanted))
    judgements: defaultdict[ProjectId, list[RowMapping]] = defaultdict(list)
    for row in connection.execute(said.order_by(project_judgements.c.id)).mappings():
        judgements[row["project"]].append(row)
    rows = connection.execute(query).mappings().all()
    return {row["project"]: _application(row, judgements[row["project"]]) for row in rows}


def read_application(connection: Connection, project: ProjectId) -> Application | None:
    """Read one application; None for a project that was recorded without."""
    return read_applications(connection, [project]).get(project)


def write_application(connection: Connection, application: Application) -> None:
    """Keep what is asked for, in the place of what was; judgements are added on their own."""
    values: dict[str, Any] = {
        "round": application.round,
        "methods": application.methods,
        "gateways": list(application.gateways),
        "rec": application.rec,
        "iras": application.iras,
        "cag": application.cag,
        "asked": [asked_to_plain(one) for one in application.asked],
    }
    table = project_applications
    found = connection.execute(
        update(table).where(table.c.project == application.project).values(values)
    )
    if not found.rowcount:
        connection.execute(insert(table).values(project=application.project, **values))


def add_judgement(connection: Connection, project: ProjectId, said: Judgement) -> None:
    """Keep what somebody said."""
    told = asdict(said)
    common = {name: told.pop(name) for name in ("person", "at", "round")}
    kind, text = _KINDS[type(said)]
    connection.execute(
        insert(project_judgements).values(
            project=project, kind=kind, text=told.pop(text), details=_plain(told), **common
        )
    )


def asked_to_plain(asked: AskedDataset) -> dict[str, Any]:
    """An ask as JSON holds it."""
    return asdict(asked) | {"place": str(asked.place)}


def asked_from_plain(plain: Mapping[str, Any]) -> AskedDataset:
    """An ask as it was before it became JSON."""
    variables = tuple(AskedVariable(**each) for each in plain["variables"])
    values: dict[str, Any] = {**plain, "place": Place(plain["place"]), "variables": variables}
    return AskedDataset(**values)


_KINDS: dict[type, tuple[str, str]] = {
    Advice: (ADVICE, "text"),
    Reply: (REPLY, "text"),
    OwnerDecision: (OWNER, "reasons"),
    PanelVote: (VOTE, "reasons"),
}


def _plain(told: Mapping[str, Any]) -> dict[str, Any]:
    return {name: list(v) if isinstance(v, tuple) else v for name, v in told.items()}


def _application(row: RowMapping, said: list[RowMapping]) -> Application:
    of: defaultdict[str, list[RowMapping]] = defaultdict(list)
    for judgement in said:
        of[judgement["kind"]].append(judgement)
    return Application(
        project=row["project"],
        round=row["round"],
        methods=row["methods"],
        gateways=tuple(row["gateways"]),
        rec=row["rec"],
        iras=row["iras"],
        cag=row["cag"],
        asked=tuple(asked_from_plain(one) for one in row["asked"]),
        advice=tuple(_advice(one) for one in of[ADVICE]),
        replies=tuple(_reply(one) for one in of[REPLY]),
        decisions=tuple(_decision(one) for one in of[OWNER]),
        votes=tuple(_vote(one) for one in of[VOTE]),
    )


def _by(row: RowMapping) -> tuple[str, datetime, int]:
    return row["person"], row["at"], row["round"]


def _advice(row: RowMapping) -> Advice:
    person, at, round_ = _by(row)
    opinion = Opinion(row["details"]["opinion"])
    return Advice(person=person, at=at, round=round_, opinion=opinion, text=row["text"])


def _reply(row: RowMapping) -> Reply:
    person, at, round_ = _by(row)
    to_advice = row["details"]["to_advice"]
    return Reply(person=person, at=at, round=round_, text=row["text"], to_advice=to_advice)


def _decision(row: RowMapping) -> OwnerDecision:
    person, at, round_ = _by(row)
    told = row["details"]
    return OwnerDecision(
        person=person,
        at=at,
        round=round_,
        dataset=told["dataset"],
        choice=Choice(told["choice"]),
        reasons=row["text"],
        conditions=tuple(told["conditions"]),
        variables=tuple(told["variables"]),
    )


def _vote(row: RowMapping) -> PanelVote:
    person, at, round_ = _by(row)
    told = row["details"]
    return PanelVote(
        person=person,
        at=at,
        round=round_,
        choice=Choice(told["choice"]),
        reasons=row["text"],
        conditions=tuple(told["conditions"]),
        criteria=tuple(told["criteria"]),
        independent=told["independent"],
    )
