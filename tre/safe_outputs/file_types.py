"""Whether a file is of a type that a person can read, and is what its name says.

Asked when a file becomes an output, when a request is approved, and once more when it is released,
whatever the votes: nobody can have judged a file that nobody can read.
"""

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from pathlib import PurePath
from types import MappingProxyType
from typing import Any

from output_checks.readers import READERS
from output_checks.readers.pictures import JPEG, PNG
from output_checks.readers.texts import decoded
from tre.decision import ALLOWED, Decision, Rule
from tre.vocabulary import Safe

FILE_TYPE = Rule(
    name="file type",
    safe=Safe.OUTPUTS,
    sentence="A file that leaves is of a type that a person can read, and is what its name says.",
    source="release review: the system releases after checking file types once more",
)
ABOUT_THE_TYPE = frozenset({"file_type", "unreadable"})
"""The automatic check's rules about a file's type; of all its findings only these refuse."""


def is_readable(name: str, content: bytes) -> Decision:
    """Refuse a type that no person can read, and bytes that are not of the type they claim."""
    ending = PurePath(name).suffix.lower()
    if ending not in READERS:
        return FILE_TYPE.refuses(
            f"“{name}” is of a type that no person can read, so it cannot leave. Outputs are "
            f"{', '.join(READERS)}."
        )
    expected, holds = _SIGNS.get(ending, _TEXT)
    if holds(content):
        return ALLOWED
    return FILE_TYPE.refuses(
        f"“{name}” is not what its name says: it is not {expected}. Submit the file as what it is, "
        "of a type that a person can read."
    )


def has_a_readable_type(name: str, check: Mapping[str, Any] | None) -> Decision:
    """Refuse a file of whose type the automatic check says that it is not honest or readable.

    check: its outcome, as it is kept; None before there was one.
    """
    found = (check or {}).get("findings", ())
    messages = [one.get("message") for one in found if one.get("rule") in ABOUT_THE_TYPE]
    decision = ALLOWED
    for message in messages:
        decision = decision.also(
            FILE_TYPE.refuses(f"“{name}” cannot leave, whatever the votes: {message}")
        )
    return decision


def _is_text(content: bytes) -> bool:
    return decoded(content) is not None


def _is_page(content: bytes) -> bool:
    return "<" in (decoded(content) or "")


def _is_svg(content: bytes) -> bool:
    return "<svg" in (decoded(content) or "")


def _is_notebook(content: bytes) -> bool:
    try:
        read = json.loads(decoded(content) or "")
    except (ValueError, RecursionError):
        return False
    return isinstance(read, dict) and isinstance(read.get("cells"), list)


def _is_workbook(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False


_Sign = tuple[str, Callable[[bytes], bool]]
_TEXT: _Sign = ("a text in UTF-8", _is_text)
_JPEG: _Sign = ("a JPEG picture", lambda content: content.startswith(JPEG))
_PAGE: _Sign = ("an HTML page", _is_page)
_SIGNS: Mapping[str, _Sign] = MappingProxyType(
    {
        ".png": ("a PNG picture", lambda content: content.startswith(PNG)),
        ".jpg": _JPEG,
        ".jpeg": _JPEG,
        ".svg": ("an SVG picture", _is_svg),
        ".html": _PAGE,
        ".htm": _PAGE,
        ".ipynb": ("a Jupyter notebook", _is_notebook),
        ".xlsx": ("an Excel workbook", _is_workbook),
    }
)
"""What a type is called, and how its bytes are known; every other one is a text."""
