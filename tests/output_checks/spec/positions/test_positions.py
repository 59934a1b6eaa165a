"""A median or percentile needs enough people on both sides."""

from tests.output_checks.spec.drawn import records, values


def test_a_median_needs_twice_the_threshold_and_the_one_in_the_middle(spec):
    """Of 19 people one has the median and nine are on either side; of 21 there are ten."""
    spec(
        values("""
            a   1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19
            b   1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21
        """),
        'data.table("group", statistic="median", of="x", margins=False)',
        ["fail a"],
    )


def test_a_percentile_far_out_is_nearly_an_extreme(spec):
    """Only three of the 50 people of a have at least the p95."""
    spec(
        values("""
            a   10*30 20*17 91 95 99
        """),
        'data.table("group", statistic="p95", of="x", margins=False)',
        ["fail a"],
    )


def test_a_percentile_further_in_may_be_shown(spec):
    """Twenty of the same people have at least the p75."""
    spec(
        values("""
            a   10*30 20*17 91 95 99
        """),
        'data.table("group", statistic="p75", of="x", margins=False)',
        [],
    )


def test_a_value_that_many_share_counts_on_both_sides(spec):
    """Twelve people have the median of 5, one person less and one more."""
    spec(
        values("""
            a   4 5*12 6
        """),
        'data.table("group", statistic="median", of="x", margins=False)',
        [],
    )


def test_a_position_among_one_person_s_records_is_this_person_s_value(spec):
    """p0 has 60 of 82 records: 37 is the median, with eleven other people on either side."""
    spec(
        records("""
            id   group  x
            p0   a      37  *60
            p1   a      1
            p2   a      2
            p3   a      3
            p4   a      4
            p5   a      5
            p6   a      6
            p7   a      7
            p8   a      8
            p9   a      9
            p10  a      10
            p11  a      11
            p12  a      61
            p13  a      62
            p14  a      63
            p15  a      64
            p16  a      65
            p17  a      66
            p18  a      67
            p19  a      68
            p20  a      69
            p21  a      70
            p22  a      71
        """),
        'data.table("group", statistic="median", of="x", margins=False)',
        ["fail a"],
    )
