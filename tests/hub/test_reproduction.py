"""Code run again in real sealed kernels: what it gives, and what it cannot do to us."""

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.clock import FakeClock
from tests.demo import Demo
from tests.demo_people import STUDY
from tests.hub.sealed import a_session
from tests.hub.test_sealed_run import a_notebook
from tre.config import Config
from tre.hub import reproduction_apart
from tre.hub.r_language import find_r
from tre.hub.reproduction import FileRunAgain, reproduce
from tre.hub.reproduction_apart import StoppedError, run_apart
from tre.hub.reproduction_files import as_notebook
from tre.safe_outputs.release_request import FileKind
from tre.steps.ask_for_release import PackageFile, ReleasePackage, ask_for_release
from tre.steps.reproduce import waiting_to_run
from tre.steps.tre import open_tre
from tre.steps.view_request import view_request

pytestmark = [pytest.mark.sealed, pytest.mark.xdist_group("sealed kernel")]

NEVER = threading.Event()

CELLS = (
    # as a researcher works: a table and a figure from the extract
    "import polars as pl\n"
    "people = pl.read_parquet('/data/linked.parquet')\n"
    "means = people.group_by('sex').agg(pl.col('ks4_attainment8').mean()).sort('sex')\n"
    "means.write_csv('means.csv')",
    "import matplotlib\n"
    "matplotlib.use('agg')\n"
    "from matplotlib import pyplot as plt\n"
    "from pathlib import Path\n"
    "Path('figures').mkdir(exist_ok=True)\n"
    "plt.bar(means['sex'], means['ks4_attainment8'])\n"
    "plt.savefig('figures/means.png')\n"
    "plt.savefig('figures/means.svg')",
    # another value every time
    "import time; Path('moment.txt').write_text(f'{time.time_ns()}\\n')",
)
WORK = a_notebook(*CELLS)
HOSTILE = a_notebook(
    "import os\n"
    "os.symlink('means.csv', 'link.csv')\n"
    "os.symlink('/', 'root')\n"
    "os.mkfifo('pipe.txt')\n"
    "os.mkdir('closed'); os.chmod('closed', 0)",
    "open('/workspace/colleagues.csv').read()",
)


@pytest.fixture(scope="module")
def home(sealable, demo_home: Path, tmp_path_factory) -> Iterator[Demo]:
    """A copy of the little world for this module; the workspace of the study is in use."""
    home = tmp_path_factory.mktemp("again") / "home"
    shutil.copytree(demo_home, home)
    clock = FakeClock()
    opened = open_tre(Config(home=home), now=clock)
    live = opened.folders.workspace(STUDY)
    live.mkdir(parents=True)
    (live / "colleagues.csv").write_text("what nobody submitted\n")
    yield Demo(opened, clock)
    opened.close()


@dataclass
class Ran:
    """A request whose code was run again: what was said of each output, and what is seen."""

    demo: Demo
    request: int
    found: dict[str, FileRunAgain]


def ask(demo: Demo, outputs: dict[str, bytes], code: dict[str, bytes]) -> int:
    files = [PackageFile(name, content, FileKind.OUTPUT) for name, content in outputs.items()]
    files += [PackageFile(name, content, FileKind.CODE) for name, content in code.items()]
    return ask_for_release(
        demo.tre,
        "ada",
        STUDY,
        ReleasePackage(title="Means", context="All pupils.", controls="None.", files=tuple(files)),
    )


@pytest.fixture(scope="module")
def ran(home: Demo, tmp_path_factory) -> Ran:
    """What a session wrote, asked for, and run again behind a hostile notebook."""
    session = tmp_path_factory.mktemp("session")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(session)
        exec("\n".join(CELLS).replace("/data", str(home.extract)), {})  # as in a session before
    written = {file.name: file.read_bytes() for file in session.rglob("*.*")}
    # What the links lead to, and what is not there, is asked for too.
    outputs = written | {"link.csv": written["means.csv"], "pipe.txt": b"out of the pipe\n"}
    request = ask(home, outputs, {"1.ipynb": WORK, "2.ipynb": HOSTILE})
    found = reproduce(home.tre, request, stop=NEVER)
    return Ran(home, request, {each.name: each for each in found})


@pytest.mark.parametrize("name", ["means.csv", "means.png", "means.svg"])
def test_a_notebook_that_gives_the_same_file_makes_it_reproduced(ran: Ran, name: str) -> None:
    assert ran.found[name].outcome == "reproduced"
    assert "“1.ipynb” was run again in a fresh sealed session" in ran.found[name].said
    view = view_request(ran.demo.tre, "cora", ran.request)
    file = view.file(ran.found[name].file)
    assert file is not None
    assert file.check is not None
    assert file.check["provenance"] == "reproduced"


def test_a_file_that_comes_out_otherwise_stays_asserted_with_the_difference(ran: Ran) -> None:
    assert ran.found["moment.txt"].outcome == "different"
    assert "wrote another file: line 1 of the file says" in ran.found["moment.txt"].said


@pytest.mark.parametrize("name", ["link.csv", "pipe.txt"])
def test_neither_a_link_nor_a_pipe_is_taken_for_the_output(ran: Ran, name: str) -> None:
    assert ran.found[name].outcome == "failed"


def test_the_live_workspace_is_not_there_and_the_failure_says_so(ran: Ran) -> None:
    assert (
        "“2.ipynb” was run again and failed at cell 2: FileNotFoundError: [Errno 2] No such file "
        "or directory: '/workspace/colleagues.csv'." in ran.found["link.csv"].said
    )


def test_nothing_of_a_run_is_left_and_the_live_workspace_is_as_it_was(ran: Ran) -> None:
    home = ran.demo.tre.config.home
    assert list((home / "runs").iterdir()) == []
    live = ran.demo.tre.folders.workspace(STUDY)
    assert [file.name for file in live.iterdir()] == ["colleagues.csv"]


def test_one_script_may_prepare_what_the_next_works_on(demo: Demo, sealable) -> None:
    first = b"from pathlib import Path\nPath('half.txt').write_text('two halves\\n')\n"
    second = (
        b"from __future__ import annotations\n"
        b"from pathlib import Path\n"
        b"assert __name__ == '__main__'\n"
        b"Path('whole.txt').write_text(Path(__file__).with_name('half.txt').read_text() * 2)\n"
    )
    request = ask(
        demo,
        {"whole.txt": b"two halves\ntwo halves\n"},
        {"10-whole.py": second, "9-half.py": first},
    )
    (found,) = reproduce(demo.tre, request, stop=NEVER)
    assert (found.outcome, found.said.partition("”")[0]) == ("reproduced", "“10-whole.py")
    assert reproduce(demo.tre, request, stop=NEVER) == ()


def test_a_run_that_takes_too_much_is_ended(sealable, tmp_path: Path, monkeypatch) -> None:
    spec = a_session(tmp_path / "home", workspace_bytes=2**20)
    waits = a_notebook("import time; time.sleep(60)")
    ended = run_apart(spec, waits, seconds=2, stop=NEVER)
    assert (ended.failure, ended.too_long) == ("took too long", True)
    writes = a_notebook("open('a', 'wb').write(bytes(2**22)); import time; time.sleep(60)")
    ended = run_apart(spec, writes, seconds=60, stop=NEVER)
    assert ended.failure == "wrote more than a workspace may hold"
    (spec.workspace / "a").unlink()
    prints = a_notebook("while True: print('x' * 10_000_000)")
    monkeypatch.setattr(reproduction_apart, "MOST_MEMORY_BYTES", 2**27)
    ended = run_apart(spec, prints, seconds=60, stop=NEVER)
    assert ended.failure == "printed more than can be held"


def test_a_run_is_ended_when_the_environment_stops(sealable, tmp_path: Path) -> None:
    stop = threading.Event()
    threading.Timer(2, stop.set).start()
    with pytest.raises(StoppedError):
        run_apart(
            a_session(tmp_path / "home"),
            a_notebook("import time; time.sleep(60)"),
            seconds=60,
            stop=stop,
        )


def test_what_is_no_notebook_says_so(sealable, tmp_path: Path) -> None:
    ended = run_apart(a_session(tmp_path / "home"), b"{}", seconds=20, stop=NEVER)
    assert ended.failure == "could not be started, or is no notebook"


def test_a_script_in_r_is_run_or_says_that_r_is_not_here(sealable, tmp_path: Path) -> None:
    spec = a_session(tmp_path / "home")
    script = as_notebook("model.R", b"writeLines('six', 'six.txt')")
    failure = run_apart(spec, script, seconds=60, stop=NEVER).failure
    if find_r() is None:
        assert failure.endswith("the notebook is written in R, which is not installed here")
    else:
        assert failure == ""
        assert (spec.workspace / "six.txt").read_text() == "six\n"


def test_the_service_runs_what_waits_and_stops_when_told(demo: Demo, sealable) -> None:
    code = b"open('note.txt', 'w').write('A result.\\n')\n"
    request = ask(demo, {"note.txt": b"A result.\n"}, {"note.py": code})
    service = subprocess.Popen(
        [sys.executable, "-m", "tre.hub.reproducing"],
        env=os.environ | {"TRE_HOME": str(demo.tre.config.home)},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        until = time.monotonic() + 150
        while waiting_to_run(demo.tre) and time.monotonic() < until:
            time.sleep(0.2)
        service.terminate()
        _, said = service.communicate(timeout=90)
    finally:
        service.kill()
    assert waiting_to_run(demo.tre) == ()
    assert service.returncode == 0
    assert f"request {request}, file 1: reproduced" in said
