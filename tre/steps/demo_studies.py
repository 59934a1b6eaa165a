"""Bring the example studies as far as they come without data, by the steps that people take."""

from collections.abc import Mapping
from datetime import timedelta

from tre.safe_data.catalogue import catalogue
from tre.safe_projects.application import Application, AskedVariable, Choice, Opinion
from tre.safe_projects.draft import Ask, Draft
from tre.safe_projects.owners import undecided
from tre.safe_projects.panel import CRITERIA
from tre.safe_projects.project import Project, ProjectState
from tre.steps.apply_for_project import (
    answer_advice,
    apply_for_project,
    submit_application,
    withdraw_application,
)
from tre.steps.decide_as_owner import Answer, decide_as_owner
from tre.steps.lay_review import advise_on_project
from tre.steps.panel_vote import vote_on_project
from tre.steps.projects import load_project
from tre.steps.tre import Tre
from tre.store.project_applications import read_application
from tre.store.projects import read_project
from tre.training.deciders import LAY_MEMBER, OWNERS, PANEL
from tre.training.reasons import COLUMN_REASONS
from tre.training.studies import APPLIED_FOR
from tre.training.study import Study, StudyAsk

LASTS = timedelta(days=3 * 365)
_S = ProjectState


def bring_studies(tre: Tre) -> None:
    """Bring every example as far as it comes; what an earlier try did is not done again."""
    for study in APPLIED_FOR:
        bring(tre, study)


def bring(tre: Tre, study: Study) -> None:
    """Take one step after the other until the study is where it belongs."""
    with tre.store.reading() as connection:
        is_new = read_project(connection, study.id) is None
    if is_new:
        apply_for_project(tre, study.lead, _draft(tre, study), project=study.id)
    while True:
        project = load_project(tre, study.id)
        with tre.store.reading() as connection:
            application = read_application(connection, study.id)
        if application is None or _has_arrived(study, project, application):
            return
        _go_on(tre, study, project.state, application)


def _has_arrived(study: Study, project: Project, application: Application) -> bool:
    if project.state not in {study.before_data, study.state}:
        return False
    if project.state is _S.WITH_OWNERS:
        return not {one.dataset for one in undecided(application)} & set(study.granted)
    if project.state is _S.WITH_PANEL:
        return len(application.votes_now()) == len(study.votes)
    return True


def _go_on(tre: Tre, study: Study, state: ProjectState, application: Application) -> None:
    """Take the step that leads out of a state on the way of this study."""
    if state is _S.DRAFT:
        submit_application(tre, study.lead, study.id)
    elif state is _S.WITH_LAY_GROUP:
        advise_on_project(tre, LAY_MEMBER, study.id, Opinion.SUGGESTS, ADVICE)
    elif state is _S.ADVISED and study.state is _S.WITHDRAWN:
        withdraw_application(tre, study.lead, study.id)
    elif state is _S.ADVISED:
        answer_advice(tre, study.lead, study.id, ANSWER)
    elif state is _S.WITH_OWNERS:
        _grant(tre, study, application)
    else:
        _vote(tre, study, len(application.votes_now()))


def _grant(tre: Tre, study: Study, application: Application) -> None:
    asked = undecided(application)[0]
    yes = Answer(choice=Choice.APPROVE, reasons=GRANTED_BECAUSE, variables=asked.names)
    decide_as_owner(tre, OWNERS[asked.controller], study.id, asked.dataset, yes)


def _vote(tre: Tre, study: Study, seat: int) -> None:
    choice = study.votes[seat]
    approves = choice is Choice.APPROVE
    last = seat == len(PANEL) - 1
    answer = Answer(
        choice=choice,
        reasons=APPROVED_BECAUSE if approves else study.question,
        conditions=(study.condition,) if last and approves and study.condition else (),
    )
    met = tuple(CRITERIA) if approves else ()
    vote_on_project(tre, PANEL[seat], study.id, answer, criteria=met, no_interest=True)


def _draft(tre: Tre, study: Study) -> Draft:
    today = tre.now().date()
    return Draft(
        title=study.title,
        starts=today,
        ends=today + LASTS,
        summary=study.summary,
        methods=study.methods,
        public_benefit=study.benefit,
        gateways=("dea-2017", "section-251"),
        rec=study.review.rec,
        iras=study.review.iras,
        cag=study.review.cag,
        meeting=study.meeting,
        shift_dates=study.shift_dates,
        members=study.members,
        asks=tuple(ask_of(each) for each in study.asks),
    )


def ask_of(asked: StudyAsk) -> Ask:
    """What is asked for, variable by variable: each with the reason of its table, or its own."""
    reasons = dict(asked.why)
    known = next(one for one in catalogue() if one.id == asked.dataset)
    whys = {name: _why(name, reasons) for name in known.variables()}
    since, until = asked.years
    return Ask(
        dataset=asked.dataset,
        variables=tuple(AskedVariable(name=name, why=why) for name, why in whys.items() if why),
        since_year=since,
        until_year=until,
        why_years=asked.why_years,
    )


def _why(variable: str, reasons: Mapping[str, str]) -> str:
    """The variable's own reason, or its column's with that of the table; "" leaves it out."""
    table, column = variable.split(".", 1)
    if variable in reasons:
        return reasons[variable]
    if table not in reasons or _is_residence(variable):
        return ""
    return f"{COLUMN_REASONS[column]} ({reasons[table]})"


def _is_residence(variable: str) -> bool:
    """A borough beside everything else points at few people: it is asked for by its own name."""
    return variable.endswith(".borough")


ADVICE = (
    "The group supports the question. Say in the summary what will happen with what is found, and "
    "tell the group when it is published."
)
ANSWER = "The results go to the group first, in a page without jargon. The summary says so now."
GRANTED_BECAUSE = "Each variable is argued for, and the years are no more than the study needs."
APPROVED_BECAUSE = "For the public's benefit, feasible with these data, and private enough."
