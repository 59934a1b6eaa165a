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


def test_a_value_that_two_people_have_nearly_all_records_of_is_theirs(spec):
    """Three share the median of 37, but p0 and p1 have 80 of the 81 records that are around it."""
    spec(
        records("""
            id   group  x
            p0   a      37  *40
            p1   a      37  *40
            p2   a      37
            p3   a      1
            p4   a      2
            p5   a      3
            p6   a      4
            p7   a      5
            p8   a      6
            p9   a      7
            p10  a      8
            p11  a      9
            p12  a      10
            p13  a      11
            p14  a      61
            p15  a      62
            p16  a      63
            p17  a      64
            p18  a      65
            p19  a      66
            p20  a      67
            p21  a      68
            p22  a      69
            p23  a      70
            p24  a      71
        """),
        'data.table("group", statistic="median", of="x", margins=False)',
        ["fail a"],
    )


def test_who_leaves_out_their_own_records_can_tell_whose_the_others_are(spec):
    """Of 75 records of 37 p0 has 30: less than half, but of the 50 that p1 leaves more than half.

    All records around the median are of 37; equal ones count by how many each has.
    """
    spec(
        records("""
            id   group  x
            p0   a      37  *30
            p1   a      37  *25
            p2   a      37  *20
            p3   a      1
            p4   a      2
            p5   a      3
            p6   a      4
            p7   a      5
            p8   a      6
            p9   a      7
            p10  a      8
            p11  a      9
            p12  a      10
            p13  a      11
            p14  a      61
            p15  a      62
            p16  a      63
            p17  a      64
            p18  a      65
            p19  a      66
            p20  a      67
            p21  a      68
            p22  a      69
            p23  a      70
            p24  a      71
        """),
        'data.table("group", statistic="median", of="x", margins=False)',
        ["review a"],
    )


def test_a_value_that_several_have_as_many_records_of_is_nobody_s(spec):
    """Five people have twenty records of 37 each; nobody can tell whose it is."""
    spec(
        records("""
            id   group  x
            p0   a      37  *20
            p1   a      37  *20
            p2   a      37  *20
            p3   a      37  *20
            p4   a      37  *20
            p5   a      1
            p6   a      2
            p7   a      3
            p8   a      4
            p9   a      5
            p10  a      6
            p11  a      7
            p12  a      8
            p13  a      9
            p14  a      10
            p15  a      11
            p16  a      61
            p17  a      62
            p18  a      63
            p19  a      64
            p20  a      65
            p21  a      66
            p22  a      67
            p23  a      68
            p24  a      69
            p25  a      70
            p26  a      71
        """),
        'data.table("group", statistic="median", of="x", margins=False)',
        [],
    )


def test_many_equal_records_beside_one_person_s_do_not_hide_it(spec):
    """p0 has 30 of the 48 records around the median; 36 and 38 are what 25 people have.

    Of 51 people with 230 records ten have 45 on average, 22 and a half on either side.
    """
    spec(
        records("""
            id   group  x
            p0   a      37  *30
            p1   a      36  *4
            p2   a      36  *4
            p3   a      36  *4
            p4   a      36  *4
            p5   a      36  *4
            p6   a      36  *4
            p7   a      36  *4
            p8   a      36  *4
            p9   a      36  *4
            p10  a      36  *4
            p11  a      36  *4
            p12  a      36  *4
            p13  a      36  *4
            p14  a      36  *4
            p15  a      36  *4
            p16  a      36  *4
            p17  a      36  *4
            p18  a      36  *4
            p19  a      36  *4
            p20  a      36  *4
            p21  a      36  *4
            p22  a      36  *4
            p23  a      36  *4
            p24  a      36  *4
            p25  a      36  *4
            p26  a      38  *4
            p27  a      38  *4
            p28  a      38  *4
            p29  a      38  *4
            p30  a      38  *4
            p31  a      38  *4
            p32  a      38  *4
            p33  a      38  *4
            p34  a      38  *4
            p35  a      38  *4
            p36  a      38  *4
            p37  a      38  *4
            p38  a      38  *4
            p39  a      38  *4
            p40  a      38  *4
            p41  a      38  *4
            p42  a      38  *4
            p43  a      38  *4
            p44  a      38  *4
            p45  a      38  *4
            p46  a      38  *4
            p47  a      38  *4
            p48  a      38  *4
            p49  a      38  *4
            p50  a      38  *4
        """),
        'data.table("group", statistic="median", of="x", margins=False)',
        ["fail a"],
    )


def test_percentiles_close_to_each_other_are_a_list_of_values(spec):
    """From the p40 to the p50 there are 0.1 * 59 + 1 = 6.9 of 60 people, and to the p75 15.8."""
    spec(
        values("""
            a   1*10 2*10 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 30*10 40*10
        """),
        'data.table("group", statistic=["p40", "median", "p75"], of="x", margins=False)',
        ["fail a"],
    )


def test_quartiles_of_forty_people_may_be_shown(spec):
    """From each to the next there are 0.25 * 39 + 1 = 10.75 people."""
    spec(
        values("""
            a   1*5 2*5 3*5 4*5 5*5 6*5 7*5 8*5
        """),
        'data.table("group", statistic=["p25", "median", "p75"], of="x", margins=False)',
        [],
    )


def test_a_percentile_that_is_the_highest_or_lowest_value_is_that_of_nearly_all(spec):
    """Of the zeros and ones in a at least 90 % are ones, in b at most 90 % are; c also has twos."""
    spec(
        values("""
            a   0 1*136
            b   0*20 1*136
            c   0*12 1*200 2*20
        """),
        'data.table("group", statistic="p10", of="x", margins=False)',
        ["review a"],
    )


def test_a_percentile_of_zero_tells_that_nearly_all_have_none(spec):
    """A p95 of 0 says it of 95 %, whatever the others have."""
    spec(
        values("""
            a   0*380 1*12 7*3
            b   0*370 1*20 7*10
        """),
        'data.table("group", statistic="p95", of="x", margins=False)',
        ["review a"],
    )
