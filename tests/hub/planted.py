"""What a hostile kernel leaves in a workspace for the server to trip over."""

import json
import os
from pathlib import Path

from tests.hub.pictures import png

TABLE = b"".join(b"%d,Female,62.5\n" % n for n in range(200))


def notebook(*cells, **metadata) -> bytes:
    whole = {"cells": list(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole).encode()


def code(number: int, data: dict | None = None) -> dict:
    """A cell, with one output where `data` is given."""
    output = {"output_type": "display_data", "metadata": {}, "data": data}
    return {
        "id": f"c{number}",
        "cell_type": "code",
        "source": "1 + 1",
        "metadata": {},
        "execution_count": None,
        "outputs": [output] if data else [],
    }


def markdown(**attachments) -> dict:
    return {
        "id": "m",
        "cell_type": "markdown",
        "source": "x",
        "metadata": {},
        "attachments": attachments,
    }


FILES = {
    # What people write.
    "notes.md": b"notes",
    "script.py": b"print(1)\n",
    "README": b"read me",
    "100%25 sure.txt": b"percent",
    "figure.png": png(),
    "good.ipynb": notebook(code(1, {"text/plain": ["2"]})),
    # Data, under every kind of name.
    "data.csv": b"a,b\n1,2\n",
    "UPPER.CSV": b"a,b\n1,2\n",
    "dot.csv.": TABLE,
    "space.csv ": b"a,b\n1,2\n",
    "double.txt.csv": b"a,b\n1,2\n",
    "table.txt": TABLE,
    "table": TABLE,
    "blob.bin": b"\x00\xff\xfe",
    "blob.txt": b"\x00\xff\xfe",
    "polyglot.png": png(behind=TABLE),
    "picture.svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
    "page.html": b"<script>1</script>",
    # Notebooks that are none, or carry what is not shown.
    "table.ipynb": TABLE,
    "list.ipynb": b"[]",
    "deep.ipynb": b"[" * 200_000 + b"]" * 200_000,
    "csv.ipynb": notebook(code(1), code(2, {"text/csv": TABLE.decode()})),
    "attached.ipynb": notebook(markdown(**{"x.csv": {"text/csv": "YSxiCg=="}})),
    "disguised.ipynb": notebook(markdown(**{"x.png": {"image/png": "YSxiCg=="}})),
    "metadata.ipynb": notebook(stuffed="x" * 100_000),
    # Names that try to be something else on a screen or in a log.
    "new\nline.txt": b"x",
    "bidi\u202etxt.py": b"x",
    "esc\x1b[31m.txt": b"x",
    "<img src=x onerror=alert(1)>.txt": b"x",
}


def plant(workspace: Path) -> None:
    """Fill a workspace."""
    workspace.mkdir(parents=True, exist_ok=True)
    for name, content in FILES.items():
        (workspace / name).write_bytes(content)
    Path(os.fsdecode(bytes(workspace) + b"/\xff\xfe.txt")).write_bytes(b"x")
    folder = workspace / "folder"
    (folder / "below").mkdir(parents=True)
    (folder / "data.csv").write_bytes(b"a,b\n1,2\n")
    _links(workspace, folder)
    os.mkfifo(workspace / "pipe.txt")
    os.mkfifo(folder / "pipe.ipynb")
    for name in ("sparse.txt", "sparse.png", "sparse.ipynb"):
        with (workspace / name).open("wb") as file:
            file.truncate(50 * 2**30)
    many = workspace / "many"
    many.mkdir()
    for number in range(2_100):
        (many / f"{number}.txt").touch()


def _links(workspace: Path, folder: Path) -> None:
    (workspace / "link.txt").symlink_to("/etc/hostname")
    (workspace / "environment.txt").symlink_to("/proc/self/environ")
    (workspace / "inside.txt").symlink_to("notes.md")
    (workspace / "loop.txt").symlink_to("loop.txt")
    (workspace / "up").symlink_to("..")
    (workspace / "root").symlink_to("/")
    (folder / "environment.txt").symlink_to("/proc/self/environ")
    (workspace / "hard.txt").hardlink_to(workspace / "table.txt")
    (workspace / "hard.csv").hardlink_to(workspace / "notes.md")
