"""Running a notebook again."""

import nbformat
import pytest

from tests.hub.sealed import a_session
from tre.hub.control_groups import groups_of_this_machine
from tre.hub.r_language import find_r
from tre.hub.sealed_run import NotebookFailedError, run_notebook

pytestmark = [pytest.mark.sealed, pytest.mark.xdist_group("sealed kernel")]


def a_notebook(*cells: str) -> bytes:
    new = nbformat.v4
    return nbformat.writes(
        new.new_notebook(cells=[new.new_code_cell(cell) for cell in cells])
    ).encode()


def test_a_notebook_is_run_again_sealed_and_asks_for_nothing(sealable, tmp_path):
    spec = a_session(tmp_path / "home")
    again = run_notebook(
        spec,
        a_notebook(
            "import os, socket; print(os.listdir('/data'))",
            "open('/workspace/made.txt', 'w').write('made'); open('/outbox/asked', 'w').close()",
            "print(socket.socket().connect_ex(('192.0.2.1', 80)))",
        ),
    )
    cells = nbformat.reads(again.decode(), as_version=4).cells
    assert cells[0].outputs[0].text == "['linked.parquet']\n"
    assert cells[2].outputs[0].text == "101\n"  # ENETUNREACH
    assert (spec.workspace / "made.txt").read_text() == "made"
    assert list(spec.outbox.iterdir()) == []


def test_a_run_has_the_limits_of_a_session(sealable, tmp_path):
    if not groups_of_this_machine().version:
        pytest.skip(groups_of_this_machine().why_not)
    spec = a_session(tmp_path / "home", processes=60)
    bomb = (
        "import subprocess\n"
        "started = []\n"
        "try:\n"
        "    while len(started) < 200: started.append(subprocess.Popen(['/bin/sleep', '60']))\n"
        "except OSError: print(len(started) < 60)\n"
    )
    again = run_notebook(spec, a_notebook(bomb))
    cells = nbformat.reads(again.decode(), as_version=4).cells
    assert cells[0].outputs[0].text == "True\n"


def test_a_notebook_in_r_is_run_again_in_r(sealable, tmp_path, monkeypatch):
    metadata = {"kernelspec": {"name": "ir", "display_name": "R", "language": "R"}}
    written = nbformat.reads(a_notebook("cat(6 * 7)").decode(), as_version=4)
    written.metadata.update(metadata)
    notebook = nbformat.writes(written).encode()
    if find_r() is None:
        pytest.skip("R is not installed: apt-get install r-base-core r-cran-irkernel")
    again = run_notebook(a_session(tmp_path / "home"), notebook)
    assert nbformat.reads(again.decode(), as_version=4).cells[0].outputs[0].text == "42"
    monkeypatch.setattr("tre.hub.sealed_run.find_r", lambda: None)
    with pytest.raises(NotebookFailedError, match="written in R"):
        run_notebook(a_session(tmp_path / "other"), notebook)


def test_a_cell_that_raises_is_told(sealable, tmp_path):
    with pytest.raises(NotebookFailedError, match="ZeroDivisionError"):
        run_notebook(a_session(tmp_path / "home"), a_notebook("1 / 0"))
