"""What a session may ask for, read strictly: an unknown word is refused, never guessed at."""

import json
import math
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from tre.courier.intake import UnreadableLetterError
from tre.safe_outputs.release_request import FileKind
from tre.safe_outputs.request_limits import STANDARD, RequestLimits

TITLE_CHARACTERS = 300
TEXT_CHARACTERS = 20_000
NAME_CHARACTERS = 120
DECLARATION_CHARACTERS = 64 * 1024
DIMENSIONS_AT_MOST = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class FileAsked:
    """A file of a release; its content lies in the letter under its number."""

    name: str
    kind: FileKind
    declaration: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseAsked:
    """Please release these."""

    title: str
    context: str
    controls: str
    files: tuple[FileAsked, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateCountAsked:
    """Please count with noise, from the project's privacy budget."""

    dataset: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    where: str
    epsilon: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestsAsked:
    """Please list my requests on this project."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetAsked:
    """Please say what is left of the project's privacy budget."""


Asked = ReleaseAsked | PrivateCountAsked | RequestsAsked | BudgetAsked


def read(content: bytes, limits: RequestLimits = STANDARD) -> Asked:
    """Understand a letter.

    limits: how many files a release may have, as at the desk.
    Raises UnreadableLetterError, whose message names the field that is wrong.
    """
    told = _object(_json(content), "the message")
    if told.get("version") != 1:
        _refuse("the message's 'version' must be 1: this session's software is of another age")
    kind = told.get("kind")
    if not isinstance(kind, str) or kind not in _READERS:
        _refuse(f"the message's 'kind' must be one of {', '.join(_READERS)}")
    asked = _READERS[kind](told)
    if isinstance(asked, ReleaseAsked) and (why := limits.objection_to(len(asked.files))):
        _refuse(why)
    return asked


def _json(content: bytes) -> Any:
    try:
        return json.loads(
            content.decode("utf-8"), object_pairs_hook=_once_each, parse_constant=_no_constant
        )
    except (ValueError, RecursionError) as error:
        message = "'request.json' of the message is not JSON of the agreed kind"
        raise UnreadableLetterError(message) from error


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    told = dict(pairs)
    if len(told) != len(pairs):
        message = "a name occurs twice"
        raise ValueError(message)
    return told


def _no_constant(name: str) -> NoReturn:
    message = f"{name} is not a number"
    raise ValueError(message)


def _release(told: Mapping[str, Any]) -> ReleaseAsked:
    _only(told, {"title", "context", "controls", "files"})
    files = told.get("files")
    if not isinstance(files, list) or not files:
        _refuse("'files' must list the files to release, and at least one")
    return ReleaseAsked(
        title=_text(told, "title", TITLE_CHARACTERS, lines=False),
        context=_text(told, "context", TEXT_CHARACTERS),
        controls=_text(told, "controls", TEXT_CHARACTERS),
        files=tuple(_file(_object(file, "each of 'files'")) for file in files),
    )


def _file(told: Mapping[str, Any]) -> FileAsked:
    unknown = set(told) - {"name", "kind", "declaration"}
    if unknown:
        _refuse("a file has a name, a kind and a declaration, and nothing else")
    kind = told.get("kind")
    if kind not in _KINDS:
        _refuse(f"a file's 'kind' must be one of {', '.join(_KINDS)}")
    declaration = told.get("declaration")
    if declaration is not None:
        declaration = _text(told, "declaration", DECLARATION_CHARACTERS)
    return FileAsked(name=_file_name(told), kind=FileKind(kind), declaration=declaration)


_KINDS = (FileKind.OUTPUT.value, FileKind.SUPPORTING.value, FileKind.CODE.value)


def _file_name(told: Mapping[str, Any]) -> str:
    """A name and not a path, that a reader sees as it is: no separators, nothing invisible."""
    name = unicodedata.normalize("NFC", _text(told, "name", NAME_CHARACTERS, lines=False))
    invisible = any(unicodedata.category(character)[0] == "C" for character in name)
    hidden = not name or name.startswith(".") or name != name.strip()
    if invisible or hidden or "/" in name or "\\" in name:
        _refuse(
            "a file's 'name' must be a plain name such as 'table-1.csv': no folders, no dot or "
            "space at its ends, no invisible characters"
        )
    return name


def _private_count(told: Mapping[str, Any]) -> PrivateCountAsked:
    _only(told, {"dataset", "rows", "columns", "where", "epsilon"})
    epsilon = told.get("epsilon")
    if isinstance(epsilon, bool) or not isinstance(epsilon, (int, float)):
        _refuse("'epsilon' must be a number")
    where = "" if told.get("where") is None else _text(told, "where", TEXT_CHARACTERS)
    if not math.isfinite(epsilon) or not 0 < epsilon <= 1_000:
        _refuse("'epsilon' must be above 0, and at most what the project has left")
    return PrivateCountAsked(
        dataset=_text(told, "dataset", NAME_CHARACTERS, lines=False),
        rows=_names(told, "rows"),
        columns=_names(told, "columns"),
        where=where,
        epsilon=float(epsilon),
    )


def _names(told: Mapping[str, Any], field: str) -> tuple[str, ...]:
    names = told.get(field)
    if not isinstance(names, list) or len(names) > DIMENSIONS_AT_MOST:
        _refuse(f"'{field}' must be a list of at most {DIMENSIONS_AT_MOST} columns")
    return tuple(_text({field: name}, field, NAME_CHARACTERS, lines=False) for name in names)


def _requests(told: Mapping[str, Any]) -> RequestsAsked:
    _only(told, set())
    return RequestsAsked()


def _budget(told: Mapping[str, Any]) -> BudgetAsked:
    _only(told, set())
    return BudgetAsked()


_READERS: dict[str, Callable[[Mapping[str, Any]], Asked]] = {
    "release": _release,
    "private_count": _private_count,
    "requests": _requests,
    "budget": _budget,
}


def _only(told: Mapping[str, Any], fields: set[str]) -> None:
    unknown = sorted(set(told) - fields - {"version", "kind"})
    if unknown:
        shown = ascii(unknown[0][:40])
        _refuse(f"the message has a field {shown} that is not understood")


def _object(value: Any, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        _refuse(f"{what} must be an object with named fields")
    return value


def _text(told: Mapping[str, Any], field: str, at_most: int, *, lines: bool = True) -> str:
    """A text that can be stored, shown and read: no control characters, no half characters."""
    value = told.get(field)
    if not isinstance(value, str):
        _refuse(f"'{field}' must be text")
    if len(value) > at_most:
        _refuse(f"'{field}' has {len(value):,} characters; at most {at_most:,} are taken")
    allowed = "\n\t\r" if lines else ""
    for character in value:
        if unicodedata.category(character) in ("Cc", "Cs") and character not in allowed:
            _refuse(f"'{field}' holds a control character, which nobody could read")
    return value


def _refuse(message: str) -> NoReturn:
    raise UnreadableLetterError(message)
