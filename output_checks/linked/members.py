"""Who is in a described group, as bits: for subtracting one group of people from another."""

from functools import reduce

import numpy as np

from output_checks.linked.descriptions import Description, is_impossible, kinds_of
from output_checks.linked.traits import People


class Members:
    """The people of described groups.

    Where nobody has two profiles, all people of a profile are counted together; otherwise each
    person by themselves.
    """

    def __init__(self, people: People) -> None:
        self._people = people
        self.overlap = people.overlaps
        if people.overlaps:
            self._first = np.flatnonzero(np.diff(people.holders, prepend=-1))
            self.weights = np.ones(len(self._first), dtype=np.int64)
        else:
            self.weights = np.bincount(people.held, minlength=len(people.profiles))
        self.bytes = -(-len(self.weights) // 8)
        self._bits: dict[Description, np.ndarray] = {}
        self._weights_of_bits = np.zeros(self.bytes * 8, dtype=np.int64)
        self._weights_of_bits[: len(self.weights)] = self.weights

    def bits(self, description: Description) -> np.ndarray:
        """Whether each profile (or person) is in the group, eight to a byte."""
        people = self._people
        if description not in self._bits:
            found = self._of_profiles(description)
            if people.overlaps:
                found = np.logical_or.reduceat(found[people.held], self._first)
            self._bits[description] = np.packbits(found)
        return self._bits[description]

    def number(self, description: Description) -> int:
        """How many people a description has."""
        return self.count(self.bits(description))

    def count(self, bits: np.ndarray) -> int:
        """How many people these are."""
        return int(self._weights_of_bits[np.unpackbits(bits).astype(bool)].sum())

    def _of_profiles(self, description: Description) -> np.ndarray:
        profiles = self._people.profiles
        if is_impossible(description):
            return np.zeros(len(profiles), dtype=bool)
        parts = [
            kinds_of(mask, self._people.traits[trait].size)[profiles[:, trait]]
            for trait, mask in description
        ]
        return reduce(np.logical_and, parts, np.ones(len(profiles), dtype=bool))
