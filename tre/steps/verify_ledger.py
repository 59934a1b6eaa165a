"""Read the whole ledger again and say whether the past was changed."""

from tre.steps.tre import Tre
from tre.store.ledger import LedgerVerdict


def verify_ledger(tre: Tre) -> LedgerVerdict:
    """Check every entry's hash, chain and seal, and the end against the head kept in keys/."""
    return tre.store.verify_ledger()
