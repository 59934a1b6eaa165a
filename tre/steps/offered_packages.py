"""The folder of wheels that sessions see: offered only if nobody else can have changed it."""

import os
import stat
from pathlib import Path

from sqlalchemy import Connection

from tre.decision import UnusableRequestError
from tre.safe_settings.wheels import index_page
from tre.steps.tre import Tre
from tre.store.files import write_whole
from tre.store.wheels import read_wheels

INDEX = "index.html"


def offered_packages(tre: Tre, connection: Connection) -> Path | None:
    """The folder for a session, with its index as the store says it; None while it offers nothing.

    Only what is in the index is offered, and pip verifies each wheel by the hash in it, so that
    neither a stray file nor one that was changed since is installed; no wheel is read here, for
    a session starts in seconds. Raises UnusableRequestError where the folder is a link, belongs
    to somebody else, or others may write to it.
    """
    known = [(wheel.file, wheel.sha256) for wheel in read_wheels(connection)]
    folder = tre.config.package_folder
    if not known:
        return None
    refuse_unsafe(folder, tre.config.home)
    write_index(folder, known)
    return folder


def write_index(folder: Path, known: list[tuple[str, str]]) -> None:
    """Write the index of the wheels, name and SHA-256 of each, unless it is there as it should."""
    page, index = index_page(known).encode(), folder / INDEX
    if index.is_symlink() or not index.is_file() or index.read_bytes() != page:
        write_whole(index, page, mode=0o644)


def refuse_unsafe(folder: Path, home: Path) -> None:
    """Raise UnusableRequestError for a folder that others could change, or that shows too much.

    Every session may read the folder, so that nothing else of the data home may lie in it.
    """
    real, own = folder.resolve(), home.resolve()
    if own.is_relative_to(real) or (
        real.is_relative_to(own) and not real.is_relative_to(own / "packages")
    ):
        message = (
            f"the folder of packages {folder} would show sessions the data home {home}. The TRE "
            "manager names another in the setting packages; no session starts until then"
        )
        raise UnusableRequestError(message)
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError as error:
        message = (
            f"the folder of packages {folder} cannot be used ({error.strerror}): it must be a "
            "folder, and no link. The TRE manager puts it right; no session starts until then"
        )
        raise UnusableRequestError(message) from error
    try:
        about = os.fstat(descriptor)
    finally:
        os.close(descriptor)
    if about.st_uid not in {0, os.geteuid()} or about.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        message = (
            f"the folder of packages {folder} belongs to another account, or others may write "
            f"to it. The TRE manager gives it to this one (chown, chmod go-w); no session starts "
            "until then"
        )
        raise UnusableRequestError(message)
