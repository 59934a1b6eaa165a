"""Everybody in one category tells what each of them is."""

from tests.output_checks.spec.drawn import counts, records


def test_where_all_are_in_one_category_everybody_s_is_known(spec):
    """All 40 of b are M, and all 10 who are F are in a; of the 60 M two thirds are in b."""
    spec(
        counts("""
            group/sex   F    M
            a          10   20
            b           0   40
        """),
        'data.table("group", "sex")',
        ["fail a F", "fail b M"],
    )


def test_nine_tenths_are_nearly_all(spec):
    """Row b: 180 of 200 are M (90 %). Column M: 180 of 200 are in b (90 %)."""
    spec(
        counts("""
            group/sex   F     M
            a          30    20
            b          20   180
        """),
        'data.table("group", "sex")',
        ["review b M", "review b M"],
    )


def test_nearly_all_fails_where_the_policy_says_so(spec):
    """ESSnet's rule of thumb for group disclosure is 90 %."""
    spec(
        counts("""
            group/sex   F     M
            a          30    20
            b          20   180
        """),
        'data.table("group", "sex", policy="eurostat")',
        ["fail b M", "fail b M"],
    )


def test_that_a_category_is_the_only_possible_one_is_a_word_that_a_person_looks_at(spec):
    """If nobody of b can be F, that all are M is no news; that all F are in a is none either."""
    spec(
        counts("""
            group/sex   F    M
            a          10   20
            b           0   40
        """),
        'data.table("group", "sex", structural_zeros=[{"group": "b", "sex": "F"}])',
        ["review a F", "review b M"],
    )


def test_where_no_empty_cell_may_be_shown_a_declared_one_is_no_exception(spec):
    """UK LLC masks counts below 10 including zero, without exceptions."""
    spec(
        counts("""
            group/sex   F    M
            a          10   20
            b           0   40
        """),
        'data.table("group", "sex", policy="ukllc", structural_zeros=[{"group": "b", "sex": "F"}])',
        ["fail a F", "fail b M"],
    )


def test_a_table_of_means_shows_where_all_are(spec):
    """All M are in a and all of b are F, since the other cell is empty; 200 of the 220 in a are
    F (91 %), but a table of means does not tell how many there are."""
    spec(
        records("""
            group  sex  x
            a      F    1   *100
            a      F    4   *100
            a      M    2   *10
            a      M    3   *10
            b      F    5   *100
            b      F    6   *100
        """),
        'data.table("group", "sex", statistic="mean", of="x")',
        ["fail a M", "fail b F"],
    )


def test_per_cents_tell_as_much_as_counts(spec):
    """95 % of a are M, and the table says so in as many words. That 91 % of all F are in b
    follows from the rows and their total."""
    spec(
        counts("""
            group/sex   F     M
            a          20   380
            b         200   300
        """),
        'data.table("group", "sex", statistic="proportion", within="group", times=100)',
        ["review b F", "review a M"],
    )


def test_within_a_group_of_codes(spec):
    """York has people, but of the women of the North all are in Leeds; in York all are men."""
    spec(
        counts("""
            town/sex   F    M
            Leeds     50   40
            York       0   30
            Bath      20   40
            Bristol   30   20
        """),
        'data.table("town", "sex", hierarchies={"town": {"Leeds": "North", "York": "North", '
        '"Bath": "South", "Bristol": "South"}})',
        ["fail Leeds F", "fail York M"],
    )


def test_a_dimension_with_one_category(spec):
    """Everybody is ill, in each of the towns: there is nobody whom the table would not tell of."""
    spec(
        records("""
            town   ill
            York   yes   *20
            Bath   yes   *30
        """),
        'data.table("town", "ill")',
        ["review"],
    )


def test_people_who_were_chosen_by_the_category(spec):
    """That all of the ill are ill is no news; the filter is said with the table."""
    spec(
        records("""
            town   ill
            York   yes   *20
            Bath   yes   *30
        """),
        """data.table("town", "ill", where="ill = 'yes'")""",
        [],
    )


def test_a_filter_that_fits_other_categories_too_chooses_none(spec):
    """Whoever is not unknown might be ill or well: that all are ill is what the data tell."""
    spec(
        records("""
            town   ill
            York   yes   *20
            Bath   yes   *30
        """),
        """data.table("town", "ill", where="ill <> 'unknown'")""",
        ["review"],
    )


def test_one_category_of_people_who_were_chosen_by_something_else(spec):
    """Of York it is told that all 20 are ill, without a table of towns."""
    spec(
        records("""
            town   ill
            York   yes   *20
            Bath   yes   *30
            Bath   no    *30
        """),
        """data.table("ill", where="town = 'York'")""",
        ["review"],
    )


def test_an_only_dimension_without_a_filter_is_what_the_data_are_about(spec):
    """Data of the ill alone are about the ill, and whoever asked for them knows that."""
    spec(
        records("""
            town   ill
            York   yes   *20
            Bath   yes   *30
        """),
        """data.table("ill")""",
        [],
    )
