"""Runs a notebook again, from the top, in a sealed session of its own."""

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from tre.hub.kernels import KERNEL_NAME, R_NAME, write_kernel
from tre.hub.r_language import find_r
from tre.hub.server.kernels import OnlySealedKernels
from tre.hub.session_file import Session, write_session
from tre.hub.session_limits import in_group
from tre.safe_settings.session_spec import SessionSpec

CELL_SECONDS = 600

ASK_FOR_NOTHING = "rerun"
"""Found among the replies, it tells `tre.session` inside that nobody answers here."""


class NotebookFailedError(Exception):
    """A cell raised, or took too long, or the kernel died; the message says which.

    short: the same in a few words. cell: its place among the cells of code, from 1; 0 for none.
    """

    def __init__(self, message: str, *, short: str = "", cell: int = 0):
        super().__init__(message)
        self.short, self.cell = short or message, cell


def run_notebook(spec: SessionSpec, notebook: bytes, *, cell_seconds: int = CELL_SECONDS) -> bytes:
    """Run every cell of a notebook and give it back with its outputs.

    spec: what the run may see. Its outbox and replies are put aside: running a notebook again
    asks for nothing again. The workspace is used as it is; give a copy where it must not change.
    Raises NotebookFailedError. Never runs unsealed.
    """
    limited = in_group(spec.limits)
    with tempfile.TemporaryDirectory(prefix="tre-run-") as name, limited as entrances:
        folder = Path(name).resolve()
        session_file = _prepare(folder, spec, entrances)
        kernels = OnlySealedKernels(folder=str(folder / "kernels"))
        content = nbformat.reads(notebook.decode("utf-8"), as_version=4)
        kernel = _kernel_of(content.metadata)
        write_kernel(folder / "kernels", session_file, with_r=kernel == R_NAME)
        content.metadata["kernelspec"] = {"name": kernel, "display_name": kernel}
        manager = AsyncKernelManager(kernel_name=kernel, kernel_spec_manager=kernels)
        client = NotebookClient(content, km=manager, timeout=cell_seconds)
        begun: list[str] = []
        client.on_cell_start = lambda cell, cell_index: begun.append(cell.cell_type)  # noqa: ARG005
        try:
            client.execute(cleanup_kc=True)
        except (CellExecutionError, CellTimeoutError, DeadKernelError, RuntimeError) as error:
            place = begun.count("code")
            raise NotebookFailedError(str(error), short=_in_short(error), cell=place) from error
        return nbformat.writes(content).encode()


def _in_short(error: Exception) -> str:
    if isinstance(error, CellExecutionError):
        return f"{error.ename}: {error.evalue}".rstrip(": ")
    if isinstance(error, CellTimeoutError):
        return "it took too long"
    if isinstance(error, DeadKernelError):
        return "the kernel ended by itself, perhaps for want of memory"
    return "the kernel did not start"


def _kernel_of(metadata: Mapping[str, Any]) -> str:
    """The language that a notebook says it is written in; Python where it says nothing."""
    if metadata.get("kernelspec", {}).get("name") != R_NAME:
        return KERNEL_NAME
    if find_r() is None:
        message = "the notebook is written in R, which is not installed here"
        raise NotebookFailedError(message)
    return R_NAME


def _prepare(folder: Path, spec: SessionSpec, entrances: tuple[int, ...]) -> Path:
    aside = replace(spec, outbox=folder / "outbox", replies=folder / "replies")
    for each in (aside.outbox, aside.replies):
        each.mkdir()
    (aside.replies / ASK_FOR_NOTHING).touch()
    file = folder / "session.json"
    write_session(Session(spec=aside, desk_url="", entrances=entrances), file)
    return file
