"""School records without identifiers: what the DfE brings into the SRS, and nothing else of it."""

from datetime import date
from pathlib import Path

import polars as pl

from tre.safe_data.files import read_table
from tre.safe_data.opt_outs import objecting_pupils
from tre.safe_data.population.places import BOROUGHS
from tre.safe_data.pseudonyms import keyed, read_key

KEY_FILE = "keys/education_id.key"
PURPOSE = "education_id"
_PUPIL = (
    "pupil", "sex", "birth_year", "ethnic_group", "borough", "school_borough", "imd_decile",
)  # fmt: skip
_SCHOOL_YEAR = (
    "pupil", "school_year", "year_group", "sessions_possible", "sessions_missed",
    "sessions_unauthorised", "suspensions", "free_school_meals", "sen_provision",
)  # fmt: skip
_RESULT = ("pupil", "key_stage", "school_year", "measure", "score")


def education_ids(pupils: pl.Series, dfe: Path) -> pl.Series:
    """The DfE's research pseudonym of each pupil; only the DfE holds the key."""
    return keyed(pupils, read_key(dfe / KEY_FILE), PURPOSE).rename("education_id")


def deidentified(
    dfe: Path, links: pl.DataFrame, on: date, withdrawn: pl.Series
) -> dict[str, pl.DataFrame]:
    """The education records of linked patients and of controls, by table.

    links: cris_pseudonym, pupil. withdrawn: the education_id of pupils who were linked before and
    must be in nothing, neither as patients nor as controls. Controls are pupils at school and
    living in the four boroughs for whom no patient was named. Pupils who object to research are
    left out, patients or not.
    Returns pupils (education_id, cris_pseudonym, null for controls, and what describes them),
    school_years and results, each sorted by education_id, which says nothing about the person.
    """
    pupils = read_table(dfe / "npd_pupils.parquet", _PUPIL)
    near = pl.col("borough").is_in(BOROUGHS) & pl.col("school_borough").is_in(BOROUGHS)
    chosen = (
        pupils.join(objecting_pupils(dfe, on), on="pupil", how="anti")
        .join(links.select("pupil", "cris_pseudonym"), on="pupil", how="left")
        .filter(near | pl.col("cris_pseudonym").is_not_null())
    )
    chosen = chosen.with_columns(education_ids(chosen["pupil"], dfe)).filter(
        ~pl.col("education_id").is_in(withdrawn.implode())
    )
    names = chosen.select("pupil", "education_id")
    described = chosen.select("education_id", "cris_pseudonym", *_PUPIL[1:])
    return {
        "pupils": described.sort("education_id"),
        "school_years": _of(read_table(dfe / "npd_school_years.parquet", _SCHOOL_YEAR), names),
        "results": _of(read_table(dfe / "npd_results.parquet", _RESULT), names),
    }


def withdrawn(dfe: Path, on: date) -> pl.Series:
    """The research pseudonyms of pupils who object by this day: the SRS must drop them."""
    return education_ids(objecting_pupils(dfe, on)["pupil"], dfe).sort()


def _of(frame: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """The rows of the chosen pupils, the pupil replaced by the research pseudonym."""
    order = ["education_id", frame.columns[1], frame.columns[2]]
    return frame.join(names, on="pupil").select("education_id", *frame.columns[1:]).sort(order)
