"""The people of the demonstration world, as data: who is there, and what to try.

Dates are years and days from the day on which the world is built, so that it works on any day
and an expired accreditation is expired. Nobody here exists.
"""

from tre.safe_people.person import AccreditationLevel, PassportKind
from tre.training.deciders import DECIDERS
from tre.training.demo_kinds import (
    DECLARATION_VERSION,
    KINGS,
    ONS,
    SLAM,
    DemoAccreditation,
    DemoPassport,
    DemoPerson,
)
from tre.vocabulary import PersonId, ProjectId, Role

__all__ = [
    "DECLARATION_VERSION",
    "SLAM",
    "DemoAccreditation",
    "DemoPassport",
    "DemoPerson",
]

STUDY: ProjectId = "early-onset-psychosis"
ENDED_STUDY: ProjectId = "covid-pathways"
PRACTICE: ProjectId = "practice-early-onset-psychosis"

CHECKERS: tuple[PersonId, PersonId] = ("cora", "deniz")
MANAGER: PersonId = "mia"
LINKER: PersonId = "lena"
TRAINER: PersonId = "tess"
TRAINEE: PersonId = "finn"

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
            "Lead ten studies of the other linkages: three are open to work in; the rest wait, "
            "stand still or were refused."
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


def demo_person(person: PersonId) -> DemoPerson | None:
    """Find a demonstration account by its name; None for an account of another kind."""
    return next((demo for demo in PEOPLE if demo.id == person), None)
