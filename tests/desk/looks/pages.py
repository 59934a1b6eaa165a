"""Every page that is looked at: its address, who looks, and what was sent to get there."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from tests.desk.looks.world import HARD_PASSWORD, NEWCOMER
from tre.safe_outputs.release_request import State
from tre.safe_projects.project import ProjectState


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page as one person sees it.

    path: {names} are filled in from the world. sends: the fields of the form whose answer is the
    page; `proves` adds what a person types to prove who they are. stands_alone: a document with a
    style of its own, which is no page of the desk. goes_to: where the visitor ends, if elsewhere.
    without: what is taken away before the visit (the hub, the cookie, the form's secret).
    """

    name: str
    path: str
    person: str | None
    status: int = 200
    world: Literal["full", "empty"] = "full"
    sends: tuple[tuple[str, str], ...] | None = None
    proves: bool = False
    stands_alone: bool = False
    goes_to: str = ""
    without: Literal["", "hub", "cookie", "secret"] = ""


def _page(name: str, path: str, person: str | None, **more: Any) -> Page:
    if "sends" in more:
        more["sends"] = tuple(more["sends"].items())
    return Page(name=name, path=path, person=person, **more)


ROLES = {
    "researcher": "ada",
    "researcher who is refused": "bola",
    "lead of many": "gwen",
    "checker": "cora",
    "other checker": "deniz",
    "trainer": "tess",
    "manager": "mia",
    "linker": "lena",
    "auditor": "omar",
    "lay member": "sol",
    "data owner": "uma",
    "panel member": "priya",
}
"""Somebody of each role, and what to call them."""


def _homes() -> Iterator[Page]:
    for role, person in ROLES.items():
        yield _page(f"home of a {role}", "/", person)
    for person in ("ada", "cora", "mia", "bola"):
        yield _page(f"home of {person} where nothing happened", "/", person, world="empty")
    yield _page("home of somebody new", "/", NEWCOMER, goes_to="/me")
    yield _page("home of somebody unknown", "/", "nobody", status=403)


_SEES = {State.DRAFT: "gwen", State.SUBMITTED: "tess", State.PARTIALLY_REVIEWED: "finn"}
_AUTHORS = {State.RELEASED: "ada", State.RETURNED: "ada"}


def _requests() -> Iterator[Page]:
    for state in State:
        author = _SEES.get(state) or _AUTHORS.get(state, "gwen")
        yield _page(f"{state} request of one's own", f"/requests/{{{_key(state)}}}", author)
        if state is not State.DRAFT:
            yield _page(f"{state} request to a checker", f"/requests/{{{_key(state)}}}", "cora")
    yield _page("partly reviewed request to the second", "/requests/{partially_reviewed}", "deniz")
    yield _page("reviewed request to a manager", "/requests/{reviewed}", "mia")
    yield _page("released request to a manager", "/requests/{released}", "mia")
    yield _page("requests", "/requests", "gwen")
    yield _page("no requests", "/requests", "ada", world="empty")
    yield _page("queue", "/queue", "cora")
    yield _page("queue of a manager", "/queue", "mia")
    yield _page("empty queue", "/queue", "cora", world="empty")
    yield _page("queue where nothing fits", "/queue?verdict=fail&age=late&turn=again", "cora")
    yield _page("queue not understood", "/queue?state=draft", "cora", status=422)
    yield _page("new request", "/requests/new", "tess")
    yield _page("new request, which project", "/requests/new", "gwen")
    yield _page("new request on no project", "/requests/new", "cora")
    yield _page("new request, not yet", "/requests/new", "tess", status=422, sends={"title": "A"})
    yield _page(
        "rejection without a reason",
        "/requests/{reviewed}/reject",
        "cora",
        status=422,
        sends={"reason": ""},
    )
    yield _page("releases", "/releases", "ada")
    yield _page("releases to a manager", "/releases", "mia")
    yield _page("no releases", "/releases", "finn", world="empty")


def _files() -> Iterator[Page]:
    at = "/requests/{submitted}/files"
    for name in ("table", "figure_png", "figure_svg", "shares", "readme", "study", "bytes", "lie"):
        yield _page(f"file {name} to a checker", f"{at}/{{{name}}}", "cora")
    yield _page("code to a checker", f"{at}/{{lesson}}", "cora")
    yield _page("a table to its author", f"{at}/{{table}}", "tess")
    yield _page("remedy previewed", f"{at}/{{table}}/remedy", "cora")
    yield _page("no such remedy", f"{at}/{{table}}/remedy?method=none", "cora", status=422)
    yield _page("protected table", "/requests/{released}/files/{protected}", "cora")
    yield _page("notebook in its frame", f"{at}/{{study}}/notebook", "cora", stands_alone=True)


def _ingress() -> Iterator[Page]:
    yield _page("ingress", "/ingress", "ada")
    yield _page("ingress to a checker", "/ingress", "cora")
    yield _page("ingress of nobody's project", "/ingress", "omar")
    yield _page("ingress where nothing waits", "/ingress", "cora", world="empty")
    yield _page("ingress where nothing came", "/ingress", "ada", world="empty")
    for what in ("accepted", "refused", "withdrawn", "blocked", "waiting"):
        yield _page(f"{what} ingress", f"/ingress/{{ingress_{what}}}", "ada")
    yield _page("waiting ingress to a checker", "/ingress/{ingress_waiting}", "cora")
    yield _page("code with findings", "/ingress/{ingress_waiting}/files/{odd}", "cora")
    yield _page("blocked code", "/ingress/{ingress_waiting}/files/{data}", "ada")
    yield _page("bring code", "/ingress/new", "ada")
    yield _page("bring code, which project", "/ingress/new", "gwen")
    yield _page("bring code on no project", "/ingress/new", "cora")
    yield _page(
        "bring code, not yet", "/ingress/new", "tess", status=422, sends={"purpose": "models"}
    )
    yield _page(
        "refusal of code without a reason",
        "/ingress/{ingress_waiting}/refuse",
        "cora",
        status=422,
        sends={"reason": ""},
    )


_DECIDES = {
    ProjectState.WITH_LAY_GROUP: "sol",
    ProjectState.WITH_OWNERS: "uma",
    ProjectState.WITH_PANEL: "priya",
    ProjectState.ACCREDITED: "priya",
    ProjectState.SUSPENDED: "mia",
}
_NO_LEAD = {ProjectState.APPLIED, ProjectState.ENDED}


def _projects() -> Iterator[Page]:
    for state in ProjectState:
        path = f"/projects/{{project_{_key(state)}}}"
        if state not in _NO_LEAD:
            yield _page(f"project {state} to its lead", path, "gwen")
        if state in _DECIDES:
            yield _page(f"project {state} to who decides", path, _DECIDES[state])
        if state in _NO_LEAD:
            yield _page(f"project {state} to a manager", path, "mia")
    yield _page("projects", "/projects", "gwen")
    yield _page("projects of somebody refused", "/projects", "bola")
    yield _page("projects of a checker", "/projects", "cora")
    yield _page("projects to a manager", "/projects", "mia")
    yield _page("apply for a project", "/projects/new", "ada")
    yield _page("apply for a project, not yet", "/projects/new", "ada", status=422, sends={})
    yield _page("edit an application", "/projects/{project_draft}/edit", "gwen")
    yield _page("more data", "/projects/{project_accredited}/changes/data", "gwen")
    yield _page(
        "advice without words",
        "/projects/{project_with_the_lay_group}/advice",
        "sol",
        status=422,
        sends={"opinion": "supports it", "text": ""},
    )
    yield _page("register", "/register", None)
    yield _page("register to somebody signed in", "/register", "ada")
    yield _page("empty register", "/register", None, world="empty")


def _people() -> Iterator[Page]:
    for person in ("ada", "bola", "finn", "cora", "mia", NEWCOMER):
        yield _page(f"page of {person}", "/me", person)
    for person in ("ada", "bola", "finn", "ines", "gwen", "cora"):
        yield _page(f"accreditation of {person}", "/me/accreditation", person)
    yield _page(
        "accreditation, not yet",
        "/me/accreditation",
        "bola",
        status=422,
        sends={"level": "full", "then": "submit"},
    )
    yield _page("declaration to sign", "/me/declaration", "finn")
    yield _page("declaration signed", "/me/declaration", "ada")
    yield _page("supervisor", "/me/supervisor", "ada")
    yield _page("supervisor, nobody asked", "/me/supervisor", "tess")
    yield _page("password", "/me/password", "ada")
    yield _page(
        "passwords that differ",
        "/me/password",
        "ada",
        status=422,
        sends={"password": "a", "new": "b", "again": "c"},
    )
    yield _page("second factor", "/me/second-factor", "ada")
    yield _page(
        "second factor to scan",
        "/me/second-factor",
        NEWCOMER,
        sends={"password": HARD_PASSWORD, "code": ""},
    )
    yield _page("recovery codes", "/me/recovery-codes", "omar", sends={}, proves=True)
    yield _page("people", "/people", "mia")
    yield _page("people to an auditor", "/people", "omar")
    for about in ("ada", "bola", "rex", "mia"):
        yield _page(f"record of {about}", f"/people/{about}", "mia")
    yield _page("record of ada to an auditor", "/people/ada", "omar")
    yield _page("new account", "/accounts/new", "mia")
    yield _page("new account, not yet", "/accounts/new", "mia", status=422, sends={"id": "A"})
    yield _page(
        "temporary password",
        "/accounts/new",
        "mia",
        sends={"id": "olu", "name": "Olu Ade", "organisation": "KCL", "role": "researcher"},
    )
    yield _page("application to decide", "/accreditations/{accreditation_waiting}", "mia")
    yield _page("application that was decided", "/accreditations/{accreditation_returned}", "mia")
    yield _page(
        "return without a reason",
        "/accreditations/{accreditation_waiting}",
        "mia",
        status=422,
        sends={"event": "return", "reason": ""},
    )
    yield _page("sanctions", "/sanctions", "mia")
    yield _page("sanctions to an auditor", "/sanctions", "omar")
    yield _page("no sanctions", "/sanctions", "mia", world="empty")
    yield _page("new sanction", "/sanctions/new", "mia")
    yield _page(
        "what a sanction stops",
        "/sanctions/new",
        "mia",
        sends={"person": "ada", "breach": "minor breach"},
    )


def _books() -> Iterator[Page]:
    yield _page("ledger", "/ledger", "omar")
    yield _page("ledger of one's own", "/ledger", "ada")
    yield _page("ledger where nothing fits", "/ledger?tag=none", "omar")
    yield _page("ledger not understood", "/ledger?since=then", "omar", status=422)
    yield _page("ledger verified", "/ledger/verify", "omar", sends={})
    yield _page("figures", "/figures", "mia")
    yield _page("figures of nothing", "/figures", "omar", world="empty")
    yield _page("figures not understood", "/figures?since=then", "omar", status=422)
    yield _page("satre", "/satre", "mia")
    yield _page("satre asked", "/satre/run", "omar", sends={})
    yield _page("linkages", "/linkages", "lena")
    yield _page("linkage", "/linkages/npd", "lena")
    yield _page("linkage before its run", "/linkages/npd", "lena", world="empty")
    yield _page("linkage looked at", "/linkages/npd/separation", "omar", sends={})
    yield _page("linkage report", "/linkages/npd/report", "lena")
    yield _page("journey", "/linkages/npd/journey", "lena", stands_alone=True)
    yield _page("evidence pack", "/linkages/npd/audit", "lena", stands_alone=True)
    yield _page("transfers", "/transfers", "lena")
    yield _page("no transfers", "/transfers", "lena", world="empty")
    yield _page("interface", "/api/docs", "ada")


def _refusals() -> Iterator[Page]:
    yield _page("refused", "/people", "ada", status=403)
    yield _page("nothing there", "/no-such-page", "ada", status=404)
    yield _page("overtaken", "/requests/{released}/submit", "ada", status=409, sends={})
    yield _page("hub away", "/", "ada", status=503, without="hub")
    yield _page("session ended", "/satre/run", "ada", status=401, sends={}, without="cookie")
    yield _page("foreign form", "/satre/run", "ada", status=403, sends={}, without="secret")
    yield _page("sign-in that did not finish", "/oauth_callback", None, status=403)


def _key(word: str) -> str:
    return str(word).replace(" ", "_")


PAGES: tuple[Page, ...] = tuple(
    page
    for part in (_homes, _requests, _files, _ingress, _projects, _people, _books, _refusals)
    for page in part()
)

NO_PAGES = {
    "/health": "a sign of life for programs",
    "/requests/{number}/files/{file}/image": "a picture inside a page",
    "/releases/{number}/download": "a bundle",
    "/ledger/export.{kind}": "a file to take away",
    "/satre/export.csv": "a file to take away",
    "/figures/figures.csv": "a file to take away",
    "/linkages/{linkage}/journey.svg": "a picture inside a page",
    "/register.json": "for programs",
    "/api/openapi.json": "for programs",
}
"""What a browser can ask for and is no page, and what it is instead."""


def names_of(facts: dict[str, Any]) -> dict[str, object]:
    """What the {names} of the paths stand for, from the numbers of the world."""
    return {
        **{_key(state): number for state, number in facts["requests"].items()},
        **{f"project_{_key(state)}": name for state, name in facts["projects"].items()},
        **{f"ingress_{what}": number for what, number in facts["ingress"].items()},
        **facts["files"],
        "accreditation_waiting": facts["waiting"],
        "accreditation_returned": facts["returned"],
    }
