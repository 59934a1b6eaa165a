"""People who make up most of an amount

A total of many people can still be that of one of them. These rules look at sums, means and
ratios, and ask how much of them comes from whom.
"""
