"""A withheld cell must stay unknown to somebody who can add and subtract."""

from tests.output_checks.spec.drawn import counts


def test_one_withheld_cell_alone_can_be_worked_out(spec):
    """b has 49 people of whom 40 are M, so that 9 are F."""
    spec(
        counts("""
            group/sex   F    M
            a          10   20
            b           9   40
        """),
        'withhold_only(data.table("group", "sex"), {"group": "b", "sex": "F"}, people=(9, 9))',
        ["fail b F"],
    )


def test_suppression_withholds_what_is_needed(spec):
    """Three others are withheld too, so that F in b may be anything from 0 to 19."""
    spec(
        counts("""
            group/sex   F    M
            a          10   20
            b           9   40
        """),
        'data.table("group", "sex").protect("suppress")',
        [],
    )


def test_an_interval_is_wide_enough_when_it_covers_all_small_counts(spec):
    """From 1 to 9 nobody can tell which small count it is; from 2 to 9 it cannot be a single
    person, which somebody may want to know."""
    spec(
        counts("""
            group/sex   F    M
            a          10   20
            b           9   40
        """),
        'withhold_only(data.table("group", "sex"), {"group": "b", "sex": "F"}, people=(2, 9))',
        ["fail b F"],
    )
