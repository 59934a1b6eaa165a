"""One program on one case in one process: python -m benchmarks.suppression PROGRAM CASE FOLDER.

The first program asked leaves the question in the folder, each leaves its pattern there.
"""

import importlib
import json
import sys
from pathlib import Path
from typing import Any

from benchmarks.suppression.cases import CASES

MINUTES = 1
"""What pytauargus is told to take at most."""


def main(arguments: list[str]) -> None:
    """Answer on the last line of the output, as JSON."""
    program, name, place = arguments
    answer = STEPS[program](name, Path(place))
    sys.stdout.write("\n" + json.dumps(answer) + "\n")


def _ours(name: str, folder: Path) -> dict[str, Any]:  # noqa: ARG001 - it makes its own table
    ours = importlib.import_module("benchmarks.suppression.ours")
    return ours.protect(ours.table_of(CASES[name]))


def _ask(name: str, folder: Path) -> dict[str, Any]:
    ours = importlib.import_module("benchmarks.suppression.ours")
    asked = ours.question(ours.table_of(CASES[name]))
    (folder / "question.json").write_text(json.dumps(asked), encoding="utf-8")
    return {"cells": len(asked["cells"]), "primary": sum(one["primary"] for one in asked["cells"])}


def _peer(name: str, folder: Path) -> dict[str, Any]:  # noqa: ARG001 - the question names nothing
    peer = importlib.import_module("benchmarks.suppression.tau_argus")
    asked = json.loads((folder / "question.json").read_text(encoding="utf-8"))
    return peer.protect(asked, folder, MINUTES)


def _audit(name: str, folder: Path) -> dict[str, Any]:
    ours = importlib.import_module("benchmarks.suppression.ours")
    withheld = json.loads((folder / "pattern.json").read_text(encoding="utf-8"))
    return ours.audit(ours.table_of(CASES[name]), withheld)


STEPS = {"ask": _ask, "output_checks": _ours, "pytauargus": _peer, "audit": _audit}

if __name__ == "__main__":
    main(sys.argv[1:])
