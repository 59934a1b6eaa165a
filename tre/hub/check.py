"""One thing that `tre doctor` looked at."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What was found.

    remedy: what to do, "" where nothing is to be done. needed: whether sessions start only with it.
    """

    name: str
    ok: bool
    message: str
    remedy: str = ""
    needed: bool = True


def good(name: str, message: str) -> Check:
    """Nothing is to be done."""
    return Check(name=name, ok=True, message=message)


def bad(name: str, message: str, remedy: str) -> Check:
    """Something is, and this is what."""
    return Check(name=name, ok=False, message=message, remedy=remedy)


def weak(name: str, message: str, remedy: str) -> Check:
    """Sessions start, and hold less than they could."""
    return Check(name=name, ok=False, message=message, remedy=remedy, needed=False)
