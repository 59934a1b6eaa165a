"""The reader: a process apart that opens what came out of a session, and nothing else.

It has no environment variables, writes no file, and has so much memory and time and no more: a
file or an expression made to exhaust the machine ends this process and not the service's.

Both ways a message is one line of JSON, followed by as many bytes as it says in "bytes", file by
file.
"""

import json
import os
import resource
import sys
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO, Any

from tre.safe_outputs.recomputation import Submitted, recompute
from tre.safe_outputs.remedy import Preview, preview
from tre.safe_outputs.together import found_together

MOST_MEMORY_BYTES = 4 * 2**30


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """A question about several outputs, and those that were released before."""

    outputs: tuple[Submitted, ...]
    released: tuple[Submitted, ...]


Question = Submitted | Together | Preview


def send(stream: IO[bytes], question: Question) -> None:
    """Write an output, or several, to the reader."""
    if isinstance(question, Preview):
        sets = ((question.output,), question.others, question.released)
        new = [[replace(one, content=b"") for one in some] for some in sets[:2]]
        heads = [[_header(one) for one in some] for some in (*new, question.released)]
        asked = {"preview": heads, "method": question.method}
        stream.write(json.dumps(asked).encode() + b"\n")
        stream.writelines(one.content for one in question.released)
    elif isinstance(question, Together):
        # New ones are made again whatever they hold; of those that left it matters what they are.
        new = [replace(one, content=b"") for one in question.outputs]
        heads = [[_header(one) for one in some] for some in (new, question.released)]
        stream.write(json.dumps({"together": heads}).encode() + b"\n")
        stream.writelines(one.content for one in question.released)
    else:
        stream.write(json.dumps(_header(question)).encode() + b"\n")
        stream.write(question.content)
    stream.flush()


def receive(stream: IO[bytes]) -> Question | None:
    """Read what the service sent, or None at the end."""
    line = stream.readline()
    if not line:
        return None
    header: dict[str, Any] = json.loads(line)
    if "preview" in header:
        (output,), others, released = _sets(stream, header["preview"])
        method = header["method"]
        return Preview(output=output, method=method, others=others, released=released)
    if "together" in header:
        outputs, released = _sets(stream, header["together"])
        return Together(outputs=outputs, released=released)
    return _submitted(header, stream.read(header["bytes"]))


def _sets(stream: IO[bytes], heads: list[list[dict[str, Any]]]) -> list[tuple[Submitted, ...]]:
    return [tuple(_submitted(one, stream.read(one["bytes"])) for one in some) for some in heads]


def _header(output: Submitted) -> dict[str, Any]:
    header = asdict(output) | {
        "bytes": len(output.content),
        "extract": None if output.extract is None else str(output.extract),
    }
    header.pop("content")
    return header


def _submitted(header: dict[str, Any], content: bytes) -> Submitted:
    known = {name: value for name, value in header.items() if name != "bytes"}
    known["extract"] = None if known["extract"] is None else Path(known["extract"])
    known["private_results"] = tuple(known["private_results"])
    return Submitted(content=content, **known)


def serve(source: IO[bytes], answers: IO[bytes]) -> None:
    """Answer what comes, one after the other, until there is no more."""
    while (question := receive(source)) is not None:
        if isinstance(question, Together):
            answer: object = found_together(question.outputs, question.released)
        elif isinstance(question, Preview):
            answer = preview(question)
        else:
            answer = recompute(question).to_dict()
        answers.write(json.dumps(answer, default=str).encode() + b"\n")
        answers.flush()


def limit(memory_bytes: int) -> None:
    """Take away what a reader does not need; it cannot be given back."""
    most = {
        resource.RLIMIT_AS: memory_bytes,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
    }
    for what, value in most.items():
        resource.setrlimit(what, (value, value))


def main(memory_bytes: int = MOST_MEMORY_BYTES) -> None:
    """Read from standard input and answer on standard output until the service goes away."""
    limit(memory_bytes)
    # What a library prints must not get between the answers.
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as answers:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        serve(sys.stdin.buffer, answers)


if __name__ == "__main__":  # pragma: no cover - runs in the process apart
    main()
