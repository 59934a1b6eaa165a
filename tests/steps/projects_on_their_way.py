"""People who decide about projects, and the steps that bring one to the state a test needs."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from tests.demo_people import ADA, KINGS, ONS, SLAM
from tre.safe_data.catalogue import catalogue
from tre.safe_people.person import Person
from tre.safe_projects.application import AskedVariable, Choice, Opinion
from tre.safe_projects.draft import Ask, Draft
from tre.safe_projects.panel import CRITERIA
from tre.safe_projects.project import ProjectState
from tre.steps.apply_for_project import answer_advice, apply_for_project, submit_application
from tre.steps.decide_as_owner import Answer, decide_as_owner
from tre.steps.lay_review import advise_on_project
from tre.steps.panel_vote import vote_on_project
from tre.steps.record_person import record_person
from tre.steps.tre import SYSTEM, Tre
from tre.vocabulary import ProjectId, Role

DFE = "Department for Education"
NHS = "NHS Digital"
SINCE = datetime(2025, 1, 6, 9, tzinfo=UTC)


def person(id_: str, role: Role, organisation: str) -> Person:
    return Person(
        id=id_,
        name=id_.title(),
        organisation=organisation,
        roles=frozenset({role}),
        account_since=SINCE,
        second_factor_since=SINCE,
    )


DECIDERS = (
    person("sol", Role.LAY_MEMBER, "Service User and Carer Advisory Group"),
    person("uma", Role.DATA_OWNER, SLAM),
    person("dora", Role.DATA_OWNER, DFE),
    person("nils", Role.DATA_OWNER, NHS),
    person("priya", Role.PANEL_MEMBER, ONS),
    person("quinn", Role.PANEL_MEMBER, SLAM),
    person("rosa", Role.PANEL_MEMBER, "University of Edinburgh"),
    person("kit", Role.PANEL_MEMBER, KINGS),
    replace(ADA, id="gwen", name="Gwen Tan"),
)
PANEL = ("priya", "quinn", "rosa")
OWNERS = {SLAM: "uma", DFE: "dora", NHS: "nils"}
LAY = (
    "Some young people fall ill with psychosis while they are still at school. We want to know how "
    "far they fall behind, and whether help that comes earlier could change that."
)


def with_deciders(tre: Tre) -> None:
    """Record those who decide; nobody of them signs in by password here."""
    for each in DECIDERS:
        record_person(tre, SYSTEM, each)


def ask(dataset: str = "cris", *names: str, **more) -> Ask:
    known = {one.id: one for one in catalogue()}[dataset]
    chosen = names or known.variables()[:3]
    why = "the study compares people by it"
    variables = tuple(AskedVariable(name=name, why=why) for name in chosen)
    asked: dict[str, Any] = {
        "since_year": 2010,
        "until_year": 2019,
        "why_years": "ten years before the pandemic",
    }
    return Ask(dataset=dataset, variables=variables, **asked | more)


def draft(**changes) -> Draft:
    complete = Draft(
        title="School after a first episode",
        starts=date(2026, 3, 2),
        ends=date(2028, 3, 1),
        summary=LAY,
        methods="Do they fall behind? Regression of attainment on diagnosis.",
        public_benefit="Help at school that comes in time.",
        gateways=("dea-2017", "section-251"),
        rec="25/SC/0229",
        iras="356975",
        cag="25/CAG/0092",
        asks=(ask("cris"), ask("npd", "linked.ks4_attainment8", "attainment.school_year")),
    )
    return replace(complete, **changes)


def a_draft(tre: Tre, **changes) -> ProjectId:
    return apply_for_project(tre, "ada", draft(**changes))


def with_lay_group(tre: Tre, **changes) -> ProjectId:
    project = a_draft(tre, **changes)
    submit_application(tre, "ada", project)
    return project


def advised(tre: Tre, **changes) -> ProjectId:
    project = with_lay_group(tre, **changes)
    advise_on_project(tre, "sol", project, Opinion.SUGGESTS, "Say it in plainer words.")
    return project


def with_owners(tre: Tre, **changes) -> ProjectId:
    project = advised(tre, **changes)
    answer_advice(tre, "ada", project, "We have written the summary anew.")
    return project


def grant_all(tre: Tre, project: ProjectId, asks: tuple[Ask, ...], **more) -> None:
    controllers = {one.id: one.controller for one in catalogue()}
    for each in asks:
        names = tuple(variable.name for variable in each.variables)
        yes = Answer(choice=Choice.APPROVE, reasons="It fits.", variables=names, **more)
        decide_as_owner(tre, OWNERS[controllers[each.dataset]], project, each.dataset, yes)


def with_panel(tre: Tre, **changes) -> ProjectId:
    project = with_owners(tre, **changes)
    grant_all(tre, project, draft(**changes).asks)
    return project


def vote(tre: Tre, voter: str, project: ProjectId, choice: Choice, *conditions: str):
    met = tuple(CRITERIA) if choice is Choice.APPROVE else ()
    answer = Answer(choice=choice, reasons=f"{voter} says so.", conditions=conditions)
    return vote_on_project(tre, voter, project, answer, criteria=met, no_interest=True)


def accredited(tre: Tre, **changes) -> ProjectId:
    project = with_panel(tre, **changes)
    states = [vote(tre, each, project, Choice.APPROVE) for each in PANEL]
    assert states[-1] is ProjectState.ACCREDITED
    return project
