"""Machines in other states than this one: a user-mode Linux is started in each, and examined.

Its control groups are those of version 2, with all controllers, whatever this machine has.
Debian: apt-get install user-mode-linux.
"""

import base64
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.long,
    pytest.mark.slow,
    pytest.mark.sealed,
    pytest.mark.xdist_group("other machine"),
]

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 240
MEMORY = "1500M"


@pytest.fixture(scope="module")
def answers(tmp_path_factory) -> dict[str, str]:
    """What was answered, by the state in which it was asked."""
    linux = shutil.which("linux.uml")
    if linux is None:
        pytest.skip("user-mode Linux is not installed: apt-get install user-mode-linux")
    if os.geteuid() != 0:
        pytest.skip("the other machine's root is this account, which must own its Python")
    if ROOT.is_relative_to("/tmp"):
        pytest.skip("the other machine has a /tmp of its own, and this checkout lies below ours")
    packages = next(path for path in sys.path if path.endswith("site-packages"))
    program = ROOT / "tests" / "hub" / "other_machine.sh"
    machine = [linux, f"mem={MEMORY}", "root=/dev/root", "rootfstype=hostfs", "rootflags=/", "ro"]
    console = ["con=null", "con0=null,fd:1", "quiet", f"init={program}"]
    told = {
        "root_": str(ROOT),  # `root` is an argument of Linux's own
        "python": sys.executable,
        "packages": packages,
    }
    private = tmp_path_factory.mktemp("machine")
    done = subprocess.run(
        [*machine, *console, *(f"{name}={value}" for name, value in told.items())],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=PATIENCE_SECONDS,
        check=False,
        env={"TMPDIR": str(private), "HOME": str(private), "PATH": "/usr/bin:/bin"},
    )
    lines = done.stdout.decode(errors="replace").splitlines()
    found = [line.split(" ") for line in lines if line.startswith("answer ")]
    assert found, lines[-20:]
    return {state: base64.b64decode(answer.strip()).decode() for _, state, answer in found}


def check(answers, state: str, name: str) -> dict:
    return next(one for one in json.loads(answers[state]) if one["name"] == name)


def test_with_groups_of_the_second_kind_all_limits_hold(answers):
    limits = check(answers, "second-kind", "limits")
    assert limits["ok"]
    assert "version 2" in limits["message"]
    assert check(answers, "second-kind", "seal")["ok"]


def test_an_ordinary_user_is_held_by_what_was_delegated_to_it(answers):
    user, groups, failures = json.loads(answers["ordinary-user"])
    assert (user, failures) == (65_534, [])
    assert groups == "control groups (version 2)"


def test_the_doctor_leaves_what_was_delegated_as_it_was(answers):
    assert answers["left"] == ""
    assert answers["switches"].strip() == ""


def test_as_root_without_groups_no_session_starts(answers):
    limits = check(answers, "no-groups", "limits")
    assert not limits["ok"]
    assert "no session starts" in limits["message"]
    seal = check(answers, "no-groups", "seal")
    assert not seal["ok"]
    assert "exceeds its processes" in seal["remedy"]


def test_with_namespaces_switched_off_the_switch_is_named(answers):
    namespaces = check(answers, "no-namespaces", "namespaces")
    assert not namespaces["ok"]
    assert "sysctl -w user.max_user_namespaces" in namespaces["remedy"]
    assert not check(answers, "no-namespaces", "seal")["ok"]
