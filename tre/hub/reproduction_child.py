"""Runs one code file again in a process of its own: what a run prints fills no other's memory.

`python -I -m tre.hub.reproduction_child FOLDER SECONDS`: FOLDER holds `session.json` and
`notebook.ipynb`; `answer.json` is written into it.
"""

import json
import os
import signal
import sys
from pathlib import Path

from tre.hub.reproduction_apart import ANSWER, NOTEBOOK, SESSION
from tre.hub.sealed_run import NotebookFailedError, run_notebook
from tre.hub.session_file import read_session

POLITE = 10
"""Sessions come first: by so much a run is nicer than they are (nice(1))."""

LONGEST = 2_000
"""Characters of a failure that are handed on."""


def main(folder: Path, seconds: int) -> None:
    """Run it sealed, and write down whether it came to its end."""
    os.nice(POLITE)
    # Where it is ended before the kernel runs, or after: leave by the way that tidies up.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    session = read_session(folder / SESSION)
    notebook = (folder / NOTEBOOK).read_bytes()
    answer: dict[str, object] = {"failure": "", "cell": 0}
    try:
        run_notebook(session.spec, notebook, cell_seconds=seconds)
    except NotebookFailedError as error:
        answer = {"failure": error.short[:LONGEST], "cell": error.cell}
    (folder / ANSWER).write_text(json.dumps(answer), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
