"""A docstring as Markdown: sentences, what each name means, what is raised, examples."""

import inspect
import re
from collections.abc import Collection

_EXAMPLE = ">>> "
_STARTS = ("Raises ", "Returns ", "Source: ", "Sources: ")
_LINE = 88
"""A line that the next word would have fitted in was ended on purpose (indentation left out)."""
_OUTCOME = re.compile(r"(?<=\. )(?=(?:Raises|Returns) )")


def markdown(docstring: str, names: Collection[str]) -> str:
    """Draw a docstring; `name: …` at the start of a line or sentence becomes an item of a list.

    names: the parameters or fields that may stand before such a colon.
    """
    blocks = inspect.cleandoc(docstring).split("\n\n")
    return "\n\n".join(text for block in blocks for text in _paragraphs(block, names)) + "\n"


def first_sentence(docstring: str | None) -> str:
    """Give its first line, which says what a thing means; "" where there is none."""
    return inspect.cleandoc(docstring or "").partition("\n")[0]


def _paragraphs(block: str, names: Collection[str]) -> list[str]:
    if block.startswith(_EXAMPLE):
        return [f"```pycon\n{block}\n```"]
    found: list[list[str]] = []
    for part in _parts(block):
        before, meanings = _meanings(part, names)
        if before:
            found.append([_safe(before)])
        items = [f"- **{_safe(word)}**: {_safe(text)}" for word, text in meanings]
        if found and items and found[-1][0].startswith("- "):
            found[-1] += items
        elif items:
            found.append(items)
    return ["\n".join(lines) for lines in found]


def _parts(block: str) -> list[str]:
    """A block in one line each, cut where a line was ended on purpose or an outcome is said."""
    parts: list[list[str]] = [[]]
    before = ""
    for line in block.splitlines():
        fits = len(before) + 1 + len(line.partition(" ")[0]) <= _LINE
        if before and (line.startswith(_STARTS) or (before.endswith(".") and fits)):
            parts.append([])
        parts[-1].append(line.strip())
        before = line
    return [piece.strip() for part in parts for piece in _OUTCOME.split(" ".join(part))]


def _meanings(text: str, names: Collection[str]) -> tuple[str, list[tuple[str, str]]]:
    """What stands before the first `name: `, then each name (or several) with its meaning."""
    if not names:
        return text, []
    one = "(?:" + "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)) + ")"
    pieces = re.split(rf"(?:^|(?<=[.;:\]] ))({one}(?:, {one})*): ", text)
    before, *rest = pieces
    return before.strip(), [
        (word, re.sub(r";$", ".", meaning.strip()))
        for word, meaning in zip(rest[::2], rest[1::2], strict=True)
    ]


def _safe(text: str) -> str:
    """Angle brackets outside code are no tags."""
    parts = text.split("`")
    parts[::2] = [part.replace("<", "&lt;").replace("*", "\\*") for part in parts[::2]]
    return "`".join(parts)
