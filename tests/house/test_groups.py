"""Tests that share something costly run in one process, also where several run at once."""

import os
import subprocess
import sys
from pathlib import Path

PAIR = """
import pytest

@pytest.mark.xdist_group("together")
@pytest.mark.parametrize("number", range(6))
def test_where(number, tmp_path_factory, worker_id):
    print("ran in", worker_id)
"""


def test_a_group_of_tests_stays_in_one_process(tmp_path: Path) -> None:
    """Of pytest 9.2 pytest-xdist 3.8 knows no groups, and says nothing of it (its issue 1386)."""
    (tmp_path / "test_pair.py").write_text(PAIR)
    command = [sys.executable, "-m", "pytest", "-v", "-n", "2", "--dist", "loadgroup", "-rP"]
    # xdist alone: what the other plugins import takes three processes half a minute.
    plain = {**os.environ, "PYTEST_ADDOPTS": "", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(
        [*command, "-p", "xdist", "-p", "no:cacheprovider", str(tmp_path)],
        cwd=tmp_path,
        env=plain,
        capture_output=True,
        text=True,
        check=False,
    )
    ran = [line for line in done.stdout.splitlines() if line.startswith("ran in")]
    assert len(ran) == 6, done.stdout
    assert len(set(ran)) == 1
