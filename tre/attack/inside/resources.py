"""Using up the machine: processes, memory, disks, open files, the processor."""

import mmap
import os
import signal
import time
from pathlib import Path
from typing import Any


def fork_many(most: int) -> dict[str, Any]:
    """Start processes that do nothing until no more are given, or `most` run; then end them."""
    children: list[int] = []
    refused = ""
    try:
        while len(children) < most:
            child = os.fork()
            if child == 0:
                signal.pause()
                os._exit(0)
            children.append(child)
    except OSError as error:
        refused = str(error.strerror)
    for child in children:
        os.kill(child, signal.SIGKILL)
    for child in children:
        os.waitpid(child, 0)
    return {"started": len(children), "refused": refused}


def fork_one() -> bool:
    """Control: a process can be started, and is heard of when it ends."""
    child = os.fork()
    if child == 0:
        os._exit(7)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7


def take_memory(most_mib: int, processes: int = 1) -> dict[str, Any]:
    """Take memory and use it, in several processes at once; how much could be used."""
    readers, children = [], []
    for _ in range(processes):
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            _use(most_mib // processes, writing)
        os.close(writing)
        readers.append(reading)
        children.append(child)
    told = _count(readers)
    for child in children:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    for reading in readers:
        os.close(reading)
    return told


def _use(most_mib: int, writing: int) -> None:
    """Use memory block by block: x for each, then ! where all was given and . where it was not."""
    kept = []
    try:
        for _ in range(most_mib // 16):
            block = mmap.mmap(-1, 16 * 2**20)
            for page in range(0, 16 * 2**20, 4096):
                block[page] = 1
            kept.append(block)
            os.write(writing, b"x")
        os.write(writing, b"!")
    except (OSError, MemoryError):
        os.write(writing, b".")
    while True:
        signal.pause()


def _count(readers: list[int]) -> dict[str, Any]:
    """Count what all children use at once, until each has enough, is refused or was killed.

    What a killed child used is free again, so that it no longer counts.
    """
    import select  # noqa: PLC0415 - sent as source

    blocks, waiting = dict.fromkeys(readers, 0), set(readers)
    most, refused, killed = 0, 0, 0
    until = time.monotonic() + 60
    while waiting and time.monotonic() < until:
        ready, _, _ = select.select(sorted(waiting), [], [], 1)
        for reading in ready:
            said = os.read(reading, 4096)
            blocks[reading] = blocks[reading] + said.count(b"x") if said else 0
            refused += said.count(b".")
            killed += not said
            most = max(most, sum(blocks.values()))
            if not said or said[-1:] in (b"!", b"."):
                waiting.discard(reading)
    return {"used_mib": most * 16, "refused": refused, "killed": killed}


def use_some_memory() -> bool:
    """Control: a modest amount can be used."""
    return take_memory(32)["used_mib"] == 32


def fill(folder: str, most_mib: int) -> dict[str, Any]:
    """Write until nothing more goes in, or `most_mib` are written; then take it away."""
    import errno  # noqa: PLC0415 - sent as source

    written, refused, files = 0, "", []
    try:
        for number in range(most_mib // 16 + 1):
            file = Path(folder) / f"fill-{number}"
            files.append(file)
            with file.open("wb", buffering=0) as stream:
                for _ in range(16):
                    written += stream.write(b"x" * 2**20) / 2**20
    except OSError as error:
        refused = errno.errorcode.get(error.errno or 0, "")
    for file in files:
        file.unlink(missing_ok=True)
    return {"written_mib": int(written), "refused": refused}


def fill_sockets(most_mib: int) -> dict[str, Any]:
    """Fill the folder in which this kernel's sockets lie, and leave it full while it runs."""
    mounted = [line.split()[4] for line in Path("/proc/self/mountinfo").read_text().splitlines()]
    folder = next(place for place in mounted if place.endswith("/sockets"))
    written, refused = 0, ""
    try:
        with (Path(folder) / "fill").open("wb", buffering=0) as file:
            while written < most_mib * 2**20:
                written += file.write(b"x" * 2**20)
    except OSError as error:
        refused = str(error.strerror)
    return {"written_mib": written // 2**20, "refused": refused}


def write_some(folder: str) -> bool:
    """Control: a megabyte goes in."""
    file = Path(folder) / "some"
    file.write_bytes(b"x" * 2**20)
    file.unlink()
    return True


def grow(folder: str, size: int) -> dict[str, Any]:
    """Make one file larger than any may be, without writing into it."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    file = Path(folder) / "grown"
    try:
        with file.open("wb") as stream:
            stream.truncate(size)
        return {"size": file.stat().st_size}
    finally:
        file.unlink(missing_ok=True)


def open_many(most: int) -> dict[str, Any]:
    """Open files until no more are given."""
    import errno  # noqa: PLC0415 - sent as source

    held, refused = [], ""
    try:
        while len(held) < most:
            held.append(os.open("/dev/null", os.O_RDONLY))
    except OSError as error:
        refused = errno.errorcode.get(error.errno or 0, "")
    for descriptor in held:
        os.close(descriptor)
    return {"opened": len(held), "refused": refused}


def burn(processes: int, seconds: float) -> float:
    """Count in several processes at once; how many seconds of processor they got in all."""
    before = os.times()
    children = []
    for _ in range(processes):
        child = os.fork()
        if child == 0:
            until = time.monotonic() + seconds
            while time.monotonic() < until:
                pass
            os._exit(0)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)
    after = os.times()
    return (
        after.children_user
        + after.children_system
        - (before.children_user + before.children_system)
    )
