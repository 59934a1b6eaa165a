"""Which kinds of files may come in, and what a file is by its bytes: the name is only a claim."""

import base64
import binascii
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from types import MappingProxyType

from tre.safe_settings.ingress.limits import LONG_LINE
from tre.safe_settings.ingress.notebook import NotANotebookError, is_notebook, strict_json
from tre.safe_settings.ingress.rules import Finding, found


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of file that may come in; most_bytes: the largest that a person is asked to read."""

    what: str
    most_bytes: int
    is_code: bool


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        ".py": Kind(what="Python", most_bytes=2**18, is_code=True),
        ".r": Kind(what="R", most_bytes=2**18, is_code=True),
        ".sql": Kind(what="SQL", most_bytes=2**18, is_code=True),
        ".ipynb": Kind(what="a Jupyter notebook", most_bytes=2**22, is_code=True),
        ".md": Kind(what="Markdown", most_bytes=2**18, is_code=False),
        ".txt": Kind(what="a text", most_bytes=2**18, is_code=False),
        ".toml": Kind(what="TOML", most_bytes=2**16, is_code=True),
        ".yaml": Kind(what="YAML", most_bytes=2**16, is_code=True),
        ".yml": Kind(what="YAML", most_bytes=2**16, is_code=True),
        ".json": Kind(what="JSON", most_bytes=2**18, is_code=True),
    }
)
"""By the ending of the name, in small letters."""

SIGNS: tuple[tuple[bytes, str, str], ...] = (
    (b"PK\x03\x04", "archive", "a zip archive, or an Office file, which is one"),
    (b"PK\x05\x06", "archive", "a zip archive"),
    (b"\x1f\x8b", "archive", "a gzip archive"),
    (b"BZh", "archive", "a bzip2 archive"),
    (b"\xfd7zXZ", "archive", "an xz archive"),
    (b"(\xb5/\xfd", "archive", "a zstandard archive"),
    (b"7z\xbc\xaf'\x1c", "archive", "a 7z archive"),
    (b"Rar!", "archive", "a rar archive"),
    (b"\x7fELF", "compiled", "a Linux program"),
    (b"MZ", "compiled", "a Windows program"),
    (b"\xca\xfe\xba\xbe", "compiled", "a Java class or macOS program"),
    (b"\xcf\xfa\xed\xfe", "compiled", "a macOS program"),
    (b"\x00asm", "compiled", "a WebAssembly program"),
    (b"PAR1", "data_file", "a Parquet file"),
    (b"ARROW1", "data_file", "an Arrow file"),
    (b"FEA1", "data_file", "a Feather file"),
    (b"\x89HDF", "data_file", "an HDF5 file"),
    (b"\x93NUMPY", "data_file", "a NumPy array"),
    (b"SQLite format 3", "data_file", "an SQLite database"),
    (b"\xd0\xcf\x11\xe0", "data_file", "an old Office file"),
    (b"<stata_dta>", "data_file", "a Stata file"),
    (b"$FL2", "data_file", "an SPSS file"),
    (b"%PDF", "content", "a PDF document"),
    (b"\x89PNG", "content", "a PNG picture"),
    (b"\xff\xd8\xff", "content", "a JPEG picture"),
    (b"GIF8", "content", "a GIF picture"),
)
"""The first bytes of files that are no text: the rule that they break, and what they are."""

_PICKLE = re.compile(rb"\x80[\x02-\x05]|c[\w.]+\n[\w.]+\n|\(dp0\n|\(lp0\n")
_MARKUP = re.compile(r"\s{0,99}<(?:!doctype|html|\?xml|svg)|\s{0,99}\{\\rtf", re.IGNORECASE)


def ending_of(name: str) -> str:
    """The ending of a name, in small letters."""
    return PurePosixPath(name).suffix.lower()


def sign_of(content: bytes) -> tuple[str, str] | None:
    """The rule that a file breaks by its first bytes, and what it is; None for what may be text."""
    for sign, rule, what in SIGNS:
        if content.startswith(sign):
            return rule, what
    if content[257:262] == b"ustar":
        return "archive", "a tar archive"
    if _PICKLE.match(content):
        return "data_file", "a Python pickle"
    if content[2:4] == b"\r\n" and b"\x00" in content[:16]:
        return "compiled", "compiled Python"
    return None


def encoded_sign(text: str) -> str | None:
    """What a beginning in base64 or hexadecimal decodes to, where that is no text."""
    head = text[:64]
    for decode in (bytes.fromhex, _from_base64):
        try:
            sign = sign_of(decode(head[: len(head) // 4 * 4]))
        except (ValueError, binascii.Error):
            continue
        if sign:
            return sign[1]
    return None


def _from_base64(text: str) -> bytes:
    return base64.b64decode(text.replace("-", "+").replace("_", "/"), validate=True)


def check_kind(name: str, content: bytes) -> Iterator[Finding]:
    """Find whether the file may come in at all, by its ending, its size and its bytes."""
    kind = KINDS.get(ending_of(name))
    sign = sign_of(content)
    if sign:
        yield found(sign[0], f"it is {sign[1]}")
    if kind is None:
        yield found("kind", f"it is none of {', '.join(KINDS)}")
        return
    if not content.strip():
        yield found("size", "it is empty")
    elif len(content) > kind.most_bytes:
        yield found("size", f"{kind.what} may have {kind.most_bytes // 1024} KiB, "
                    f"and it has {-(-len(content) // 1024):,}")  # fmt: skip
    elif not sign:
        yield from _of_text(ending_of(name), content)


def text_of(content: bytes) -> str | None:
    """The text of a file; None where it is not UTF-8, or holds the byte 0."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text


def _of_text(ending: str, content: bytes) -> Iterator[Finding]:
    text = text_of(content)
    if text is None:
        yield found("content", "it is no text in UTF-8")
        return
    if _MARKUP.match(text):
        yield found("content", "it is a page or document in markup")
    if ending != ".ipynb" and is_notebook(text):
        yield found("content", "it is a notebook: name it .ipynb, so that outputs are taken out")
        return
    if problem := _READABLE.get(ending, _anything)(text):
        yield found("content", problem)


def _anything(_: str) -> str | None:
    return None


def _json(text: str) -> str | None:
    try:
        strict_json(text)
    except NotANotebookError as error:
        return f"it is no JSON: {error}"
    return None


def _toml(text: str) -> str | None:
    if any(len(line) > LONG_LINE for line in text.split("\n")):
        return "it has a line that is too long"  # reading it may take time with its square
    try:
        tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        return f"it is no TOML: {str(error)[:80] or 'too deeply nested'}"
    return None


_READABLE: Mapping[str, Callable[[str], str | None]] = MappingProxyType(
    {".json": _json, ".toml": _toml}
)
"""How a kind with a strict form is read; a notebook is read when it is stripped."""
