"""An empty cell says something about everybody outside it."""

from tests.output_checks.spec.drawn import counts, records


def test_an_empty_cell_goes_to_a_person(spec):
    """Nobody of b is F. That may be harmless, so that somebody has to look."""
    spec(
        counts("""
            group/sex   F    M
            a          10   20
            b           0   40
        """),
        'data.table("group", "sex")',
        ["review b F"],
    )


def test_some_policies_count_zero_among_the_small_numbers(spec):
    """UK LLC: 10 including zero, no exceptions."""
    spec(
        counts("""
            group/sex   F    M
            a          10   20
            b           0   40
        """),
        'data.table("group", "sex", policy="ukllc")',
        ["fail b F"],
    )


def test_some_policies_show_zeros(spec):
    """NHS England shows the zeros of its hospital episodes."""
    spec(
        counts("""
            group/sex   F    M
            a          10   20
            b           0   40
        """),
        'data.table("group", "sex", policy="hes")',
        [],
    )


def test_a_structural_zero_tells_nothing(spec):
    """Where nobody can be, that nobody is there is no news: declare it."""
    spec(
        counts("""
            group/sex   F    M
            a          10   20
            b           0   40
        """),
        'data.table("group", "sex", structural_zeros=[{"group": "b", "sex": "F"}])',
        [],
    )


def test_a_rounded_zero_may_be_small(spec):
    """After rounding to 20 a reader cannot tell 0 from 9."""
    spec(
        counts("""
            group/sex   F    M
            a          41   33
            b           0   35
        """),
        'data.table("group", "sex").protect("round", base=20)',
        [],
    )


def test_a_midpoint_of_zero_is_a_true_zero(spec):
    """Midpoint 6 shows 1 to 6 as 3, and only nobody as 0."""
    spec(
        counts("""
            group/sex   F    M
            a          41   33
            b           0   35
        """),
        'data.table("group", "sex").protect("midpoint")',
        ["review b F"],
    )


def test_an_empty_mean_says_that_nobody_is_there(spec):
    """No value at all is shown for F in b, and every gap in this table is a group of nobody."""
    spec(
        records("""
            group  sex  x
            a      F    1   *10
            a      F    4   *10
            a      M    2   *10
            a      M    3   *10
            b      M    5   *10
            b      M    6   *10
        """),
        'data.table("group", "sex", statistic="mean", of="x")',
        ["review b F"],
    )


def test_an_empty_mean_beside_withheld_ones_says_nothing(spec):
    """Both leave as no value: a gap may be a group of nobody, or a group that is withheld."""
    spec(
        records("""
            group  sex  x
            a      F    1   *10
            a      F    4   *10
            a      M    2   *10
            a      M    3   *10
            b      M    5   *10
            b      M    6   *10
        """),
        'data.table("group", "sex", statistic="mean", of="x").protect("suppress")',
        [],
    )
