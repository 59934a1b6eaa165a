"""How good the latest run was: the only code that holds a linkage against the truth."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from tre.safe_data.covered import covered_patients, free_to_send
from tre.safe_data.files import read_table
from tre.safe_data.holders import research_ids
from tre.safe_data.linkages.linkage import Linkage
from tre.safe_data.linking.matching import NHS_NUMBER
from tre.safe_data.linking.report import LinkageReport, MissedGroup
from tre.safe_data.linking.withdrawal import sent_in
from tre.safe_data.parties import Parties
from tre.safe_data.population.calendar import ages
from tre.safe_data.population.names import GROUPS
from tre.safe_data.registers.truth import truth_file

_AGE_BANDS = ((0, "0 to 6"), (7, "7 to 11"), (12, "12 to 15"), (16, "16 and 17"),
    (18, "18 to 29"), (30, "30 to 49"), (50, "50 to 69"), (70, "70 and over"),
)  # fmt: skip


def charts_of(home: Path, linkage: Linkage) -> dict[str, Any]:
    """Splink's charts of the latest run; none where nothing was scored, or none were kept.

    Raises UnusableRequestError before the first run.
    """
    parties = Parties(home=home)
    version = parties.latest(linkage.id, linkage.place).name
    kept = parties.of(linkage.holder) / "links" / linkage.id / f"{version}.json"
    return json.loads(kept.read_text(encoding="utf-8"))["charts"] if kept.is_file() else {}


def measure(home: Path, linkage: Linkage) -> LinkageReport:
    """Compare the latest run with the truth. Raises UnusableRequestError before the first run."""
    parties = Parties(home=home)
    folder = parties.latest(linkage.id, linkage.place)
    run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    linkage = linkage.during(run.get("period", ""))
    sent = _sent(parties, linkage, run)
    linkable = sent.filter(pl.col("true_id").is_not_null())
    matched = int(sent["matched_id"].is_not_null().sum())
    right = int(sent["right"].sum())
    precision = right / matched if matched else None
    recall = right / len(linkable) if len(linkable) else None
    covered, uncovered = _patients_among_controls(parties, linkage, folder)
    return LinkageReport(
        linkage=linkage.id,
        version=run["version"],
        on=run["on"],
        sent=len(sent),
        matched=matched,
        coverage=_share(len(linkable), len(sent)),
        match_rate=_share(matched, len(sent)),
        precision=precision,
        recall=recall,
        f1=_f1(precision, recall),
        false_matches=matched - right,
        missed_matches=len(linkable) - right,
        patients_among_controls=covered,
        uncovered_among_controls=uncovered,
        by_nhs_number=int((sent["by"] == NHS_NUMBER).sum()),
        missed={name: _missed(linkable, name) for name in _BY},
        period=linkage.agreement,
    )


_BY = ("sex", "ethnic_group", "deprivation", "age")


def _f1(precision: float | None, recall: float | None) -> float | None:
    """Their harmonic mean; none where either is of nobody."""
    if precision is None or recall is None:
        return None
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _sent(parties: Parties, linkage: Linkage, run: dict) -> pl.DataFrame:
    """Everybody who was sent: the record that is theirs, the one named for them, and who it is."""
    key = linkage.pseudonym
    holder = parties.of(linkage.holder)
    links = pl.read_parquet(holder / "links" / linkage.id / f"{run['version']}.parquet")
    return (
        _were_sent(parties, linkage, run)
        .join(_truth(parties, linkage), on=key, how="left")
        .join(_people(parties), on="person", how="left")
        .join(links.select(key, "by", matched_id=linkage.research_id), on=key, how="left")
        .with_columns(right=(pl.col("true_id") == pl.col("matched_id")).fill_null(value=False))
        .sort(key)
    )


def _were_sent(parties: Parties, linkage: Linkage, run: dict) -> pl.DataFrame:
    """The pseudonyms sent in the run; of one that kept no list, whom it would send now."""
    file = sent_in(parties.slam, linkage, run["version"])
    if file.is_file():
        return read_table(file, (linkage.pseudonym,), may_be_empty=True)
    return free_to_send(parties.slam, linkage, date.fromisoformat(run["on"]))


def _truth(parties: Parties, linkage: Linkage) -> pl.DataFrame:
    """pseudonym, person, true_id: the person's own research pseudonym at the holder, or null."""
    patients = read_table(parties.home / truth_file("cris"), ("person", "record"))
    register = read_table(parties.home / truth_file(linkage.id), ("person", "record"))
    ids = research_ids(register["record"], parties.of(linkage.holder), linkage)
    return patients.rename({"record": linkage.pseudonym}).join(
        register.select("person", ids.alias("true_id")), on="person", how="left"
    )


def _people(parties: Parties) -> pl.DataFrame:
    """Who the people are: sex, ethnic_group, deprivation, age, one row a person."""
    columns = ("person", "is_female", "ethnic_group", "imd_decile", "date_of_birth", "referral_day")
    people = read_table(parties.home / "simulator" / "people.parquet", columns)
    born = people["date_of_birth"].to_physical().to_numpy()
    age = ages(born, np.maximum(people["referral_day"].fill_null(0).to_numpy(), born))
    quintile = (people["imd_decile"] + 1) // 2
    return people.select(
        "person",
        pl.when("is_female").then(pl.lit("Female")).otherwise(pl.lit("Male")).alias("sex"),
        pl.Series("ethnic_group", np.array(GROUPS)[people["ethnic_group"].to_numpy()]),
        pl.concat_str(pl.lit("Fifth "), quintile, pl.lit(" of 5, 1 most deprived")).alias(
            "deprivation"
        ),
        pl.Series("age", _bands(age)),
    )


def _bands(age: np.ndarray) -> np.ndarray:
    starts = np.array([start for start, _ in _AGE_BANDS])
    return np.array([name for _, name in _AGE_BANDS])[np.searchsorted(starts, age, "right") - 1]


def _missed(linkable: pl.DataFrame, by: str) -> tuple[MissedGroup, ...]:
    order = [name for _, name in _AGE_BANDS] if by == "age" else linkable[by].unique().sort()
    counted = (
        linkable.group_by(by)
        .agg(n=pl.len(), right=pl.col("right").sum())
        .sort(pl.col(by).cast(pl.Enum(order)))
    )
    return tuple(
        MissedGroup(value=value, linkable=n, missed=n - right, rate=_share(n - right, n))
        for value, n, right in counted.iter_rows()
    )


def _patients_among_controls(parties: Parties, linkage: Linkage, folder: Path) -> tuple[int, int]:
    """Patients whose own record came as a control's: covered (missed, or matched wrongly); others.

    The others are not covered: nothing of them was sent, and the holder cannot know them.
    """
    columns = (linkage.research_id, linkage.pseudonym)
    people = read_table(folder / f"{linkage.people.name}.parquet", columns, may_be_empty=True)
    controls = people.filter(pl.col(linkage.pseudonym).is_null())
    found = _truth(parties, linkage).join(
        controls, left_on="true_id", right_on=linkage.research_id, how="semi"
    )
    covered = found.join(covered_patients(parties.slam, linkage), on=linkage.pseudonym, how="semi")
    return len(covered), len(found) - len(covered)
