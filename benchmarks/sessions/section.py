"""What the page says of sessions: the goals, sealed beside unsealed, and many at once."""

import math
import textwrap
from collections.abc import Mapping, Sequence
from statistics import median, quantiles
from typing import Any

from benchmarks.goal import Goal
from benchmarks.sessions.measures import (
    KERNEL,
    MEMORY,
    PAGE,
    PARTS,
    PROCESSOR,
    RERUN,
    SECOND_KERNEL,
    SERVER,
    Sides,
    memory_of_part,
)

Row = Mapping[str, Any]

SESSIONS = """\
A person clicks on a project and waits until a kernel has answered `1 + 1`: in `tre up` as shipped,
with the Five Safes asked, everything written to the ledger and the server and its kernels sealed,
and by turns in a stock JupyterHub with the same Python, JupyterLab and kernel, unsealed, whose
server also offers terminals and language servers; medians of {rounds} each after one that warmed
up, quartiles in brackets. Then {people} people open a sealed session, one a second, and group
{records:,} records with polars, print the table and think for one to five seconds, for
{seconds:.0f} seconds after the last has come in; hub, sessions and the people's browsers share
{cores} cores, and the load of the machine was {load:.1f} before.
"""

COST = """\
A sealed kernel is ready after {kernel:.1f} seconds, an unsealed one after {stock_kernel:.1f} \
(ratio {ratio:.2f}); a sealed session takes {memory:,.0f} MiB, of which {seal:.1f} are the seal's \
own programs, an unsealed one {stock_memory:,.0f} (ratio {memory_ratio:.2f}; proportional set size \
of all its processes, in which a page that several share counts once in all).\
"""

GOAL_HEADINGS = ("what", "measured", "goal")
SIDE_HEADINGS = ("", "unsealed", "sealed", "sealed / unsealed")
CROWD_HEADINGS = ("sessions at once", "how many", "median", "95th percentile", "most")

_SECONDS = {
    SERVER: "from the click to a ready server, seconds",
    PAGE: "from the click to its page, seconds",
    KERNEL: "from the click to a ready kernel, seconds",
    PROCESSOR: "processor time of all its processes by then, seconds",
    SECOND_KERNEL: "one more kernel in an open session, seconds",
    RERUN: "a notebook of four cells run again, seconds",
}
_MIB = {MEMORY: "memory of a session with one kernel, MiB"} | {
    memory_of_part(part): f"of which {part}, MiB" for part in PARTS
}


def introduction(part: Row) -> str:
    """Say what was measured, and what sealing costs."""
    sides, together = part["sides"], part["crowd"]
    cost = COST.format(
        kernel=_median(sides, KERNEL, "sealed"),
        stock_kernel=_median(sides, KERNEL, "unsealed"),
        ratio=_ratio(sides, KERNEL),
        memory=_median(sides, MEMORY, "sealed"),
        stock_memory=_median(sides, MEMORY, "unsealed"),
        memory_ratio=_ratio(sides, MEMORY),
        seal=_median(sides, memory_of_part("seal"), "sealed"),
    )
    said = SESSIONS.format(
        rounds=len(sides[KERNEL]["sealed"]),
        people=together["people"],
        records=part["records"],
        seconds=part["working_seconds"],
        cores=part["cores"],
        load=part["load_before"],
    )
    paragraphs = [f"{said}{cost}"]
    if together["people"] < part["asked"]:
        paragraphs.append(
            f"This machine had free memory for {together['people']} sessions, not for "
            f"{part['asked']}: what {part['asked']} need was not measured."
        )
    if together["failures"]:
        paragraphs.append("What failed: " + "; ".join(together["failures"]) + ".")
    filled = [textwrap.fill(each, 100, break_on_hyphens=False) for each in paragraphs]
    return "\n\n".join(("## Sessions", *filled)) + "\n"


def goals(part: Row) -> list[tuple[str, ...]]:
    """The goals beside what was measured. One second: a wait that does not break a thought."""
    sides, together = part["sides"], part["crowd"]
    many = f"{together['people']} sessions at once"
    left = together["processes_left"] + together["groups_left"]
    asked: list[tuple[str, float, Goal]] = [
        ("click to ready kernel, sealed / unsealed", _ratio(sides, KERNEL), Goal(most=1.1)),
        ("memory of a session, sealed / unsealed", _ratio(sides, MEMORY), Goal(most=1.1)),
        (f"{many}: everything in memory, GiB", together["everything_mib"] / 1024, Goal(most=16)),
        (f"{many}: sessions or cells that failed", len(together["failures"]), Goal(most=0)),
        (f"{many}: processes and control groups left at the end", left, Goal(most=0)),
    ]
    if together["cells"]:
        slow = percentile(together["cells"], 95)
        what = f"{many}: time to run a cell, 95th percentile, seconds"
        asked.insert(2, (what, slow, Goal(most=1)))
    return [(what, f"{value:.3g}", goal.said(value)) for what, value, goal in asked]


def side_rows(part: Row) -> list[tuple[str, ...]]:
    """One line a measure: median and quartiles of both, and the ratio of the medians."""
    found = []
    for names, pattern in ((_SECONDS, ".2f"), (_MIB, ",.0f")):
        for name, said in names.items():
            both = part["sides"].get(name)
            if both is None:
                continue
            shown = f"{_ratio(part['sides'], name):.2f}" if any(both["unsealed"]) else ""
            middle = [_middle(both[kind], pattern) for kind in ("unsealed", "sealed")]
            found.append((said, *middle, shown))
    return found


def crowd_rows(part: Row) -> list[tuple[str, ...]]:
    """One line a kind of wait, then the memory."""
    together = part["crowd"]
    waits = (
        ("from the click to a ready kernel, seconds", together["opened"]),
        ("a cell while others still come, seconds", together["cells_meanwhile"]),
        ("a cell when all are there, seconds", together["cells"]),
    )
    rows = [(what, f"{len(took):,}", *_spread(took)) for what, took in waits if took]
    sessions, everything = together["sessions_mib"], together["everything_mib"]
    return [
        *rows,
        ("processes of all sessions, MiB", f"{together['processes']}", "", "", f"{sessions:,.0f}"),
        ("with hub, proxy, desk and courier, MiB", "", "", "", f"{everything:,.0f}"),
    ]


def percentile(values: Sequence[float], share: int) -> float:
    """The smallest value that so many percent of all do not exceed (nearest rank)."""
    return sorted(values)[max(0, math.ceil(share / 100 * len(values)) - 1)]


def _median(sides: Sides, what: str, kind: str) -> float:
    return median(sides[what][kind])


def _ratio(sides: Sides, what: str) -> float:
    return _median(sides, what, "sealed") / _median(sides, what, "unsealed")


def _spread(values: Sequence[float]) -> tuple[str, str, str]:
    middle, high, most = (f"{percentile(values, share):.2f}" for share in (50, 95, 100))
    return middle, high, most


def _middle(values: Sequence[float], pattern: str) -> str:
    if len(values) < 2:
        return format(values[0], pattern)
    first, second, third = quantiles(values, n=4, method="inclusive")
    return f"{second:{pattern}} ({first:{pattern}} to {third:{pattern}})"
