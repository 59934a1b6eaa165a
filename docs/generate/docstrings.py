"""A docstring as Markdown: sentences, what each name means, what is raised, examples."""

import inspect
import re
from collections.abc import Collection

_EXAMPLE = ">>> "
_STARTS = ("Raises ", "Returns ", "Source: ", "Sources: ")


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
    found: list[str] = []
    for part in _parts(block):
        pieces = _meanings(part, names)
        if pieces[0]:
            found.append(_safe(pieces[0]))
        items = [f"- **{_safe(word)}**: {_safe(text)}" for word, text in pieces[1]]
        if items:
            found.append("\n".join(items))
    return found


def _parts(block: str) -> list[str]:
    """A block in one line each, cut where a line says what is raised or where it comes from."""
    parts: list[list[str]] = [[]]
    for line in block.splitlines():
        if line.startswith(_STARTS) and parts[-1]:
            parts.append([])
        parts[-1].append(line.strip())
    return [" ".join(part) for part in parts]


def _meanings(text: str, names: Collection[str]) -> tuple[str, list[tuple[str, str]]]:
    """What stands before the first `name: `, then each name (or several) with its meaning."""
    if not names:
        return text, []
    one = "(?:" + "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)) + ")"
    pieces = re.split(rf"(?:^|(?<=[.;:\]] ))({one}(?:, {one})*): ", text)
    before, *rest = pieces
    return before.strip(), [
        (word, meaning.strip().rstrip(";"))
        for word, meaning in zip(rest[::2], rest[1::2], strict=True)
    ]


def _safe(text: str) -> str:
    """Angle brackets outside code are no tags."""
    parts = text.split("`")
    parts[::2] = [part.replace("<", "&lt;").replace("*", "\\*") for part in parts[::2]]
    return "`".join(parts)
