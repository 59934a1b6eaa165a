"""People must be told apart."""

from tests.output_checks.spec.drawn import counts


def test_rows_that_were_taken_for_people_go_to_a_person(spec):
    """Nobody said whose row is whose, so that one person may be twenty of them."""
    spec(
        counts("""
            group/sex   F    M
            a          10   20
        """),
        'without_unit(data).table("group", "sex")',
        ["review"],
    )
