"""A register that is not as its description says is refused in words, and nothing is half-done."""

import shutil
from datetime import date

import polars as pl
import pytest

from tests.safe_data.conftest import LINKED_ON
from tre.decision import UnusableRequestError
from tre.safe_data import world


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
    ],
)
def test_a_file_that_is_not_as_described_is_refused(parties, file, change, match):
    spoil(parties / "nhs-digital" / f"{file}.parquet", change)
    refused(parties, match)


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
