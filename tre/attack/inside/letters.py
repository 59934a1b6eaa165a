"""Letters for the outbox, as a hostile session would write them."""

import base64
import json
import os
import threading
import time
import uuid
from pathlib import Path
from typing import Any

OUTBOX, REPLIES = Path("/outbox"), Path("/replies")


def send(
    request: Any,
    files: dict[str, str] | None = None,
    letter: str = "",
    seconds: float = 40,
) -> dict[str, Any]:
    """Leave a letter and wait for its answer.

    request: written as JSON, or as it is where it is text. files: contents in base64 by name.
    """
    number = letter or uuid.uuid4().hex
    part = OUTBOX / f"{number}.part"
    (part / "files").mkdir(parents=True)
    for name, content in (files or {}).items():
        (part / "files" / name).write_bytes(base64.b64decode(content))
    text = request if isinstance(request, str) else json.dumps(request)
    (part / "request.json").write_text(text, encoding="utf-8")
    return _sent(part, number, seconds)


def _sent(part: Path, number: str, seconds: float) -> dict[str, Any]:
    reply = REPLIES / f"{number}.json"
    before = reply.stat().st_mtime_ns if reply.exists() else 0
    part.rename(OUTBOX / number)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if reply.exists() and reply.stat().st_mtime_ns != before:
            return json.loads(reply.read_text(encoding="utf-8"))
        time.sleep(0.05)
    return {"outcome": "no answer", "reasons": []}


def send_odd(odd: str, request: dict[str, Any]) -> dict[str, Any]:
    """Leave a letter of which one part is a link or a FIFO, and wait for its answer."""
    number = uuid.uuid4().hex
    part = OUTBOX / f"{number}.part"
    if odd == "letter-link":
        part.symlink_to("/data")
        return _sent(part, number, 40)
    if odd == "letter-file":
        part.write_text("no folder", encoding="ascii")
        return _sent(part, number, 40)
    part.mkdir()
    _REQUESTS.get(odd, _plain_request)(part, request)
    _FILES.get(odd, _plain_files)(part)
    return _sent(part, number, 40)


def _plain_request(part: Path, request: dict[str, Any]) -> None:
    (part / "request.json").write_text(json.dumps(request), encoding="utf-8")


def _plain_files(part: Path) -> None:
    (part / "files").mkdir()
    (part / "files" / "0").write_bytes(b"a,b\n1,2\n")


def _file_link(part: Path) -> None:
    (part / "files").mkdir()
    (part / "files" / "0").symlink_to("/etc/passwd")


def _file_pipe(part: Path) -> None:
    (part / "files").mkdir()
    os.mkfifo(part / "files" / "0")


_REQUESTS: dict[str, Any] = {
    "request-link": lambda part, _: (part / "request.json").symlink_to("/etc/hostname"),
    "request-pipe": lambda part, _: os.mkfifo(part / "request.json"),
}
_FILES: dict[str, Any] = {
    "folder-link": lambda part: (part / "files").symlink_to("/etc"),
    "file-link": _file_link,
    "file-pipe": _file_pipe,
}


def send_racing(request: dict[str, Any]) -> dict[str, Any]:
    """Leave a letter whose file is a file and a link by turns while it is read.

    The link leads to /dev/zero: who follows it says that this is no regular file.
    """
    number = uuid.uuid4().hex
    part = OUTBOX / f"{number}.part"
    part.mkdir()
    _plain_request(part, request)
    _plain_files(part)
    folder = os.open(part / "files", os.O_RDONLY)
    stop = threading.Event()

    def swap() -> None:
        while not stop.is_set():
            try:
                os.symlink("/dev/zero", "fake", dir_fd=folder)
                os.rename("fake", "0", src_dir_fd=folder, dst_dir_fd=folder)
                writing = os.open("real", os.O_CREAT | os.O_WRONLY, 0o600, dir_fd=folder)
                os.write(writing, b"a,b\n1,2\n")
                os.close(writing)
                os.rename("real", "0", src_dir_fd=folder, dst_dir_fd=folder)
            except OSError:
                return

    thread = threading.Thread(target=swap, daemon=True)
    thread.start()
    try:
        return _sent(part, number, 40)
    finally:
        stop.set()
        thread.join()
        os.close(folder)


def leave_strange(name: str) -> bool:
    """Leave something in the outbox that is no letter; whether it is soon cleared away."""
    (OUTBOX / name).write_text("strange", encoding="ascii")
    until = time.monotonic() + 20
    while (OUTBOX / name).exists() and time.monotonic() < until:
        time.sleep(0.1)
    return not (OUTBOX / name).exists()


def forge_reply() -> str:
    """Write an answer of the service oneself."""
    (REPLIES / f"{uuid.uuid4().hex}.json").write_text("{}", encoding="ascii")
    return "written"


def unpickle(content: str, folder: str) -> bool:
    """Control: the pickle would run if anybody loaded it."""
    import pickle  # noqa: PLC0415 - what it is about

    pickle.loads(base64.b64decode(content))  # noqa: S301 - the same
    mark = Path(folder)
    found = mark.exists()
    if found:
        mark.unlink()
    return found


def forged_table() -> dict[str, str]:
    """Make an honest table, and put other numbers under its declaration."""
    import importlib  # noqa: PLC0415 - sent as source
    import re  # noqa: PLC0415

    session: Any = importlib.import_module("tre.session")
    table = session.data("linked").table("sex")
    honest = table.to_csv()
    forged = re.sub(r"\d+", lambda found: str(int(found[0]) + 1000), honest)
    return {"csv": forged, "honest": honest, "declaration": table.declaration.to_json()}
