"""A stretch of text that is searched by itself: a file, or one cell of a notebook."""

from collections.abc import Iterator
from dataclasses import dataclass

from tre.safe_settings.ingress.limits import LONGEST_LINE


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Text, and where it stands.

    cell: of a notebook, counted from 1; None for a file. is_code: whether it is to be run.
    """

    text: str
    is_code: bool
    cell: int | None = None

    def lines(self) -> Iterator[tuple[int, str]]:
        """Number the lines from 1; what no search can bear is cut off (a rule blocks it)."""
        for number, line in enumerate(self.text.split("\n"), 1):
            yield number, line.removesuffix("\r")[:LONGEST_LINE]

    def line_at(self, place: int) -> int:
        """The number of the line in which a character stands."""
        return self.text.count("\n", 0, place) + 1
