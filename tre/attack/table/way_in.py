"""Attacks by the way in: sign-ins that end elsewhere, codes sent elsewhere, other names."""

from functools import partial
from typing import TYPE_CHECKING, Any

import httpx

from tre.attack.attack import Attack, Attacker, Holder, Seen, held, is_open, not_run
from tre.attack.families import Family
from tre.attack.judging import answered, forbidden, judge_answer, shown
from tre.attack.visitor import Visitor

if TYPE_CHECKING:
    from tre.attack.target import Target

EVIL = "https://attack.example"

_attack = partial(Attack, family=Family.CROSS_SITE, attacker=Attacker.PAGE, holder=Holder.HUB)


def _redirected(path: str) -> Any:
    """Held where signing in does not end on another site."""

    def run(target: "Target") -> Seen:
        ada = target.ada
        own = ada.hub("GET", "/hub/login?next=%2Fhub%2Fhome")
        if own.headers.get("location", "").partition("?")[0] != "/hub/home":
            return not_run(f"the control was answered with {shown(own)}")
        answer = ada.hub("GET", path)
        where = answer.headers.get("location", "")
        host = httpx.URL(target.config.url).join(where.replace("\\", "/")).host
        if host != httpx.URL(target.config.url).host:
            return is_open(shown(answer))
        return held(f"{shown(answer)}, which is here")

    return run


def _callback(target: "Target") -> Seen:
    authorize = "/hub/api/oauth2/authorize?client_id=service-desk&response_type=code&state=a"
    right = f"{target.config.desk_address}/oauth_callback"
    own = target.finn.hub("GET", f"{authorize}&redirect_uri={right}")
    if not own.headers.get("location", "").startswith(right):
        return not_run(f"the control was answered with {shown(own)}")
    answer = target.finn.hub("GET", f"{authorize}&redirect_uri={EVIL}/oauth_callback")
    if answer.headers.get("location", "").startswith(EVIL):
        return is_open(f"a code was sent to {EVIL}")
    return judge_answer(answer, 400, 403)


def _made_up_state(target: "Target") -> httpx.Response:
    thief = Visitor(at=target.ada.at)
    try:
        return thief.desk("GET", "/oauth_callback?code=made-up&state=made-up")
    finally:
        thief.close()


def _other_host(target: "Target") -> Seen:
    answered(target.finn.desk("GET", "/projects"), 200)
    answer = target.finn.desk("GET", "/projects", headers={"Host": "attack.example"})
    if answer.is_redirect and answer.headers["location"].startswith(target.config.desk_address):
        return held(f"another name is sent to the desk's own address: {shown(answer)}")
    if answer.is_success:
        return is_open("the desk answers under a name that is not its own (DNS rebinding)")
    return judge_answer(answer, 400, 403, 421)


ATTACKS: tuple[Attack, ...] = (
    _attack(
        id="redirect-address",
        title="Sign-in that ends elsewhere",
        tries="Send somebody to the sign-in page with another site as the next address.",
        run=_redirected(f"/hub/login?next={EVIL}/hub/home"),
    ),
    _attack(
        id="redirect-slashes",
        title="Sign-in that ends elsewhere, by slashes",
        tries="The same, by an address that begins with two slashes.",
        run=_redirected("/hub/login?next=%2F%2Fattack.example%2Fhub"),
    ),
    _attack(
        id="redirect-backslash",
        title="Sign-in that ends elsewhere, by a backslash",
        tries="The same, by a backslash, which browsers read as a slash.",
        run=_redirected("/hub/login?next=%2F%5Cattack.example%2Fhub"),
    ),
    _attack(
        id="oauth-callback",
        title="The hub's code sent elsewhere",
        tries="Have the hub send a code for the desk to another address.",
        run=_callback,
    ),
    _attack(
        id="oauth-state",
        title="A sign-in that nobody began",
        tries="Make a browser arrive at the desk with a code of the attacker's.",
        holder=Holder.DESK,
        run=forbidden(
            _made_up_state,
            403,
            control=lambda target: target.finn.desk("GET", "/projects"),
        ),
    ),
    _attack(
        id="desk-other-host",
        title="The desk under another name",
        tries="Reach the desk by a name of the attacker's that points to it (DNS rebinding).",
        holder=Holder.DESK,
        run=_other_host,
    ),
)
