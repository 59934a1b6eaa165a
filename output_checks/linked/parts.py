"""A `where` taken apart at its ANDs, so that two populations can be compared part by part."""

import re

_TOKENS = re.compile(
    r"""(?P<text>'(?:[^']|'')*')|(?P<quoted>"(?:[^"]|"")*"|`[^`]*`)"""
    r"""|(?P<word>[^\W\d]\w*)|(?P<bracket>[()\[\]])|(?P<other>.)""",
    re.DOTALL,
)
_STEP = {"(": 1, "[": 1, ")": -1, "]": -1, "CASE": 1, "END": -1}


def parts_of(where: str) -> tuple[str, ...]:
    """The conditions that must all hold, as SQL; one part where it cannot be taken apart.

    An AND that belongs to BETWEEN, to a CASE or stands in brackets divides nothing; beside an OR
    nothing is divided at all.
    """
    text = _without_brackets(where.strip())
    if not text:
        return ()
    cuts = _cuts(text)
    if not cuts:
        return (text,)
    ends = [0, *(end for _, end in cuts)], [*(start for start, _ in cuts), len(text)]
    pieces = [text[start:end] for start, end in zip(*ends, strict=True)]
    return tuple(part for piece in pieces for part in parts_of(piece))


def _cuts(text: str) -> list[tuple[int, int]]:
    """Where the ANDs of the whole condition stand; none where an OR stands beside them."""
    cuts = []
    depth = 0
    between = 0
    for token in _TOKENS.finditer(text):
        word = token.group().upper() if token.lastgroup in {"word", "bracket"} else ""
        depth += _STEP.get(word, 0)
        if depth:
            continue
        if word == "OR":
            return []
        if word == "BETWEEN":
            between += 1
        elif word == "AND" and between:
            between -= 1
        elif word == "AND":
            cuts.append(token.span())
    return cuts


def _without_brackets(text: str) -> str:
    """The condition without brackets around all of it."""
    while text.startswith("(") and _closing(text) == len(text) - 1:
        text = text[1:-1].strip()
    return text


def _closing(text: str) -> int:
    """Where the bracket closes with which the text begins; -1 where it does not."""
    depth = 0
    for token in _TOKENS.finditer(text):
        if token.lastgroup == "bracket":
            depth += _STEP[token.group()]
            if depth == 0:
                return token.start()
    return -1
