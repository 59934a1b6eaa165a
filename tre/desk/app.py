"""The web application: a gate in front, pages and the JSON API behind it."""

from pathlib import Path

from fastapi import Depends, FastAPI
from starlette.staticfiles import StaticFiles

from tre.desk import (
    answers,
    api,
    api_books,
    api_docs,
    api_figures,
    api_files,
    api_ingress,
    api_people,
    api_projects,
    api_releases,
    api_reviews,
)
from tre.desk.gate import Gate
from tre.desk.headers import SafeHeaders
from tre.desk.pages import (
    door,
    figures,
    files,
    home,
    ingress,
    ledger,
    linkages,
    new_request,
    people,
    people_account,
    people_decisions,
    people_me,
    projects,
    projects_apply,
    queue,
    register,
    releases,
    request,
    review,
    satre,
    transfers,
)
from tre.desk.sessions import Sessions
from tre.desk.sign_in import HubSignIn, SignIn
from tre.desk.typed import genuine
from tre.steps.tre import Tre

STATIC = Path(__file__).parent / "static"
ROOMS = (
    *(door, home, queue, figures, new_request, request, review, files, releases, ingress),
    *(ledger, satre, linkages, transfers, projects_apply, projects, register),
    *(people_me, people_account, people, people_decisions),
)
"""Where the pages come from; `new_request` before `request`, whose paths end in a number, and
`projects_apply` before `projects`, whose paths end in an id."""


def create_app(tre: Tre, *, sign_in: SignIn | None = None) -> FastAPI:
    """Put the desk together for one environment; without `sign_in`, through its hub."""
    app = FastAPI(
        title="Trusted Research Environment: desk",
        version="1",
        description="Release requests, their review and the ledger. Every call goes through the "
        "same steps as the pages, and is refused for the same reasons.",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        dependencies=[Depends(genuine)],
    )
    app.state.tre = tre
    app.state.sign_in = sign_in or HubSignIn(tre.config)
    app.state.sessions = Sessions(tre.now)
    for room in ROOMS:
        app.include_router(room.router)
    app.include_router(api.router)
    app.include_router(api_books.router)
    app.include_router(api_figures.router)
    app.include_router(api_files.router)
    app.include_router(api_ingress.router)
    app.include_router(api_people.router)
    app.include_router(api_projects.router)
    app.include_router(api_releases.router)
    app.include_router(api_reviews.router)
    app.include_router(api_docs.router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    answers.install(app)
    # The last one added is the first that a request meets.
    app.add_middleware(
        Gate, config=tre.config, sign_in=app.state.sign_in, sessions=app.state.sessions
    )
    app.add_middleware(SafeHeaders, config=tre.config)
    return app
