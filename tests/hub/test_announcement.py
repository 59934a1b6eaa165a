import shlex
import subprocess
from pathlib import Path

import pytest

from tre.hub.announcement import code_command


def test_the_command_for_a_code_runs_as_it_was_printed():
    command = shlex.split(code_command(Path("var/tre").resolve(), "ada"))
    assert command[1:] == ["person", "code", "ada"]
    done = subprocess.run([*command[:3], "--help"], capture_output=True, check=False)
    assert done.returncode == 0


def test_another_data_home_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("TRE_HOME", raising=False)
    home = tmp_path / "a home"
    assert code_command(home, "ada").endswith(f"person code ada --home '{home}'")


def test_a_data_home_is_named_even_where_a_variable_says_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """`make up` sets the variable for itself; the other terminal does not have it."""
    monkeypatch.setenv("TRE_HOME", str(tmp_path))
    assert code_command(tmp_path, "ada").endswith(f"person code ada --home {tmp_path}")


def test_the_hub_shows_the_command_as_seen_from_where_it_was_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("TRE_STARTED_IN", str(tmp_path))
    assert code_command(tmp_path / "var" / "tre", "NAME").endswith("person code NAME")
    assert code_command(tmp_path / "other", "NAME").endswith("person code NAME --home other")
