"""A linked register's tables as a project gets them: under the person, not the register's key."""

import polars as pl

from tre.safe_data.extracts.meeting import Meeting
from tre.safe_data.extracts.request import PERSON
from tre.safe_data.extracts.withdrawing import people_of, person
from tre.safe_data.extracts.years import dated_by, within, years_of
from tre.safe_data.files import read_table
from tre.safe_data.holders import research_id_of
from tre.safe_data.linkages.linkage import GROUP, Linkage
from tre.safe_data.variable import TableDescription


def register_frame(meeting: Meeting, linkage: Linkage, table: TableDescription) -> pl.DataFrame:
    """The granted variables and years of a table of the latest run, of who may be in an extract.

    `_person` first. Where a record is about a second person, the column that the table names for
    them says who it is, null where they are not to be given.
    """
    described = next(one for one in linkage.holdings if one.name == table.name)
    is_people = described is linkage.people
    folder = meeting.parties.latest(linkage.id, linkage.place)
    wanted = [name for name in table.names() if name != GROUP.name]
    keys = [research_id_of(linkage, column) for column in described.about]
    pseudonyms = [linkage.pseudonym] if is_people else []
    file = folder / f"{table.name}.parquet"
    when = dated_by(described.described())
    dated = [] if when is None or when in wanted else [when]
    frame = read_table(file, (*keys, *pseudonyms, *wanted, *dated), may_be_empty=True)
    frame = within(frame, when, years_of(table.name, meeting.request.years))
    if GROUP.name in table.names():
        is_patient = pl.col(linkage.pseudonym).is_not_null()
        # Without controls, whoever is no patient is in a record with one: a mother, or a child.
        other = "control" if linkage.controls else "relative"
        group = pl.when(is_patient).then(pl.lit("patient")).otherwise(pl.lit(other))
        frame = frame.with_columns(group.alias(GROUP.name))
    people = people_of(meeting, linkage).with_columns(
        person(linkage, linkage.research_id, linkage.pseudonym).alias(PERSON)
    )
    names = (PERSON, *(one.name for one in table.also))
    for key, name in zip(keys, names, strict=True):
        told = people.select(pl.col(linkage.research_id).alias(key), pl.col(PERSON).alias(name))
        frame = frame.join(told, on=key, how="left", maintain_order="left")
    given = frame.drop_nulls(PERSON).select(*names, *table.names())
    meeting.bring(given, linkage.place, f"{linkage.title}: {table.name}", linkage)
    return given
