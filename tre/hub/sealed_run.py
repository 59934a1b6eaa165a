"""Runs a notebook again, from the top, in a sealed session of its own."""

import tempfile
from dataclasses import replace
from pathlib import Path

import nbformat
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from tre.hub.kernels import KERNEL_NAME, write_kernel
from tre.hub.server.kernels import OnlySealedKernels
from tre.hub.session_file import Session, write_session
from tre.hub.session_limits import in_group
from tre.safe_settings.session_spec import SessionSpec

CELL_SECONDS = 600

ASK_FOR_NOTHING = "rerun"
"""Found among the replies, it tells `tre.session` inside that nobody answers here."""


class NotebookFailedError(Exception):
    """A cell raised, or took too long, or the kernel died; the message says which."""


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
        write_kernel(folder / "kernels", session_file)
        content = nbformat.reads(notebook.decode("utf-8"), as_version=4)
        content.metadata["kernelspec"] = {"name": KERNEL_NAME, "display_name": "Python 3"}
        manager = AsyncKernelManager(kernel_name=KERNEL_NAME, kernel_spec_manager=kernels)
        client = NotebookClient(content, km=manager, timeout=cell_seconds)
        try:
            client.execute(cleanup_kc=True)
        except (CellExecutionError, CellTimeoutError, DeadKernelError, RuntimeError) as error:
            raise NotebookFailedError(str(error)) from error
        return nbformat.writes(content).encode()


def _prepare(folder: Path, spec: SessionSpec, entrances: tuple[int, ...]) -> Path:
    aside = replace(spec, outbox=folder / "outbox", replies=folder / "replies")
    for each in (aside.outbox, aside.replies):
        each.mkdir()
    (aside.replies / ASK_FOR_NOTHING).touch()
    file = folder / "session.json"
    write_session(Session(spec=aside, desk_url="", entrances=entrances), file)
    return file
