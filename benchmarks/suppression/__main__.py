"""One program on one case in one process: python -m benchmarks.suppression PROGRAM CASE FOLDER.

The first program asked leaves the question in the folder, each leaves its pattern there.
"""

import importlib
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks.suppression.cases import CASES, Linked

MINUTES = 1
"""What pytauargus is told to take at most."""


def main(arguments: list[str]) -> None:
    """Answer on the last line of the output, as JSON."""
    program, name, place = arguments
    answer = STEPS[program](name, Path(place))
    sys.stdout.write("\n" + json.dumps(answer) + "\n")


def _module(name: str) -> tuple[ModuleType, Any]:
    """What asks, protects and audits a case, and the case's table or tables."""
    case = CASES[name]
    kind = "linked" if isinstance(case, Linked) else "ours"
    module = importlib.import_module(f"benchmarks.suppression.{kind}")
    return module, module.table_of(case)


def _ours(name: str, _folder: Path) -> dict[str, Any]:
    module, table = _module(name)
    return module.protect(table)


def _ask(name: str, folder: Path) -> dict[str, Any]:
    module, table = _module(name)
    asked = module.question(table)
    (folder / "question.json").write_text(json.dumps(asked), encoding="utf-8")
    return {"cells": len(asked["cells"]), "primary": sum(one["primary"] for one in asked["cells"])}


def _peer(_name: str, folder: Path) -> dict[str, Any]:
    peer = importlib.import_module("benchmarks.suppression.tau_argus")
    asked = json.loads((folder / "question.json").read_text(encoding="utf-8"))
    return peer.protect(asked, folder, MINUTES)


def _audit(name: str, folder: Path) -> dict[str, Any]:
    module, table = _module(name)
    return module.audit(table, _pattern(folder))


def _intervals(name: str, folder: Path) -> dict[str, Any]:
    module, table = _module(name)
    return module.intervals(table, _pattern(folder))


def _pattern(folder: Path) -> list[int]:
    return json.loads((folder / "pattern.json").read_text(encoding="utf-8"))


STEPS = {
    "ask": _ask,
    "output_checks": _ours,
    "pytauargus": _peer,
    "audit": _audit,
    "intervals": _intervals,
}

if __name__ == "__main__":
    main(sys.argv[1:])
