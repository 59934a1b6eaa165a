"""The reader: a process apart that opens what came out of a session, and nothing else.

It has no environment variables, writes no file, and has so much memory and time and no more: a
file or an expression made to exhaust the machine ends this process and not the service's.

Both ways a message is one line of JSON, followed by as many bytes as it says in "bytes".
"""

import json
import os
import resource
import sys
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from tre.safe_outputs.recomputation import Submitted, recompute

MOST_MEMORY_BYTES = 4 * 2**30


def send(stream: IO[bytes], output: Submitted) -> None:
    """Write an output to the reader."""
    header = asdict(output) | {
        "bytes": len(output.content),
        "extract": None if output.extract is None else str(output.extract),
    }
    header.pop("content")
    stream.write(json.dumps(header).encode() + b"\n")
    stream.write(output.content)
    stream.flush()


def receive(stream: IO[bytes]) -> Submitted | None:
    """Read an output that the service sent, or None at the end."""
    line = stream.readline()
    if not line:
        return None
    header: dict[str, Any] = json.loads(line)
    content = stream.read(header.pop("bytes"))
    header["extract"] = None if header["extract"] is None else Path(header["extract"])
    header["private_results"] = tuple(header["private_results"])
    return Submitted(content=content, **header)


def serve(source: IO[bytes], answers: IO[bytes]) -> None:
    """Check what comes, one after the other, until there is no more."""
    while (output := receive(source)) is not None:
        check = recompute(output)
        answers.write(json.dumps(check.to_dict(), default=str).encode() + b"\n")
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
