"""What is left of a total when one takes its cells off, where people are in several of them."""

from tests.output_checks.spec.drawn import counts, records


def test_how_much_cells_add_up_to_more_than_their_total(spec):
    """Forty-three diagnoses of forty people: at most three of them can have both."""
    spec(
        records("""
            id   diagnosis
            1    asthma
            1    burns
            2    asthma
            2    burns
            3    asthma
            3    burns
        """),
        'more(data, asthma=20, burns=17).table("diagnosis")',
        ["fail Total"],
    )


def test_who_is_not_in_a_cell(spec):
    """Of 43 people 38 have asthma, which leaves five who have only burns; fifteen have both."""
    spec(
        records("""
            id   diagnosis
            1    asthma
            1    burns
        """),
        'more(data, both=14, asthma=23, burns=5).table("diagnosis")',
        ["fail asthma"],
    )


def test_where_nobody_is_in_two_cells_nothing_is_left(spec):
    """The total less F is M."""
    spec(
        counts("""
            group/sex   F    M
            a          20   30
        """),
        'data.table("group", "sex", margins=True)',
        [],
    )
