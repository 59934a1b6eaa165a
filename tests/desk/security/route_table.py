"""Who gets what at every route: one table, its rights taken from the truth tables of five_safes."""

from dataclasses import dataclass, field
from typing import Any

from tests.demo_people import SLAM, STUDY
from tests.desk.security.everybody import APART, REFUSED, VISITORS, WITH_A_PART
from tests.five_safes import test_actions as truth
from tre.safe_projects.panel import CRITERIA
from tre.vocabulary import Action, Role

A = Action

KNOWN = frozenset({*APART.values(), *WITH_A_PART, *REFUSED})
SHUT_OUT = frozenset({"sid", "tom", "lou"})
"""Nothing is open to them but their own page: sanctioned, temporary password, no second factor."""

IN_ORDER = KNOWN - SHUT_OUT
RESEARCHERS = frozenset({"rae", "ada", "gwen", "pat", "bola"})
NAMED = frozenset({"ada", "gwen", "pat", "bola", "kim", *SHUT_OUT})
CHECKERS = frozenset({"cora", "kim", "cleo"})

APART_ALONE = {*truth.REVIEW, A.APPROVE_REQUEST, *truth.DECIDE_CODE}
"""What an output checker does only where they stand apart from author and project."""

ON_THEIR_WAY = {
    A.APPLY_FOR_PROJECT: {"ada"},
    A.SUBMIT_APPLICATION: {"ada"},
    A.WITHDRAW_APPLICATION: {"ada"},
    A.ANSWER_ADVICE: {"ada"},
    A.ADVISE_ON_PROJECT: {"sol"},
    A.DECIDE_AS_OWNER: {"uma"},
    A.VOTE_ON_PROJECT: {"priya"},
    A.RESUME_PROJECT: {"mia"},
}
"""What is done to a project that is not accredited yet, in the state of its thing."""


def may(action: Action) -> frozenset[str]:
    """Who may do something, by the tables that the rules themselves are tested with."""
    if action in ON_THEIR_WAY:
        return frozenset(ON_THEIR_WAY[action])
    allowed = {who for role, who in APART.items() if action in truth.BY_ROLE[role]}
    if action in truth.AS_MEMBER:
        allowed |= {"ada", "gwen", "pat"}
    if action in truth.AS_LEAD:
        allowed |= {"ada"}
    if action in truth.FOR_ONESELF:
        allowed |= RESEARCHERS
    if action in truth.BY_ROLE[Role.OUTPUT_CHECKER] - APART_ALONE:
        allowed |= {"cleo", "kim"}
    if action in {A.VIEW_REQUEST, A.VIEW_INGRESS}:
        allowed -= {"kim"}  # whoever is named on the study sees it as a researcher or not at all
    if action in {A.VIEW_PROJECT, A.DOWNLOAD_RELEASE}:
        allowed |= {"bola"} | ({"uma"} if action is A.VIEW_PROJECT else {"kim"})
    return frozenset(allowed)


WATCHERS = frozenset({*CHECKERS, "lena", "priya", "sol", "mia", "omar"})
CONCERNED = frozenset({*NAMED, *CHECKERS, "mia", "omar"})
HANDED_IN = frozenset({"ada", "uma", *WATCHERS})
KNOWS: dict[str, frozenset[str]] = {
    "": KNOWN,
    "draft": CONCERNED,
    "submitted": CONCERNED,
    "released": CONCERNED,
    "ingress": CONCERNED,
    "study": NAMED | WATCHERS | {"uma"},
    "reviewed": CONCERNED,
    "more data": NAMED | WATCHERS | {"uma"},
    "suspended": NAMED | WATCHERS | {"uma"},
    "draft project": frozenset({"ada"}),
    "with the lay group": HANDED_IN,
    "advised": HANDED_IN,
    "with owners": HANDED_IN,
    "with the panel": HANDED_IN,
}
"""Who may know that a thing exists: they are refused with reasons, others told that it is not."""


@dataclass(frozen=True, slots=True)
class Row:
    """What is asked of whom at one route.

    who: who is let through. thing: what the address names. sent: the fields of the form, filled
    so that nothing but the rules stands in the way; {name} is the visitor's. refused: the status
    for those who know of the thing. let_in: what others get; that it was done, that somebody was
    faster, or that it cannot be done as it stands.
    """

    who: frozenset[str]
    thing: str = ""
    sent: dict[str, Any] = field(default_factory=dict)
    refused: int = 403
    let_in: frozenset[int] = frozenset({200, 201, 303, 409, 422})


def row(who: Action | frozenset[str], thing: str = "", refused: int = 403, /, **sent: Any) -> Row:
    """A row whose people are those of an action, or the ones named."""
    allowed = may(who) if isinstance(who, Action) else who
    return Row(allowed, thing, sent, refused)


def not_there(who: Action) -> Row:
    """A row about one's own thing, which nobody has: told to those who might have one."""
    return Row(may(who), let_in=frozenset({404}))


OPEN = frozenset(VISITORS)
PAT = frozenset({"pat"})
"""Of the study's members the one who has no request that is open."""

REVIEWERS = frozenset({"cora", "cleo"})
"""Of a request whose author has nothing to do with cleo's supervisor."""

AT_THE_DOOR = KNOWN - {"sid", "lou"}
APPLICANTS = frozenset({"pat", "bola"})
"""Researchers whose accreditation is not too fresh for another application."""

ON_THE_STUDY = frozenset({"ada", "pat", "bola"})
STAFF = may(A.VIEW_PERSON)
MANAGERS = frozenset({"mia"})
WORDS = {
    f"{part}_{key}": "Said."
    for part, keys in (
        ("context", ("what", "population", "variables")),
        ("controls", ("counts", "underlying", "other")),
    )
    for key in keys
}
DRAFT = {
    "title": "A study",
    "starts": "2026-03-02",
    "ends": "2028-03-01",
    "summary": "Why.",
    "why:cris:patients.sex": "They differ.",
}
ANSWER = {"choice": "refuse", "reasons": "It does not fit."}
FILE = {"upload": ("a.py", b"x = 1", "text/x-python")}
"""A file that is uploaded: name, bytes, type."""

PAPER = {"kind": "letter of access", "trust": "A trust", "since": "2026-03-01"}

PAGES: dict[tuple[str, str], Row] = {
    ("GET", "/health"): row(OPEN),
    ("GET", "/register"): row(OPEN),
    ("GET", "/register.json"): row(OPEN),
    ("GET", "/"): row(KNOWN),
    ("GET", "/projects"): row(KNOWN),
    ("GET", "/requests"): row(KNOWN),
    ("GET", "/queue"): row(A.VIEW_QUEUE),
    ("GET", "/figures"): row(A.VIEW_FIGURES),
    ("GET", "/figures/figures.csv"): row(A.VIEW_FIGURES),
    ("GET", "/requests/new"): row(KNOWN),
    ("POST", "/requests/new"): row(
        PAT, "study", project=STUDY, title="A title", path="table.csv", **WORDS
    ),
    ("GET", "/requests/{number}"): row(A.VIEW_REQUEST, "submitted"),
    ("POST", "/requests/{number}/files"): row(A.UPDATE_REQUEST, "draft", path="no.csv"),
    ("POST", "/requests/{number}/groups"): row(
        A.UPDATE_REQUEST, "submitted", group="outputs", **WORDS
    ),
    ("POST", "/requests/{number}/files/{file}/kind"): row(
        A.UPDATE_REQUEST, "submitted", kind="supporting"
    ),
    ("POST", "/requests/{number}/files/{file}/withdraw"): row(A.UPDATE_REQUEST, "submitted"),
    ("POST", "/requests/{number}/submit"): row(A.SUBMIT_REQUEST, "submitted"),
    ("POST", "/requests/{number}/withdraw"): row(A.WITHDRAW_REQUEST, "submitted"),
    ("POST", "/requests/{number}/comments"): row(
        A.COMMENT, "submitted", group="outputs", text="Why?", audience="public"
    ),
    ("POST", "/requests/{number}/files/{file}/vote"): row(
        A.VOTE, "submitted", choice="approved", turn="1"
    ),
    ("POST", "/requests/{number}/comments/{comment}/publish"): row(A.COMMENT, "submitted"),
    ("POST", "/requests/{number}/review"): row(A.SUBMIT_REVIEW, "submitted"),
    ("POST", "/requests/{number}/return"): row(
        A.RETURN_REQUEST, "submitted", reason="Too little.", because="other"
    ),
    ("POST", "/requests/{number}/reject"): row(REVIEWERS, "reviewed", reason="No."),
    ("POST", "/requests/{number}/approve"): row(REVIEWERS, "reviewed"),
    ("POST", "/requests/{number}/retry"): row(A.VIEW_REQUEST, "submitted"),
    ("POST", "/requests/{number}/revoke"): row(A.REVOKE_RELEASE, "released", reason="Wrong."),
    ("GET", "/requests/{number}/files/{file}"): row(A.VIEW_REQUEST, "submitted"),
    ("GET", "/requests/{number}/files/{file}/remedy"): row(A.VIEW_REQUEST, "submitted"),
    ("GET", "/releases"): row(KNOWN),
    ("GET", "/releases/{number}/download"): row(A.DOWNLOAD_RELEASE, "released"),
    ("GET", "/ingress"): row(KNOWN),
    ("GET", "/ingress/new"): row(KNOWN),
    ("POST", "/ingress/new"): row(
        A.BRING_CODE, "study", project=STUDY, purpose="x", source="x", **FILE
    ),
    ("GET", "/ingress/{number}"): row(A.VIEW_INGRESS, "ingress"),
    ("POST", "/ingress/{number}/accept"): row(A.ACCEPT_CODE, "ingress", file="1"),
    ("POST", "/ingress/{number}/refuse"): row(A.REFUSE_CODE, "ingress", file="1", reason="No."),
    ("POST", "/ingress/{number}/withdraw"): row(A.WITHDRAW_CODE, "ingress"),
    ("GET", "/ingress/{number}/files/{file}"): row(A.VIEW_INGRESS, "ingress"),
    ("GET", "/ledger"): row(IN_ORDER),
    ("POST", "/ledger/verify"): row(IN_ORDER),
    ("POST", "/ledger/checkpoint"): row(A.KEEP_CHECKPOINT),
    ("GET", "/ledger/export.{kind}"): row(IN_ORDER),
    ("GET", "/satre"): row(A.VIEW_ASSESSMENT),
    ("POST", "/satre/run"): row(A.VIEW_ASSESSMENT),
    ("GET", "/satre/export.csv"): row(A.VIEW_ASSESSMENT),
    ("GET", "/linkages"): row(A.VIEW_LINKAGE),
    ("GET", "/linkages/{linkage}"): row(A.VIEW_LINKAGE),
    ("POST", "/linkages/{linkage}/separation"): row(A.VIEW_LINKAGE),
    ("GET", "/linkages/{linkage}/report"): row(A.VIEW_LINKAGE),
    ("GET", "/linkages/{linkage}/journey.svg"): row(A.VIEW_LINKAGE),
    ("GET", "/linkages/{linkage}/journey"): row(A.VIEW_LINKAGE),
    ("GET", "/linkages/{linkage}/audit"): row(A.VIEW_LINKAGE),
    ("GET", "/transfers"): row(A.VIEW_LINKAGE),
    ("GET", "/projects/new"): row(RESEARCHERS | SHUT_OUT, "", 404),
    ("POST", "/projects/new"): row(RESEARCHERS, **DRAFT),
    ("GET", "/projects/{project}/edit"): row(A.VIEW_PROJECT, "study"),
    ("POST", "/projects/{project}/edit"): row(A.APPLY_FOR_PROJECT, "draft project", **DRAFT),
    ("POST", "/projects/{project}/submit"): row(A.SUBMIT_APPLICATION, "draft project"),
    ("POST", "/projects/{project}/answer"): row(A.ANSWER_ADVICE, "advised", text="We did."),
    ("POST", "/projects/{project}/withdraw"): row(A.WITHDRAW_APPLICATION, "with the lay group"),
    ("GET", "/projects/{project}"): row(A.VIEW_PROJECT, "study"),
    ("POST", "/projects/{project}/advice"): row(
        A.ADVISE_ON_PROJECT, "with the lay group", opinion="supports it", text="Good."
    ),
    ("POST", "/projects/{project}/data"): row(
        A.DECIDE_AS_OWNER, "with owners", dataset="cris", **ANSWER
    ),
    ("POST", "/projects/{project}/vote"): row(
        A.VOTE_ON_PROJECT, "with the panel", criterion=list(CRITERIA), no_interest="yes", **ANSWER
    ),
    ("POST", "/projects/{project}/changes"): row(
        A.PROPOSE_CHANGE, "study", kind="add a member", member="rae", reason="She knows how."
    ),
    ("GET", "/projects/{project}/changes/data"): row(A.VIEW_PROJECT, "study"),
    ("POST", "/projects/{project}/changes/{number}/owner"): row(
        A.DECIDE_AS_OWNER, "more data", **ANSWER
    ),
    ("POST", "/projects/{project}/changes/{number}/chair"): row(A.DECIDE_CHANGE, "study", **ANSWER),
    ("POST", "/projects/{project}/changes/{number}/withdraw"): row(A.WITHDRAW_CHANGE, "study"),
    ("POST", "/projects/{project}/suspend"): row(A.SUSPEND_PROJECT, "study", reason="Look."),
    ("POST", "/projects/{project}/resume"): row(A.RESUME_PROJECT, "suspended", reason="Seen."),
    ("POST", "/projects/{project}/end"): row(A.END_PROJECT, "study", reason="Over."),
    ("GET", "/me"): row(KNOWN),
    ("GET", "/me/accreditation"): row(KNOWN),
    ("POST", "/me/accreditation"): row(APPLICANTS, "", 422),
    ("POST", "/me/accreditation/withdraw"): not_there(A.APPLY_FOR_ACCREDITATION),
    ("GET", "/me/declaration"): row(KNOWN),
    ("POST", "/me/declaration"): row(
        A.SIGN_DECLARATION, "", 422, declaration_version="2025-1", declared_as="{name}"
    ),
    ("GET", "/me/supervisor"): row(KNOWN),
    ("POST", "/me/supervisor"): row(ON_THE_STUDY, "", 422, supervisor="gwen", project=STUDY),
    ("POST", "/me/supervisor/{number}/answer"): row(frozenset(), "", 404, answer="confirm"),
    ("GET", "/me/password"): row(KNOWN),
    ("POST", "/me/password"): row(KNOWN, "", password="wrong", new="none such", again="none such"),
    ("GET", "/me/second-factor"): row(KNOWN),
    ("POST", "/me/second-factor"): row(KNOWN, password="wrong"),
    ("POST", "/me/second-factor/confirm"): row(AT_THE_DOOR, code="000000"),
    ("POST", "/me/recovery-codes"): row(KNOWN, password="wrong"),
    ("GET", "/people"): row(STAFF),
    ("GET", "/accounts/new"): row(MANAGERS, "", 404),
    ("POST", "/accounts/new"): row(
        A.RECORD_PERSON, id="newt", name="Newt", organisation="KCL", role="researcher"
    ),
    ("GET", "/people/{about}"): row(A.VIEW_PERSON),
    ("POST", "/people/{about}/details"): row(A.RECORD_PERSON, name="Finn", organisation="KCL"),
    ("POST", "/people/{about}/roles"): row(A.CHANGE_ROLES, role="trainer"),
    ("POST", "/people/{about}/documents"): row(
        A.RECORD_DOCUMENT, reference="LoA 1", until="2027-02-28", **PAPER
    ),
    ("POST", "/people/{about}/documents/withdraw"): row(
        A.RECORD_DOCUMENT, trust=SLAM, reference="LoA 1"
    ),
    ("POST", "/people/{about}/training"): row(A.RECORD_DOCUMENT, passed="2026-02-02"),
    ("POST", "/people/{about}/recover"): row(A.RECOVER_ACCOUNT, seen="yes"),
    ("GET", "/accreditations/{number}"): row(STAFF),
    ("POST", "/accreditations/{number}"): row(A.DECIDE_ACCREDITATION, event="grant"),
    ("GET", "/sanctions"): row(STAFF),
    ("GET", "/sanctions/new"): row(STAFF),
    ("POST", "/sanctions/new"): row(
        A.IMPOSE_SANCTION, person="bola", reason="A breach.", then="impose"
    ),
    ("POST", "/sanctions/{number}/lift"): row(A.LIFT_SANCTION, reason="It was a mistake."),
    ("POST", "/sign-out"): row(KNOWN),
    ("GET", "/api/docs"): row(KNOWN),
    ("GET", "/api/openapi.json"): row(KNOWN),
}
"""The pages. /oauth_callback and /static are in APART_FROM_IT, with the reason."""

NO_PICTURE = {
    ("GET", "/requests/{number}/files/{file}/image"): "the file is a table: not there for anybody",
    ("GET", "/requests/{number}/files/{file}/notebook"): "the same",
}
