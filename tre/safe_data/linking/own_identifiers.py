"""Whether a register's identifiers are of its people and can be, before anything leaves."""

from datetime import date

from tre.safe_data.checking import check_days, check_same
from tre.safe_data.holders import people_of, table_file
from tre.safe_data.identifiers import identifiers_file, read_identifiers
from tre.safe_data.linkages.linkage import Linkage
from tre.safe_data.parties import Parties


def check_identifiers(parties: Parties, linkage: Linkage, on: date) -> None:
    """Refuse identifiers that lack somebody, or name somebody whom the register does not know.

    on: the day of the linkage; nobody was born later. Raises UnusableRequestError.
    """
    file = parties.of(linkage.matcher) / identifiers_file(linkage.id)
    held = read_identifiers(file, linkage.record, linkage.identifiers)
    check_days(held["date_of_birth"], file.name, on)
    people = people_of(parties.of(linkage.holder), linkage)
    known = table_file(linkage, linkage.people)
    check_same(held[linkage.record], file.name, people, known)
