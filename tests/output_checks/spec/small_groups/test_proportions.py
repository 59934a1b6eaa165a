"""A proportion is judged as the counts behind it."""

from tests.output_checks.spec.drawn import counts, records


def test_a_small_share_of_many_may_be_shown_and_a_large_share_of_few_may_not(spec):
    """0.2 of 1,000 are 200 people; 0.5 of 12 are 6."""
    spec(
        records("""
            ward   asthma
            east   true     *200
            east   false    *800
            west   true     *6
            west   false    *6
        """),
        'data.table("ward", statistic="proportion", of="asthma", margins=False)',
        ["fail west"],
    )


def test_the_rest_must_be_enough_people_as_well(spec):
    """67 of 70 are vaccinated: the other three are a small count."""
    spec(
        records("""
            ward   vaccinated
            east   true         *67
            east   false        *3
        """),
        'data.table("ward", statistic="proportion", of="vaccinated", margins=False)',
        ["fail east", "review east"],
    )


def test_none_and_all_are_judged_as_a_table_of_yes_and_no_would_be(spec):
    """Nobody in the east has it, so that everybody is known not to have it."""
    spec(
        records("""
            ward   asthma
            east   false    *60
            west   true     *30
            west   false    *30
        """),
        'data.table("ward", statistic="proportion", of="asthma", margins=False)',
        ["fail east"],
    )


def test_nearly_all_is_looked_at_by_a_person(spec):
    """94 % of the east have it; a quarter of the west."""
    spec(
        records("""
            ward   asthma
            east   true     *188
            east   false    *12
            west   true     *50
            west   false    *150
        """),
        'data.table("ward", statistic="proportion", of="asthma", margins=False)',
        ["review east"],
    )


def test_per_cents_within_rows_are_parts_of_rows(spec):
    """3 of the 53 in a are F. The 50 others are enough, but a count of 3 is not."""
    spec(
        counts("""
            group/sex   F    M
            a           3   50
            b          40   60
        """),
        'data.table("group", "sex", statistic="proportion", within="group", times=100)',
        ["fail a F", "fail a M"],
    )
