"""Values that are somebody's own

A minimum, a percentile or a mode is not worked out of all values: it is one of them.
"""
