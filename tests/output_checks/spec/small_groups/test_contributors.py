"""A sum or mean is made by those whose amount is not 0, and may be a proportion in disguise."""

from tests.output_checks.spec.drawn import records, values


def test_a_mean_of_zeros_and_ones_is_a_proportion(spec):
    """3 of the 96 in a have it: a mean of 0.03125 says so as a proportion would."""
    spec(
        values("""
            a   1*3 0*93
            b   1*40 0*60
        """),
        'data.table("group", statistic="mean", of="x", margins=False)',
        ["fail a", "review a"],
    )


def test_a_sum_of_ones_is_a_count(spec):
    """The 3 of a, and in b the 4 whom the sum of 96 leaves out of the 100 who are counted."""
    spec(
        values("""
            a   1*3 0*93
            b   1*96 0*4
            c   1*50 0*50
        """),
        'data.table("group", statistic="sum", of="x", margins=False)',
        ["fail a", "fail b", "review a", "review b"],
    )


def test_a_standard_deviation_of_zeros_and_ones_is_one_of_a_proportion(spec):
    """The variance of 3 ones and 93 zeros is that of no other number of ones."""
    spec(
        values("""
            a   1*3 0*93
            b   1*40 0*60
        """),
        'data.table("group", statistic="std", of="x", margins=False)',
        ["fail a", "review a"],
    )


def test_an_amount_needs_enough_people_who_have_any(spec):
    """Four of a hundred were in hospital: the sum of the costs is that of four people."""
    spec(
        records("""
            ward   costs
            east   900    *2
            east   1000   *2
            east   0      *96
            west   900    *20
            west   1000   *20
            west   0      *60
        """),
        'data.table("ward", statistic="sum", of="costs", margins=False)',
        ["fail east"],
    )


def test_that_some_few_have_nothing_is_hidden_by_various_amounts(spec):
    """Nobody can tell from a sum of all sorts of costs that three people have none."""
    spec(
        values("""
            a   3*30 4*30 5*30 0*3
        """),
        'data.table("group", statistic="sum", of="x", margins=False)',
        [],
    )


def test_nearly_all_have_the_same_amount(spec):
    """94 % of a have it: a person must look, as with a proportion."""
    spec(
        values("""
            a   1*188 0*12
        """),
        'data.table("group", statistic="mean", of="x", margins=False)',
        ["review a"],
    )


def test_a_code_of_one_and_two_is_a_proportion(spec):
    """The mean of a is (93 x 1 + 3 x 2) / 96 = 1.03125, which is 3 of 96; in b 40 of 100."""
    spec(
        values("""
            a   2*3 1*93
            b   2*40 1*60
        """),
        'data.table("group", statistic="mean", of="x", margins=False)',
        ["fail a", "review a"],
    )


def test_any_two_values_are_a_code(spec):
    """The sum of a is 97 x 9 + 3 x 5 = 888, so that three have 5; also 97 of 100 are one sort."""
    spec(
        values("""
            a   9*97 5*3
            b   9*40 5*60
        """),
        'data.table("group", statistic="sum", of="x", margins=False)',
        ["fail a", "review a"],
    )


def test_a_third_value_hides_how_many_have_which(spec):
    """With 1, 2 and 3 about, nobody can tell which of them make up the mean of a."""
    spec(
        values("""
            a   2*3 1*93
            b   2*40 1*59 3*1
        """),
        'data.table("group", statistic="mean", of="x", margins=False)',
        [],
    )


def test_weighted_zeros_and_ones_are_a_proportion(spec):
    """Four of the sixty of the east are not ill, whatever everybody's weight is."""
    spec(
        records("""
            ward   ill     weight
            east   true    2        *30
            east   true    3        *26
            east   false   2        *4
            west   true    2        *30
            west   false   3        *30
        """),
        'data.table("ward", statistic="mean", of="ill", weight="weight", margins=False)',
        ["fail east", "review east"],
    )


def test_who_has_any_record_of_the_rarer_value_is_counted(spec):
    """Two of 120 records are 0, those of p0 and p1: a mean of 0.98333 tells of two records."""
    spec(
        records("""
            id    group  x
            p0    a      1    *9
            p0    a      0
            p1    a      1    *9
            p1    a      0
            p2    a      1    *9
            p2    a      1
            p3    a      1    *9
            p3    a      1
            p4    a      1    *9
            p4    a      1
            p5    a      1    *9
            p5    a      1
            p6    a      1    *9
            p6    a      1
            p7    a      1    *9
            p7    a      1
            p8    a      1    *9
            p8    a      1
            p9    a      1    *9
            p9    a      1
            p10   a      1    *9
            p10   a      1
            p11   a      1    *9
            p11   a      1
        """),
        'data.table("group", statistic="mean", of="x", margins=False)',
        ["fail a"],
    )


def test_people_with_records_of_both_values_are_on_both_sides(spec):
    """Each of twelve people has two records of 1 and three of 0."""
    spec(
        records("""
            id    group  x
            p0    a      1    *2
            p0    a      0    *3
            p1    a      1    *2
            p1    a      0    *3
            p2    a      1    *2
            p2    a      0    *3
            p3    a      1    *2
            p3    a      0    *3
            p4    a      1    *2
            p4    a      0    *3
            p5    a      1    *2
            p5    a      0    *3
            p6    a      1    *2
            p6    a      0    *3
            p7    a      1    *2
            p7    a      0    *3
            p8    a      1    *2
            p8    a      0    *3
            p9    a      1    *2
            p9    a      0    *3
            p10   a      1    *2
            p10   a      0    *3
            p11   a      1    *2
            p11   a      0    *3
        """),
        'data.table("group", statistic=["mean", "std"], of="x", margins=False)',
        [],
    )


def test_who_never_has_it_is_counted_where_nobody_has_it_twice(spec):
    """Ten of thirteen people have one record of 1: a sum of 10 leaves three without any."""
    spec(
        records("""
            id    group  x
            p0    a      0
            p0    a      0    *4
            p1    a      0
            p1    a      0    *4
            p2    a      0
            p2    a      0    *4
            p3    a      1
            p3    a      0    *4
            p4    a      1
            p4    a      0    *4
            p5    a      1
            p5    a      0    *4
            p6    a      1
            p6    a      0    *4
            p7    a      1
            p7    a      0    *4
            p8    a      1
            p8    a      0    *4
            p9    a      1
            p9    a      0    *4
            p10   a      1
            p10   a      0    *4
            p11   a      1
            p11   a      0    *4
            p12   a      1
            p12   a      0    *4
        """),
        'data.table("group", statistic="sum", of="x", margins=False)',
        ["fail a"],
    )
