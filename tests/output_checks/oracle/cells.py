"""Which cells there are, and whose rows are in each."""

from itertools import product

from tests.output_checks.oracle.question import TOTAL, Cell, Question, Row, groups_of, text


def cells_of(rows: list[Row], asked: Question) -> dict[Cell, list[Row]]:
    """Every cell of a table, also the empty ones, with the rows that it describes."""
    kept = [row for row in rows if asked.where(row)]
    axes = [positions(kept, name, asked) for name in asked.dimensions]
    return {cell: [row for row in kept if is_in(row, cell, asked)] for cell in product(*axes)}


def positions(rows: list[Row], dimension: str, asked: Question) -> list[str]:
    """What is on an axis: labels, the groups that somebody is in, and everybody."""
    labels = list(dict.fromkeys(text(row[dimension]) for row in rows))
    parents = asked.hierarchies.get(dimension, {})
    groups = [group for label in labels for group in groups_of(label, parents)]
    return [*labels, *dict.fromkeys(groups), *([TOTAL] if asked.margins else [])]


def is_in(row: Row, cell: Cell, asked: Question) -> bool:
    """Whether a cell describes a row."""
    for dimension, at in zip(asked.dimensions, cell, strict=True):
        label = text(row[dimension])
        parents = asked.hierarchies.get(dimension, {})
        if at not in (TOTAL, label, *groups_of(label, parents)):
            return False
    return True


def members(at: str, dimension: str, axis: list[str], asked: Question) -> list[str]:
    """What a group (or everybody) is made of: labels and groups directly in it."""
    parents = asked.hierarchies.get(dimension, {})
    if at == TOTAL:
        return [one for one in axis if one != TOTAL and one not in parents]
    return [one for one in axis if parents.get(one) == at]
