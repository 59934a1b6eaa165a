"""The dimensions of a table made ready: labels of one meaning made one, merges, hierarchies.

A hierarchy's inner codes become columns of their own ("level 1 of region"), so that their people
are counted like everybody's and never added up from cells that share people.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import polars as pl
from polars.exceptions import PolarsError

from output_checks.declaration import Declaration, Hierarchy
from output_checks.errors import (
    UnknownColumnError,
    UnreadableDataError,
    UnusableTableError,
    unknown,
)
from output_checks.expressions import without_minus_zero
from output_checks.grid import Dimension, Group
from output_checks.words import MISSING, TOTAL, label_text

MOST_LABELS = 100_000
"""Categories of one dimension; more are no classification."""
_MOST_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """One dimension before its categories are known for certain.

    order: labels in the order in which they are shown, where that is not their own.
    parents: {text of a label or group: text of its group}. levels: columns that hold the groups,
    the coarsest first. is_chosen: as `Dimension` has it. known: its labels where they are known
    without the data.
    """

    name: str
    on_rows: bool
    order: tuple[str, ...] = ()
    parents: Mapping[str, str]
    levels: tuple[str, ...] = ()
    is_chosen: bool = False
    known: tuple[Any, ...] | None = None


def with_axes(
    frame: pl.LazyFrame, declaration: Declaration, *, are_known: bool = False
) -> tuple[pl.LazyFrame, list[Axis]]:
    """The data with every dimension's labels as they are shown, and columns for the groups.

    are_known: categories are known without the data, so that nothing is refused for its absence.
    Raises UnknownColumnError for a dimension or coarser column that is not there,
    UnusableTableError for a hierarchy that is none (a circle, a label in two groups).
    """
    _refuse_strangers(declaration)
    own_orders = _own_orders(frame.collect_schema(), declaration.dimensions)
    frame = _normal(frame, (*declaration.dimensions, *coarser_columns(declaration)))
    axes = []
    for name in declaration.dimensions:
        hierarchy = declaration.hierarchies.get(name, {})
        parents = _parents_of(frame, name, hierarchy, declaration.merges.get(name, {}))
        merges = declaration.merges.get(name, {})
        own_order = own_orders.get(name, ())
        frame, order, is_merged = _merged(frame, name, merges, own_order, are_known=are_known)
        frame, levels = _with_levels(frame, name, parents, are_known=are_known)
        axes.append(
            Axis(
                name=name,
                on_rows=name in declaration.rows,
                order=order,
                parents=parents,
                levels=levels,
                is_chosen=is_merged,
            )
        )
    return frame, axes


def keysets(axes: Sequence[Axis], *, margins: bool) -> list[tuple[str, ...]]:
    """Columns to group by for every kind of cell: the finest (with all columns) first."""
    everything = tuple(column for axis in axes for column in (axis.name, *axis.levels))
    nothing = ("",) if margins else ()
    choices = [(axis.name, *axis.levels, *nothing) for axis in axes]
    combined = [tuple(filter(None, one)) for one in product(*choices)]
    return [everything, *combined[1:]]


def dimension(axis: Axis, labels: pl.Series) -> Dimension:
    """An axis with the categories that it is known to have, or the data have, and their groups."""
    if axis.known is not None:
        return _dimension(axis, list(axis.known))
    present = labels.drop_nulls().unique().sort()
    values = present.to_list()
    if axis.order:
        places = {text: place for place, text in enumerate(axis.order)}
        values.sort(key=lambda value: places[value])
    return _dimension(axis, values + [None] * bool(labels.null_count()))


def _dimension(axis: Axis, values: list[Any]) -> Dimension:
    texts = [label_text(value) for value in values]
    _refuse_taken_words(axis.name, texts)
    return Dimension(
        name=axis.name,
        labels=tuple(values),
        on_rows=axis.on_rows,
        groups=tuple(_groups(axis, texts)),
        is_chosen=axis.is_chosen,
    )


def _groups(axis: Axis, texts: list[str]) -> Iterator[Group]:
    """Groups that contain somebody, the deepest first so that members come before them."""
    used: dict[str, int] = {}
    for text in texts:
        for step, ancestor in enumerate(_ancestors(text, axis.parents)):
            used[ancestor] = max(used.get(ancestor, 0), step)
    for label in used:
        if label in texts or label in (TOTAL, MISSING):
            raise UnusableTableError(
                f'in the hierarchy of "{axis.name}" the group "{label}" has the name of a '
                "category of the data, of no value or of a margin; give one of them another name "
                "(derive, merges)"
            )
    ordered = sorted(used, key=lambda label: (used[label], label))
    places = {text: place for place, text in enumerate((*texts, *ordered))}
    for label in ordered:
        members = [place for text, place in places.items() if axis.parents.get(text) == label]
        yield Group(label=label, members=tuple(members))


def _ancestors(text: str, parents: Mapping[str, str]) -> list[str]:
    """The groups that a label is in, its own first."""
    found: list[str] = []
    while text in parents:
        text = parents[text]
        if text in found:
            raise UnusableTableError(f'the hierarchy goes round in a circle at "{text}"')
        found.append(text)
    return found


def _refuse_strangers(declaration: Declaration) -> None:
    for what in ("hierarchies", "merges"):
        for name in getattr(declaration, what):
            if name not in declaration.dimensions:
                raise UnknownColumnError(
                    f"{what}: " + unknown("dimension", name, declaration.dimensions)
                )


def coarser_columns(declaration: Declaration) -> list[str]:
    """The columns of hierarchies that are no dimensions themselves."""
    columns = [one for one in declaration.hierarchies.values() if not isinstance(one, Mapping)]
    return [name for some in columns for name in some if name not in declaration.dimensions]


def _normal(frame: pl.LazyFrame, names: Sequence[str]) -> pl.LazyFrame:
    """Labels of one meaning made one: NaN is missing, -0.0 is 0.0, a category is its text."""
    schema = frame.collect_schema()
    changed = {}
    for name in names:
        if name not in schema:
            raise UnknownColumnError(unknown("column", name, schema))
        if schema[name].is_float():
            changed[name] = without_minus_zero(pl.col(name))
        elif isinstance(schema[name], pl.Categorical | pl.Enum):
            changed[name] = pl.col(name).cast(pl.String)
    return frame.with_columns(**changed)


def _own_orders(schema: pl.Schema, names: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The orders of categories that have one of their own (Enum); all others are sorted."""
    found = {}
    for name in names:
        dtype = schema.get(name)
        if isinstance(dtype, pl.Enum):
            found[name] = tuple(dtype.categories)
    return found


def _labels(frame: pl.LazyFrame, names: Sequence[str]) -> pl.DataFrame:
    """The combinations of labels that the data have, ordered."""
    try:
        found = frame.select(names).unique().head(MOST_LABELS + 1).collect()
    except PolarsError as error:
        message = f"the data cannot be read: {str(error).splitlines()[0]}"
        raise UnreadableDataError(message) from error
    if found.height > MOST_LABELS:
        raise UnusableTableError(
            f'"{names[0]}" has more than {MOST_LABELS:,} different labels: that is no '
            "classification; make bands or groups of it with derive"
        )
    return found.sort(names, nulls_last=True)


def _parents_of(
    frame: pl.LazyFrame, name: str, hierarchy: Hierarchy, merges: Mapping[str, str]
) -> dict[str, str]:
    if isinstance(hierarchy, Mapping):
        return dict(hierarchy)
    parents: dict[str, str] = {}
    columns = [name, *hierarchy]
    for row in _labels(frame, columns).iter_rows():
        texts = [label_text(label) for label in row]
        texts[0] = merges.get(texts[0], texts[0])
        for child, parent, value in zip(texts, texts[1:], row[1:], strict=False):
            if value is None:
                break
            if parents.setdefault(child, parent) != parent:
                raise UnusableTableError(
                    f'"{child}" of "{name}" is in two groups, "{parents[child]}" and '
                    f'"{parent}"; in a hierarchy every label is in one'
                )
    return parents


def _merged(
    frame: pl.LazyFrame,
    name: str,
    merges: Mapping[str, str],
    own_order: tuple[str, ...],
    *,
    are_known: bool,
) -> tuple[pl.LazyFrame, tuple[str, ...], bool]:
    """Labels recoded to texts, their order (that of the first of each), and whether any are one."""
    if not merges:
        return frame, own_order, False
    labels = _labels(frame, [name])[name]
    if own_order:
        places = {label: place for place, label in enumerate(own_order)}
        labels = labels[
            sorted(range(len(labels)), key=lambda at: places.get(labels[at], len(places)))
        ]
    texts = [label_text(label) for label in labels]
    for old, called in merges.items():
        if old not in texts and not are_known:
            raise UnknownColumnError(unknown(f'category of "{name}" in merges', old, texts))
        if called == MISSING != old:
            raise UnusableTableError(
                f'merges: "{old}" of "{name}" cannot be called "{MISSING}", the word for no value; '
                f'give both another name: {{"{old}": "unknown", "{MISSING}": "unknown"}}'
            )
    new = [
        merges.get(text, None if label is None else text)
        for label, text in zip(labels, texts, strict=True)
    ]
    order = tuple(dict.fromkeys(text for text in new if text is not None))
    return _recoded(frame, name, labels, {name: new}), order, len(set(new)) < len(new)


def _with_levels(
    frame: pl.LazyFrame, name: str, parents: Mapping[str, str], *, are_known: bool
) -> tuple[pl.LazyFrame, tuple[str, ...]]:
    """A column for every depth of the hierarchy, null where a label is not that deep."""
    if not parents:
        return frame, ()
    labels = _labels(frame, [name])[name]
    paths = [_ancestors(label_text(label), parents)[::-1] for label in labels]
    depth = max(map(len, paths), default=0)
    if not are_known:
        _refuse_misspelt(name, parents, [label_text(one) for one in labels.drop_nulls()])
    levels = {
        f"level {level + 1} of {name}": [
            path[level] if level < len(path) else None for path in paths
        ]
        for level in range(depth)
    }
    return _recoded(frame, name, labels, {name: labels.to_list(), **levels}), tuple(levels)


def _refuse_misspelt(name: str, parents: Mapping[str, str], texts: list[str]) -> None:
    """Refuse a code that nobody has, where somebody's label is in no group and may be meant.

    A list of codes in which every label of the data has its group may name others besides.
    """
    without = [text for text in texts if text not in parents]
    groups = set(parents.values())
    strange = [code for code in parents if code not in texts and code not in groups]
    has_none = len(without) == len(texts)
    if not has_none and not (strange and without):
        return
    named = ", ".join(f'"{text}"' for text in without[:_MOST_NAMED])
    has = "has none of its labels"
    if not has_none:
        has = f"leaves {named} without a group, and has one for another"
    raise UnknownColumnError(
        f'the hierarchy of "{name}" {has}; '
        + unknown("label", next(iter(strange or parents)), without)
    )


def _recoded(
    frame: pl.LazyFrame, name: str, labels: pl.Series, columns: Mapping[str, list[Any]]
) -> pl.LazyFrame:
    """The frame with columns that are functions of one column's labels."""
    kinds = {
        column: labels.dtype if values == labels.to_list() else pl.String
        for column, values in columns.items()
    }
    known = pl.DataFrame({"label as it was": labels}).with_columns(
        pl.Series(column, values, dtype=kinds[column]) for column, values in columns.items()
    )
    return (
        frame.rename({name: "label as it was"})
        .join(known.lazy(), on="label as it was", how="left", nulls_equal=True)
        .drop("label as it was")
    )


def _refuse_taken_words(name: str, texts: list[str]) -> None:
    for word, taken in ((TOTAL, TOTAL in texts), (MISSING, texts.count(MISSING) > 1)):
        if taken:
            raise UnusableTableError(
                f'"{name}" has a category called "{word}", which is the word for '
                f"{'a margin' if word == TOTAL else 'no value'}; call it something else: "
                f'derive={{"{name}_": "CASE {name} WHEN \'{word}\' THEN … END"}}'
            )
