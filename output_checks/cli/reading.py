"""Files that commands read besides data: declarations, hierarchies, budgets, secrets."""

import json
from pathlib import Path
from typing import Any

from output_checks.errors import UnreadableDataError
from output_checks.readers.regular import read_regular


def read_text(path: Path) -> str:
    """A text in UTF-8. Raises UnreadableDataError for anything else."""
    try:
        return read_regular(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableDataError(f"{path.name} is not a text in UTF-8") from error


def read_object(path: Path) -> dict[str, Any]:
    """A JSON object from a file. Raises UnreadableDataError."""
    return as_object(read_text(path), path.name)


def as_object(text: str, called: str) -> dict[str, Any]:
    """A JSON object. Raises UnreadableDataError."""
    try:
        content = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise UnreadableDataError(f"{called} is not valid JSON: {error}") from error
    if not isinstance(content, dict):
        raise UnreadableDataError(f"{called} must be a JSON object: {{…}}")
    return content
