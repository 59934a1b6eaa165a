"""Where every value is the same, an average is everybody's."""

from tests.output_checks.spec.drawn import records, values


def test_a_mean_of_equal_values_is_each_of_them(spec):
    """All twelve of a have 7.5."""
    spec(
        values("""
            a   7.5*12
            b   1 2 3 4 5 6 7 8 9 10 11 12
        """),
        'data.table("group", statistic="mean", of="x")',
        ["fail a"],
    )


def test_so_is_a_median(spec):
    """All twenty-five of a have 7.5."""
    spec(
        values("""
            a   7.5*25
            b   1*12 2*12
        """),
        'data.table("group", statistic="median", of="x", margins=False)',
        ["fail a"],
    )


def test_a_standard_deviation_of_nothing_says_that_all_are_the_same(spec):
    """With the mean beside it, everybody's value is known."""
    spec(
        values("""
            a   7.5*25
            b   1*12 2*12
        """),
        'data.table("group", statistic="std", of="x", margins=False)',
        ["fail a"],
    )


def test_a_ratio_tells_it_where_both_parts_are_the_same(spec):
    """Everybody in the east earns 20 and spends 10. In the west all spend 10 of various incomes.
    In the north nobody spends anything, whatever they earn."""
    spec(
        records("""
            ward   spent  earned
            east   10     20      *12
            west   10     20      *12
            west   10     30      *12
            north  0      20      *12
            north  0      30      *12
        """),
        'data.table("ward", statistic="ratio", of="spent", per="earned", margins=False)',
        ["fail east", "fail north"],
    )


def test_a_ratio_without_a_value_tells_that_nobody_has_a_denominator(spec):
    """The rate of the east cannot be worked out, so that everybody knows: no nights in hospital."""
    spec(
        records("""
            ward   costs   nights
            east   100     0        *20
            west   100     1        *10
            west   300     2        *10
        """),
        'data.table("ward", statistic="rate", of="costs", per="nights", margins=False)',
        ["fail east"],
    )
