"""What several statistics of one table tell about those who have no value."""

from tests.output_checks.spec.drawn import values


def test_a_count_a_sum_and_a_mean_tell_who_is_missing(spec):
    """In a the sum of 90 over the mean of 3 is 30 people, of the 33 who are counted: three have
    no value. In b twelve have none, in c nobody."""
    spec(
        values("""
            a   2*10 3*10 4*10 ?*3
            b   2*10 3*10 4*10 ?*12
            c   2*10 3*10 4*10
        """),
        'data.table("group", statistic=["count", "sum", "mean"], of="x", margins=False)',
        ["fail a"],
    )


def test_a_count_and_a_mean_alone_do_not(spec):
    """A mean of 3 may be that of any number of people."""
    spec(
        values("""
            a   2*10 3*10 4*10 ?*3
        """),
        'data.table("group", statistic=["count", "mean"], of="x", margins=False)',
        [],
    )


def test_the_total_tells_it_too(spec):
    """Three in each have no value, but in the total nine, which is less than ten as well."""
    spec(
        values("""
            a   2*10 3*10 4*10 ?*3
            b   2*10 3*10 4*10 ?*3
            c   2*10 3*10 4*10 ?*3
        """),
        'data.table("group", statistic=["count", "sum", "mean"], of="x")',
        ["fail a", "fail b", "fail c", "fail Total"],
    )


def test_a_mean_of_zeros_and_ones_beside_its_variance(spec):
    """Half of some n are 1, so the variance is n / 4(n - 1): 0.25862 is that of 30 people, of
    the 34 who are counted."""
    spec(
        values("""
            a   0*15 1*15 ?*4
        """),
        'data.table("group", statistic=["count", "mean", "var"], of="x", margins=False)',
        ["fail a"],
    )


def test_a_mean_of_all_sorts_of_values_beside_its_variance(spec):
    """Of other values the variance says nothing about how many there are."""
    spec(
        values("""
            a   0*10 1*10 2*10 ?*4
        """),
        'data.table("group", statistic=["count", "mean", "var"], of="x", margins=False)',
        [],
    )


def test_a_sum_of_zero_tells_nothing(spec):
    """0 over 0 is any number of people."""
    spec(
        values("""
            a   -2*12 2*12 ?*4
        """),
        'data.table("group", statistic=["count", "sum", "mean"], of="x", margins=False)',
        [],
    )
