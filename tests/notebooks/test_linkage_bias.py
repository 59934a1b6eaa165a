"""The lesson on bias of linkage teaches what is so: its own numbers are held against its truth."""

import json
from pathlib import Path

import matplotlib as mpl
import pytest

LESSON = Path(__file__).parents[2] / "notebooks" / "02-linkage-bias.ipynb"


@pytest.fixture(scope="module")
def lesson():
    """The names that the lesson leaves behind, after every cell of code has been run."""
    mpl.use("Agg")
    names = {}
    for cell in json.loads(LESSON.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), LESSON.name, "exec"), names)
    return names


def test_half_of_the_patients_are_linked(lesson):
    assert lesson["linked"].mean() == pytest.approx(0.504, abs=0.02)


def test_the_linked_alone_give_an_answer_whose_interval_misses_the_truth(lesson):
    assert lesson["plain"] - lesson["truth"] > 1.96 * lesson["error"]


def test_weighting_gives_an_answer_whose_interval_holds_the_truth(lesson):
    off = abs(lesson["weighted"] - lesson["truth"])
    assert off <= 1.96 * lesson["weighted_error"]
    assert off < abs(lesson["plain"] - lesson["truth"]) / 2
    assert lesson["weighted_error"] > lesson["error"]


def test_weighting_by_what_does_not_matter_helps_nobody(lesson):
    assert lesson["unhelped"] - lesson["truth"] > abs(lesson["plain"] - lesson["truth"]) * 0.8


def test_the_weighted_people_stand_for_all_patients(lesson):
    total = lesson["weight"][lesson["linked"]].sum()
    assert total == pytest.approx(lesson["people"], rel=0.02)
