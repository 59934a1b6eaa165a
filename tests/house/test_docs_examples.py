"""Pages whose examples are run: what they show is what happens, and nothing is left unrun."""

import re
from typing import Any

import pytest

from docs.generate import examples
from docs.generate.examples import ExampleError
from docs.generate.pages import PAGES
from output_checks import example_people
from tests.house.tracked import ROOT

HOW_TO = ROOT / "docs" / "how-to" / "output-checks"


@pytest.fixture
def shown(tmp_path, monkeypatch):
    """What a page of this text says after its examples have been run."""

    def write_and_run(text: str, name: str = "page.md") -> str:
        monkeypatch.setattr(examples, "ROOT", tmp_path)
        (tmp_path / name).write_text(text)
        return examples.page(name)

    return write_and_run


def page(code: str, said: str | None = None, language: str = "python") -> str:
    after = "" if said is None else f"\n```text\n{said}```\n"
    return f"# Title\n\n```{language}\n{code}```\n{after}\nThe end.\n"


def test_what_an_example_shows_now_stands_after_it(shown):
    assert shown(page("1 + 1\n", "5\n")) == page("1 + 1\n", "2\n")


def test_printed_lines_come_before_the_last_expression(shown):
    code = "print('first')\n'second'\n"
    assert shown(page(code, "")) == page(code, "first\n'second'\n")


def test_a_block_without_a_text_after_it_is_run_all_the_same(shown):
    text = page("number = 2\n") + page("number + 1\n", "3\n")
    assert shown(text) == text
    with pytest.raises(ExampleError, match=r"page\.md.*NameError"):
        shown(page("nothing_of_that_name\n"))


@pytest.mark.parametrize("left_by_another", ["people\n", "Data\n", "Path\n", "pl\n"])
def test_a_page_that_needs_what_another_made_is_refused(shown, left_by_another):
    shown(page("from pathlib import Path\nimport polars as pl\nfrom output_checks import Data\n"))
    shown(page("people = 3\nopen('people.parquet', 'w').close()\n"))
    with pytest.raises(ExampleError, match="NameError"):
        shown(page(left_by_another))
    with pytest.raises(ExampleError, match="FileNotFoundError"):
        shown(page("open('people.parquet')\n"))


def test_the_readme_speaks_of_a_file_of_the_readers_own(shown):
    code = "import polars as pl\n\npl.read_parquet('people.parquet').height\n"
    assert "400" in shown(page(code, ""), "README.md")


def test_the_example_people_are_those_that_the_tutorial_makes():
    text = (ROOT / examples.TUTORIAL).read_text(encoding="utf-8")
    (code,) = re.findall(r"^```python\n((?:(?!^```).)*?^people = .*?)^```$", text, re.S | re.M)
    made: dict[str, Any] = {}
    exec(code.replace("people.write_parquet", "str"), made)
    assert made["people"].equals(example_people())


ALONE = [f"docs/how-to/output-checks/{file.name}" for file in sorted(HOW_TO.glob("*.md"))]


@pytest.mark.parametrize("name", ALONE)
def test_a_how_to_runs_alone_from_its_first_block_on(name):
    assert examples.page(name) == (ROOT / name).read_text(encoding="utf-8")


def test_a_mistake_is_shown_where_the_page_names_it_and_refused_elsewhere(shown):
    code = 'from output_checks import Policy\nPolicy.named("srss")\n'
    assert "PolicyError: unknown policy" in shown(page(code, "PolicyError\n"))
    with pytest.raises(ExampleError, match="PolicyError"):
        shown(page(code, "something else\n"))


def test_commands_run_as_they_are_typed_with_their_exit_status(shown):
    code = "pip install nothing\noutput-checks rules --json > rules.json\necho $?\n"
    assert shown(page(code, "", "sh")) == page(code, "0\n", "sh")


def test_a_command_that_fails_is_shown_where_the_page_says_so_and_refused_elsewhere(shown):
    code = "output-checks file missing.csv\necho $?\n"
    assert shown(page(code, "output-checks:\n", "sh")).endswith("3\n```\n\nThe end.\n")
    with pytest.raises(ExampleError, match="could not be carried out"):
        shown(page(code, "", "sh"))


def test_every_page_about_output_checks_has_its_examples_run_by_the_check_for_stale_pages():
    assert {str(file.relative_to(ROOT)) for file in HOW_TO.glob("*.md")} <= set(PAGES)
    assert {examples.TUTORIAL, "docs/explanation/proof.md", "README.md"} <= set(PAGES)


@pytest.mark.parametrize("name", sorted(examples.pages()))
def test_no_example_has_a_form_that_is_not_run(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    languages = set(re.findall(r"^```(\w+)$", text, flags=re.MULTILINE))
    assert languages <= {"python", "sh", "text", "toml", "json"}


@pytest.mark.parametrize("name", sorted(set(examples.pages()) - {"docs/explanation/proof.md"}))
def test_a_page_teaches_public_names_only(name):
    assert "from output_checks." not in (ROOT / name).read_text(encoding="utf-8")


def test_the_index_leads_to_every_page_about_output_checks():
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    pages = [name for name in examples.pages() if name != "README.md"]
    missing = [name for name in pages if f"]({name.removeprefix('docs/')})" not in index]
    assert missing == []


@pytest.mark.parametrize("file", sorted(HOW_TO.glob("*.md")), ids=lambda file: file.stem)
def test_a_how_to_is_short(file):
    """Without what its examples show, and the block that sets them up."""
    text = file.read_text(encoding="utf-8")
    prose = re.sub(r"```text\n.*?```", "", text, flags=re.DOTALL)
    set_up = r"```python\n(?:(?!```).)*?example_people\(\).*?```\n+"
    assert re.sub(set_up, "", prose, count=1, flags=re.DOTALL).count("\n") <= 130
