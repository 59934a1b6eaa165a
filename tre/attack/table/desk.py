"""Attacks on the review: votes, other people's requests, files changed or brought in past it."""

import base64
import hashlib
from functools import partial
from typing import TYPE_CHECKING, Any

import httpx

from tre.attack.attack import (
    Attack,
    Attacker,
    CannotAttackError,
    Holder,
    Seen,
    held,
    is_open,
    not_run,
)
from tre.attack.families import Family
from tre.attack.inside import planting
from tre.attack.judging import answered, forbidden, shown, value_of
from tre.attack.package import sent_package
from tre.attack.visitor import Visitor

if TYPE_CHECKING:
    from tre.attack.target import Target

TRAINER = "tess"
REVIEWED = "group,people\nA,120\nB,340\n"

_attack = partial(Attack, family=Family.DESK, attacker=Attacker.BROWSER, holder=Holder.DESK)


def _own_request(target: "Target") -> httpx.Response:
    """Control: the author sees the request."""
    return target.finn.desk("GET", f"/api/v1/requests/{target.once(sent_package).number}")


def _asked(who: str, method: str, path: str, *statuses: int, **more: Any) -> Any:
    """Ask the desk as somebody; {request} and {file} are those of the hostile package."""

    def ask(target: "Target") -> httpx.Response:
        package = target.once(sent_package)
        where = path.format(request=package.number, file=package.first)
        return _visitor(target, who).desk(method, where, **more)

    return forbidden(ask, *statuses, control=_own_request)


def _visitor(target: "Target", who: str) -> Visitor:
    known = {"ada": "ada_at_desk", "finn": "finn", "cora": "cora", "bola": "bola"}
    if who in known:
        return getattr(target, known[who])
    visitor = target.person(who)
    visitor.enter_desk()
    return visitor


def _guessed(target: "Target") -> Seen:
    """Another project's request must look like one that is not there."""
    package = target.once(sent_package)
    answered(_own_request(target), 200)
    ada = target.ada_at_desk
    theirs = ada.desk("GET", f"/api/v1/requests/{package.number}")
    nobodys = ada.desk("GET", "/api/v1/requests/2000000000")
    if theirs.is_success:
        return is_open(shown(theirs))
    same = theirs.text.replace(str(package.number), "N") == nobodys.text.replace("2000000000", "N")
    if theirs.status_code != nobodys.status_code or not same:
        return is_open("another project's request is told from one that is not there")
    return held(f"{shown(theirs)}, word for word as for a request that is not there")


def _draft(target: "Target") -> int:
    """A draft of ada's, withdrawn at the end."""
    ada = target.ada_at_desk
    answer = ada.desk(
        "POST",
        "/api/v1/requests",
        json={"project": target.ada.project, "title": f"Attack {target.name}"},
    )
    if answer.status_code != 201:
        message = f"ada could not begin a draft: {answer.text[:200]}"
        raise CannotAttackError(message)
    number = int(answer.json()["id"])
    target.when_closed(lambda: ada.desk("POST", f"/api/v1/requests/{number}/withdraw"))
    return number


def _add(target: "Target", path: str) -> httpx.Response:
    return target.ada_at_desk.desk(
        "POST",
        f"/api/v1/requests/{target.once(_draft)}/files",
        json={"kind": "output", "workspace_path": path},
    )


def _added_control(target: "Target") -> httpx.Response:
    """Control: a plain file of the workspace can be added, once under each name."""
    return target.once(_added_table)


def _added_table(target: "Target") -> httpx.Response:
    value_of(target.kernel.call(planting.text, target.folder, "reviewed.csv", REVIEWED))
    return _add(target, f"{target.name}/reviewed.csv")


def _added(path: str, plant: Any = None, *given: Any) -> Any:
    """Held where the desk takes no such file of the workspace."""

    def ask(target: "Target") -> httpx.Response:
        if plant is not None:
            value_of(target.kernel.call(plant, target.folder, *given))
        return _add(target, path.format(folder=target.name))

    return forbidden(ask, 400, 403, 404, 422, control=_added_control, control_statuses=(201,))


def _changed_later(target: "Target") -> Seen:
    answered(_added_control(target), 201)
    value_of(target.kernel.call(planting.text, target.folder, "reviewed.csv", "changed,later\n"))
    view = answered(
        target.ada_at_desk.desk("GET", f"/api/v1/requests/{target.once(_draft)}"), 200
    ).json()
    files = [file for group in view["groups"] for file in group["files"]]
    (file,) = [file for file in files if file["name"] == "reviewed.csv"]
    if file["sha256"] != hashlib.sha256(REVIEWED.encode()).hexdigest():
        return is_open("the request shows another content than was put into it")
    frozen = target.tre.folders.frozen(target.once(_draft)) / file["sha256"]
    if hashlib.sha256(frozen.read_bytes()).hexdigest() != file["sha256"]:
        return is_open("the frozen copy is not what its hash says")
    return held("the request holds a copy under its hash; the changed file is another one")


def _own_token(target: "Target") -> httpx.Response:
    """Ask the hub for a token, and go to the desk with it where one is given."""
    ada = target.ada_at_desk
    given = ada.hub("POST", f"/hub/api/users/{ada.person}/tokens", json={"expires_in": 60})
    if not given.is_success:
        return given
    token = given.json()["token"]
    stranger = target.stranger()
    return stranger.http.get(
        f"{target.config.desk_address}/api/v1/me", headers={"Authorization": f"Bearer {token}"}
    )


def _me(target: "Target") -> httpx.Response:
    return target.finn.desk("GET", "/api/v1/me")


def _as_nobody(path: str, **headers: str) -> Any:
    def ask(target: "Target") -> httpx.Response:
        return target.stranger().http.get(target.config.desk_address + path, headers=headers)

    return forbidden(ask, 401, 302, control=_me)


def _without_length(target: "Target") -> httpx.Response:
    return target.finn.desk(
        "PUT", "/api/v1/requests/999999999/groups/outputs", content=iter([b"{}"])
    )


def _climbing(target: "Target") -> httpx.Response:
    return target.finn.desk("GET", "/static/..%2f..%2f..%2f..%2fetc%2fpasswd")


def _style(target: "Target") -> httpx.Response:
    page = target.finn.desk("GET", "/projects")
    href = page.text.partition('rel="stylesheet" href="')[2].partition('"')[0]
    return target.finn.desk("GET", href or "/static/desk.css")


def _bytes(name: str, kind: str) -> Any:
    def ask(target: "Target") -> httpx.Response:
        content = base64.b64encode(b"group,people\nA,1\n").decode()
        return target.ada_at_desk.desk(
            "POST",
            f"/api/v1/requests/{target.once(_draft)}/files",
            json={"kind": kind, "name": name, "content_base64": content},
        )

    return forbidden(ask, 400, 403, 422, control=_added_control, control_statuses=(201,))


def _injected(target: "Target") -> Seen:
    """Markup in the words that an author writes must be shown as it is typed."""
    package = target.once(sent_package)
    page = answered(target.cora.desk("GET", f"/requests/{package.number}"), 200).text
    if "&lt;script&gt;attack" not in page:
        return not_run("the author's words are not on the page")
    if "<script>attack" in page or 'href="javascript:' in page:
        return is_open("the author's words are part of the page's markup")
    return held("tags and links in title and context are shown as text")


ATTACKS: tuple[Attack, ...] = (
    _attack(
        id="guess-request",
        title="Another project's request",
        tries="Guess the number of another project's request, or learn that there is one.",
        run=_guessed,
    ),
    _attack(
        id="others-file",
        title="Another project's file",
        tries="Open a file of another project's request by its address.",
        run=_asked("ada", "GET", "/requests/{request}/files/{file}", 403, 404),
    ),
    _attack(
        id="author-votes",
        title="A vote by the author",
        tries="Approve a file of one's own request.",
        run=_asked(
            "finn",
            "POST",
            "/api/v1/requests/{request}/files/{file}/vote",
            403,
            json={"choice": "approved"},
        ),
    ),
    _attack(
        id="author-approves",
        title="An approval by the author",
        tries="Approve one's own request.",
        run=_asked("finn", "POST", "/api/v1/requests/{request}/approve", 403),
    ),
    _attack(
        id="member-votes",
        title="A vote by a member of the project",
        tries="Approve a file of a request of one's own project.",
        attacker=Attacker.COLLEAGUE,
        run=_asked(
            TRAINER,
            "POST",
            "/api/v1/requests/{request}/files/{file}/vote",
            403,
            json={"choice": "approved"},
        ),
    ),
    _attack(
        id="one-checker-approves",
        title="One checker alone",
        tries="Approve a request as a checker on whom no second one has agreed.",
        run=_asked("cora", "POST", "/api/v1/requests/{request}/approve", 403, 409),
    ),
    _attack(
        id="early-download",
        title="A release before its approval",
        tries="Download the bundle of a request that nobody has approved.",
        run=_asked("finn", "GET", "/releases/{request}/download", 403, 404, 409),
    ),
    _attack(
        id="researcher-queue",
        title="The checkers' queue",
        tries="Read the queue of all requests as a researcher.",
        run=_asked("ada", "GET", "/api/v1/queue", 403),
    ),
    _attack(
        id="others-ledger",
        title="Another person's ledger",
        tries="Read in the ledger what a checker did.",
        run=_asked("ada", "GET", "/api/v1/ledger?person=cora", 403),
    ),
    _attack(
        id="linkage-audit",
        title="The linkage's evidence",
        tries="Read how identifiers travelled, as a researcher.",
        run=_asked("ada", "GET", "/api/v1/linkages", 403),
    ),
    _attack(
        id="changed-later",
        title="A file changed after it was handed in",
        tries="Change a file in the workspace after it was put into a request.",
        attacker=Attacker.CODE,
        run=_changed_later,
    ),
    _attack(
        id="request-link",
        title="A link put into a request",
        tries="Put a link to /etc/passwd into a request, for the desk to follow.",
        attacker=Attacker.CODE,
        run=_added("{folder}/passwd.csv", planting.link, "passwd.csv", "/etc/passwd"),
    ),
    _attack(
        id="request-link-folder",
        title="A linked folder put into a request",
        tries="Put a file below a link to /etc into a request.",
        attacker=Attacker.CODE,
        run=_added("{folder}/etc-link/passwd", planting.link, "etc-link", "/etc"),
    ),
    _attack(
        id="request-fifo",
        title="A FIFO put into a request",
        tries="Put a FIFO into a request, for the desk to wait at.",
        attacker=Attacker.CODE,
        run=_added("{folder}/waiting.csv", planting.pipe, "waiting.csv"),
    ),
    _attack(
        id="request-sparse",
        title="A huge file put into a request",
        tries="Put a huge file that is empty into a request.",
        attacker=Attacker.CODE,
        run=_added("{folder}/sparse.csv", planting.sparse, "sparse.csv", 40 * 2**20),
    ),
    _attack(
        id="request-dots",
        title="A path that climbs",
        tries="Put ../../keys/demo.json into a request.",
        run=_added("../../keys/demo.json"),
    ),
    _attack(
        id="request-absolute",
        title="A path from the root",
        tries="Put /etc/passwd into a request.",
        run=_added("/etc/passwd"),
    ),
    _attack(
        id="request-bytes",
        title="Results brought from elsewhere",
        tries="Put bytes into a request that were never in a session.",
        run=_bytes("brought.csv", "output"),
    ),
    _attack(
        id="desk-stranger",
        title="The desk's API without sign-in",
        tries="Ask the desk for requests, as nobody.",
        run=_as_nobody("/api/v1/requests"),
    ),
    _attack(
        id="desk-made-up-token",
        title="A token of one's own making",
        tries="Ask the desk with a token that the hub did not give.",
        run=_as_nobody("/api/v1/me", Authorization="Bearer made-up"),
    ),
    _attack(
        id="desk-own-token",
        title="A token instead of a sign-in",
        tries="Ask the hub for a token that outlives the sign-in, and the desk with it.",
        run=forbidden(_own_token, 401, 403, control=_me),
    ),
    _attack(
        id="desk-no-length",
        title="A request without an end",
        tries="Send the desk a request that does not say how long it is.",
        run=forbidden(_without_length, 413, control=_me),
    ),
    _attack(
        id="desk-static",
        title="Climbing by the desk's pictures",
        tries="Read /etc/passwd by the address of the desk's own pictures and styles.",
        run=forbidden(_climbing, 400, 404, control=_style),
    ),
    _attack(
        id="desk-markup",
        title="Markup in an author's words",
        tries="Write a script and a javascript: link into a request's title and context.",
        attacker=Attacker.FILE,
        run=_injected,
    ),
)
