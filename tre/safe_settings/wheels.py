"""Wheels that a TRE manager adds: whether one is whole, honest, and of use in a session. Pure."""

import base64
import csv
import hashlib
import io
import lzma
import stat
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from email.parser import HeaderParser
from html import escape
from pathlib import PurePosixPath
from typing import BinaryIO
from urllib.parse import quote

from packaging.tags import Tag
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename
from packaging.version import InvalidVersion, Version

MOST_FILES = 50_000
MOST_UNPACKED_BYTES = 2 * 2**30
"""What a wheel may unpack to: a bomb is found by what it announces, and cut off by its size."""

_CHUNK = 2**20
_NOT_WHOLE = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, csv.Error),
    *(NotImplementedError, EOFError, RuntimeError, ValueError, OSError),
)
"""What reading a damaged archive raises, by where the damage is."""


class UnusableWheelError(Exception):
    """The file is no wheel that sessions could install; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wheel:
    """What a wheel is. file: its name. requires: what it says that it needs."""

    file: str
    name: str
    version: str
    requires: tuple[str, ...]


def read_wheel(file: str, content: BinaryIO, *, supported: Collection[Tag]) -> Wheel:
    """Read a wheel, and every file in it against its record; nothing is unpacked or run.

    supported: the tags of the Python that sessions run. Raises UnusableWheelError with what is
    wrong. Source: PEP 427 and the binary distribution format.
    """
    name, version = _from_name(file, supported)
    try:
        with zipfile.ZipFile(content) as archive:
            _refuse_entries(archive.infolist())
            folder = _dist_info(archive, name, version)
            metadata = HeaderParser().parsestr(_text(archive, f"{folder}/METADATA"))
            _refuse_another(metadata.get("Name", ""), metadata.get("Version", ""), name, version)
            _verify(archive, folder)
    except _NOT_WHOLE as error:
        raise UnusableWheelError(f"it is no whole zip archive ({error})") from error
    requires = tuple(str(one) for one in metadata.get_all("Requires-Dist") or ())
    return Wheel(file=file, name=name, version=str(version), requires=requires)


def index_page(wheels: Iterable[tuple[str, str]]) -> str:
    """Write the page from which pip takes wheels: name of the file and SHA-256 of each."""
    links = [
        f'<a href="{quote(file)}#sha256={sha256}">{escape(file)}</a><br>'
        for file, sha256 in sorted(wheels)
    ]
    lines = ["<!DOCTYPE html>", "<html><head><title>Packages</title></head><body>", *links]
    return "\n".join([*lines, "</body></html>", ""])


def _from_name(file: str, supported: Collection[Tag]) -> tuple[str, Version]:
    try:
        name, version, _, tags = parse_wheel_filename(file)
    except (InvalidWheelFilename, InvalidVersion) as error:
        message = "its name is none of a wheel: NAME-VERSION-PYTHON-ABI-PLATFORM.whl"
        raise UnusableWheelError(message) from error
    if not tags & frozenset(supported):
        said = ", ".join(sorted(map(str, tags))[:3])
        message = f"it is for another Python or system ({said}) than sessions have"
        raise UnusableWheelError(message)
    return name, version


def _refuse_entries(entries: list[zipfile.ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    if len(names) > MOST_FILES or sum(e.file_size for e in entries) > MOST_UNPACKED_BYTES:
        message = (
            f"it unpacks to more than {MOST_UNPACKED_BYTES // 2**30} GiB or {MOST_FILES:,} files"
        )
        raise UnusableWheelError(message)
    if len({name.casefold() for name in names}) != len(names):
        raise UnusableWheelError("it holds two files of one name")
    for entry in entries:
        if problem := _entry_problem(entry):
            raise UnusableWheelError(f"it holds {entry.filename[:80]!a}, which {problem}")


def _entry_problem(entry: zipfile.ZipInfo) -> str | None:
    path, mode = PurePosixPath(entry.filename), entry.external_attr >> 16
    if path.is_absolute() or ".." in path.parts or "\\" in entry.filename or ":" in entry.filename:
        return "leads out of its folder"
    if mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "is no regular file"
    return "is encrypted" if entry.flag_bits & 1 else None


def _dist_info(archive: zipfile.ZipFile, name: str, version: Version) -> str:
    folders = {e.partition("/")[0] for e in archive.namelist()}
    found = [one for one in folders if one.endswith(".dist-info")]
    if len(found) != 1:
        raise UnusableWheelError("it has not exactly one .dist-info folder")
    said, _, rest = found[0].removesuffix(".dist-info").partition("-")
    _refuse_another(said, rest, name, version)
    for wanted in ("METADATA", "WHEEL", "RECORD"):
        if f"{found[0]}/{wanted}" not in archive.namelist():
            raise UnusableWheelError(f"it has no {wanted}")
    return found[0]


def _refuse_another(said: str, said_version: str, name: str, version: Version) -> None:
    try:
        same = canonicalize_name(said) == name and Version(said_version) == version
    except InvalidVersion:
        same = False
    if not same:
        raise UnusableWheelError(f"its name says {name} {version}, and inside it is something else")


def _verify(archive: zipfile.ZipFile, folder: str) -> None:
    """Hold every file against the record: none is missing, added or changed."""
    signed = {f"{folder}/RECORD", f"{folder}/RECORD.jws", f"{folder}/RECORD.p7s"}
    recorded = dict(_record(_text(archive, f"{folder}/RECORD")))
    files = {e.filename for e in archive.infolist() if not e.filename.endswith("/")}
    if strange := sorted(files ^ (set(recorded) | (signed & files))):
        raise UnusableWheelError(f"its record and its files differ, as in {strange[0][:80]!a}")
    for file in sorted(files - signed):
        if recorded[file] != _sha256(archive, file):
            raise UnusableWheelError(f"{file[:80]!a} is not what its record says")


def _record(text: str) -> Iterator[tuple[str, str]]:
    for row in csv.reader(io.StringIO(text)):
        if len(row) >= 2:
            yield row[0], row[1]


def _sha256(archive: zipfile.ZipFile, file: str) -> str:
    digest, read = hashlib.sha256(), 0
    with archive.open(file) as content:
        while chunk := content.read(_CHUNK):
            read += len(chunk)
            if read > MOST_UNPACKED_BYTES:
                raise UnusableWheelError("it unpacks to more than it announces")
            digest.update(chunk)
    return "sha256=" + base64.urlsafe_b64encode(digest.digest()).rstrip(b"=").decode()


def _text(archive: zipfile.ZipFile, file: str) -> str:
    with archive.open(file) as content:
        raw = content.read(16 * 2**20 + 1)
    if len(raw) > 16 * 2**20:
        raise UnusableWheelError(f"{PurePosixPath(file).name} is larger than any should be")
    return raw.decode("utf-8", errors="replace")
