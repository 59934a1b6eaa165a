"""The self-assessment against SATRE, for those who look after the environment."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from tre.desk import verbs
from tre.desk.drawing import page
from tre.desk.typed import Actor, Environment
from tre.steps.assess import PILLARS, SOURCE, Assessment, as_csv

router = APIRouter(prefix="/satre", include_in_schema=False)


@router.get("")
def satre(request: Request, tre: Environment, actor: Actor) -> Response:
    """The quick checks, and every statement by its pillar."""
    return _draw(request, verbs.assess(tre, actor))


@router.post("/run")
def run(request: Request, tre: Environment, actor: Actor) -> Response:
    """Ask every check but those that only the machine's own command line can ask."""
    return _draw(request, verbs.assess(tre, actor, everything=True))


@router.get("/export.csv")
def export(tre: Environment, actor: Actor) -> Response:
    """Ids and 0, 1 or 2, as SATRE has it."""
    found = verbs.assess(tre, actor)
    name = f"satre-{found.at:%Y-%m-%d}.csv"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(as_csv(found), media_type="text/csv", headers=headers)


def _draw(request: Request, found: Assessment) -> Response:
    pillars = [(name, found.counts(name), found.of(name)) for name in PILLARS.values()]
    return page(
        request,
        "satre.html",
        found=found,
        pillars=pillars,
        whole=found.counts(),
        waiting=[one.name for one in found.checks if one.problems is None],
        source=SOURCE,
    )
