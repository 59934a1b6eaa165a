"""Amounts of the same people of which one is made of others: a sum less another, a multiple.

For most people one amount is then the same multiple of others plus the same again. Where few are
off that, what is off is theirs; where a withheld amount is on it, others tell it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from output_checks.linked.amounts import Amount

MOST_TRIED = 20_000
"""Relations that are tried at most."""
_TRIES = 6
_SAME = 1e-7


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Place:
    """One cell of one amount."""

    amount: Amount
    cell: int

    @property
    def name(self) -> str:
        """The name of its output."""
        return self.amount.output.name


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Relation:
    """An amount that is that of others for all but few people.

    times: what each of the others is multiplied by. people: how many are off it, with `left`
    between what they have and what the others give.
    """

    one: Place
    others: tuple[Place, ...]
    times: tuple[float, ...]
    each: float
    left: np.ndarray

    @property
    def places(self) -> tuple[Place, ...]:
        """All cells that take part."""
        return (self.one, *self.others)


class TooManyError(Exception):
    """There are more relations than are tried."""


def relations(amounts: Sequence[Amount], threshold: int) -> Iterator[Relation]:
    """Find shown amounts off which few people are, and withheld ones that others tell.

    Raises TooManyError where there are too many to try, after what was found before.
    """
    tried = 0
    for places in _same_people(amounts):
        values = [one.amount.values(one.cell) for one in places]
        inside = np.flatnonzero(places[0].amount.people[:, [places[0].cell]].todense())
        values = [one[inside] for one in values]
        for number, others in _choices(places):
            tried += 1
            if tried > MOST_TRIED:
                raise TooManyError
            found = _related(values[number], [values[at] for at in others], threshold)
            is_hidden = not places[number].amount.shown[places[number].cell]
            if found is not None and (is_hidden or len(found[2])):
                times, each, left = found
                yield Relation(
                    one=places[number],
                    others=tuple(places[at] for at in others),
                    times=times,
                    each=each,
                    left=left,
                )


def _same_people(amounts: Sequence[Amount]) -> Iterator[list[Place]]:
    """Cells of the same people, shown or withheld, of several outputs and different amounts."""
    if not amounts:
        return
    numbers = np.random.default_rng(1).integers(1, 2**62, size=amounts[0].people.shape[0])
    found: dict[tuple[int, int], dict[bytes, Place]] = {}
    for amount in (one for one in amounts if not one.is_people):
        for cell in np.flatnonzero(amount.shown | amount.withheld):
            start, end = amount.people.indptr[cell : cell + 2]
            who = numbers[amount.people.indices[start:end]]
            key = end - start, int(np.bitwise_xor.reduce(who, initial=0))
            what = f"{amount.variable} {bool(amount.shown[cell])}".encode()
            found.setdefault(key, {}).setdefault(what, Place(amount=amount, cell=int(cell)))
    for (size, _), places in found.items():
        if size and len({one.name for one in places.values()}) > 1:
            yield list(places.values())


def _choices(places: Sequence[Place]) -> Iterator[tuple[int, tuple[int, ...]]]:
    """One cell and one or two shown ones that may tell it, of several outputs, not all of old."""
    numbers = range(len(places))
    shown = [at for at in numbers if places[at].amount.shown[places[at].cell]]
    for number in numbers:
        is_shown = number in shown
        rest = [at for at in shown if at != number and not (is_shown and at > number)]
        for size in (1, 2):
            for others in combinations(rest, size):
                some = [places[number], *(places[at] for at in others)]
                is_new = any(not one.amount.output.released for one in some)
                if is_new and len({one.name for one in some}) > 1:
                    yield number, others


def _related(
    one: np.ndarray, others: Sequence[np.ndarray], threshold: int
) -> tuple[tuple[float, ...], float, np.ndarray] | None:
    """Multiples of others, and what everybody has besides; what those who are off it have."""
    size = len(one)
    columns = np.stack([*others, np.ones(size)], axis=1)
    if size < 2 * threshold or any(_is_flat(each, threshold) for each in (one, *others)):
        return None
    chance = np.random.default_rng(size)
    sample = chance.permutation(size)[: 8 * threshold]
    for _ in range(_TRIES):
        picked = chance.choice(size, size=columns.shape[1], replace=False)
        try:
            times = np.linalg.solve(columns[picked], one[picked])
        except np.linalg.LinAlgError:
            continue
        if (np.abs(times[:-1]) < _SAME).any():
            continue
        if len(_off(one, columns, times, sample)) >= threshold:
            continue
        left = _off(one, columns, times, np.arange(size))
        if len(left) < threshold:
            return tuple(map(float, times[:-1])), float(times[-1]), left
    return None


def _off(one: np.ndarray, columns: np.ndarray, times: np.ndarray, rows: np.ndarray) -> np.ndarray:
    left = one[rows] - columns[rows] @ times
    scale = np.abs(one[rows]) + np.abs(columns[rows]) @ np.abs(times)
    return left[np.abs(left) > _SAME * np.maximum(scale, 1e-300)]


def _is_flat(values: np.ndarray, threshold: int) -> bool:
    """Whether nearly all have the same, so that it tells nothing of who has what."""
    _, counts = np.unique(values, return_counts=True)
    return len(values) - int(counts.max(initial=0)) < threshold
