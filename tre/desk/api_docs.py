"""The API's description: as OpenAPI, and as a page of the desk's own, without a script."""

import json
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from tre.desk.drawing import page

router = APIRouter(prefix="/api", include_in_schema=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of the API, as the page shows it."""

    method: str
    path: str
    summary: str
    description: str
    parameters: tuple[dict[str, Any], ...]
    body: str
    answer: str


@router.get("/openapi.json")
def openapi(request: Request) -> Response:
    """Describe the API in OpenAPI's own form."""
    return JSONResponse(request.app.openapi())


@router.get("/docs")
def docs(request: Request) -> Response:
    """Describe the API for a reader."""
    described = request.app.openapi()
    by_tag: dict[str, list[Call]] = {}
    for path, methods in described["paths"].items():
        for method, call in methods.items():
            tag = (call.get("tags") or ["other"])[0]
            by_tag.setdefault(tag, []).append(_call(method, path, call, described))
    return page(request, "api_docs.html", described=described["info"], by_tag=by_tag)


def _call(method: str, path: str, call: dict[str, Any], described: dict[str, Any]) -> Call:
    body = call.get("requestBody", {}).get("content", {}).get("application/json", {})
    answers = call.get("responses", {})
    good = answers.get("200") or answers.get("201") or {}
    answer = good.get("content", {}).get("application/json", {})
    return Call(
        method=method.upper(),
        path=path,
        summary=str(call.get("summary", "")),
        description=str(call.get("description", "")),
        parameters=tuple(call.get("parameters") or ()),
        body=_example(body.get("schema"), described),
        answer=_name(answer.get("schema")),
    )


def _example(schema: dict[str, Any] | None, described: dict[str, Any]) -> str:
    """Show the fields of a body with their types; "" for none."""
    if not schema:
        return ""
    whole = described["components"]["schemas"].get(_name(schema), schema)
    fields = {name: _name(part) for name, part in whole.get("properties", {}).items()}
    return json.dumps(fields, indent=2, ensure_ascii=False)


def _name(schema: dict[str, Any] | None) -> str:
    if not schema:
        return ""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "anyOf" in schema:
        return " or ".join(_name(part) for part in schema["anyOf"])
    if schema.get("type") == "array":
        return f"list of {_name(schema.get('items')) or 'values'}"
    return str(schema.get("type", "object"))
