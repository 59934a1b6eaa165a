"""What was released, kept so that a new output can be held against all of it."""

from output_checks.book.entry import Entry
from output_checks.book.release_book import ReleaseBook

__all__ = ["Entry", "ReleaseBook"]
