"""A goal, and whether what was measured meets it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A figure that should be at most, or at least, so much."""

    most: float | None = None
    least: float | None = None
    of: str = "seconds"

    def said(self, measured: float) -> str:
        """The goal, and whether it was met."""
        if self.most is not None:
            return f"≤ {self.most:g}: {'met' if measured <= self.most else 'missed'}"
        least = self.least or 0.0
        return f"≥ {least:g}: {'met' if measured >= least else 'missed'}"
