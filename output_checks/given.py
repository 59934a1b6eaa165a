"""What a caller gives, seen to be of the right kind before anything is done with it."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from os import PathLike, fspath
from pathlib import Path
from typing import Any

from output_checks.errors import OutputCheckError

_LONGEST = 60


def shown(value: object) -> str:
    """A value as a message may hold it: plain ones as they are, but never somebody's data."""
    if isinstance(value, list | tuple) and all(isinstance(one, _PLAIN) for one in value):
        return _cut(repr(value))
    return _cut(repr(value)) if isinstance(value, _PLAIN) else f"a {type(value).__name__}"


_PLAIN = (str, bytes, int, float, type(None), Path)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


def refuse_other(
    what: str,
    value: object,
    kinds: type | tuple[type, ...],
    words: str,
    error: type[OutputCheckError] = OutputCheckError,
) -> None:
    """Refuse a value of another kind. words: what it must be."""
    if not isinstance(value, kinds):
        raise error(f"{what} must be {words}, not {shown(value)}")


def path_of(what: str, value: object, error: type[OutputCheckError] = OutputCheckError) -> Path:
    """A path, from a text or a path. Raises `error` for anything else."""
    if isinstance(value, bytes) or not isinstance(value, str | PathLike):
        raise error(f"{what} must be a path, not {shown(value)}")
    path = fspath(value)
    if not isinstance(path, str) or not path or "\0" in path:
        raise error(f"{what} must be a path, not {shown(value)}")
    return Path(path)


def refuse_no_date(what: str, value: object) -> None:
    """Refuse what is neither a date nor None."""
    refuse_other(what, value, (date, type(None)), "a date or None")


def texts_of(what: str, value: Any, error: type[OutputCheckError] = OutputCheckError) -> list[str]:
    """Several texts, where a single one is no collection of letters."""
    if isinstance(value, str | bytes | Mapping) or not isinstance(value, Collection | Iterable):
        raise error(f"{what} must be a list of texts, not {shown(value)}")
    texts = list(value)
    for one in texts:
        refuse_other(f"each of {what}", one, str, "a text", error)
    return texts
