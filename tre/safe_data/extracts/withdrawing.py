"""Who must be in no extract any more: they object since the linkage was run."""

import polars as pl

from tre.safe_data.extracts.meeting import Meeting
from tre.safe_data.files import read_table
from tre.safe_data.holders import withdrawn_since
from tre.safe_data.linkages.linkage import Linkage
from tre.safe_data.opt_outs import objecting_patients


def without_objectors(meeting: Meeting, linkage: Linkage, people: pl.DataFrame) -> pl.DataFrame:
    """The people of a linkage without those who object by the day of the request.

    people: the linkage's table of people, with research_id and pseudonym. A linked person whose
    patient record the CDLS does not bring has objected since: dropped, and not turned into a
    control. The holder says which of the others object, so that they are dropped as well.
    """
    on, parties = meeting.request.on, meeting.parties
    objecting = withdrawn_since(parties.of(linkage.holder), linkage, on)
    gone = people.filter(pl.col(linkage.research_id).is_in(objecting.implode()))
    if not gone.is_empty():
        told = gone.select(linkage.research_id).sort(linkage.research_id)
        meeting.bring(told, linkage.holder, "people who object since, to be dropped", linkage)
    patients = objecting_patients(parties.slam, linkage, on)[linkage.pseudonym]
    is_gone = pl.col(linkage.research_id).is_in(objecting.implode()) | pl.col(
        linkage.pseudonym
    ).is_in(patients.implode())
    return people.filter(~is_gone.fill_null(value=False))


def people_of(meeting: Meeting, linkage: Linkage, columns: tuple[str, ...] = ()) -> pl.DataFrame:
    """The people of the latest run who may be in an extract: research_id, pseudonym, columns."""
    file = meeting.parties.latest(linkage.id, linkage.place) / f"{linkage.people.name}.parquet"
    wanted = (linkage.research_id, linkage.pseudonym, *columns)
    people = read_table(file, wanted, may_be_empty=True)
    return without_objectors(meeting, linkage, people)


def person(linkage: Linkage, research_id: str, pseudonym: str) -> pl.Expr:
    """Who somebody is in every linkage: the patient, or this register's own control."""
    of_register = pl.concat_str(pl.lit(f"{linkage.id}:"), pl.col(research_id))
    return pl.coalesce(pl.col(pseudonym), of_register)
