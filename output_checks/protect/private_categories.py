"""Categories of a noisy table, known without its people: which of them occur would tell of people.

Without this a table of a single person (chosen by where) would show what they are by the only
category it has, one of nobody would be refused at no cost, and a category that a single person of
all the data has would be shown because they are there.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from output_checks.build import build_grids
from output_checks.declaration import Declaration
from output_checks.domain import Domain
from output_checks.errors import DeclarationError, ProtectionError, UnknownColumnError, unknown
from output_checks.expressions import prepare
from output_checks.given import refuse_other, shown
from output_checks.grid import Grid
from output_checks.protect.private_where import refuse_failing
from output_checks.words import label_text

PUBLIC = "public"
"""What a caller says who knows that everybody may know which categories the data have."""
_PLAIN = (str, int, float, type(None))


def table_of_chosen(data: Any, where: str | None, **question: Any) -> Any:
    """An unprotected table whose declaration has a `where`, and whose cells are of everybody.

    So what is wrong with the data is told of all their rows, whomever `where` chooses: noise is
    drawn around the people it chooses, and nothing about them is refused.
    Raises what `Data.table` raises, and DeclarationError for a `where` that may fail for some
    people only.
    """
    refuse_other("where", where, (str, type(None)), "a text or None", DeclarationError)
    refuse_failing(where)
    whole = data.table(**question)
    return replace(whole, declaration=replace(whole.declaration, where=where or ""))


def with_known_categories(table: Any, categories: Any) -> Any:
    """The unprotected table with categories that do not depend on the people in it.

    categories: {dimension: its labels}, or "public" for those that all the data have, without the
    table's `where`. A dimension that is not named must have an Enum's categories, or be true or
    false. Whether people are in several cells is that of all the data, too.
    Raises ProtectionError where the categories of a dimension are known from the data only.
    """
    declaration = table.declaration
    is_public = isinstance(categories, str) and categories == PUBLIC
    if is_public and not declaration.where:
        return table
    whole = _whole(table)
    domain = _domain(table, whole, categories)
    hierarchies = dict(declaration.hierarchies)
    for one in whole.dimensions:
        if is_public and one.groups:
            hierarchies[one.name] = {
                one.texts[member]: group.label for group in one.groups for member in group.members
            }
    asked = replace(declaration, hierarchies=hierarchies, protection=None)
    built = build_grids(asked, table.source.frame, domain)
    grids = tuple(replace(grid, overlaps=whole.overlaps) for grid in built)
    return replace(table, plains=grids, grids=grids)


def _whole(table: Any) -> Grid:
    """How many people of all the data are in each cell."""
    everybody = replace(
        table.declaration,
        where="",
        statistic="count",
        of=None,
        per=None,
        weight=None,
        within=None,
        times=1,
        structural_zeros=(),
        protection=None,
    )
    return table.source.declared(everybody, policy=table.policy).plains[0]


def _domain(table: Any, whole: Grid, categories: Any) -> Domain:
    if isinstance(categories, str) and categories == PUBLIC:
        return {one.name: one.labels for one in whole.dimensions}
    given = _given(categories, table.declaration)
    domain = _declared(table) | given
    unknown_ones = [name for name in table.declaration.dimensions if name not in domain]
    if unknown_ones:
        named = ", ".join(f'"{name}"' for name in unknown_ones)
        raise ProtectionError(
            f"which categories {named} has must be known without the data, since one that only a "
            "single person has would tell of them: name them with categories={dimension: "
            f'[labels]}}, or say categories="{PUBLIC}" where everybody may know those of the data'
        )
    return domain


def _given(categories: Any, declaration: Declaration) -> dict[str, list[Any]]:
    """What a caller named. Raises ProtectionError, UnknownColumnError."""
    if categories is None:
        return {}
    words = f'{{dimension: [its labels]}}, or "{PUBLIC}"'
    if not isinstance(categories, Mapping):
        raise ProtectionError(f"categories must be {words}, not {shown(categories)}")
    for name, labels in categories.items():
        if name not in declaration.dimensions:
            raise UnknownColumnError(
                "categories: " + unknown("dimension", name, declaration.dimensions)
            )
        if not isinstance(labels, list | tuple) or not labels or not all(map(_is_label, labels)):
            raise ProtectionError(f'categories of "{name}" must be {words}, not {shown(labels)}')
        if not isinstance(declaration.hierarchies.get(name, {}), Mapping):
            raise ProtectionError(
                f'the groups of "{name}" are in columns of the data; give its hierarchy as '
                "{label: its group}"
            )
    return {name: list(labels) for name, labels in categories.items()}


def _is_label(label: Any) -> bool:
    return isinstance(label, _PLAIN) or hasattr(label, "isoformat")


def _declared(table: Any) -> dict[str, list[Any]]:
    """Categories that the type of a column declares."""
    declaration = table.declaration
    frame = prepare(
        table.source.frame,
        where="",
        derive=declaration.derive.items(),
        protected=declaration.unit,
    )
    found: dict[str, list[Any]] = {}
    for name, dtype in frame.collect_schema().items():
        merges = declaration.merges.get(name, {})
        if isinstance(dtype, pl.Enum):
            labels: list[Any] = list(dtype.categories)
        elif dtype == pl.Boolean:
            labels = [False, True]
        else:
            continue
        merged = [merges.get(label_text(one), label_text(one)) for one in labels]
        found[name] = list(dict.fromkeys(merged)) if merges else labels
    return {name: one for name, one in found.items() if name in declaration.dimensions}
