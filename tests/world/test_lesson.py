"""The starter lesson, run cell by cell on the built world, with the courier that really answers."""

import os
import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from tre.courier.answers import answer
from tre.courier.letters import Asked
from tre.courier.outcomes import Answer
from tre.courier.paths import Outbox
from tre.courier.rates import Rates
from tre.courier.round import serve_round
from tre.hub import sealed_run
from tre.hub.machine import NotSealableError, this_machine
from tre.hub.proof import prove_seal
from tre.hub.session_file import Session, write_session
from tre.safe_settings.session_spec import SessionSpec
from tre.steps.practice_twin import practice_twin
from tre.steps.queue import queue
from tre.steps.start_session import start_session
from tre.steps.tre import Tre
from tre.steps.view_request import view_request
from tre.training.demo import PRACTICE, STUDY

pytestmark = [pytest.mark.xdist_group("world"), pytest.mark.slow]

LESSON = "01-attainment-by-diagnosis.ipynb"


@contextmanager
def courier(tre: Tre) -> Generator[None]:
    """Serve outboxes from a thread, with the steps in earnest."""
    stop = threading.Event()

    def handle(outbox: Outbox, asked: Asked, contents: Sequence[bytes]) -> Answer:
        return answer(tre, outbox, asked, contents)

    def run() -> None:
        rates = Rates()
        while not stop.wait(0.05):
            serve_round(tre.config.home, handle, rates)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def variables(spec: SessionSpec) -> dict[str, str]:
    """What the environment tells a session, with folders as they are outside the seal."""
    return {
        **os.environ,
        "JPY_SESSION_NAME": LESSON,
        "TRE_PERSON": spec.person,
        "TRE_PROJECT": spec.project,
        "TRE_PROJECT_TITLE": spec.title,
        "TRE_POLICY": spec.policy,
        "TRE_DESK_URL": "http://127.0.0.1:8001",
        "TRE_DATA": str(spec.extract),
        "TRE_WORKSPACE": str(spec.workspace),
        "TRE_OUTBOX": str(spec.outbox),
        "TRE_REPLIES": str(spec.replies),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "IPYTHONDIR": str(spec.workspace.parent.parent / "ipython"),
        "MPLCONFIGDIR": str(spec.workspace.parent.parent / "matplotlib"),
    }


def run_lesson(tre: Tre, spec: SessionSpec) -> str:
    """Run every cell in a plain kernel; give everything that it showed, as text."""
    notebook = nbformat.read(spec.workspace / LESSON, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=280,
        kernel_name="python3",
        resources={"metadata": {"path": str(spec.workspace)}},
    )
    with courier(tre):
        client.execute(env=variables(spec))
    return "\n".join(shown(output) for cell in notebook.cells for output in outputs(cell))


def outputs(cell: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return cell.get("outputs", [])


def shown(output: nbformat.NotebookNode) -> str:
    return output.get("text", "") or "\n".join(map(str, output.get("data", {}).values()))


def test_the_lesson_runs_from_the_data_to_a_request(world: Tre):
    spec = start_session(world, "ada", STUDY)
    told = run_lesson(world, spec)
    assert "Early-onset psychosis and attainment" in told
    assert "No way out:" in told or "timed out" in told
    assert "Verdict: fail" in told
    assert "before: fail" in told
    assert "after:  pass" in told
    assert "What happens next" in told
    (row,) = queue(world, "cora")
    assert (row.author_name, row.worst_verdict) == ("Ada Mensah", "pass")
    view = view_request(world, "cora", row.id)
    files = {file.name: file for group in view.groups for file in group.files}
    table = files["linked-mean-ks4-attainment8-by-diagnosis-group-sex.csv"]
    assert table.check is not None
    assert table.check["provenance"] == "recomputed"
    assert files[LESSON].kind == "code"


@pytest.mark.sealed
def test_the_lesson_runs_in_the_sealed_kernel(world: Tre, monkeypatch: pytest.MonkeyPatch):
    skip_unless_sealable()
    monkeypatch.setattr(sealed_run, "_prepare", with_its_own_outbox)
    spec = start_session(world, "ada", STUDY)
    lesson = (spec.workspace / LESSON).read_bytes()
    with courier(world):
        done = nbformat.reads(sealed_run.run_notebook(spec, lesson).decode(), as_version=4)
    told = "\n".join(shown(output) for cell in done.cells for output in outputs(cell))
    assert "Network is unreachable" in told
    assert [row.worst_verdict for row in queue(world, "cora")] == ["pass"]


def skip_unless_sealable() -> None:
    try:
        failures = prove_seal(this_machine())
    except NotSealableError as error:
        pytest.skip(str(error))
    if failures:
        pytest.skip(failures[0])


def with_its_own_outbox(folder: Path, spec: SessionSpec, entrances: tuple[int, ...]) -> Path:
    """Describe a session as the spawner does: a run again would get an outbox of no account."""
    file = folder / "session.json"
    desk = "http://127.0.0.1:8001"
    write_session(Session(spec=spec, desk_url=desk, entrances=entrances), file)
    return file


def test_the_lesson_runs_unchanged_on_the_practice_twin(world: Tre):
    pytest.importorskip("sdv", exc_type=ImportError)
    practice_twin(world, "tess", PRACTICE, of=STUDY)
    told = run_lesson(world, start_session(world, "finn", PRACTICE))
    assert "synthetic: invented people" in told
    assert "after:  fail" not in told
    (row,) = queue(world, "deniz")
    # So few invented people may leave a cell empty, which is for a person to look at.
    assert (row.project_id, row.worst_verdict in {"pass", "review"}) == (PRACTICE, True)
