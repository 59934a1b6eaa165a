"""Runs inside the sandbox as `sitecustomize`: says what to do when pip finds no package.

Python imports it whenever it starts; for anything but pip it does nothing. Standard library alone.
"""

import importlib
import os
import sys

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


def offered() -> str:
    """Name what there is, in one line."""
    try:
        names = sorted(n.split("-")[0] for n in os.listdir("/packages") if n.endswith(".whl"))  # noqa: PTH208
    except OSError:
        names = []
    several = ", ".join(dict.fromkeys(names))
    return f"There are: {several}." if names else "There are none in this installation yet."


if is_pip(sys.orig_argv):
    advise()
