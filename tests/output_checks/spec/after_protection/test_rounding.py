"""Some controllers want every published count rounded."""

from tests.output_checks.spec.drawn import counts, records, values


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


def test_midpoints_of_six_are_rounded_as_well(spec):
    """OpenSAFELY takes 0, 3, 9, 15, … instead of multiples of 5."""
    spec(
        counts("""
            group/sex   F    M
            a          11   23
        """),
        'data.table("group", "sex", policy="opensafely").protect("midpoint")',
        [],
    )


def test_cell_keys_must_round_too(spec):
    """Noise alone makes a multiple of 5 by chance only, as of F here; where the policy wants
    them, the p-table that is chosen by itself makes them of all."""
    spec(
        counts("""
            group/sex   F    M
            a         111  123
        """),
        'data.table("group", "sex", policy="hes").protect("cell-key", '
        'ptable="maximum-entropy 5 3 0")',
        ["fail a M, a Total, Total M, Total Total"],
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


def test_a_sum_over_a_mean_is_the_exact_count(spec):
    """36 over 3 is 12, whatever the count beside them is rounded to."""
    spec(
        values("a   1*3 2*3 3 4*2 5*2 6"),
        'data.table("group", statistic=["count", "sum", "mean"], of="x", margins=False, '
        'policy="hes").protect("suppress")',
        ["fail a"],
    )


def test_a_sum_of_zeros_and_ones_is_an_exact_count(spec):
    """Of 23 people in a twelve have it."""
    spec(
        values("a   0*11 1*12"),
        'data.table("group", statistic="sum", of="x", margins=False, policy="hes")',
        ["fail a"],
    )


def test_a_mean_of_zeros_and_ones_goes_to_a_person_like_a_proportion(spec):
    """12 of 23 are 0.5217."""
    spec(
        values("a   0*11 1*12"),
        'data.table("group", statistic="mean", of="x", margins=False, policy="hes")',
        ["review"],
    )


def test_a_sum_without_a_mean_tells_no_count(spec):
    """Nor does a mean without a sum, for certain."""
    spec(
        values("a   1*3 2*3 3 4*2 5*2 6"),
        'data.table("group", statistic=["count", "sum"], of="x", margins=False, '
        'policy="hes").protect("suppress")',
        [],
    )
