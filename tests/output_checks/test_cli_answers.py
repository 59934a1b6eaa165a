"""What the command says beside its table: on stderr, and from where it can be started."""

import subprocess
import sys

import pytest

from output_checks.cli import run
from tests.output_checks.drawing import people

TABLE = ["table", "t.csv", "--rows", "group", "--columns", "sex", "--unit", "id"]


@pytest.fixture
def small(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    people("F M X\na 30 3 41\nb 25 33 27\nc 60 35 18").write_csv("t.csv")


@pytest.mark.parametrize("name", ["out.csv", "out.xlsx", "out.html"])
def test_a_disclosive_table_is_written_and_said_not_to_leave(small, tmp_path, capsys, name):
    assert run([*TABLE, "-o", name]) == 2
    assert (tmp_path / name).exists()
    said = capsys.readouterr().err
    assert name in said
    assert "must not leave" in said


@pytest.mark.parametrize("more", [["-o", "out.json"], ["-o", "out.csv", "--protect", "suppress"]])
def test_nothing_is_said_of_a_report_or_of_what_may_leave(small, capsys, more):
    run([*TABLE, *more])
    assert capsys.readouterr().err == ""


def test_the_package_itself_is_the_command():
    done = subprocess.run(
        [sys.executable, "-m", "output_checks", "--help"],
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0
    assert "Exit status" in done.stdout


ALONE = """
import sys
sys.modules["sqlalchemy"] = None  # as where the environment's packages are not installed
from tre.__main__ import main
sys.exit(main())
"""


def test_the_environments_command_says_where_only_the_library_is_installed():
    done = subprocess.run(
        [sys.executable, "-c", ALONE], check=False, capture_output=True, text=True
    )
    assert done.returncode == 3
    assert "only output_checks" in done.stderr
    assert "make install" in done.stderr
    assert "Traceback" not in done.stderr
