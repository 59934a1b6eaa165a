"""The how-to page: its examples are run, and it names every method."""

import re
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

from tre.safe_data.deidentify.treatment import Method

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "de-identify.md"


@pytest.fixture(scope="module")
def text():
    return PAGE.read_text(encoding="utf-8")


def test_the_examples_show_what_happens(text):
    names: dict[str, object] = {}
    examples = re.findall(r"```python\n(.*?)```\n\n```text\n(.*?)```", text, re.DOTALL)
    assert len(examples) == text.count("```python")
    for code, shown in examples:
        said = StringIO()
        with redirect_stdout(said):
            exec(code, names)
        assert said.getvalue() == shown


@pytest.mark.parametrize("method", Method.__members__)
def test_every_method_is_on_the_page(text, method):
    assert f"`{method}`" in text
