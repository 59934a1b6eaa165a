"""Violations that no name of a column gives away, and columns that no description has."""

import base64
import json
from collections.abc import Callable
from pathlib import Path

import polars as pl

from tests.safe_data.planted import CRIS, KEY, LINKS, NPD, PUPILS, Plant, add, column, put

_RESULTS, _UNDESCRIBED = "results-hold-no-identifiers", "tables-hold-described-columns-alone"


def disguise(make: Callable[[Path], pl.Series], path: str = PUPILS, name: str = "borough") -> Plant:
    """Put other values into a described column."""
    return lambda parties: add(parties, path, **{name: make(parties)})


def births(parties: Path, path: str, **columns: pl.Expr) -> None:
    """Give the patients of a table something that is made of their dates of birth."""
    born = pl.read_parquet(parties / CRIS).select(KEY, "date_of_birth")
    frame = pl.read_parquet(parties / path)
    both = frame.join(born, on=KEY, how="left").with_columns(**columns)
    put(parties, path, both.select(frame.columns))


def numbers(parties: Path) -> pl.Series:
    return column(parties, CRIS, "nhs_number")


def last(parties: Path) -> pl.Series:
    return column(parties, NPD, "last_name")


def named(parties: Path, rows: int) -> pl.DataFrame:
    people = pl.read_parquet(parties / NPD)
    return people.select("first_name", "last_name", "date_of_birth").head(rows)


def write(parties: Path, path: str, text: str) -> None:
    (parties / path).write_text(text)


def tell(parties: Path, said: str) -> None:
    """Add a sentence to the record of a run."""
    file = parties / "srs/npd/1/run.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"note": said}))


def with_metadata(parties: Path, path: str, said: str) -> None:
    pl.read_parquet(parties / path).write_parquet(parties / path, metadata={"note": said})


def bridge(parties: Path) -> str:
    truth = pl.read_parquet(parties / "simulator/truth/npd.parquet")
    cris = pl.read_parquet(parties / "simulator/truth/cris.parquet")
    both = truth.join(cris.select("person", cris="record"), on="person")
    return both.select("cris", "record").write_csv()


BORN = pl.col("date_of_birth")
DISGUISED: dict[str, tuple[Plant, str]] = {
    "names as categories": (disguise(lambda p: last(p).cast(pl.Categorical)), _RESULTS),
    "names as an enumeration": (
        disguise(lambda p: last(p).cast(pl.Enum(last(p).unique().drop_nulls()))),
        _RESULTS,
    ),
    "names as bytes": (disguise(lambda p: last(p).cast(pl.Binary)), _RESULTS),
    "names in a struct": (
        disguise(lambda p: named(p, 900).select("first_name", "last_name").to_struct()),
        _RESULTS,
    ),
    "names in lists of structs": (
        disguise(lambda p: named(p, 900).select(pl.struct("last_name").implode()).to_series()),
        _RESULTS,
    ),
    "names with a title": (disguise(lambda p: "Dr " + last(p)), _RESULTS),
    "NHS numbers behind a prefix": (disguise(lambda p: "ref:" + numbers(p)), _RESULTS),
    "NHS numbers in a third of the rows": (
        disguise(
            lambda p: (
                numbers(p)
                .to_frame()
                .select(
                    pl.when(pl.int_range(pl.len()) % 3 == 0)
                    .then("nhs_number")
                    .otherwise(pl.int_range(pl.len()).cast(pl.String))
                )
                .to_series()
            )
        ),
        _RESULTS,
    ),
    "postcodes behind a prefix, in few rows": (
        disguise(
            lambda p: pl.Series(
                ["at:" + code for code in column(p, NPD, "postcode").head(20)]
                + [f"area {n}" for n in range(500)]
            )
        ),
        _RESULTS,
    ),
    "dates of birth as text": (
        lambda p: births(p, PUPILS, borough=BORN.dt.strftime("%d/%m/%Y")),
        _RESULTS,
    ),
    "dates of birth as numbers of days": (
        lambda p: births(p, PUPILS, birth_year=BORN.dt.epoch("d")),
        _RESULTS,
    ),
    "dates of birth as numbers of eight digits": (
        lambda p: births(p, PUPILS, birth_year=BORN.dt.strftime("%Y%m%d").cast(pl.Int64)),
        _RESULTS,
    ),
    "names beside the data of a file": (
        lambda p: with_metadata(p, PUPILS, json.dumps(named(p, 9).rows(), default=str)),
        _RESULTS,
    ),
    "a table of people under the name of a model": (
        lambda p: write(p, "dfe/links/npd/1.json", named(p, 90).write_csv()),
        "identifiers-stand-alone",
    ),
    "last names alone under the name of a model": (
        lambda p: write(p, "dfe/links/npd/1.json", json.dumps(last(p).to_list())),
        "identifiers-stand-alone",
    ),
    "something else than JSON under the name of a model": (
        lambda p: write(p, "dfe/links/npd/1.json", "a,b"),
        "only-known-files",
    ),
    "the bridge under the name of a model": (
        lambda p: write(p, "dfe/links/npd/1.json", bridge(p)),
        "holders-keep-no-bridge",
    ),
    "people in the record of a run": (
        lambda p: tell(p, json.dumps(named(p, 9).to_dicts(), default=str)),
        _RESULTS,
    ),
    "people in the record of a run, in base 64": (
        lambda p: tell(p, base64.b64encode(named(p, 90).write_csv().encode()).decode()),
        _RESULTS,
    ),
    "codes of disorders in the holder's own table": (
        lambda p: add(p, "dfe/npd_pupils.parquet", borough=pl.lit("F20.0")),
        "holders-hold-no-clinical-records",
    ),
    "codes of disorders in the links": (
        lambda p: add(p, LINKS, by=column(p, "slam/cris_diagnoses.parquet", "icd10")),
        "holders-hold-no-clinical-records",
    ),
    "a column that no description has, at the holder": (
        lambda p: add(p, "dfe/npd_pupils.parquet", code=pl.lit("x")),
        _UNDESCRIBED,
    ),
    "a column that no description has, in the links": (
        lambda p: add(p, LINKS, code=pl.lit("x")),
        _UNDESCRIBED,
    ),
    "a column that no description has, among the identifiers": (
        lambda p: add(p, NPD, phone_number=pl.lit("x")),
        _UNDESCRIBED,
    ),
    "a column that no description has, at the mental-health trust": (
        lambda p: add(p, "slam/cris_patients.parquet", ks4=pl.lit(50.0)),
        _UNDESCRIBED,
    ),
    "a column that no description has, beside those who were sent": (
        lambda p: add(p, "slam/sent/npd.parquet", k=pl.lit("x")),
        _UNDESCRIBED,
    ),
    "a column that no description has, in the SRS": (
        lambda p: add(p, PUPILS, k=pl.lit("x")),
        _UNDESCRIBED,
    ),
    "a table that no description has": (
        lambda p: put(p, "dfe/npd_flags.parquet", pl.DataFrame({"is_open": [True, False]})),
        _UNDESCRIBED,
    ),
}
