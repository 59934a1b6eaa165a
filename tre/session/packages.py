"""Turn what a researcher names into the files of a release request."""

import difflib
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

from tre.session.errors import IncompleteError, NotHereError
from tre.session.whereabouts import Session


class Declared(Protocol):
    """How an output was made, as data."""

    @property
    def dataset(self) -> str:
        """The table of the extract that it was made from."""
        ...

    def to_json(self) -> str:
        """Write it as strict JSON."""
        ...


@runtime_checkable
class DeclaredTable(Protocol):
    """An output that the service can build again: output_checks.Table, or a private count."""

    @property
    def declaration(self) -> Declared:
        """How it was made."""
        ...

    def to_csv(self) -> str:
        """Write exactly what may leave."""
        ...


Output = DeclaredTable | str | Path


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedFile:
    """One file on its way to the service. kind: output, supporting or code."""

    name: str
    kind: str
    content: bytes
    declaration: str | None = None


def pack_outputs(
    session: Session, outputs: Output | Sequence[Output], name: str | None, kind: str = "output"
) -> list[PackedFile]:
    """Read every output once; a table brings its declaration with it.

    name: a file name for a single output; several are named after what they show.
    Raises NotHereError for a file that is not there, IncompleteError for no output.
    """
    several = list(outputs) if isinstance(outputs, (list, tuple)) else [outputs]
    if not several and kind == "output":
        message = "there is nothing to release: pass a table, the path of a file, or a list."
        raise IncompleteError(message)
    if name is not None and len(several) != 1:
        message = f"name= names one file, and there are {len(several)} outputs: leave it out."
        raise IncompleteError(message)
    packed = [_pack(session, output, name, kind) for output in several]
    return _with_different_names(packed)


def _pack(session: Session, output: Output, name: str | None, kind: str) -> PackedFile:
    if isinstance(output, DeclaredTable):
        declaration = output.declaration
        return PackedFile(
            name=name or f"{_table_name(declaration)}.csv",
            kind=kind,
            content=output.to_csv().encode(),
            declaration=declaration.to_json(),
        )
    if not isinstance(output, (str, Path)):
        message = (
            f"a {type(output).__name__} cannot be released as it is: make it a table with "
            "session.data(…).table(…), or save it to a file and pass the path."
        )
        raise IncompleteError(message)
    path = session.workspace / output
    return PackedFile(name=name or path.name, kind=kind, content=read_file(session, path))


def read_file(session: Session, path: Path) -> bytes:
    """Read one file of the workspace.

    Raises NotHereError, naming the closest file that is there.
    """
    try:
        return path.read_bytes()
    except IsADirectoryError as error:
        message = f"{path} is a folder: pass the files in it, one by one."
        raise NotHereError(message) from error
    except OSError as error:
        there = [file.name for file in sorted(session.workspace.iterdir()) if file.is_file()]
        likely = difflib.get_close_matches(path.name, there, n=1)
        meant = f" Did you mean '{likely[0]}'?" if likely else ""
        message = f"there is no file '{path}'; paths count from {session.workspace}.{meant}"
        raise NotHereError(message) from error


def _table_name(declaration: Declared) -> str:
    """Name a table after what it shows: linked-mean-ks4-attainment8-by-diagnosis-group-sex."""
    told = [getattr(declaration, name, None) for name in ("dataset", "statistic", "of", "per")]
    dimensions = [*getattr(declaration, "rows", ()), *getattr(declaration, "columns", ())]
    words = [word if isinstance(word, str) else "-".join(word) for word in told if word]
    text = "-".join([*words, "by", *dimensions])
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:80] or "table"


def _with_different_names(packed: Iterable[PackedFile]) -> list[PackedFile]:
    """Number the second and later files of one name, so that none hides another."""
    seen: dict[str, int] = {}
    different = []
    for file in packed:
        seen[file.name] = seen.get(file.name, 0) + 1
        stem, dot, suffix = file.name.rpartition(".")
        name = f"{stem}-{seen[file.name]}{dot}{suffix}" if seen[file.name] > 1 else file.name
        different.append(
            PackedFile(
                name=name, kind=file.kind, content=file.content, declaration=file.declaration
            )
        )
    return different


def pack_notebook(session: Session, notebook: str | Path | None) -> PackedFile | None:
    """Find the notebook that made the outputs, as it was last saved; it goes along as code.

    notebook: its path; None to find it: the one that Jupyter says is running, or the only one
    in the workspace. Returns None where that cannot be told.
    Raises NotHereError for a named notebook that is not there.
    """
    path = session.workspace / notebook if notebook is not None else _running_notebook(session)
    if path is None:
        return None
    return PackedFile(name=path.name, kind="code", content=read_file(session, path))


def leave_in_workspace(session: Session, files: Iterable[PackedFile]) -> None:
    """Write what would have been handed over, under its name in the request.

    For a notebook that is run again: its files are compared with those of the request. What lies
    there already stays.
    """
    for file in files:
        target = session.workspace / Path(file.name).name
        if file.kind == "output" and not target.exists():
            target.write_bytes(file.content)


def _running_notebook(session: Session) -> Path | None:
    named = Path(os.environ.get("JPY_SESSION_NAME") or "").name
    if named and (session.workspace / named).is_file():
        return session.workspace / named
    notebooks = sorted(session.workspace.glob("*.ipynb"))
    return notebooks[0] if len(notebooks) == 1 else None
