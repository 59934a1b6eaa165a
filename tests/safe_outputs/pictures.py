"""PNG pictures made by hand, packed and described as a test wants them."""

import struct
import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunk(kind: bytes, part: bytes) -> bytes:
    return struct.pack(">I", len(part)) + kind + part + struct.pack(">I", zlib.crc32(kind + part))


def a_png(rows: list[bytes], *, level: int = 6, extra: bytes = b"", behind: bytes = b"") -> bytes:
    """A grey picture; rows: one byte a dot. extra: chunks before the dots."""
    head = struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, 0, 0, 0, 0)
    dots = zlib.compress(b"".join(b"\0" + row for row in rows), level)
    return b"".join(
        [
            SIGNATURE,
            chunk(b"IHDR", head),
            extra,
            chunk(b"IDAT", dots[:5]),
            chunk(b"IDAT", dots[5:]),
            chunk(b"IEND", b""),
            behind,
        ]
    )
