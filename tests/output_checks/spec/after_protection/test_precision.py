"""A mean with all its digits tells of how many values it is."""

from tests.output_checks.spec.drawn import values


def test_the_digits_of_a_mean_tell_a_count_that_was_rounded(spec):
    """37 over 13 is 2.846153846…, the fraction of no number from 13 to 17 but 13."""
    spec(
        values("a   1*3 2*3 3*3 4*2 5 6*1"),
        'data.table("group", statistic=["count", "mean"], of="x", margins=False, '
        'policy="hes").protect("suppress")',
        ["review a"],
    )


def test_a_mean_of_halves_tells_less(spec):
    """35 over 14 is 2.5, which two of the numbers from 13 to 17 can have: 14 and 16."""
    spec(
        values("a   1*4 2*3 3*4 4*2 5"),
        'data.table("group", statistic=["count", "mean"], of="x", margins=False, '
        'policy="hes").protect("suppress")',
        [],
    )


def test_without_rounded_counts_there_is_nothing_to_tell(spec):
    """The count is published as it is."""
    spec(
        values("a   1*3 2*3 3*3 4*2 5 6*1"),
        'data.table("group", statistic=["count", "mean"], of="x", margins=False)',
        [],
    )


def test_a_lone_mean_tells_it_beside_any_rounded_table(spec):
    """Counts of the same people are published somewhere else, rounded to 5."""
    spec(
        values("a   1*3 2*3 3*3 4*2 5 6*1"),
        'data.table("group", statistic="mean", of="x", margins=False, policy="hes")',
        ["review a"],
    )


def test_a_count_below_the_threshold_must_not_follow(spec):
    """13 over 7 is 1.857142…, and of 3 to 7 people, which are shown as 5, only 7 can have it."""
    spec(
        values("a   1*3 2*2 3*2"),
        'data.table("group", statistic="mean", of="x", margins=False, policy="hes")',
        ["fail a"],
    )
