"""Records without identifiers: what a register's holder gives after linking, and nothing else."""

from collections.abc import Generator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from tre.safe_data.checking import check_known, check_people, check_table
from tre.safe_data.files import read_table
from tre.safe_data.linkages.linkage import Linkage, RegisterTable, other_person
from tre.safe_data.opt_outs import objecting_records, objections_file
from tre.safe_data.pseudonyms import keyed, read_key

BIRTH_DAYS = frozenset({"birth_date", "date_of_birth"})
"""Variables that are somebody's date of birth by their name; others a table names as near it."""


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
    return f"{other_person(column, linkage.record)}_{name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Whose records are given, by the register's key and by what stands in its place.

    people: one row a person, record, research_id, pseudonym, sorted by record; the pseudonym is
    null for controls, and for a patient's mother or child who is not a linked patient.
    controls: how many are compared. withheld: matched people kept back, who object or are
    withdrawn. out_of_time: matched people of whom nothing lies within the limits in time.
    """

    people: pl.DataFrame
    controls: int
    withheld: int
    out_of_time: int


def check_register(holder: Path, linkage: Linkage, on: date) -> None:
    """Refuse a register that is not as its description says, before anything is done with it.

    on: the day of the linkage; nothing can have happened later. Raises UnusableRequestError.
    """
    people = people_of(holder, linkage)
    for table in linkage.holdings:
        file = holder / table_file(linkage, table)
        frame = read_table(file, table.columns(), may_be_empty=table is not linkage.people)
        if table is linkage.people:
            check_people(frame, linkage.record, file.name)
        check_known(frame, table.about, people, file.name)
        check_table(frame, table, file.name, on)
    objecting_records(holder, linkage, on)  # whether each objection can be understood
    file = holder / objections_file(linkage)
    objections = read_table(file, (linkage.record,), may_be_empty=True)
    check_known(objections, (linkage.record,), people, file.name)


def people_of(holder: Path, linkage: Linkage) -> pl.Series:
    """The register's own keys of its people. Raises UnusableRequestError for an unusable file."""
    file = holder / table_file(linkage, linkage.people)
    return read_table(file, (linkage.record,))[linkage.record]


def choose(
    holder: Path, linkage: Linkage, links: pl.DataFrame, on: date, withdrawn: pl.Series
) -> Chosen:
    """The matched and the controls, without those who object to research on this day.

    Where the register has records of two persons, the other person of a matched one's records is
    among the chosen as well, unless that person objects.
    links: the pseudonym and the record of each match. withdrawn: research pseudonyms of people who
    were linked before and must be in nothing, neither as patients nor as controls.
    """
    objecting = objecting_records(holder, linkage, on)
    matched = _free(holder, linkage, links.select(linkage.record), objecting, withdrawn)
    others = _others(holder, linkage, matched[linkage.record])
    asked = pl.concat([matched.select(linkage.record), others]).unique(maintain_order=True)
    free = _free(holder, linkage, asked, objecting, withdrawn).join(
        links.select(linkage.record, linkage.pseudonym), on=linkage.record, how="left"
    )
    people = _with_records(holder, linkage, free)
    kept = people[linkage.pseudonym].drop_nulls().len()
    return Chosen(
        people=people.sort(linkage.record),
        controls=len(people) - kept if linkage.controls else 0,
        withheld=len(links) - len(matched),
        out_of_time=len(matched) - kept,
    )


def _free(
    holder: Path,
    linkage: Linkage,
    records: pl.DataFrame,
    objecting: pl.DataFrame,
    withdrawn: pl.Series,
) -> pl.DataFrame:
    """record, research_id of those of these records whom nobody has asked to leave out."""
    kept = records.join(objecting, on=linkage.record, how="anti", maintain_order="left")
    named = kept.with_columns(research_ids(kept[linkage.record], holder, linkage))
    return named.filter(~pl.col(linkage.research_id).is_in(withdrawn.implode()))


def _others(holder: Path, linkage: Linkage, matched: pl.Series) -> pl.DataFrame:
    """The records given beside the matched: of controls, and of those in a record with them."""
    if linkage.controls is None:
        return _beside_them(holder, linkage, matched)
    rule = linkage.controls.among
    file = holder / table_file(linkage, linkage.people)
    is_control = pl.lit(value=True)
    for column, values in rule.items():
        is_control &= pl.col(column).is_in(values)
    everybody = read_table(file, (linkage.record, *rule)).filter(is_control)
    return everybody.select(linkage.record)


def _beside_them(holder: Path, linkage: Linkage, matched: pl.Series) -> pl.DataFrame:
    """Everybody in a record of several people, within the limits in time, with a matched one."""
    found = [matched.to_frame().clear()]
    for table in linkage.holdings:
        if len(table.about) > 1:
            frame = _of_people(holder, linkage, table)
            theirs = frame.filter(
                pl.any_horizontal(pl.col(column).is_in(matched.implode()) for column in table.about)
            )
            found += [theirs.select(pl.col(column).alias(linkage.record)) for column in table.about]
    return pl.concat(found).drop_nulls()


def _of_people(holder: Path, linkage: Linkage, table: RegisterTable) -> pl.DataFrame:
    """Whom the records of a table that lie within the limits in time are about."""
    dated = () if table.dated_by is None else (table.dated_by,)
    columns = tuple(dict.fromkeys((*table.about, *dated)))
    frame = read_table(holder / table_file(linkage, table), columns, may_be_empty=True)
    return _in_time(linkage, table, frame).select(table.about)


def _with_records(holder: Path, linkage: Linkage, people: pl.DataFrame) -> pl.DataFrame:
    """Those of whom anything lies within the limits in time: else being in it would tell.

    A record of several people counts where all of them may be given. Where the linkage has no
    such limits, everybody.
    """
    if linkage.first_day is None and linkage.last_day is None:
        return people
    known: list[pl.Series] = []
    for table in linkage.holdings:
        if table.dated_by is not None:
            frame = _all_given(table, _of_people(holder, linkage, table), people[linkage.record])
            known += [frame[column].rename(linkage.record) for column in table.about]
    if not known:
        return people
    return people.filter(pl.col(linkage.record).is_in(pl.concat(known).drop_nulls().implode()))


def _all_given(table: RegisterTable, frame: pl.DataFrame, records: pl.Series) -> pl.DataFrame:
    """The records of which everybody whom the register knows is among these."""
    given = records.implode()
    return frame.filter(
        pl.all_horizontal(
            pl.col(column).is_null() | pl.col(column).is_in(given) for column in table.about
        )
    )


def deidentified(
    holder: Path, linkage: Linkage, chosen: Chosen
) -> Generator[tuple[str, pl.DataFrame]]:
    """Each table of the chosen people within the linkage's limits in time, without identifiers.

    Every table is sorted by research pseudonym, which says nothing about the person. A record of
    two people (a mother and her child) is given where every one of them whom the register knows
    may be given, and one of them at least is among the chosen.
    """
    for table in linkage.holdings:
        file = holder / table_file(linkage, table)
        frame = _in_time(linkage, table, read_table(file, table.columns(), may_be_empty=True))
        given = _all_given(table, frame, chosen.people[linkage.record])
        yield table.name, _without_birth_days(table, _without_keys(linkage, table, given, chosen))


def _without_birth_days(table: RegisterTable, frame: pl.DataFrame) -> pl.DataFrame:
    """Days that tell a birth to the first of their month: beside a pseudonym they identify."""
    days = [name for name in frame.columns if name in BIRTH_DAYS or name in table.near_birth]
    return frame.with_columns(pl.col(day).dt.month_start() for day in days)


def _in_time(linkage: Linkage, table: RegisterTable, frame: pl.DataFrame) -> pl.DataFrame:
    """The records within the limits; of school years, those that lie within them as a whole."""
    if table.dated_by is None:
        return frame
    first = last = pl.col(table.dated_by)
    if frame.schema[table.dated_by] == pl.String:
        began = first.str.slice(0, 4).cast(pl.Int32, strict=False)
        first, last = pl.date(began, 9, 1), pl.date(began + 1, 8, 31)
    if linkage.first_day is not None:
        frame = frame.filter(first >= linkage.first_day)
    if linkage.last_day is not None:
        frame = frame.filter(last <= linkage.last_day)
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
        frame = frame.join(told, on=column, how="left")
        names += pseudonym
    variables = [variable.name for variable in table.variables]
    order = [*names, *variables]
    return frame.select(order).sort(names[0], *variables[:2])


def withdrawn_since(holder: Path, linkage: Linkage, on: date) -> pl.Series:
    """The research pseudonyms of people who object by this day: whoever has them must drop them."""
    records = objecting_records(holder, linkage, on)[linkage.record]
    return research_ids(records, holder, linkage).sort()
