"""One thing that `tre doctor` looked at."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What was found; remedy: what to do, "" where nothing is to be done."""

    name: str
    ok: bool
    message: str
    remedy: str = ""


def good(name: str, message: str) -> Check:
    """Nothing is to be done."""
    return Check(name=name, ok=True, message=message)


def bad(name: str, message: str, remedy: str) -> Check:
    """Something is, and this is what."""
    return Check(name=name, ok=False, message=message, remedy=remedy)
