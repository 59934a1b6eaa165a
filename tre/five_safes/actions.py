"""The front page: for every action the rules of each Safe that must hold before it happens."""

from datetime import datetime

from tre.decision import Decision, Rule
from tre.five_safes.ingress_requirements import (
    BRINGERS_SIDE,
    DECIDES_ABOUT_CODE,
    IN_STANDING,
    NOT_BRINGERS_SIDE,
    STILL_WAITING,
)
from tre.five_safes.project_requirements import PROJECT_ACTIONS
from tre.five_safes.question import Question, Requirement, Subject, every_reason
from tre.five_safes.requirements import (
    ALL_VOTED,
    ANSWERED,
    AT_THE_DOOR,
    AUTHORS_SIDE,
    AUTHORS_TURN,
    CHECKER_APART,
    DATASETS,
    DESCRIBED,
    EVERYBODY,
    EXPLAINED,
    FOR_ANOTHER,
    HAS_OUTPUT,
    IN_PLACE,
    MANAGER,
    NOT_A_MEMBER,
    NOT_FROZEN,
    NOT_ONES_OWN,
    NOT_THE_LEAD,
    ON_A_PERSON,
    ON_PRACTICE,
    ON_REAL_PROJECTS,
    OTHERS,
    OWN_RECORD_OR_STAFF,
    PEOPLE,
    PROJECT_ACCREDITED,
    PROJECT_NOT_OVER,
    RESEARCHER_TODAY,
    REVIEWERS_TURN,
    SYSTEM_ALONE,
    TWO_APPROVALS,
    a,
    only,
    part,
    state,
)
from tre.safe_outputs import reviewing
from tre.safe_outputs.release_request import State
from tre.safe_people.person import Person
from tre.vocabulary import Action, Role, Safe

ACTIONS: dict[Action, tuple[Requirement, ...]] = {
    Action.SIGN_IN: AT_THE_DOOR,
    Action.KEEP_ACCOUNT: AT_THE_DOOR,
    Action.VIEW_PERSON: (*EVERYBODY, OWN_RECORD_OR_STAFF),
    Action.RECORD_PERSON: only(PEOPLE, *MANAGER, NOT_ONES_OWN),
    Action.IMPOSE_SANCTION: (*MANAGER, *only(ON_A_PERSON, NOT_ONES_OWN)),
    Action.LIFT_SANCTION: MANAGER,
    Action.RECOVER_ACCOUNT: (*MANAGER, NOT_ONES_OWN),
    Action.CHANGE_ROLES: (*MANAGER, NOT_ONES_OWN),
    Action.RECORD_DOCUMENT: (*MANAGER, NOT_ONES_OWN),
    Action.APPLY_FOR_ACCREDITATION: (*EVERYBODY, a(Role.RESEARCHER)),
    Action.DECIDE_ACCREDITATION: (*MANAGER, NOT_ONES_OWN),
    Action.SIGN_DECLARATION: (*EVERYBODY, a(Role.RESEARCHER)),
    Action.ASK_SUPERVISION: (*EVERYBODY, a(Role.RESEARCHER)),
    Action.ANSWER_SUPERVISION: (*EVERYBODY, a(Role.RESEARCHER)),
    Action.SEND_REMINDERS: only(PEOPLE, *MANAGER),
    Action.RECORD_PROJECT: only(PEOPLE, *MANAGER, NOT_THE_LEAD),
    **PROJECT_ACTIONS,
    Action.START_SESSION: (*RESEARCHER_TODAY, *only(ON_REAL_PROJECTS, IN_PLACE)),
    Action.BRING_CODE: RESEARCHER_TODAY,
    Action.VIEW_INGRESS: (
        *only(BRINGERS_SIDE, *RESEARCHER_TODAY),
        *only(
            NOT_BRINGERS_SIDE,
            *EVERYBODY,
            a(Role.OUTPUT_CHECKER, Role.TRE_MANAGER, Role.AUDITOR),
        ),
    ),
    Action.ACCEPT_CODE: (*DECIDES_ABOUT_CODE, IN_STANDING),
    Action.REFUSE_CODE: DECIDES_ABOUT_CODE,
    Action.WITHDRAW_CODE: (*RESEARCHER_TODAY, STILL_WAITING),
    Action.VIEW_PACKAGES: (*EVERYBODY, a(Role.TRE_MANAGER, Role.AUDITOR)),
    Action.CHANGE_PACKAGES: MANAGER,
    Action.BUILD_WORLD: only(PEOPLE, *MANAGER),
    Action.RUN_LINKAGE: only(PEOPLE, *EVERYBODY, a(Role.DATA_LINKER)),
    Action.VIEW_LINKAGE: (*EVERYBODY, a(Role.DATA_LINKER, Role.TRE_MANAGER, Role.AUDITOR)),
    Action.MAKE_EXTRACT: (
        *only(
            PEOPLE,
            *EVERYBODY,
            *only(ON_REAL_PROJECTS, a(Role.DATA_LINKER, Role.TRE_MANAGER), NOT_A_MEMBER),
            *only(ON_PRACTICE, a(Role.DATA_LINKER, Role.TRE_MANAGER, Role.TRAINER)),
        ),
        PROJECT_ACCREDITED,
        PROJECT_NOT_OVER,
        DATASETS,
    ),
    Action.DESTROY_EXTRACT: only(
        PEOPLE, *EVERYBODY, a(Role.DATA_LINKER, Role.TRE_MANAGER), NOT_A_MEMBER
    ),
    Action.SPEND_BUDGET: RESEARCHER_TODAY,
    Action.CREATE_REQUEST: RESEARCHER_TODAY,
    Action.UPDATE_REQUEST: (*RESEARCHER_TODAY, AUTHORS_TURN),
    Action.SUBMIT_REQUEST: (
        *RESEARCHER_TODAY,
        *only(FOR_ANOTHER, NOT_FROZEN),
        AUTHORS_TURN,
        HAS_OUTPUT,
        DESCRIBED,
        ANSWERED,
    ),
    Action.WITHDRAW_REQUEST: (*RESEARCHER_TODAY, AUTHORS_TURN),
    Action.VIEW_REQUEST: (
        *only(AUTHORS_SIDE, *RESEARCHER_TODAY),
        *only(
            OTHERS,
            *EVERYBODY,
            a(Role.OUTPUT_CHECKER, Role.TRE_MANAGER, Role.AUDITOR),
            state(*reviewing.AFTER_SUBMISSION),
        ),
    ),
    Action.REPRODUCE_OUTPUT: (SYSTEM_ALONE, REVIEWERS_TURN),
    Action.VOTE: (*CHECKER_APART, REVIEWERS_TURN),
    Action.COMMENT: (
        *only(AUTHORS_SIDE, *RESEARCHER_TODAY, AUTHORS_TURN),
        *only(OTHERS, *CHECKER_APART, REVIEWERS_TURN),
    ),
    Action.SUBMIT_REVIEW: (*CHECKER_APART, REVIEWERS_TURN, ALL_VOTED, EXPLAINED),
    Action.RETURN_REQUEST: (*CHECKER_APART, state(*reviewing.TO_BE_RETURNED)),
    Action.REJECT_REQUEST: (*CHECKER_APART, state(State.REVIEWED)),
    Action.APPROVE_REQUEST: (*CHECKER_APART, state(State.REVIEWED), TWO_APPROVALS, NOT_FROZEN),
    Action.RELEASE_REQUEST: (
        SYSTEM_ALONE,
        state(State.APPROVED, State.FAILED),
        TWO_APPROVALS,
        NOT_FROZEN,
    ),
    Action.REVOKE_RELEASE: (*MANAGER, state(State.RELEASED)),
    Action.DOWNLOAD_RELEASE: (*EVERYBODY, part(Role.TRE_MANAGER), state(State.RELEASED)),
    Action.VIEW_QUEUE: (*EVERYBODY, a(Role.OUTPUT_CHECKER, Role.TRE_MANAGER)),
    Action.VIEW_FIGURES: (*EVERYBODY, a(Role.TRE_MANAGER, Role.AUDITOR)),
    Action.VIEW_LEDGER: (*EVERYBODY, OWN_RECORD_OR_STAFF),
    Action.KEEP_CHECKPOINT: only(PEOPLE, *EVERYBODY, a(Role.TRE_MANAGER, Role.AUDITOR)),
    Action.VIEW_ASSESSMENT: (*EVERYBODY, a(Role.TRE_MANAGER, Role.AUDITOR)),
}
"""Every action of the vocabulary, and what must hold for it; nothing else is asked anywhere."""


def decide(actor: Person, action: Action, subject: Subject, *, on: datetime) -> Decision:
    """Ask every rule of the action; every reason to refuse is kept, each once.

    on: the time of asking, aware. Raises ValueError for a time without a zone.
    """
    if on.tzinfo is None:
        message = "decide needs an aware time: a day is only a day in some zone"
        raise ValueError(message)
    return every_reason(ACTIONS[action], Question(actor=actor, subject=subject, on=on))


def rules() -> tuple[Rule, ...]:
    """List every rule once, in the order of the Safes, for the documentation."""
    every = dict.fromkeys(need.rule for needs in ACTIONS.values() for need in needs)
    order = list(Safe)
    return tuple(sorted(every, key=lambda rule: order.index(rule.safe)))
