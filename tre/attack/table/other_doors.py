"""Doors that other servers have: endpoints of extensions, odd methods, variables of a kernel."""

from functools import partial
from typing import TYPE_CHECKING

from tre.attack.attack import Attack, Attacker, Holder, Outcome, Seen, held, held_in_part, is_open
from tre.attack.families import Family
from tre.attack.inside import machine, planting
from tre.attack.judging import answered, judge_answer, shown, value_of
from tre.attack.kernel import Kernel

if TYPE_CHECKING:
    from tre.attack.target import Target

DOORS = (
    *("terminals/new/1", "terminals/1", "api/terminals/1", "lsp/status", "lsp/ws/pylsp"),
    *("proxy/8001", "proxy/absolute/8001", "voila/render/notes.txt", "git/settings"),
    *("api/collaboration/session/notes.txt", "api/fileid/id?path=notes.txt", "api/ai/chats"),
    *("api/scheduler/jobs", "api/metrics/v1", "metrics", "api/spec.yaml"),
    *("kernelspecs/python3/kernel.json", "kernelspecs/python3/..%2fkernel.json"),
    *("nbconvert/html/notes.txt?format=script", "edit/notes.txt", "custom/custom.css"),
)
"""Below a session: of Jupyter's parts and of extensions that other installations have."""
_LATER = "PYTHONWARNINGS"

_attack = partial(Attack, family=Family.DOWNLOADS, attacker=Attacker.BROWSER, holder=Holder.SERVER)


def _doors(target: "Target") -> Seen:
    answered(target.ada.server("GET", "api/status"), 200)
    for door in DOORS:
        seen = judge_answer(target.ada.server("GET", door), 403, 404)
        if seen.outcome is not Outcome.HELD:
            return seen
    return held(f"{len(DOORS)} addresses are closed or not there")


def _method(target: "Target") -> Seen:
    """Ask by GET, with a header that some servers take for the method."""
    kernel = f"api/kernels/{target.kernel.number}"
    answered(target.ada.server("GET", kernel), 200)
    headers = {"X-HTTP-Method-Override": "DELETE", "X-HTTP-Method": "DELETE"}
    target.ada.server("GET", f"{kernel}?_method=DELETE", headers=headers, xsrf=False)
    after = target.ada.server("GET", kernel)
    return held("the kernel goes on") if after.status_code == 200 else is_open(shown(after))


def _variables(target: "Target") -> Seen:
    wanted = {_LATER: "ignore", "LD_PRELOAD": "/workspace/attack.so"}
    started = target.ada.server("POST", "api/kernels", json={"name": "python3", "env": wanted})
    number = answered(started, 201).json()["id"]
    kernel = Kernel(target.ada.channel(number), number)
    try:
        found = value_of(kernel.call(machine.environment))
    finally:
        target.ada.stop_kernel(kernel)
    if taken := sorted(wanted.keys() & found.keys()):
        return is_open(f"the kernel was started with {', '.join(taken)}")
    return held("the kernel was started without what was sent")


def _names(target: "Target") -> Seen:
    """Carry data in the names of empty files, and list them."""
    rows = {f"names/F20 {number} 1990": "" for number in range(50)}
    value_of(target.kernel.call(planting.write_files, target.folder, rows))
    answer = target.ada.server("GET", f"api/contents/{target.name}/names?content=1")
    if answer.status_code != 200:
        return judge_answer(answer, 403)
    return held_in_part(f"{len(answer.json()['content'])} names of files were listed")


ATTACKS: tuple[Attack, ...] = (
    _attack(
        id="other-doors",
        title="Doors of other servers",
        tries="Ask for terminals, proxies, language servers and what other extensions bring.",
        run=_doors,
    ),
    _attack(
        id="method-override",
        title="A change by GET",
        tries="Stop a kernel by GET, with the method in a header and without the token.",
        run=_method,
    ),
    _attack(
        id="kernel-variables",
        title="A kernel with one's own variables",
        tries="Have a kernel started with LD_PRELOAD, which Jupyter takes from the request.",
        run=_variables,
    ),
    _attack(
        id="file-names",
        title="Data in the names of files",
        tries="Write data into the names of empty files, and list the folder.",
        run=_names,
        expected=Outcome.IN_PART,
        because=(
            "A list of files names them, and a researcher needs it. It holds at most 2,000, each "
            "counted with its size and time, within what a session may show in 24 hours."
        ),
    ),
)
