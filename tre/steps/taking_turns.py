"""Long work that must not be done twice at once; the system lets go of a lock if it is killed."""

import fcntl
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from tre.decision import OvertakenError


@contextmanager
def alone(lock: Path, otherwise: str) -> Generator[None]:
    """Hold a lock file while the work goes on, and leave it there afterwards.

    otherwise: what to say where somebody holds it; OvertakenError is raised with it.
    """
    with lock.open("a") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise OvertakenError(otherwise) from error
        yield
