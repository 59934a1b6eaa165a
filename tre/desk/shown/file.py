"""One file of a request, ready for the page: what it is, how it looks, what was found in it."""

from dataclasses import dataclass
from typing import Any

from tre.desk.shown.changes import Changes, with_changes
from tre.desk.shown.grid import FindingView, Grid, finding_views, grid_of
from tre.desk.shown.grouped import grouped
from tre.desk.shown.sniff import Look, is_what_its_name_says, look_of, readable_text

MOST_CHARACTERS = 400_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A file made fit to look at.

    text: of text and code, to be escaped by the page. is_honest: whether the bytes are what
    the name says. cut_off: whether the text was too long to be shown whole.
    """

    look: Look
    is_honest: bool
    text: str
    cut_off: bool
    grid: Grid | None
    findings: tuple[FindingView, ...]


def show(
    name: str,
    content: bytes,
    *,
    check: dict[str, Any] | None,
    declaration: dict[str, Any] | None,
    changes: Changes | None = None,
) -> Shown:
    """Prepare a file for the page; nothing of it is run, and nothing of it is believed.

    changes: what is different from its version before, to be marked on the table's cells.
    """
    check = grouped(check)
    look = look_of(name, content)
    text = (readable_text(content) or "") if look not in {Look.PNG, Look.JPEG} else ""
    grid = grid_of(text, check, declaration) if look is Look.TABLE else None
    if grid is not None and changes is not None and changes.kind == "cells":
        grid = with_changes(grid, changes)
    return Shown(
        look=look,
        is_honest=is_what_its_name_says(name, look),
        text=text[:MOST_CHARACTERS],
        cut_off=len(text) > MOST_CHARACTERS,
        grid=grid,
        findings=finding_views(check, grid),
    )
