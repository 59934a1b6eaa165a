"""A rate or ratio is judged on the people behind both of its variables."""

from tests.output_checks.spec.drawn import records


def test_a_rate_counts_enough_people(spec):
    """Four people of the east had a fall, in 100 years of observation."""
    spec(
        records("""
            ward   falls  years
            east   2      1      *4
            east   0      2      *48
            west   1      2      *25
            west   0      1      *50
        """),
        'data.table("ward", statistic="rate", of="falls", per="years", times=1000, margins=False)',
        ["fail east"],
    )


def test_whoever_is_left_out_must_be_enough_people_as_well(spec):
    """All but three of the east had a fall."""
    spec(
        records("""
            ward   falls  years
            east   1      1      *40
            east   2      2      *20
            east   0      2      *3
        """),
        'data.table("ward", statistic="rate", of="falls", per="years", margins=False)',
        ["fail east"],
    )


def test_what_everybody_has_leaves_nobody_out(spec):
    """Everybody spends something of what he earns."""
    spec(
        records("""
            ward   spent  earned
            east   20     30      *15
            east   25     40      *15
        """),
        'data.table("ward", statistic="ratio", of="spent", per="earned", margins=False)',
        [],
    )
