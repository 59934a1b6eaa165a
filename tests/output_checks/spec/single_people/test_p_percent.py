"""The second largest contributor must not be able to work out the first."""

from tests.output_checks.spec.drawn import values


def test_the_rest_must_hide_a_tenth_of_the_largest(spec):
    """T - x1 - x2 = 7, and 10 % of 80 is 8: whoever has 20 knows the 80 to within 7."""
    spec(
        values("""
            a   80 20 1*7 0
        """),
        'data.table("group", statistic="sum", of="x", margins=False)',
        ["fail a"],
    )


def test_a_rest_of_just_a_tenth_is_enough(spec):
    """T - x1 - x2 = 8, which is not less than 8."""
    spec(
        values("""
            a   80 20 1*8
        """),
        'data.table("group", statistic="sum", of="x", margins=False)',
        [],
    )


def test_a_variance_of_which_one_person_makes_nearly_all_tells_how_far_off_they_are(spec):
    """One of a has 60, 57 from the mean: all others make 3 % of the squares. A second like them
    in b cannot tell the two apart by less than the rest.
    """
    spec(
        values("""
            a   0*20 2*19 60
            b   0*10 1*10 2*10 3*10
        """),
        'data.table("group", statistic="var", of="x", margins=False)',
        ["fail a"],
    )
