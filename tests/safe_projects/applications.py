"""An application in which nothing is missing; tests break one fact at a time."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from tests.five_safes.world import KINGS, NOW, SLAM, project
from tre.safe_projects.application import (
    Application,
    AskedDataset,
    AskedVariable,
    Choice,
    OwnerDecision,
    PanelVote,
)
from tre.safe_projects.project import Place, Project, ProjectState

DFE = "Department for Education"
AT = datetime(2026, 10, 1, 9, tzinfo=UTC)
LAY = (
    "Some young people fall ill with psychosis while they are still at school. We want to know how "
    "far they fall behind, and whether help that comes earlier could change that."
)

__all__ = ["KINGS", "NOW", "SLAM"]


def why(*names: str) -> tuple[AskedVariable, ...]:
    return tuple(AskedVariable(name=name, why="the outcome of the study") for name in names)


def asked(**changes: Any) -> AskedDataset:
    cris = AskedDataset(
        dataset="cris",
        controller=SLAM,
        place=Place.ASSURED_OFFICE,
        passport_trust=SLAM,
        policy="srs",
        seen_at="",
        variables=why("patients.sex", "patients.birth_year"),
        since_year=2010,
        until_year=2019,
        why_years="ten years before the pandemic",
    )
    return replace(cris, **changes)


def npd(**changes: Any) -> AskedDataset:
    return asked(
        **{
            "dataset": "npd",
            "controller": DFE,
            "passport_trust": None,
            "seen_at": "SRS",
            "variables": why("linked.ks4_attainment8"),
            **changes,
        }
    )


def application(**changes: Any) -> Application:
    complete = Application(
        project="psychosis",
        methods="Do they fall behind? Regression of attainment on diagnosis.",
        gateways=("dea-2017", "section-251"),
        rec="25/SC/0229",
        iras="356975",
        cag="25/CAG/0092",
        asked=(asked(), npd()),
    )
    return replace(complete, **changes)


def applied(**changes: Any) -> Project:
    """The project of the application, as a draft with nothing granted."""
    return project(**{"state": ProjectState.DRAFT, "summary": LAY, "datasets": (), **changes})


def grant(dataset: str = "cris", **changes: Any) -> OwnerDecision:
    names = {"cris": ("patients.sex", "patients.birth_year"), "npd": ("linked.ks4_attainment8",)}
    yes = OwnerDecision(
        person="uma",
        at=AT,
        round=1,
        dataset=dataset,
        choice=Choice.APPROVE,
        reasons="It is what the study needs.",
        variables=names[dataset],
    )
    return replace(yes, **changes)


def vote(person: str, choice: Choice = Choice.APPROVE, **changes: Any) -> PanelVote:
    cast = PanelVote(person=person, at=AT, round=1, choice=choice, reasons="Well argued.")
    return replace(cast, **changes)
