"""The public register of projects: the one page that needs no sign-in."""

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from tre.desk import project_verbs as verbs
from tre.desk.drawing import page
from tre.desk.typed import Environment

router = APIRouter(include_in_schema=False)


@router.get("/register")
def register(request: Request, tre: Environment) -> Response:
    """Every project that was accredited, and what each has released."""
    return page(request, "register.html", projects=verbs.public_register(tre))


@router.get("/register.json")
def register_as_json(tre: Environment) -> Response:
    """The same for programs."""
    return JSONResponse({"projects": [one.to_dict() for one in verbs.public_register(tre)]})
