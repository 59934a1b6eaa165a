"""Pages whose examples are run: what they show is what happens, and nothing is left unrun."""

import re

import pytest

from docs.generate import examples
from docs.generate.examples import ExampleError
from docs.generate.pages import PAGES
from tests.house.tracked import ROOT

HOW_TO = ROOT / "docs" / "how-to" / "output-checks"


@pytest.fixture
def shown(tmp_path, monkeypatch):
    """What a page of this text says after its examples have been run."""

    def write_and_run(text: str) -> str:
        monkeypatch.setattr(examples, "ROOT", tmp_path)
        people = tmp_path / examples.TUTORIAL
        people.parent.mkdir(parents=True, exist_ok=True)
        people.write_text("```python\nfrom output_checks import Policy\n\npeople = 3\n```\n")
        (tmp_path / "page.md").write_text(text)
        return examples.page("page.md")

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


def test_a_page_begins_with_the_people_of_the_tutorial(shown):
    assert shown(page("people\n", "")) == page("people\n", "3\n")


def test_a_mistake_is_shown_where_the_page_names_it_and_refused_elsewhere(shown):
    code = 'Policy.named("srss")\n'
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
    prose = re.sub(r"```text\n.*?```", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert prose.count("\n") <= 130
