"""Where a command is asked to write is looked at before it works, not after."""

import os
from pathlib import Path

from tre.decision import UnusableRequestError


def must_be_writable(file: Path | None, option: str = "") -> None:
    """See that a file could be written, and write nothing; None asks for none.

    option: by which it was named, "" for an argument. Raises UnusableRequestError with the reason.
    """
    if file is None or not (obstacle := _obstacle(file)):
        return
    named = f"{option}: " if option else ""
    message = f"{named}{file} cannot be written: {obstacle}; nothing was done yet"
    raise UnusableRequestError(message)


def _obstacle(file: Path) -> str:
    if file.is_dir():
        return "it is a folder; name a file in it"
    if not file.parent.is_dir():
        return f"there is no folder {file.parent}"
    if not os.access(file.parent, os.W_OK):
        return f"this account may not write in {file.parent}"
    if file.exists() and not os.access(file, os.W_OK):
        return "this account may not write to it"
    return ""
