"""Some controllers want every published count rounded."""

from tests.output_checks.spec.drawn import counts, records


def test_exact_counts_are_found_where_the_policy_wants_them_rounded(spec):
    """All are multiples of 5 as it happens, but a reader learns them exactly."""
    spec(
        counts("""
            group/sex   F    M
            a          10   20
        """),
        'data.table("group", "sex", policy="hes")',
        ["fail a F, a M, a Total, Total F, Total M, Total Total"],
    )


def test_suppression_rounds_what_it_leaves(spec):
    """As the policy asks."""
    spec(
        counts("""
            group/sex   F    M
            a          11   23
        """),
        'data.table("group", "sex", policy="hes").protect("suppress")',
        [],
    )


def test_proportions_of_exact_counts_go_to_a_person(spec):
    """11 of 34 are 0.3235, from which 11 and 34 can be guessed."""
    spec(
        records("""
            ward   asthma
            east   true     *11
            east   false    *23
        """),
        'data.table("ward", statistic="proportion", of="asthma", policy="hes")',
        ["review"],
    )
