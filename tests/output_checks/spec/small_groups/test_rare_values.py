"""A sum, a weighted count and a ratio are judged by the values that they add up."""

from tests.output_checks.spec.drawn import records, values


def test_a_weighted_count_of_two_weights_tells_who_has_the_rarer(spec):
    """In the east 20 + 2 * 3 = 26 stand behind 23 people, so that three weigh 2.

    In the west ten do. Survey weights have many values, and are judged by `weights`.
    """
    spec(
        records("""
            ward   stands_for
            east   1            *20
            east   2            *3
            west   1            *40
            west   2            *10
        """),
        'data.table("ward", weight="stands_for", margins=False)',
        ["fail east"],
    )


def test_a_weighted_count_that_is_that_of_nearly_all(spec):
    """190 of 200 people, which is 95 %, have the same weight."""
    spec(
        records("""
            ward   stands_for
            east   1            *190
            east   2            *10
        """),
        'data.table("ward", weight="stands_for", margins=False)',
        ["review east"],
    )


def test_a_ratio_to_a_constant_is_a_sum(spec):
    """In a (126 + 2) / (127 * 10) = 0.1008: times ten and 127 people it is 128, so one has a 2."""
    spec(
        records("""
            group  code  ten
            a      1     10   *126
            a      2     10   *1
            b      1     10   *60
            b      2     10   *60
        """),
        'data.table("group", statistic="ratio", of="code", per="ten", margins=False)',
        ["fail a", "review a"],
    )


def test_a_denominator_is_judged_like_a_numerator(spec):
    """Ten per code, and a code per cost: three people have a 2, whatever is above or below."""
    drawn = records("""
        group  code  ten
        a      1     10   *57
        a      2     10   *3
        b      1     10   *60
        b      2     10   *60
    """)
    spec(
        drawn,
        'data.table("group", statistic="rate", of="ten", per="code", margins=False)',
        ["fail a", "review a"],
    )


def test_a_sum_beside_a_ratio_has_two_values_as_well(spec):
    """The sum of 49 codes is 58, so that nine have a 2, which 58 over the years tells as well."""
    spec(
        records("""
            group  code  years
            a      1     10   *20
            a      1     11   *20
            a      2     11   *9
        """),
        'data.table("group", statistic=["sum", "ratio"], of="code", per="years", margins=False)',
        ["fail a", "fail a"],
    )


def test_a_numerator_that_few_have_is_found_by_another_rule(spec):
    """That three have a 1 and 57 a 0 `ratios` says already; nearly all without is for a person."""
    spec(
        records("""
            group  deaths  people
            a      0       1       *57
            a      1       1       *3
        """),
        'data.table("group", statistic="rate", of="deaths", per="people", margins=False)',
        ["review a"],
    )


def test_what_many_different_denominators_hide(spec):
    """Nobody can tell from deaths per person-year that 57 of 60 people have none."""
    spec(
        records("\n".join(["group  deaths  years", *_many_years()])),
        'data.table("group", statistic="rate", of="deaths", per="years", margins=False)',
        [],
    )


def _many_years():
    return [f"a  {int(number % 6 == 0)}  {1 + number / 200}" for number in range(120)]


def test_all_but_a_few_have_the_same(spec):
    """In a 57 people have 1,000: the rest of 57,000 is that of three. In b three have other values

    than the thirty who have 1,000, but so have thirty more.
    """
    spec(
        values("""
            a   1000*57 1003 1004 1005
            b   1000*30 1001*30 1003 1004 1005
        """),
        'data.table("group", statistic="sum", of="x", margins=False)',
        ["fail a"],
    )


def test_of_three_values_a_person_looks_at_the_rarest(spec):
    """Three of 100 have a 2. In b ten have, and nobody in c."""
    spec(
        values("""
            a   0*50 1*47 2*3
            b   0*50 1*40 2*10
            c   0*50 1*50
        """),
        'data.table("group", statistic=["sum", "mean"], of="x", margins=False)',
        ["review a", "review a"],
    )


def test_last_digits_are_those_of_a_few(spec):
    """30 * 1 m + 29 * 2 m + 20 * 4 m + 1,003,323 = 169,003,323: nobody else has the 3,323."""
    spec(
        values("""
            a   1000000*30 2000000*29 4000000*20 1003323
            b   1000000*30 2000000*29 4000000*20
        """),
        'data.table("group", statistic="sum", of="x", margins=False)',
        ["review a"],
    )


def test_visits_and_other_counts_have_no_such_digits(spec):
    """One person went twenty times and one nine times: a sum of 0s to 20s says nothing of it."""
    spec(
        values("a   0*60 1*40 2*20 3*9 4*5 5*2 9 20"),
        'data.table("group", statistic=["sum", "mean"], of="x", margins=False)',
        [],
    )


def test_a_weighted_sum_is_one_of_amounts_times_weights(spec):
    """Everybody has ten, and three of sixty weigh 2: (57 + 2 * 3) * 10 = 630."""
    spec(
        records("""
            group  ten  stands_for
            a      10   1           *57
            a      10   2           *3
        """),
        'data.table("group", statistic="sum", of="ten", weight="stands_for", margins=False)',
        ["fail a", "review a"],
    )


def test_people_are_counted_and_not_their_records(spec):
    """Twelve records of 2 are those of one person; the others have one record each of 1."""
    spec(
        records(
            """
            id   group  code  ten
            p0   a      2     10   *12
        """
            + "\n".join(f"p{number}  a  1  10  *1" for number in range(1, 21))
        ),
        'data.table("group", statistic="ratio", of="code", per="ten", margins=False)',
        ["fail a", "review a"],
    )
