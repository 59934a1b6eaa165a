"""Runs inside the sandbox as `sitecustomize`: pip installs what is offered, and says what to do.

Python imports it whenever it starts; for anything but pip it does nothing. Standard library alone.
Not a boundary: whoever writes code writes round it, and a module in the workspace is imported
without pip. It keeps what nobody chose from being installed by mistake.
"""

import importlib
import os
import sys
from typing import Any

OFFERED = "/packages/"
ADVICE = """
A session installs from the packages that the TRE manager chose, and from nowhere else.
%s
For another package, ask the TRE manager to add its wheel: tre packages add NAME-VERSION-….whl
A source distribution (.tar.gz) is not installed: the manager adds a wheel of it.
"""


def is_pip(words: list[str]) -> bool:
    """Whether a command line starts pip: as a module or as its own program."""
    if "-m" in words[:4]:
        return words[words.index("-m") + 1 : words.index("-m") + 2] == ["pip"]
    return any(os.path.basename(word).startswith("pip") for word in words[1:2])  # noqa: PTH119


def advise() -> None:
    """Have pip's own entry say more when an installation fails."""
    try:
        entry = importlib.import_module("pip._internal.cli.main")
    except ImportError:
        return
    real = entry.main

    def told(args: list[str] | None = None) -> int:
        status = real(args)
        words = sys.argv[1:] if args is None else args
        if status and {"install", "download"} & set(words):
            sys.stderr.write(ADVICE % offered())
        return status

    vars(entry)["main"] = told


def refuse_others() -> None:
    """Have pip take no file from elsewhere, whether it is named, listed or found in a folder."""
    try:
        factory = importlib.import_module("pip._internal.resolution.resolvelib.factory").Factory
        failed = importlib.import_module("pip._internal.exceptions").InstallationError
        real = factory._make_candidate_from_link  # noqa: SLF001 - pip has no public way
    except (ImportError, AttributeError):
        return

    def of_the_offered(self: Any, link: Any, *more: Any, **named: Any) -> Any:
        if link.is_file and not os.path.realpath(link.file_path).startswith(OFFERED):
            message = f"{link.file_path} is not one of the packages that the TRE manager chose"
            raise failed(message)
        return real(self, link, *more, **named)

    factory._make_candidate_from_link = of_the_offered  # noqa: SLF001


def offered() -> str:
    """Name what there is, in one line."""
    try:
        names = sorted(n.split("-")[0] for n in os.listdir("/packages") if n.endswith(".whl"))  # noqa: PTH208
    except OSError:
        names = []
    several = ", ".join(dict.fromkeys(names))
    return f"There are: {several}." if names else "There are none in this installation yet."


if is_pip(sys.orig_argv):
    refuse_others()
    advise()
