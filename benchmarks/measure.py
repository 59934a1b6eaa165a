"""Time a piece of work and the most memory that its process ever had."""

import json
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

T = TypeVar("T")


@dataclass(slots=True, kw_only=True)
class Measured:
    """Rows of the report: what was done, seconds, and a word on the result."""

    rows: list[tuple[str, float, str]] = field(default_factory=list)

    def time(self, what: str, work: Callable[[], T], note: Callable[[T], str]) -> T:
        """Do the work once, as one row; `note` says something of what came out."""
        began = time.perf_counter()
        result = work()
        seconds = time.perf_counter() - began
        self.rows.append((what, seconds, note(result)))
        return result

    def report(self) -> None:
        """Write the rows as JSON for the process that asked, with its greatest memory in MiB."""
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        sys.stdout.write(json.dumps({"rows": self.rows, "memory_mib": most}) + "\n")
