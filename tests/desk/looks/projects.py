"""Projects in every state, so that each way their page can look is there to be looked at."""

from dataclasses import replace
from datetime import date
from itertools import count
from types import SimpleNamespace

import pytest

from tests.demo import Demo
from tests.demo_extract import write_extract
from tests.demo_people import PROJECTS, STUDY
from tests.steps import projects_on_their_way as way
from tre.safe_data.catalogue import catalogue
from tre.safe_projects.application import Choice, Opinion
from tre.safe_projects.changes import ChangeKind
from tre.safe_projects.project import ProjectState
from tre.steps.apply_for_project import (
    answer_advice,
    apply_for_project,
    submit_application,
    withdraw_application,
)
from tre.steps.change_project import Proposal, propose_change
from tre.steps.lay_review import advise_on_project
from tre.steps.projects import load_project
from tre.steps.record_project import record_project
from tre.steps.suspend_project import suspend_project
from tre.steps.tre import SYSTEM
from tre.vocabulary import ProjectId

LEAD = "gwen"
P = ProjectState

TITLES = {
    P.DRAFT: "Sleep and school",
    P.WITH_LAY_GROUP: "Moving house and getting help",
    P.ADVISED: "Bullying and the first referral",
    P.WITH_OWNERS: "Leaving care, leaving services",
    P.WITH_PANEL: "School after a first episode",
    P.RETURNED: "Exclusions and emergency care",
    P.REFUSED: "Names of streets and moods",
    P.WITHDRAWN: "Summer-born children",
    P.SUSPENDED: "Free school meals and waiting times",
    P.ACCREDITED: "Self-harm and absence from school",
}
"""An application in each state that one can be in."""

STUDIES = ("attendance", "medication", "transitions", "inpatients", "sixth-form")
"""More studies of the same lead, who has one open request in each."""


def fill_projects(demo: Demo) -> dict[ProjectState, ProjectId]:
    """Bring an application to each state; the number of one project in each."""
    way.with_deciders(demo.tre)
    for name in STUDIES:
        _study(demo, name)
    with pytest.MonkeyPatch.context() as patch:  # an id ends in chance; pictures show it
        numbers = count(1)
        chance = SimpleNamespace(token_hex=lambda _: f"{next(numbers):06x}")
        patch.setattr("tre.steps.apply_for_project.secrets", chance)
        found = {state: on_its_way(demo, state) for state in TITLES}
    found[P.APPLIED] = _recorded(demo, "pilot", P.APPLIED)
    found[P.ENDED] = _recorded(demo, "pathways", P.ENDED)
    _changes(demo, found[P.ACCREDITED])
    return found


def on_its_way(demo: Demo, until: ProjectState) -> ProjectId:
    """Apply and go on from decision to decision, until the application is where it shall be."""
    tre = demo.tre
    wanted = way.draft(title=TITLES[until])
    project = apply_for_project(tre, LEAD, wanted)
    steps = (
        (P.DRAFT, lambda: submit_application(tre, LEAD, project)),
        (P.WITH_LAY_GROUP, lambda: _advised(demo, project)),
        (P.ADVISED, lambda: answer_advice(tre, LEAD, project, "We wrote the summary anew.")),
        (P.WITH_OWNERS, lambda: way.grant_all(tre, project, wanted.asks)),
        (P.WITH_PANEL, lambda: _voted(demo, project, until)),
    )
    if until is P.WITHDRAWN:
        withdraw_application(tre, LEAD, project)
        return project
    for state, go_on in steps:
        if until is state:
            return project
        go_on()
        demo.clock.move(minutes=7)
    if until is P.SUSPENDED:
        suspend_project(tre, "mia", project, "A question about its legal gateway is open.")
    return project


def _advised(demo: Demo, project: ProjectId) -> None:
    text = "Say in plainer words what a first episode is, and who reads about it."
    advise_on_project(demo.tre, "sol", project, Opinion.SUGGESTS, text)


def _voted(demo: Demo, project: ProjectId, until: ProjectState) -> None:
    wanted = {P.RETURNED: Choice.RETURN, P.REFUSED: Choice.REFUSE}
    for member in way.PANEL:
        way.vote(demo.tre, member, project, wanted.get(until, Choice.APPROVE))


def _changes(demo: Demo, project: ProjectId) -> None:
    """An extension waits for the panel's chair, and more data wait for their owner."""
    until = date(2028, 12, 31)
    longer = Proposal(kind=ChangeKind.EXTENSION, reason="Recruiting took longer.", until=until)
    propose_change(demo.tre, LEAD, project, longer)
    variables = next(one for one in catalogue() if one.id == "cris").variables()[:5]
    wanted = way.ask("cris", *variables)
    more = Proposal(kind=ChangeKind.MORE_DATA, reason="A reviewer asked for it.", ask=wanted)
    propose_change(demo.tre, LEAD, project, more)


def _study(demo: Demo, name: str) -> None:
    study = load_project(demo.tre, STUDY)
    alone = replace(study.members[0], person=LEAD, lead=True)
    title = f"{name.replace('-', ' ').title()} of young people with psychosis"
    record_project(demo.tre, SYSTEM, replace(study, id=name, title=title, members=(alone,)))
    write_extract(demo.tre.config.home / "extracts", name)


def _recorded(demo: Demo, name: str, state: ProjectState) -> ProjectId:
    known = replace(PROJECTS[0], id=name, title=f"{name.title()} of the service", state=state)
    record_project(demo.tre, SYSTEM, replace(known, members=(), datasets=()))
    return name
