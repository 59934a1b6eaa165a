"""The wheels that sessions may install: list them, add some, take one away."""

import hashlib
import os
import secrets
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from packaging.tags import sys_tags

from tre.decision import NotThereError, UnusableRequestError
from tre.five_safes import Subject
from tre.safe_settings.wheels import UnusableWheelError, Wheel, read_wheel
from tre.steps.acting import Act, acting
from tre.steps.offered_packages import INDEX, refuse_unsafe, write_index
from tre.steps.tre import Tre
from tre.store.wheels import AddedWheel, add_wheel, read_wheels, remove_wheel
from tre.vocabulary import Action, PersonId

AS_ADDED = "as added"
CHANGED = "changed since"
MISSING = "missing"
STRAY = "never added"

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_CHUNK = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageView:
    """A wheel of the folder, and whether it is what was added.

    standing: as added, changed since, missing, or never added (then nothing else is known).
    """

    file: str
    name: str | None
    version: str | None
    sha256: str | None
    size_bytes: int | None
    added_by: PersonId | None
    added_at: datetime | None
    standing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Copied:
    part: Path
    wheel: Wheel
    sha256: str
    size_bytes: int


def packages(tre: Tre, actor: PersonId) -> tuple[PackageView, ...]:
    """List the wheels, each read again and held against its hash; then what was never added."""
    with acting(tre, actor, Action.VIEW_PACKAGES) as act:
        act.require(Subject())
        known = read_wheels(act.connection)
        act.record({"wheels": len(known)})
    folder = tre.config.package_folder
    there = set(_files_in(folder)) - {INDEX}
    strays = sorted(there - {wheel.file for wheel in known})
    return (*(_view(folder, wheel) for wheel in known), *map(_stray, strays))


def add_packages(tre: Tre, actor: PersonId, wheels: Sequence[Path]) -> tuple[Wheel, ...]:
    """Copy wheels into the folder and offer them; all of them, or none.

    Sessions that run see them at once: the folder itself is mounted. Raises UnusableRequestError
    for what is no whole wheel, is of no use to the sessions' Python, or has the name of another.
    """
    folder = tre.config.package_folder
    with acting(tre, actor, Action.CHANGE_PACKAGES) as act:
        act.require(Subject())
    try:
        folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    except OSError as error:
        message = f"the folder of packages {folder} cannot be made: {error.strerror}"
        raise UnusableRequestError(message) from error
    refuse_unsafe(folder, tre.config.home)
    with _copied(folder, wheels) as copies:
        with acting(tre, actor, Action.CHANGE_PACKAGES) as act:
            act.require(Subject())
            for copy in copies:
                _add(act, copy)
            # Last: where a row cannot be kept, the folder is as it was.
            for copy in copies:
                copy.part.replace(folder / copy.wheel.file)
        _offer(tre)
    return tuple(copy.wheel for copy in copies)


def remove_package(tre: Tre, actor: PersonId, file: str) -> None:
    """Offer a wheel no more and delete it; what sessions have installed of it stays theirs."""
    with acting(tre, actor, Action.CHANGE_PACKAGES) as act:
        act.require(Subject())
        known = {wheel.file: wheel for wheel in read_wheels(act.connection)}
        if file not in known:
            message = f"no wheel {file[:100]!r} was added; tre packages list names them"
            raise NotThereError(message)
        remove_wheel(act.connection, file)
        act.record({"did": "remove", "package": file, "sha256": known[file].sha256})
    _offer(tre)
    (tre.config.package_folder / file).unlink(missing_ok=True)


def _add(act: Act, copy: _Copied) -> None:
    known = {wheel.file: wheel for wheel in read_wheels(act.connection)}
    file = copy.wheel.file
    if file in known:
        if known[file].sha256 == copy.sha256:
            return  # The same again: it takes the place of a file that was changed or lost.
        message = f"another {file} is there already; tre packages remove {file} takes it away first"
        raise UnusableRequestError(message)
    row = {"file": file, "name": copy.wheel.name, "version": copy.wheel.version}
    more = {"sha256": copy.sha256, "size_bytes": copy.size_bytes}
    add_wheel(act.connection, {**row, **more, "added_by": act.actor.id, "added_at": act.at})
    act.record({"did": "add", "package": file, "sha256": copy.sha256})


def _offer(tre: Tre) -> None:
    with tre.store.reading() as connection:
        known = [(wheel.file, wheel.sha256) for wheel in read_wheels(connection)]
    refuse_unsafe(tre.config.package_folder, tre.config.home)
    write_index(tre.config.package_folder, known)


@contextmanager
def _copied(folder: Path, wheels: Iterable[Path]) -> Generator[list[_Copied]]:
    """Copy first and look at the copies: what is read is what will be offered."""
    copies: list[_Copied] = []
    parts: list[Path] = []
    try:
        for path in wheels:
            parts.append(folder / f".{secrets.token_hex(8)}.part")
            sha256, size = _copy(path, parts[-1])
            copies.append(
                _Copied(
                    part=parts[-1], wheel=_read(path, parts[-1]), sha256=sha256, size_bytes=size
                )
            )
        yield copies
    finally:
        for part in parts:
            part.unlink(missing_ok=True)


def _copy(path: Path, part: Path) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    try:
        with (
            os.fdopen(os.open(path, _READ), "rb") as source,
            os.fdopen(os.open(part, _NEW, 0o444), "wb") as target,
        ):
            while chunk := source.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
                target.write(chunk)
            target.flush()
            os.fsync(target.fileno())
    except OSError as error:
        message = f"{path} cannot be added: {error.strerror}. Nothing was added"
        raise UnusableRequestError(message) from error
    return digest.hexdigest(), size


def _read(path: Path, part: Path) -> Wheel:
    try:
        with part.open("rb") as content:
            return read_wheel(path.name, content, supported=tuple(sys_tags()))
    except UnusableWheelError as error:
        message = f"{path.name} cannot be added: {error}. Nothing was added"
        raise UnusableRequestError(message) from error


def _files_in(folder: Path) -> list[str]:
    try:
        return [name for name in os.listdir(folder) if not name.startswith(".")]  # noqa: PTH208
    except OSError:
        return []


def _view(folder: Path, wheel: AddedWheel) -> PackageView:
    return PackageView(
        file=wheel.file,
        name=wheel.name,
        version=wheel.version,
        sha256=wheel.sha256,
        size_bytes=wheel.size_bytes,
        added_by=wheel.added_by,
        added_at=wheel.added_at,
        standing=_standing(folder / wheel.file, wheel.sha256),
    )


def _standing(path: Path, sha256: str) -> str:
    try:
        with os.fdopen(os.open(path, _READ), "rb") as content:
            found = hashlib.file_digest(content, "sha256").hexdigest()
    except OSError:
        return CHANGED if path.is_symlink() else MISSING
    return AS_ADDED if found == sha256 else CHANGED


def _stray(file: str) -> PackageView:
    return PackageView(
        file=file,
        name=None,
        version=None,
        sha256=None,
        size_bytes=None,
        added_by=None,
        added_at=None,
        standing=STRAY,
    )
