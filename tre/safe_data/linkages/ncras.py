"""CRIS with the National Cancer Registration and Analysis Service (NCRAS)."""

from tre.safe_data.linkages.linkage import (
    CDLS,
    IDENTIFIERS_OF_THE_NHS,
    Controls,
    Covered,
    Linkage,
    RegisterTable,
)
from tre.safe_data.population.places import BOROUGHS
from tre.safe_data.records import deaths, episodes, people
from tre.safe_data.records.cancer_care import GRADES, ROUTES, simulate
from tre.safe_data.records.errors import NHS_ERRORS
from tre.safe_data.records.items import Items
from tre.safe_data.records.tumours import MORPHOLOGY, SITE_CODES, TREATMENTS

_TUMOUR = Items(dictionary="NCRAS, Cancer Analysis System (CAS) data dictionary, AV_TUMOUR")
_TREATMENT = Items(dictionary="NCRAS, Cancer Analysis System (CAS) data dictionary, AV_TREATMENT")
_TABLES = (
    RegisterTable(
        name="ncras_tumours",
        description="One row a tumour",
        unit="tumour",
        dated_by="diagnosed",
        variables=(
            _TUMOUR.day("diagnosed", "Date of diagnosis", "DIAGNOSISDATEBEST"),
            _TUMOUR.text(
                "site", "Site of the tumour, ICD-10", "SITE_ICD10_O2; WHO, ICD-10", SITE_CODES,
            ),
            _TUMOUR.text(
                "morphology", "Morphology and behaviour, ICD-O-3",
                "MORPH_ICD10_O2, BEHAVIOUR_ICD10_O2; WHO, ICD-O-3",
                tuple(dict.fromkeys(MORPHOLOGY)),
            ),
            _TUMOUR.whole("stage", "Stage at diagnosis, 1 to 4; null for not known", "STAGE_BEST"),
            _TUMOUR.text("grade", "Grade; GX for not known", "GRADE", GRADES),
            _TUMOUR.text("route", "Route to diagnosis", "FINAL_ROUTE", ROUTES),
        ),
    ),
    RegisterTable(
        name="ncras_treatments",
        description="One row a kind of treatment that began within three months of diagnosis",
        unit="treatment",
        dated_by="began",
        variables=(
            _TREATMENT.day("began", "First day of the treatment", "EVENTDATE"),
            _TREATMENT.text("treatment", "Kind of treatment", "EVENTDESC, grouped", TREATMENTS),
        ),
    ),
    RegisterTable(
        name="ncras_admissions",
        description="One row a stay in hospital of somebody with a cancer: HES comes with it",
        unit="stay",
        dated_by="admitted",
        in_order=(("admitted", "discharged"),),
        may_repeat=True,
        variables=episodes.stay_variables("NHS Digital, HES Data Dictionary"),
    ),
    RegisterTable(
        name="ncras_deaths",
        description="One row a death of somebody with a cancer: ONS Mortality comes with it",
        unit="death",
        dated_by="date_of_death",
        variables=deaths.variables("ONS Mortality"),
    ),
)  # fmt: skip

LINKAGE = Linkage(
    id="ncras",
    order=10,
    title="Cancers in England; comes with hospital use and deaths of the same people",
    register="National Cancer Registration and Analysis Service",
    holder="Public Health England",
    matcher="Public Health England",
    identifiers=IDENTIFIERS_OF_THE_NHS,
    covered=Covered(text="SLaM patients; those with cancer anywhere in England are found"),
    controls=Controls(
        text=(
            "residents of Croydon, Lambeth, Lewisham and Southwark with cancer who are not SLaM "
            "patients"
        ),
        among={"borough": BOROUGHS},
    ),
    limits=(
        "tumours diagnosed since 1995; comes with HES (April 2015 to August 2025) and mortality "
        "for the same people, under the same research pseudonym; a patient who is not matched "
        "cannot be told from a control"
    ),
    brings=("hes", "mortality"),
    access_basis="approved by the CRIS Oversight Committee under section 251 support",
    place=CDLS,
    people=RegisterTable(
        name="ncras_people",
        description="One row a person with a cancer, as last seen",
        unit="person",
        variables=people.variables("NCRAS, Cancer Analysis System (CAS)"),
    ),
    tables=_TABLES,
    errors=NHS_ERRORS,
    simulate=simulate,
    source="CDLS page on CRIS data linkages; NCRAS, Cancer Analysis System data dictionary",
    assumed=("identifiers", "identifier_basis", "access_basis", "limits", "errors", "objects"),
)
