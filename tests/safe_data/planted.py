"""What somebody might do to the parties' folders, and the rule of separation that must notice."""

from collections.abc import Callable
from pathlib import Path

import polars as pl

from tre.safe_data.files import write_table

CRIS, NPD = "slam/cris_identifiers.parquet", "dfe/npd_identifiers.parquet"
PUPILS, LINKS = "srs/npd/1/pupils.parquet", "dfe/links/npd/1.parquet"
NOTES, KEY = "slam/cris_notes.parquet", "cris_pseudonym"


def put(parties: Path, path: str, frame: pl.DataFrame) -> None:
    write_table(frame, parties / path)


def add(parties: Path, path: str, **columns: pl.Series | pl.Expr) -> None:
    """Give a table more columns; a series is repeated or cut to its length."""
    frame = pl.read_parquet(parties / path)
    fitted = {
        name: values.gather([row % len(values) for row in range(len(frame))])
        if isinstance(values, pl.Series)
        else values
        for name, values in columns.items()
    }
    put(parties, path, frame.with_columns(**fitted))


def column(parties: Path, path: str, name: str) -> pl.Series:
    return pl.read_parquet(parties / path)[name]


# A planted violation: what somebody does to the folders, and the rule that must notice.
Plant = Callable[[Path], object]
PLANTED: dict[str, tuple[Plant, str]] = {
    "a column of names in a file in the SRS": (
        lambda p: add(p, PUPILS, last_name=column(p, NPD, "last_name")),
        "results-hold-no-identifiers",
    ),
    "NHS numbers in the SRS under another name": (
        lambda p: add(p, PUPILS, score_2=column(p, CRIS, "nhs_number")),
        "results-hold-no-identifiers",
    ),
    "NHS numbers in the SRS as whole numbers": (
        lambda p: add(p, PUPILS, weight=column(p, CRIS, "nhs_number").cast(pl.Int64)),
        "results-hold-no-identifiers",
    ),
    "postcodes in the SRS under another name, without their spaces": (
        lambda p: add(
            p, PUPILS, area=column(p, NPD, "postcode").str.replace(" ", "").str.to_lowercase()
        ),
        "results-hold-no-identifiers",
    ),
    "first and last names in one column of another name": (
        lambda p: add(
            p,
            PUPILS,
            note=column(p, NPD, "first_name")
            + " "
            + column(p, NPD, "last_name").str.to_uppercase(),
        ),
        "results-hold-no-identifiers",
    ),
    "the patients' dates of birth in the SRS under another name": (
        lambda p: put(
            p,
            PUPILS,
            pl.read_parquet(p / PUPILS).join(
                pl.read_parquet(p / CRIS).select(KEY, seen="date_of_birth"), on=KEY, how="left"
            ),
        ),
        "results-hold-no-identifiers",
    ),
    "the pupil's own key in the SRS": (
        lambda p: add(p, PUPILS, number=column(p, NPD, "pupil")),
        "results-hold-no-identifiers",
    ),
    "a postcode in the record of a run": (
        lambda p: (p / "srs/npd/1/run.json").write_text(
            (p / "srs/npd/1/run.json")
            .read_text()
            .replace('"version"', '"at": "SE5 8CK", "version"')
        ),
        "results-hold-no-identifiers",
    ),
    "an NHS number in the record of a run": (
        lambda p: (p / "srs/npd/1/run.json").write_text(
            (p / "srs/npd/1/run.json")
            .read_text()
            .replace('"version"', '"n": 9434765919, "version"')
        ),
        "results-hold-no-identifiers",
    ),
    "identifiers at the CDLS": (
        lambda p: put(p, "cdls/npd/1/people.parquet", pl.read_parquet(p / CRIS)),
        "results-hold-no-identifiers",
    ),
    "notes at the CDLS, unmasked": (
        lambda p: put(p, "cdls/npd/1/notes.parquet", pl.read_parquet(p / NOTES)),
        "results-hold-no-identifiers",
    ),
    "notes in the SRS from which numbers and postcodes were taken, and not names": (
        lambda p: put(
            p,
            "srs/npd/1/notes.parquet",
            pl.read_parquet(p / NOTES).select(
                KEY, said=pl.col("text").str.replace_all(r"\S*\d\S*", "[number]")
            ),
        ),
        "results-hold-no-identifiers",
    ),
    "an NHS number in one sentence of a register": (
        lambda p: add(
            p,
            "dfe/npd_pupils.parquet",
            said=pl.Series(["no word of anybody", "the number 943 476 5919 was told"]),
        ),
        "identifiers-stand-alone",
    ),
    "names in another text of the trust's than the notes": (
        lambda p: put(p, "slam/cris_letters.parquet", pl.read_parquet(p / NOTES)),
        "identifiers-stand-alone",
    ),
    "a letter left in the post": (
        lambda p: put(p, "dfe/incoming/npd.parquet", pl.read_parquet(p / CRIS)),
        "post-boxes-are-empty",
    ),
    "something left in the post of the SRS": (
        lambda p: put(p, "srs/incoming/study.parquet", pl.read_parquet(p / LINKS)),
        "post-boxes-are-empty",
    ),
    "identifiers beside attributes at their own holder": (
        lambda p: add(p, "dfe/npd_pupils.parquet", contact=column(p, NPD, "last_name")),
        "identifiers-stand-alone",
    ),
    "an attribute in a register's file of identifiers": (
        lambda p: add(p, NPD, score=pl.lit(1.0)),
        "identifiers-stand-alone",
    ),
    "the register's key in the links": (
        lambda p: add(p, LINKS, who=column(p, NPD, "pupil")),
        "holders-keep-no-bridge",
    ),
    "the CRIS pseudonym in the holder's own register, under another name": (
        lambda p: add(p, "dfe/npd_pupils.parquet", ref=column(p, LINKS, KEY)),
        "holders-keep-no-bridge",
    ),
    "identifiers beside the CRIS pseudonym at the holder": (
        lambda p: add(p, LINKS, name=column(p, NPD, "first_name")),
        "holders-keep-no-bridge",
    ),
    "a table of CRIS at the holder": (
        lambda p: put(
            p, "dfe/cris_referrals.parquet", pl.read_parquet(p / "slam/cris_referrals.parquet")
        ),
        "holders-hold-no-clinical-records",
    ),
    "a diagnosis beside the CRIS pseudonym at the holder": (
        lambda p: add(p, LINKS, icd10=pl.lit("F20")),
        "holders-hold-no-clinical-records",
    ),
    "school results at the mental-health trust": (
        lambda p: add(p, "slam/cris_patients.parquet", sessions_missed=pl.lit(3)),
        "the-supplier-holds-no-register",
    ),
    "research pseudonyms at the mental-health trust": (
        lambda p: add(p, "slam/sent/npd.parquet", theirs=column(p, LINKS, "education_id")),
        "the-supplier-holds-no-register",
    ),
    "a register's table at another party": (
        lambda p: put(
            p, "slam/npd_results.parquet", pl.read_parquet(p / "dfe/npd_results.parquet")
        ),
        "a-register-lies-with-its-holder",
    ),
    "a file that nobody knows": (
        lambda p: (p / "dfe" / "notes.txt").write_text("a note"),
        "only-known-files",
    ),
    "a party that nobody knows": (
        lambda p: put(p, "stranger/npd_pupils.parquet", pl.DataFrame({"pupil": ["x"]})),
        "only-known-files",
    ),
    "postcodes in a list": (
        lambda p: add(
            p, PUPILS, notes=pl.concat_list(*map(pl.lit, ("SE5 8CK", "CR0 1CC", "SW9 1CC")))
        ),
        "results-hold-no-identifiers",
    ),
    "another register's table at its holder": (
        lambda p: put(p, "ons/npd_pupils.parquet", pl.DataFrame({"pupil": ["x"]})),
        "a-register-lies-with-its-holder",
    ),
    "a register that cannot be read": (
        lambda p: (p / NPD).write_bytes(b"PAR1 and nothing else"),
        "only-known-files",
    ),
    "CRIS that cannot be read": (
        lambda p: (p / CRIS).write_bytes(b"PAR1 and nothing else"),
        "only-known-files",
    ),
    "links that cannot be read": (
        lambda p: (p / LINKS).write_bytes(b"PAR1 and nothing else"),
        "only-known-files",
    ),
    "a table that cannot be read": (
        lambda p: (p / PUPILS).write_bytes(b"PAR1 and nothing else"),
        "only-known-files",
    ),
}
