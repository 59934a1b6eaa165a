"""What a person sent: the fields and files of a form, read once, and only if it is genuine."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException

from tre.decision import NotThereError
from tre.desk.answers import ForgedFormError, OverfullFormError
from tre.desk.gate import SAFE_METHODS, form_is_genuine
from tre.steps.tre import Tre
from tre.vocabulary import PersonId


class _PassedError(MultiPartException):
    """A form has more than it may; Starlette's own errors are alike for all that is wrong."""


class _Most(int):
    """A limit that says by the kind of its error that it was passed."""

    def __lt__(self, other: int) -> bool:
        """Whether the parser counted more than this."""
        if int(self) < other:
            raise _PassedError("")
        return False


MOST_FILES, MOST_FIELDS, MOST_FIELD_BYTES = 50, 2_000, 2**20
_LIMITS = {
    "max_files": _Most(MOST_FILES),
    "max_fields": _Most(MOST_FIELDS),
    "max_part_size": _Most(MOST_FIELD_BYTES),
}
"""Files, fields and bytes of one field that a form may have."""

LIMITS_IN_WORDS = f"{MOST_FILES} files, {MOST_FIELDS:,} fields, and a megabyte in one field"

LARGEST_NUMBER = 2**31 - 1
"""The largest number that a request, a file or a comment can have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file as a browser sent it; its name is a claim, without the sender's folders."""

    field: str
    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A form: single values by `[name]` or `.get`, repeated ones by `.all`."""

    fields: tuple[tuple[str, str], ...] = ()
    uploads: tuple[Upload, ...] = field(default=())

    def get(self, name: str, default: str = "") -> str:
        """The last value of that field, without spaces around it."""
        values = self.all(name)
        return values[-1].strip() if values else default

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of that field, in order."""
        return tuple(value for key, value in self.fields if key == name)

    def whole(self, name: str) -> int | None:
        """A whole number; None where there is none."""
        text = self.get(name)
        return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None

    def values(self) -> dict[str, str]:
        """All fields, to show the form again as it was."""
        return {key: value for key, value in self.fields if key != "csrf"}


async def genuine(request: Request) -> AsyncGenerator[None]:
    """Refuse what changes something and does not carry the session's secret."""
    _require_possible_numbers(request)
    if request.method in SAFE_METHODS:
        yield
        return
    if request.url.path.startswith("/api/v1/"):
        _require(request, request.headers.get("x-csrf-token", ""))
        yield
        return
    form = await _parsed(request)
    try:
        _require(request, str(form.get("csrf", "")))
        yield
    finally:
        await request.close()


async def _parsed(request: Request) -> FormData:
    """Read the form once. Raises OverfullFormError where it holds more than one may."""
    try:
        return await request.form(**_LIMITS)
    except HTTPException as error:
        if isinstance(error.__context__, _PassedError):
            raise OverfullFormError(LIMITS_IN_WORDS) from error
        raise


def _require_possible_numbers(request: Request) -> None:
    """A number in the path that nothing can have is not there; no database is asked for it."""
    for part in map(str, request.path_params.values()):
        if part.isdecimal() and (len(part) > 10 or int(part) > LARGEST_NUMBER):
            raise NotThereError("")


def _require(request: Request, given: str) -> None:
    if not form_is_genuine(request.state.visitor, given):
        raise ForgedFormError


async def read_form(request: Request) -> Typed:
    """Read a form with its files."""
    form = await _parsed(request)
    fields = tuple((key, value) for key, value in form.multi_items() if isinstance(value, str))
    uploads = [
        Upload(field=key, name=_bare(value.filename), content=await value.read())
        for key, value in form.multi_items()
        if isinstance(value, UploadFile) and value.filename
    ]
    return Typed(fields=fields, uploads=tuple(uploads))


def _bare(name: str | None) -> str:
    return (name or "").replace("\\", "/").rsplit("/", 1)[-1]


def the_tre(request: Request) -> Tre:
    """The environment that this desk belongs to."""
    return request.app.state.tre


def the_actor(request: Request) -> PersonId:
    """Who asks; the gate has already recognised them."""
    return request.state.visitor.person


Form = Annotated[Typed, Depends(read_form)]
Environment = Annotated[Tre, Depends(the_tre)]
Actor = Annotated[PersonId, Depends(the_actor)]
