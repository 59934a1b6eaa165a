"""What several statistics of one table tell about those who have no value."""

from tests.output_checks.spec.drawn import records, values


def test_a_count_a_sum_and_a_mean_tell_who_is_missing(spec):
    """In a the sum of 90 over the mean of 3 is 30 people, of the 33 who are counted: three have
    no value. In b twelve have none, in c nobody."""
    spec(
        values("""
            a   2*10 3*10 4*10 ?*3
            b   2*10 3*10 4*10 ?*12
            c   2*10 3*10 4*10
        """),
        'data.table("group", statistic=["count", "sum", "mean"], of="x", margins=False)',
        ["fail a"],
    )


def test_a_count_and_a_mean_alone_let_one_guess(spec):
    """In a the mean is 62 / 29 = 2.1379: of whole numbers, only those of 29 people (or 58) have
    such a mean, and 32 are counted. In b twelve have no value, in c everybody has the same, and
    a mean of 3 is that of any number of people."""
    spec(
        values("""
            a   1*10 2*5 3*14 ?*3
            b   1*10 2*5 3*14 ?*12
            c   3*29 ?*3
        """),
        'data.table("group", statistic=["count", "mean"], of="x", margins=False)',
        ["review a"],
    )


def test_a_count_and_a_proportion_tell_it(spec):
    """In a 11 of 41 are 1, a share of 0.26829: of the numbers up to 42, the people counted, only
    41 has a whole number of people with that share. In b twelve have no value. In c nobody has
    a 1, and 0 is the share of none of any number."""
    spec(
        values("""
            a   0*30 1*11 ?*1
            b   0*30 1*11 ?*12
            c   0*41 ?*1
        """),
        'data.table("group", statistic=["count", "proportion"], of="x", margins=False)',
        ["fail a"],
    )


def test_a_mean_of_zeros_and_ones_is_a_proportion(spec):
    """11 / 41 again, called a mean."""
    spec(
        values("""
            a   0*30 1*11 ?*1
        """),
        'data.table("group", statistic=["count", "mean"], of="x", margins=False)',
        ["fail a"],
    )


def test_a_count_and_a_standard_deviation_let_one_guess(spec):
    """The squares of whole numbers have few sums, and a variance with all its digits is one of
    them over few numbers of people."""
    spec(
        values("""
            a   1*10 2*5 3*14 ?*3
            b   1*10 2*5 3*14 ?*12
        """),
        'data.table("group", statistic=["count", "std"], of="x", margins=False)',
        ["review a"],
    )


def test_the_total_tells_it_too(spec):
    """Three in each have no value, but in the total nine, which is less than ten as well."""
    spec(
        values("""
            a   2*10 3*10 4*10 ?*3
            b   2*10 3*10 4*10 ?*3
            c   2*10 3*10 4*10 ?*3
        """),
        'data.table("group", statistic=["count", "sum", "mean"], of="x")',
        ["fail a", "fail b", "fail c", "fail Total"],
    )


def test_a_mean_of_zeros_and_ones_beside_its_variance(spec):
    """Half of some n are 1, so the variance is n / 4(n - 1): 0.25862 is that of 30 people, of
    the 34 who are counted."""
    spec(
        values("""
            a   0*15 1*15 ?*4
        """),
        'data.table("group", statistic=["count", "mean", "var"], of="x", margins=False)',
        ["fail a"],
    )


def test_a_mean_of_all_sorts_of_values_beside_its_variance(spec):
    """Of other values the two together say no more than each does: one may guess."""
    spec(
        values("""
            a   0*10 1*10 2*10 ?*4
        """),
        'data.table("group", statistic=["count", "mean", "var"], of="x", margins=False)',
        ["review a"],
    )


def test_a_sum_of_zero_tells_nothing(spec):
    """0 over 0 is any number of people."""
    spec(
        values("""
            a   -2*12 2*12 ?*4
        """),
        'data.table("group", statistic=["count", "sum", "mean"], of="x", margins=False)',
        [],
    )


def test_one_more_record_than_people_does_not_hide_who_has_no_value(spec):
    """32 records of 31 people: of 34 people two at least have no value, and three have none."""
    spec(
        records("""
            id   group  x
            p0   a      2
            p0   a      3
            p1   a      2
            p2   a      3
            p3   a      4
            p4   a      5
            p5   a      1
            p6   a      2
            p7   a      3
            p8   a      4
            p9   a      5
            p10  a      1
            p11  a      2
            p12  a      3
            p13  a      4
            p14  a      5
            p15  a      1
            p16  a      2
            p17  a      3
            p18  a      4
            p19  a      5
            p20  a      1
            p21  a      2
            p22  a      3
            p23  a      4
            p24  a      5
            p25  a      1
            p26  a      2
            p27  a      3
            p28  a      4
            p29  a      5
            p30  a      1
            p31  a      ?
            p32  a      ?
            p33  a      ?
        """),
        'data.table("group", statistic=["count", "sum", "mean"], of="x", margins=False)',
        ["review a"],
    )
