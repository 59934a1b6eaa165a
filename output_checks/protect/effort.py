"""How much may be searched: counted in steps of the solver, so that it ends the same everywhere."""


class Effort:
    """A number of steps that may be taken; a search asks before it goes on.

    A step is about a microsecond of one processor core, but is never measured by a clock.
    """

    __slots__ = ("_most", "spent")

    def __init__(self, most: float) -> None:
        self._most = most
        self.spent = 0.0

    def spend(self, steps: float) -> None:
        """Note that so many steps were taken."""
        self.spent += steps

    @property
    def left(self) -> float:
        """Steps that may still be taken; 0 when all are spent."""
        return max(self._most - self.spent, 0.0)

    def part(self, share: float) -> "Part":
        """A share of what is left now, for one thing: it ends when so much more was spent."""
        return Part(self, self.spent + self.left * share)


class Part:
    """A share of an effort."""

    __slots__ = ("_until", "_whole")

    def __init__(self, whole: Effort, until: float) -> None:
        self._whole = whole
        self._until = until

    @property
    def left(self) -> float:
        """Steps that may still be taken of this share; 0 when all are spent."""
        return min(max(self._until - self._whole.spent, 0.0), self._whole.left)

    def part(self, share: float) -> "Part":
        """A share of what is left of this share."""
        return Part(self._whole, self._whole.spent + self.left * share)
