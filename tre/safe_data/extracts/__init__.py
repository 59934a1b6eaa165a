"""Extracts: what a project was granted, de-identified, under pseudonyms of its own."""
