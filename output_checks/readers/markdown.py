"""Tables in Markdown: lines of cells between upright strokes."""

import re
from collections.abc import Iterator

_STROKE = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*")


def tables_in(text: str) -> Iterator[list[list[str]]]:
    """The rows of every table, a heading first; rows may be of different lengths, as written.

    Lines that hang together are a table where they begin with a stroke, or where the second
    of them is a rule of hyphens.
    """
    block: list[str] = []
    for line in [*(one.lstrip(" >") for one in text.splitlines()), ""]:
        if "|" in line:
            block.append(line)
            continue
        if len(block) > 1 and (_is_rule(block[1]) or all(one.startswith("|") for one in block)):
            yield [_cells(one) for one in block if not _is_rule(one)]
        block = []


def _is_rule(line: str) -> bool:
    return bool(_RULE.fullmatch(line))


def _cells(line: str) -> list[str]:
    bare = line.strip().removeprefix("|")
    bare = re.sub(r"(?<!\\)\|$", "", bare)
    return [cell.replace("\\|", "|").strip() for cell in _STROKE.split(bare)]
