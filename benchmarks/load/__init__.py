"""Fifty people at once at the desk, on both databases, and a check of the ledger afterwards."""
