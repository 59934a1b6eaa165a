"""The two things that every generated page needs: its first lines, and a table."""

from collections.abc import Iterable, Sequence


def opening(title: str, source: str, introduction: str) -> str:
    """Give the title, the warning not to edit, and a paragraph that says what the page is for."""
    warning = f"<!-- Written by `make docs` from {source}; edits here are lost. -->"
    return f"# {title}\n\n{warning}\n\n{introduction.strip()}\n\n"


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Draw a Markdown table; a bar in a cell is escaped, a line break becomes a space."""
    lines = [_row(headings), "|" + " --- |" * len(headings)]
    return "\n".join([*lines, *(_row(row) for row in rows)]) + "\n"


def _row(cells: Sequence[object]) -> str:
    texts = (str(cell).replace("|", "\\|").replace("\n", " ").strip() for cell in cells)
    return "| " + " | ".join(texts) + " |"
