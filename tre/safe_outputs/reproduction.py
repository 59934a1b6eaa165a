"""What is run again, and what it shows: code that gives the submitted file, or does not.

An output that was not recomputed is asserted. Where code goes with its request, that code is run
again in a fresh sealed session, and the file that it writes is held against the one submitted.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePath
from typing import Any

from tre.safe_outputs.file_check import ASSERTED, GAVE_IT, REPRODUCED, WORD_ALONE
from tre.safe_outputs.release_request import FileKind, ReleaseRequest, RequestFile
from tre.safe_outputs.reproduction_comparison import Comparison
from tre.safe_outputs.reviewing import IN_THE_REVIEWERS_HANDS
from tre.safe_outputs.votes import outputs

RUN_AGAIN = "run_again"
"""Under which name a file's check keeps what came of running its code again."""

CODE = (".ipynb", ".py", ".r")
"""Endings of code that can be run by itself."""

LONGEST_REASON = 300
"""Characters that are kept of what a run says of itself: it is not ours."""


class Outcome(StrEnum):
    """What came of running the code again, for one output."""

    REPRODUCED = "reproduced"
    DIFFERENT = "different"
    NOT_WRITTEN = "not written"
    FAILED = "failed"
    TOO_LONG = "too long"
    NOT_RUN = "not run"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunAgain:
    """The outcome for one output. said: a sentence for checkers and the author."""

    outcome: Outcome
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRun:
    """One code file that was run again.

    failure: in words, "" where it ran to its end. left: by the name of an output, how each regular
    file that was there under this name afterwards compares.
    """

    code: str
    failure: str = ""
    too_long: bool = False
    left: Mapping[str, tuple[Comparison, ...]] = field(default_factory=dict)


def code_to_run(request: ReleaseRequest) -> tuple[RequestFile, ...]:
    """List the code of a request that can be run by itself, by name, 2 before 10."""
    found = [
        file
        for file in request.files
        if file.kind is FileKind.CODE and PurePath(file.name).suffix.lower() in CODE
    ]
    return tuple(sorted(found, key=lambda file: _as_counted(file.name)))


def to_run_again(
    request: ReleaseRequest, checks: Mapping[int, Mapping[str, Any]], *, also_tried: bool = False
) -> tuple[RequestFile, ...]:
    """List the outputs whose code waits to be run again.

    They are asserted, in the reviewers' hands, with code in their request. checks: by the file's
    number. also_tried: those, too, for which it was tried already in this turn.
    """
    if request.state not in IN_THE_REVIEWERS_HANDS or not code_to_run(request):
        return ()
    return tuple(
        file
        for file in outputs(request)
        if (check := checks.get(file.id)) is not None
        and check.get("provenance") == ASSERTED
        and (also_tried or RUN_AGAIN not in check)
    )


def with_outcome(check: Mapping[str, Any], run: RunAgain, turn: int) -> dict[str, Any]:
    """Give a file's check with what came of running its code again.

    Only the provenance, and the note on it, may change: what was found is found all the same.
    """
    told = {"outcome": str(run.outcome), "said": run.said, "turn": turn}
    if run.outcome is not Outcome.REPRODUCED:
        return {**check, RUN_AGAIN: told}
    note = str(check.get("note", "")).replace(WORD_ALONE, GAVE_IT)
    return {**check, "provenance": REPRODUCED, "note": note, RUN_AGAIN: told}


def with_what_was_run(check: Mapping[str, Any], before: Mapping[str, Any] | None) -> dict[str, Any]:
    """Give a newer check of the very same file with what came of running its code before it.

    before: the file's check until now. What is recomputed now needs no run.
    """
    told = (before or {}).get(RUN_AGAIN)
    if told is None or check.get("provenance") != ASSERTED:
        return dict(check)
    run = RunAgain(outcome=Outcome(told["outcome"]), said=told["said"])
    return with_outcome(check, run, told["turn"])


def judged(name: str, runs: Sequence[CodeRun]) -> RunAgain:
    """Say what the runs show about the output of that name; one that gave it is enough."""
    differing = ""
    for run in runs:
        for comparison in run.left.get(name, ()):
            if comparison.agrees:
                return _said(
                    Outcome.REPRODUCED,
                    f"“{run.code}” was run again in a fresh sealed session and wrote the same "
                    f"file, {comparison.said}.",
                )
            differing = differing or (
                f"“{run.code}” was run again and wrote another file: {comparison.said}."
            )
    if differing:
        return _said(Outcome.DIFFERENT, differing)
    return _without_the_file(runs)


def not_run(why: str) -> RunAgain:
    """Say that nothing could be run again."""
    return _said(Outcome.NOT_RUN, f"The code could not be run again: {why}.")


def _without_the_file(runs: Sequence[CodeRun]) -> RunAgain:
    failed = [run for run in runs if run.failure]
    if not failed:
        names = ", ".join(f"“{run.code}”" for run in runs[:3])
        more = f" and {len(runs) - 3} more" if len(runs) > 3 else ""
        return _said(Outcome.NOT_WRITTEN, f"{names}{more} ran again and did not write it.")
    outcome = Outcome.TOO_LONG if any(run.too_long for run in failed) else Outcome.FAILED
    return _said(outcome, " ".join(_in_words(run) for run in failed))


def _in_words(run: CodeRun) -> str:
    return f"“{run.code}” was run again and {_one_line(run.failure, LONGEST_REASON).rstrip('.')}."


def _said(outcome: Outcome, said: str) -> RunAgain:
    return RunAgain(outcome=outcome, said=_one_line(said, 3 * LONGEST_REASON))


def _one_line(text: str, longest: int) -> str:
    """Without line ends, and without what cannot be seen or turns the text around it."""
    words = " ".join(text.split())
    plain = "".join(letter for letter in words if letter.isprintable())
    return plain if len(plain) <= longest else f"{plain[: longest - 1]}…"


def _as_counted(name: str) -> list[tuple[int, str]]:
    parts = re.split(r"(\d{1,9})", name.casefold())
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]
