"""acro in a process of its own: tables asked for as JSON on the input, its answers as JSON.

Run as `python -m tests.output_checks.acro_asked`. Each table: the columns of its rows, the names of
its two dimensions, and what else acro's crosstab is told.
"""

import json
import logging
import sys
import warnings
from typing import Any

import pandas as pd
from acro import ACRO


def main() -> None:
    """Answer every question, in order."""
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    answers = [_answer(asked) for asked in json.load(sys.stdin)]
    sys.stdout.write("\n" + json.dumps(answers) + "\n")


def _answer(asked: dict[str, Any]) -> dict[str, Any]:
    acro = ACRO(**asked.get("acro", {}))
    frame = pd.DataFrame(asked["columns"])
    row, column = asked["dimensions"]
    more = dict(asked.get("more", {}))
    if "values" in more:
        more["values"] = frame[more["values"]]
    try:
        shown = acro.crosstab(frame[row], frame[column], **more)
    except Exception as error:  # noqa: BLE001 - whatever it fails with is its answer
        return {"error": type(error).__name__}
    record = acro.results.get_index(-1)
    return {
        "status": record.status,
        "shown": [
            [None if pd.isna(one) else one for one in line] for line in shown.to_numpy().tolist()
        ],
        "rows": [str(label) for label in shown.index],
        "columns": [str(label) for label in shown.columns],
        "cells": record.sdc["cells"],
    }


def _plain(value: float) -> float | None:
    return None if pd.isna(value) else value


if __name__ == "__main__":
    main()
