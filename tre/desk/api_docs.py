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
        body=example(body.get("schema"), described),
        answer=_name(answer.get("schema")),
    )


def example(schema: dict[str, Any] | None, described: dict[str, Any]) -> str:
    """Write a body that a reader can change and send; "" where a call takes none."""
    if not schema:
        return ""
    return json.dumps(_sample(schema, described), indent=2, ensure_ascii=False)


_BY_FORMAT = {"date": "2026-11-30", "date-time": "2026-11-30T09:00:00Z"}
_BY_TYPE = {"integer": 1, "number": 1.0, "boolean": True, "null": None, "string": "…"}


def _sample(schema: dict[str, Any], described: dict[str, Any]) -> Any:
    """A value that fits: the description's own example, its first word, or one of its type."""
    for part in schema.get("anyOf", ())[:1]:
        return _sample({**part, "examples": schema.get("examples", ())}, described)
    if "$ref" in schema:
        return _sample(described["components"]["schemas"][_name(schema)], described)
    if schema.get("examples") or schema.get("enum"):
        return [*schema.get("examples", ()), *schema.get("enum", ())][0]
    if schema.get("type") == "array":
        return [_sample(schema["items"], described)] if "items" in schema else []
    if schema.get("type") == "object":
        of_any = schema.get("additionalProperties")
        named = {"…": _sample(of_any, described)} if isinstance(of_any, dict) else {}
        parts = schema.get("properties", {})
        return named | {name: _sample(part, described) for name, part in parts.items()}
    return _BY_FORMAT.get(schema.get("format", ""), _BY_TYPE[schema.get("type", "null")])


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
