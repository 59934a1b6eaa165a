"""A standard deviation needs degrees of freedom."""

from tests.output_checks.spec.drawn import values


def test_ten_people_leave_nine_degrees_of_freedom(spec):
    """The mean takes one of them. Eleven people leave ten."""
    spec(
        values("""
            a   1 2 3 4 5 6 7 8 9 10
            b   1 2 3 4 5 6 7 8 9 10 11
        """),
        'data.table("group", statistic="std", of="x", margins=False)',
        ["fail a"],
    )


def test_a_variance_is_judged_like_a_standard_deviation(spec):
    """And a missing value is nobody's."""
    spec(
        values("""
            a   1 2 3 4 5 6 7 8 9 10 ? ?
            b   1 2 3 4 5 6 7 8 9 10 11
        """),
        'data.table("group", statistic="var", of="x", margins=False)',
        ["fail a"],
    )
