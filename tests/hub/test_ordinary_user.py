"""The kernel's seal and its limits, when the hub is an ordinary user of the machine."""

import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tre.hub.seal_checks import _unreadable

pytestmark = [pytest.mark.sealed, pytest.mark.xdist_group("sealed kernel")]

ROOT = Path(__file__).parents[2]
NOBODY = 65_534
SYSTEM_PYTHON = "/usr/bin/python3"
PRINT_VERSION = "import platform; print('.'.join(platform.python_version_tuple()[:2]))"


@pytest.fixture
def place():
    """A folder that an ordinary user may use, with a Python that it may read."""
    if os.geteuid() != 0:
        pytest.skip("the other tests are this test already: they run as an ordinary user")
    if not shutil.which("setpriv") or not Path(SYSTEM_PYTHON).exists():
        pytest.skip("setpriv and /usr/bin/python3 are needed to become somebody else")
    same = ".".join(platform.python_version_tuple()[:2])
    told = subprocess.run(
        [SYSTEM_PYTHON, "-c", PRINT_VERSION], capture_output=True, text=True, check=True
    )
    if told.stdout.strip() != same:
        pytest.skip(f"/usr/bin/python3 is not {same}: it cannot use this environment's packages")
    if any(_all_closed(folder) for folder in (ROOT, Path(sys.prefix))):
        pytest.skip("an ordinary user may not read this folder")
    folder = Path(tempfile.mkdtemp(prefix="tre-test-"))
    os.chown(folder, NOBODY, NOBODY)
    yield folder
    shutil.rmtree(folder)


def _all_closed(folder: Path) -> bool:
    return any(path.stat().st_mode & 0o5 != 0o5 for path in (folder, *folder.parents))


def test_the_seal_and_the_limits_hold_for_an_ordinary_user(place):
    environment = Path(sys.prefix)
    packages = environment / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}"
    python = place / "python"
    as_nobody = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    make = [*as_nobody, SYSTEM_PYTHON, "-m", "venv", "--without-pip", str(python)]
    subprocess.run(make, check=True, cwd="/", env={"PATH": "/usr/bin:/bin"})
    pth = python / packages.relative_to(environment) / "site-packages" / "more.pth"
    pth.write_text(f"{packages / 'site-packages'}\n{ROOT}\n")
    done = subprocess.run(
        [
            *as_nobody,
            *(str(python / "bin" / "python"), "-m", "tests.hub.as_ordinary_user"),
            *(str(place), str(environment)),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=ROOT,
        env={
            "PATH": "/usr/bin:/bin",
            "HOME": str(place),
            "TMPDIR": str(place),
            "PYTHONDONTWRITEBYTECODE": "1",
        },
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["user"] == NOBODY
    assert found["proof"] == []
    assert found["computes"] == "42 /workspace\n"
    assert found["processes"] == "Resource temporarily unavailable True\n"
    assert "MemoryError" in found["memory"]
    assert found["memory of all"] in ("1\n", "2\n")  # of four times 200 MiB, with 600 allowed
    assert found["network"] == "101\n"  # ENETUNREACH
    assert found["user inside"] == "1000\n"
    assert found["again"] == ["its owner's\n"]
    assert list(place.glob("tre-*")) == []


def test_a_folder_that_an_ordinary_user_may_not_pass_is_named(place):
    closed = place / "closed"
    (closed / "inside").mkdir(parents=True)
    place.chmod(0o755)
    closed.chmod(0o700)
    os.chown(closed, NOBODY, NOBODY)
    assert _unreadable(closed / "inside") == closed
