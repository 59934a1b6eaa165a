"""The reference of output_checks: every public name is there, says what it is, and is true."""

import doctest
import importlib
import inspect
import pkgutil
from types import ModuleType
from typing import TypedDict, Unpack

import pytest

import output_checks
from docs.generate import api
from docs.generate.docstrings import first_sentence, markdown
from docs.generate.signatures import signature

PUBLIC = sorted(output_checks.__all__)
CLASSES = [name for name in PUBLIC if isinstance(api.public(name), type)]


class Paid(TypedDict):
    epsilon: float


def modules() -> list[ModuleType]:
    found = pkgutil.walk_packages(output_checks.__path__, "output_checks.")
    names = sorted(one.name for one in found if not one.name.endswith("__main__"))
    return [output_checks, *(importlib.import_module(name) for name in names)]


def written_by_a_person(thing: object, name: str) -> bool:
    """A dataclass without a docstring gets its signature for one."""
    said = first_sentence(inspect.getdoc(thing))
    return said.endswith((".", ":")) and not said.startswith(f"{name}(")


@pytest.fixture(scope="module")
def page() -> str:
    return api.page()


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_name_is_in_the_reference(name, page):
    has_heading = f"\n### `{name}`\n" in page
    has_row = f"\n| `{name}` |" in page
    assert has_row if api.is_error(api.public(name)) else has_heading


def test_every_public_name_has_its_place_by_what_it_is_for():
    assert "More" not in api.grouped(), "name it in GROUPS of docs/generate/api.py"


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_name_begins_with_a_sentence_that_says_what_it_is(name):
    assert written_by_a_person(api.public(name), name)


@pytest.mark.parametrize("name", CLASSES)
def test_every_public_member_begins_with_a_sentence_that_says_what_it_is(name):
    silent = [
        member
        for member, thing in api.members(api.public(name))
        if not written_by_a_person(getattr(thing, "func", thing), member)
    ]
    assert silent == []


def test_the_examples_in_docstrings_give_what_they_show():
    finder, runner = doctest.DocTestFinder(exclude_empty=True), doctest.DocTestRunner()
    for module in modules():
        for example in finder.find(module):
            runner.run(example)
    assert runner.tries > 0
    assert runner.failures == 0


def test_names_with_a_colon_become_a_list_and_what_is_raised_a_paragraph():
    docstring = """Count people.

    rows, columns: dimensions. where: who, `None` for
    everybody. A colon in a sentence: no list.
    Raises PolicyError.
    """
    assert markdown(docstring, ["rows", "columns", "where"]) == (
        "Count people.\n\n"
        "- **rows, columns**: dimensions.\n"
        "- **where**: who, `None` for everybody. A colon in a sentence: no list.\n\n"
        "Raises PolicyError.\n"
    )


def test_a_line_that_ends_before_it_is_full_ends_a_paragraph_or_an_item():
    docstring = """Count people.

    rows: dimensions; columns: dimensions too, which is said at such a length that the line is.
    Full, so it goes on. Returns a table.
    base: of rounding.
    Nobody is counted twice.
    """
    assert markdown(docstring, ["rows", "columns", "base"]) == (
        "Count people.\n\n"
        "- **rows**: dimensions.\n"
        "- **columns**: dimensions too, which is said at such a length that the line is. Full, so "
        "it goes on.\n\n"
        "Returns a table.\n\n"
        "- **base**: of rounding.\n\n"
        "Nobody is counted twice.\n"
    )


def test_an_example_in_a_docstring_is_kept_as_code():
    assert markdown("Add.\n\n>>> 1 + 1\n2", []) == "Add.\n\n```pycon\n>>> 1 + 1\n2\n```\n"


def test_a_signature_is_written_without_modules_and_long_ones_line_by_line():
    def short(rows: str, *, policy: output_checks.Policy | None = None) -> "output_checks.Table":
        raise NotImplementedError

    assert signature("short", short) == (
        "short(rows: str, *, policy: Policy | None = None) -> Table"
    )

    def paid(of: str, **options: Unpack[Paid]) -> str:
        raise NotImplementedError

    assert signature("paid", paid) == "paid(of: str, *, epsilon: float) -> str"

    def long(first_of_several_rows: str, *more: int, and_something_at_the_end: str = "a b") -> str:
        raise NotImplementedError

    assert signature("long", long) == (
        "long(\n    first_of_several_rows: str,\n    *more: int,\n"
        '    and_something_at_the_end: str = "a b",\n) -> str'
    )
