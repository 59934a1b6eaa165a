"""A cell must describe enough people."""

from tests.output_checks.spec.drawn import counts, records, values


def test_nine_people_are_too_few_and_ten_are_enough(spec):
    """The row b has 9 + 40 = 49 people, the column F has 10 + 9 = 19: both may be shown."""
    spec(
        counts("""
            group/sex   F    M
            a          10   20
            b           9   40
        """),
        'data.table("group", "sex")',
        ["fail b F"],
    )


def test_a_total_is_a_cell_too(spec):
    """4 + 5 = 9: the total of b describes nine people."""
    spec(
        counts("""
            group/sex   F    M
            a          10   20
            b           4    5
        """),
        'data.table("group", "sex")',
        ["fail b F", "fail b M", "fail b Total"],
    )


def test_people_are_counted_and_not_rows(spec):
    """Twenty-four records of two people are two people."""
    spec(
        records("""
            id   ward
            ann  east   *12
            bob  east   *12
        """),
        'data.table("ward", margins=False)',
        ["fail east"],
    )


def test_a_mean_describes_those_who_have_a_value(spec):
    """Twelve people are in a, but only nine of them have a value."""
    spec(
        values("""
            a   1 2 3 4 5 6 7 8 9 ? ? ?
            b   1 2 3 4 5 6 7 8 9 10
        """),
        'data.table("group", statistic="mean", of="x", margins=False)',
        ["fail a"],
    )


def test_weights_make_no_group_larger(spec):
    """Five people who stand for 5,000 are five people."""
    spec(
        records("""
            ward   stands_for
            east   1000         *5
            west     20         *50
        """),
        'data.table("ward", weight="stands_for")',
        ["fail east"],
    )


def test_a_group_of_codes_is_judged_like_a_total(spec):
    """Leeds and York together are too few as well: 4 + 5 = 9."""
    spec(
        counts("""
            town/sex   F
            Leeds      4
            York       5
            Bath      60
        """),
        'data.table("town", hierarchies={"town": {"Leeds": "North", "York": "North"}})',
        ["fail Leeds", "fail York", "fail North"],
    )


def test_a_proportion_is_of_enough_people(spec):
    """Per cents within a row of nine people."""
    spec(
        counts("""
            group/sex   F    M
            a          40   60
            b           4    5
        """),
        'data.table("group", "sex", statistic="proportion", within="group")',
        ["fail b F", "fail b M", "fail b Total"],
    )


def test_a_policy_may_ask_for_less(spec):
    """NHS England withholds 1 to 7 of its hospital episodes."""
    spec(
        counts("""
            group/sex   F    M
            a          10   20
            b           9    7
        """),
        'data.table("group", "sex", policy="hes")',
        ["fail b M"],
    )


def test_a_rounded_count_is_small_when_a_reader_can_be_certain_of_it(spec):
    """6 rounded to the nearest 5 is 5, which says 3 to 7; with a base of 20 it says 0 to 9."""
    spec(
        counts("""
            group/sex   F    M
            a          41   33
            b           6   35
        """),
        'data.table("group", "sex", margins=False).protect("round", base=5, controlled=False)',
        ["fail b F"],
    )
