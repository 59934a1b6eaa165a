"""Whether a picture is a picture and nothing else: no note, no bytes behind it, no second file."""

import struct
import zlib
from collections.abc import Iterator

NOTES_BYTES = 4_000
"""Of texts and colour profiles beside the pixels."""
MOST_PIXEL_BYTES = 64 * 2**20

PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8\xff"
GIF = (b"GIF87a", b"GIF89a")
_PNG_PARTS = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"pHYs", b"bKGD"}
    | {b"sBIT", b"tIME", b"hIST", b"cICP"}
)
_PNG_NOTES = frozenset({b"tEXt", b"iTXt", b"zTXt", b"eXIf", b"iCCP"})
_SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""PNG's colour types, and how many numbers a pixel has in each (PNG specification, 11.2.2)."""


class NoPictureError(Exception):
    """The bytes are not exactly one picture; the message says what is wrong."""


def must_be_png(content: bytes) -> None:
    """Raise NoPictureError for anything but one whole PNG with little text beside it."""
    if not content.startswith(PNG):
        raise NoPictureError("not a PNG picture")
    notes, pixels, header, end = 0, [], b"", len(PNG)
    try:
        for kind, data, after in _chunks(content):
            end = after
            header = header or data
            if kind in _PNG_NOTES:
                notes += len(data)
            elif kind not in _PNG_PARTS:
                raise NoPictureError(f"a part {kind!r} that is not of the picture")
            elif kind == b"IDAT":
                pixels.append(data)
        _must_be_its_pixels(header, b"".join(pixels))
    except (struct.error, zlib.error) as error:
        raise NoPictureError("a damaged PNG picture") from error
    _must_end(content, end, notes)


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes, int]]:
    at, kind = len(PNG), b""
    while kind != b"IEND":
        length, kind = struct.unpack(">I4s", content[at : at + 8])
        data = content[at + 8 : at + 8 + length]
        (check,) = struct.unpack(">I", content[at + 8 + length : at + 12 + length])
        if check != zlib.crc32(kind + data):
            raise NoPictureError("a damaged PNG picture")
        at += 12 + length
        yield kind, data, at


def _must_be_its_pixels(header: bytes, packed: bytes) -> None:
    """Unpack the pixels: as many as the header says, and nothing behind them."""
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", header)
    row = (width * depth * _SAMPLES.get(colour, 4) + 7) // 8 + 1
    expected = row * height
    if expected > MOST_PIXEL_BYTES:
        raise NoPictureError("more pixels than are shown here")
    # An interlaced picture is stored in seven passes, with a byte before each of their rows.
    most = expected + (height * 8 + 64 if interlaced else 0)
    unpacked = zlib.decompressobj()
    size = len(unpacked.decompress(packed, most + 1))
    too_few = size < expected and not interlaced
    if size > most or too_few or unpacked.unused_data or unpacked.unconsumed_tail:
        raise NoPictureError("bytes behind the pixels")


def must_be_jpeg(content: bytes) -> None:
    """Raise NoPictureError for anything but one JPEG with little text beside it."""
    if not content.startswith(JPEG):
        raise NoPictureError("not a JPEG picture")
    at, notes = 2, 0
    try:
        while content[at + 1] != 0xD9:
            marker, length = struct.unpack(">HH", content[at : at + 4])
            if marker >> 8 != 0xFF:
                raise NoPictureError("a damaged JPEG picture")
            # APP1 to APP15 and comments; APP0 is a few bytes of resolution.
            notes += length if 0xFFE1 <= marker <= 0xFFEF or marker == 0xFFFE else 0
            notes += max(0, length - 16) if marker == 0xFFE0 else 0
            at += 2 + length
            if marker == 0xFFDA:
                at = _behind_scan(content, at)
    except (struct.error, IndexError) as error:
        raise NoPictureError("a damaged JPEG picture") from error
    _must_end(content, at + 2, notes)


def _behind_scan(content: bytes, at: int) -> int:
    """Find the next marker: in a scan, 0xFF is followed by 0 or by the number of a restart."""
    while True:
        at = content.index(b"\xff", at) if b"\xff" in content[at:] else len(content)
        following = content[at + 1]
        if following and not 0xD0 <= following <= 0xD7:
            return at
        at += 2


def must_be_gif(content: bytes) -> None:
    """Raise NoPictureError for anything but one GIF with little text beside it."""
    if not content.startswith(GIF):
        raise NoPictureError("not a GIF picture")
    notes = 0
    try:
        at = 13 + _palette(content[10])
        while (kind := content[at]) != 0x3B:
            if kind == 0x2C:
                at, _ = _blocks(content, at + 11 + _palette(content[at + 9]))
            elif kind == 0x21:
                drawn = content[at + 1] == 0xF9
                at, size = _blocks(content, at + 2)
                notes += 0 if drawn and size <= 4 else size
            else:
                raise NoPictureError("a damaged GIF picture")
    except IndexError as error:
        raise NoPictureError("a damaged GIF picture") from error
    _must_end(content, at + 1, notes)


def _palette(flags: int) -> int:
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _blocks(content: bytes, at: int) -> tuple[int, int]:
    """Skip a run of blocks, each with its length before it; where it ends, and its size."""
    size = 0
    while content[at]:
        size += content[at]
        at += content[at] + 1
    return at + 1, size


def _must_end(content: bytes, end: int, notes: int) -> None:
    if end != len(content):
        raise NoPictureError("bytes behind the picture")
    if notes > NOTES_BYTES:
        raise NoPictureError(f"more than {NOTES_BYTES:,} bytes of notes beside the picture")
