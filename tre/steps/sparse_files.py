"""A file's data without its holes, in the form in which `tar` keeps them.

A hole takes no room on a disk and reads as zeros; written out as zeros, a gigabyte of nothing
becomes a gigabyte. The form is GNU's third for sparse files (PAX, version 1.0: GNU tar's manual,
"Storing Sparse Files"), which GNU tar, bsdtar and Python's tarfile restore byte for byte.
"""

import errno
import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field

BLOCK = 512
_CHUNK = 2**20
_ZEROS = bytes(_CHUNK)


@dataclass(frozen=True, slots=True)
class Piece:
    """Data in a file: from where, and how many bytes."""

    start: int
    size: int


def pieces_of(descriptor: int, size: int) -> tuple[Piece, ...]:
    """List where an open file of this size has data; one piece where the disk knows no holes."""
    found, at = [], 0
    while at < size:
        try:
            start = os.lseek(descriptor, at, os.SEEK_DATA)
        except OSError as error:
            if error.errno == errno.ENXIO:  # nothing but a hole from here on
                break
            if error.errno == errno.EINVAL:  # a file system that does not say
                return (Piece(0, size),)
            raise
        at = min(os.lseek(descriptor, start, os.SEEK_HOLE), size)
        if start < size:
            found.append(Piece(start, at - start))
    return tuple(found)


@dataclass(slots=True)
class StoredFile:
    """What is stored of an open file: its data, after a list of where they belong if it has holes.

    hash_holes: count holes as the zeros that they read as; else the hash is of the data alone.
    """

    descriptor: int
    size: int
    pieces: tuple[Piece, ...]
    hash_holes: bool = True
    _hash: "hashlib._Hash" = field(default_factory=hashlib.sha256)
    _coming: Iterator[bytes] = field(init=False)
    _left: bytearray = field(default_factory=bytearray)

    def __post_init__(self) -> None:
        self._coming = self._stored()

    @property
    def holes_bytes(self) -> int:
        """What holes would take as zeros."""
        return self.size - sum(piece.size for piece in self.pieces)

    @property
    def is_sparse(self) -> bool:
        """Whether it has a hole."""
        return self.holes_bytes > 0

    @property
    def stored_bytes(self) -> int:
        """How much is stored in all."""
        return len(self._list()) + self.size - self.holes_bytes

    @property
    def headers(self) -> dict[str, str]:
        """What the archive says beside it, without its name; nothing for a file without holes."""
        if not self.is_sparse:
            return {}
        return {
            "GNU.sparse.major": "1",
            "GNU.sparse.minor": "0",
            "GNU.sparse.realsize": str(self.size),
        }

    def sha256(self) -> str:
        """The hash of what was read; call it when all was."""
        for _ in self._coming:  # a hole at the end is not asked for
            continue
        return self._hash.hexdigest()

    def read(self, size: int = -1, /) -> bytes:
        """Give the next bytes that are stored."""
        while size < 0 or len(self._left) < size:
            more = next(self._coming, b"")
            if not more:
                break
            self._left += more
        end = len(self._left) if size < 0 else size
        given = bytes(self._left[:end])
        del self._left[:end]
        return given

    def _list(self) -> bytes:
        """How many pieces there are, then the start and size of each; filled up to a block."""
        if not self.is_sparse:
            return b""
        pieces = (*self.pieces, Piece(self.size, 0))
        lines = "".join(f"{piece.start}\n{piece.size}\n" for piece in pieces)
        text = f"{len(pieces)}\n{lines}".encode("ascii")
        return text + bytes(-len(text) % BLOCK)

    def _stored(self) -> Iterator[bytes]:
        if self.is_sparse:
            yield self._list()
        at = 0
        for piece in self.pieces:
            self._hash_hole(piece.start - at)
            at = piece.start + piece.size
            yield from self._data(piece)
        self._hash_hole(self.size - at)

    def _data(self, piece: Piece) -> Iterator[bytes]:
        at, end = piece.start, piece.start + piece.size
        while at < end and (content := os.pread(self.descriptor, min(_CHUNK, end - at), at)):
            self._hash.update(content)
            at += len(content)
            yield content

    def _hash_hole(self, size: int) -> None:
        if not self.hash_holes:
            return
        for _ in range(size // _CHUNK):
            self._hash.update(_ZEROS)
        self._hash.update(_ZEROS[: size % _CHUNK])
