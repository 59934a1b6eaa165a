"""A weighted number must not hide who is behind it."""

from tests.output_checks.spec.drawn import records


def test_weights_change_no_verdict(spec):
    """All rules look at the people: see how `threshold` finds five who stand for 5,000."""
    spec(
        records("""
            ward   stands_for
            east   3            *50
            west   20           *50
        """),
        'data.table("ward", weight="stands_for")',
        [],
    )


def test_people_without_a_weight_look_like_nobody(spec):
    """The table shows 0 for the east, where there are fifty people."""
    spec(
        records("""
            ward   stands_for
            east   0            *50
            west   20           *50
        """),
        'data.table("ward", weight="stands_for")',
        ["review east"],
    )
