"""What the supplier sends: identifiers of the covered who did not object, and nothing clinical."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from tre.decision import UnusableRequestError
from tre.safe_data.checking import check_days, check_same
from tre.safe_data.covered import checked_patients, covered_patients, free_to_send
from tre.safe_data.identifiers import CRIS_FILE, read_identifiers
from tre.safe_data.linkages.linkage import Linkage


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """What leaves. covered, opted_out: people. identifiers: one row a person who is sent."""

    covered: int
    opted_out: int
    identifiers: pl.DataFrame


def prepare(slam: Path, linkage: Linkage, on: date) -> Supply:
    """Choose whose identifiers leave on this day, and which columns: those of the description.

    Raises UnusableRequestError for a register file that is not as it must be, and where nobody is
    left to send.
    """
    patients = checked_patients(slam, on)
    identifiers = read_identifiers(slam / CRIS_FILE, linkage.pseudonym, linkage.identifiers)
    check_days(identifiers["date_of_birth"], CRIS_FILE, on)
    known = identifiers[linkage.pseudonym]
    check_same(known, CRIS_FILE, patients, "cris_patients.parquet")
    covered, kept = covered_patients(slam, linkage), free_to_send(slam, linkage, on)
    if kept.is_empty():
        who = "everybody objects who" if len(covered) else "nobody in CRIS"
        message = f"{who} is covered by {linkage.id} ({linkage.covered.text}): nothing is sent"
        raise UnusableRequestError(message)
    return Supply(
        covered=len(covered),
        opted_out=len(covered) - len(kept),
        identifiers=identifiers.join(kept, on=linkage.pseudonym, how="semi").sort(
            linkage.pseudonym
        ),
    )
