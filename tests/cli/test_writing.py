"""A place that cannot be written to is said at once, before there is anything to lose."""

import os
from pathlib import Path

import pytest

from tre.cli import main
from tre.commands.writing import must_be_writable
from tre.decision import UnusableRequestError

COMMANDS = {
    "attack": ("attack", "--html"),
    "audit": ("linkage", "audit", "npd", "--html"),
    "picture": ("linkage", "picture", "npd", "-o"),
    "report": ("linkage", "report", "npd", "--html"),
    "risk": ("project", "risk", "early-onset-psychosis", "--html"),
    "export": ("ledger", "export"),
}
NAMES = {"export": "found.csv", "picture": "page.svg"}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_looks_at_its_file_before_it_works(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
):
    """There is no world at all: whoever looked for one first would say so."""
    file = tmp_path / "no" / "such" / NAMES.get(command, "page.html")
    words = [*COMMANDS[command], str(file), "--home", str(tmp_path / "home")]
    assert main(words) == 3
    said = capsys.readouterr().err
    assert f"{file} cannot be written: there is no folder" in said
    assert not (tmp_path / "home").exists()


def test_a_folder_is_no_file(tmp_path: Path):
    with pytest.raises(UnusableRequestError, match="it is a folder; name a file"):
        must_be_writable(tmp_path, "--html")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_is_closed_is_said_to_be(tmp_path: Path):
    tmp_path.chmod(0o500)
    with pytest.raises(UnusableRequestError, match="may not write in"):
        must_be_writable(tmp_path / "page.html")
    tmp_path.chmod(0o700)


def test_what_can_be_written_is_left_as_it_is(tmp_path: Path):
    (tmp_path / "page.html").write_text("before")
    for file in (tmp_path / "page.html", tmp_path / "new.html", None):
        must_be_writable(file, "--html")
    assert [one.name for one in tmp_path.iterdir()] == ["page.html"]
    assert (tmp_path / "page.html").read_text() == "before"
