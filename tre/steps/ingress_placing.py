"""Put accepted files into a workspace, whose every folder its members may have put something in.

Each step goes by an open descriptor: no link is followed, nothing is overwritten, and a file is
there whole or not at all.
"""

import os
import secrets
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from tre.decision import UnusableRequestError
from tre.safe_settings.ingress.names import is_fit
from tre.safe_settings.ingress.request import IngressId

TOP = "ingress"
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def placed_at(number: IngressId, name: str) -> str:
    """The path of an accepted file, relative to the workspace."""
    return f"{TOP}/{number}/{name}"


Place = Callable[[Path, IngressId, Mapping[str, bytes]], None]


@contextmanager
def placing() -> Generator[Place]:
    """Give the function that puts files there; they go again where the block fails after it.

    It raises UnusableRequestError where something is in the way or the disk is full.
    """
    made: list[tuple[int, str]] = []
    folders: list[int] = []

    def place(workspace: Path, number: IngressId, files: Mapping[str, bytes]) -> None:
        try:
            folders.append(_opened(workspace, number))
            for name, content in files.items():
                _write(folders[-1], name, content)
                made.append((folders[-1], name))
            os.fsync(folders[-1])
        except OSError as error:
            raise _in_the_way(number, error) from error

    try:
        yield place
    except BaseException:
        for folder, name in made:
            with suppress(OSError):
                os.unlink(name, dir_fd=folder)
        raise
    finally:
        for folder in folders:
            os.close(folder)


def _opened(workspace: Path, number: IngressId) -> int:
    """Open the request's folder, made where it is missing, and nothing that a link leads to."""
    workspace.mkdir(mode=0o700, parents=True, exist_ok=True)
    at = os.open(workspace, _FOLDER)
    for name in (TOP, str(number)):
        above = at
        try:
            with suppress(FileExistsError):
                os.mkdir(name, mode=0o700, dir_fd=above)
            at = os.open(name, _FOLDER, dir_fd=above)
        finally:
            os.close(above)
    return at


def _write(folder: int, name: str, content: bytes) -> None:
    if not is_fit(name):
        message = f"{name[:60]!a} is no name for a file"
        raise UnusableRequestError(message)
    part = f".{secrets.token_hex(8)}.part"
    descriptor = os.open(part, _NEW, 0o600, dir_fd=folder)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        # A link is made or it fails: unlike a rename, it never takes another file's place.
        os.link(part, name, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=False)
    finally:
        os.unlink(part, dir_fd=folder)


def _in_the_way(number: IngressId, error: OSError) -> UnusableRequestError:
    return UnusableRequestError(
        f"the files cannot be put into {TOP}/{number} of the workspace ({error.strerror}); "
        "somebody of the project has put something else there, or the disk is full: have that "
        "moved away, and accept them again. Nothing was changed"
    )
