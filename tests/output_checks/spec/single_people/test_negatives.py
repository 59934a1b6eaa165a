"""With amounts of both signs a total says little about who made it."""

from tests.output_checks.spec.drawn import values


def test_amounts_of_both_signs_go_to_a_person(spec):
    """Profits and losses: a total of 0 may be that of two giants."""
    spec(
        values("""
            a   4 5 6 7 8*10 -3
            b   4 5 6 7 8*10 3
        """),
        'data.table("group", statistic="sum", of="x", margins=False)',
        ["review a"],
    )


def test_only_what_adds_amounts_up_is_asked(spec):
    """A median does not."""
    spec(
        values("""
            a   4 5 6 7 8*20 -3 -4 -5
        """),
        'data.table("group", statistic="median", of="x", margins=False)',
        [],
    )
