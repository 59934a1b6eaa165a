"""Packages in a session: pip works offline, from what the TRE manager chose and nothing else."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.clock import FakeClock
from tests.demo import fill
from tests.hub.sealed import a_session, say, sealed_kernel
from tests.hub.wheels import write_wheel
from tre.config import Config
from tre.steps.offered_packages import offered_packages
from tre.steps.packages import add_packages
from tre.steps.tre import open_tre

pytestmark = [pytest.mark.sealed, pytest.mark.xdist_group("sealed kernel")]


@pytest.fixture(scope="module")
def packages(tmp_path_factory) -> Path:
    """A folder to which mia has added two wheels, one of which was changed, beside a stray one."""
    place = tmp_path_factory.mktemp("packages")
    tre = open_tre(Config(home=place / "home"), now=FakeClock())
    fill(tre, accounts=False)
    added = [
        write_wheel(place, requires=["polars"]),
        write_wheel(place, "altered", files={"altered.py": "ANSWER = 1\n"}),
    ]
    add_packages(tre, "mia", added)
    with tre.store.reading() as connection:
        assert offered_packages(tre, connection) == place / "home" / "packages"
    folder = place / "home" / "packages"
    write_wheel(folder, "stray")
    altered = folder / added[1].name
    altered.unlink()
    shutil.copy(write_wheel(place, "altered", files={"altered.py": "ANSWER = 2\n"}), altered)
    tre.close()
    return folder


@pytest.fixture(scope="module")
def kernel(sealable, packages, tmp_path_factory):
    place = tmp_path_factory.mktemp("sealed")
    spec = replace(a_session(place / "home"), packages=packages)
    with sealed_kernel(spec, place / "session") as client:
        yield client


INSTALLS = {
    "magic": "%pip install {0}",
    "line": "!pip install {0}",
    "module": "import subprocess, sys\nran = subprocess.run([sys.executable, '-m', 'pip', 'install'"
    ", '{0}'], capture_output=True, text=True)\nprint(ran.stdout, ran.stderr)",
}


@pytest.mark.parametrize("way", INSTALLS)
def test_a_wheel_of_the_folder_is_installed_and_imported(kernel, way):
    say(kernel, "import shutil, glob, os, sys")
    say(kernel, "for f in glob.glob(os.environ['PIP_PREFIX'] + '/lib/*/*/tiny*'):\n"
                "    shutil.rmtree(f) if os.path.isdir(f) else os.unlink(f)\n"
                "sys.modules.pop('tinything', None)")  # fmt: skip
    assert "ModuleNotFoundError" in say(kernel, "import tinything")
    told = say(kernel, INSTALLS[way].format("tinything"), timeout=120)
    assert "Successfully installed tinything-1.0" in told
    assert say(kernel, "import tinything; print(tinything.ANSWER)").strip() == "42"


@pytest.mark.parametrize("way", INSTALLS)
def test_a_package_that_is_not_offered_is_answered_with_what_to_do(kernel, way):
    told = say(kernel, INSTALLS[way].format("nosuchthing"), timeout=120)
    assert "No matching distribution found for nosuchthing" in told
    assert "ask the TRE manager to add its wheel: tre packages add" in told
    assert "tinything" in told


def test_an_index_in_the_network_is_not_reached(kernel):
    told = say(kernel, "!pip install --index-url http://192.0.2.1/ --retries 0 x", timeout=120)
    assert "No matching distribution" in told


def test_a_wheel_that_nobody_added_is_not_offered(kernel):
    told = say(kernel, "!pip install stray", timeout=120)
    assert "No matching distribution found for stray" in told


WAYS_TO_A_FILE = {
    "by its path": "/workspace/brought-1.0-py3-none-any.whl",
    "by a relative path": "./brought-1.0-py3-none-any.whl",
    "by an address": "brought@file:///workspace/brought-1.0-py3-none-any.whl",
    "from a folder": "--find-links /workspace brought",
    "from a list": "-r /workspace/list.txt",
    "as a folder": "-e /workspace/project",
}


@pytest.mark.parametrize("way", WAYS_TO_A_FILE)
def test_a_wheel_of_the_workspace_is_refused_in_words(kernel, tmp_path, way):
    wheel = write_wheel(tmp_path, "brought")
    say(
        kernel,
        "import os; os.makedirs('/workspace/project', exist_ok=True)\n"
        f"open('/workspace/{wheel.name}', 'wb').write({wheel.read_bytes()!r})\n"
        f"open('/workspace/list.txt', 'w').write('/workspace/{wheel.name}')\n"
        "open('/workspace/project/setup.py', 'w').write('')\n"
        "open('/workspace/project/pyproject.toml', 'w').write('[project]\\nname=\"brought\"')",
    )
    told = say(kernel, f"!cd /workspace; pip install {WAYS_TO_A_FILE[way]}", timeout=120)
    assert "is not one of the packages that the TRE manager chose" in told
    assert "tre packages add" in told
    assert "ModuleNotFoundError" in say(kernel, "import brought")


def test_a_wheel_that_was_changed_since_is_refused(kernel):
    told = say(kernel, "!pip install altered", timeout=120)
    assert "DO NOT MATCH THE HASHES" in told
    assert "ModuleNotFoundError" in say(kernel, "import altered")


def test_a_source_distribution_is_not_built(kernel):
    say(
        kernel,
        "import tarfile, io\nwith tarfile.open('/workspace/source-1.0.tar.gz', 'w:gz') as t:\n"
        "    i = tarfile.TarInfo('source-1.0/setup.py'); b = b'open(\"/tmp/ran\", \"w\")'\n"
        "    i.size = len(b); t.addfile(i, io.BytesIO(b))",
    )
    told = say(kernel, "!pip install --find-links /workspace source", timeout=120)
    assert "ask the TRE manager to add its wheel" in told
    assert say(kernel, "import os; print(os.path.exists('/tmp/ran'))").strip() == "False"


def test_a_wheel_that_is_added_while_a_session_runs_is_there_at_once(kernel, packages, tmp_path):
    assert "No matching distribution" in say(kernel, "!pip install later", timeout=120)
    tre = open_tre(Config(home=packages.parent), now=FakeClock())
    add_packages(tre, "mia", [write_wheel(tmp_path, "later")])
    tre.close()
    told = say(kernel, "!pip install later", timeout=120)
    assert "Successfully installed later-1.0" in told


def test_the_folder_cannot_be_changed_from_inside(kernel):
    assert "Read-only file system" in say(kernel, "open('/packages/x', 'w')")


def test_what_is_installed_has_a_limit_of_its_own(kernel):
    assert say(
        kernel,
        "import os\ns = os.statvfs(os.environ['PIP_PREFIX'])\nprint(s.f_blocks * s.f_frsize)",
    ).strip() == str(512 * 2**20)


def test_pip_does_the_rest_as_always(kernel):
    assert "polars" in say(kernel, "!pip list", timeout=120)
    assert "ask the TRE manager" not in say(kernel, "!pip show nosuchthing", timeout=120)


def test_without_packages_pip_says_so(sealable, tmp_path):
    with sealed_kernel(a_session(tmp_path / "home"), tmp_path / "session") as kernel:
        told = say(kernel, "!pip install tinything", timeout=120)
        assert "There are none in this installation yet." in told
