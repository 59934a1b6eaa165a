"""The same table for the API: what is sent is made from its own OpenAPI description."""

from typing import Any

from tests.demo_people import SLAM, STUDY
from tests.desk.security.route_table import (
    APPLICANTS,
    AT_THE_DOOR,
    IN_ORDER,
    KNOWN,
    ON_THE_STUDY,
    PAT,
    RESEARCHERS,
    REVIEWERS,
    STAFF,
    Row,
    not_there,
    row,
)
from tre.vocabulary import Action

A = Action
R, F = "/requests/{number}", "/requests/{number}/files/{file}"
P, L, BROUGHT = "/projects/{project}", "/linkages/{linkage}", "/ingress/{number}"

CALLS: dict[tuple[str, str], Row] = {
    ("GET", "/me"): row(KNOWN),
    ("GET", "/projects"): row(KNOWN),
    ("GET", "/projects/visible"): row(KNOWN),
    ("GET", f"{P}/workspace"): row(A.CREATE_REQUEST, "study"),
    ("GET", "/catalogue"): row(KNOWN),
    ("GET", "/notices"): row(KNOWN),
    ("GET", "/requests"): row(KNOWN),
    ("POST", "/requests"): row(PAT, "study", project=STUDY),
    ("GET", R): row(A.VIEW_REQUEST, "submitted"),
    ("POST", f"{R}/files"): row(
        A.UPDATE_REQUEST, "draft", kind="code", name="a.py", content_base64="eCA9IDE="
    ),
    ("GET", F): row(A.VIEW_REQUEST, "submitted"),
    ("PUT", F): row(A.UPDATE_REQUEST, "submitted", content_base64="eCA9IDE="),
    ("PUT", f"{R}/groups/{{group}}"): row(A.UPDATE_REQUEST, "submitted"),
    ("PUT", f"{F}/kind"): row(A.UPDATE_REQUEST, "submitted"),
    ("POST", f"{F}/withdraw"): row(A.UPDATE_REQUEST, "submitted"),
    ("POST", f"{R}/submit"): row(A.SUBMIT_REQUEST, "submitted"),
    ("POST", f"{R}/withdraw"): row(A.WITHDRAW_REQUEST, "submitted"),
    ("POST", f"{R}/comments"): row(A.COMMENT, "submitted", group="outputs"),
    ("POST", f"{R}/comments/{{remark}}/publish"): row(A.COMMENT, "submitted"),
    ("GET", "/queue"): row(A.VIEW_QUEUE),
    ("GET", "/figures"): row(A.VIEW_FIGURES),
    ("GET", "/figures.csv"): row(A.VIEW_FIGURES),
    ("GET", f"{F}/changes"): row(A.VIEW_REQUEST, "submitted"),
    ("GET", f"{F}/released-before"): row(A.VIEW_REQUEST, "submitted"),
    ("GET", f"{F}/remedy"): row(A.VIEW_REQUEST, "submitted"),
    ("POST", f"{F}/vote"): row(A.VOTE, "submitted", choice="approved"),
    ("POST", f"{R}/review"): row(A.SUBMIT_REVIEW, "submitted"),
    ("POST", f"{R}/return"): row(A.RETURN_REQUEST, "submitted", reason="Too little."),
    ("POST", f"{R}/reject"): row(REVIEWERS, "reviewed"),
    ("POST", f"{R}/approve"): row(REVIEWERS, "reviewed"),
    ("POST", f"{R}/retry"): row(A.VIEW_REQUEST, "submitted"),
    ("POST", f"{R}/revoke"): row(A.REVOKE_RELEASE, "released"),
    ("GET", f"{R}/release"): row(A.DOWNLOAD_RELEASE, "released"),
    ("GET", "/ledger"): row(IN_ORDER),
    ("GET", "/ledger/export"): row(IN_ORDER),
    ("GET", "/ledger/verdict"): row(IN_ORDER),
    ("POST", "/ledger/checkpoint"): row(A.KEEP_CHECKPOINT),
    ("GET", "/assessment"): row(A.VIEW_ASSESSMENT),
    ("POST", "/assessment"): row(A.VIEW_ASSESSMENT),
    ("GET", "/transfers"): row(A.VIEW_LINKAGE),
    ("GET", "/linkages"): row(A.VIEW_LINKAGE),
    ("GET", L): row(A.VIEW_LINKAGE),
    ("GET", f"{L}/separation"): row(A.VIEW_LINKAGE),
    ("GET", f"{L}/audit"): row(A.VIEW_LINKAGE),
    ("GET", f"{L}/report"): row(A.VIEW_LINKAGE),
    ("GET", "/ingress"): row(KNOWN),
    ("GET", "/ingress/queue"): row(A.VIEW_QUEUE),
    ("POST", "/ingress"): row(
        A.BRING_CODE, "study", project=STUDY, files=[{"name": "a.py", "content_base64": "eCA9IDE="}]
    ),
    ("GET", BROUGHT): row(A.VIEW_INGRESS, "ingress"),
    ("GET", f"{BROUGHT}/files/{{file}}"): row(A.VIEW_INGRESS, "ingress"),
    ("POST", f"{BROUGHT}/accept"): row(A.ACCEPT_CODE, "ingress"),
    ("POST", f"{BROUGHT}/refuse"): row(A.REFUSE_CODE, "ingress"),
    ("POST", f"{BROUGHT}/withdraw"): row(A.WITHDRAW_CODE, "ingress"),
    ("GET", "/me/page"): row(KNOWN),
    ("GET", "/me/applications"): row(KNOWN),
    ("PUT", "/me/application"): row(APPLICANTS),
    ("POST", "/me/application/submit"): not_there(A.APPLY_FOR_ACCREDITATION),
    ("POST", "/me/application/withdraw"): not_there(A.APPLY_FOR_ACCREDITATION),
    ("POST", "/me/declaration"): row(A.SIGN_DECLARATION, version="2025-1", signed_as="{name}"),
    ("GET", "/me/supervisions"): row(KNOWN),
    ("POST", "/me/supervisions"): row(ON_THE_STUDY, supervisor="gwen", project=STUDY),
    ("POST", "/me/supervisions/{number}"): row(frozenset(), "", 404),
    ("POST", "/me/password"): row(KNOWN),
    ("POST", "/me/second-factor"): row(KNOWN),
    ("POST", "/me/second-factor/confirm"): row(AT_THE_DOOR),
    ("POST", "/me/recovery-codes"): row(KNOWN),
    ("GET", "/people"): row(STAFF),
    ("POST", "/people"): row(A.RECORD_PERSON, id="newt", roles=["researcher"]),
    ("GET", "/people/{about}"): row(A.VIEW_PERSON),
    ("PUT", "/people/{about}/details"): row(A.RECORD_PERSON),
    ("PUT", "/people/{about}/roles"): row(A.CHANGE_ROLES, roles=["trainer"]),
    ("POST", "/people/{about}/passports"): row(A.RECORD_DOCUMENT, until="2027-02-28"),
    ("POST", "/people/{about}/passports/withdraw"): row(
        A.RECORD_DOCUMENT, trust=SLAM, reference="LoA 1"
    ),
    ("POST", "/people/{about}/training"): row(A.RECORD_DOCUMENT),
    ("POST", "/people/{about}/recover"): row(A.RECOVER_ACCOUNT),
    ("GET", "/accreditations"): row(STAFF),
    ("GET", "/accreditations/{number}"): row(STAFF),
    ("POST", "/accreditations/{number}"): row(A.DECIDE_ACCREDITATION, event="grant"),
    ("GET", "/sanctions"): row(STAFF),
    ("POST", "/sanctions"): row(A.IMPOSE_SANCTION, person="bola", reason="A breach."),
    ("POST", "/sanctions/{number}/lift"): row(A.LIFT_SANCTION),
    ("POST", "/projects"): row(RESEARCHERS),
    ("GET", "/projects/tasks"): row(KNOWN),
    ("GET", P): row(A.VIEW_PROJECT, "study"),
    ("PUT", f"{P}/application"): row(A.APPLY_FOR_PROJECT, "draft project"),
    ("POST", f"{P}/submit"): row(A.SUBMIT_APPLICATION, "draft project"),
    ("POST", f"{P}/withdraw"): row(A.WITHDRAW_APPLICATION, "with the lay group"),
    ("POST", f"{P}/advice"): row(A.ADVISE_ON_PROJECT, "with the lay group"),
    ("POST", f"{P}/answer"): row(A.ANSWER_ADVICE, "advised", text="We did."),
    ("POST", f"{P}/data/{{dataset}}"): row(A.DECIDE_AS_OWNER, "with owners", choice="refuse"),
    ("POST", f"{P}/votes"): row(
        A.VOTE_ON_PROJECT, "with the panel", choice="refuse", no_interest=True
    ),
    ("POST", f"{P}/changes"): row(A.PROPOSE_CHANGE, "study", kind="add a member", member="rae"),
    ("POST", f"{P}/changes/{{number}}/owner"): row(A.DECIDE_AS_OWNER, "more data", choice="refuse"),
    ("POST", f"{P}/changes/{{number}}/chair"): row(A.DECIDE_CHANGE, "study", choice="refuse"),
    ("POST", f"{P}/changes/{{number}}/withdraw"): row(A.WITHDRAW_CHANGE, "study"),
    ("POST", f"{P}/suspend"): row(A.SUSPEND_PROJECT, "study"),
    ("POST", f"{P}/resume"): row(A.RESUME_PROJECT, "suspended"),
    ("POST", f"{P}/end"): row(A.END_PROJECT, "study"),
}
"""By method and path under /api/v1."""

BY_NAME = {"since": "2026-03-01", "until": "2027-12-31", "starts": "2026-03-02"} | {
    "ends": "2028-03-01",
    "passed": "2026-02-02",
}
"""Days that make sense; every other field gets the first value that its description allows."""


def body_of(described: dict[str, Any], method: str, path: str, sent: dict[str, Any]) -> Any:
    """A body that the description of a call accepts, with the fields given; None for none."""
    call = described["paths"][path][method.lower()]
    schema = (
        call.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    )
    if schema is None:
        return None
    return {**_example(schema, described), **sent}


def _example(schema: dict[str, Any], described: dict[str, Any], name: str = "") -> Any:
    schema = _plain(schema, described)
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("type") == "object":
        return {
            key: _example(part, described, key)
            for key, part in schema.get("properties", {}).items()
            if key in schema.get("required", ())
        }
    values = {"integer": 1, "boolean": False, "array": [], "string": BY_NAME.get(name, "Said.")}
    return values[schema["type"]]


def _plain(schema: dict[str, Any], described: dict[str, Any]) -> dict[str, Any]:
    if "anyOf" in schema:
        return _plain(schema["anyOf"][0], described)
    if "$ref" in schema:
        return described["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
    return schema
