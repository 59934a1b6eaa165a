"""A check: a question to a running environment that can come out badly."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tre.steps.tre import Tre
from tre.vocabulary import PersonId

Ask = Callable[[Tre, PersonId], Iterable[str]]
"""Ask an environment, as somebody; every sentence is something that is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One question. says: what holds where nothing is wrong. quick: asked each time, not only on
    request. ask: None where only the machine itself can be asked, from its command line.
    """

    name: str
    says: str
    ask: Ask | None
    quick: bool = True


def check(name: str, says: str, ask: Ask, *, quick: bool = True) -> Check:
    """Name a check."""
    return Check(name=name, says=says, ask=ask, quick=quick)
