"""The page docs/benchmarks.md: what was measured, where and when, as tables of ratios."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from benchmarks import growth
from benchmarks.goal import Goal
from benchmarks.load import section as load
from benchmarks.sessions import section
from benchmarks.suppression import goals as suppression
from docs.generate.markdown import table

Row = Mapping[str, Any]
OURS, CHECKED = "output_checks", "output_checks with its check"

INTRODUCTION = """\
# Benchmarks

<!-- Written by `make bench`, which measures everything again; edits here are lost. -->

One command, side by side in one run: `make bench` (`make bench QUICK=1` for a look at small sizes,
which leaves this page as it is). Every program runs in a process of its own, one after the other.
"""

RACE = """\
## A table of records

Invented records, four a person, with labels as texts; margins at every level; data loaded before
the clock starts. *Bare polars* is one streaming query that gives the same evidence (distinct
people, people with a value, records, sums, signs, the two largest contributions per person, whether
all values are equal, for every cell and margin) and nothing else: floating-point sums, no check of
what it reads, no sorting of people and cells as one number, to which `output_checks` owes that it
can be quicker. *pandas.crosstab* and *acro* count rows, not people, so that they do less. The check
ends with the verdict and with every finding: its rule, its cell, how bad it is and the numbers that
it rests on, counted by rule, all fixed. What is not done when the clock stops is to write their
sentences, which happens when somebody reads them; *every finding read* measures it all with every
sentence and every cell's labels. Rows of evidence are written out when somebody asks for them, and
in no row here. acro marks the cells that a rule finds and counts them in a summary. Seconds are the
median of the runs (one run where it took long), by the clock and of all processors together; the
second tells more where other work was going on. Memory is the peak above what was resident when the
data were loaded. However few the records, `output_checks` takes some 10 milliseconds for a table of
two dimensions and 15 to 40 for one of three, for its cells, margins, evidence and verdict: of a
million records that is a fifth to a third of the time, and why it comes less far ahead of acro
there than with ten million.
"""

LARGER = """\
### A file larger than memory

Tables with their check of a Parquet file, in a process that may ask for {allowed:,} MiB of memory
and no more, its libraries and threads included. The records are read several times, some of the
people each time, so that the peak does not grow with the file.
"""

SUPPRESSION = """\
## Suppression

Tables of counts of generated people; the cells that policy `srs` fails must be withheld. What else
is withheld costs its people and one, ten times that for a margin. pytauargus is told people and one
for every cell, with which it finds cheaper patterns than with the costs that both are judged by. It
solves its optimal model and was told to take a minute at most; whatever took longer than {limit}
seconds was ended. Only the suppression itself is timed; ours ends with the audit that proves it.
*Unsafe*: withheld cells that our audit can work out too narrowly, in brackets those that had to be
withheld. pytauargus is asked to protect those alone; we also protect the cells withheld besides.
"""

OTHER = """\
### Tables of a million records
"""


def page(parts: Mapping[str, Row]) -> str:
    """Draw every part that was measured; each says when and on what."""
    drawn = {
        "race": _race,
        "suppression": _suppression,
        "world": _world,
        "sessions": _sessions,
        "load": _load,
    }
    sections = [draw(parts[name]) for name, draw in drawn.items() if name in parts]
    return INTRODUCTION + "\n" + "\n".join(sections)


def goals(rows: Sequence[Row]) -> list[tuple[str, ...]]:
    """The three goals of the race for every table: what, by clock, by processor, goal, met."""
    found = []
    for (size, task), programs in _by_table(rows).items():
        ours, checked = programs.get(OURS, {}), programs.get(CHECKED, {})
        bare, acro = programs.get("bare polars", {}), programs.get("acro", {})
        where = f"{task}, {size:,} records"
        for what, above, below, goal in (
            ("time / bare polars", ours, bare, Goal(most=1.3)),
            ("acro / time with check", acro, checked, Goal(least=25)),
            ("memory / acro", checked, acro, Goal(most=0.5, of="memory_mib")),
        ):
            measured = _fraction(above.get(goal.of), below.get(goal.of))
            worked = ""
            if goal.of == "seconds":
                by_processor = (one.get("processor_seconds") for one in (above, below))
                worked = _ratio(*by_processor)
            if measured is not None:
                found.append((where, what, f"{measured:.2f}", worked, goal.said(measured)))
    return found


def race_rows(rows: Sequence[Row]) -> list[tuple[str, ...]]:
    """One line a program and table, with its ratios to bare polars and to acro."""
    lines = []
    for (size, task), programs in _by_table(rows).items():
        bare = programs.get("bare polars", {}).get("seconds")
        acro = programs.get("acro", {}).get("seconds")
        for name, one in programs.items():
            seconds = one["seconds"]
            lines.append(
                (
                    f"{size:,}",
                    task,
                    name,
                    _number(seconds, ".2f"),
                    _number(one["processor_seconds"], ".2f"),
                    _ratio(seconds, bare),
                    _ratio(acro, seconds),
                    _number(one["memory_mib"], ",.0f"),
                    one["note"] if seconds is None else f"{one['runs']} runs",
                )
            )
    return lines


def larger_rows(rows: Sequence[Row]) -> list[tuple[str, ...]]:
    """One line a file and table."""
    return [
        (
            f"{one['rows']:,}",
            one["task"],
            _number(one["file_mib"], ",.0f"),
            _number(one["held_mib"], ",.0f"),
            _number(one["memory_mib"], ",.0f"),
            _number(one["seconds"], ".2f"),
            _number(one["processor_seconds"], ".2f"),
            one["note"] if one["seconds"] is None else "",
        )
        for one in rows
    ]


LARGER_HEADINGS = (
    "records",
    "table",
    "file, MiB",
    "records in memory, MiB",
    "peak, MiB",
    "seconds",
    "processor",
    "",
)
RACE_HEADINGS = (
    "records",
    "table",
    "program",
    "seconds",
    "processor",
    "by bare polars",
    "times as fast as acro",
    "MiB",
    "",
)
GOAL_HEADINGS = ("table", "ratio", "by the clock", "by processor", "goal")
SUPPRESSION_HEADINGS = (
    "table",
    "primary",
    "program",
    "seconds",
    "withheld besides",
    "people in them",
    "cost",
    "unsafe",
    "gap",
    "",
)


def suppression_rows(rows: Sequence[Row]) -> list[tuple[str, ...]]:
    """One line a program and case."""
    return [
        (
            one["case"],
            str(one["primary"]),
            one["program"],
            _number(one["seconds"], ".2f"),
            _number(one["complementary"], ",d"),
            _number(one["people"], ",d"),
            _number(one["cost"], ",d"),
            "" if one["unsafe"] is None else f"{one['unsafe']} ({one['unsafe_primary']})",
            "" if one["gap"] is None else f"{one['gap']:.1%}",
            one["note"],
        )
        for one in rows
    ]


def _race(part: Row) -> str:
    return (
        RACE
        + _measured(part)
        + table(GOAL_HEADINGS, goals(part["rows"]))
        + "\n"
        + table(RACE_HEADINGS, race_rows(part["rows"]))
        + _larger(part.get("larger", ()))
    )


def _larger(rows: Sequence[Row]) -> str:
    if not rows:
        return ""
    said = LARGER.format(allowed=rows[0]["allowed_mib"])
    return "\n" + said + "\n" + table(LARGER_HEADINGS, larger_rows(rows))


def _suppression(part: Row) -> str:
    said = SUPPRESSION.format(limit=part["limit_seconds"])
    aims = table(suppression.HEADINGS, suppression.goals(part["rows"]))
    rows = table(SUPPRESSION_HEADINGS, suppression_rows(part["rows"]))
    return said + _measured(part) + aims + "\n" + rows


def _world(part: Row) -> str:
    """The worlds by size, then the millions of pupils, then tables; what was measured of them."""
    worlds, pupils = part.get("worlds"), part.get("pupils")
    if not worlds:  # measured by an earlier version, which knew one world alone
        return ""
    sections = [
        growth.WORLD + _measured(part) + table(growth.GOAL_HEADINGS, growth.goals(worlds, pupils)),
        table(growth.GROWTH_HEADINGS, growth.growth_rows(worlds)),
        table(growth.STAGE_HEADINGS, growth.stage_rows(worlds)),
        growth.LINKAGES + "\n" + table(growth.LINKAGE_HEADINGS, growth.linkage_rows(worlds)),
    ]
    if pupils:
        told = growth.PUPILS.format(sent=pupils["sent"], pupils=pupils["pupils"])
        quality = f"Precision {pupils['precision']:.4f}, recall {pupils['recall']:.4f}."
        rows = growth.other_rows(pupils["rows"])
        sections.append(f"{told}{quality}\n\n" + table(growth.PUPIL_HEADINGS, rows))
    rows = growth.other_rows(part["rows"])
    sections.append(OTHER + "\n" + table(growth.OTHER_HEADINGS, rows))
    return "\n".join(sections)


def _sessions(part: Row) -> str:
    """The goals of sessions, sealed beside unsealed, and many at once."""
    tables = (
        table(section.GOAL_HEADINGS, section.goals(part)),
        table(section.SIDE_HEADINGS, section.side_rows(part)),
        table(section.CROWD_HEADINGS, section.crowd_rows(part)),
    )
    return section.introduction(part) + _measured(part) + "\n".join(tables)


def _load(part: Row) -> str:
    """The goals of many people at once, what they waited for, and the rest."""
    tables = (
        table(load.GOAL_HEADINGS, load.goals(part)),
        table(load.wait_headings(part), load.wait_rows(part)),
        table(load.other_headings(part), load.other_rows(part)),
    )
    return load.introduction(part) + _measured(part) + "\n".join(tables)


def _measured(part: Row) -> str:
    return f"\nMeasured on {part['date']}: {part['machine']}. {part['versions']}.\n\n"


def _by_table(rows: Iterable[Row]) -> dict[tuple[int, str], dict[str, Row]]:
    found: dict[tuple[int, str], dict[str, Row]] = {}
    for one in rows:
        found.setdefault((one["rows"], one["task"]), {})[one["program"]] = one
    return found


def _number(value: float | None, pattern: str) -> str:
    return "" if value is None else format(value, pattern)


def _ratio(above: float | None, below: float | None) -> str:
    fraction = _fraction(above, below)
    return "" if fraction is None else f"{fraction:.2f}"


def _fraction(above: float | None, below: float | None) -> float | None:
    return None if above is None or not below else above / below
