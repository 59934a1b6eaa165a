"""No one or two people may make up most of a cell's total."""

from tests.output_checks.spec.drawn import records, values


def test_two_who_make_up_nine_tenths_dominate(spec):
    """80 + 20 of 80 + 20 + 8 = 108 is 93 %, and 80 alone is 74 %."""
    spec(
        values("""
            a   80 20 1*8
        """),
        'data.table("group", statistic="sum", of="x", margins=False)',
        ["review a", "fail a"],
    )


def test_one_who_makes_up_half_goes_to_a_person(spec):
    """50 of 50 + 10 * 5 = 100 is 50 %; the largest two have 55 %."""
    spec(
        values("""
            a   50 5*10
        """),
        'data.table("group", statistic="mean", of="x", margins=False)',
        ["review a"],
    )


def test_half_is_too_much_for_some_policies(spec):
    """ABS: (1,50) and (2,67)."""
    spec(
        values("""
            a   50 5*10
        """),
        'data.table("group", statistic="sum", of="x", margins=False, policy="abs")',
        ["fail a"],
    )


def test_one_negative_amount_does_not_hide_who_dominates(spec):
    """In absolute amounts it is 80 + 20 of 108 again, although the total is 106."""
    spec(
        values("""
            a   80 20 1*7 -1
        """),
        'data.table("group", statistic="sum", of="x", margins=False)',
        ["review a", "fail a"],
    )


def test_amounts_are_added_up_by_person_first(spec):
    """Ann's ten bills of 10 are 100 of 110, though no single bill stands out."""
    spec(
        records("""
            id    group  x
            ann   a      10  *10
            p1    a      1
            p2    a      1
            p3    a      1
            p4    a      1
            p5    a      1
            p6    a      1
            p7    a      1
            p8    a      1
            p9    a      1
            p10   a      1
        """),
        'data.table("group", statistic="sum", of="x", margins=False)',
        ["review a", "fail a"],
    )


def test_a_ratio_is_judged_on_both_of_its_parts(spec):
    """One farm has 80 of the 100 hectares, while the harvests are alike."""
    spec(
        records("""
            county  harvest  hectares
            east    10       80        *1
            east    8        1         *20
        """),
        'data.table("county", statistic="ratio", of="harvest", per="hectares", margins=False)',
        ["review east"],
    )


def test_a_standard_deviation_is_judged_on_squares_around_the_mean(spec):
    """All but one have 1 or 2. The mean is 2.45; 20 is (17.55)² of 318.95 in all, 97 %."""
    spec(
        values("""
            a   1*10 2*9 20
            b   1*10 2*10
        """),
        'data.table("group", statistic=["count", "mean", "std"], of="x", margins=False)',
        ["review a", "fail a"],
    )


def test_a_mean_of_records_of_which_one_person_has_nearly_all(spec):
    """p0 has 200 of 212 records (94 %), so that the mean is nearly 37, the mean of p0."""
    spec(
        records("""
            id   group  x
            p0   a      37   *200
            p1   a      1000
            p2   a      1100
            p3   a      1200
            p4   a      1300
            p5   a      1400
            p6   a      1500
            p7   a      1600
            p8   a      1700
            p9   a      1800
            p10  a      1900
            p11  a      2000
            p12  a      2100
        """),
        'data.table("group", statistic="mean", of="x", margins=False)',
        ["review a", "fail a"],
    )


def test_records_that_many_people_have_alike_are_nobody_s(spec):
    """Each of ten people has two of 20 records."""
    spec(
        records("""
            id   group  x
            p0   a      37   *2
            p1   a      10   *2
            p2   a      11   *2
            p3   a      12   *2
            p4   a      13   *2
            p5   a      14   *2
            p6   a      15   *2
            p7   a      16   *2
            p8   a      17   *2
            p9   a      18   *2
        """),
        'data.table("group", statistic="mean", of="x", margins=False)',
        [],
    )


def test_a_standard_deviation_of_records_of_which_one_person_has_nearly_all(spec):
    """p0 has 200 of 212 records (94 %), so that the spread is nearly 10, that within p0's own.

    Of the squares p0 makes 68 % only, 20,000 of some 29,500.
    """
    spec(
        records("""
            id   group  x
            p0   a      30   *100
            p0   a      50   *100
            p1   a      10
            p2   a      15
            p3   a      20
            p4   a      25
            p5   a      60
            p6   a      65
            p7   a      70
            p8   a      75
            p9   a      10
            p10  a      80
            p11  a      70
            p12  a      12
        """),
        'data.table("group", statistic="std", of="x", margins=False)',
        ["review a", "review a", "fail a"],
    )


def test_records_that_many_people_have_alike_make_nobody_s_spread(spec):
    """Each of twelve people has two records, one high and one low, a twelfth of all."""
    spec(
        records("""
            id   group  x
            p0   a      30
            p0   a      50
            p1   a      31
            p1   a      51
            p2   a      32
            p2   a      52
            p3   a      33
            p3   a      53
            p4   a      34
            p4   a      54
            p5   a      35
            p5   a      55
            p6   a      36
            p6   a      56
            p7   a      37
            p7   a      57
            p8   a      38
            p8   a      58
            p9   a      39
            p9   a      59
            p10  a      40
            p10  a      60
            p11  a      41
            p11  a      61
        """),
        'data.table("group", statistic="std", of="x", margins=False)',
        [],
    )


def test_a_percentile_of_records_of_which_one_person_has_nearly_all(spec):
    """p0 has 400 of 430 records (93 %): nearly all of them are above the p10, which says so."""
    spec(
        records("""
            id   group  x
            p0   a      45   *13
            p0   a      55   *40
            p0   a      75   *347
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
            p12  a      12
            p13  a      13
            p14  a      14
            p15  a      15
            p16  a      16
            p17  a      17
            p18  a      18
            p19  a      19
            p20  a      20
            p21  a      21
            p22  a      22
            p23  a      23
            p24  a      24
            p25  a      25
            p26  a      26
            p27  a      27
            p28  a      28
            p29  a      29
            p30  a      30
        """),
        'data.table("group", statistic=["p10", "max"], of="x", margins=False)',
        ["review a", "fail a"],
    )
