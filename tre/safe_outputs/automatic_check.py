"""The automatic check of one output, made outside the session from the project's own extract."""

import json
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from output_checks import Policy, PolicyError
from tre.decision import UnusableRequestError
from tre.safe_outputs.file_check import ASSERTED, FAIL, FileCheck, finding, worst
from tre.safe_outputs.reader import Question, Together, send
from tre.safe_outputs.recomputation import Submitted
from tre.safe_outputs.request_limits import STANDARD
from tre.safe_outputs.together import not_compared

__all__ = ["FileCheck", "Reader", "check_output", "check_outputs_together", "worst"]

LONGEST_SECONDS = 120
LARGEST_BYTES = 64 * 2**20
CHECKS_A_READER = 200

COMMAND = (sys.executable, "-I", "-m", "tre.safe_outputs.reader")


def check_output(  # noqa: PLR0913 - an output is checked by exactly these
    content: bytes,
    name: str,
    declaration: str | None,
    extract: Path | None,
    policy: str,
    *,
    private_results: tuple[str, ...] = (),
    most_cells: int = STANDARD.table_cells,
) -> FileCheck:
    """Check one output in a process apart; whatever is in it, the answer is a FileCheck.

    declaration: the output's declaration (JSON text) from the session, None without one.
    extract: the folder of the project's extract (Parquet files and manifest.json).
    policy: the project's policy; several names joined by "+" mean the strictest of them.
    private_results: SHA-256 of the results that the privacy budget's record holds.
    most_cells: a declared table with more fails, and no more rows of a file are kept.
    A check that takes too long or too much memory fails the file.
    Raises UnusableRequestError for a policy that is not known: nothing falls back to less.
    """
    try:
        Policy.named(policy)
    except PolicyError as error:
        message = f"the project's policy is not understood: {error}"
        raise UnusableRequestError(message) from error
    output = Submitted(
        content=content,
        name=name,
        declaration=declaration,
        extract=extract,
        policy=policy,
        private_results=private_results,
        most_cells=most_cells,
    )
    if len(content) > LARGEST_BYTES:
        return _failed(output, f"it is larger than {LARGEST_BYTES // 2**20} MB")
    return _reader().check(output)


def check_outputs_together(
    outputs: Sequence[Submitted], released: Sequence[Submitted]
) -> Mapping[str, list[dict[str, Any]]]:
    """Findings that several outputs cause together, by the outputs' names, in a process apart.

    released: what the project released before. A comparison that takes too long or too much
    memory is a finding that sends the outputs to a person.
    """
    if len(outputs) + len(released) < 2:
        return {}
    return _reader().compare(outputs, released)


@dataclass(slots=True)
class Reader:
    """A process apart, started at the first check and kept warm; replaced when it breaks.

    seconds: how long one check may take. Checks of several threads wait for each other.
    """

    command: Sequence[str] = COMMAND
    seconds: float = LONGEST_SECONDS
    _process: "subprocess.Popen[bytes] | None" = None
    _checks: int = 0
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def check(self, output: Submitted) -> FileCheck:
        """Have an output checked; a reader that gives no answer fails it."""
        answer = self.ask(output)
        if not answer:
            return _failed(
                output, f"checking it took more than {self.seconds:g} seconds or all memory"
            )
        return FileCheck.from_dict(json.loads(answer))

    def compare(
        self, outputs: Sequence[Submitted], released: Sequence[Submitted]
    ) -> Mapping[str, list[dict[str, Any]]]:
        """Have outputs checked together; no answer sends them to a person."""
        answer = self.ask(Together(outputs=tuple(outputs), released=tuple(released)))
        if not answer:
            why = f"that took more than {self.seconds:g} seconds or all memory"
            return not_compared(outputs, why)
        return json.loads(answer)

    def ask(self, question: Question) -> bytes:
        """Have a question answered, as JSON; b"" where no answer came in time."""
        with self._turn:
            answer = self._asked(question)
            self._checks += 1
            if not answer or self._checks >= CHECKS_A_READER:
                self._stop()
        return answer

    def close(self) -> None:
        """Stop the process, if one runs."""
        with self._turn:
            self._stop()

    def _asked(self, question: Question) -> bytes:
        process = self._started()
        assert process.stdin is not None  # both are pipes
        assert process.stdout is not None
        too_late = threading.Timer(self.seconds, process.kill)
        too_late.start()
        try:
            send(process.stdin, question)
            answer = process.stdout.readline()
        except BrokenPipeError:
            return b""
        finally:
            too_late.cancel()
        return answer if answer.endswith(b"\n") else b""

    def _started(self) -> "subprocess.Popen[bytes]":
        if self._process is None:
            self._process = subprocess.Popen(  # noqa: S603 - a command of this file
                self.command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env={},
                start_new_session=True,
            )
        return self._process

    def _stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
        self._process, self._checks = None, 0


@cache
def _reader() -> Reader:
    """The one reader of this process: starting one takes a second, a check much less."""
    return Reader()


def _failed(output: Submitted, why: str) -> FileCheck:
    message = f"“{output.name}” could not be checked: {why}."
    remedy = "Submit something smaller: fewer or coarser dimensions, or a part of the file."
    return FileCheck(
        verdict=FAIL,
        provenance=ASSERTED,
        findings=(finding("check", FAIL, message, remedy),),
        evidence=(),
        table=(),
        proof=(),
        policy_name=output.policy,
        policy_hash="",
        note="",
    )
