"""A protection's preview as a page shows it: its grid beside what the file says now."""

from collections.abc import Mapping
from typing import Any

from tre.desk.shown.changes import changes_between, with_changes
from tre.desk.shown.grid import finding_views, grid_of
from tre.desk.shown.grouped import grouped
from tre.steps.preview_remedy import Remedy


def previewed_grid(now: tuple[bytes, Mapping[str, Any] | None], remedy: Remedy) -> dict[str, Any]:
    """The previewed table with each cell that would differ, and its findings, for the page.

    now: the file as it is, with its declaration.
    """
    if remedy.reason:
        return {"grid": None, "findings": (), "changes": None}
    check = grouped({"findings": [dict(one) for one in remedy.findings]})
    declared = dict(remedy.declaration or {})
    grid = grid_of(remedy.text, check, declared)
    changes = changes_between("table.csv", now, (remedy.text.encode(), declared))
    if changes.kind == "cells":
        grid = with_changes(grid, changes)
    return {"grid": grid, "findings": finding_views(check, grid), "changes": changes}
