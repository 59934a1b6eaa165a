"""CRIS with the register of the Human Fertilisation and Embryology Authority (HFEA)."""

from datetime import date

from tre.safe_data.linkages.linkage import (
    CDLS,
    IDENTIFIERS_OF_THE_NHS,
    Covered,
    Linkage,
    RegisterTable,
)
from tre.safe_data.records import people
from tre.safe_data.records.errors import NHS_ERRORS
from tre.safe_data.records.fertility import OUTCOMES, REASONS, TREATMENTS, simulate
from tre.safe_data.records.items import Items

_ITEM = Items(dictionary="HFEA Register data dictionary")
_TABLES = (
    RegisterTable(
        name="fertility_cycles",
        description="One row a treatment cycle",
        unit="treatment cycle",
        dated_by="cycle_date",
        variables=(
            _ITEM.day("cycle_date", "Day on which the cycle began", "Date of treatment"),
            _ITEM.whole(
                "cycle_number", "Number of the cycle, 1 for the first", "Total number of cycles",
            ),
            _ITEM.whole("age_at_cycle", "Age at the cycle, years", "Patient age at treatment"),
            _ITEM.text("treatment", "Kind of treatment", "Specific treatment type", TREATMENTS),
            _ITEM.text("reason", "Cause of infertility", "Cause of infertility", REASONS),
            _ITEM.flag("own_eggs", "The patient's own eggs were used", "Egg source"),
            _ITEM.whole(
                "embryos_transferred", "Embryos transferred; 0 for donor insemination",
                "Embryos transferred",
            ),
            _ITEM.text("outcome", "How the cycle ended", "Outcome, grouped", OUTCOMES),
        ),
    ),
    RegisterTable(
        name="fertility_births",
        description="One row a birth that followed a cycle",
        unit="birth, of one child or more",
        dated_by="birth_date",
        in_order=(("treated_on", "birth_date"),),
        variables=(
            _ITEM.day("birth_date", "Date of the birth", "Date of birth of child"),
            _ITEM.day("treated_on", "Day on which the cycle began", "Date of treatment"),
            _ITEM.whole("babies_born", "Children born alive", "Number of live births"),
        ),
    ),
)  # fmt: skip

LINKAGE = Linkage(
    id="hfea",
    order=14,
    title="Fertility treatment and the births that follow",
    register="HFEA Register",
    holder="Human Fertilisation and Embryology Authority",
    matcher="Human Fertilisation and Embryology Authority",
    identifiers=IDENTIFIERS_OF_THE_NHS,
    covered=Covered(
        text="female SLaM patients; those who had treatment in the UK are found", sex="Female"
    ),
    controls=None,
    first_day=date(1991, 8, 1),
    limits=(
        "treatment licensed in the UK since August 1991; treatment abroad has no record, and a "
        "birth is known where the clinic was told of it"
    ),
    identifier_basis=(
        "Human Fertilisation and Embryology (Disclosure of Information for Research Purposes) "
        "Regulations 2010; Section 251 of the NHS Act 2006"
    ),
    access_basis="approved by the CRIS Oversight Committee under section 251 support",
    place=CDLS,
    people=RegisterTable(
        name="hfea_people",
        description="One row a woman who had treatment",
        unit="person",
        variables=people.variables("HFEA Register"),
    ),
    tables=_TABLES,
    errors=NHS_ERRORS,
    simulate=simulate,
    source="CDLS page on CRIS data linkages; HFEA, Register data dictionary",
    assumed=(
        "identifiers",
        "first_day",
        "identifier_basis",
        "access_basis",
        "errors",
        "objects",
    ),
)
