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
        self._of_traits: dict[tuple[int, int], np.ndarray] = {}
        digits = range(int(self.weights.max(initial=0)).bit_length())
        self._digits = [np.packbits((self.weights >> digit) & 1) for digit in digits]

    def bits(self, description: Description) -> np.ndarray:
        """Whether each profile (or person) is in the group, eight to a byte."""
        people = self._people
        if description not in self._bits:
            found = self._of_profiles(description)
            if people.overlaps:
                held = np.unpackbits(found, count=len(people.profiles)).astype(bool)[people.held]
                found = np.packbits(np.logical_or.reduceat(held, self._first))
            self._bits[description] = found
        return self._bits[description]

    def number(self, description: Description) -> int:
        """How many people a description has."""
        return self.count(self.bits(description))

    def count(self, bits: np.ndarray) -> int:
        """How many people these are."""
        digits = enumerate(self._digits)  # of the weights, in twos
        return sum(int(np.bitwise_count(bits & one).sum()) << digit for digit, one in digits)

    def _of_profiles(self, description: Description) -> np.ndarray:
        """The profiles of a description, eight to a byte."""
        if is_impossible(description):
            return np.zeros(-(-len(self._people.profiles) // 8), dtype=np.uint8)
        everybody = np.packbits(np.ones(len(self._people.profiles), dtype=bool))
        return reduce(np.bitwise_and, (self._of_trait(*one) for one in description), everybody)

    def _of_trait(self, trait: int, mask: int) -> np.ndarray:
        if (trait, mask) not in self._of_traits:
            kinds = kinds_of(mask, self._people.traits[trait].size)
            self._of_traits[trait, mask] = np.packbits(kinds[self._people.profiles[:, trait]])
        return self._of_traits[trait, mask]
