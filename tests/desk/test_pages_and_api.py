"""What a form can do, a program can do too, by the same step; and the other way round."""

import ast
import inspect
import json
import re
import textwrap
from collections.abc import Callable, Iterator
from functools import cache
from types import ModuleType
from typing import Any

import pytest

from tests.desk.security.visiting import Desk, api_routes, methods_of
from tre.desk import people_verbs, project_verbs, verbs
from tre.desk.api_docs import example
from tre.desk.gate import SAFE_METHODS

API = "/api/v1"
F = "/requests/{number}/files/{file}"
P = "/projects/{project}"

TWINS: dict[str, tuple[str, str]] = {
    "/requests/new": ("POST /requests", "create_request"),
    "/requests/{number}/files": ("POST /requests/{number}/files", "add_workspace_file"),
    "/requests/{number}/groups": ("PUT /requests/{number}/groups/{group}", "describe_group"),
    f"{F}/kind": (f"PUT {F}/kind", "set_file_kind"),
    f"{F}/withdraw": (f"POST {F}/withdraw", "withdraw_file"),
    "/requests/{number}/submit": ("POST /requests/{number}/submit", "submit_request"),
    "/requests/{number}/withdraw": ("POST /requests/{number}/withdraw", "withdraw_request"),
    "/requests/{number}/comments": ("POST /requests/{number}/comments", "comment"),
    "/requests/{number}/comments/{comment}/publish": (
        "POST /requests/{number}/comments/{remark}/publish",
        "publish_comment",
    ),
    f"{F}/vote": (f"POST {F}/vote", "vote"),
    "/requests/{number}/review": ("POST /requests/{number}/review", "submit_review"),
    "/requests/{number}/return": ("POST /requests/{number}/return", "return_request"),
    "/requests/{number}/reject": ("POST /requests/{number}/reject", "reject_request"),
    "/requests/{number}/approve": ("POST /requests/{number}/approve", "approve_request"),
    "/requests/{number}/retry": ("POST /requests/{number}/retry", "retry_release"),
    "/requests/{number}/revoke": ("POST /requests/{number}/revoke", "revoke_release"),
    "/ingress/new": ("POST /ingress", "bring_code"),
    "/ingress/{number}/accept": ("POST /ingress/{number}/accept", "accept_code"),
    "/ingress/{number}/refuse": ("POST /ingress/{number}/refuse", "refuse_code"),
    "/ingress/{number}/withdraw": ("POST /ingress/{number}/withdraw", "withdraw_code"),
    "/ledger/verify": ("GET /ledger/verdict", "verify_ledger"),
    "/ledger/checkpoint": ("POST /ledger/checkpoint", "checkpoint_ledger"),
    "/satre/run": ("POST /assessment", "assess"),
    "/linkages/{linkage}/separation": ("GET /linkages/{linkage}/separation", "prove_separation"),
    "/projects/new": ("POST /projects", "apply_for_project"),
    f"{P}/edit": (f"PUT {P}/application", "change_application"),
    f"{P}/submit": (f"POST {P}/submit", "submit_application"),
    f"{P}/answer": (f"POST {P}/answer", "answer_advice"),
    f"{P}/withdraw": (f"POST {P}/withdraw", "withdraw_application"),
    f"{P}/advice": (f"POST {P}/advice", "advise_on_project"),
    f"{P}/data": (f"POST {P}/data/{{dataset}}", "decide_as_owner"),
    f"{P}/vote": (f"POST {P}/votes", "vote_on_project"),
    f"{P}/changes": (f"POST {P}/changes", "propose_change"),
    f"{P}/changes/{{number}}/owner": (
        f"POST {P}/changes/{{number}}/owner",
        "decide_change_as_owner",
    ),
    f"{P}/changes/{{number}}/chair": (f"POST {P}/changes/{{number}}/chair", "decide_change"),
    f"{P}/changes/{{number}}/withdraw": (
        f"POST {P}/changes/{{number}}/withdraw",
        "withdraw_change",
    ),
    f"{P}/suspend": (f"POST {P}/suspend", "suspend_project"),
    f"{P}/resume": (f"POST {P}/resume", "resume_project"),
    f"{P}/end": (f"POST {P}/end", "end_project"),
    "/me/accreditation": ("PUT /me/application", "write_application"),
    "/me/accreditation/withdraw": ("POST /me/application/withdraw", "withdraw_application"),
    "/me/declaration": ("POST /me/declaration", "sign_declaration"),
    "/me/supervisor": ("POST /me/supervisions", "ask_to_supervise"),
    "/me/supervisor/{number}/answer": (
        "POST /me/supervisions/{number}",
        "answer_supervisor_question",
    ),
    "/me/password": ("POST /me/password", "change_password"),
    "/me/second-factor": ("POST /me/second-factor", "begin_second_factor"),
    "/me/second-factor/confirm": ("POST /me/second-factor/confirm", "confirm_second_factor"),
    "/me/recovery-codes": ("POST /me/recovery-codes", "new_recovery_codes"),
    "/accounts/new": ("POST /people", "open_account"),
    "/people/{about}/details": ("PUT /people/{about}/details", "change_details"),
    "/people/{about}/roles": ("PUT /people/{about}/roles", "change_roles"),
    "/people/{about}/documents": ("POST /people/{about}/passports", "record_passport"),
    "/people/{about}/documents/withdraw": (
        "POST /people/{about}/passports/withdraw",
        "take_passport_away",
    ),
    "/people/{about}/training": ("POST /people/{about}/training", "record_training"),
    "/people/{about}/recover": ("POST /people/{about}/recover", "recover_account"),
    "/accreditations/{number}": ("POST /accreditations/{number}", "decide_application"),
    "/sanctions/new": ("POST /sanctions", "impose_sanction"),
    "/sanctions/{number}/lift": ("POST /sanctions/{number}/lift", "lift_sanction"),
}
"""For each form of a page the call that does the same, and the step that both take."""

NO_TWIN = {"/sign-out": "ends the browser's session; a program has none, and drops its token"}

ALSO_BY_CALL = {
    f"PUT {F}": "a form puts a file in an older one's place by its name: replace_file",
    "POST /me/application/submit": "the form of the application has two buttons",
}
"""Calls that have no form of their own, and the form that does the same."""

VERBS = (verbs, people_verbs, project_verbs)


def page_forms(desk: Desk) -> dict[str, Callable]:
    return {
        route.path: route.endpoint
        for route in api_routes(desk.app)
        if not route.path.startswith(API) and methods_of(route) - SAFE_METHODS
    }


def calls(desk: Desk) -> dict[str, Callable]:
    return {
        f"{method} {route.path.removeprefix(API)}": route.endpoint
        for route in api_routes(desk.app)
        if route.path.startswith(API)
        for method in methods_of(route)
    }


@cache
def steps_of(endpoint: Callable) -> set[Callable]:
    """The steps that a function takes, itself or by the functions of its module that it calls."""
    found: set[Callable] = set()
    for function in _with_helpers(endpoint, set()):
        module = inspect.getmodule(function)
        for node in nodes_of(function):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                owner = getattr(module, node.value.id, None)
                if isinstance(owner, ModuleType) and owner in VERBS:
                    found.add(getattr(owner, node.attr))
    return {step for step in found if inspect.isfunction(step)}


@cache
def nodes_of(thing: Callable) -> tuple[ast.AST, ...]:
    """Every node of a function's or class's source; read once, since reading is slow."""
    return tuple(ast.walk(ast.parse(textwrap.dedent(inspect.getsource(thing)))))


def _with_helpers(thing: Callable, seen: set[Callable]) -> Iterator[Callable]:
    if thing in seen:
        return
    seen.add(thing)
    yield thing
    module = inspect.getmodule(thing)
    for node in nodes_of(thing):
        helper = getattr(module, node.id, None) if isinstance(node, ast.Name) else None
        is_ours = getattr(helper, "__module__", "").startswith("tre.desk.")
        if is_ours and (inspect.isfunction(helper) or inspect.isclass(helper)):
            yield from _with_helpers(helper, seen)


def test_every_form_of_a_page_has_a_call_or_a_reason(desk: Desk):
    assert set(page_forms(desk)) == {*TWINS, *NO_TWIN}


@pytest.mark.parametrize("form", sorted(TWINS))
def test_a_form_and_its_call_take_the_same_step(desk: Desk, form: str):
    call, name = TWINS[form]
    step: Any = next(
        s for v in VERBS for s in [getattr(v, name, None)] if s in steps_of(calls(desk)[call])
    )
    assert step.__name__ == name
    assert step in steps_of(page_forms(desk)[form])


def test_every_call_that_changes_something_has_a_form(desk: Desk):
    changing = {name for name in calls(desk) if not name.startswith("GET ")}
    told = {call for call, _ in TWINS.values() if not call.startswith("GET ")}
    assert changing == told | set(ALSO_BY_CALL)


def test_every_step_that_a_page_takes_is_taken_by_a_call(desk: Desk):
    """Reading too: what is shown on a page can be had as JSON."""
    by_call = set().union(*(steps_of(endpoint) for endpoint in calls(desk).values()))
    by_page = set()
    for route in api_routes(desk.app):
        if not route.path.startswith("/api/"):
            by_page |= steps_of(route.endpoint)
    assert {step.__name__ for step in by_page - by_call} <= set(SHOWN_ALONE)


SHOWN_ALONE = {
    "queue": "the first page's, without filters; the call has the same list with them",
    "in_words": "puts what a sanction stops into sentences; the call gives the numbers",
    "years_in_words": "puts years into words",
    "public_register": "is JSON already, for everybody: /register.json",
    "how_many_wait": "a number on the first page; the list is a call",
    "codes_left": "part of /me/page",
    "page_of": "the same as /me/page, for what waits on the first page",
    "being_scanned": "part of the answer in which the scanning begins",
    "project_conditions": "part of the project's view",
    "load_person": "who is asking: /me",
    "read_ledger": "the ledger's newest entries: /ledger",
}
"""Steps of pages without a call of their own, and why."""


def test_every_example_on_the_page_of_the_api_is_understood(desk: Desk):
    """What a reader copies from there is a body that the call takes, whatever it then says."""
    described = desk.app.openapi()
    asked = 0
    for path, methods in described["paths"].items():
        for method, call in methods.items():
            content = call.get("requestBody", {}).get("content", {}).get("application/json")
            if content:
                body = json.loads(example(content["schema"], described))
                where = re.sub(r"\{\w+\}", "1", path)
                answer = desk.press(method.upper(), where, "rae", body)
                assert "not understood" not in answer.text, (path, body, answer.text)
                asked += 1
                desk.go_back()
    assert asked > 40


def test_every_call_is_described_so_that_one_can_learn_from_it(desk: Desk):
    """A summary, a description, and answers with what may go wrong."""
    described = desk.app.openapi()
    for path, methods in described["paths"].items():
        for method, call in methods.items():
            where = f"{method} {path}"
            assert len(call["description"]) > 15, where
            assert call["tags"], where
            assert {"401", "403", "404", "422"} <= set(call["responses"]), where
    assert {"HTTPBearer", "APIKeyHeader"} <= set(described["components"]["securitySchemes"])
