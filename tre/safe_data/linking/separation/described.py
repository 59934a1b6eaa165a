"""Which columns a table may have where it lies: those of its description, and no other."""

from collections.abc import Iterable, Mapping

from tre.safe_data.linkages.linkage import Linkage, RegisterTable, other_person
from tre.safe_data.linking.separation.layout import CRIS, RESULTS, SUPPLIER
from tre.safe_data.parties import folder_of

_CRIS: Mapping[str, tuple[str, ...]] = {
    "identifiers": ("nhs_number", "first_name", "last_name", "date_of_birth", "postcode"),
    "contacts_identifiers": ("first_name", "last_name", "telephone"),
    "patients": (
        "sex", "birth_month", "ethnic_group", "borough", "gp_borough", "imd_decile",
        "first_referral", "first_referral_age",
    ),
    "referrals": (
        "referred", "age_at_referral", "service", "team", "referral_source", "accepted",
        "days_in_care",
    ),
    "diagnoses": ("diagnosed", "icd10", "is_main", "age_at_diagnosis"),
    "opt_outs": ("scope", "since"),
    "notes": ("written", "author", "text"),
}  # fmt: skip
"""The tables of the mental-health trust, and what they have beside the pseudonym."""
_LINKS = ("match_weight", "match_probability", "by")
_HELD = ("first_name", "last_name", "date_of_birth", "postcode")
_OWN_NUMBERS = ("upn", "national_insurance_number", "hospital_number")
"""Numbers by which a register itself knows people, beside the identifiers of its description."""


def undescribed(path: str, columns: Iterable[str], linkages: Mapping[str, Linkage]) -> list[str]:
    """The columns that no description allows in this table; all, where it describes no such table.

    path: relative to the folder of all parties, of a file that has a place in the layout.
    """
    allowed = _allowed(path.split("/"), linkages)
    return [column for column in columns if column not in allowed]


def _allowed(parts: list[str], linkages: Mapping[str, Linkage]) -> frozenset[str]:
    party, name = parts[0], parts[-1].removesuffix(".parquet")
    if party in RESULTS:
        return _in_results(linkages.get(parts[1]), name)
    if len(parts) > 2:
        return _links(linkages.get(parts[2].removesuffix(".parquet")), parts[1])
    if party == SUPPLIER:
        return _of_the_supplier(name, linkages)
    homes = [one for one in linkages.values() if name.startswith(f"{one.id.replace('-', '_')}_")]
    homes += [one for one in linkages.values() if name.startswith(f"{one.id}_")]
    homes = [one for one in homes if party in {folder_of(one.holder), folder_of(one.matcher)}]
    return frozenset(column for one in homes for column in _at_holder(one, name))


def _of_the_supplier(name: str, linkages: Mapping[str, Linkage]) -> frozenset[str]:
    columns = _CRIS.get(name.removeprefix(f"{CRIS}_"))
    keys = {one.pseudonym for one in linkages.values()}
    return frozenset({*keys, *columns}) if columns is not None else frozenset()


def _links(linkage: Linkage | None, folder: str) -> frozenset[str]:
    """What the supplier keeps of what it sent, and the matcher of whom it linked."""
    if linkage is None:
        return frozenset()
    found = (*_LINKS, linkage.research_id) if folder == "links" else ()
    return frozenset({linkage.pseudonym, *found})


def _at_holder(linkage: Linkage, name: str) -> tuple[str, ...]:
    """The columns of one of a register's tables, as its holder has it."""
    if name == f"{linkage.id}_identifiers":
        return (linkage.record, *_HELD, *linkage.identifiers, *_OWN_NUMBERS)
    if name.endswith("_objections"):
        return (linkage.record, "since")
    return next((t.columns() for t in linkage.holdings if name in _names(linkage, t)), ())


def _names(linkage: Linkage, table: RegisterTable) -> set[str]:
    """A table's name has the register's before it, once."""
    own = linkage.id.replace("-", "_")
    bare = table.name.removeprefix(f"{own}_")
    return {table.name, f"{linkage.id}_{bare}", f"{own}_{bare}", f"{linkage.id}_{table.name}"}


def _in_results(linkage: Linkage | None, name: str) -> frozenset[str]:
    """A table of the register with the holder's research pseudonyms instead of its keys."""
    table = next((t for t in linkage.holdings if t.name == name), None) if linkage else None
    if linkage is None or table is None:
        return frozenset()
    others = [other_person(column, linkage.record) for column in table.about[1:]]
    named = {linkage.research_id, linkage.pseudonym}
    named |= {f"{other}_{name}" for other in others for name in named}
    return frozenset({*named, *(variable.name for variable in table.variables)})
