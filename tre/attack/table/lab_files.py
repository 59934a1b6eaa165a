"""Ways round the file service: through what JupyterLab keeps for itself, and by odd requests."""

import json
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx

from tre.attack.attack import Attack, Attacker, Holder, Seen, held, is_open, not_run
from tre.attack.families import Family
from tre.attack.inside import planting
from tre.attack.judging import answered, forbidden, shown, value_of
from tre.training.demo import STUDY

if TYPE_CHECKING:
    from tre.attack.target import Target

THEMES = "lab/api/settings/@jupyterlab/apputils-extension:themes"
LAYOUTS = "lab/api/workspaces"
MOST_TRIED = 100
MARK = "a table of the project"

_attack = partial(Attack, family=Family.DOWNLOADS, attacker=Attacker.BROWSER, holder=Holder.SERVER)


def _settings(target: "Target") -> httpx.Response:
    """Control: settings of JupyterLab are shown."""
    return target.ada.server("GET", THEMES)


def _as_settings(method: str, **more: Any) -> Any:
    """Ask for a JSON file of the workspace by its path, as if it described settings."""

    def ask(target: "Target") -> httpx.Response:
        plan = json.dumps({"type": "object", "description": MARK})
        value_of(target.kernel.call(planting.text, target.folder, "plan.json", plan))
        name = quote(f"{target.on_disk(STUDY)}:plan", safe="")
        return target.ada.server(method, f"lab/api/settings/{name}", **more)

    return forbidden(ask, 404, control=_settings)


def _layout(target: "Target", name: str, size: int = 1) -> httpx.Response:
    """Keep a layout until the attacks are over."""
    target.when_closed(lambda: target.ada.server("DELETE", f"{LAYOUTS}/{name}"))
    sent = {"data": {"kept": "x" * size}, "metadata": {"id": name}}
    return target.ada.server("PUT", f"{LAYOUTS}/{name}", json=sent)


def _many_layouts(target: "Target") -> Seen:
    answered(_layout(target, "attack-0"), 204)
    made, answer = 1, None
    while made < MOST_TRIED:
        answer = _layout(target, f"attack-{made}")
        if answer.status_code != 204:
            break
        made += 1
    if answer is None or made == MOST_TRIED:
        return is_open(f"{made} layouts were kept, and no end of it was seen")
    words = f"{made} were kept, then: {shown(answer)}"
    return held(words) if answer.status_code in (409, 413) else not_run(words)


ODD = (
    *(("POST", "api/kernels", []), ("POST", "api/kernels", {"name": ["x"]})),
    *(("PUT", "api/contents/odd.md", [1]), ("PATCH", "api/contents/odd.md", {"path": ["a"]})),
    *(("POST", "api/sessions", {"path": 1, "type": {}}), ("PUT", f"{LAYOUTS}/odd", {})),
)


def _odd_bodies(target: "Target") -> Seen:
    answered(_settings(target), 200)
    for method, path, body in ODD:
        answer = target.ada.server(method, path, json=body)
        if answer.status_code >= 500:
            return is_open(f"the server ran into an error: {shown(answer)}")
        if answer.is_success:
            return is_open(f"taken as it was: {shown(answer)}")
    return held(f"{len(ODD)} requests with fields of another kind were refused by name")


ATTACKS: tuple[Attack, ...] = (
    _attack(
        id="settings-path",
        title="A file as JupyterLab's settings",
        tries="Read a JSON file by its path, where settings are asked for by their name.",
        run=_as_settings("GET"),
    ),
    _attack(
        id="settings-written",
        title="Settings written to a path",
        tries="Write a file by the path of one, where settings are kept by their name.",
        run=_as_settings("PUT", json={"raw": "{}"}),
    ),
    _attack(
        id="layout-size",
        title="A large layout",
        tries="Keep a megabyte as the layout of JupyterLab's window.",
        run=forbidden(
            lambda target: _layout(target, "attack-large", 2**20),
            413,
            control=lambda target: _layout(target, "attack-large"),
            control_statuses=(204,),
        ),
    ),
    _attack(
        id="layouts",
        title="Layouts without end",
        tries="Keep one layout of JupyterLab's window after the other.",
        run=_many_layouts,
    ),
    _attack(
        id="odd-bodies",
        title="Requests of another shape",
        tries="Send lists and numbers where names are expected, to make the server fail.",
        run=_odd_bodies,
    ),
)
