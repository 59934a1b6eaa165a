"""What goes with a release for anybody to read: policy, checks, treatments, decisions, tools."""

import json
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from output_checks import Policy, PolicyError
from output_checks.policy import NEVER, SETTINGS
from tre.five_safes import Subject
from tre.safe_outputs.release_request import ReleaseRequest, RequestFile, VoteChoice
from tre.safe_outputs.votes import outputs, votes_in_force
from tre.steps.acting import Act, known_person, known_project, known_request
from tre.store.requests import checks_of
from tre.vocabulary import Role

TOOLS = ("tre-simulator", "polars", "highspy", "pyscipopt", "diffprivlib", "cryptography")
"""The packages whose versions matter for how a result came about."""


def disclosure_record(act: Act, subject: Subject) -> dict[str, Any]:
    """Write the record of a request about to be released, as plain values.

    Staff appear by role alone; the author, who answers for the results, by name.
    Source: SATRE 3.3.09.
    """
    request = subject.request or known_request(act.connection, act.request or 0)
    project = subject.project or known_project(act.connection, request.project)
    author = known_person(act.connection, request.author)
    checks = checks_of(act.connection, [request.id])
    return {
        "request": request.id,
        "title": request.title,
        "project": project.id,
        "project_title": project.title,
        "synthetic": project.practice,
        "author_name": author.name,
        "author_organisation": author.organisation,
        "turns": request.turn,
        "submitted_at": request.submitted_at and request.submitted_at.isoformat(),
        "released_at": act.at.isoformat(),
        "policies": _policies(list(checks.values())),
        "outputs": [_output(file, checks.get(file.id)) for file in outputs(request)],
        "groups": [
            {"name": group.name, "context": group.context, "controls": group.controls}
            for group in request.groups
        ],
        "decisions": _decisions(request),
        "history": _history(request),
        "tools": _tools(),
    }


def _output(file: RequestFile, check: dict[str, Any] | None) -> dict[str, Any]:
    found = check or {}
    return {
        "name": file.name,
        "sha256": file.sha256,
        "verdict": found.get("verdict"),
        "provenance": found.get("provenance"),
        "findings": [
            {key: finding.get(key) for key in ("rule", "severity")}
            for finding in found.get("findings", ())
        ],
        "treatment": (json.loads(file.declaration) if file.declaration else {}).get("protection"),
        "declaration": json.loads(file.declaration) if file.declaration else None,
    }


def _policies(checks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Name the policies with their settings, where they still are what the checks used."""
    known = {(check["policy_name"], check["policy_hash"]) for check in checks}
    return [
        {"name": name, "sha256": hash_, "settings": _settings(name, hash_)}
        for name, hash_ in sorted(known)
    ]


def _settings(name: str, hash_: str) -> dict[str, Any] | None:
    try:
        policy = Policy.named(name)
    except PolicyError:
        return None
    if policy.hash != hash_:
        return None
    values = {setting: getattr(policy, setting) for setting in SETTINGS}
    return {setting: "never" if value == NEVER else value for setting, value in values.items()}


def _decisions(request: ReleaseRequest) -> list[dict[str, Any]]:
    """Say by role who approved what: the votes in force on the very bytes that leave, only."""
    found = []
    for file in outputs(request):
        given = [vote for vote in votes_in_force(request) if vote.file_id == file.id]
        latest = {vote.reviewer: vote for vote in sorted(given, key=lambda vote: vote.turn)}
        found += [
            {
                "by": str(Role.OUTPUT_CHECKER),
                "approved": file.name,
                "sha256": file.sha256,
                "turn": vote.turn,
            }
            for vote in latest.values()
            if vote.choice is VoteChoice.APPROVED
        ]
    return found


def _history(request: ReleaseRequest) -> list[dict[str, Any]]:
    """Say when each review of any turn was given; what it said of earlier bytes is not repeated."""
    return [
        {
            "by": str(Role.OUTPUT_CHECKER),
            "reviewed_at": review.submitted_at.isoformat(),
            "turn": review.turn,
        }
        for review in request.reviews
    ]


def _tools() -> dict[str, str]:
    found = {}
    for name in TOOLS:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found
