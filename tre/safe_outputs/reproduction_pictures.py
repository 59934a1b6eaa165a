"""Whether two pictures show the same: PNG dot for dot, SVG line for line.

Nothing is drawn: a decoder of pictures would be one more thing that hostile bytes could break.
"""

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_MOST_BYTES_OF_DOTS = 64 * 2**20
_MOST_CHUNKS = 20_000
_MADE_AT = b"tIME"
"""When a picture was made: the one part that may be another."""

_DATE = re.compile(r"<dc:date>\d{4}-\d\d-\d\dT[\d:.+Z-]{1,30}</dc:date>")
_RANDOM_NAME = re.compile(r'(?<=["#])([A-Za-z][A-Za-z0-9_]{0,8}?)([0-9a-f]{10})(?=["\)])')
"""Names of parts as Matplotlib draws them by chance: a kind, then ten hexadecimal digits."""


class UnreadablePictureError(Exception):
    """The bytes are no whole picture of their kind; the message says what is wrong."""


@dataclass(frozen=True, slots=True)
class _Png:
    """A picture's parts in their order, but for its dots and its time; its dots, unpacked."""

    parts: tuple[tuple[bytes, bytes], ...]
    dots: bytes


def difference_of_png(submitted: bytes, written: bytes) -> str:
    """Say in what two PNG pictures differ; "" where they are the same but for packing and time.

    A note inside that is another is a difference: it leaves with the picture.
    Raises UnreadablePictureError for what is no whole PNG, or has more than 64 MiB of dots.
    """
    ours, theirs = _read_png(submitted), _read_png(written)
    if ours.parts[0] != theirs.parts[0]:
        return f"the file is {_shape(ours)}, the run's {_shape(theirs)}"
    if ours.dots != theirs.dots:
        return f"the pictures differ, first in dot row {_first_row(ours, theirs)}"
    if ours.parts != theirs.parts:
        return "the same picture, with other notes or settings inside the file"
    return ""


def same_svg(submitted: str, written: str) -> bool:
    """Whether two SVG texts are the same but for Matplotlib's date and its names by chance."""
    return _without_chance(submitted) == _without_chance(written)


def _read_png(content: bytes) -> _Png:
    parts: list[tuple[bytes, bytes]] = []
    packed: list[bytes] = []
    for kind, part in _chunks(content):
        if kind == b"IDAT":
            packed.append(part)
        elif kind != _MADE_AT:
            parts.append((kind, part))
    if not parts or parts[0][0] != b"IHDR" or len(parts[0][1]) != 13:
        message = "it does not begin as a PNG picture"
        raise UnreadablePictureError(message)
    return _Png(tuple(parts), _unpacked(b"".join(packed)))


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Give a picture's parts; whatever stands behind its end makes it no picture."""
    at = len(_SIGNATURE)
    for _ in range(_MOST_CHUNKS):
        head = content[at : at + 8]
        if not content.startswith(_SIGNATURE) or len(head) != 8:
            break
        length, kind = struct.unpack(">I4s", head)
        part = content[at + 8 : at + 8 + length]
        end = at + 12 + length
        if content[end - 4 : end] != struct.pack(">I", zlib.crc32(kind + part)):
            break
        yield kind, part
        at = end
        if kind == b"IEND" and at == len(content):
            return
    message = "it is no whole PNG picture, or has something behind its end"
    raise UnreadablePictureError(message)


def _unpacked(packed: bytes) -> bytes:
    unpacker = zlib.decompressobj()
    try:
        dots = unpacker.decompress(packed, _MOST_BYTES_OF_DOTS)
    except zlib.error as error:
        message = "its dots cannot be unpacked"
        raise UnreadablePictureError(message) from error
    if not unpacker.eof or unpacker.unused_data:
        message = f"its dots end too early, or are more than {_MOST_BYTES_OF_DOTS // 2**20} MiB"
        raise UnreadablePictureError(message)
    return dots


def _shape(picture: _Png) -> str:
    width, height, depth, colours = struct.unpack(">IIBB", picture.parts[0][1][:10])
    return f"{width} by {height} dots (depth {depth}, colour type {colours})"


def _first_row(ours: _Png, theirs: _Png) -> int:
    """The row of dots, counted from 1, in which the first byte differs."""
    length = min(len(ours.dots), len(theirs.dots))
    low, high = 0, length
    while low < high:  # the shortest beginning that differs, by halves
        middle = (low + high) // 2
        if ours.dots[: middle + 1] == theirs.dots[: middle + 1]:
            low = middle + 1
        else:
            high = middle
    (height,) = struct.unpack(">I", ours.parts[0][1][4:8])
    return low // max(1, len(ours.dots) // max(1, height)) + 1


def _without_chance(text: str) -> str:
    """Number names drawn by chance as they come, and leave the date out."""
    numbers: dict[str, int] = {}

    def numbered(found: re.Match[str]) -> str:
        return f"{found[1]}-{numbers.setdefault(found[0], len(numbers))}"

    return _RANDOM_NAME.sub(numbered, _DATE.sub("<dc:date/>", text))
