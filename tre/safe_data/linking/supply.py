"""What the supplier sends: identifiers of the covered who did not object, and nothing clinical."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from tre.safe_data.files import read_table
from tre.safe_data.identifiers import CRIS_FILE, read_identifiers
from tre.safe_data.linkages.linkage import Linkage
from tre.safe_data.opt_outs import objecting_patients

ADULT_AGE = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """What leaves. covered, opted_out: people. identifiers: one row a person who is sent."""

    covered: int
    opted_out: int
    identifiers: pl.DataFrame


def covered_patients(slam: Path, linkage: Linkage) -> pl.DataFrame:
    """The pseudonyms of everybody whom the linkage covers, objections not yet considered."""
    patients = read_table(slam / "cris_patients.parquet", (linkage.pseudonym, "first_referral_age"))
    children = patients.filter(pl.col("first_referral_age") < ADULT_AGE)
    return children.select(linkage.pseudonym).sort(linkage.pseudonym)


def free_to_send(slam: Path, linkage: Linkage, on: date) -> pl.DataFrame:
    """The pseudonyms of the covered who do not object on this day."""
    objecting = objecting_patients(slam, linkage, on)
    return covered_patients(slam, linkage).join(
        objecting, on=linkage.pseudonym, how="anti", maintain_order="left"
    )


def prepare(slam: Path, linkage: Linkage, on: date) -> Supply:
    """Choose whose identifiers leave on this day, and which columns: those of the description.

    Raises UnusableRequestError for a register file that is missing, empty or lacks a column.
    """
    covered, kept = covered_patients(slam, linkage), free_to_send(slam, linkage, on)
    identifiers = read_identifiers(slam / CRIS_FILE, linkage.pseudonym, linkage.identifiers)
    return Supply(
        covered=len(covered),
        opted_out=len(covered) - len(kept),
        identifiers=identifiers.join(kept, on=linkage.pseudonym, how="semi").sort(
            linkage.pseudonym
        ),
    )
