"""The public names of output_checks, from their docstrings and signatures."""

import inspect
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cached_property
from typing import Any

import output_checks
from docs.generate.docstrings import first_sentence, markdown
from docs.generate.markdown import opening, table
from docs.generate.signatures import annotation, shared_options, signature
from output_checks.errors import OutputCheckError
from output_checks.grid import Dimension, Grid, Group, Protection
from output_checks.policy import Policy
from output_checks.protect import METHODS

INTRODUCTION = """
Every name that `from output_checks import …` gives. What is not on this page may change at any
time. A mistake in what is asked raises an [error](#errors) of this package that says what would be
right; nothing is then checked, protected or written.
"""

GROUPS = {
    "Data and tables": ("Data", "Table", "Declaration", "rebuild", "example_people"),
    "What a check says": ("Report", "Finding", "Verdict", "Provenance"),
    "Policies": ("Policy", "policies"),
    "Protections side by side": (
        "compare",
        "Comparison",
        "Compared",
        "utility",
        "Utility",
        "suggest_merges",
        "Suggestion",
        "Suggestions",
        "PTable",
    ),
    "Outputs together": (
        "check_together",
        "protect_together",
        "ReleaseBook",
        "Entry",
        "LinkedReport",
        "LinkedFinding",
        "Term",
        "Tables",
    ),
    "Outputs made elsewhere": ("check_file", "intervals"),
    "Noise within a budget": (
        "PrivacyBudget",
        "Spend",
        "private_count",
        "private_sum",
        "private_mean",
        "private_quantiles",
        "private_histogram",
    ),
}
"""Names by what they are for; one that is in no group yet comes after them, errors last."""

BEHIND = {
    "Grid": Grid,
    "Dimension": Dimension,
    "Group": Group,
    "Protection": Protection,
}
"""What a table is made of: not imported from the top, but reached from a table."""

SEE_ALSO = {
    "Data": "Task by task: [make a table](../how-to/output-checks/make-a-table.md).",
    "Report": "Task by task: [read a report](../how-to/output-checks/read-a-report.md).",
    "Finding": "Every rule by example: [the rules](rules.md).",
    "Policy": "Every field with its value and source: [disclosure policies](policies.md).",
    "check_together": (
        "Task by task: [check outputs together](../how-to/output-checks/check-together.md)."
    ),
    "compare": "Task by task: [compare protections](../how-to/output-checks/compare.md).",
    "suggest_merges": "Task by task: [merge categories](../how-to/output-checks/coarsen.md).",
    "intervals": "Task by task: [published tables](../how-to/output-checks/intervals.md).",
    "PrivacyBudget": "Task by task: [noise](../how-to/output-checks/noise.md).",
    "check_file": "Task by task: [files made elsewhere](../how-to/output-checks/check-files.md).",
}
"""Where to read on, for names that have a page besides."""

METHODS_TEXT = """
What `Table.protect(method, …)` knows. Defaults are those under the policy `srs`; an option without
a default must be given.
"""

BEHIND_TEXT = """
What `table.grid`, `table.grids` and `table.cells` hold. It is evidence, and stays where the data
are.
"""


def page() -> str:
    """Draw a list of all names, then each group with its names, the protections and the errors."""
    groups = grouped()
    rows = [
        (f"[`{name}`](#{name.lower()})", first_sentence(public(name).__doc__), group)
        for group, names in groups.items()
        for name in names
    ]
    text = opening("`output_checks`: the reference", "output_checks' docstrings", INTRODUCTION)
    text += table(("name", "what it is", "section"), rows)
    for group, names in groups.items():
        text += f"\n## {group}\n" + "".join(described(name, public(name)) for name in names)
    text += f"\n## Protections\n\n{METHODS_TEXT.strip()}\n\n{_methods()}"
    text += f"\n## Behind a table\n\n{BEHIND_TEXT.strip()}\n"
    text += "".join(_opened(name, thing) for name, thing in BEHIND.items())
    return text + f"\n## Errors\n\n{_errors()}"


def public(name: str) -> Any:
    """What `from output_checks import name` gives."""
    return getattr(output_checks, name)


def grouped() -> dict[str, tuple[str, ...]]:
    """Every public name but the errors, by group; those of no group in one of their own."""
    names = [name for name in output_checks.__all__ if not is_error(public(name))]
    found = {
        group: tuple(name for name in members if name in names) for group, members in GROUPS.items()
    }
    placed = {name for members in found.values() for name in members}
    found["More"] = tuple(name for name in names if name not in placed)
    return {group: members for group, members in found.items() if members}


def is_error(thing: Any) -> bool:
    """Whether it is one of the package's exceptions."""
    return isinstance(thing, type) and issubclass(thing, OutputCheckError)


def members(kind: type) -> Iterator[tuple[str, Any]]:
    """Public methods and properties, in the order in which they are written."""
    named = {one.name for one in fields(kind)} if is_dataclass(kind) else set()
    for name, member in vars(kind).items():
        is_member = isinstance(member, property | cached_property | classmethod | staticmethod)
        is_public = not name.startswith("_") and name not in named
        if is_public and (is_member or inspect.isfunction(member)):
            yield name, member


def described(name: str, thing: Any) -> str:
    """Draw one name: its signature, its docstring, and for a class its members."""
    text = _opened(name, thing)
    if name in SEE_ALSO:
        text += f"\n{SEE_ALSO[name]}\n"
    if isinstance(thing, type):
        text += "".join(_member(thing, one, member) for one, member in members(thing))
    return text


def _opened(name: str, thing: Any) -> str:
    text = f"\n### `{name}`\n\n"
    if isinstance(thing, type) and issubclass(thing, Enum):
        words = ", ".join(f'`{name}.{one.name}` ("{one.value}")' for one in thing)
        return f"{text}{markdown(thing.__doc__ or '', ())}\n{words}.\n"
    text += _code(signature(name, thing)) + markdown(thing.__doc__ or "", _names_of(thing))
    options = shared_options(thing)
    if options is None:
        return text
    explained = markdown(options.__doc__ or "", options.__annotations__)
    return text + "\n" + explained.partition("\n\n")[2]


def _member(kind: type, name: str, member: Any) -> str:
    if isinstance(member, property | cached_property):
        read = member.fget if isinstance(member, property) else member.func
        given = inspect.signature(read).return_annotation
        shown = f".{name} -> {annotation(given)}"
        return f"\n#### `{shown}`\n\n{markdown(read.__doc__ or '', ())}"
    of_class = isinstance(member, classmethod | staticmethod)
    called = getattr(kind, name)
    shown = f"{kind.__name__}.{name}" if of_class else f".{name}"
    written = _code(signature(shown, called, is_method=not of_class))
    return f"\n#### `{shown}`\n\n{written}{markdown(called.__doc__ or '', _names_of(called))}"


def _code(text: str) -> str:
    return f"```python\n{text}\n```\n\n"


def _names_of(called: Callable[..., Any]) -> Collection[str]:
    """Parameters, and for `protect` the methods whose options its docstring lists."""
    named = [name for name in inspect.signature(called).parameters if name != "self"]
    return [*named, *METHODS] if called is output_checks.Table.protect else named


def _methods() -> str:
    policy = Policy.named("srs")
    return "\n".join(
        f"### `{_call(name, method.kinds, dict(method.defaults(policy)))}`\n\n"
        + markdown(method.apply.__doc__ or "", ["options"])
        for name, method in METHODS.items()
    )


def _call(name: str, options: Iterable[str], defaults: Mapping[str, Any]) -> str:
    given = (f"{one}={defaults[one]!r}" if one in defaults else f"{one}=…" for one in options)
    return f"protect({', '.join((repr(name), *given))})"


def _errors() -> str:
    rows = [
        (f"`{name}`", first_sentence(public(name).__doc__), f"`{public(name).__base__.__name__}`")
        for name in output_checks.__all__
        if is_error(public(name))
    ]
    return table(("error", "meaning", "is a kind of"), rows)
