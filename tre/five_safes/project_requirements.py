"""What must hold before a project is applied for, advised on, granted data, voted on, changed."""

from tre.decision import Decision
from tre.five_safes.question import Only, Question, Requirement
from tre.five_safes.requirements import EVERYBODY, MANAGER, NOT_A_MEMBER, NOT_THE_LEAD, a, only
from tre.safe_people import roles
from tre.safe_projects import completeness, gateways, judges, lifecycle, membership, owners, panel
from tre.safe_projects.lifecycle import Event, states_before
from tre.safe_projects.project import ProjectState
from tre.vocabulary import Action, Role

BEGUN = Only(
    words="an application that is begun",
    holds=lambda question: question.subject.project is not None,
)
NOT_NAMED = Only(
    words="people who are not named on it",
    holds=lambda question: not membership.memberships(question.project, question.actor.id),
)
WATCHERS = tuple(
    role for role in Role if role not in {Role.RESEARCHER, Role.TRAINER, Role.DATA_OWNER}
)
"""The roles whose holders see every project that was handed in."""

RUNNING = (ProjectState.ACCREDITED, ProjectState.SUSPENDED)


def project_state(*wanted: ProjectState) -> Requirement:
    """Ask for a project in one of the states."""
    return Requirement(
        rule=lifecycle.STATE, check=lambda q: lifecycle.is_in_state(q.project, wanted)
    )


def before(*events: Event) -> Requirement:
    """Ask for a project in a state in which one of the events can happen."""
    return project_state(*states_before(*events))


def _is_concerned(q: Question) -> Decision:
    """Let in whose role concerns every project, and owners of data that this one has or asks."""
    application = q.subject.application
    controllers = {dataset.controller for dataset in q.project.datasets}
    controllers |= q.subject.changes_ask
    controllers |= application.controllers() if application else set()
    owns = Role.DATA_OWNER in q.actor.roles and q.actor.organisation in controllers
    watches = roles.has_role(q.actor, WATCHERS).allowed
    return membership.has_part(
        q.project, q.actor.id, by_role=owns or watches, roles=(*WATCHERS, Role.DATA_OWNER)
    )


def _is_independent(q: Question) -> bool:
    return panel.is_independent(
        q.actor.organisation, q.leads_organisation, q.application.controllers()
    )


LEAD = Requirement(
    rule=membership.LEADS, check=lambda q: membership.leads(q.project, q.actor.id, q.day)
)
CONCERNED = Requirement(rule=membership.HAS_PART, check=_is_concerned)
HANDED_IN = project_state(*(s for s in ProjectState if s not in lifecycle.PRIVATE))
DESCRIBED_IN_FULL = Requirement(
    rule=completeness.DESCRIBED,
    check=lambda q: completeness.is_described(q.project, q.application, q.day),
)
LEGAL = Requirement(
    rule=gateways.GATEWAY,
    check=lambda q: completeness.has_gateways(q.application, q.day),
)
ETHICAL = Requirement(
    rule=gateways.ETHICS, check=lambda q: completeness.has_references(q.application, q.day)
)
MINIMISED = Requirement(
    rule=completeness.MINIMISED, check=lambda q: completeness.is_minimised(q.application)
)
MEETING_SAID = Requirement(
    rule=completeness.MEETING,
    check=lambda q: completeness.says_how_data_meet(
        q.project, completeness.linked_places(q.application)
    ),
)
CONTROLS = Requirement(
    rule=owners.CONTROLLER,
    check=lambda q: owners.acts_for(q.actor.organisation, q.subject.controller),
)
NO_INTEREST = Requirement(
    rule=panel.NO_INTEREST,
    check=lambda q: panel.has_no_interest(q.actor.organisation, q.leads_organisation),
)
SEAT = Requirement(
    rule=panel.SEAT,
    check=lambda q: panel.may_take_seat(
        q.actor.id, q.application.votes_now(), independent=_is_independent(q)
    ),
)

JUDGES_APART = Requirement(
    rule=judges.JUDGES_APART,
    check=lambda q: judges.are_apart(
        membership.everybody_named(q.project), judges.judges(q.application)
    ),
)


def one_voice(voice: judges.Voice) -> Requirement:
    """Ask that who judges has not judged the project as something else."""
    return Requirement(
        rule=judges.ONE_VOICE,
        check=lambda q: judges.speaks_with_one_voice(
            judges.voices(q.subject.application), q.actor.id, voice
        ),
    )


LEAD_TODAY = (*EVERYBODY, a(Role.RESEARCHER), LEAD)
COMPLETE = (JUDGES_APART, DESCRIBED_IN_FULL, LEGAL, ETHICAL, MINIMISED, MEETING_SAID)
PANEL_APART = (
    *(*EVERYBODY, a(Role.PANEL_MEMBER), NOT_A_MEMBER, NO_INTEREST),
    one_voice(judges.Voice.PANEL),
)

PROJECT_ACTIONS: dict[Action, tuple[Requirement, ...]] = {
    Action.VIEW_PROJECT: (*EVERYBODY, CONCERNED, *only(NOT_NAMED, HANDED_IN)),
    Action.APPLY_FOR_PROJECT: (
        *EVERYBODY,
        a(Role.RESEARCHER),
        *only(BEGUN, LEAD, project_state(ProjectState.DRAFT, ProjectState.RETURNED)),
    ),
    Action.SUBMIT_APPLICATION: (*LEAD_TODAY, before(Event.SUBMIT), *COMPLETE),
    Action.WITHDRAW_APPLICATION: (*LEAD_TODAY, before(Event.WITHDRAW)),
    Action.ADVISE_ON_PROJECT: (
        *EVERYBODY,
        a(Role.LAY_MEMBER),
        NOT_A_MEMBER,
        one_voice(judges.Voice.LAY),
        before(Event.ADVISE),
    ),
    Action.ANSWER_ADVICE: (*LEAD_TODAY, before(Event.ANSWER)),
    Action.DECIDE_AS_OWNER: (
        *EVERYBODY,
        a(Role.DATA_OWNER),
        NOT_A_MEMBER,
        one_voice(judges.Voice.OWNER),
        CONTROLS,
        project_state(ProjectState.WITH_OWNERS, *RUNNING),
    ),
    Action.VOTE_ON_PROJECT: (*PANEL_APART, before(Event.VOTE), SEAT),
    Action.PROPOSE_CHANGE: (*LEAD_TODAY, before(Event.CHANGE)),
    Action.WITHDRAW_CHANGE: LEAD_TODAY,
    Action.DECIDE_CHANGE: (*PANEL_APART, before(Event.CHANGE)),
    Action.SUSPEND_PROJECT: (*MANAGER, NOT_THE_LEAD, before(Event.SUSPEND)),
    Action.RESUME_PROJECT: (*MANAGER, NOT_THE_LEAD, before(Event.RESUME)),
    Action.END_PROJECT: (*MANAGER, NOT_THE_LEAD, before(Event.END)),
}
"""Everything that happens to a project, from its first draft to its end."""
