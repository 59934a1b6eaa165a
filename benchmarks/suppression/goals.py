"""The goals of suppression: how soon a pattern is found, proven or within a gap, and audited."""

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.goal import Goal

Row = Mapping[str, Any]

HEADINGS = ("table", "what", "measured", "goal")
OURS = "output_checks"

PROVEN: Mapping[str, float] = {
    "two-way, 5,151 cells": 5,
    "hierarchical, 5,719 cells": 15,
    "three-way, 1,331 cells": 30,
}
"""By case, within how many seconds the pattern is to be proven the cheapest."""

SAFE: Mapping[str, float] = {
    "hierarchical, 10,089 cells": 30,
    "linked star, 10,062 cells": 30,
    "linked triangle, 10,045 cells": 30,
}
"""By case, within how many seconds there is to be a safe pattern."""

GAP = Goal(most=0.05)
AUDIT = Goal(most=5)
INTERVALS = Goal(most=60)
LARGE = 10_000


def goals(rows: Sequence[Row]) -> list[tuple[str, ...]]:
    """Every goal that was measured: table, what, figure, goal and whether it is met."""
    found = []
    for one in rows:
        if one["program"] != OURS or one["seconds"] is None:
            continue
        case, seconds, gap = one["case"], one["seconds"], one["gap"]
        if case in PROVEN:
            found.append((case, *_proven(Goal(most=PROVEN[case]), seconds, gap)))
        if case in SAFE:
            said = Goal(most=SAFE[case]).said(seconds)
            found.append((case, "safe pattern, seconds", f"{seconds:.2f}", said))
        if case in SAFE and gap is not None:
            found.append((case, "certified gap", f"{gap:.1%}", GAP.said(gap)))
        audited = one.get("audit_seconds")
        if one["cells"] >= LARGE and audited is not None:
            found.append((case, "audit, seconds", f"{audited:.2f}", AUDIT.said(audited)))
        worked_out = one.get("interval_seconds")
        if one["cells"] >= LARGE and worked_out is not None:
            said = INTERVALS.said(worked_out)
            found.append((case, "all intervals, seconds", f"{worked_out:.2f}", said))
    return found


def _proven(goal: Goal, seconds: float, gap: float | None) -> tuple[str, str, str]:
    what = "proven the cheapest, seconds"
    if gap is not None and gap > 0:
        return what, f"{seconds:.2f}, with a gap of {gap:.1%}", f"≤ {goal.most:g}: missed"
    return what, f"{seconds:.2f}", goal.said(seconds)
