"""How large a release request may be: the TRE's policy, as its settings say it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tre.config import Config

ASK = "ask the TRE manager, who sets this limit, if you need more"
"""The end of every message about a limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestLimits:
    """The most that a request may hold.

    file_bytes: of one file. all_bytes: of all its files together. files: how many there may be.
    table_cells: of one declared table, and the rows that are kept of any file to review.
    """

    file_bytes: int
    all_bytes: int
    files: int
    table_cells: int

    @classmethod
    def of(cls, config: Config) -> Self:
        """The limits that an installation's settings `request_*` say."""
        return cls(
            file_bytes=config.request_file_mib * 2**20,
            all_bytes=config.request_mib * 2**20,
            files=config.request_files,
            table_cells=config.request_table_cells,
        )

    def objection_to(self, files: int) -> str:
        """Say why one request cannot have so many files, and what to do; "" where it can."""
        if files <= self.files:
            return ""
        return (
            f"a request has at most {self.files:,} files, and this one would have {files:,}; ask "
            f"for some of them now and for the others when these are decided, or {ASK}"
        )


STANDARD = RequestLimits.of(Config(home=Path()))
"""The limits of an installation that sets none."""
