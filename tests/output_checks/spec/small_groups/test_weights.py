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


def test_one_person_stands_for_everybody_in_the_cell(spec):
    """The east shows 4,000 from fifty people, but 49 of them count for nothing."""
    spec(
        records("""
            ward   stands_for
            east   4000         *1
            east   0            *49
            west   20           *50
        """),
        'data.table("ward", weight="stands_for", margins=False)',
        ["fail east"],
    )


def test_ten_people_who_count_are_enough(spec):
    """In the east ten of fifty count, in the west nine."""
    spec(
        records("""
            ward   stands_for
            east   20           *10
            east   0            *40
            west   20           *9
            west   0            *41
        """),
        'data.table("ward", weight="stands_for", margins=False)',
        ["fail west"],
    )


def test_one_person_has_most_of_the_weight(spec):
    """960 of the 1,010 of the east are one person's (95 %): she alone is more than half, and with
    anybody else more than nine tenths."""
    spec(
        records("""
            ward   stands_for
            east   960          *1
            east   1            *50
            west   20           *50
        """),
        'data.table("ward", weight="stands_for", margins=False)',
        ["review east", "fail east"],
    )


def test_two_people_have_most_of_the_weight(spec):
    """Each has 450 of 1,000 (45 %), which is not half; both together have nine tenths."""
    spec(
        records("""
            ward   stands_for
            east   450          *2
            east   2            *50
            west   20           *50
        """),
        'data.table("ward", weight="stands_for", margins=False)',
        ["fail east"],
    )


def test_a_weighted_proportion_is_that_of_the_people_who_count(spec):
    """Forty of the hundred of the east are ill, but 38 of them without a weight: 2 of 62 is found
    by `proportions`, since only people who count are counted; this rule has nothing to add."""
    spec(
        records("""
            ward   stands_for   ill
            east   20           true    *2
            east   0            true    *38
            east   20           false   *60
        """),
        'data.table("ward", statistic="proportion", of="ill", weight="stands_for", margins=False)',
        [],
    )
