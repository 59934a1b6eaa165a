"""Treatments: what each makes of a value, and what must hold whatever the values are."""

from datetime import date, datetime, timedelta
from statistics import mean

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tre.decision import UnusableRequestError
from tre.safe_data.deidentify import treatment as named
from tre.safe_data.deidentify.apply import apply
from tre.safe_data.deidentify.column import Given
from tre.safe_data.deidentify.dates import shift_days
from tre.safe_data.deidentify.known import Known
from tre.safe_data.deidentify.treatment import OTHER, Method, Treatment, default_treatment

KEY = b"the key of the project of tests!"
OTHER_KEY = b"the key of another of the tests!"
POSTCODES = pl.DataFrame({"postcode": ["SE5 9NR", "CR0 1KM"], "imd_decile": [2, 9]})


def treated(values, treatment, key=KEY, people=None, given_=Given(), dtype=None):  # noqa: B008
    owners = people or [f"p{number}" for number in range(len(values))]
    frame = pl.DataFrame({"id": owners, "x": pl.Series(values, dtype=dtype)})
    return apply(frame, "id", {"x": treatment}, key, given_)["x"]


# What each makes of a value -----------------------------------------------------------------------
BANDS = Treatment(method=Method.AGE_BANDS, years=10, oldest=85)
TABLE = [
    # dates
    (named.TO_MONTH, date(2010, 3, 31), date(2010, 3, 1)),
    (named.TO_MONTH, datetime(2010, 3, 31, 23, 59), date(2010, 3, 1)),  # noqa: DTZ001
    (named.TO_YEAR, date(2010, 12, 31), 2010),
    # ages
    (named.AGE_BANDS, 0, "0 to 4"),
    (named.AGE_BANDS, 17, "15 to 19"),
    (named.AGE_BANDS, 89, "85 to 89"),
    (named.AGE_BANDS, 90, "90 and over"),
    (named.AGE_BANDS, 111, "90 and over"),
    (BANDS, 84, "80 to 84"),
    (BANDS, 85, "85 and over"),
    (named.TOP_CODED, 89, 89),
    (named.TOP_CODED, 104, 90),
    # places
    (named.TO_AREA, "SE5 9NR", "SE5"),
    (named.TO_AREA, "se59nr", "SE5"),
    (named.TO_AREA, " CR0  1KM ", "CR0"),
    (named.TO_AREA, "W1A 0AX", "W1A"),
    (named.TO_AREA, "SE5", "SE5"),
    (named.TO_AREA, "12 Camberwell Road", None),
    (named.TO_AREA, "", None),
    (named.TO_DEPRIVATION, "se5 9nr", 2),
    (named.TO_DEPRIVATION, "CR01KM", 9),
    (named.TO_DEPRIVATION, "SE5 9XX", None),
    # diagnoses
    (named.ICD10_CATEGORY, "F20.0", "F20"),
    (named.ICD10_CATEGORY, "f200", "F20"),
    (named.ICD10_CATEGORY, "F20", "F20"),
    (named.ICD10_CATEGORY, "G30.1D", "G30"),
    (named.ICD10_CHAPTER, "F20.0", "V Mental and behavioural disorders (F00-F99)"),
    (named.ICD10_CHAPTER, "D48.9", "II Neoplasms (C00-D48)"),
    (
        named.ICD10_CHAPTER,
        "D50",
        "III Diseases of the blood and the immune mechanism (D50-D89)",
    ),
    (named.ICD10_CHAPTER, "U07.1", "XXII Codes for special purposes (U00-U99)"),
    # text
    (named.WITHHELD, "anything", None),
    (named.AS_IS, "anything", "anything"),
    (named.SCRUBBED, "Ada came on 3/4/2019.", "[name] came on [date]."),
]


@pytest.mark.parametrize(("treatment", "value", "wanted"), TABLE)
def test_what_a_treatment_makes_of_a_value_and_of_null(treatment, value, wanted):
    around = Given(postcodes=POSTCODES, known={"p0": Known(names=("Ada",))})
    made = treated([value, None], treatment, given_=around)
    assert made.to_list() == [wanted, None]


def test_every_method_is_in_the_table_of_examples_or_tested_by_itself():
    by_itself = {Method.SHIFTED, Method.RARE_GROUPED}
    assert {treatment.method for treatment, _, _ in TABLE} | by_itself == set(Method)


@pytest.mark.parametrize(
    ("treatment", "values", "said"),
    [
        (named.TO_MONTH, ["2010-03-31"], "needs a date, not String"),
        (named.TO_YEAR, [2010], "needs a date, not Int64"),
        (named.SHIFTED, ["2010-03-31"], "needs a date"),
        (named.AGE_BANDS, [1.5], "in whole years, not Float64"),
        (named.TOP_CODED, [-1], "1 ages are below 0"),
        (named.TO_AREA, [5], "needs text"),
        (named.TO_DEPRIVATION, ["SE5 9NR"], "needs a directory of postcodes"),
        (named.ICD10_CATEGORY, ["schizophrenia"], "1 values are not written as in ICD-10"),
        (named.ICD10_CHAPTER, ["E91"], "1 different codes are in no chapter"),
        (named.SCRUBBED, [1], "needs text"),
    ],
)
def test_values_that_a_treatment_is_not_for_are_refused_without_being_shown(
    treatment, values, said
):
    with pytest.raises(UnusableRequestError, match=said) as raised:
        treated(values, treatment)
    assert "schizophrenia" not in str(raised.value)


@pytest.mark.parametrize(
    ("name", "value"), [("days", 0), ("days", 366), ("people", 1), ("oldest", 91), ("years", True)]
)
def test_a_treatment_weaker_than_any_that_is_known_cannot_be_written_down(name, value):
    with pytest.raises(UnusableRequestError, match=f"{name} of a treatment is a number from"):
        Treatment(method=Method.AS_IS, **{name: value})


def test_a_treatment_says_what_it_does():
    assert BANDS.sentence() == "age in bands of 10 years, 85 and over together"
    assert named.TO_YEAR.sentence() == "to the year"
    assert "at most 30, the same for all" in named.SHIFTED.sentence()
    assert "fewer than 10 people are 'Other, grouped'" in named.RARE_GROUPED.sentence()


@pytest.mark.parametrize(
    ("treatment", "value", "wanted"), [row for row in TABLE if row[2] is not None]
)
def test_a_treatment_says_of_what_type_its_values_are(treatment, value, wanted):
    types = {date: "date", datetime: "date", int: "integer", str: "string"}
    kind = types[type(value)]
    assert treatment.becomes(kind) == types[type(wanted)]


def test_a_moved_date_is_a_date_and_a_grouped_number_is_a_text():
    assert named.SHIFTED.becomes("date") == "date"
    assert named.RARE_GROUPED.becomes("integer") == "string"


def test_text_is_withheld_and_a_date_has_no_default():
    assert default_treatment("text") == named.WITHHELD
    assert default_treatment("date") is None
    assert default_treatment("integer") == named.AS_IS
    with pytest.raises(UnusableRequestError, match="'note' is no type"):
        default_treatment("note")


# What is refused of a table -----------------------------------------------------------------------
FRAME = pl.DataFrame({"id": ["a"], "born": [date(2010, 3, 4)]})


@pytest.mark.parametrize(
    ("frame", "treatments", "said"),
    [
        (FRAME, {}, "born: a date needs a treatment"),
        (FRAME.cast({"born": pl.Datetime("us")}), {}, "born: a date needs a treatment"),
        (FRAME, {"born": ()}, "born: a date needs a treatment"),
        (FRAME, {"born": named.TO_YEAR, "sex": named.AS_IS}, "no column sex"),
        (FRAME.rename({"id": "who"}), {"born": named.TO_YEAR}, "no column id"),
        (FRAME, {"born": named.TO_YEAR, "id": named.AS_IS}, "replaced by a pseudonym"),
        (FRAME.with_columns(id=pl.lit(None)), {"born": named.TO_YEAR}, "1 rows have no id"),
    ],
)
def test_a_table_that_cannot_be_treated_as_named_is_refused(frame, treatments, said):
    with pytest.raises(UnusableRequestError, match=said):
        apply(frame, "id", treatments, KEY)


def test_columns_and_rows_keep_their_order_and_an_empty_table_stays_empty():
    frame = pl.DataFrame({"a": [1, 2], "id": ["x", "y"], "age": [99, 3]})
    made = apply(frame, "id", {"age": named.TOP_CODED}, KEY)
    assert made.rows() == [(1, "x", 90), (2, "y", 3)]
    assert made.columns == frame.columns
    for treatment in (named.RARE_GROUPED, named.ICD10_CHAPTER, named.TO_AREA, named.WITHHELD):
        empty = pl.DataFrame(schema={"id": pl.String, "x": pl.String})
        assert apply(empty, "id", {"x": treatment}, KEY).is_empty()


def test_several_treatments_are_done_one_after_the_other():
    twice = (named.TO_AREA, Treatment(method=Method.RARE_GROUPED, people=2))
    postcodes = ["SE5 9NR", "SE5 9NT", "SW9 1AA", "SW2 1AA"]
    assert treated(postcodes, twice).to_list() == ["SE5", "SE5", OTHER, OTHER]
    month = treated([date(2020, 5, 17)], (named.SHIFTED, named.TO_MONTH))
    assert month[0] in {date(2020, 4, 1), date(2020, 5, 1), date(2020, 6, 1)}


def test_text_of_a_person_whose_identifiers_are_not_given_is_withheld():
    assert treated(["Ada came."], named.SCRUBBED).to_list() == [None]


# Dates moved by person ----------------------------------------------------------------------------
dates = st.dates(date(1900, 1, 1), date(2030, 1, 1))
rows_of_dates = st.lists(st.tuples(st.sampled_from("abcdef"), dates), min_size=1, max_size=30)


@settings(deadline=None)
@given(rows=rows_of_dates, most=st.integers(1, 365))
def test_order_and_intervals_within_a_person_stay(rows, most):
    people, values = zip(*rows, strict=True)
    treatment = Treatment(method=Method.SHIFTED, days=most)
    made = treated(list(values), treatment, people=list(people)).to_list()
    moved: dict[str, set[timedelta]] = {}
    for person, before, after in zip(people, values, made, strict=True):
        moved.setdefault(person, set()).add(after - before)
    for shifts in moved.values():
        (shift,) = shifts  # one for all dates of the person: so order and intervals stay
        assert abs(shift.days) <= most


def test_a_table_of_nobody_is_moved_as_well():
    empty = pl.DataFrame(schema={"id": pl.String, "seen": pl.Date})
    moved = apply(empty, "id", {"seen": Treatment(method=Method.SHIFTED)}, KEY)
    assert moved.schema == empty.schema


@settings(deadline=None)
@given(st.lists(st.text(min_size=1), min_size=1, unique=True))
def test_a_person_is_moved_alike_in_every_table_of_a_project(people):
    one = shift_days(pl.Series(people), KEY, 30)
    backwards = shift_days(pl.Series(people[::-1] * 2), KEY, 30)
    assert one.to_list()[::-1] == backwards.to_list()[: len(people)]


def test_every_shift_is_as_likely_and_another_project_moves_otherwise():
    people = pl.Series([f"p{number}" for number in range(6_100)])
    one, other = shift_days(people, KEY, 30), shift_days(people, OTHER_KEY, 30)
    counted = one.value_counts()["count"]
    # 61 numbers of days, 100 people each: four standard deviations are 4 * sqrt(100) = 40.
    assert set(one) == set(range(-30, 31))
    assert counted.is_between(60, 140).all()
    # By chance 1 in 61 are moved alike: 100 of 6,100.
    assert 60 < (one == other).sum() < 140
    assert abs(mean((one * other).to_list())) < 20  # of a variance of 310: no correlation


def test_times_are_moved_by_whole_days():
    (made,) = treated([datetime(2020, 2, 28, 13, 5)], named.SHIFTED)  # noqa: DTZ001
    assert (made.hour, made.minute) == (13, 5)


def test_a_key_that_is_too_short_moves_nothing():
    with pytest.raises(UnusableRequestError, match="at least 16 bytes, not 5"):
        treated([date(2020, 1, 1)], named.SHIFTED, key=b"short")


# Rare categories ----------------------------------------------------------------------------------
def grouped(counts, people=3):
    values = [value for value, count in counts.items() for _ in range(count)]
    made = treated(values, Treatment(method=Method.RARE_GROUPED, people=people), dtype=pl.String)
    return dict(made.drop_nulls().value_counts().iter_rows())


@pytest.mark.parametrize(
    ("counts", "wanted"),
    [
        ({"a": 5, "b": 3}, {"a": 5, "b": 3}),
        ({"a": 5, "b": 2, "c": 1}, {"a": 5, OTHER: 3}),
        # One rare value alone: the next rarest joins, or the rare one could be told.
        ({"a": 5, "b": 4, "c": 1}, {"a": 5, OTHER: 5}),
        ({"a": 4, "b": 4, "c": 1}, {"b": 4, OTHER: 5}),
        ({"a": 5, "c": 1}, {OTHER: 6}),
        # Fewer than three people in all: nothing can stay.
        ({"a": 1, "b": 1}, {}),
        # Grouped before: the newly rare joins.
        ({"a": 5, OTHER: 3, "c": 1}, {"a": 5, OTHER: 4}),
    ],
)
def test_rare_values_are_grouped(counts, wanted):
    assert grouped(counts) == wanted


def test_people_are_counted_and_not_rows():
    made = treated(["a"] * 9 + ["b"] * 3, Treatment(method=Method.RARE_GROUPED, people=3),
                   people=["one"] * 9 + ["one", "two", "three"])  # fmt: skip
    assert set(made) == {OTHER}


@settings(max_examples=150, deadline=None)
@given(
    rows=st.lists(st.tuples(st.integers(0, 12), st.sampled_from([*"abcdefg", OTHER, None]))),
    k=st.integers(2, 8),
)
def test_no_value_of_fewer_than_k_people_is_left_and_grouping_again_changes_nothing(rows, k):
    people = [f"p{person}" for person, _ in rows]
    treatment = Treatment(method=Method.RARE_GROUPED, people=k)
    made = treated([value for _, value in rows], treatment, people=people, dtype=pl.String)
    left = pl.DataFrame({"id": people, "x": made}, schema={"id": pl.String, "x": pl.String})
    each = left.drop_nulls("x").group_by("x").agg(pl.col("id").n_unique())
    assert (each["id"] >= k).all()
    assert treated(made, treatment, people=people, dtype=pl.String).equals(made)
    before = {v for _, v in rows if v is not None}
    assert set(made.drop_nulls()) <= before | {OTHER}


# Coarser again changes nothing --------------------------------------------------------------------
@pytest.mark.parametrize(
    ("treatment", "values"),
    [
        (named.TO_MONTH, dates),
        (named.TOP_CODED, st.integers(0, 130)),
        (named.TO_AREA, st.sampled_from(["SE5 9NR", "W1A0AX", "M1 1AA", "nowhere"])),
        (named.ICD10_CATEGORY, st.from_regex(r"[A-Z]\d\d(\.\d)?", fullmatch=True)),
        (named.WITHHELD, st.text()),
        (named.AS_IS, st.text()),
    ],
)
def test_treating_again_changes_nothing(treatment, values):
    @settings(deadline=None)
    @given(st.lists(values, min_size=1, max_size=8))
    def again(some):
        once = treated(some, treatment)
        assert treated(once.to_list(), treatment, dtype=once.dtype).equals(once)

    again()


@settings(deadline=None)
@given(st.lists(st.integers(0, 130), min_size=1), st.integers(1, 30), st.integers(1, 90))
def test_a_band_says_only_where_an_age_lies(ages, years, oldest):
    treatment = Treatment(method=Method.AGE_BANDS, years=years, oldest=oldest)
    for age, band in zip(ages, treated(ages, treatment), strict=True):
        if age >= oldest:
            assert band == f"{oldest} and over"
        else:
            first, _, last = band.partition(" to ")
            assert int(first) <= age <= int(last or first) < oldest
            assert int(last or first) - int(first) < years
