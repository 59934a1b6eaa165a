"""Noise protects only as far as its epsilon is small."""

from tests.output_checks.spec.drawn import counts


def test_a_large_epsilon_goes_to_a_person(spec):
    """Policies let an epsilon of up to 1 pass."""
    spec(
        counts("""
            group/sex   F    M
            a          10   20
        """),
        'by_chance(data.table("group", "sex").protect("noise", categories="public", epsilon=3.0, '
        "accountant=BudgetAccountant(epsilon=10), random_state=1))",
        ["review"],
    )


def test_a_small_epsilon_passes(spec):
    """Even though there are cells with few people: the noise hides who is there."""
    spec(
        counts("""
            group/sex   F    M
            a           1    2
        """),
        'by_chance(data.table("group", "sex").protect("noise", categories="public", epsilon=0.5, '
        "accountant=BudgetAccountant(epsilon=10), random_state=1))",
        [],
    )


def test_noise_of_a_chosen_seed_can_be_taken_off(spec):
    """Whoever knows the seed draws the same noise of a table of ones, and has the true counts."""
    spec(
        counts("""
            group/sex   F    M
            a          10   20
        """),
        'data.table("group", "sex").protect("noise", categories="public", epsilon=0.5, '
        "accountant=BudgetAccountant(epsilon=10), random_state=1)",
        ["fail"],
    )
