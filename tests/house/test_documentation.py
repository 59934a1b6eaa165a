"""What the pages say exists: commands, targets, links, decisions."""

import re
import shlex
import subprocess
import tomllib
from pathlib import Path

import pytest
import typer
from typer.core import TyperGroup

from docs.generate.__main__ import main as generate
from docs.generate.pages import PAGES
from output_checks.cli import app as output_checks_app
from tests.house.tracked import ROOT, tracked_files
from tre.cli import app as tre_app

PAGES_OF_PROSE = [file for file in tracked_files() if file.suffix == ".md"]
COMMANDS = {
    "tre": typer.main.get_command(tre_app),
    "output-checks": typer.main.get_command(output_checks_app),
}
HEADINGS = ("## Context", "## Alternatives", "## Decision", "## Consequences")


def name(file: Path) -> str:
    return str(file.relative_to(ROOT))


def commands_in(text: str) -> set[str]:
    """Find what a page tells its reader to type: in fenced blocks and between backticks."""
    fenced = re.findall(r"```(?:\w*)\n(.*?)```", text, flags=re.DOTALL)
    inline = re.findall(r"(?<!`)`([^`\n]+)`(?!`)", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    lines = [part for block in fenced for line in block.splitlines() for part in line.split("&&")]
    found = {line.partition("#")[0].strip() for line in (*lines, *inline)}
    return {re.sub(r"^(\.venv/bin/|/\S+/)", "", line) for line in found if line}


def make_targets() -> set[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z]+):", makefile, flags=re.MULTILINE))


@pytest.mark.parametrize("page", PAGES_OF_PROSE, ids=name)
def test_every_make_target_that_a_page_names_exists(page):
    for line in commands_in(page.read_text(encoding="utf-8")):
        words = shlex.split(line) if line.startswith("make ") else []
        named = [word for word in words[1:] if "=" not in word]
        assert set(named) <= make_targets(), line


def understood(command, words: list[str]) -> str:
    """Follow the words down the commands; say what is not understood, "" if everything is."""
    options = {option for each in command.params for option in (*each.opts, *each.secondary_opts)}
    for position, word in enumerate(words):
        if word.startswith("--") and word.partition("=")[0] not in {*options, "--help"}:
            return f"{command.name} has no option {word}"
        if isinstance(command, TyperGroup) and not word.startswith("-"):
            if word in command.commands:
                return understood(command.commands[word], words[position + 1 :])
            if not (position and words[position - 1].startswith("-")):
                return f"{command.name} has no command {word}"
    return ""


@pytest.mark.parametrize("page", PAGES_OF_PROSE, ids=name)
def test_every_command_that_a_page_names_exists_with_its_options(page):
    for line in commands_in(page.read_text(encoding="utf-8")):
        program, _, rest = line.partition(" ")
        if program in COMMANDS and rest and "…" not in rest:
            words = shlex.split(re.sub(r"[\[\]|].*", "", rest))
            assert understood(COMMANDS[program], words) == "", line


@pytest.mark.parametrize("page", PAGES_OF_PROSE, ids=name)
def test_every_link_to_another_file_leads_somewhere(page):
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if not target.startswith(("http:", "https:", "mailto:", "#")):
            assert (page.parent / target.partition("#")[0]).exists(), target


def test_the_readme_shows_a_picture_before_its_first_command():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert 0 < readme.index("<img alt=") < readme.index("make up") < 2500


def test_no_generated_page_is_stale(capsys):
    assert generate(["--check"]) == 0, capsys.readouterr().err


def test_a_stale_page_is_named(monkeypatch, capsys):
    stale, fresh = "docs/dependencies.md", "docs/reference/commands.md"
    two = {stale: lambda: "something else", fresh: PAGES[fresh]}
    monkeypatch.setattr("docs.generate.__main__.PAGES", two)
    assert generate(["--check"]) == 1
    told = capsys.readouterr().err
    assert f"{stale} is stale" in told
    assert fresh not in told


def decisions() -> list[Path]:
    return sorted((ROOT / "docs" / "decisions").glob("0*.md"))


def test_decisions_are_numbered_without_a_gap():
    numbers = [int(file.name[:4]) for file in decisions()]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("file", decisions(), ids=name)
def test_a_decision_has_its_parts_in_a_page(file):
    text = file.read_text(encoding="utf-8")
    assert re.search(r"^Date: \d{4}-\d\d-\d\d · Status: \w+", text, flags=re.MULTILINE)
    assert [text.index(heading) for heading in HEADINGS] == sorted(
        text.index(heading) for heading in HEADINGS
    )
    assert text.count("\n") <= 60
    index = (ROOT / "docs" / "decisions" / "README.md").read_text(encoding="utf-8")
    assert f"]({file.name})" in index


def test_the_changes_name_the_version():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## [{project['version']}]" in changes
    assert "## [Unreleased]" in changes


def test_make_help_lists_every_target_in_one_line():
    said = subprocess.run(
        ["make", "--no-print-directory"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    listed = {line.split()[1] for line in said.stdout.splitlines()}
    assert listed == make_targets()
    assert all(len(line) <= 100 for line in said.stdout.splitlines())


def test_ci_runs_lint_and_test_and_no_other_target():
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert re.findall(r"^make (\w+)", script, flags=re.MULTILINE) == ["lint", "test"]
