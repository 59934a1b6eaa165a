"""Filling a register from its description: who is in it, and how they are written down."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl

from tre.safe_data.chance import stream
from tre.safe_data.files import write_table
from tre.safe_data.holders import key_file, table_file
from tre.safe_data.identifiers import identifiers_file, write_identifiers
from tre.safe_data.linkages.linkage import Linkage, RegisterTable
from tre.safe_data.opt_outs import EVERYTHING, objections_file
from tre.safe_data.parties import Parties
from tre.safe_data.population.calendar import FIRST_DAY, LAST_DAY, day
from tre.safe_data.population.population import Population
from tre.safe_data.records.errors import Recorded, misrecord
from tre.safe_data.records.register import ROW, Register
from tre.safe_data.records.twins import twin_names
from tre.safe_data.registers.truth import RegisterTruth, keys, write_truth

_YEAR = 365


def fill(population: Population, linkage: Linkage, cris: RegisterTruth, home: Path) -> int:
    """Simulate a register and write it into its holder's folder; how many people are in it.

    Identifiers are apart from what the register holds about people. The holder also gets a key
    for its research pseudonyms, and the objections that people gave it.
    """
    register = linkage.simulate(population)
    holder = Parties(home=home).of(linkage.holder)
    rng = stream(population.seed, f"register {linkage.id}")
    records = keys(rng, linkage.id[:1].upper(), len(register.people))
    identifiers = _identifiers(rng, population, linkage, register)
    named = identifiers.with_columns(records.alias(linkage.record)).sort(linkage.record)
    write_identifiers(
        named.select(linkage.record, *identifiers.columns), holder / identifiers_file(linkage.id)
    )
    for table in linkage.holdings:
        frame = _table(register.tables[table.name], table, records)
        write_table(frame, holder / table_file(linkage, table))
    truth = RegisterTruth(people=register.people, records=records)
    _write_objections(population, linkage, (truth, cris), home)
    write_truth(truth, linkage.id, home)
    _give_key(population.seed, linkage, key_file(holder, linkage))
    return len(records)


def _identifiers(
    rng: np.random.Generator, population: Population, linkage: Linkage, register: Register
) -> pl.DataFrame:
    """As the register last saw them, unless the address was not renewed since."""
    people, errors = register.people, linkage.errors
    old = rng.random(len(people)) < errors.old_address
    seen = np.clip(register.seen, FIRST_DAY, LAST_DAY)
    earlier = np.maximum(seen - rng.integers(_YEAR, 8 * _YEAR, len(people)), FIRST_DAY)
    where = population.addresses.on(people, np.where(old, earlier, seen))
    true = Recorded(
        first_name=twin_names(rng, population, people, errors.twin),
        last_name=population.last_name[people],
        born=population.families.born[people],
        postcode=population.directory.postcode[where],
        nhs_number=population.nhs_number[people],
    )
    others = population.last_name[rng.integers(0, population.people, len(people))]
    prone = linkage.prone(population, people) if linkage.prone else np.ones(len(people))
    noted = misrecord(rng, errors, true, others, prone)
    held = replace(noted, born=_asked_again(noted.born, true.born)).table()
    wanted = [
        name for name in held.columns if name != "nhs_number" or "nhs_number" in linkage.identifiers
    ]
    return held.select(wanted).with_columns(
        values.alias(name) for name, values in register.numbers.items()
    )


def _asked_again(noted: np.ndarray, true: np.ndarray) -> np.ndarray:
    """Days of birth: no register takes one that is still to come, but asks for it again."""
    return np.where(noted > LAST_DAY, true, noted)


def _table(frame: pl.DataFrame, table: RegisterTable, records: pl.Series) -> pl.DataFrame:
    """Rows of people replaced by the register's keys; sorted by them."""
    first, *others = table.about
    named = frame.with_columns(records.gather(frame[ROW]).alias(first))
    for column in others:
        named = named.with_columns(records.gather(frame[column].cast(pl.Int64)).alias(column))
    ordered = named.select(table.columns())
    return ordered.sort(ordered.columns[: min(3, ordered.width)])


def _write_objections(
    population: Population,
    linkage: Linkage,
    truths: tuple[RegisterTruth, RegisterTruth],
    home: Path,
) -> None:
    """Write the objections that the holder itself was given.

    A patient who objects to the linkage, to all, or to being in CRIS, sends the form to every
    holder concerned: the holder hears it from the person, not from SLaM, and as one among others
    who object for reasons of their own, so that being on the list says nothing about having been a
    patient. Without this the holder could not know whom to leave out of the controls.
    """
    register, cris = truths
    rng = stream(population.seed, f"objections {linkage.id}")
    key = linkage.record
    opt_outs = pl.read_parquet(home / "slam" / "cris_opt_outs.parquet")
    patients = pl.DataFrame({"person": cris.people, linkage.pseudonym: cris.records})
    theirs = (
        opt_outs.filter(pl.col("scope").is_in([*EVERYTHING, linkage.id]))
        .join(patients, on=linkage.pseudonym)
        .join(pl.DataFrame({"person": register.people, key: register.records}), on="person")
        .select(key, "since")
    )
    rows = np.flatnonzero(rng.random(len(register.people)) < linkage.objects)
    since = day(2018) + rng.integers(0, 7 * _YEAR, len(rows))
    others = pl.DataFrame(
        {key: register.records.gather(rows), "since": pl.Series(since).cast(pl.Int32).cast(pl.Date)}
    )
    both = pl.concat([theirs, others]).group_by(key).agg(pl.col("since").min()).sort(key)
    holder = Parties(home=home).of(linkage.holder)
    write_table(both, holder / objections_file(linkage))


def _give_key(seed: int, linkage: Linkage, file: Path) -> None:
    """The holder's key for its research pseudonyms, which nobody else may read."""
    file.parent.mkdir(mode=0o700, exist_ok=True)
    key = stream(seed, f"key of {linkage.holder} for {linkage.id}").bytes(32)
    file.write_text(key.hex() + "\n", encoding="ascii")
    file.chmod(0o600)
