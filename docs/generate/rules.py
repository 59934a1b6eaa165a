"""The rules by example, from the specification that the tests run (tests/output_checks/spec)."""

import inspect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from docs.generate.markdown import opening, table
from docs.generate.marked_table import MARKS, marked_table
from docs.generate.policies import shown_value
from output_checks.policy import Policy, policies
from output_checks.rules import RULES
from output_checks.rules.rule import Rule
from output_checks.statistics import Kind
from tests.output_checks.spec.drawn import Drawn
from tests.output_checks.spec.paragraph import Paragraph

SPEC = "tests.output_checks.spec"
CHAPTERS = ("small_groups", "single_people", "positions", "after_protection", "grounds")

INTRODUCTION = """
Every table is asked every rule that is about its statistic. A rule finds cells, says why in a
sentence with the number, and says what would help. A finding is a **fail** (✗) or a **review** (?:
a person must look); a table without a finding passes. How strict a rule is, the
[policy](policies.md) says.

Each rule is shown by examples: people drawn as text, one call, and what the rule finds in the
table. The examples are the rules' specification: a test runs every one of them.
"""

KINDS = {
    Kind.COUNT: "counts",
    Kind.SUM: "sums",
    Kind.MEAN: "means",
    Kind.SPREAD: "standard deviations and variances",
    Kind.POSITION: "minimum, maximum, median, percentiles",
    Kind.MODE: "modes",
    Kind.PROPORTION: "proportions",
    Kind.RATIO: "rates and ratios",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """title: the test's name as a sentence. text: what its docstring explains."""

    title: str
    text: str
    paragraph: Paragraph


def page() -> str:
    """Draw the list of rules, then each with its facts and its examples, chapter by chapter."""
    chapters = {name: _rules_of(name) for name in CHAPTERS}
    listed = [
        (f"[`{rule.name}`](#{_anchor(rule)})", rule.title, _asked_of(rule))
        for rules in chapters.values()
        for rule in rules
    ]
    text = opening("The rules by example", "tests/output_checks/spec", INTRODUCTION)
    text += table(("rule", "about", "asked of"), listed)
    return text + "".join(_chapter(name, rules) for name, rules in chapters.items())


def _rules_of(chapter: str) -> list[Rule]:
    return [rule for rule in RULES.values() if find_spec(_module_name(chapter, rule))]


def _module_name(chapter: str, rule: Rule) -> str:
    return f"{SPEC}.{chapter}.test_{rule.name}"


def _anchor(rule: Rule) -> str:
    """What a heading's own address is made of: small letters, hyphens, nothing else."""
    kept = (one for one in _heading(rule).lower() if one.isalnum() or one in " _-")
    return "".join(kept).replace(" ", "-")


def _heading(rule: Rule) -> str:
    return f"{rule.title}: `{rule.name}`"


def _chapter(name: str, rules: Sequence[Rule]) -> str:
    title, _, text = inspect.cleandoc(import_module(f"{SPEC}.{name}").__doc__ or "").partition("\n")
    return f"\n## {title}\n\n{text.strip()}\n" + "".join(_rule(name, rule) for rule in rules)


def _rule(chapter: str, rule: Rule) -> str:
    facts = [
        ("asked of", _asked_of(rule)),
        ("what helps", rule.remedy),
        ("source", rule.source),
    ]
    text = f"\n### {_heading(rule)}\n\n{rule.finds}\n\n" + table(("", ""), facts)
    if rule.fields:
        named = [Policy.named(name) for name in policies()]
        rows = [
            (f"`{field}`", *(shown_value(getattr(one, field)) for one in named))
            for field in rule.fields
        ]
        text += "\n" + table(("policy", *(f"`{one.name}`" for one in named)), rows)
    examples = _examples(import_module(_module_name(chapter, rule)), rule)
    return text + "".join(_example(one) for one in examples)


def _asked_of(rule: Rule) -> str:
    if rule.only:
        return rule.only
    if set(rule.reads) == set(Kind):
        return "every statistic"
    return "; ".join(words for kind, words in KINDS.items() if kind in rule.reads)


def _examples(module: ModuleType, rule: Rule) -> Iterator[Example]:
    """Run a file's tests with a `spec` that keeps what it is given."""
    for name, test in vars(module).items():
        if not name.startswith("test_"):
            continue
        kept: list[Paragraph] = []

        def spec(
            drawn: Drawn, call: str, expected: Sequence[str], kept: list[Paragraph] = kept
        ) -> None:
            kept.append(Paragraph.read(rule.name, drawn, call))
            if kept[-1].lines != list(expected):
                message = f"{module.__name__} does not hold: run the tests"
                raise ValueError(message)

        test(spec)
        (paragraph,) = kept
        title = name.removeprefix("test_").replace("_", " ").replace(" s ", "'s ")
        yield Example(
            title=title[0].upper() + title[1:],
            text=inspect.cleandoc(test.__doc__ or ""),
            paragraph=paragraph,
        )


def _example(one: Example) -> str:
    paragraph = one.paragraph
    said = [
        f"- {MARKS[finding.severity]} **{finding.severity}**{_where(finding.cells)}: "
        f"{finding.message}"
        for finding in paragraph.found
    ]
    return (
        f"\n#### {one.title}\n\n{one.text}\n\n"
        f"```text\n{paragraph.drawn.text}\n```\n\n```python\n{paragraph.call}\n```\n\n"
        + marked_table(paragraph.table.grid, paragraph.found)
        + "\n"
        + ("\n".join(said) or "This rule finds nothing.")
        + "\n"
    )


def _where(cells: Sequence[Mapping[str, object]]) -> str:
    places = [" ".join(str(label) for label in cell.values()) for cell in cells]
    return f" at {', '.join(places)}" if places else ""
