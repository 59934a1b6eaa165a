"""A re-identification attack: somebody who knows a few facts looks for people in an extract."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from math import sqrt
from typing import Any

import numpy as np
import polars as pl

from tre.decision import UnusableRequestError
from tre.safe_data.chance import stream

_Z = 1.959964


@dataclass(frozen=True, slots=True, kw_only=True)
class Attacker:
    """Who attacks, and what they know.

    knows: columns. attempts: people who are looked for, drawn from everybody. wrong: share of the
    facts that are another person's, 0 to 1. forgives: facts that may disagree with a record that is
    claimed, 0 or more. seed: of what is drawn. Raises UnusableRequestError outside of these ranges.
    """

    knows: tuple[str, ...]
    attempts: int = 500
    wrong: float = 0.05
    forgives: int = 0
    seed: int = 0

    def __post_init__(self):
        if not self.knows or self.attempts < 1 or not 0 <= self.wrong <= 1 or self.forgives < 0:
            message = "an attacker knows a column, attempts once or more, errs from 0 to 1"
            raise UnusableRequestError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """part of whole, with its 95 % confidence interval; 0 to 1, and 0 to 1 where whole is 0."""

    part: int
    whole: int
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AttackReport:
    """What came of an attack.

    present: people looked for who are in the extract; nobody else can be found. claims: people for
    whom one record fitted best. success: rightly claimed of those looked for. precision: rightly
    claimed of those claimed. guessing: success that is expected of naming a record at random.
    """

    knows: tuple[str, ...]
    wrong: float
    forgives: int
    records: int
    attempts: int
    present: int
    claims: int
    success: Share
    precision: Share
    guessing: float

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        return {**asdict(self), "knows": list(self.knows)}


def attack(
    extract: pl.DataFrame,
    unit: str,
    people: pl.DataFrame,
    truth: Mapping[Any, Any],
    attacker: Attacker,
) -> AttackReport:
    """Look for people in an extract with one row a person, and count who was found.

    people: column `person` and what the attacker knows, as the extract would write it, one row for
    everybody who might be looked for. truth: a person to the record that is theirs, for those who
    have one; it only marks the claims. A claim is made where one record agrees with more facts than
    any other, and with all but `forgives` of them; null agrees with null.
    Raises UnusableRequestError for a missing column, several rows of one record or person, types
    that differ, or a truth that is about other people or records: the attack would seem to fail.
    """
    _check(extract, unit, people, attacker)
    _check_truth(extract[unit], people["person"], truth)
    rng = stream(attacker.seed, "attack")
    order = people.sort("person")
    drawn = rng.permutation(len(order))[: attacker.attempts]
    records, facts = _numbered(extract, order, attacker.knows)
    known = _mistaken(facts, drawn, attacker.wrong, rng)
    claimed = _claims(records, known, len(attacker.knows) - attacker.forgives)
    own = [truth.get(person) for person in order["person"].gather(drawn)]
    units = extract[unit].to_list()
    there = set(units)
    right = sum(
        row is not None and units[row] == record for row, record in zip(claimed, own, strict=True)
    )
    present = sum(record in there for record in own)
    made = sum(row is not None for row in claimed)
    return AttackReport(
        knows=attacker.knows,
        wrong=attacker.wrong,
        forgives=attacker.forgives,
        records=len(extract),
        attempts=len(drawn),
        present=present,
        claims=made,
        success=wilson(right, len(drawn)),
        precision=wilson(right, made),
        guessing=present / len(drawn) / len(extract),
    )


def wilson(part: int, whole: int) -> Share:
    """A share and Wilson's 95 % interval. Source: Wilson (1927), JASA 22, 209-212."""
    if not whole:
        return Share(part=0, whole=0, value=0.0, low=0.0, high=1.0)
    share, z2 = part / whole, _Z**2
    middle = (share + z2 / (2 * whole)) / (1 + z2 / whole)
    half = _Z * sqrt(share * (1 - share) / whole + z2 / (4 * whole**2)) / (1 + z2 / whole)
    low = 0.0 if part == 0 else middle - half
    high = 1.0 if part == whole else middle + half
    return Share(part=part, whole=whole, value=share, low=low, high=high)


def _check(extract: pl.DataFrame, unit: str, people: pl.DataFrame, attacker: Attacker) -> None:
    for frame, key, what in ((extract, unit, "extract"), (people, "person", "people")):
        missing = [name for name in (key, *attacker.knows) if name not in frame.columns]
        if missing:
            message = f"the table of the {what} has no column {', '.join(missing)}"
            raise UnusableRequestError(message)
        if frame.is_empty() or frame[key].null_count() or frame[key].n_unique() < len(frame):
            message = f"the table of the {what} has one row for each {key}, and one at least"
            raise UnusableRequestError(message)
    differ = [name for name in attacker.knows if extract.schema[name] != people.schema[name]]
    if differ:
        message = f"{', '.join(differ)}: what is known is not of the type that the extract has"
        raise UnusableRequestError(message)


def _check_truth(records: pl.Series, people: pl.Series, truth: Mapping[Any, Any]) -> None:
    strangers = len(set(truth.values()) - set(records))
    if strangers:
        message = f"the truth names {strangers} records that are not in the extract"
        raise UnusableRequestError(message)
    if truth.keys().isdisjoint(people.to_list()):
        message = "the truth is about none of the people who might be looked for"
        raise UnusableRequestError(message)


def _numbered(
    extract: pl.DataFrame, people: pl.DataFrame, knows: tuple[str, ...]
) -> tuple[np.ndarray, np.ndarray]:
    """Values as numbers, the same in both: one row a record or person, one column a fact."""
    both = pl.concat([extract.select(knows), people.select(knows)])
    numbers = both.select(
        pl.struct(pl.col(name)).rank("dense").cast(pl.Int32).alias(name) for name in knows
    ).to_numpy()
    return numbers[: len(extract)], numbers[len(extract) :]


def _mistaken(
    facts: np.ndarray, drawn: np.ndarray, wrong: float, rng: np.random.Generator
) -> np.ndarray:
    """The facts of those drawn; some are a random other person's, so they may still be right."""
    others = rng.integers(0, len(facts), (len(drawn), facts.shape[1]))
    swapped = facts[others, np.arange(facts.shape[1])]
    return np.where(rng.random(others.shape) < wrong, swapped, facts[drawn])


def _claims(records: np.ndarray, known: np.ndarray, least: int) -> list[int | None]:
    """The record claimed for each, if one fits best and well enough."""
    columns = np.ascontiguousarray(records.T)
    found: list[int | None] = []
    for facts in known:
        agree = (columns == facts[:, None]).sum(axis=0, dtype=np.int16)
        best = int(agree.argmax())
        alone = np.count_nonzero(agree == agree[best]) == 1
        found.append(best if alone and agree[best] >= max(least, 1) else None)
    return found
