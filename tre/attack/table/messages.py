"""What reaches the browser from a kernel: how much, and what a page does with it."""

import inspect
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from tre.attack.attack import (
    Attack,
    Attacker,
    CannotAttackError,
    Holder,
    Outcome,
    Seen,
    held,
    held_in_part,
    is_open,
    name_of,
    not_run,
)
from tre.attack.families import Family
from tre.attack.inside import messages
from tre.attack.judging import answered
from tre.attack.kernel import Kernel

if TYPE_CHECKING:
    from tre.attack.target import Target

SIZE = 10_000_000
SMALL = 5_000
PRINT_SECONDS = 40

_attack = partial(Attack, family=Family.MESSAGES, attacker=Attacker.CODE, holder=Holder.SERVER)


def _arrived(kernel: Kernel, act: Callable[..., Any], size: int) -> int:
    """Run a function of `inside.messages` by its source; count what reaches the browser."""
    code = f"{inspect.getsource(act)}\n{name_of(act)}({size})"
    return sum(message.size for message in kernel.run(code, seconds=PRINT_SECONDS))


def _withheld(act: Callable[..., Any]) -> Any:
    """Held where a small one arrives, and of ten megabytes not a tenth."""

    def run(target: "Target") -> Seen:
        small = _arrived(target.kernel, act, SMALL)
        if small < SMALL:
            return not_run(f"a small one did not arrive either ({small:,} bytes)")
        large = _arrived(target.kernel, act, SIZE)
        if large >= SIZE:
            return is_open(f"all {SIZE:,} bytes reached the browser")
        if large > SIZE // 10:
            return held_in_part(f"{large:,} of {SIZE:,} bytes reached the browser")
        return held(f"{large:,} of {SIZE:,} bytes reached the browser")

    return run


def _printed(target: "Target") -> Seen:
    small = _arrived(target.kernel, messages.print_much, SMALL)
    if small < SMALL:
        return not_run(f"a small one did not arrive either ({small:,} bytes)")
    began = time.monotonic()
    large = _arrived(target.kernel, messages.print_much, SIZE)
    if large >= SIZE:
        return is_open(f"all {SIZE:,} bytes reached the browser")
    return held_in_part(
        f"{large:,} of {SIZE:,} bytes reached the browser in {time.monotonic() - began:.1f} s"
    )


def _expressions(target: "Target") -> Seen:
    """Values that are asked for with a request, and come back on another channel."""
    small = target.kernel.run("1", expressions={"v": f"'x' * {SMALL}"})
    if sum(message.size for message in small) < SMALL:
        return not_run("a small one did not arrive either")
    large = target.kernel.run("1", expressions={"v": f"'x' * {SIZE}"})
    arrived = sum(message.size for message in large)
    if arrived >= SIZE:
        return is_open(f"all {SIZE:,} bytes reached the browser by the shell channel")
    return held(f"{arrived:,} of {SIZE:,} bytes reached the browser")


def policy_of(header: str) -> dict[str, list[str]]:
    """Read a content security policy: the words of each directive."""
    parts = (part.split() for part in header.split(";") if part.strip())
    return {name: words for name, *words in parts}


def _lab_policy(target: "Target") -> dict[str, list[str]]:
    answer = target.ada.server("GET", "lab", follow_redirects=True)
    answered(answer, 200)
    if "jupyter" not in answer.text.lower():
        message = "that page is not JupyterLab"
        raise CannotAttackError(message)
    return policy_of(answer.headers.get("content-security-policy", ""))


LOADS = ("script-src", "style-src", "img-src", "font-src", "connect-src", "media-src", "frame-src")
LOCAL = ("data:", "blob:", "'none'", "'self'", "'unsafe-inline'", "'unsafe-eval'")


def _beacons(target: "Target") -> Seen:
    policy = _lab_policy(target)
    if policy.get("default-src") not in (["'none'"], ["'self'"]):
        return is_open(f"default-src is {policy.get('default-src')}: output may load from anywhere")
    hub = target.config.url.partition("://")[2]
    for directive in (*LOADS, "form-action", "base-uri"):
        words = policy.get(directive, policy["default-src"] if directive in LOADS else ["*"])
        far = [word for word in words if word not in LOCAL and hub not in word]
        if far:
            return is_open(f"{directive} lets output reach {', '.join(far)}")
    return held("pictures, styles, scripts, requests, frames and forms reach this server alone")


def _only_this_server(target: "Target") -> Seen:
    policy = _lab_policy(target)
    words = policy.get("connect-src", policy.get("default-src", ["*"]))
    own = f"{target.config.url}{target.ada.base}"
    if (
        "'self'" in words
        or "*" in words
        or any(word.rstrip("/") == target.config.url for word in words)
    ):
        return is_open(f"connect-src {' '.join(words)} lets output speak to the hub as well")
    if own not in words:
        return not_run(f"connect-src {' '.join(words)} does not name this session")
    return held(f"output may speak to {own} and not to the hub, the desk or another session")


def _pop_ups(target: "Target") -> Seen:
    policy = _lab_policy(target)
    if "sandbox" not in policy:
        return is_open("no sandbox: output may open windows, download and leave the page")
    given = set(policy["sandbox"]) & {
        *("allow-popups", "allow-downloads", "allow-top-navigation"),
        *("allow-popups-to-escape-sandbox", "allow-top-navigation-by-user-activation"),
    }
    if given:
        return is_open(f"the sandbox has {', '.join(sorted(given))}")
    return held(f"sandbox {' '.join(policy['sandbox'])}: no windows, no downloads")


ATTACKS: tuple[Attack, ...] = (
    _attack(
        id="display",
        title="Ten megabytes of HTML",
        tries="Show ten megabytes in one output, which Jupyter's own limit does not count.",
        run=_withheld(messages.display),
    ),
    _attack(
        id="display-update",
        title="An output changed into ten megabytes",
        tries="Change a small output into one of ten megabytes.",
        run=_withheld(messages.update_display),
    ),
    _attack(
        id="error",
        title="Ten megabytes of an error",
        tries="Raise an error whose message is ten megabytes long.",
        run=_withheld(messages.error),
    ),
    _attack(
        id="comm",
        title="Ten megabytes to a widget",
        tries="Send ten megabytes as a widget does.",
        run=_withheld(messages.comm),
    ),
    _attack(
        id="comm-buffers",
        title="Ten megabytes of a widget's bytes",
        tries="Send ten megabytes as a widget's binary buffer.",
        run=_withheld(messages.comm_buffers),
    ),
    _attack(
        id="pager",
        title="Ten megabytes to the pager",
        tries="Have the reply to a request carry ten megabytes for the pager.",
        run=_withheld(messages.page),
    ),
    _attack(
        id="expressions",
        title="Ten megabytes in a reply",
        tries="Ask for a value of ten megabytes with a request, which answers on another channel.",
        attacker=Attacker.BROWSER,
        run=_expressions,
    ),
    _attack(
        id="print",
        title="Ten megabytes printed",
        tries="Print ten megabytes in small pieces.",
        run=_printed,
        expected=Outcome.IN_PART,
        because=(
            "What a kernel prints is what a researcher reads. The rate and the sum of a session "
            "are limited and the sum is written to the ledger; a little at a time gets through."
        ),
    ),
    _attack(
        id="beacons",
        title="Output that calls out",
        tries="Have a picture, style, script, form or frame in an output carry data elsewhere.",
        run=_beacons,
    ),
    _attack(
        id="output-to-hub",
        title="Output that speaks to the hub",
        tries="Have a script in an output use the researcher's cookies at the hub or the desk.",
        run=_only_this_server,
    ),
    _attack(
        id="pop-ups",
        title="Output that opens windows or downloads",
        tries="Have an output open a window elsewhere or start a download.",
        run=_pop_ups,
    ),
)
