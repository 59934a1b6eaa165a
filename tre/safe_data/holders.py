"""Records without identifiers: what a register's holder gives after linking, and nothing else."""

from collections.abc import Generator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from tre.safe_data.files import read_table
from tre.safe_data.linkages.linkage import Linkage, RegisterTable
from tre.safe_data.opt_outs import objecting_records
from tre.safe_data.pseudonyms import keyed, read_key


def key_file(holder: Path, linkage: Linkage) -> Path:
    """Where the holder keeps the key of its research pseudonyms; nobody else may read it."""
    return holder / "keys" / f"{linkage.id}.key"


def table_file(linkage: Linkage, table: RegisterTable) -> str:
    """The name of a table's file in the holder's folder."""
    prefix = f"{linkage.id.replace('-', '_')}_"
    return f"{linkage.id}_{table.name.removeprefix(prefix)}.parquet"


def research_ids(records: pl.Series, holder: Path, linkage: Linkage) -> pl.Series:
    """The holder's research pseudonym of each record; only the holder has the key."""
    key = read_key(key_file(holder, linkage))
    return keyed(records, key, linkage.research_id).rename(linkage.research_id)


def pseudonym_of(linkage: Linkage, column: str) -> str:
    """The column of the CRIS pseudonym for a column that names people in the register."""
    return _beside(linkage, column, linkage.pseudonym)


def research_id_of(linkage: Linkage, column: str) -> str:
    """The column of the research pseudonym for a column that names people in the register."""
    return _beside(linkage, column, linkage.research_id)


def _beside(linkage: Linkage, column: str, name: str) -> str:
    """The key keeps the plain name; another person of the record is told apart by the prefix."""
    if column == linkage.record:
        return name
    return f"{column.removesuffix(f'_{linkage.record}')}_{name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Whose records are given: the register's key, the research pseudonym, the CRIS pseudonym.

    people: one row a person, record, research_id, pseudonym (null for controls), sorted by record.
    controls: how many have no pseudonym. withheld: matched people kept back, who object or are
    withdrawn. out_of_time: matched people of whom nothing lies within the limits in time.
    """

    people: pl.DataFrame
    controls: int
    withheld: int
    out_of_time: int


def choose(
    holder: Path, linkage: Linkage, links: pl.DataFrame, on: date, withdrawn: pl.Series
) -> Chosen:
    """The matched and the controls, without those who object to research on this day.

    links: the pseudonym and the record of each match. withdrawn: research pseudonyms of people who
    were linked before and must be in nothing, neither as patients nor as controls.
    """
    rule = linkage.controls.among if linkage.controls else {}
    file = holder / table_file(linkage, linkage.people)
    everybody = read_table(file, (linkage.record, *rule))
    named = everybody.join(
        links.select(linkage.record, linkage.pseudonym), on=linkage.record, how="left"
    )
    is_patient = pl.col(linkage.pseudonym).is_not_null()
    is_control = pl.lit(linkage.controls is not None)
    for column, values in rule.items():
        is_control &= pl.col(column).is_in(values)
    chosen = named.filter(is_patient | is_control).join(
        objecting_records(holder, linkage, on), on=linkage.record, how="anti"
    )
    chosen = chosen.with_columns(research_ids(chosen[linkage.record], holder, linkage)).filter(
        ~pl.col(linkage.research_id).is_in(withdrawn.implode())
    )
    free = chosen.select(linkage.record, linkage.research_id, linkage.pseudonym)
    people = _with_records(holder, linkage, free)
    matched = free[linkage.pseudonym].drop_nulls().len()
    controls = people[linkage.pseudonym].null_count()
    return Chosen(
        people=people.sort(linkage.record),
        controls=controls,
        withheld=len(links) - matched,
        out_of_time=matched - (len(people) - controls),
    )


def _with_records(holder: Path, linkage: Linkage, people: pl.DataFrame) -> pl.DataFrame:
    """Those of whom anything lies within the limits in time: else being in it would tell.

    Where the linkage has no such limits, everybody.
    """
    if linkage.first_day is None and linkage.last_day is None:
        return people
    known: list[pl.Series] = []
    for table in linkage.holdings:
        if table.dated_by is not None:
            columns = tuple(dict.fromkeys((*table.about, table.dated_by)))
            frame = read_table(holder / table_file(linkage, table), columns, may_be_empty=True)
            in_time = _in_time(linkage, table, frame)
            known += [in_time[column].rename(linkage.record) for column in table.about]
    if not known:
        return people
    return people.filter(pl.col(linkage.record).is_in(pl.concat(known).drop_nulls().implode()))


def deidentified(
    holder: Path, linkage: Linkage, chosen: Chosen
) -> Generator[tuple[str, pl.DataFrame]]:
    """Each table of the chosen people within the linkage's limits in time, without identifiers.

    Every table is sorted by research pseudonym, which says nothing about the person. A record of
    two people (a mother and her child) is given where every one of them whom the register knows
    may be given, and one of them at least is among the chosen.
    """
    for table in linkage.holdings:
        frame = read_table(holder / table_file(linkage, table), table.columns(), may_be_empty=True)
        yield table.name, _without_keys(linkage, table, _in_time(linkage, table, frame), chosen)


def _in_time(linkage: Linkage, table: RegisterTable, frame: pl.DataFrame) -> pl.DataFrame:
    if table.dated_by is None:
        return frame
    day = pl.col(table.dated_by)
    if linkage.first_day is not None:
        frame = frame.filter(day >= linkage.first_day)
    if linkage.last_day is not None:
        frame = frame.filter(day <= linkage.last_day)
    return frame


def _without_keys(
    linkage: Linkage, table: RegisterTable, frame: pl.DataFrame, chosen: Chosen
) -> pl.DataFrame:
    """The keys of the register replaced by research pseudonyms."""
    names: list[str] = []
    for column in table.about:
        names += [research_id_of(linkage, column)]
        is_people = table is linkage.people or len(table.about) > 1
        pseudonym = [pseudonym_of(linkage, column)] if is_people else []
        told = chosen.people.rename(
            {
                linkage.record: column,
                linkage.research_id: research_id_of(linkage, column),
                linkage.pseudonym: pseudonym_of(linkage, column),
            }
        ).select(column, research_id_of(linkage, column), *pseudonym)
        frame = frame.join(told, on=column, how="inner" if column == table.about[0] else "left")
        names += pseudonym
    variables = [variable.name for variable in table.variables]
    order = [*names, *variables]
    return frame.select(order).sort(names[0], *variables[:2])


def withdrawn_since(holder: Path, linkage: Linkage, on: date) -> pl.Series:
    """The research pseudonyms of people who object by this day: whoever has them must drop them."""
    records = objecting_records(holder, linkage, on)[linkage.record]
    return research_ids(records, holder, linkage).sort()
