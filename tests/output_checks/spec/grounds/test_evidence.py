"""What cannot be judged cannot pass."""

from tests.output_checks.spec.drawn import counts, values


def test_an_unknown_count_is_never_taken_for_a_large_one(spec):
    """How many people are F in b was lost."""
    spec(
        counts("""
            group/sex   F    M
            a          10   20
            b          30   40
        """),
        'without(data.table("group", "sex"), "units", {"group": "b", "sex": "F"})',
        ["fail b F"],
    )


def test_a_statistic_needs_the_evidence_of_all_its_rules(spec):
    """Without the largest contribution nobody can tell whether one person dominates the mean."""
    spec(
        values("""
            a   1 2 3 4 5 6 7 8 9 10 11 12
        """),
        'without(data.table("group", statistic="mean", of="x"), "largest", {"group": "a"})',
        ["fail a"],
    )
