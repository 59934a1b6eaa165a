"""One file, one verb, one transaction: load, decide, change, write to the ledger."""
