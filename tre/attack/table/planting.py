"""Things planted in the shared workspace for a colleague's next kernel, and for the server."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from tre.attack.attack import (
    Attack,
    Attacker,
    CannotAttackError,
    Holder,
    Outcome,
    Run,
    Seen,
    held,
    held_in_part,
    is_open,
)
from tre.attack.families import Family
from tre.attack.inside import planting
from tre.attack.judging import answered, controlled, judge_answer, value_of
from tre.attack.table.planting_r import r_files, start_r

if TYPE_CHECKING:
    from tre.attack.target import Target

LIBRARY, STANDARD = "pyotp", "colorsys"
"""A library and a module of Python that no kernel has loaded when it starts."""
OWN_CODE = ("tre.session", "output_checks")
PLANTED = {
    "ipython-startup": (
        ".ipython/profile_default/startup/00-attack.py",
        "profile_default/startup/00-attack.py",
    ),
    "ipython-config": (
        "ipython_config.py",
        "ipython_kernel_config.py",
        ".ipython/profile_default/ipython_config.py",
    ),
    "server-config": (
        "jupyter_server_config.py",
        "jupyter_config.py",
        "jupyter_lab_config.py",
        ".jupyter/jupyter_server_config.py",
    ),
    "sitecustomize": ("sitecustomize.py", "usercustomize.py", ".pythonrc.py"),
    "server-module": ("jupyterlab/__init__.py", "jupyterhub.py", "jupyter_server.py"),
}
"""What leaves a mark if anybody runs it, by the attack that it belongs to."""

KERNEL = """{"argv": ["/bin/sh"], "display_name": "attack", "language": "python"}"""
KERNELS = (
    "kernels/attack/kernel.json",
    "share/jupyter/kernels/attack/kernel.json",
    ".local/share/jupyter/kernels/attack/kernel.json",
)

_attack = partial(Attack, family=Family.PLANTING, attacker=Attacker.COLLEAGUE, holder=Holder.KERNEL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Harvest:
    """What came of all that was planted, once a new server and a new kernel had started."""

    marks: tuple[str, ...]
    imported: dict[str, str]
    libraries: tuple[str, ...]
    of_r: tuple[str, ...] | None


def _mark(what: str, folders: tuple[str, ...]) -> str:
    """Code that leaves a mark, wherever it is run: inside the session or in the server."""
    return (
        "from pathlib import Path\n"
        f"for folder in {folders!r}:\n"
        "    try:\n"
        f"        (Path(folder) / {f'{planting.MARK}-{what}'!r}).touch()\n"
        "    except OSError:\n"
        "        pass\n"
    )


def plant(target: "Target") -> Harvest:
    """Plant everything, start server and kernel again, and look for the marks."""
    finn, folder = target.finn, target.folder
    planter = target.colleagues_kernel
    folders = (folder, str(target.on_disk(finn.project)))
    controlled(planter, planting.runs_when_asked, folder, _mark("control", folders))
    files = {name: _mark(what, folders) for what, names in PLANTED.items() for name in names}
    files |= dict.fromkeys(KERNELS, KERNEL)
    files |= {
        f"{LIBRARY}.py": "",
        f"{STANDARD}.py": "",
        "tre/session.py": "",
        "tre/__init__.py": "",
    }
    files["output_checks/__init__.py"] = ""
    files |= r_files(folder)
    planted = value_of(planter.call(planting.write_files, "/workspace", files))
    missing = {name for name in files if name not in planted}
    try:
        if missing:
            message = f"the workspace already has {', '.join(sorted(missing)[:3])}"
            raise CannotAttackError(message)
        return _start_again_and_look(target)
    finally:
        target.colleagues_kernel.call(planting.remove_files, "/workspace", planted)


def _start_again_and_look(target: "Target") -> Harvest:
    target.start_again(target.finn)
    with target.fresh_kernel(target.finn) as kernel:
        imported = value_of(
            kernel.call(planting.where_from, *OWN_CODE, LIBRARY, STANDARD, seconds=60)
        )
        libraries = value_of(kernel.call(planting.libraries_loaded, "/workspace"))
        marks = value_of(kernel.call(planting.marks, target.folder))
    listed = answered(target.finn.server("GET", "api/kernelspecs"), 200).json()["kernelspecs"]
    return Harvest(
        marks=tuple(marks),
        imported=imported | {"kernels": ", ".join(listed)},
        libraries=tuple(libraries),
        of_r=start_r(target) if "ir" in listed else None,
    )


def _not_run(what: str) -> Run:
    """Held where the planted code left no mark."""

    def run(target: "Target") -> Seen:
        marks = target.once(plant).marks
        if f"{planting.MARK}-{what}" in marks:
            return is_open("the planted code was run")
        return held("the planted code would have left a mark, and left none")

    return run


def _imported(*names: str) -> Run:
    """Held where a module came from elsewhere than the workspace."""

    def run(target: "Target") -> Seen:
        imported = target.once(plant).imported
        for name in names:
            if imported[name].startswith("/workspace"):
                return is_open(f"{name} was imported from {imported[name]}")
            if not imported[name].startswith("/"):
                message = f"{name} was {imported[name] or 'imported from nowhere'}"
                raise CannotAttackError(message)
        return held("; ".join(f"{name} from {imported[name]}" for name in names)[:300])

    return run


def _not_run_by_r(what: str) -> Run:
    """Held where R left no mark, though it would have; also where no R is offered."""

    def run(target: "Target") -> Seen:
        marks = target.once(plant).of_r
        if marks is None:
            return held("no R is offered on this machine, so nothing reads it")
        if f"{planting.MARK}-{what}" in marks:
            return is_open("R ran the planted code when it started")
        return held("R runs the planted code when asked to, and did not when it started")

    return run


def _kernels(target: "Target") -> Seen:
    listed = target.once(plant).imported["kernels"]
    if "python3" not in listed:
        message = f"the server lists no kernel of its own: {listed}"
        raise CannotAttackError(message)
    if "attack" in listed:
        return is_open(f"the server offers {listed}")
    answer = target.finn.server("POST", "api/kernels", json={"name": "attack"})
    if answer.is_success:
        return is_open("a kernel without the seal was started")
    return held(f"the server offers {listed}, and starts no other (status {answer.status_code})")


def _preload(target: "Target") -> Seen:
    loaded = target.once(plant).libraries
    controlled(target.colleagues_kernel, planting.own_libraries)
    if loaded:
        return is_open(f"loaded or named: {', '.join(loaded)}")
    return held("no library of the workspace is loaded, and no variable names one")


def _shared_module(target: "Target") -> Seen:
    name = f"attack_{target.name.removeprefix('attack-')}"
    value_of(target.colleagues_kernel.call(planting.write_files, "/workspace", {f"{name}.py": ""}))
    try:
        with target.fresh_kernel(target.finn) as kernel:
            came: dict[str, Any] = value_of(kernel.call(planting.where_from, name))
    finally:
        target.colleagues_kernel.call(planting.remove_files, "/workspace", [f"{name}.py"])
    if came[name].startswith("/workspace"):
        return held_in_part(
            "a module that a notebook asks for by its own name is taken from the workspace"
        )
    return held(f"it was {came[name]}")


def _kernel_path(target: "Target") -> Seen:
    answer = target.ada.server(
        "POST", "api/kernels", json={"name": "../../../../usr/share/jupyter/kernels/python3"}
    )
    answered(target.ada.server("GET", "api/kernels"), 200)
    return judge_answer(answer, 400, 404, 500)


ATTACKS: tuple[Attack, ...] = (
    _attack(
        id="r-profile",
        title="Start-up code of R",
        tries="Leave an .Rprofile in the workspace for a colleague's next R to run.",
        run=_not_run_by_r("r-profile"),
    ),
    _attack(
        id="r-environ",
        title="Variables of R",
        tries="Leave an .Renviron in the workspace that names start-up code for R.",
        run=_not_run_by_r("r-environ"),
    ),
    _attack(
        id="ipython-startup",
        title="IPython start-up files",
        tries="Leave start-up files in the workspace for a colleague's next kernel to run.",
        run=_not_run("ipython-startup"),
    ),
    _attack(
        id="ipython-config",
        title="IPython settings",
        tries="Leave settings of IPython in the workspace for a colleague's next kernel.",
        run=_not_run("ipython-config"),
    ),
    _attack(
        id="sitecustomize",
        title="sitecustomize and start-up of Python",
        tries="Leave files that Python runs whenever it starts.",
        run=_not_run("sitecustomize"),
    ),
    _attack(
        id="server-config",
        title="Settings of the server",
        tries="Leave Jupyter's settings in the workspace for the server to read when it starts.",
        holder=Holder.SERVER,
        run=_not_run("server-config"),
    ),
    _attack(
        id="server-module",
        title="Modules for the server",
        tries="Leave modules in the workspace under names that the server imports.",
        holder=Holder.SERVER,
        run=_not_run("server-module"),
    ),
    _attack(
        id="poisoned-standard",
        title="A module of Python replaced",
        tries="Leave a module under the name of one of Python's own.",
        run=_imported(STANDARD),
    ),
    _attack(
        id="poisoned-library",
        title="A library replaced",
        tries="Leave a module under the name of an installed library.",
        run=_imported(LIBRARY),
    ),
    _attack(
        id="poisoned-session",
        title="The session's own code replaced",
        tries="Leave modules under the names of `tre.session` and `output_checks`.",
        run=_imported(*OWN_CODE),
    ),
    _attack(
        id="shared-module",
        title="A module that a colleague's notebook imports",
        tries="Change a module of the project's own that a colleague imports.",
        holder=Holder.POLICY,
        run=_shared_module,
        expected=Outcome.IN_PART,
        because=(
            "Members of a project share its workspace and their code on purpose. Such code is "
            "sealed like any other, sees the same project, and what it asks for is reviewed."
        ),
    ),
    _attack(
        id="kernelspec",
        title="A kernel without the seal",
        tries="Leave the description of another kernel where Jupyter looks for them.",
        holder=Holder.SERVER,
        run=_kernels,
    ),
    _attack(
        id="kernel-path",
        title="A kernel by its path",
        tries="Ask the server for a kernel by a name that climbs out of the session's kernels.",
        attacker=Attacker.BROWSER,
        holder=Holder.SERVER,
        run=_kernel_path,
    ),
    _attack(
        id="preload",
        title="Libraries loaded first",
        tries="Have a library of the workspace loaded into the next kernel (LD_PRELOAD, locale).",
        run=_preload,
    ),
)
