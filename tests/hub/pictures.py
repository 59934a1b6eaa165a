"""Pictures, made byte by byte."""

import struct
import zlib


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I4s", len(data), kind) + data + struct.pack(">I", zlib.crc32(kind + data))


def png(*, parts=b"", packed=None, width=3, height=2, behind=b"") -> bytes:
    """A grey picture; parts: chunks before the pixels. packed: in place of the pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(bytes((width + 1) * height)) if packed is None else packed
    whole = chunk(b"IHDR", header) + parts + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + whole + behind


def jpeg(*, segments=b"", scan=b"\x01\x02\xff\x00\x03", behind=b"") -> bytes:
    """As many markers as a JPEG needs; segments: put before the scan."""
    app0 = b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    return b"\xff\xd8" + app0 + segments + b"\xff\xda\x00\x04ab" + scan + b"\xff\xd9" + behind


def segment(marker: int, data: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def gif(*, extension=b"", behind=b"") -> bytes:
    """One pixel, with a palette of two colours."""
    screen = b"GIF89a\x01\x00\x01\x00\x80\x00\x00" + bytes(6)
    image = b"\x2c\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02\x44\x01\x00"
    return screen + extension + image + b"\x3b" + behind


def comment(size: int) -> bytes:
    """A GIF's comment of about this many bytes."""
    return b"\x21\xfe" + (b"\xc8" + bytes(200)) * (size // 200) + b"\x00"
