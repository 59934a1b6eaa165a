"""What a protection would make of an output: computed from the extract, changing nothing."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from polars.exceptions import PolarsError

from output_checks import Declaration, OutputCheckError, Table, rebuild, utility
from tre.safe_outputs.file_check import worst
from tre.safe_outputs.recomputation import (
    Extract,
    NotRebuiltError,
    Submitted,
    declared,
    first_line,
    refuse_unreviewable,
    strictest,
)
from tre.safe_outputs.together import found_together

METHODS = ("suppress", "round", "midpoint", "cell-key", "coarsen")
"""Protections that can be previewed: all but noise, which must be paid for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A question: what would this protection make of an output?

    others: the other declared outputs of its request. released: what left before.
    """

    output: Submitted
    method: str
    others: tuple[Submitted, ...] = ()
    released: tuple[Submitted, ...] = ()


def preview(asked: Preview) -> dict[str, Any]:
    """Protect a declared table as it was before any protection, and judge what comes of it.

    Gives plain values for JSON. method; reason: why it cannot be done, "" where it can; line: the
    Python that does it in the session; declaration and text: of the table that would be submitted;
    verdict, findings: of that one, also beside others; utility: what it costs, a row for each
    statistic (see `output_checks.Utility`); policy: under which.
    Raises PolicyError for a project's policy that is not known: nothing falls back to less.
    """
    try:
        table = _unprotected(asked.output)
        protected = table.protect(asked.method)
        return _told(asked, table, protected)
    except (NotRebuiltError, OutputCheckError, PolarsError) as error:
        return {"method": asked.method, "reason": f"{first_line(error)}."}


def line_of(declaration: Declaration, method: str) -> str:
    """The Python that makes a declared table of `data` and protects it, in a session."""
    dimensions = [repr(_plain(declaration.rows)), repr(_plain(declaration.columns))]
    simple = len(declaration.rows) == 1 and len(declaration.columns) <= 1
    if simple:
        dimensions = [repr(name) for name in declaration.dimensions]
    elif not declaration.columns:
        dimensions.pop()
    given = [
        f"{one.name}={_plain(getattr(declaration, one.name))!r}"
        for one in fields(Declaration)
        if one.name not in _NOT_ASKED and _differs(declaration, one.name)
    ]
    arguments = ", ".join([*dimensions, *given, f"policy={declaration.policy!r}"])
    return f"data.table({arguments}).protect({method!r})"


_NOT_ASKED = frozenset({"dataset", "unit", "rows", "columns", "policy", "protection"})


def _differs(declaration: Declaration, name: str) -> bool:
    """Whether a part of the question is another than where nothing is said."""
    bare = Declaration(dataset="", unit=None, rows=())
    return getattr(declaration, name) != getattr(bare, name)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


def _unprotected(output: Submitted) -> Table:
    """The declared table as it was before any protection, under the strictest policy."""
    if output.declaration is None:
        message = "it has no declaration, so that nothing can be made again"
        raise NotRebuiltError(message)
    if output.extract is None:
        message = "the project has no extract to make it from"
        raise NotRebuiltError(message)
    declaration = declared(output.declaration)
    policy = strictest(output.policy, declaration.policy)
    data = Extract.read(output.extract).table(declaration.dataset)
    table = rebuild(replace(declaration, protection=None), data, policy=policy)
    refuse_unreviewable(table, output.most_cells)
    return table


def _told(asked: Preview, table: Table, protected: Table) -> dict[str, Any]:
    report = protected.report().to_dict()
    text = protected.to_csv()
    submitted = replace(
        asked.output,
        content=text.encode(),
        declaration=protected.declaration.to_json(),
        policy=protected.policy.name,
    )
    together = found_together([submitted, *asked.others], asked.released)
    findings = [*report["findings"], *together.get(asked.output.name, [])]
    return {
        "method": asked.method,
        "reason": "",
        "line": line_of(table.declaration, asked.method),
        "declaration": _plain_declaration(protected.declaration),
        "text": text,
        "verdict": worst([report["verdict"], *(one["severity"] for one in findings)]),
        "findings": findings,
        "utility": [asdict(utility(protected, table, one)) for one in table.declaration.statistics],
        "policy": protected.policy.name,
    }


def _plain_declaration(declaration: Declaration) -> dict[str, Any]:
    return {one.name: _plain(getattr(declaration, one.name)) for one in fields(Declaration)}
