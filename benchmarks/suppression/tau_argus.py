"""pytauargus (EUPL-1.2) as a program that is asked: files in, a pattern out. Nothing is linked.

Its table format: a line per cell with its codes, value, frequency, cost, status, and how far a
reader must be left below and above the value.
"""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pytauargus.batch import Suppress, WriteTable
from pytauargus.engine import Engine

LEAD = "@"
TOTAL = "Total"
WITHHELD = {"U", "M"}
FIELDS = """\
value ""
  <NUMERIC>
  <DECIMALS> 0
freq ""
  <FREQUENCY>
cost ""
  <NUMERIC> <COST>
  <DECIMALS> 0
status ""
  <STATUS>
below ""
  <NUMERIC> <LOWERPL>
above ""
  <NUMERIC> <UPPERPL>
"""


def protect(asked: dict[str, Any], folder: Path, minutes: int) -> dict[str, Any]:
    """Withhold cells with its optimal method; say which, and the seconds of that step alone.

    asked: as `benchmarks.suppression.question` wrote it. minutes: its own limit of time.
    """
    names = [f"d{axis}" for axis in range(len(asked["axes"]))]
    metadata = [
        _dimension(name, axis, folder) for name, axis in zip(names, asked["axes"], strict=True)
    ]
    head = '<SEPARATOR> ";"\n<SAFE> S\n<UNSAFE> U\n<PROTECT> P\n'
    (folder / "cells.rda").write_text(head + "".join(metadata) + FIELDS, encoding="utf-8")
    lines = [_cell(cell) for cell in asked["cells"] if cell["value"]]
    (folder / "cells.tab").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "read.arb").write_text(_batch(names), encoding="utf-8")
    engine = Engine()
    engine.run_batch(folder / "read.arb")
    began = time.perf_counter()
    engine.suppress(Suppress(kind="OPT", tab_no=1, opt_max_time=minutes))
    seconds = time.perf_counter() - began
    out = folder / "out.tab"
    engine.write_table(WriteTable(tab_no=1, output_type=5, options=["SO+"], file=str(out)))
    return {"seconds": seconds, "withheld": _withheld(asked, out)}


def _dimension(name: str, axis: dict[str, Any], folder: Path) -> str:
    """One dimension of the metadata; where it has groups, its tree goes into a file beside it."""
    lines = [
        f'{name} "{TOTAL}"'.replace(f'"{TOTAL}"', '""'),
        "  <RECODEABLE>",
        f'  <TOTCODE> "{TOTAL}"',
    ]
    if axis["groups"]:
        tree = folder / f"{name}.hrc"
        tree.write_text("\n".join(_tree(axis["groups"], axis["top"], 0)) + "\n", encoding="utf-8")
        lines += [
            f'  <HIERCODELIST> "{tree}"',
            f'  <HIERLEADSTRING> "{LEAD}"',
            "  <HIERARCHICAL>",
        ]
    return "\n".join(lines) + "\n"


def _tree(children: dict[str, list[str]], codes: Sequence[str], depth: int) -> list[str]:
    lines = []
    for code in codes:
        lines.append(LEAD * depth + code)
        lines += _tree(children, children.get(code, ()), depth + 1)
    return lines


def _cell(cell: dict[str, Any]) -> str:
    status = "U" if cell["primary"] else "S"
    # Ten times the cost for margins makes its costs so unlike that it finds worse patterns.
    cost = cell["value"] + 1
    numbers = (cell["value"], cell["value"], cost, status, cell["below"], cell["above"])
    return ";".join(f'"{code}"' for code in cell["codes"]) + ";" + ";".join(map(str, numbers))


def _batch(names: Sequence[str]) -> str:
    quoted = "".join(f'"{name}"' for name in names)
    return (
        '<OPENTABLEDATA> "cells.tab"\n<OPENMETADATA> "cells.rda"\n'
        f'<SPECIFYTABLE> {quoted}|"value"||"cost"\n<SAFETYRULE>\n<READTABLE> 0\n'
    )


def _withheld(asked: dict[str, Any], file: Path) -> list[int]:
    """Numbers of the cells that it withholds, found by their codes."""
    places = {tuple(cell["codes"]): number for number, cell in enumerate(asked["cells"])}
    found = []
    for line in file.read_text(encoding="utf-8").splitlines():
        parts = [part.strip().strip('"') for part in line.split(";")]
        codes = tuple(code or TOTAL for code in parts[: len(asked["axes"])])
        if parts[-3] in WITHHELD:
            found.append(places[codes])
    return sorted(found)
