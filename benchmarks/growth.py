"""What the page says of a world: time and memory by its size, every linkage, and the goals."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from benchmarks.goal import Goal

Row = Mapping[str, Any]

WORLD = """\
## The environment

A world's whole life, at three sizes, each in a process of its own: the population and its
registers, fourteen linkages with the proof of separation of each, the extracts of all studies; then
some linked patients object, one linkage is refreshed, the study's extract made anew, the earlier
version destroyed with proof, and separation proved for everything. Seconds by the clock and of all
processors together; memory is the most that was resident at any moment of a stage, the libraries
and what earlier stages left behind included.
"""

LINKAGES = """\
### Every linkage

Precision and recall against the truth, which only the simulator knows. *Register*: people in it.
The rarer registers hold a few hundred of the patients, so that one wrong link of them shows.
"""

PUPILS = """\
### Millions of pupils

Identifiers alone, as the Department for Education sees them: {sent:,} patients and {pupils:,}
pupils by first name, last name, date of birth and postcode, with the errors of CRIS and of the
National Pupil Database. Pupils are made region by region (a million each, with families, names and
postcodes of its own), their dates of birth folded into twenty years; nine in ten patients are
pupils.
"""

STAGE_HEADINGS = ("stage", "people", "seconds", "processor", "MiB", "result")
GROWTH_HEADINGS = ("people", "seconds", "processor", "MiB", "seconds a million people")
LINKAGE_HEADINGS = (
    "linkage", "people", "sent", "register", "matched", "precision", "recall", "seconds", "MiB",
)  # fmt: skip
GOAL_HEADINGS = ("what", "measured", "by processor", "goal")
PUPIL_HEADINGS = ("", "seconds", "processor", "MiB", "result")
_MINUTES, _GIBIBYTES = Goal(most=15), Goal(most=8)
OTHER_HEADINGS = ("measured", "seconds", "processor", "MiB", "result")


def growth_rows(worlds: Sequence[Row]) -> list[tuple[str, ...]]:
    """One line a size: everything together."""
    found = []
    for one in worlds:
        seconds, processor, memory = _total(one["rows"])
        found.append(
            (
                f"{one['people']:,}",
                f"{seconds:,.0f}",
                f"{processor:,.0f}",
                f"{memory:,.0f}",
                f"{seconds / one['people'] * 1e6:,.0f}",
            )
        )
    return found


def stage_rows(worlds: Sequence[Row]) -> list[tuple[str, ...]]:
    """One line a stage and size, the linkages of a world together; the sizes beside each other."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for one in worlds:
        for row in _stages(one["rows"]):
            line = (row["what"], f"{one['people']:,}", *_took(row), row["note"])
            found.setdefault(row["what"], []).append(line)
    return [line for lines in found.values() for line in lines]


def linkage_rows(worlds: Sequence[Row]) -> list[tuple[str, ...]]:
    """One line a linkage and size."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for one in worlds:
        took = {row["what"]: row for row in one["rows"]}
        for each in one["linkages"]:
            row = took[f"linkage {each['linkage']}"]
            line = (
                each["linkage"],
                f"{one['people']:,}",
                *(f"{each[name]:,}" for name in ("sent", "register", "matched")),
                *(f"{each[name]:.4f}" for name in ("precision", "recall")),
                f"{row['seconds']:.1f}",
                f"{row['memory_mib']:,.0f}",
            )
            found.setdefault(each["linkage"], []).append(line)
    return [line for lines in found.values() for line in lines]


def goals(worlds: Sequence[Row], pupils: Row | None) -> list[tuple[str, ...]]:
    """The goals beside what was measured of the largest world, and of the pupils.

    Minutes are judged by the clock; those of all processors tell how much of it was other work's.
    """
    if not worlds:
        return []
    largest = worlds[-1]
    seconds, processor, memory = _total(largest["rows"])
    where = f"{largest['people']:,} people"
    npd = next(one for one in largest["linkages"] if one["linkage"] == "npd")
    asked = [
        (f"whole life of {where}, minutes", seconds / 60, processor / 60, _MINUTES),
        (f"memory for {where}, GiB", memory / 1024, None, _GIBIBYTES),
        (f"precision of npd, {where}", npd["precision"], None, Goal(least=0.998)),
        (f"recall of npd, {where}", npd["recall"], None, Goal(least=0.97)),
    ]
    if pupils:
        took = pupils["rows"][-1]
        them = f"{pupils['sent']:,} patients and {pupils['pupils']:,} pupils"
        minutes = took["seconds"] / 60, took["processor_seconds"] / 60
        asked += [
            (f"linking {them}, minutes", *minutes, _MINUTES),
            (f"memory for {them}, GiB", took["memory_mib"] / 1024, None, _GIBIBYTES),
        ]
    return [
        (what, f"{value:.4g}", "" if worked is None else f"{worked:.4g}", goal.said(value))
        for what, value, worked, goal in asked
    ]


def other_rows(rows: Iterable[Row]) -> list[tuple[str, ...]]:
    """One line for whatever else was measured."""
    return [(row["what"], *_took(row), row["note"]) for row in rows]


def _took(row: Row) -> tuple[str, str, str]:
    return (
        f"{row['seconds']:.2f}",
        f"{row['processor_seconds']:.2f}",
        f"{row['memory_mib']:,.0f}",
    )


def _stages(rows: Sequence[Row]) -> list[Row]:
    linkages = [row for row in rows if row["what"].startswith("linkage ")]
    if not linkages:
        return list(rows)
    seconds, processor, memory = _total(linkages)
    together = {
        "what": "all linkages",
        "seconds": seconds,
        "processor_seconds": processor,
        "memory_mib": memory,
        "note": f"{len(linkages)} linkages",
    }
    first = rows.index(linkages[0])
    others = [row for row in rows if row not in linkages]
    return [*others[:first], together, *others[first:]]


def _total(rows: Iterable[Row]) -> tuple[float, float, float]:
    """Seconds and processor seconds of all rows, and the most memory of any, MiB."""
    every = list(rows)
    return (
        sum(row["seconds"] for row in every),
        sum(row["processor_seconds"] for row in every),
        max(row["memory_mib"] for row in every),
    )
