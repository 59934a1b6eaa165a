"""Runs the code of a request again in fresh sealed kernels, and compares what it writes."""

import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath

from tre.decision import UnusableRequestError
from tre.hub.reproduction_apart import Ended, StoppedError, run_apart
from tre.hub.reproduction_files import (
    as_notebook,
    fresh_workspace,
    lay,
    left_under,
    read_left,
    remove_left_over,
)
from tre.safe_outputs.release_request import FileKind
from tre.safe_outputs.reproduction import (
    CodeRun,
    Outcome,
    RunAgain,
    code_to_run,
    judged,
    not_run,
)
from tre.safe_outputs.reproduction_comparison import Comparison, compare
from tre.safe_outputs.request_limits import RequestLimits
from tre.steps.reproduce import ToRun, frozen_file, record_run, spec_to_run, take_to_run
from tre.steps.taking_turns import alone
from tre.steps.tre import Tre
from tre.vocabulary import RequestId


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRunAgain:
    """What came of running the code again, for one output of a request."""

    request: RequestId
    file: int
    name: str
    outcome: Outcome
    said: str


def reproduce(
    tre: Tre, request: RequestId, *, stop: threading.Event, also_tried: bool = False
) -> tuple[FileRunAgain, ...]:
    """Run a request's code again and write down what came of it; nothing where nothing waits.

    Only sealed: whoever calls has proven the seal. One run at a time in a data home.
    Raises OvertakenError where another goes on, or the request changed meanwhile: the outcome is
    then dropped. Raises StoppedError where `stop` was set, and the request goes on waiting.
    """
    home = tre.config.home
    with alone(
        home / "hub" / "runs.lock", "code of a request is being run again already; try later"
    ):
        remove_left_over(home)
        taken = take_to_run(tre, request, also_tried=also_tried)
        if taken is None:
            return ()
        outcomes = _outcomes(tre, taken, stop)
        record_run(tre, taken, outcomes)
    return tuple(
        FileRunAgain(
            request=request,
            file=file.id,
            name=file.name,
            outcome=outcomes[file.id].outcome,
            said=outcomes[file.id].said,
        )
        for file in taken.outputs
    )


def _outcomes(tre: Tre, taken: ToRun, stop: threading.Event) -> dict[int, RunAgain]:
    try:
        with fresh_workspace(tre.config.home) as workspace:
            runs = _runs(tre, taken, workspace, stop)
    except UnusableRequestError as error:
        return {file.id: not_run(str(error)) for file in taken.outputs}
    return {file.id: judged(file.name, runs) for file in taken.outputs}


def _runs(tre: Tre, taken: ToRun, workspace: Path, stop: threading.Event) -> list[CodeRun]:
    """Run every code file, one after another in one workspace, until all outputs are there.

    So may one prepare what the next works on. The cells are the frozen ones, whatever an earlier
    run has done to the copies in the workspace.
    """
    spec = spec_to_run(tre, taken, workspace)
    code = [file for file in taken.request.files if file.kind is FileKind.CODE]
    lay(workspace, {file.name: frozen_file(tre, taken, file) for file in code})
    wanted = {file.name: frozen_file(tre, taken, file) for file in taken.outputs}
    until = time.monotonic() + 60 * tre.config.rerun_minutes
    runs: list[CodeRun] = []
    for file in code_to_run(taken.request):
        notebook = as_notebook(file.name, frozen_file(tre, taken, file))
        ended = run_apart(spec, notebook, seconds=max(0.0, until - time.monotonic()), stop=stop)
        left = _compared(workspace, wanted, tre.request_limits)
        runs.append(_run(file.name, ended, left))
        if all(_is_there(name, runs) for name in wanted):
            break
    return runs


def _run(name: str, ended: Ended, left: Mapping[str, tuple[Comparison, ...]]) -> CodeRun:
    return CodeRun(code=name, failure=_in_words(name, ended), too_long=ended.too_long, left=left)


def _in_words(name: str, ended: Ended) -> str:
    if not ended.failure or not ended.cell:
        return ended.failure
    if PurePath(name).suffix.lower() != ".ipynb":
        return f"failed: {ended.failure}"
    return f"failed at cell {ended.cell}: {ended.failure}"


def _compared(
    workspace: Path, wanted: Mapping[str, bytes], limits: RequestLimits
) -> dict[str, tuple[Comparison, ...]]:
    found = left_under(workspace, wanted)
    return {
        name: tuple(
            _each(name, wanted[name], (read_left(workspace, path, limits) for path in paths))
        )
        for name, paths in found.items()
    }


def _each(name: str, submitted: bytes, found: Iterable[bytes | None]) -> Iterable[Comparison]:
    for written in found:
        if written is not None:
            yield compare(name, submitted, written)


def _is_there(name: str, runs: Iterable[CodeRun]) -> bool:
    return any(one.agrees for run in runs for one in run.left.get(name, ()))


__all__ = ["FileRunAgain", "StoppedError", "reproduce"]
