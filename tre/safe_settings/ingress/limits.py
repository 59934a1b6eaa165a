"""How much may be brought in at once, and from where on a scan speaks up."""

MOST_FILES = 20
MOST_BYTES = 8 * 2**20
"""Of one request, all files together."""

MOST_CELLS_BYTES = 2**18
"""Of a notebook, without its outputs: what a person is asked to read."""

MOST_LINES = 5_000
"""Of one file, all cells together: every line is shown to who decides."""

LONGEST_NAME = 100
"""In characters."""

MOST_SHOWN = 10
"""Findings of one rule in one file that are listed; further ones are counted."""

VALUES_TO_LOOK_AT = 50
VALUES_TOO_MANY = 1_000
"""Literal values in a row, with nothing between them but commas, brackets, names and comments."""

ALL_VALUES_TOO_MANY = 5_000
"""Literal values in one file, wherever they stand."""

ROWS_TO_LOOK_AT = 20
ROWS_TOO_MANY = 200
"""Lines in a row with the same number of short fields between the same separators."""

DATES_TO_LOOK_AT = 10
ENCODED_TO_LOOK_AT = 120
ENCODED_TOO_MANY = 2_000
"""Characters in a row that are letters and digits as an encoding makes them."""

LONG_LINE = 1_000
LONGEST_LINE = 10_000
"""Characters of a line. What stands after LONGEST_LINE is not searched: such a file is blocked."""

MOST_END_BLANKS = 8
MOST_ENDING_IN_BLANKS = 40
"""Blanks at the end of one line, and lines that end in blanks: more could spell something."""
