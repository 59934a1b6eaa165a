"""Cells as descriptions of people: which kinds of which traits they have.

A description is written as one whole number for each trait that it says something about, with a
bit for every kind that it allows. Whether one lies within another is then seen without any data.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from itertools import product

import numpy as np

from output_checks.grid import Dimension
from output_checks.linked.conditions import TRUE, Asked, Condition
from output_checks.linked.traits import People

Description = tuple[tuple[int, int], ...]
"""Pairs of a trait's number and its allowed kinds, in the order of the traits."""


def lies_within(one: Description, other: Description) -> bool:
    """Whether everybody whom `one` describes is described by `other`, as definitions go."""
    allowed = dict(one)
    return is_impossible(one) or all(
        trait in allowed and not allowed[trait] & ~kinds for trait, kinds in other
    )


def exclude_each_other(one: Description, other: Description) -> bool:
    """Whether nobody can be described by both, as definitions go."""
    allowed = dict(one)
    return any(not allowed.get(trait, -1) & kinds for trait, kinds in other)


def is_impossible(description: Description) -> bool:
    """Whether nobody can be described so."""
    return any(not kinds for _, kinds in description)


def allows(description: Description, traits: Sequence[int], sizes: Sequence[int]) -> np.ndarray:
    """Which combinations of kinds of some traits a description allows, as a flat array.

    traits: all of those that the description is about, and others.
    """
    masks = dict(description)
    parts = [kinds_of(masks.get(one, -1), size) for one, size in zip(traits, sizes, strict=True)]
    return reduce(np.logical_and.outer, parts, np.ones(1, dtype=bool)).reshape(-1)


def kinds_of(mask: int, size: int) -> np.ndarray:
    """The allowed kinds as an array of truths."""
    whole = mask & ((1 << size) - 1)
    packed = np.frombuffer(whole.to_bytes((size + 7) // 8, "little"), dtype=np.uint8)
    return np.unpackbits(packed, count=size, bitorder="little").astype(bool)


def mask_of(kinds: np.ndarray) -> int:
    """An array of truths as allowed kinds."""
    return int.from_bytes(np.packbits(kinds, bitorder="little").tobytes(), "little")


class Describer:
    """Says of the cells of tables whom they describe."""

    def __init__(self, people: People, conditions: Mapping[str, Condition]) -> None:
        self._people = people
        self._conditions = conditions

    def population(self, questions: Iterable[str], *, but: str = "") -> Description:
        """Everybody for whom all these questions are true, and one that is not, where given."""
        found = [self._true(question) for question in questions]
        if but:
            ((trait, kinds),) = self._true(but)
            found.append(((trait, ((1 << self._people.traits[trait].size) - 1) & ~kinds),))
        return self.joined(found)

    def cells(
        self,
        asked: Asked,
        dimensions: Sequence[Dimension],
        population: Description,
        *,
        margins: bool,
    ) -> list[Description]:
        """Every cell of a table, in its order: the last dimension fastest."""
        axes = [
            self._axis(question, one, margins=margins)
            for question, one in zip(asked.dimensions, dimensions, strict=True)
        ]
        return [self.joined([population, *places]) for places in product(*axes)]

    def _axis(self, question: str, one: Dimension, *, margins: bool) -> list[Description]:
        trait = self._people.trait_of(question)
        answers = self._people.traits[trait].answers[question]
        numbers = {text: i for i, text in enumerate(self._conditions[question].labels)}
        masks = [mask_of(answers == numbers.get(text, -1)) for text in one.texts[: len(one.labels)]]
        for group in one.groups:
            masks.append(reduce(int.__or__, (masks[member] for member in group.members)))
        found: list[Description] = [((trait, mask),) for mask in masks]
        return [*found, ()] if margins else found

    def _true(self, question: str) -> Description:
        trait = self._people.trait_of(question)
        answers = self._people.traits[trait].answers[question]
        labels = self._conditions[question].labels
        return ((trait, mask_of(answers == labels.index(TRUE))),)

    def words(self, kinds: Mapping[int, int]) -> str:
        """A combination of kinds in words: what its people answer to every question."""
        traits = self._people.traits
        return ", ".join(
            self._conditions[question].texts[answers[kind]]
            for trait, kind in kinds.items()
            for question, answers in traits[trait].answers.items()
        )

    def joined(self, parts: Sequence[Description]) -> Description:
        """Everybody whom all of these describe."""
        masks: dict[int, int] = {}
        for part in parts:
            for trait, kinds in part:
                masks[trait] = masks.get(trait, -1) & kinds
        full = [(1 << one.size) - 1 for one in self._people.traits]
        return tuple(
            (trait, kinds) for trait, kinds in sorted(masks.items()) if kinds != full[trait]
        )
