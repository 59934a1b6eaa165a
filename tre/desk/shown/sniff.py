"""What a file really is, by its first bytes: its name is only a claim."""

import json
from enum import StrEnum

from tre.desk.guidance import suffix


class Look(StrEnum):
    """The ways in which the desk can show a file."""

    TABLE = "table"
    PNG = "png"
    JPEG = "jpeg"
    SVG = "svg"
    NOTEBOOK = "notebook"
    CODE = "code"
    TEXT = "text"
    UNREADABLE = "unreadable"


IMAGES = {Look.PNG: "image/png", Look.JPEG: "image/jpeg", Look.SVG: "image/svg+xml"}
"""The looks that are drawn as a picture, with their media types."""

_CLAIMS = {
    ".csv": {Look.TABLE},
    ".tsv": {Look.TABLE},
    ".png": {Look.PNG},
    ".jpg": {Look.JPEG},
    ".jpeg": {Look.JPEG},
    ".svg": {Look.SVG},
    ".ipynb": {Look.NOTEBOOK},
}


def look_of(name: str, content: bytes) -> Look:
    """Decide how a file can be shown, from its bytes first and its name second."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return Look.PNG
    if content.startswith(b"\xff\xd8\xff"):
        return Look.JPEG
    text = readable_text(content)
    if text is None:
        return Look.UNREADABLE
    return _look_of_text(suffix(name), text)


def _look_of_text(ending: str, text: str) -> Look:
    if ending in {".csv", ".tsv"}:
        return Look.TABLE
    if ending == ".ipynb" and _is_notebook(text):
        return Look.NOTEBOOK
    if ending == ".svg" and "<svg" in text[:2000].lower():
        return Look.SVG
    return Look.CODE if ending in {".py", ".r", ".sql"} else Look.TEXT


def is_what_its_name_says(name: str, look: Look) -> bool:
    """Whether the bytes fit the name's ending; endings without a form of their own always fit."""
    claimed = _CLAIMS.get(suffix(name))
    if claimed is not None:
        return look in claimed
    return look not in IMAGES


def readable_text(content: bytes) -> str | None:
    """The text of a file in UTF-8 without control characters; None for anything else."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    return None if any(_is_control(letter) for letter in text) else text


def _is_control(letter: str) -> bool:
    return letter < " " and letter not in "\t\n\r\f"


def _is_notebook(text: str) -> bool:
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(read, dict) and isinstance(read.get("cells"), list)
