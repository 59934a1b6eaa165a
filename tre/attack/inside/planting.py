"""Things left for whoever comes next: modules, settings, start-up files, links, odd files."""

import os
import socket
import sys
from pathlib import Path
from typing import Any

MARK = "attack-was-run"
PLACES = ("metadata", "beside-cells", "in-a-cell", "in-an-output", "unknown-output", "cell-id")
"""Parts of a notebook that are drawn nowhere."""


def write_files(folder: str, files: dict[str, str]) -> list[str]:
    """Write files below a folder, making folders as needed; none is written over."""
    made = []
    for name, text in files.items():
        file = Path(folder) / name
        if os.path.lexists(file):
            continue
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        made.append(name)
    return made


def remove_files(folder: str, names: list[str]) -> None:
    """Take planted files away again, with the folders that were made for them."""
    for name in names:
        file = Path(folder) / name
        file.unlink(missing_ok=True)
        for above in file.relative_to(folder).parents:
            try:
                (Path(folder) / above).rmdir()
            except OSError:
                break


def marks(folder: str) -> list[str]:
    """List the marks that planted code has left."""
    return sorted(file.name for file in Path(folder).glob(f"{MARK}*"))


def runs_when_asked(folder: str, text: str) -> bool:
    """Control: the planted code would leave its mark if somebody ran it."""
    exec(compile(text, "planted", "exec"), {})  # noqa: S102 - what it is about
    left = marks(folder)
    for name in left:
        (Path(folder) / name).unlink()
    return bool(left)


def where_from(*names: str) -> dict[str, Any]:
    """Import modules by name; tell which file each came from."""
    import importlib  # noqa: PLC0415 - sent as source

    told = {}
    for name in names:
        sys.modules.pop(name, None)
        try:
            told[name] = str(getattr(importlib.import_module(name), "__file__", ""))
        except ImportError as error:
            told[name] = f"not importable: {error}"
    return told


def libraries_loaded(folder: str) -> list[str]:
    """List libraries that this process was made to load from a folder (LD_PRELOAD)."""
    lines = Path("/proc/self/maps").read_text(encoding="utf-8").splitlines()
    loaded = {line.split(None, 5)[-1] for line in lines if f" {folder}/" in line}
    named = [name for name in ("LD_PRELOAD", "LD_LIBRARY_PATH", "LOCPATH") if name in os.environ]
    return sorted({*loaded, *named})


def own_libraries() -> bool:
    """Control: the search lists the libraries that are loaded."""
    return bool(libraries_loaded("/usr/lib") or libraries_loaded("/lib"))


def link(folder: str, name: str, target: str) -> bool:
    """Leave a symbolic link."""
    file = Path(folder) / name
    file.unlink(missing_ok=True)
    file.symlink_to(target)
    return file.is_symlink()


def pipe(folder: str, name: str) -> bool:
    """Leave a FIFO, which keeps whoever opens it waiting."""
    os.mkfifo(Path(folder) / name)
    return True


def listening_socket(folder: str, name: str) -> bool:
    """Leave a socket where a file is expected."""
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(Path(folder) / name))
    return True


def sparse(folder: str, name: str, size: int) -> int:
    """Leave a file that claims to be huge and holds nothing."""
    with (Path(folder) / name).open("wb") as file:
        file.truncate(size)
    return size


def text(folder: str, name: str, content: str) -> bool:
    """Leave a text."""
    (Path(folder) / name).write_text(content, encoding="utf-8")
    return True


def swap(folder: str, name: str, target: str, seconds: float) -> int:
    """Make a name a file and a link by turns, very fast; how often."""
    import threading  # noqa: PLC0415 - sent as source
    import time  # noqa: PLC0415

    real, fake, shown = (Path(folder) / one for one in (f"{name}.real", f"{name}.fake", name))

    def turn() -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            real.write_text("harmless", encoding="ascii")
            real.rename(shown)
            fake.symlink_to(target)
            fake.rename(shown)
        real.write_text("harmless", encoding="ascii")
        real.rename(shown)

    real.write_text("harmless", encoding="ascii")
    real.rename(shown)
    threading.Thread(target=turn, daemon=True).start()
    return 1


def empty(folder: str) -> None:
    """Remove a folder and all that is in it, links and odd files too."""
    import shutil  # noqa: PLC0415 - sent as source

    shutil.rmtree(folder, ignore_errors=True)


def make_folder(folder: str) -> str:
    """Make a folder."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    return folder


def stuffed_notebooks(folder: str, size: int) -> list[str]:
    """Leave notebooks, each with so many bytes in one of PLACES, under its name."""
    import json  # noqa: PLC0415 - sent as source

    hidden = "x" * size

    def cell(**fields: Any) -> dict[str, Any]:
        plain = {"cell_type": "code", "id": "a", "metadata": {}, "source": "1", "outputs": []}
        return plain | {"execution_count": None} | fields

    shown = {"output_type": "display_data", "data": {"text/plain": "1"}, "metadata": {}}
    stuffed = {
        "metadata": (cell(metadata={"hidden": hidden}), {}),
        "beside-cells": (cell(), {"hidden": hidden}),
        "in-a-cell": (cell(hidden=hidden), {}),
        "in-an-output": (cell(outputs=[shown | {"hidden": hidden}]), {}),
        "unknown-output": (cell(outputs=[{"output_type": "x", "data": {"text/csv": hidden}}]), {}),
        "cell-id": (cell(id=hidden), {}),
    }
    whole = {"metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    for place in PLACES:
        one, beside = stuffed[place]
        book = whole | {"cells": [one]} | beside
        (Path(folder) / f"{place}.ipynb").write_text(json.dumps(book), encoding="utf-8")
    return list(stuffed)
