"""The page of rules has every rule, each in one place, with words for all of its parts."""

from pathlib import Path

import pytest

from docs.generate import rules as page
from output_checks.policy import SETTINGS
from output_checks.rules import CELL_RULES, RULES

SPEC = Path(page.__file__).parent.parent.parent / "tests" / "output_checks" / "spec"


def test_every_rule_has_one_file_of_examples_in_one_chapter():
    files = sorted(file.stem.removeprefix("test_") for file in SPEC.glob("*/test_*.py"))
    assert files == sorted(RULES)
    folders = {file.parent.name for file in SPEC.glob("*/test_*.py")}
    assert folders == set(page.CHAPTERS)


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_a_rule_says_what_it_finds_where_it_comes_from_and_what_helps(rule):
    assert rule.title
    assert rule.source
    assert rule.finds.endswith(".")
    assert rule.remedy.endswith(".")
    assert set(rule.fields) <= set(SETTINGS)


def test_every_setting_of_a_policy_belongs_to_a_rule():
    assert {field for rule in RULES.values() for field in rule.fields} == set(SETTINGS)


def test_rules_about_cells_are_among_all_rules():
    assert {name for name, rule in RULES.items() if rule.about_cells} == set(CELL_RULES)


def test_the_page_shows_the_marks_of_its_findings():
    text = page.page()
    assert "| **b** | **✗ 9** | 40 | 49 |" in text
    assert "- ✗ **fail** at b F: The cell describes 9 people" in text
    assert text.count("\n### ") == len(RULES)


def test_a_page_whose_examples_do_not_hold_is_not_written(monkeypatch):
    monkeypatch.setattr(page, "RULES", {"threshold": RULES["zeros"], "zeros": RULES["threshold"]})
    broken = page.Paragraph.read

    def other(rule, drawn, call):
        return broken("zeros" if rule == "threshold" else "threshold", drawn, call)

    monkeypatch.setattr(page.Paragraph, "read", other)
    with pytest.raises(ValueError, match="does not hold"):
        page.page()
