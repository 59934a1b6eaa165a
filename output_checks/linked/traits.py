"""What a set of tables can tell apart about people, trait by trait.

A trait is what hangs together for every reader: the answers to questions about the same columns.
Its kinds are the combinations of answers that the data have. Kinds of different traits can be
combined as far as a reader knows; only columns of which one determines the other, as a region
determines its country, are one trait.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log, prod

import numpy as np

from output_checks.linked.conditions import Condition, Rows

_BY_CHANCE = log(1e-6)
_SAMPLE = 2_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trait:
    """answers: for every question of the trait the answer of each of its kinds."""

    size: int
    answers: Mapping[str, np.ndarray]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class People:
    """The people of the data, as far as a set of tables can tell them apart.

    profiles: the combinations of kinds that occur, one row each, one column a trait. holders,
    held: pairs of a person (numbered) and a profile. overlaps: some people have several.
    """

    traits: tuple[Trait, ...]
    profiles: np.ndarray
    holders: np.ndarray
    held: np.ndarray
    overlaps: bool

    def trait_of(self, question: str) -> int:
        """The number of the trait that a question is about."""
        return next(i for i, trait in enumerate(self.traits) if question in trait.answers)

    def counts(self, traits: Sequence[int]) -> np.ndarray:
        """How many people have each combination of kinds of some traits, as a flat array."""
        sizes = [self.traits[one].size for one in traits]
        codes = coded([self.profiles[:, one] for one in traits], sizes)
        codes = np.broadcast_to(codes, len(self.profiles))[self.held]
        if self.overlaps:
            codes = _different(self.holders, codes)[1]
        return np.bincount(codes, minlength=prod(sizes))


def coded(columns: Sequence[np.ndarray], sizes: Sequence[int]) -> np.ndarray:
    """Several columns of codes as one; the last runs fastest."""
    number = np.zeros(1, dtype=np.int64)
    for column, size in zip(columns, sizes, strict=True):
        number = number * size + column
    return number


def people_of(rows: Rows) -> People:
    """Sort the questions into traits and the rows' people into profiles."""
    families = _families(rows.conditions)
    columns = [_kinds([rows.conditions[key] for key in keys]) for keys in families]
    families = _with_determined(families, columns, rows.units)
    traits = []
    columns = []
    for keys in families:
        conditions = [rows.conditions[key] for key in keys]
        kinds = _kinds(conditions)
        _, first = np.unique(kinds, return_index=True)
        answers = {key: rows.conditions[key].answers[first] for key in keys}
        traits.append(Trait(size=len(first), answers=answers))
        columns.append(kinds)
    return _sorted_into_profiles(tuple(traits), columns, rows.units)


def kinds_of_rows(trait: Trait, rows: Rows) -> np.ndarray:
    """Which kind of a trait every row has."""
    return _kinds([rows.conditions[key] for key in trait.answers])


def _sorted_into_profiles(
    traits: tuple[Trait, ...], columns: Sequence[np.ndarray], units: np.ndarray
) -> People:
    together, first = _numbered(columns)
    profiles = np.stack([one[first] for one in columns], axis=1).reshape(len(first), len(traits))
    holders, held = _different(units, together)
    overlaps = len(holders) > len(np.unique(holders))
    return People(traits=traits, profiles=profiles, holders=holders, held=held, overlaps=overlaps)


def _families(conditions: Mapping[str, Condition]) -> list[list[str]]:
    """Questions that share a column, directly or through others."""
    families: list[tuple[set[str], list[str]]] = []
    for key, one in conditions.items():
        columns, keys = set(one.columns), [key]
        apart = []
        for family in families:
            if family[0] & columns:
                columns |= family[0]
                keys = family[1] + keys
            else:
                apart.append(family)
        families = [*apart, (columns, keys)]
    return [keys for _, keys in families]


def _kinds(conditions: Iterable[Condition]) -> np.ndarray:
    """Number the combinations of answers that occur."""
    return _numbered([one.answers for one in conditions])[0]


def _numbered(columns: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """A number for every different row, and the first row of each number."""
    number = np.zeros(len(columns[0]), dtype=np.int64)
    first = np.zeros(1, dtype=np.int64)
    for column in columns:
        both = number * (int(column.max(initial=0)) + 1) + column
        _, first, number = np.unique(both, return_index=True, return_inverse=True)
    return number, first


def _different(units: np.ndarray, codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of a person and a code, each once, ordered by person."""
    size = int(codes.max(initial=0)) + 1
    both = np.unique(units * size + codes)
    return both // size, both % size


def _with_determined(
    families: list[list[str]], columns: Sequence[np.ndarray], units: np.ndarray
) -> list[list[str]]:
    """Join a trait to another that determines it, where that cannot be chance."""
    joined = list(range(len(families)))
    for fine, coarse in _ordered_pairs(columns):
        if joined[fine] != joined[coarse] and determines(columns[fine], columns[coarse], units):
            old, new = joined[coarse], joined[fine]
            joined = [new if one == old else one for one in joined]
    members: dict[int, list[str]] = {}
    for family, one in zip(families, joined, strict=True):
        members.setdefault(one, []).extend(family)
    return list(members.values())


def _ordered_pairs(columns: Sequence[np.ndarray]) -> list[tuple[int, int]]:
    sizes = [int(one.max(initial=0)) + 1 for one in columns]
    numbers = range(len(columns))
    return [
        (fine, coarse)
        for fine in numbers
        for coarse in numbers
        if fine != coarse and sizes[fine] >= sizes[coarse] > 1
    ]


def determines(fine: np.ndarray, coarse: np.ndarray, units: np.ndarray) -> bool:
    """Whether everybody of one kind is of the same other kind, beyond what chance can do.

    With kinds drawn independently of each other this would happen less than once in a million.
    """
    if not _is_function(fine[:_SAMPLE], coarse[:_SAMPLE]) or not _is_function(fine, coarse):
        return False
    of_people = _different(units, fine)[1]
    shares = np.bincount(_different(units, coarse)[1]) / len(np.unique(units))
    repeated = len(of_people) - len(np.unique(fine))
    return repeated * log(min(float(shares.max()), 1.0)) < _BY_CHANCE


def _is_function(fine: np.ndarray, coarse: np.ndarray) -> bool:
    size = int(coarse.max(initial=0)) + 1
    return len(np.unique(fine * size + coarse)) == len(np.unique(fine))
