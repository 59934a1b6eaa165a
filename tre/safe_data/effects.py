"""The associations that the simulator plants, each once, with its size and where it is from.

A study run on an extract can be compared with this table. `grounds` says how far to trust a size:
"assumed" is chosen for teaching, with the direction that the literature gives; "published" is the
size in the source, rounded.
"""

from dataclasses import dataclass
from types import MappingProxyType

from tre.safe_data.effects_on_schooling import ON_SCHOOLING


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One planted association: `cause` changes `outcome` by `size`, other causes held fixed.

    when: to which records it applies. scale: points (added to the outcome), percentage points
    (added), rate ratio (multiplies the rate), odds ratio (multiplies the odds).
    """

    cause: str
    outcome: str
    size: float
    scale: str
    when: str
    grounds: str
    source: str


_ASSUMED = tuple(
    Effect(
        cause=cause,
        outcome=outcome,
        size=size,
        scale=scale,
        when=when,
        grounds="assumed",
        source=source,
    )
    for outcome, scale, when, source, causes in (
        *ON_SCHOOLING,
        (
            "death",
            "rate ratio",
            "from the first referral to SLaM on",
            "direction: Chang 2011, PLoS ONE 6:e19590, life expectancy at birth in CRIS",
            {
                "psychosis": 2.5,
                "mood": 1.7,
                "neurotic": 1.4,
                "neurodevelopmental": 1.3,
                "other disorder": 2.2,
            },
        ),
        (
            "death",
            "rate ratio",
            "always, age held fixed",
            "direction: ONS, Health state life expectancies by national deprivation deciles, "
            "England; ONS, National life tables",
            {"male": 1.35, "one decile less deprived": 0.95},
        ),
        (
            "death after cancer",
            "rate ratio",
            "from the diagnosis of the cancer on, stage held fixed",
            "direction: Chang 2014, BMJ Open 4:e004295, cancer survival and severe mental illness",
            {"psychosis": 1.7},
        ),
        (
            "chronic kidney disease",
            "odds ratio",
            "always",
            "direction: Iwagami 2018, Nephrol Dial Transplant 33:1372, severe mental illness",
            {"psychosis": 1.6},
        ),
        (
            "emergency admission",
            "rate ratio",
            "from the first referral to SLaM on",
            "direction: Dorning 2015, Nuffield Trust, mental ill health and hospital use",
            {
                "psychosis": 1.9,
                "mood": 1.6,
                "neurotic": 1.3,
                "neurodevelopmental": 1.2,
                "other disorder": 2.0,
            },
        ),
        (
            "missed outpatient appointment",
            "odds ratio",
            "from the first referral to SLaM on",
            "direction: McQueenie 2019, BMC Med 17:2, missed appointments and mental illness",
            {
                "psychosis": 2.2,
                "mood": 1.4,
                "neurotic": 1.3,
                "neurodevelopmental": 1.3,
                "other disorder": 2.0,
            },
        ),
        (
            "A&E attendance",
            "rate ratio",
            "not admitted; for disorders from the first referral to SLaM on, for the lockdown "
            "from 23 March to 30 June 2020",
            "direction: NHS England, A&E attendances and emergency admissions, 2020",
            {
                "psychosis": 2.0,
                "mood": 1.7,
                "neurotic": 1.5,
                "neurodevelopmental": 1.2,
                "other disorder": 2.2,
                "first lockdown": 0.5,
            },
        ),
        (
            "surgery for cancer",
            "odds ratio",
            "within three months of the diagnosis, stage held fixed",
            "direction: Kisely 2013, JAMA Psychiatry 70:209, cancer care of psychiatric patients",
            {"psychosis": 0.55},
        ),
        (
            "egfr_decline_a_year",
            "points",
            "always: ml/min/1.73 m2 a year, in the patients of the renal unit",
            "direction: Iwagami 2018, Nephrol Dial Transplant 33:1372, severe mental illness",
            {"psychosis": 1.6},
        ),
        (
            "birth_weight_grams",
            "points",
            "births after the mother's first referral, gestation and sex held fixed",
            "direction: Howard and Khalifeh 2020, World Psychiatry 19:313, perinatal mental health",
            {"psychosis": -190.0, "mood": -80.0},
        ),
        (
            "preterm birth",
            "odds ratio",
            "births after the mother's first referral",
            "direction: Howard and Khalifeh 2020, World Psychiatry 19:313, perinatal mental health",
            {"psychosis": 2.0, "mood": 1.5},
        ),
        (
            "smoking at booking",
            "odds ratio",
            "pregnancies booked after the mother's first referral, whatever the disorder",
            "direction: Howard and Khalifeh 2020, World Psychiatry 19:313, perinatal mental health",
            {"first referral before booking": 2.5},
        ),
        (
            "suppressed viral load",
            "odds ratio",
            "each quarter in HIV care in which antiretrovirals are taken",
            "direction: Rooks-Peck 2018, AIDS Behav 22:3071, mental health and HIV care",
            {"psychosis": 0.45},
        ),
        (
            "stopping fertility treatment",
            "odds ratio",
            "after a cycle without a birth, of women to whom no birth follows",
            "direction: Gameiro 2012, Hum Reprod Update 18:652, why patients discontinue",
            {"mood": 1.8},
        ),
        (
            "GP consultation",
            "rate ratio",
            "from the first referral to SLaM on",
            "direction: Kontopantelis 2015, BMJ Open 5, consultations and severe mental illness",
            {
                "psychosis": 1.6,
                "mood": 1.7,
                "neurotic": 1.6,
                "neurodevelopmental": 1.1,
                "other disorder": 1.5,
            },
        ),
        (
            "antidepressant",
            "odds ratio",
            "an adult registered in Lambeth ever has one",
            "direction: McCrea 2016, PLoS ONE 11, antidepressants in UK primary care",
            {
                "female": 1.6,
                "psychosis": 3.0,
                "mood": 9.0,
                "neurotic": 4.5,
                "neurodevelopmental": 1.5,
                "other disorder": 3.0,
            },
        ),
        (
            "ESA claim",
            "rate ratio",
            "from the first referral to SLaM on, ages 18 to 65",
            "direction: Viola 2016, BJPsych Open 2:18, mental disorders and benefits",
            {
                "psychosis": 6.0,
                "mood": 3.5,
                "neurotic": 2.5,
                "neurodevelopmental": 2.5,
                "other disorder": 4.0,
            },
        ),
        (
            "first referral",
            "rate ratio",
            "in the 180 days after being found fit for work at a reassessment",
            "direction: Barr 2016, J Epidemiol Community Health 70:339, reassessments and mental "
            "health",
            {"found fit for work": 2.0},
        ),
        (
            "care proceedings",
            "rate ratio",
            "mothers, of ever having a case",
            "direction: Pearson 2022, Soc Psychiatry Psychiatr Epidemiol 57, mothers in public law "
            "proceedings in South London",
            {
                "psychosis": 4.0,
                "mood": 1.8,
                "neurotic": 1.5,
                "neurodevelopmental": 1.5,
                "other disorder": 4.5,
                "one decile less deprived": 0.9,
            },
        ),
        (
            "weeks of care-order proceedings",
            "points",
            "cases from 22 April 2014 on for the limit of 26 weeks, psychosis of the mother",
            "direction: Ministry of Justice, Family Court Statistics Quarterly; Children and "
            "Families Act 2014, section 14",
            {"limit of 26 weeks": -20.0, "psychosis": 6.0},
        ),
        (
            "long-term sick in 2011",
            "odds ratio",
            "ages 16 to 65 on census day, whenever the first referral was",
            "direction: Das-Munshi 2018, SEP-MD; ONS, Census 2011, economic inactivity",
            {
                "psychosis": 5.0,
                "mood": 2.5,
                "neurotic": 1.8,
                "neurodevelopmental": 2.0,
                "other disorder": 3.0,
                "one decile less deprived": 0.85,
            },
        ),
        (
            "identifier error",
            "rate ratio",
            "in CRIS",
            "direction: Downs 2019, BMJ Open 9:e024355 (who is linked)",
            {
                "most deprived fifth": 1.4,
                "minority ethnic group": 1.35,
                "first referral at 16 or 17": 1.5,
            },
        ),
    )
    for cause, size in causes.items()
)

_DOWNS = "Downs 2019, BMJ Open 9:e024355: of patients of child services, who was linked"
_CYBULSKI = "Cybulski 2024, BMJ Open 14:e073582: of SLaM patients, who was linked"

_PUBLISHED = tuple(
    Effect(
        cause=cause,
        outcome=outcome,
        size=size,
        scale=scale,
        when=when,
        grounds="published",
        source=source,
    )
    for outcome, scale, when, source, causes in (
        (
            "linked with the NPD",
            "odds ratio",
            "patients of child services, against a first referral before the age of 7; Asian from "
            "the counts in the paper, against White",
            _DOWNS,
            {
                "first referral at 7 to 11": 1.23,
                "first referral at 12 to 15": 0.98,
                "first referral at 16 or 17": 0.67,
                "Asian": 0.635,
            },
        ),
        (
            "linked with Census 2011",
            "rate ratio",
            "patients born by census day, against White British, the least deprived fifth, and "
            "all other ages",
            _CYBULSKI,
            {"Black African": 0.67, "most deprived fifth": 0.78, "aged 25 to 34": 0.80},
        ),
    )
    for cause, size in causes.items()
)

EFFECTS = (*_ASSUMED, *_PUBLISHED)

_SIZES = MappingProxyType({(effect.cause, effect.outcome): effect.size for effect in EFFECTS})


def size(cause: str, outcome: str) -> float:
    """How much this cause changes this outcome, on its scale. Raises KeyError where none is."""
    return _SIZES[cause, outcome]
