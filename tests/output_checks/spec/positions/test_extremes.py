"""A minimum or maximum is somebody's own value."""

from tests.output_checks.spec.drawn import values


def test_the_largest_value_is_that_of_one_person(spec):
    """One person of a has 99, and everybody in the ward knows who that is."""
    spec(
        values("""
            a   20 21 22 23 24 25*10 99
        """),
        'data.table("group", statistic="max", of="x", margins=False)',
        ["fail a"],
    )


def test_an_extreme_that_enough_people_share_may_be_shown(spec):
    """The lowest age of a is that at which one may take part: twelve people are 18."""
    spec(
        values("""
            a   18*12 19 20 25 30
            b   18*3 19 20 25 30
        """),
        'data.table("group", statistic="min", of="x", margins=False)',
        ["fail b"],
    )


def test_some_policies_allow_no_extreme_at_all(spec):
    """OpenSAFELY releases no minimum and no maximum."""
    spec(
        values("""
            a   18*12 19 20 25 30
        """),
        'data.table("group", statistic="min", of="x", margins=False, policy="opensafely")',
        ["fail a"],
    )
