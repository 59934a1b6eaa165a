"""Readers of pictures: nobody but a person can judge them, but nothing may hide in them."""

import re
import struct
import xml.etree.ElementTree as ET
import zlib
from collections.abc import Iterator

from output_checks.finding import Finding
from output_checks.readers.contents import (
    Collected,
    Contents,
    about_file,
    decoded,
    needs_eyes,
    not_what_it_says,
    runs,
)
from output_checks.words import Verdict

PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8\xff"
_MOST_TEXT = 1_000_000


def read_png(content: bytes, name: str) -> Contents:
    """Read a PNG's parts: texts beside the picture are looked at, bytes behind it are a finding."""
    if not content.startswith(PNG):
        return not_what_it_says(name, "a PNG picture")
    collected = Collected(findings=[needs_eyes(f'"{name}"')])
    end = len(PNG)
    try:
        for kind, data, after in _chunks(content):
            end = after
            if kind in {b"tEXt", b"iTXt", b"zTXt", b"eXIf"}:
                collected.passages.append((f'a note in "{name}"', _png_text(kind, data)))
            elif kind not in _KNOWN_CHUNKS:
                collected.findings.append(_hidden(name, f"an unknown part {kind!r}"))
    except (struct.error, zlib.error, ValueError):
        return not_what_it_says(name, "a whole PNG picture")
    if end != len(content):
        collected.findings.append(_hidden(name, "bytes behind the picture"))
    return collected.freeze()


_KNOWN_CHUNKS = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"pHYs", b"bKGD"}
    | {b"sBIT", b"tIME", b"hIST", b"cICP", b"iCCP"}
)


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes, int]]:
    at = len(PNG)
    kind = b""
    while kind != b"IEND":
        length, kind = struct.unpack(">I4s", content[at : at + 8])
        data = content[at + 8 : at + 8 + length]
        (check,) = struct.unpack(">I", content[at + 8 + length : at + 12 + length])
        if check != zlib.crc32(kind + data):
            raise ValueError("damaged")
        at += 12 + length
        yield kind, data, at


def _png_text(kind: bytes, data: bytes) -> str:
    if kind == b"zTXt":
        key, _, packed = data.partition(b"\0")
        data = key + b" " + zlib.decompressobj().decompress(packed[1:], _MOST_TEXT)
    return data.decode("utf-8", "replace").replace("\0", " ")


def read_jpeg(content: bytes, name: str) -> Contents:
    """Read a JPEG's notes; it must end where the picture ends."""
    if not content.startswith(JPEG):
        return not_what_it_says(name, "a JPEG picture")
    collected = Collected(findings=[needs_eyes(f'"{name}"')])
    if not content.rstrip(b"\0").endswith(b"\xff\xd9"):
        collected.findings.append(_hidden(name, "bytes behind the picture"))
    head = content[: content.find(b"\xff\xda")]
    if b"Exif" in head or b"\xff\xfe" in head:
        note = head.decode("latin-1")
        collected.passages.append((f'a note in "{name}"', note))
    return collected.freeze()


def read_svg(content: bytes, name: str) -> Contents:
    """Read an SVG's texts; scripts, links and foreign parts are findings."""
    text = decoded(content) or ""
    root = _svg_root(text)
    if root is None:
        return not_what_it_says(name, "an SVG picture")
    collected = Collected(findings=[needs_eyes(f'"{name}"')])
    for part in root.iter():
        tag = _plain(part.tag)
        if tag in {"script", "foreignObject", "iframe", "animate", "set", "handler"}:
            collected.findings.append(runs(f'<{tag}> in "{name}"'))
        for attribute, value in part.attrib.items():
            if _is_active(_plain(attribute), value):
                collected.findings.append(runs(f'{_plain(attribute)} of <{tag}> in "{name}"'))
    words = " ".join(part.strip() for part in root.itertext() if part.strip())
    comments = " ".join(re.findall(r"<!--(.*?)-->", text, re.DOTALL))
    collected.passages.append((f'the text of "{name}"', f"{words} {comments}"))
    return collected.freeze()


def _svg_root(text: str) -> ET.Element | None:
    if "<!ENTITY" in text:
        return None
    try:
        root = ET.fromstring(text.encode())  # noqa: S314 - entities are refused above
    except (ET.ParseError, ValueError):
        return None
    return root if _plain(root.tag) == "svg" else None


def _plain(tag: object) -> str:
    return str(tag).rpartition("}")[2]


def _is_active(attribute: str, value: str) -> bool:
    if attribute.startswith("on"):
        return True
    if attribute == "href":
        return not value.startswith(("#", "data:image/png", "data:image/jpeg"))
    return "javascript:" in value.lower()


def _hidden(name: str, what: str) -> Finding:
    return about_file("hidden_content", Verdict.FAIL, f'"{name}" holds {what}.')
