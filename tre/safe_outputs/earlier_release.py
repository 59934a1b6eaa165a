"""An earlier release as it left: the numbers that everybody has, not those of today's extract."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from polars.exceptions import PolarsError

from output_checks import Declaration, OutputCheckError, Policy, Table, rebuild
from output_checks.book.changes import changed_counts
from output_checks.book.entry import Entry, Value
from output_checks.book.remade import ChangedDataError, remade
from output_checks.linked.views import Output
from tre.safe_outputs.arithmetic import placed
from tre.safe_outputs.comparison import UnlikeError, differences, number_of, read_rows
from tre.safe_outputs.file_check import REVIEW, finding
from tre.safe_outputs.recomputation import Extract, NotRebuiltError, Submitted

RULE = "differencing"
_MOST_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierRelease:
    """What is known of an output that has left.

    table: what it is compared by, None where it cannot be made. entry: its numbers as they left,
    None where they are not at hand. changed: why the table is not what left; empty where it is,
    and where nobody said that anything was kept of it.
    """

    name: str
    table: Table | None
    entry: Entry | None = None
    changed: str = ""

    def findings(self, new: Table, name: str, threshold: int) -> Iterator[dict[str, Any]]:
        """What its released numbers say of a new table from data that have changed since.

        Counts of the same question that differ by 1 to threshold - 1 people fail; the rest a
        person must look at, since the extract of then is not the one that is compared.
        """
        if not self.changed:
            return
        if self.table is not None:
            also = "" if self.entry is None else " Its released counts were compared besides."
            yield finding(
                RULE,
                REVIEW,
                f"“{self.name}” was compared as today's extract gives it, and not as it left: "
                f"{self.changed}.{also}",
                "Lay what was released beside this output: does one less the other leave a small "
                "group?",
            ) | {"beside": [name, self.name]}
        if self.entry is not None:
            for one in changed_counts(self.entry, [Output(name=name, table=new)], threshold):
                yield placed(one, name)


def made(output: Submitted) -> Table | None:
    """A declared table from today's extract; None where that does not give it."""
    try:
        declaration = Declaration.from_json(output.declaration or "")
        if output.extract is None:
            return None
        data = Extract.read(output.extract).table(declaration.dataset)
        return rebuild(declaration, data, Policy.named(declaration.policy))
    except (NotRebuiltError, OutputCheckError, PolarsError):
        return None


def earlier_release(output: Submitted, policy: Policy) -> EarlierRelease:
    """Read what left, and make the table behind it that shows just that.

    output: with the bytes that left as its content, where they are at hand; without them it is
    what today's extract gives. policy: of the outputs that it will be compared with.
    """
    table = made(output)
    if not output.content:
        why = "what was released is not at hand" if output.left_on else ""
        return EarlierRelease(name=output.name, table=table, changed=why)
    try:
        entry = _entry(output)
    except (UnlikeError, OutputCheckError, ValueError):
        why = "its file is not the table that it declares"
        return EarlierRelease(name=output.name, table=table, changed=why)
    if table is None:
        why = "it cannot be made again"
        return EarlierRelease(name=output.name, table=None, entry=entry, changed=why)
    if _is_equal(output, table):
        return EarlierRelease(name=output.name, table=table, entry=entry)
    try:
        as_it_left = remade(entry, table.source, policy)
    except (ChangedDataError, OutputCheckError, PolarsError) as error:
        return EarlierRelease(name=output.name, table=table, entry=entry, changed=str(error))
    return EarlierRelease(name=output.name, table=as_it_left, entry=entry)


def not_made(releases: Sequence[EarlierRelease]) -> Iterator[dict[str, Any]]:
    """Say that earlier releases could not be taken into account: a person must."""
    names = [one.name for one in releases if one.table is None]
    if names:
        more = " …" if len(names) > _MOST_NAMED else ""
        message = (
            f"{len(names)} earlier releases could not be made again from today's extract, and were "
            f"not compared: {', '.join(names[:_MOST_NAMED])}{more}."
        )
        remedy = "Lay them beside this output: does one less the other leave a small group?"
        yield finding(RULE, REVIEW, message, remedy) | {"beside": names}


def _is_equal(output: Submitted, table: Table) -> bool:
    released = table.released()
    try:
        return not differences(output.content, released.to_dicts(), table.dimensions)
    except UnlikeError:
        return False


def _entry(output: Submitted) -> Entry:
    """The released numbers by their cells; raises UnlikeError or ValueError for another table."""
    declaration = Declaration.from_json(output.declaration or "")
    header, *lines = read_rows(output.content)
    statistics = declaration.statistics
    columns = ["value"] if len(statistics) == 1 else list(statistics)
    if sorted(header) != sorted([*declaration.dimensions, *columns]):
        message = "its columns are not those that it declares"
        raise UnlikeError(message)
    rows = [dict(zip(header, line, strict=True)) for line in lines]
    entry = Entry(
        name=output.name,
        project="",
        on=date.fromisoformat(output.left_on or ""),
        declaration=declaration,
        cells=tuple(tuple(row[name] for name in declaration.dimensions) for row in rows),
        values={
            statistic: tuple(_value(row[column]) for row in rows)
            for statistic, column in zip(statistics, columns, strict=True)
        },
    )
    entry.refuse_inconsistent()
    return entry


def _value(text: str) -> Value:
    value = number_of(text)
    if value is None:
        return text.strip() or None
    return int(value) if value == value.to_integral_value() else float(value)
