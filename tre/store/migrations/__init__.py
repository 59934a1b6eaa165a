"""Alembic's folder: `versions/` says, step by step, how the tables came to be."""
