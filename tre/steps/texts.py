"""What people write: names of files and texts, taken as they are or refused with a reason."""

import unicodedata
from collections.abc import Iterable

from tre.decision import UnusableRequestError
from tre.safe_outputs.bundle import safe_name

LONGEST_NAME_BYTES = 120
LONGEST_TITLE = 200
LONGEST_TEXT = 10_000
"""In characters."""

_FORBIDDEN = frozenset('/\\:*?"<>|')
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode's categories of characters that cannot be seen, or turn what is around them."""


def usable_name(name: str, *, what: str = "file") -> str:
    """Give a file's or group's name, composed (NFC), if it is fit to be shown and stored anywhere.

    Raises UnusableRequestError for one that could lead elsewhere or look like another.
    """
    name = unicodedata.normalize("NFC", name)
    problem = _problem(name)
    if problem:
        message = f"the {what} name {name[:60]!r} {problem}; rename it"
        raise UnusableRequestError(message)
    return name


def refuse_duplicate(name: str, taken: Iterable[str]) -> None:
    """Raise UnusableRequestError where a file of that name is there, capitals or not."""
    if name.casefold() in {other.casefold() for other in taken}:
        message = f"the request has a file {name!r} already; replace that one, or rename this one"
        raise UnusableRequestError(message)


def usable_text(text: str, *, what: str, longest: int = LONGEST_TEXT, required: bool = True) -> str:
    """Give a text without the space around it, with one kind of line end.

    Raises UnusableRequestError where it is too long, empty though required, or holds characters
    that cannot be seen.
    """
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    problem = None
    if required and not text:
        problem = "is empty; write something"
    elif len(text) > longest:
        problem = f"has {len(text):,} characters; {longest:,} are allowed"
    elif any(_is_invisible(character) for character in text if character not in "\n\t"):
        problem = "has characters that cannot be seen; type it without them"
    if problem:
        message = f"the {what} {problem}"
        raise UnusableRequestError(message)
    return text


def usable_line(text: str, *, what: str) -> str:
    """Give a text of one line; see `usable_text`."""
    return usable_text(" ".join(text.split()), what=what, longest=LONGEST_TITLE)


def _problem(name: str) -> str | None:
    for is_wrong, problem in (
        (not name or not name.strip(), "is empty"),
        (len(name.encode(errors="replace")) > LONGEST_NAME_BYTES, "is too long"),
        (any(_is_invisible(c) for c in name), "has characters that cannot be seen"),
        (any(c in _FORBIDDEN for c in name), 'has one of / \\ : * ? " < > |'),
        (name != name.strip() or name.startswith("."), "begins with a dot or a space, or ends so"),
        (name.endswith("."), "ends with a dot"),
        (not safe_name(name), "has another meaning on some systems"),
    ):
        if is_wrong:
            return problem
    return None


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) in _INVISIBLE
