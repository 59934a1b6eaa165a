"""The only room that knows SQL: tables, transactions, the ledger, files."""
