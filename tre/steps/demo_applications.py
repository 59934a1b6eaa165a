"""Bring the example applications to their states, by the steps that people take."""

from datetime import timedelta

from tre.safe_data.catalogue import catalogue
from tre.safe_projects.application import Application, AskedVariable, Choice, Opinion
from tre.safe_projects.changes import ChangeKind
from tre.safe_projects.draft import Ask, Draft
from tre.safe_projects.owners import undecided
from tre.safe_projects.panel import CRITERIA
from tre.safe_projects.project import Project, ProjectState
from tre.steps.apply_for_project import answer_advice, apply_for_project, submit_application
from tre.steps.change_project import Proposal, propose_change
from tre.steps.decide_as_owner import Answer, decide_as_owner
from tre.steps.end_project import end_project
from tre.steps.lay_review import advise_on_project
from tre.steps.panel_vote import vote_on_project
from tre.steps.projects import load_project
from tre.steps.suspend_project import suspend_project
from tre.steps.tre import Tre
from tre.store.project_applications import read_application
from tre.store.project_changes import read_changes
from tre.store.projects import read_project
from tre.training.applications import (
    APPLICATIONS,
    ENLARGED,
    EXTENDED,
    MORE,
    WHY_YEARS,
    DemoApplication,
    DemoAsk,
)
from tre.training.deciders import LAY_MEMBER, OWNERS, PANEL
from tre.training.demo import MANAGER
from tre.vocabulary import ProjectId

_S = ProjectState


def bring_applications(tre: Tre) -> None:
    """Bring every example to its state; what an earlier try did is not done again."""
    for demo in APPLICATIONS:
        bring(tre, demo)
    _propose(tre, EXTENDED)
    _propose(tre, ENLARGED)


def bring(tre: Tre, demo: DemoApplication) -> None:
    """Take one step after the other until the application is where it belongs."""
    with tre.store.reading() as connection:
        is_new = read_project(connection, demo.id) is None
    if is_new:
        apply_for_project(tre, demo.lead, _draft(tre, demo), project=demo.id)
    while True:
        project = load_project(tre, demo.id)
        with tre.store.reading() as connection:
            application = read_application(connection, demo.id)
        if application is None or _has_arrived(demo, project, application):
            return
        _go_on(tre, demo, project.state, application)


def _has_arrived(demo: DemoApplication, project: Project, application: Application) -> bool:
    if project.state is not demo.state:
        return False
    if project.state is _S.WITH_OWNERS:
        return len(undecided(application)) == 1
    return project.state is not _S.WITH_PANEL or bool(application.votes_now())


def _go_on(tre: Tre, demo: DemoApplication, state: ProjectState, application: Application) -> None:
    """Take the step that leads out of a state on the way of this example."""
    if state is _S.DRAFT:
        submit_application(tre, demo.lead, demo.id)
    elif state is _S.WITH_LAY_GROUP:
        advise_on_project(tre, LAY_MEMBER, demo.id, Opinion.SUGGESTS, ADVICE)
    elif state is _S.ADVISED:
        answer_advice(tre, demo.lead, demo.id, ANSWER)
    elif state is _S.WITH_OWNERS:
        _grant(tre, demo, application)
    elif state is _S.WITH_PANEL:
        _vote(tre, demo, len(application.votes_now()))
    elif demo.state is _S.SUSPENDED:
        suspend_project(tre, MANAGER, demo.id, SUSPENDED_BECAUSE)
    else:
        end_project(tre, MANAGER, demo.id, ENDED_BECAUSE)


def _grant(tre: Tre, demo: DemoApplication, application: Application) -> None:
    asked = undecided(application)[0]
    yes = Answer(choice=Choice.APPROVE, reasons=GRANTED_BECAUSE, variables=asked.names)
    decide_as_owner(tre, OWNERS[asked.controller], demo.id, asked.dataset, yes)


def _vote(tre: Tre, demo: DemoApplication, seat: int) -> None:
    choice = demo.votes[seat]
    approves = choice is Choice.APPROVE
    last = seat == len(PANEL) - 1
    answer = Answer(
        choice=choice,
        reasons=APPROVED_BECAUSE if approves else demo.question,
        conditions=(demo.condition,) if last and approves and demo.condition else (),
    )
    met = tuple(CRITERIA) if approves else ()
    vote_on_project(tre, PANEL[seat], demo.id, answer, criteria=met, no_interest=True)


def _draft(tre: Tre, demo: DemoApplication) -> Draft:
    today = tre.now().date()
    return Draft(
        title=demo.title,
        starts=today,
        ends=today + timedelta(days=3 * 365),
        summary=demo.summary,
        methods=demo.methods,
        public_benefit=demo.benefit,
        gateways=("dea-2017", "section-251"),
        rec="23/SC/0257",
        iras="329801",
        cag="23/CAG/0096",
        asks=tuple(_ask(each) for each in demo.asks),
    )


def _ask(demo: DemoAsk) -> Ask:
    since, until = demo.years
    return Ask(
        dataset=demo.dataset,
        variables=tuple(AskedVariable(name=name, why=why) for name, why in demo.variables),
        since_year=since,
        until_year=until,
        why_years=WHY_YEARS,
    )


def _propose(tre: Tre, project: ProjectId) -> None:
    """Have the lead of a study propose a change, once."""
    with tre.store.reading() as connection:
        if read_changes(connection, [project]):
            return
    found = load_project(tre, project)
    lead = next(member.person for member in found.members if member.lead)
    if project == EXTENDED:
        later = found.ends + timedelta(days=365)
        proposal = Proposal(kind=ChangeKind.EXTENSION, reason=LONGER_BECAUSE, until=later)
    else:
        proposal = Proposal(kind=ChangeKind.MORE_DATA, reason=MORE_BECAUSE, ask=_ask(MORE))
    propose_change(tre, lead, project, proposal)


def controllers() -> frozenset[str]:
    """Whose data the examples ask for; each has somebody to decide among the people."""
    asked = {ask.dataset for demo in APPLICATIONS for ask in demo.asks} | {MORE.dataset}
    return frozenset(one.controller for one in catalogue() if one.id in asked)


ADVICE = (
    "The group supports the question. Say in the summary what will happen with what is found, and "
    "tell the group when it is published."
)
ANSWER = "The results go to the group first, in a page without jargon. The summary says so now."
GRANTED_BECAUSE = "Each variable is argued for, and the years are no more than the study needs."
APPROVED_BECAUSE = "For the public's benefit, feasible with these data, and private enough."
SUSPENDED_BECAUSE = "A draft of the paper quoted a count that had not been released."
ENDED_BECAUSE = "The paper is published."
LONGER_BECAUSE = "The revised paper needs another year of follow-up."
MORE_BECAUSE = "Reviewers ask how many of those who died had been to an emergency department."
