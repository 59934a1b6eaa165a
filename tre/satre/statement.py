"""What one statement of SATRE comes to here: shown, in part, or for the organisation to do.

Ids and importance are those of the SATRE specification (CC BY 4.0, SATRE authors); the words are
our own and do not take the specification's place: read it beside this.
"""

from dataclasses import dataclass
from enum import StrEnum

SOURCE = (
    "SATRE: Standard Architecture for Trusted Research Environments, (c) SATRE authors, CC BY 4.0; "
    "https://satre-specification.readthedocs.io. Ids and importance are the specification's, at "
    "v2.0.1-11-gd0543ab; all other words are ours."
)

PILLARS = {
    "1": "Information governance",
    "2": "Computing technology and information security",
    "3": "Data management",
    "4": "Supporting capabilities",
    "5": "Federation",
}
"""The pillars by the first digit of a statement's id."""


class Importance(StrEnum):
    """How much SATRE asks for a statement; with a star, only of those whom it concerns."""

    MANDATORY = "Mandatory"
    MANDATORY_STAR = "Mandatory*"
    RECOMMENDED = "Recommended"
    OPTIONAL = "Optional"


class Standing(StrEnum):
    """How far software can go: all of it, some of it, or nothing."""

    SHOWN = "shown"
    PARTLY = "partly"
    ORGANISATIONAL = "organisational"


SCORES = {Standing.SHOWN: 2, Standing.PARTLY: 1, Standing.ORGANISATIONAL: 0}
"""SATRE's own scale: 2 met, 1 met in part, 0 not met. An organisation raises its own zeros."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A statement of SATRE and what is claimed about it.

    about: what it is about, in a few words. says: what the software shows; where something is
    left to the organisation, what that is. tests: names of tests, below `tests/`. checks: names
    of checks that are asked of a running environment.
    """

    id: str
    importance: Importance
    about: str
    standing: Standing
    says: str
    tests: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()

    @property
    def pillar(self) -> str:
        """The pillar that it belongs to."""
        return PILLARS[self.id[0]]

    @property
    def claimed(self) -> int:
        """What it scores while none of its checks fails: 0, 1 or 2."""
        return SCORES[self.standing]


_MARKS = {
    "M": Importance.MANDATORY,
    "M*": Importance.MANDATORY_STAR,
    "R": Importance.RECOMMENDED,
    "O": Importance.OPTIONAL,
}


def shown(named: str, about: str, says: str, *evidence: str) -> Statement:
    """The software does all of it; evidence: tests (`file::name`) and checks (`name`)."""
    return _statement(Standing.SHOWN, named, (about, says), evidence)


def partly(named: str, about: str, says: str, *evidence: str) -> Statement:
    """The software does some of it, and `says` tells what is missing."""
    return _statement(Standing.PARTLY, named, (about, says), evidence)


def organisational(named: str, about: str, says: str) -> Statement:
    """No software does it; `says` tells the organisation what to do."""
    return _statement(Standing.ORGANISATIONAL, named, (about, says), ())


def _statement(
    standing: Standing, named: str, words: tuple[str, str], evidence: tuple[str, ...]
) -> Statement:
    """Named: the id and the mark of its importance, "1.1.01 M"."""
    id_, mark = named.split()
    return Statement(
        id=id_,
        importance=_MARKS[mark],
        about=words[0],
        standing=standing,
        says=words[1],
        tests=tuple(one for one in evidence if "::" in one),
        checks=tuple(one for one in evidence if "::" not in one),
    )
