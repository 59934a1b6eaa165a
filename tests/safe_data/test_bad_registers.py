"""A register that is not as its description says is refused in words, and nothing is half-done."""

import shutil
from datetime import date

import polars as pl
import pytest

from tests.safe_data.conftest import LINKED_ON
from tre.decision import UnusableRequestError
from tre.safe_data import world
from tre.safe_data.checking import check_table
from tre.safe_data.linkages import linkage, linkages
from tre.safe_data.linking.supply import prepare


@pytest.fixture
def parties(small_world, tmp_path):
    """A copy of the registers that a test may spoil."""
    copy = tmp_path / "parties"
    for party in ("slam", "nhs-digital", "simulator"):
        shutil.copytree(small_world.parties / party, copy / party)
    return copy


def refused(parties, match):
    """Before anything leaves, and not after."""
    with pytest.raises(UnusableRequestError, match=match):
        world.link(parties, "hes", on=LINKED_ON, seed=1)
    assert not list(parties.glob("*/incoming/*"))
    assert not list((parties / "cdls").glob("hes/*"))
    assert not list(parties.glob("nhs-digital/links/hes/*"))


def spoil(file, change):
    change(pl.read_parquet(file)).write_parquet(file)


@pytest.mark.parametrize(
    ("file", "change", "match"),
    [
        ("hes_identifiers", lambda f: f.drop("nhs_number"), "lacks the column nhs_number"),
        ("hes_identifiers", lambda f: f.clear(), "has no rows"),
        ("hes_identifiers", lambda f: pl.concat([f, f[:1]]), "must name every record once"),
        ("hes_people", lambda f: f.drop("borough"), "lacks the column borough"),
        ("hes_people", lambda f: pl.concat([f, f]), "record must name every person once"),
        ("hes_people", lambda f: f.clear(), "has no rows"),
        (
            "hes_people",
            lambda f: f.with_columns(sex=pl.lit("9")),
            "sex has the unknown code '9'; known are Female, Male",
        ),
        (
            "hes_people",
            lambda f: f.with_columns(pl.col("birth_year").cast(pl.String)),
            "birth_year must be of type integer, not String",
        ),
        ("hes_admissions", lambda f: f.drop("admitted"), "lacks the column admitted"),
        (
            "hes_admissions",
            lambda f: f.with_columns(pl.col("admitted").cast(pl.String)),
            "admitted must be of type date, not String",
        ),
        (
            "hes_admissions",
            lambda f: f.with_columns(admitted=pl.lit(date(2999, 1, 1))),
            "admitted has .* days before 1880-01-01 or after 2026-01-05, such as 2999-01-01",
        ),
        (
            "hes_admissions",
            lambda f: f.with_columns(record=pl.lit(None, dtype=pl.String)),
            "rows have no record; every row must be somebody's",
        ),
        (
            "hes_identifiers",
            lambda f: f.with_columns(date_of_birth=pl.lit(date(2090, 1, 1))),
            "hes_identifiers.parquet: date_of_birth has .* days .* such as 2090-01-01",
        ),
        (
            "hes_identifiers",
            lambda f: f[:100],
            "hes_people.parquet and hes_identifiers.parquet must be about the same people",
        ),
        ("hes_identifiers", lambda f: f.with_columns(record="Z" + pl.col("record")), "same people"),
        ("hes_people", lambda f: f[:100], "rows record names somebody who is not among"),
        (
            "hes_admissions",
            lambda f: f.with_columns(record=pl.lit("ZZZ")),
            "hes_admissions.parquet: in .* names somebody who is not among .*, such as 'ZZZ'",
        ),
        (
            "hes_admissions",
            lambda f: f.with_columns(record=pl.int_range(pl.len())),
            "hes_admissions.parquet: record must be of type String, as in the table of people",
        ),
        (
            "hes_identifiers",
            lambda f: f.with_columns(record=pl.int_range(pl.len())),
            "hes_identifiers.parquet: record must be of type String, as in the table of people",
        ),
        (
            "hes_admissions",
            lambda f: f.with_columns(discharged=pl.lit(date(1990, 1, 1))),
            "discharged lies before admitted in .* rows, such as 1990-01-01 before 20",
        ),
        (
            "hes_admissions",
            lambda f: pl.concat([f, f]),
            r"hes_admissions.parquet: [\d,]+ of [\d,]+ rows repeat another row",
        ),
        (
            "hes_objections",
            lambda f: f.with_columns(record=pl.lit("ZZZ")),
            "hes_objections.parquet: in .* names somebody who is not among the people",
        ),
        (
            "hes_objections",
            lambda f: f.with_columns(since=pl.lit(None, dtype=pl.Date)),
            "objections do not say whose they are or since when",
        ),
    ],
)
def test_a_file_that_is_not_as_described_is_refused(parties, file, change, match):
    spoil(parties / "nhs-digital" / f"{file}.parquet", change)
    refused(parties, match)


@pytest.mark.parametrize(
    ("file", "change", "match"),
    [
        ("patients", lambda f: pl.concat([f, f[:3]]), "must name every person once"),
        (
            "patients",
            lambda f: f.with_columns(sex=pl.lit("female")),
            "cris_patients.parquet: sex has the unknown code 'female'; known are Female, Male",
        ),
        (
            "patients",
            lambda f: f.with_columns(gp_borough=pl.lit("Lambert")),
            "gp_borough has the unknown code 'Lambert'",
        ),
        (
            "patients",
            lambda f: f.with_columns(pl.col("first_referral_age").cast(pl.String)),
            "first_referral_age must be of type integer, not String",
        ),
        (
            "patients",
            lambda f: f.with_columns(birth_month=pl.lit(date(2090, 1, 1))),
            "birth_month has .* days before 1880-01-01 or after 2026-01-05",
        ),
        ("identifiers", lambda f: f[:100], "cris_patients.parquet and cris_identifiers.parquet"),
        (
            "identifiers",
            lambda f: f.with_columns(date_of_birth=pl.lit(date(1790, 1, 1))),
            "cris_identifiers.parquet: date_of_birth has .* such as 1790-01-01",
        ),
    ],
)
def test_what_slam_holds_is_looked_at_before_anything_leaves(parties, file, change, match):
    spoil(parties / "slam" / f"cris_{file}.parquet", change)
    refused(parties, match)


def test_where_everybody_objects_it_is_said_that_nothing_is_sent(parties):
    everybody = pl.read_parquet(parties / "slam" / "cris_patients.parquet")["cris_pseudonym"]
    spoil(
        parties / "slam" / "cris_opt_outs.parquet",
        lambda _: pl.DataFrame(
            {"cris_pseudonym": everybody, "scope": "all", "since": date(2020, 1, 1)}
        ),
    )
    refused(parties, "everybody objects who is covered by hes .*: nothing is sent")


def test_where_nobody_is_covered_it_is_said_that_nothing_is_sent(parties):
    """Refused by the supplier itself: whom to link is its own question."""
    spoil(parties / "slam" / "cris_patients.parquet", lambda f: f.with_columns(sex=pl.lit("Male")))
    with pytest.raises(UnusableRequestError, match=r"nobody in CRIS .* cafcass .*: nothing"):
        prepare(parties / "slam", linkage("cafcass"), LINKED_ON)


def test_two_attendances_on_one_day_may_be_alike_where_the_description_says_so(parties):
    file = parties / "nhs-digital" / "hes_emergency_attendances.parquet"
    spoil(file, lambda f: pl.concat([f, f[:2]]))
    assert world.link(parties, "hes", on=LINKED_ON, seed=1).version == "1"


def test_rows_that_stand_there_twice_are_refused_where_the_description_does_not_allow_it():
    (table,) = (one for one in linkage("cafcass").tables if one.name == "proceedings")
    row = {
        "record": "C1",
        "kind": "Care and supervision",
        "applied": date(2020, 1, 1),
        "closed": None,
        "weeks": None,
        "outcome": None,
        "age_of_youngest": 3,
    }
    kinds = next(one for one in table.variables if one.name == "kind").codes
    rows = [row | {"kind": kinds[0]}] * 2 + [row | {"kind": kinds[1]}]
    frame = pl.DataFrame(rows, schema_overrides={"closed": pl.Date})
    check_table(frame[1:], table, "proceedings", LINKED_ON)
    with pytest.raises(UnusableRequestError, match="1 of 3 rows repeat another row in everything"):
        check_table(frame, table, "proceedings", LINKED_ON)


@pytest.mark.parametrize("described", linkages(), ids=lambda one: one.id)
def test_days_in_order_are_days_of_the_table(described):
    for table in described.holdings:
        days = {one.name for one in table.variables if one.type == "date"}
        assert {day for pair in table.in_order for day in pair} <= days
        assert set(table.near_birth) <= days
        assert len(days) < 2 or table.in_order


def test_an_objection_that_nobody_understands_stops_everything(parties):
    spoil(
        parties / "slam" / "cris_opt_outs.parquet",
        lambda f: f.with_columns(scope=pl.lit("hospitals")),
    )
    refused(parties, "nobody can tell what an objection to 'hospitals' is about")


def test_a_register_that_is_mended_is_linked_at_the_next_try(parties):
    file = parties / "nhs-digital" / "hes_people.parquet"
    before = file.read_bytes()
    spoil(file, lambda f: f.with_columns(sex=pl.lit("?")))
    refused(parties, "unknown code")
    file.write_bytes(before)
    assert world.link(parties, "hes", on=LINKED_ON, seed=1).version == "1"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (("C000000000", "all", LINKED_ON), "objects and is no patient"),
        ((None, "all", LINKED_ON), "do not say whose they are or since when"),
        (("known", "all", None), "do not say whose they are or since when"),
        (("known", "everything", LINKED_ON), "nobody can tell what an objection"),
        (("known", None, LINKED_ON), "nobody can tell what an objection"),
    ],
)
def test_an_objection_that_cannot_be_honoured_stops_everything(parties, row, message):
    file = parties / "slam" / "cris_opt_outs.parquet"
    before = pl.read_parquet(file)
    who = before["cris_pseudonym"][0] if row[0] == "known" else row[0]
    more = pl.DataFrame([(who, *row[1:])], schema=before.schema, orient="row")
    pl.concat([before, more]).write_parquet(file)
    refused(parties, message)
