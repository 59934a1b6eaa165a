"""Three equations tell how many have each of three values."""

from tests.output_checks.spec.drawn import records, values


def test_a_mean_and_a_deviation_tell_how_many_have_each_of_three_values(spec):
    """0·60 + 1·39 + 2·1 = 41, and 39 + 4 = 43 in squares: 43 - 41 = 2 is twice the twos.

    Ten of each is no small count.
    """
    spec(
        values("""
            a   0*60 1*39 2
            b   0*10 1*10 2*10
        """),
        'data.table("group", statistic=["count", "mean", "std"], of="x", margins=False)',
        ["fail a"],
    )


def test_a_sum_and_a_variance_tell_it_as_well(spec):
    """Also where nobody of the cell has one of the values, whatever the count is beside it."""
    spec(
        values("""
            a   0*60 1*39 2
            b   0*30 2*9
            c   0*30 1*30
        """),
        'data.table("group", statistic=["sum", "var"], of="x", margins=False)',
        ["fail a", "fail b"],
    )


def test_four_values_are_more_than_three_equations_tell(spec):
    """One person has 2 and one 3, or so a reader might guess."""
    spec(
        values("a   0*60 1*39 2 3"),
        'data.table("group", statistic=["mean", "std"], of="x", margins=False)',
        [],
    )


def test_a_deviation_without_a_mean_is_one_equation_less(spec):
    """A count and a deviation fit several ways of having 0, 1 and 2."""
    spec(
        values("a   0*60 1*39 2"),
        'data.table("group", statistic=["count", "std"], of="x", margins=False)',
        [],
    )


def test_people_are_counted_and_not_their_records(spec):
    """One person has all ten twos."""
    spec(
        records("""
            id   group  x
            p1   a      2   *10
            p2   a      0   *1
            p3   a      0   *1
            p4   a      0   *1
            p5   a      0   *1
            p6   a      0   *1
            p7   a      0   *1
            p8   a      0   *1
            p9   a      0   *1
            p10  a      0   *1
            p11  a      0   *1
        """),
        'data.table("group", statistic=["mean", "std"], of="x", margins=False)',
        ["fail a"],
    )
