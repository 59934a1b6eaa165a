"""The lessons as files: valid, without outputs, and every cell of code explained."""

import itertools
import json
from pathlib import Path

import nbformat
import pytest

from tre.training.lessons import lessons

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


def test_every_notebook_of_the_repository_is_a_lesson():
    assert lessons() == tuple(sorted(NOTEBOOKS.glob("*.ipynb")))
    assert lessons()[0].name == "01-attainment-by-diagnosis.ipynb"


@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.stem)
def test_a_lesson_is_a_valid_notebook(lesson: Path):
    nbformat.validate(nbformat.read(lesson, as_version=4))


@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.stem)
def test_a_lesson_is_stored_without_outputs(lesson: Path):
    code = [cell for cell in json.loads(lesson.read_text())["cells"] if cell["cell_type"] == "code"]
    assert code
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)


@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.stem)
def test_every_cell_of_code_is_explained_before_it(lesson: Path):
    kinds = [cell["cell_type"] for cell in json.loads(lesson.read_text())["cells"]]
    assert kinds[0] == "markdown"
    assert ("code", "code") not in set(itertools.pairwise(kinds))
