"""Attacks on the hub: other people's servers, other projects, more rights than one has."""

import json
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path
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
from tre.attack.judging import answered, forbidden, judge_answer, shown
from tre.steps.second_factor import current_code
from tre.training.accounts import demo_password
from tre.training.demo import ENDED_STUDY

if TYPE_CHECKING:
    from tre.attack.target import Target

_attack = partial(Attack, family=Family.HUB, attacker=Attacker.BROWSER, holder=Holder.HUB)


def _own(target: "Target") -> httpx.Response:
    """Control: the researcher may ask the hub about herself."""
    return target.ada.hub("GET", "/hub/api/user")


def _asked(method: str, path: str, *statuses: int, **more: Any) -> Any:
    """Ask the hub as ada; {other} is finn, {theirs} his project, {own} hers."""

    def ask(target: "Target") -> httpx.Response:
        _ = target.finn
        where = path.format(
            other=target.finn.person, theirs=target.finn.project, own=target.ada.project
        )
        return target.ada.hub(method, where, **more)

    return forbidden(ask, *statuses, control=_own)


def _stranger(path: str, *statuses: int) -> Any:
    def ask(target: "Target") -> httpx.Response:
        stranger = target.stranger()
        return stranger.http.get(target.config.url + path.format(base=target.ada.base))

    return forbidden(ask, *statuses, control=_own)


def _other_server(target: "Target") -> httpx.Response:
    """Go all the way: by the hub's sign-in, as a browser would."""
    path = f"{target.config.url}{target.finn.base}api/contents"
    return target.ada.http.get(path, follow_redirects=True)


def _users(target: "Target") -> Seen:
    answered(_own(target), 200)
    answer = target.ada.hub("GET", "/hub/api/users")
    if answer.is_success:
        names = {one["name"] for one in answer.json()}
        if names <= {target.ada.person}:
            return held("the list holds the asker alone")
        return is_open(f"the hub lists {len(names)} people")
    return judge_answer(answer, 403)


def _spawned(person: str, project: str) -> Any:
    """Ask for a session and see that none starts."""

    def run(target: "Target") -> Seen:
        visitor = target.bola if person == "bola" else target.ada
        answered(visitor.hub("GET", "/hub/api/user"), 200)
        where = target.finn.project if project == "theirs" else project
        path = f"/hub/api/users/{visitor.person}/server" + (f"s/{where}" if where else "")
        answer = visitor.hub("POST", path)
        if answer.status_code in (201, 202):
            visitor.hub("DELETE", path)
            return is_open(f"the session started: {shown(answer)}")
        seen = judge_answer(answer, 400, 403, 404)
        reason = answer.json().get("message", "") if seen.outcome == "held" else ""
        return Seen(outcome=seen.outcome, evidence=f"{seen.evidence} {reason[:160]}".strip())

    return run


def _wider(target: "Target") -> Seen:
    answered(_own(target), 200)
    answer = target.ada.hub(
        "POST",
        f"/hub/api/users/{target.ada.person}/tokens",
        json={"expires_in": 1, "scopes": ["admin:users", "admin:servers", "list:users"]},
    )
    if answer.is_success:
        return is_open(f"a token with {', '.join(answer.json().get('scopes', []))} was given")
    return judge_answer(answer, 400, 403)


def _session_token(target: "Target") -> Seen:
    """What the session's token could do if it leaked: its scopes, as the hub gives them."""
    answered(_own(target), 200)
    scopes = _scopes_of_servers(target.config.home / "hub" / "jupyterhub.sqlite")
    if not scopes:
        return not_run("the hub knows no token of a session")
    allowed = (
        *("users:activity!user", "read:users:activity!user", "access:servers!server"),
        *("read:users:name!user", "read:users:groups!user"),
    )
    if wide := [scope for scope in scopes if not scope.startswith(allowed)]:
        return is_open(f"a session's token may {', '.join(wide[:5])}")
    return held(f"it may {', '.join(scopes)[:200]}, and nothing else")


def _scopes_of_servers(database: Path) -> list[str]:
    """As the hub keeps them, which shows nobody a token."""
    query = "SELECT scopes FROM api_tokens WHERE note LIKE 'Server at %'"
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as kept:
        return sorted({scope for (told,) in kept.execute(query) for scope in json.loads(told)})


def _used_code(target: "Target") -> Seen:
    first, second = target.stranger(), target.stranger()
    code = current_code(target.tre, "deniz")
    password = demo_password(target.config)
    if not first.sign_in("deniz", password, code).is_redirect:
        return not_run("the code was refused the first time too")
    answer = second.sign_in("deniz", password, code)
    if answer.is_redirect:
        return is_open("a one-time code was taken twice")
    return judge_answer(answer, 403)


def _no_code(target: "Target") -> Seen:
    _ = target.ada  # control: with a code it works
    answer = target.stranger().sign_in("mia", demo_password(target.config), "")
    if answer.is_redirect:
        return is_open("a password was enough")
    return judge_answer(answer, 403)


def _proxy(target: "Target") -> httpx.Response:
    """Ask the proxy itself, which listens beside the hub, as a program of the machine could."""
    return target.ada.http.get(f"http://127.0.0.1:{target.ports.proxy}/api/routes")


def _shared(target: "Target") -> Seen:
    answered(_own(target), 200)
    ada = target.ada
    answer = ada.hub(
        "POST",
        f"/hub/api/shares/{ada.person}/{ada.project}",
        json={"user": target.finn.person},
    )
    return judge_answer(answer, 403, 404)


def _share_code(target: "Target") -> Seen:
    answered(_own(target), 200)
    ada = target.ada
    return judge_answer(
        ada.hub("POST", f"/hub/api/share-codes/{ada.person}/{ada.project}"), 403, 404
    )


def _no_such_server(target: "Target") -> None:
    if not target.finn.is_running():
        message = "the other person's session does not run"
        raise CannotAttackError(message)


def _others_server(target: "Target") -> Seen:
    _no_such_server(target)
    answered(target.finn.server("GET", "api/contents"), 200)
    return judge_answer(_other_server(target), 403)


ATTACKS: tuple[Attack, ...] = (
    _attack(
        id="others-server",
        title="Another person's session",
        tries="Open another person's running session, by way of the hub's own sign-in.",
        run=_others_server,
    ),
    _attack(
        id="server-stranger",
        title="A session without sign-in",
        tries="Ask a running session for its files, as nobody.",
        run=_stranger("{base}api/contents", 302, 403),
    ),
    _attack(
        id="hub-api-stranger",
        title="The hub's API without sign-in",
        tries="Ask the hub who is there, as nobody.",
        run=_stranger("/hub/api/users", 401, 403),
    ),
    _attack(
        id="hub-users",
        title="Everybody at the hub",
        tries="List the people of the hub, as a researcher.",
        run=_users,
    ),
    _attack(
        id="hub-other-user",
        title="Another person at the hub",
        tries="Read another person's record at the hub.",
        run=_asked("GET", "/hub/api/users/{other}", 403, 404),
    ),
    _attack(
        id="hub-new-user",
        title="A person of one's own making",
        tries="Make an account at the hub.",
        run=_asked("POST", "/hub/api/users/attacker", 403, 404),
    ),
    _attack(
        id="hub-admin",
        title="An administrator",
        tries="Make oneself an administrator of the hub.",
        run=_asked("PATCH", "/hub/api/users/ada", 403, 404, json={"admin": True}),
    ),
    _attack(
        id="hub-admin-page",
        title="The administrators' page",
        tries="Open the hub's page for administrators.",
        run=_asked("GET", "/hub/admin", 403, 404),
    ),
    _attack(
        id="hub-shutdown",
        title="The hub stopped",
        tries="Tell the hub to stop.",
        run=_asked("POST", "/hub/api/shutdown", 403, json={"servers": False, "proxy": False}),
    ),
    _attack(
        id="hub-routes",
        title="The hub's list of routes",
        tries="Read and change where the proxy sends whom, by the hub.",
        run=_asked("GET", "/hub/api/proxy", 403),
    ),
    _attack(
        id="proxy-routes",
        title="The proxy's own door",
        tries="Read where the proxy sends whom, by the port on which the hub tells it.",
        run=forbidden(_proxy, 401, 403, control=_own),
    ),
    _attack(
        id="hub-services",
        title="Services of the hub",
        tries="Read the tokens and settings of the hub's services.",
        run=_asked("GET", "/hub/api/services/desk", 403, 404),
    ),
    _attack(
        id="hub-groups",
        title="Groups of the hub",
        tries="Put oneself into a group.",
        run=_asked("POST", "/hub/api/groups/attack/users", 403, 404, json={"users": ["ada"]}),
    ),
    _attack(
        id="stop-others-server",
        title="Another person's session stopped",
        tries="Stop another person's session by the hub.",
        run=_asked("DELETE", "/hub/api/users/{other}/servers/{theirs}", 403, 404),
    ),
    _attack(
        id="start-others-server",
        title="A session in another's name",
        tries="Start a session for another person.",
        run=_asked("POST", "/hub/api/users/{other}/servers/{own}", 403, 404),
    ),
    _attack(
        id="spawn-other-project",
        title="A project one is not on",
        tries="Start a session on a project of which one is no member.",
        run=_spawned("ada", "theirs"),
    ),
    _attack(
        id="spawn-ended-project",
        title="A project that has ended",
        tries="Start a session on a project of one's own that has ended.",
        run=_spawned("ada", ENDED_STUDY),
    ),
    _attack(
        id="spawn-unaccredited",
        title="Without accreditation",
        tries="Start a session as a member whose accreditation has run out.",
        run=_spawned("bola", "early-onset-psychosis"),
    ),
    _attack(
        id="spawn-default",
        title="A session without a project",
        tries="Start the server that belongs to no project.",
        run=_spawned("ada", ""),
    ),
    _attack(
        id="spawn-path",
        title="A project with dots in its name",
        tries="Start a session under a name that climbs to other folders.",
        run=_asked("POST", "/hub/api/users/ada/servers/..%2f..%2fkeys", 400, 403, 404),
    ),
    _attack(
        id="share-server",
        title="A session shared",
        tries="Share one's session with somebody who is not on the project.",
        run=_shared,
    ),
    _attack(
        id="share-code",
        title="A session shared by a code",
        tries="Make a code that lets anybody into one's session.",
        run=_share_code,
    ),
    _attack(
        id="wider-token",
        title="A token with more rights",
        tries="Ask the hub for a token that may look after people and servers.",
        run=_wider,
    ),
    _attack(
        id="session-token",
        title="The session's token, if it leaked",
        tries="Use the token of a session's server at the hub.",
        run=_session_token,
    ),
    _attack(
        id="code-twice",
        title="A one-time code used twice",
        tries="Sign in with a code that was seen over somebody's shoulder.",
        run=_used_code,
    ),
    _attack(
        id="no-code",
        title="A password alone",
        tries="Sign in with a stolen password and no code.",
        run=_no_code,
    ),
)
