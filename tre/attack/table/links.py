"""Links and odd files in the workspace, for the server and the desk to follow or to choke on."""

import time
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

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
from tre.attack.judging import answered, judge_answer, shown, value_of

if TYPE_CHECKING:
    from tre.attack.target import Target

MARK = "researcher:x:1000"
"""Found in /etc/passwd as the server sees it."""
PATIENCE = 10
RACES = 150

_attack = partial(Attack, family=Family.LINKS, attacker=Attacker.CODE, holder=Holder.SERVER)


def _see(target: "Target", path: str, query: str = "content=1") -> httpx.Response:
    return target.ada.server(
        "GET", f"api/contents/{target.name}/{path}".rstrip("/") + f"?{query}", timeout=PATIENCE
    )


def _plain_file(target: "Target") -> None:
    """Control: a plain file beside the links is shown."""
    value_of(target.kernel.call(planting.text, target.folder, "beside.txt", "harmless"))
    answer = answered(_see(target, "beside.txt"), 200)
    if answer.json()["content"] != "harmless":
        message = "the control was shown with another content"
        raise CannotAttackError(message)


def _followed(name: str, points_to: Any, below: str = "") -> Any:
    """Held where a link that leads out is not there for the server."""

    def run(target: "Target") -> Seen:
        _plain_file(target)
        value_of(target.kernel.call(planting.link, target.folder, name, points_to(target)))
        answer = _see(target, name + below)
        listing = answered(_see(target, ""), 200)
        if answer.is_success:
            return is_open(f"the link was followed: {shown(answer)}")
        if any(one["name"] == name and one.get("content") for one in listing.json()["content"]):
            return is_open("the content behind the link is in the folder's list")
        return judge_answer(answer, 400, 403, 404)

    return run


def _written_through(target: "Target") -> Seen:
    """A link to where the server may write and a session may not: its own private folder."""
    _plain_file(target)
    private = target.config.home / "sessions" / f"{target.ada.person}--{target.ada.project}"
    aim = private / "private" / "attack.txt"
    value_of(target.kernel.call(planting.link, target.folder, "through.txt", str(aim)))
    model = {"type": "file", "format": "text", "content": "attack"}
    answer = target.ada.server("PUT", f"api/contents/{target.name}/through.txt", json=model)
    if aim.exists():
        aim.unlink()
        return is_open("the server wrote through the link into its own folder")
    return judge_answer(answer, 400, 403, 404, 409)


def _raced(target: "Target") -> Seen:
    _plain_file(target)
    value_of(target.kernel.call(planting.swap, target.folder, "race.txt", "/etc/passwd", 4.0))
    statuses: dict[int, int] = {}
    until = time.monotonic() + 3.5
    while time.monotonic() < until and sum(statuses.values()) < RACES:
        answer = _see(target, "race.txt")
        statuses[answer.status_code] = statuses.get(answer.status_code, 0) + 1
        if MARK in answer.text:
            return is_open(f"after {sum(statuses.values())} tries the link was followed")
    if not statuses.get(200):
        return not_run(f"the harmless half was never shown: {statuses}")
    return held(f"{sum(statuses.values())} tries while file and link changed places: {statuses}")


def _odd(name: str, plant: Any) -> Any:
    """Held where the server refuses quickly and goes on answering."""

    def run(target: "Target") -> Seen:
        _plain_file(target)
        value_of(target.kernel.call(plant, target.folder, name))
        began = time.monotonic()
        try:
            answer = _see(target, name)
        except httpx.TimeoutException:
            return is_open(f"the server did not answer within {PATIENCE} seconds")
        try:
            _plain_file(target)
        except (CannotAttackError, httpx.HTTPError) as error:
            return is_open(f"afterwards the server no longer answered: {error}")
        seen = judge_answer(answer, 400, 403, 404, 413, 500)
        return Seen(
            outcome=seen.outcome,
            evidence=f"{seen.evidence}, after {time.monotonic() - began:.1f} s; it goes on serving",
        )

    return run


def largest(target: "Target") -> int:
    """A gigabyte, or what one file may have here at most."""
    return min(2**30, target.config.session_file_mib * 2**20)


def _huge(target: "Target") -> Seen:
    _plain_file(target)
    value_of(target.kernel.call(planting.sparse, target.folder, "huge.txt", largest(target)))
    began = time.monotonic()
    try:
        answer = _see(target, "huge.txt")
    except httpx.TimeoutException:
        return is_open(f"the server did not answer within {PATIENCE} seconds")
    seconds = time.monotonic() - began
    _plain_file(target)
    seen = judge_answer(answer, 400, 403, 413)
    return Seen(outcome=seen.outcome, evidence=f"{seen.evidence}, after {seconds:.1f} s")


def _strange_names(target: "Target") -> Seen:
    names = ["new\nline.txt", "escape\x1b[31m.txt", "back\b.txt", "right\u202eto-left.txt"]
    for name in names:
        value_of(target.kernel.call(planting.text, target.folder, name, "harmless"))
    listing = answered(_see(target, ""), 200)
    if "\x1b" in listing.text or "\n" in listing.text.strip():
        return is_open("control characters of a name are in the list as they are")
    for name in names:
        _see(target, quote(name))
    log = target.config.home / "logs" / f"session-{target.ada.person}--{target.ada.project}.log"
    if log.exists() and b"\x1b[31m.txt" in log.read_bytes():
        return is_open("a file's name writes control characters into the server's log")
    return held("the list is whole and escaped, and the server's log shows no control character")


def _workspace_list(target: "Target") -> Seen:
    """What the desk makes of the same links, for a project's own list of files."""
    kernel, finn = target.colleagues_kernel, target.finn
    value_of(kernel.call(planting.text, target.folder, "listed.txt", "harmless"))
    value_of(kernel.call(planting.link, target.folder, "listed-link.txt", "/etc/passwd"))
    value_of(kernel.call(planting.link, target.folder, "listed-folder", "/etc"))
    answer = answered(finn.desk("GET", f"/api/v1/projects/{finn.project}/workspace"), 200)
    paths = [one["path"] for one in answer.json()]
    if f"{target.name}/listed.txt" not in paths:
        message = "the desk does not list the plain file"
        raise CannotAttackError(message)
    strange = [path for path in paths if "listed-" in path]
    if strange:
        return is_open(f"the desk lists {', '.join(strange[:3])}")
    return held("the desk lists the plain file and neither link")


ATTACKS: tuple[Attack, ...] = (
    _attack(
        id="link-file",
        title="A link to a file, for the server",
        tries="Link to a file that the server can read, and open the link in the browser.",
        run=_followed("link.txt", lambda _: "/etc/passwd"),
    ),
    _attack(
        id="link-settings",
        title="A link to the session's settings",
        tries="Link to the server's own description of the session.",
        run=_followed(
            "settings.json",
            lambda target: str(
                target.config.home
                / "sessions"
                / f"{target.ada.person}--{target.ada.project}"
                / "settings"
                / "session.json"
            ),
        ),
    ),
    _attack(
        id="link-process",
        title="A link to the server's process",
        tries="Link to /proc/self/environ, which the server would open as its own.",
        run=_followed("environ.txt", lambda _: "/proc/self/environ"),
    ),
    _attack(
        id="link-data",
        title="A link to the extract",
        tries="Link to the extract by its name on the machine, which the server sees.",
        run=_followed(
            "extract.json",
            lambda target: str(
                next(target.tre.folders.extracts(target.ada.project).rglob("*.json"))
            ),
        ),
    ),
    _attack(
        id="link-folder",
        title="A link to a folder",
        tries="Link to /etc, and open a file below the link.",
        run=_followed("folder", lambda _: "/etc", "/passwd"),
    ),
    _attack(
        id="link-write",
        title="A link to write through",
        tries="Link to a file that only the server may write, and save it from the browser.",
        run=_written_through,
    ),
    _attack(
        id="link-race",
        title="A link in the moment of reading",
        tries="Make a name a file and a link by turns: what is checked is not what is read.",
        run=_raced,
    ),
    _attack(
        id="fifo",
        title="A FIFO",
        tries="Leave a FIFO, which keeps a server waiting that opens it.",
        run=_odd("pipe.txt", planting.pipe),
    ),
    _attack(
        id="socket-in-workspace",
        title="A socket for a file",
        tries="Leave a socket where the server expects a file.",
        run=_odd("socket.txt", planting.listening_socket),
    ),
    _attack(
        id="sparse",
        title="A huge file that is empty",
        tries="Leave a file of a gigabyte that takes no room, for the server to read into memory.",
        run=_huge,
    ),
    _attack(
        id="strange-names",
        title="Names with control characters",
        tries="Name files with line breaks, escapes and reversed text, to forge lists and logs.",
        run=_strange_names,
    ),
    _attack(
        id="link-desk-list",
        title="Links in the desk's list",
        tries="Have the desk follow links when it lists the workspace.",
        attacker=Attacker.COLLEAGUE,
        holder=Holder.DESK,
        run=_workspace_list,
    ),
)
