"""Requests that another page makes a browser send, and cookies used where they do not belong."""

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
from tre.attack.channel import RefusedChannelError
from tre.attack.families import Family
from tre.attack.judging import answered, forbidden
from tre.attack.table.messages import policy_of

if TYPE_CHECKING:
    from tre.attack.target import Target

EVIL = "https://attack.example"

_attack = partial(Attack, family=Family.CROSS_SITE, attacker=Attacker.PAGE, holder=Holder.SERVER)


def _new_folder(target: "Target", *, xsrf: bool = True, **headers: str) -> httpx.Response:
    return target.ada.server(
        "POST",
        f"api/contents/{target.name}",
        xsrf=xsrf,
        headers=headers,
        json={"type": "directory"},
    )


def _to_server(*statuses: int, xsrf: bool = True, **headers: str) -> Any:
    return forbidden(
        lambda target: _new_folder(_with_folder(target), xsrf=xsrf, **headers),
        *statuses,
        control=lambda target: _new_folder(_with_folder(target)),
        control_statuses=(201,),
    )


def _with_folder(target: "Target") -> "Target":
    _ = target.kernel  # makes the attack's folder
    return target


def _stop(target: "Target", *, xsrf: bool = True, **headers: str) -> httpx.Response:
    """Have the hub stop a session: one that is not there, which it says where it obeys."""
    ada = target.ada
    path = f"/hub/api/users/{ada.person}/servers/no-such-session"
    return ada.hub("DELETE", path, xsrf=xsrf, headers=headers)


def _to_hub(*statuses: int, xsrf: bool = True, **headers: str) -> Any:
    return forbidden(
        lambda target: _stop(target, xsrf=xsrf, **headers),
        *statuses,
        control=_stop,
        control_statuses=(200, 202, 204, 404),
    )


def _draft(target: "Target", *, genuine: bool = True, **headers: str) -> httpx.Response:
    """Write what would change something at the desk if it were genuine, and is refused later."""
    return target.finn.desk(
        "PUT",
        "/api/v1/requests/999999999/groups/outputs",
        genuine=genuine,
        headers=headers,
        json={"context": "a", "controls": "b"},
    )


def _to_desk(*, genuine: bool = True, **headers: str) -> Any:
    """Control: the same, genuine, is let in and then finds no such request (404)."""
    return forbidden(
        lambda target: _draft(target, genuine=genuine, **headers),
        403,
        control=_draft,
        control_statuses=(404,),
    )


def _channel(target: "Target", origin: str) -> Seen:
    number = target.kernel.number
    try:
        target.ada.channel(number).close()
    except RefusedChannelError as error:
        return not_run(f"the session's own page was refused too: {error}")
    try:
        target.ada.channel(number, Origin=origin).close()
    except RefusedChannelError as error:
        if error.status in (403, 404):
            return held(f"a WebSocket with Origin {origin} was answered with {error.status}")
        return not_run(f"refused otherwise: {error}")
    return is_open(f"a WebSocket with Origin {origin} was opened")


def _channel_of_stranger(target: "Target") -> Seen:
    number = target.kernel.number
    target.ada.channel(number).close()
    try:
        target.ada.channel(number, Cookie="").close()
    except RefusedChannelError as error:
        if error.status in (302, 403):
            return held(f"without cookies the WebSocket was answered with {error.status}")
        return not_run(f"refused otherwise: {error}")
    return is_open("without cookies the WebSocket was opened")


def _borrowed(target: "Target") -> httpx.Response:
    """Take the cookies of ada's session to finn's, under the names and the path of his."""
    ada, finn = target.ada, target.finn
    thief = target.stranger()
    own = [cookie for cookie in finn.http.cookies.jar if cookie.path == finn.base]
    hers = {
        cookie.name: str(cookie.value) for cookie in ada.http.cookies.jar if cookie.path == ada.base
    }
    session = next((value for name, value in hers.items() if name.startswith("jupyterhub-")), "")
    if not session or not own:
        message = "no session cookie to borrow"
        raise CannotAttackError(message)
    cookies = {cookie.name: session for cookie in own if cookie.name != "_xsrf"} | hers
    header = "; ".join(f"{name}={value}" for name, value in cookies.items())
    address = f"{target.config.url}{finn.base}api/status"
    return thief.http.get(address, headers={"Cookie": header})


def _framed(target: "Target") -> Seen:
    """Every part must say that no other page may frame it."""
    pages = {
        "server": answered(target.ada.server("GET", "lab", follow_redirects=True), 200),
        "hub": answered(target.ada.hub("GET", "/hub/home"), 200),
        "sign-in": answered(target.stranger().http.get(f"{target.config.url}/hub/login"), 200),
        "desk": answered(target.finn.desk("GET", "/projects"), 200),
    }
    for name, page in pages.items():
        policy = policy_of(page.headers.get("content-security-policy", ""))
        if policy.get("frame-ancestors") != ["'none'"]:
            return is_open(f"{name}: frame-ancestors is {policy.get('frame-ancestors')}")
    return held("server, hub, sign-in page and desk: frame-ancestors 'none'")


def _scripts_in_pages(target: "Target") -> Seen:
    pages = {
        "hub": answered(target.ada.hub("GET", "/hub/home"), 200),
        "desk": answered(target.finn.desk("GET", "/projects"), 200),
    }
    for name, page in pages.items():
        policy = policy_of(page.headers.get("content-security-policy", ""))
        words = policy.get("script-src", policy.get("default-src", ["*"]))
        if {"'unsafe-inline'", "'unsafe-eval'", "*"} & set(words):
            return is_open(f"{name}: script-src {' '.join(words)}")
        if policy.get("default-src") != ["'none'"]:
            return is_open(f"{name}: default-src is {policy.get('default-src')}")
    return held("hub and desk run their own scripts alone, known by hash or from their own files")


def _cookies(target: "Target") -> Seen:
    """HttpOnly on what signs somebody in; SameSite on what the desk gives."""
    jar = [*target.ada.http.cookies.jar, *target.finn.http.cookies.jar]
    secret = [
        c for c in jar if "login" in c.name or "session" in c.name or "jupyterhub-user" in c.name
    ]
    if not secret:
        return not_run("no cookie that signs anybody in was found")
    for cookie in secret:
        if not any(cookie.has_nonstandard_attr(name) for name in ("HttpOnly", "httponly")):
            return is_open(f"{cookie.name} can be read by scripts")
    return held(f"{', '.join(sorted({c.name[:24] for c in secret}))}: no script can read them")


def _sniffed(target: "Target") -> Seen:
    pages = {
        "server": answered(target.ada.server("GET", "api/status"), 200),
        "hub": answered(target.ada.hub("GET", "/hub/home"), 200),
        "desk": answered(target.finn.desk("GET", "/projects"), 200),
    }
    for name, page in pages.items():
        if page.headers.get("x-content-type-options") != "nosniff":
            return is_open(f"{name}: a browser may guess the type of an answer")
        if page.headers.get("access-control-allow-origin"):
            return is_open(f"{name}: other origins may read answers")
    return held("server, hub and desk: nosniff, and no other origin may read an answer")


ATTACKS: tuple[Attack, ...] = (
    _attack(
        id="server-no-xsrf",
        title="A change without the secret, at the server",
        tries="Have another page send a change to the session, with the cookies alone.",
        run=_to_server(403, xsrf=False),
    ),
    _attack(
        id="server-foreign-origin",
        title="A change from another origin, at the server",
        tries="Send a change with the secret and the Origin of another page.",
        run=_to_server(403, 404, Origin=EVIL),
    ),
    _attack(
        id="websocket-foreign-origin",
        title="A kernel's WebSocket from another page",
        tries="Open the kernel's WebSocket from another page, with the researcher's cookies.",
        run=lambda target: _channel(target, EVIL),
    ),
    _attack(
        id="websocket-null-origin",
        title="A kernel's WebSocket from a page without origin",
        tries="Open the kernel's WebSocket from a sandboxed frame (Origin: null).",
        run=lambda target: _channel(target, "null"),
    ),
    _attack(
        id="websocket-stranger",
        title="A kernel's WebSocket without cookies",
        tries="Open the kernel's WebSocket as nobody.",
        attacker=Attacker.BROWSER,
        run=_channel_of_stranger,
    ),
    _attack(
        id="hub-no-xsrf",
        title="A change without the secret, at the hub",
        tries="Have another page stop a session at the hub, with the cookies alone.",
        holder=Holder.HUB,
        run=_to_hub(403, xsrf=False),
    ),
    _attack(
        id="hub-foreign-origin",
        title="A change from another origin, at the hub",
        tries="Stop a session at the hub with the cookies, from another page.",
        holder=Holder.HUB,
        run=_to_hub(403, xsrf=False, Origin=EVIL, Referer=f"{EVIL}/"),
    ),
    _attack(
        id="desk-no-origin",
        title="A change without an origin, at the desk",
        tries="Send a change to the desk without saying where it comes from.",
        holder=Holder.DESK,
        run=_to_desk(genuine=False),
    ),
    _attack(
        id="desk-foreign-origin",
        title="A change from another origin, at the desk",
        tries="Send a change to the desk from another page.",
        holder=Holder.DESK,
        run=_to_desk(Origin=EVIL),
    ),
    _attack(
        id="desk-from-hub",
        title="A change from the hub's origin, at the desk",
        tries="Have a script in a notebook's output press the desk's buttons.",
        holder=Holder.DESK,
        run=forbidden(
            lambda target: _draft(target, Origin=target.config.url),
            403,
            control=_draft,
            control_statuses=(404,),
        ),
    ),
    _attack(
        id="desk-cross-site",
        title="A change that a browser calls cross-site",
        tries="Send a change that the browser itself marks as cross-site.",
        holder=Holder.DESK,
        run=_to_desk(**{"Sec-Fetch-Site": "cross-site"}),
    ),
    _attack(
        id="desk-no-csrf",
        title="A change without the secret, at the desk",
        tries="Send a change from the right origin, with a wrong secret.",
        holder=Holder.DESK,
        run=_to_desk(**{"X-CSRF-Token": "made-up"}),
    ),
    _attack(
        id="borrowed-cookie",
        title="One session's cookie at another",
        tries="Use the cookie of one's own session at another person's.",
        attacker=Attacker.BROWSER,
        run=forbidden(
            _borrowed,
            302,
            403,
            control=lambda target: target.finn.server("GET", "api/status"),
        ),
    ),
    _attack(
        id="framed",
        title="Framed by another page",
        tries="Frame the session, the hub or the desk invisibly and have buttons pressed.",
        holder=Holder.HUB,
        run=_framed,
    ),
    _attack(
        id="page-scripts",
        title="A script in a page",
        tries="Have a script run that was smuggled into a page of the hub or the desk.",
        holder=Holder.DESK,
        run=_scripts_in_pages,
    ),
    _attack(
        id="cookie-flags",
        title="Cookies read by scripts",
        tries="Read the cookies that sign somebody in, from a script in an output.",
        holder=Holder.HUB,
        run=_cookies,
    ),
    _attack(
        id="sniffing",
        title="Answers taken for another type",
        tries="Have a browser take a text for a page, or another origin read an answer.",
        run=_sniffed,
    ),
)
