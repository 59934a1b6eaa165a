"""The people and projects of the demonstration world, as data: who is there, and what to try.

Dates are years and days from the day on which the world is built, so that it works on any day
and an expired accreditation is expired. Nobody here exists.
"""

from tre.safe_people.person import AccreditationLevel, PassportKind
from tre.safe_projects.project import Place
from tre.training.deciders import DECIDERS
from tre.training.demo_kinds import (
    DECLARATION_VERSION,
    DFE,
    KINGS,
    ONS,
    SLAM,
    DemoAccreditation,
    DemoGrant,
    DemoPassport,
    DemoPerson,
    DemoProject,
)
from tre.vocabulary import PersonId, ProjectId, Role

__all__ = [
    "DECLARATION_VERSION",
    "SLAM",
    "DemoAccreditation",
    "DemoGrant",
    "DemoPassport",
    "DemoPerson",
    "DemoProject",
]

STUDY: ProjectId = "early-onset-psychosis"
ENDED_STUDY: ProjectId = "covid-pathways"
PRACTICE: ProjectId = "practice-early-onset-psychosis"

MANAGER: PersonId = "mia"
LINKER: PersonId = "lena"
TRAINER: PersonId = "tess"

PEOPLE: tuple[DemoPerson, ...] = (
    DemoPerson(
        id="ada",
        name="Ada Mensah",
        organisation=KINGS,
        role=Role.RESEARCHER,
        try_this=(
            "Start the session of Early-onset psychosis and attainment, run the starter notebook, "
            "and ask for its table to be released."
        ),
        accreditation=DemoAccreditation(level=AccreditationLevel.FULL, years_ago=1.5),
        passport=DemoPassport(kind=PassportKind.RESEARCH_PASSPORT, trust=SLAM, years_ago=1.0),
    ),
    DemoPerson(
        id="bola",
        name="Bola Adeyemi",
        organisation=KINGS,
        role=Role.RESEARCHER,
        try_this=(
            "Try to start the same session: the gate refuses, and says both reasons (an expired "
            "accreditation and a missing research passport)."
        ),
        accreditation=DemoAccreditation(level=AccreditationLevel.FULL, years_ago=5.1),
    ),
    DemoPerson(
        id="cora",
        name="Cora Lindqvist",
        organisation=ONS,
        role=Role.OUTPUT_CHECKER,
        try_this="Open the queue at the desk, read the findings on Ada's table, vote and comment.",
    ),
    DemoPerson(
        id="deniz",
        name="Deniz Kaya",
        organisation=ONS,
        role=Role.OUTPUT_CHECKER,
        try_this=(
            "Review the same request as the second checker: Cora's votes stay hidden until you "
            "have answered; then approve it together."
        ),
    ),
    DemoPerson(
        id="tess",
        name="Tess Oduya",
        organisation=KINGS,
        role=Role.TRAINER,
        try_this="Open the practice project: the same notebook runs on invented, synthetic people.",
    ),
    DemoPerson(
        id="finn",
        name="Finn Walsh",
        organisation=KINGS,
        role=Role.RESEARCHER,
        try_this="Work on the practice project without any accreditation: it needs none.",
    ),
    DemoPerson(
        id="grace",
        name="Grace Owusu",
        organisation=KINGS,
        role=Role.RESEARCHER,
        try_this=(
            "Choose among twelve further studies, one for each other linkage: hospitals, deaths, "
            "births, the census, benefits and more."
        ),
        accreditation=DemoAccreditation(level=AccreditationLevel.FULL, years_ago=0.8),
        passport=DemoPassport(kind=PassportKind.HONORARY_CONTRACT, trust=SLAM, years_ago=0.7),
    ),
    DemoPerson(
        id="mia",
        name="Mia Castellanos",
        organisation=ONS,
        role=Role.TRE_MANAGER,
        try_this="See every project, person and request at the desk, and revoke a release.",
    ),
    DemoPerson(
        id="lena",
        name="Lena Fischer",
        organisation=SLAM,
        role=Role.DATA_LINKER,
        try_this="See who sent which columns to whom, and how good the linkage is.",
    ),
    DemoPerson(
        id="omar",
        name="Omar Haddad",
        organisation=ONS,
        role=Role.AUDITOR,
        try_this="Read the ledger: every step above is in it, and it can prove that it is whole.",
    ),
    *DECIDERS,
)

_NPD_VARIABLES = (
    "linked.sex",
    "linked.birth_year",
    "linked.ethnic_group",
    "linked.imd_decile",
    "linked.borough",
    "linked.free_school_meals",
    "linked.sen_support",
    "linked.ks2_score",
    "linked.ks4_attainment8",
    "linked.absence_percent",
    "linked.exclusions",
    "attainment.key_stage",
    "attainment.school_year",
    "attainment.measure",
    "attainment.score",
    "absence.school_year",
    "absence.year_group",
    "absence.sessions_possible",
    "absence.sessions_missed",
    "absence.suspensions",
    "absence_reasons.school_year",
    "absence_reasons.reason",
    "absence_reasons.sessions",
    "exclusions.school_year",
    "exclusions.category",
    "exclusions.reason",
    "exclusions.sessions",
)
_CRIS_VARIABLES = (
    "linked.group",
    "linked.diagnosis_group",
    "linked.early_onset_psychosis",
    "linked.first_referral_age",
    "referrals.referral_year",
    "referrals.age_at_referral",
    "referrals.accepted",
    "referrals.days_in_care",
)
_GRANTS = (
    DemoGrant(dataset="cris", controller=SLAM, variables=_CRIS_VARIABLES),
    DemoGrant(dataset="npd", controller=DFE, variables=_NPD_VARIABLES),
)
_GATEWAY = (
    "Digital Economy Act 2017, section 64 (access); section 251 of the NHS Act 2006 (linkage)"
)

PROJECTS: tuple[DemoProject, ...] = (
    DemoProject(
        id=STUDY,
        title="Early-onset psychosis and attainment",
        summary=(
            "How far young people who develop psychosis before 18 fall behind at school, and how "
            "much of it absence and exclusion explain."
        ),
        years_ago=0.5,
        lasts_years=3.0,
        legal_gateway=_GATEWAY,
        ethics_reference="REC 25/SC/0229, IRAS 356975",
        public_benefit=(
            "Earlier help at school for the young people whose first episode begins there."
        ),
        members=("ada", "bola"),
        lead="ada",
        grants=_GRANTS,
    ),
    DemoProject(
        id=ENDED_STUDY,
        title="Clinical and educational pathways before, during and after Covid-19",
        summary=(
            "Referrals to child mental-health services and school careers across the pandemic. "
            "The project has reached its end, so the gate lets nobody in."
        ),
        years_ago=3.2,
        lasts_years=3.0,
        legal_gateway=_GATEWAY,
        ethics_reference="REC 25/SC/0229, IRAS 356975",
        public_benefit="Services and schools that are ready for the next disruption.",
        members=("ada",),
        lead="ada",
        grants=_GRANTS,
    ),
    DemoProject(
        id=PRACTICE,
        title="Practice: early-onset psychosis and attainment",
        summary=(
            "The same study on a synthetic twin of its extract: nobody in it exists, and nobody "
            "needs accreditation to learn here."
        ),
        years_ago=0.1,
        lasts_years=5.0,
        legal_gateway="None needed: the data are synthetic",
        ethics_reference="None needed: the data are synthetic",
        public_benefit="Researchers who know output checking before they meet real data.",
        members=("tess", "finn"),
        lead="tess",
        grants=_GRANTS,
        practice=True,
        place=Place.ASSURED_HOME,
        passport_trust=None,
    ),
)


def demo_person(person: PersonId) -> DemoPerson | None:
    """Find a demonstration account by its name; None for an account of another kind."""
    return next((demo for demo in PEOPLE if demo.id == person), None)
