"""The most frequent value must be that of enough people, and not of all."""

from tests.output_checks.spec.drawn import records


def test_a_mode_needs_enough_people(spec):
    """Teachers are the largest group in the east, and there are four of them."""
    spec(
        records("""
            ward   work
            east   teacher   *4
            east   nurse     *3
            east   smith     *3
            west   teacher   *14
            west   nurse     *13
        """),
        'data.table("ward", statistic="mode", of="work", margins=False)',
        ["fail east"],
    )


def test_a_mode_that_all_have_tells_what_each_of_them_is(spec):
    """Everybody in the east is a teacher, and 19 of 20 in the west."""
    spec(
        records("""
            ward   work
            east   teacher   *14
            west   teacher   *19
            west   nurse     *1
        """),
        'data.table("ward", statistic="mode", of="work", margins=False)',
        ["fail east", "review west"],
    )
