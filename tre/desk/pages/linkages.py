"""The linkages: what each is, how one person's identifiers travel, and the proof of separation."""

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from tre.desk import verbs
from tre.desk.drawing import page
from tre.desk.headers import stranger_policy
from tre.desk.typed import Actor, Environment
from tre.safe_data.linking.audit.page import audit_page
from tre.steps.tre import Tre
from tre.vocabulary import PersonId

router = APIRouter(prefix="/linkages", include_in_schema=False)


@router.get("")
def linkages(request: Request, tre: Environment, actor: Actor) -> Response:
    """Every linkage on a line: register, holder, latest run, separation."""
    return page(request, "linkages.html", cards=verbs.linkage_cards(tre, actor))


@router.get("/{linkage}")
def one_linkage(request: Request, tre: Environment, actor: Actor, linkage: str) -> Response:
    """A linkage, with the picture of the route and what the last proof came to."""
    return _shown(request, tre, actor, linkage)


@router.post("/{linkage}/separation")
def look_again(request: Request, tre: Environment, actor: Actor, linkage: str) -> Response:
    """Look at the record and at every folder now, and show every rule."""
    return _shown(request, tre, actor, linkage, proof=verbs.prove_separation(tre, actor, linkage))


@router.get("/{linkage}/report")
def report(request: Request, tre: Environment, actor: Actor, linkage: str) -> Response:
    """How well the linkage found its people, against the truth."""
    told = verbs.linkage_report(tre, actor, linkage).to_dict()
    return page(request, "linkage_report.html", report=told)


@router.get("/{linkage}/journey.svg")
def journey_picture(request: Request, tre: Environment, actor: Actor, linkage: str) -> Response:
    """The picture's own bytes, for an <img>."""
    return Response(
        verbs.linkage_journey(tre, actor, linkage).svg,
        media_type="image/svg+xml",
        headers=_alone(request),
    )


@router.get("/{linkage}/journey")
def journey_page(request: Request, tre: Environment, actor: Actor, linkage: str) -> Response:
    """The page to teach with: the picture, every step in words, questions to talk about."""
    shown = verbs.linkage_journey(tre, actor, linkage)
    return HTMLResponse(shown.page, headers=_alone(request))


@router.get("/{linkage}/audit")
def audit(request: Request, tre: Environment, actor: Actor, linkage: str) -> Response:
    """The evidence pack, as the page that an auditor takes away."""
    pack = verbs.audit_linkage(tre, actor, linkage)
    return HTMLResponse(audit_page(pack), headers=_alone(request))


def _shown(
    request: Request,
    tre: Tre,
    actor: PersonId,
    linkage: str,
    *,
    proof: verbs.SeparationProof | None = None,
) -> Response:
    return page(
        request,
        "linkage.html",
        card=verbs.linkage_card(tre, actor, linkage),
        journey=verbs.linkage_journey(tre, actor, linkage).journey,
        proof=proof,
    )


def _alone(request: Request) -> dict[str, str]:
    """A document with a style of its own and nothing that could run."""
    policy = stranger_policy(request.app.state.tre.config, inline_style=True)
    return {"Content-Security-Policy": policy, "Content-Disposition": "inline"}
