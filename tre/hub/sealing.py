"""Files without a name: how a filter and a list of arguments reach bubblewrap."""

import os
from collections.abc import Generator
from contextlib import contextmanager


def file_in_memory(name: str, content: bytes) -> int:
    """Hold bytes in a file that has no name on any disk; the caller closes it."""
    number = os.memfd_create(name)
    os.write(number, content)
    os.lseek(number, 0, os.SEEK_SET)
    return number


@contextmanager
def in_memory(name: str, content: bytes) -> Generator[int]:
    """Hold bytes in such a file while something reads them."""
    number = file_in_memory(name, content)
    try:
        yield number
    finally:
        os.close(number)
