"""Every action for every role, and every action in every state of a request."""

from collections.abc import Iterable
from datetime import date
from itertools import product

import pytest

from tests.five_safes.world import NOW, ONS, member, practice, project, researcher, staff, subject
from tests.safe_outputs.requests import a_request, review, yes
from tests.safe_settings.ingress_requests import a_file, an_ingress
from tre.five_safes import ACTIONS, Subject, decide, rules
from tre.safe_outputs.release_request import ReleaseRequest, State
from tre.safe_people.person import Person
from tre.safe_people.system import SYSTEM
from tre.safe_settings.ingress.request import FileState
from tre.vocabulary import Action, Role, Safe

A = Action


def every(*groups: Iterable) -> list[tuple]:
    """Each of one group with each of the others."""
    return list(product(*groups))


LINKAGE = {A.RUN_LINKAGE, A.VIEW_LINKAGE}
REVIEW = {A.VOTE, A.COMMENT, A.SUBMIT_REVIEW, A.RETURN_REQUEST, A.REJECT_REQUEST}
DECIDE_CODE = {A.ACCEPT_CODE, A.REFUSE_CODE}
MANAGE = {
    *(A.RECORD_PERSON, A.IMPOSE_SANCTION, A.LIFT_SANCTION, A.RECORD_PROJECT, A.BUILD_WORLD),
    *(A.RECOVER_ACCOUNT, A.CHANGE_ROLES, A.RECORD_DOCUMENT, A.DECIDE_ACCREDITATION),
    A.SEND_REMINDERS,
}
FOR_ONESELF = {
    *(A.APPLY_FOR_ACCREDITATION, A.SIGN_DECLARATION, A.ASK_SUPERVISION, A.ANSWER_SUPERVISION)
}
AT_THE_DOOR = {A.SIGN_IN, A.KEEP_ACCOUNT}

# What each role may do, apart from a project that it has no part in, with the request in the
# state that suits the action. Everybody may sign in.
BY_ROLE: dict[Role, set[Action]] = {
    Role.RESEARCHER: FOR_ONESELF,
    Role.TRAINER: set(),
    Role.OUTPUT_CHECKER: {
        *(*REVIEW, A.APPROVE_REQUEST, A.VIEW_REQUEST, A.VIEW_QUEUE, A.VIEW_PROJECT),
        *(*DECIDE_CODE, A.VIEW_INGRESS),
    },
    Role.DATA_LINKER: {*LINKAGE, A.MAKE_EXTRACT, A.DESTROY_EXTRACT, A.VIEW_PROJECT},
    Role.DATA_OWNER: set(),
    Role.PANEL_MEMBER: {A.VIEW_PROJECT, A.DECIDE_CHANGE},
    Role.LAY_MEMBER: {A.VIEW_PROJECT},
    Role.TRE_MANAGER: {
        *MANAGE,
        *(A.VIEW_PERSON, A.VIEW_PROJECT, A.VIEW_REQUEST, A.VIEW_QUEUE, A.VIEW_LEDGER),
        *(A.SUSPEND_PROJECT, A.END_PROJECT),
        *(A.VIEW_LINKAGE, A.MAKE_EXTRACT, A.DESTROY_EXTRACT, A.REVOKE_RELEASE),
        *(A.DOWNLOAD_RELEASE, A.VIEW_INGRESS, A.VIEW_PACKAGES, A.CHANGE_PACKAGES),
        *(A.KEEP_CHECKPOINT, A.VIEW_ASSESSMENT, A.VIEW_FIGURES),
    },
    Role.AUDITOR: {
        A.VIEW_FIGURES,
        *(A.VIEW_PERSON, A.VIEW_PROJECT, A.VIEW_REQUEST, A.VIEW_LEDGER, A.VIEW_LINKAGE),
        *(A.VIEW_INGRESS, A.VIEW_PACKAGES, A.KEEP_CHECKPOINT, A.VIEW_ASSESSMENT),
    },
}

# What a researcher may do on a project that names them.
AS_MEMBER = {
    *(A.VIEW_PROJECT, A.START_SESSION, A.SPEND_BUDGET, A.VIEW_REQUEST, A.DOWNLOAD_RELEASE),
    *(A.CREATE_REQUEST, A.UPDATE_REQUEST, A.SUBMIT_REQUEST, A.WITHDRAW_REQUEST, A.COMMENT),
    *(A.BRING_CODE, A.VIEW_INGRESS, A.WITHDRAW_CODE),
}

# What the lead of a project that is accredited may do besides.
AS_LEAD = {A.PROPOSE_CHANGE, A.WITHDRAW_CHANGE}

# The states in which each action on a request may be done.
REVIEWERS_HAVE_IT = {State.SUBMITTED, State.PARTIALLY_REVIEWED, State.REVIEWED}
IN_STATES: dict[Action, set[State]] = {
    A.UPDATE_REQUEST: {State.DRAFT, State.RETURNED},
    A.SUBMIT_REQUEST: {State.DRAFT, State.RETURNED},
    A.WITHDRAW_REQUEST: {State.DRAFT, State.RETURNED},
    A.REPRODUCE_OUTPUT: REVIEWERS_HAVE_IT,
    A.VOTE: REVIEWERS_HAVE_IT,
    A.SUBMIT_REVIEW: REVIEWERS_HAVE_IT,
    A.RETURN_REQUEST: {*REVIEWERS_HAVE_IT, State.FAILED},
    A.REJECT_REQUEST: {State.REVIEWED},
    A.APPROVE_REQUEST: {State.REVIEWED},
    A.RELEASE_REQUEST: {State.APPROVED, State.FAILED},
    A.REVOKE_RELEASE: {State.RELEASED},
    A.DOWNLOAD_RELEASE: {State.RELEASED},
}


def ready(state: State) -> ReleaseRequest:
    """A request with nothing missing: both checkers approve; cara's review is still to come."""
    votes = (yes("cora"), yes("deniz"), yes("cara"))
    return a_request(state=state, votes=votes, reviews=(review("cora"), review("deniz")))


def suitable(action: Action, *, for_author: bool = False) -> State:
    if action in {A.COMMENT, A.VIEW_REQUEST}:
        return State.DRAFT if for_author else State.SUBMITTED
    return min(IN_STATES.get(action, {State.REVIEWED}), key=list(State).index)


def stranger(*roles: Role) -> Person:
    """Somebody with everything in date and one role, who has no part in the project."""
    return researcher("cara", roles=frozenset(roles), organisation=ONS)


def test_every_action_of_the_vocabulary_is_in_the_table():
    assert set(ACTIONS) == set(Action)


def test_no_action_is_free():
    assert all(ACTIONS.values())


@pytest.mark.parametrize(("action", "role"), every(Action, Role))
def test_a_role_may_do_what_it_is_for_and_nothing_else(action: Action, role: Role):
    about = subject(request=ready(suitable(action)), person="bola")
    decision = decide(stranger(role), action, about, on=NOW)
    assert decision.allowed is (action in BY_ROLE[role] | AT_THE_DOOR), decision.reasons


@pytest.mark.parametrize("action", Action)
def test_without_a_role_nobody_may_do_anything_but_sign_in(action: Action):
    about = subject(request=ready(suitable(action)), person="bola")
    assert decide(stranger(), action, about, on=NOW).allowed is (action in AT_THE_DOOR)


@pytest.mark.parametrize("action", Action)
def test_a_researcher_works_on_their_own_project(action: Action):
    about = subject(request=ready(suitable(action, for_author=True)), person="bola")
    decision = decide(researcher(), action, about, on=NOW)
    is_theirs = action in AS_MEMBER | AS_LEAD | FOR_ONESELF | AT_THE_DOOR
    assert decision.allowed is is_theirs, decision.reasons


@pytest.mark.parametrize("action", Action)
def test_with_a_temporary_password_one_may_come_in_and_choose_another(action: Action):
    about = subject(request=ready(suitable(action, for_author=True)), person="bola")
    for role in Role:
        person = researcher(roles=frozenset({role}), temporary_password=True)
        assert decide(person, action, about, on=NOW).allowed is (action in AT_THE_DOOR)


OF_ANOTHER = {
    *(A.RECORD_PERSON, A.RECOVER_ACCOUNT, A.CHANGE_ROLES, A.RECORD_DOCUMENT),
    A.DECIDE_ACCREDITATION,
}


@pytest.mark.parametrize("action", sorted(OF_ANOTHER))
def test_not_even_a_manager_decides_about_themselves(action: Action):
    manager = stranger(Role.TRE_MANAGER)
    assert decide(manager, action, Subject(person="bola"), on=NOW).allowed
    for about in ("cara", None):
        (reason,) = decide(manager, action, Subject(person=about), on=NOW).reasons
        assert reason.rule == "not one's own"


@pytest.mark.parametrize(("action", "state"), every(IN_STATES, State))
def test_an_action_belongs_to_the_states_of_the_table(action: Action, state: State):
    actors = {
        **dict.fromkeys((A.RELEASE_REQUEST, A.REPRODUCE_OUTPUT), SYSTEM),
        A.REVOKE_RELEASE: stranger(Role.TRE_MANAGER),
        A.DOWNLOAD_RELEASE: researcher(),
        **dict.fromkeys((A.UPDATE_REQUEST, A.SUBMIT_REQUEST, A.WITHDRAW_REQUEST), researcher()),
    }
    actor = actors.get(action, stranger(Role.OUTPUT_CHECKER))
    decision = decide(actor, action, subject(request=ready(state)), on=NOW)
    assert decision.allowed is (state in IN_STATES[action])
    assert {reason.rule for reason in decision.reasons} <= {"state of the request"}


@pytest.mark.parametrize("state", State)
def test_a_comment_belongs_to_whoever_holds_the_request(state: State):
    about = subject(request=ready(state))
    author = decide(researcher(), A.COMMENT, about, on=NOW).allowed
    checker = decide(stranger(Role.OUTPUT_CHECKER), A.COMMENT, about, on=NOW).allowed
    assert author is (state in {State.DRAFT, State.RETURNED})
    assert checker is (state in REVIEWERS_HAVE_IT)


@pytest.mark.parametrize(
    ("state", "role"),
    every(State, [Role.OUTPUT_CHECKER, Role.TRE_MANAGER, Role.AUDITOR]),
)
def test_staff_see_a_request_from_its_submission_on(state: State, role: Role):
    decision = decide(stranger(role), A.VIEW_REQUEST, subject(request=ready(state)), on=NOW)
    assert decision.allowed is (state is not State.DRAFT)


@pytest.mark.parametrize("state", State)
def test_its_people_see_a_request_in_every_state(state: State):
    about = subject(request=ready(state))
    assert decide(researcher("bola"), A.VIEW_REQUEST, about, on=NOW).allowed


SETS_UP = {
    *(A.RECORD_PERSON, A.RECORD_PROJECT, A.BUILD_WORLD, A.RUN_LINKAGE, A.SEND_REMINDERS),
    *(A.MAKE_EXTRACT, A.DESTROY_EXTRACT, A.KEEP_CHECKPOINT),
}


@pytest.mark.parametrize("action", Action)
def test_the_environment_itself_builds_its_world_and_releases(action: Action):
    about = subject(request=ready(suitable(action)))
    decision = decide(SYSTEM, action, about, on=NOW)
    by_itself = {A.RELEASE_REQUEST, A.REPRODUCE_OUTPUT}
    assert decision.allowed is (action in {*SETS_UP, *by_itself, *AT_THE_DOOR})


WITHOUT_A_SUBJECT = {
    *(*AT_THE_DOOR, *FOR_ONESELF, A.IMPOSE_SANCTION, A.LIFT_SANCTION, A.BUILD_WORLD),
    *(A.VIEW_QUEUE, A.VIEW_FIGURES, A.SEND_REMINDERS),
    A.APPLY_FOR_PROJECT,
    *(A.RUN_LINKAGE, A.VIEW_LINKAGE, A.VIEW_PERSON, A.VIEW_LEDGER),
    *(A.VIEW_PACKAGES, A.CHANGE_PACKAGES, A.KEEP_CHECKPOINT, A.VIEW_ASSESSMENT),
}


@pytest.mark.parametrize("action", Action)
def test_a_missing_fact_refuses_even_somebody_with_every_role(action: Action):
    decision = decide(stranger(*Role), action, Subject(), on=NOW)
    assert decision.allowed is (action in WITHOUT_A_SUBJECT)


NEEDS_THE_AUTHOR = {*REVIEW, A.APPROVE_REQUEST, *DECIDE_CODE}


@pytest.mark.parametrize("action", sorted(NEEDS_THE_AUTHOR))
def test_no_review_without_knowing_the_author(action: Action):
    about = subject(request=ready(suitable(action)), people={})
    (reason,) = decide(stranger(Role.OUTPUT_CHECKER), action, about, on=NOW).reasons
    assert reason.rule == "known"


@pytest.mark.parametrize("action", sorted({*IN_STATES, A.VIEW_REQUEST, A.COMMENT}))
def test_a_request_of_another_project_is_refused(action: Action):
    about = subject(request=ready(suitable(action)), project=project(id="other"))
    by_itself = {A.RELEASE_REQUEST, A.REPRODUCE_OUTPUT}
    actor = SYSTEM if action in by_itself else stranger(*Role)
    if action in {A.REVOKE_RELEASE, A.REPRODUCE_OUTPUT}:
        assert decide(actor, action, about, on=NOW).allowed  # it asks nothing of the project
    else:
        rules_that_refuse = {r.rule for r in decide(actor, action, about, on=NOW).reasons}
        assert "known" in rules_that_refuse


@pytest.mark.parametrize(
    ("person", "action"),
    every(
        [staff("finn", Role.RESEARCHER), staff("tess", Role.TRAINER)],
        sorted({*AS_MEMBER}),
    ),
)
def test_practice_needs_no_accreditation_training_declaration_passport_or_place(person, action):
    request = a_request(
        project="practice", author=person.id, state=suitable(action, for_author=True)
    )
    brought = an_ingress(project="practice", author=person.id)
    about = Subject(project=practice(), request=request, ingress=brought)
    assert decide(person, action, about, on=NOW).allowed


def test_a_trainer_may_not_work_on_a_real_project():
    real = subject(project=project(members=(member("tess"),)))
    found = decide(staff("tess", Role.TRAINER), A.START_SESSION, real, on=NOW)
    assert {"role", "accreditation", "training", "declaration", "NHS passport"} == {
        reason.rule for reason in found.reasons
    }


@pytest.mark.parametrize("role", Role)
def test_the_extract_of_a_practice_project_may_be_made_by_its_trainer(role: Role):
    may = {Role.DATA_LINKER, Role.TRE_MANAGER, Role.TRAINER}
    decision = decide(staff("tess", role), A.MAKE_EXTRACT, Subject(project=practice()), on=NOW)
    assert decision.allowed is (role in may)


@pytest.mark.parametrize(
    ("person", "about", "allowed"),
    [
        (staff("ada", Role.RESEARCHER), "ada", True),
        (staff("ada", Role.RESEARCHER), "bola", False),
        (staff("ada", Role.RESEARCHER), None, False),
        (staff("mia", Role.TRE_MANAGER), "ada", True),
        (staff("omar", Role.AUDITOR), None, True),
    ],
)
@pytest.mark.parametrize("action", [A.VIEW_LEDGER, A.VIEW_PERSON])
def test_everybody_reads_their_own_entries(person, about, allowed, action):
    assert decide(person, action, Subject(person=about), on=NOW).allowed is allowed


@pytest.mark.parametrize(
    ("action", "state"), every([*sorted(DECIDE_CODE), A.WITHDRAW_CODE], FileState)
)
def test_what_is_brought_in_is_decided_about_once(action: Action, state: FileState):
    about = subject(ingress=an_ingress(files=(a_file(state=state),)))
    actor = researcher() if action is A.WITHDRAW_CODE else stranger(Role.OUTPUT_CHECKER)
    decision = decide(actor, action, about, on=NOW)
    assert decision.allowed is (state is FileState.WAITING)
    assert {reason.rule for reason in decision.reasons} <= {"ingress is waiting"}


@pytest.mark.parametrize(
    ("checker", "rule"),
    [
        (stranger(Role.OUTPUT_CHECKER), None),
        (researcher("ada", roles=frozenset({Role.OUTPUT_CHECKER})), "not who brings it"),
        (researcher("bola", roles=frozenset({Role.OUTPUT_CHECKER})), "not a member"),
        (
            staff("cora", Role.OUTPUT_CHECKER, supervisor="ada"),
            "no supervisor link to who brings it",
        ),
    ],
)
def test_whoever_has_a_part_in_it_does_not_let_code_in(checker: Person, rule: str | None):
    for action in sorted(DECIDE_CODE):
        reasons = [reason.rule for reason in decide(checker, action, subject(), on=NOW).reasons]
        assert (rule in reasons) if rule else reasons == []


def test_code_is_refused_but_not_accepted_while_who_brings_it_may_not_research():
    about = subject(people={"ada": researcher(training_until=date(2026, 1, 1))})
    checker = stranger(Role.OUTPUT_CHECKER)
    (reason,) = decide(checker, A.ACCEPT_CODE, about, on=NOW).reasons
    assert reason.rule == "who brings it may research"
    assert decide(checker, A.REFUSE_CODE, about, on=NOW).allowed


@pytest.mark.parametrize("action", sorted({*DECIDE_CODE, A.WITHDRAW_CODE, A.VIEW_INGRESS}))
def test_code_for_another_project_is_refused(action: Action):
    about = subject(ingress=an_ingress(project="other"))
    reasons = decide(stranger(*Role), action, about, on=NOW).reasons
    assert "known" in {reason.rule for reason in reasons}


def test_every_rule_is_listed_once_in_the_order_of_the_safes():
    listed = rules()
    assert len({rule.name for rule in listed}) == len(listed)
    order = list(Safe)
    places = [order.index(rule.safe) for rule in listed]
    assert places == sorted(places)


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.name)
def test_every_rule_says_what_must_hold_and_who_asks_for_it(rule):
    assert rule.sentence.endswith(".")
    assert rule.source
