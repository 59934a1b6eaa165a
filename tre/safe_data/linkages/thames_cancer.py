"""CRIS with the Thames Cancer Registry."""

from datetime import date

import numpy as np
import polars as pl

from tre.safe_data.chance import choose, stream
from tre.safe_data.linkages.linkage import (
    CDLS,
    IDENTIFIERS_OF_THE_NHS,
    Covered,
    Linkage,
    RegisterTable,
)
from tre.safe_data.population.calendar import FIRST_DAY, LAST_DAY, day
from tre.safe_data.population.lives import NEVER
from tre.safe_data.population.places import PLACES
from tre.safe_data.population.population import Population
from tre.safe_data.records import deaths, people
from tre.safe_data.records.days import dates
from tre.safe_data.records.errors import NHS_ERRORS
from tre.safe_data.records.items import Items
from tre.safe_data.records.register import ROW, Register
from tre.safe_data.records.tumours import (
    MORPHOLOGY,
    SITE_CODES,
    Tumours,
    make_tumours,
)

_CLOSED = day(2013, 3, 31)
"""The registry became part of Public Health England on 1 April 2013 and registered until then."""
_ELSEWHERE, _ELSEWHERE_COVERED = len(PLACES) - 1, 0.7
_BASES = ("Histology", "Cytology", "Clinical", "Death certificate only")
_BASIS_SHARES = (0.84, 0.04, 0.10, 0.02)
_ITEM = Items(dictionary="NCRAS, Cancer Analysis System (CAS) data dictionary, AV_TUMOUR")
_RTDS = Items(dictionary="NCRAS, Cancer Analysis System (CAS) data dictionary, AV_TREATMENT")


def simulate(population: Population) -> Register:
    """Tumours of people who lived in the Thames area when they were diagnosed."""
    rng = stream(population.seed, "thames-cancer")
    tumours = _registered(rng, population)
    died = deaths.certified(population, tumours.people)
    return Register(
        people=tumours.people,
        seen=tumours.day,
        tables={
            "thames_cancer_people": people.describe(population, tumours.people, tumours.day, rng),
            "thames_tumours": _table(rng, tumours),
            "thames_deaths": died.filter(pl.col("date_of_death") <= date(2013, 3, 31)),
        },
    )


def _registered(rng: np.random.Generator, population: Population) -> Tumours:
    tumours = make_tumours(population)
    home = population.addresses.on(tumours.people, np.clip(tumours.day, FIRST_DAY, LAST_DAY))
    elsewhere = population.directory.place[home] == _ELSEWHERE
    in_area = ~elsewhere | (rng.random(len(elsewhere)) < _ELSEWHERE_COVERED)
    return tumours.only(in_area & (tumours.day <= _CLOSED))


def _table(rng: np.random.Generator, tumours: Tumours) -> pl.DataFrame:
    treated = tumours.treated < NEVER
    known = rng.random(len(tumours.day)) < 0.85
    return pl.DataFrame(
        {
            ROW: np.arange(len(tumours.people)),
            "diagnosed": dates(tumours.day),
            "site": np.array(SITE_CODES)[tumours.site],
            "morphology": np.array(MORPHOLOGY)[tumours.site],
            "basis_of_diagnosis": np.array(_BASES)[choose(rng, _BASIS_SHARES, len(tumours.day))],
            "stage": pl.Series(tumours.stage, dtype=pl.Int8).set(pl.Series(~known), None),
            "surgery": treated[:, 0],
            "chemotherapy": treated[:, 1],
            "radiotherapy": treated[:, 2],
        }
    )


_TUMOURS = RegisterTable(
    name="thames_tumours",
    description="One row a tumour, with the first three months of treatment",
    unit="tumour",
    dated_by="diagnosed",
    variables=(
        _ITEM.day("diagnosed", "Date of diagnosis", "DIAGNOSISDATEBEST"),
        _ITEM.text("site", "Site of the tumour, ICD-10", "SITE_ICD10_O2; WHO, ICD-10", SITE_CODES),
        _ITEM.text(
            "morphology", "Morphology and behaviour, ICD-O-3",
            "MORPH_ICD10_O2, BEHAVIOUR_ICD10_O2; WHO, ICD-O-3", tuple(dict.fromkeys(MORPHOLOGY)),
        ),
        _ITEM.text("basis_of_diagnosis", "How the diagnosis was made", "BASISOFDIAGNOSIS", _BASES),
        _ITEM.whole("stage", "Stage at diagnosis, 1 to 4; null for not known", "STAGE_BEST, whole"),
        _RTDS.flag("surgery", "Surgery within three months of diagnosis", "EVENTCODE 01a"),
        _RTDS.flag("chemotherapy", "Chemotherapy within three months of diagnosis", "EVENTCODE 02"),
        _RTDS.flag("radiotherapy", "Radiotherapy within three months of diagnosis", "EVENTCODE 05"),
    ),
)  # fmt: skip

LINKAGE = Linkage(
    id="thames-cancer",
    order=9,
    title="Cancers registered in the Thames area",
    register="Thames Cancer Registry",
    holder="Thames Cancer Registry",
    matcher="Thames Cancer Registry",
    identifiers=IDENTIFIERS_OF_THE_NHS,
    covered=Covered(
        text="SLaM patients; those with a cancer registered in the Thames area are found"
    ),
    controls=None,
    last_day=date(2009, 12, 31),
    limits=(
        "diagnoses and deaths to 31 December 2009, of people who lived in the Thames area when "
        "they were diagnosed; treatment within the first three months alone"
    ),
    access_basis="approved by the CRIS Oversight Committee under section 251 support",
    place=CDLS,
    people=RegisterTable(
        name="thames_cancer_people",
        description="One row a person with a registered cancer, as when it was diagnosed",
        unit="person",
        variables=people.variables("Thames Cancer Registry"),
    ),
    tables=(
        _TUMOURS,
        RegisterTable(
            name="thames_deaths",
            description="One row a death of somebody with a registered cancer",
            unit="death",
            dated_by="date_of_death",
            variables=deaths.variables("Thames Cancer Registry, from ONS Mortality"),
        ),
    ),
    errors=NHS_ERRORS,
    simulate=simulate,
    source=(
        "CDLS page on CRIS data linkages; Chang 2014, BMJ Open 4:e004295 (CRIS with the Thames "
        "Cancer Registry)"
    ),
    assumed=("matcher", "identifiers", "identifier_basis", "access_basis", "errors", "objects"),
)
