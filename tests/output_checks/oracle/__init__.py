"""A slow, simple, obviously right engine: lists of dicts, loops and fractions, nothing quick.

It shares no code with output_checks, so that both can only agree by being right (or by the same
misunderstanding). Rows are dicts; a table is {cell: what is behind it}; a cell is a tuple of
texts, one a dimension, "Total" for everybody.
"""
