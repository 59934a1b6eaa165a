"""The API, asked by schemathesis whatever its own description allows, and what it does not."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import SearchStrategy
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from tests.demo_people import STUDY
from tests.desk.browser import ADDRESS
from tests.desk.security.everybody import Things
from tests.desk.security.visiting import Desk

EXAMPLES = 25 if os.environ.get("TRE_LONG_TESTS") else 2
"""How many calls of each operation are made, of each kind, by each person."""

ROLES = {"ada": "researcher", "cora": "output checker", "mia": "TRE manager"}
WHO_ASKS = frozenset({"authorization", "cookie", "x-csrf-token"})
"""Headers that the test sets itself, in the place of what is made up."""

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


def failures(desk: Desk, visitor: str, mode: GenerationMode) -> Iterator[str]:
    """Ask every operation as one person; every check that failed, with the call that failed it."""
    described = schemathesis.openapi.from_dict(desk.app.openapi())
    checks = [*CHECKS, negative_data_rejection] if mode is GenerationMode.NEGATIVE else CHECKS
    every: Any = described.get_all_operations()
    for found in every:
        operation = found.ok()
        is_sense = mode is GenerationMode.POSITIVE
        there = what_is_there(desk, operation.path) if is_sense else None
        calls = operation.as_strategy(generation_mode=mode, path_parameters=there)
        yield from asked(desk, visitor, calls, checks)[:2]


def what_is_there(desk: Desk, path: str) -> dict[str, Any] | None:
    """Names and numbers for an address that lead somewhere; what else is sent is made up."""
    things = desk.things
    number = next((n for part, n in numbers(things).items() if part in path), 1)
    known = {
        "number": number,
        "file": things.file,
        "remark": things.comment,
        "group": "outputs",
        "project": STUDY,
        "dataset": "cris",
        "about": "finn",
        "linkage": "npd",
    }
    if "/ingress/" in path:
        known["file"] = things.ingress_file
    wanted = {name: value for name, value in known.items() if f"{{{name}}}" in path}
    return wanted or None


def numbers(things: Things) -> dict[str, int]:
    """Which number is meant, by a part of the path."""
    return {
        "/changes/": things.change,
        "/ingress/": things.ingress,
        "/requests/": things.submitted,
    }


def asked(desk: Desk, visitor: str, calls: SearchStrategy[Case], checks: list[Any]) -> list[str]:
    """Make a few of the calls, the same ones every time."""
    told: list[str] = []

    @seed(1)
    @settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=calls)
    def ask(case: Case) -> None:
        told.extend(problems(desk, visitor, case, checks))

    ask()
    return told


def problems(desk: Desk, visitor: str, case: Case, checks: list[Any]) -> Iterator[str]:
    """Make one call, and say what its answer got wrong."""
    sent = case.as_transport_kwargs(base_url=ADDRESS)
    method, url = sent.pop("method"), sent.pop("url")
    made_up = {k: v for k, v in sent.pop("headers").items() if k.lower() not in WHO_ASKS}
    headers = {**made_up, "authorization": f"Bearer token-of-{visitor}"}
    more = {name: sent[name] for name in ("params", "json", "data") if sent.get(name) is not None}
    if isinstance(more.get("data"), bytes | str):
        more["content"] = more.pop("data")
    answer = desk.ask(method, url, headers=headers, **more)
    if answer.is_success and method != "GET":
        desk.go_back()
    try:
        case.validate_response(answer, checks=checks)
    except (Failure, FailureGroup) as error:
        why = getattr(error, "exceptions", [error])
        yield f"{method} {url}: {answer.status_code}: {why[0]!r} {more} {answer.text[:300]}"


@pytest.mark.parametrize("visitor", ROLES)
def test_what_the_description_allows_breaks_nothing_and_is_answered_as_described(
    desk: Desk, visitor: str
):
    told = list(failures(desk, visitor, GenerationMode.POSITIVE))
    assert not told, "\n".join(told)


@pytest.mark.parametrize("visitor", ROLES)
def test_what_the_description_forbids_is_refused_as_described(desk: Desk, visitor: str):
    told = list(failures(desk, visitor, GenerationMode.NEGATIVE))
    assert not told, "\n".join(told)
