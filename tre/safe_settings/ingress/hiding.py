"""What a reader cannot see or would misread: Trojan Source, look-alikes, lines without an end.

Source: Boucher and Anderson, Trojan Source (CVE-2021-42574, CVE-2021-42694); PEP 672.
"""

import re
import unicodedata
from collections.abc import Iterator

from tre.safe_settings.ingress.limits import (
    LONG_LINE,
    LONGEST_LINE,
    MOST_END_BLANKS,
    MOST_ENDING_IN_BLANKS,
)
from tre.safe_settings.ingress.passage import Passage
from tre.safe_settings.ingress.rules import Finding, found

_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Characters that are letters or marks to Unicode and nothing to the eye."""

_EMOJI_STYLE = "\ufe0f"
_WORD = re.compile(r"\w+")
_CONFUSABLE = frozenset(
    "\u0430\u0441\u0435\u043e\u0440\u0445\u0443\u0456\u0458\u0455\u04bb\u0501\u051b\u051d"
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0425\u0423\u0406\u0408"
    "\u0405\u050c\u051c"
)
"""Cyrillic letters that look like Latin ones (Unicode's confusables)."""

_STRANGE = ("CYRILLIC", "ARMENIAN", "CHEROKEE")


def is_invisible(character: str) -> bool:
    """Whether a character cannot be seen, or turns the text around it; a tab is fine.

    A return without a line feed is one: Python begins a new line there, and a reader may not.
    """
    if character in "\n\t":
        return False
    if character in _BLANK or "\ufe00" <= character <= "\ufe0f":
        return True
    if "\U000e0100" <= character <= "\U000e01ef":
        return True
    return unicodedata.category(character) in _INVISIBLE


def named(character: str) -> str:
    """Say which character it is: "U+202E right-to-left override"."""
    name = unicodedata.name(character, "").lower()
    return f"U+{ord(character):04X} {name}".strip()


def check_hidden(passage: Passage) -> Iterator[Finding]:
    """Find characters that cannot be seen."""
    for number, line in passage.lines():
        if line.isascii() and line.isprintable():
            continue
        hidden = dict.fromkeys(c for c in line if is_invisible(c))
        if not passage.is_code:
            hidden.pop(_EMOJI_STYLE, None)
        if hidden:
            names = ", ".join(named(character) for character in list(hidden)[:3])
            yield found("invisible", names, line=number, cell=passage.cell)


def check_blanks(passage: Passage) -> Iterator[Finding]:
    """Find blanks in which something could be hidden: at the ends of lines, or unusual ones."""
    ends = 0
    for number, line in passage.lines():
        blanks = len(line) - len(line.rstrip(" \t"))
        ends += bool(blanks) and bool(line.strip())
        if blanks > MOST_END_BLANKS and line.strip():
            message = f"{blanks:,} blanks at the end of the line"
            yield found("blanks", message, line=number, cell=passage.cell)
        if not line.isascii() and any(unicodedata.category(c) == "Zs" and c != " " for c in line):
            yield found("blanks", "unusual blanks", line=number, cell=passage.cell)
    if ends > MOST_ENDING_IN_BLANKS:
        yield found("blanks", f"{ends:,} lines end in blanks", cell=passage.cell)


def check_lookalikes(passage: Passage) -> Iterator[Finding]:
    """Find words that are not what they look like."""
    for number, line in passage.lines():
        if line.isascii():
            continue
        for word in _WORD.findall(line):
            if not word.isascii() and (finding := _misread(word, number, passage)):
                yield finding


def _misread(word: str, line: int, passage: Passage) -> Finding | None:
    letters = [c for c in word if unicodedata.category(c).startswith("L")]
    foreign = [c for c in letters if not c.isascii()]
    scripts = {unicodedata.name(c, "").partition(" ")[0] for c in letters}
    where = {"line": line, "cell": passage.cell}
    read_as = unicodedata.normalize("NFKC", word)
    if passage.is_code and any(unicodedata.normalize("NFKC", c).isascii() for c in foreign):
        return found("lookalike", f"a word that Python reads as {read_as[:40]!r}", **where)
    if "LATIN" in scripts and scripts & set(_STRANGE):
        return found("lookalike", "a word of letters of two alphabets that look alike", **where)
    if passage.is_code and foreign and set(letters) <= _CONFUSABLE and len(letters) > 1:
        return found("lookalike", "a word of Cyrillic letters that look like Latin ones", **where)
    if {"LATIN", "GREEK"} <= scripts:
        return found("mixed_script", "a word of Latin and Greek letters", **where)
    return None


def check_lines(passage: Passage) -> Iterator[Finding]:
    """Find lines that are too long to be read."""
    for number, line in enumerate(passage.text.split("\n"), 1):
        length = len(line)
        if length > LONGEST_LINE:
            message = f"{length:,} characters on one line"
            yield found("longest_line", message, line=number, cell=passage.cell)
        elif length > LONG_LINE and passage.is_code:
            message = f"{length:,} characters on one line"
            yield found("long_line", message, line=number, cell=passage.cell)
