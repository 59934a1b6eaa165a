"""The people of the demonstration who decide about projects. Nobody here exists."""

from tre.training.demo_kinds import DFE, ONS, SLAM, DemoPerson
from tre.vocabulary import PersonId, Role

NHS_DIGITAL = "NHS Digital"
EDINBURGH = "University of Edinburgh"
LAY_GROUP = "Service User and Carer Advisory Group"

LAY_MEMBER = "sol"
OWNERS = {
    SLAM: "uma",
    DFE: "dora",
    NHS_DIGITAL: "nils",
    "King's College Hospital Renal Unit": "raj",
    "Lambeth DataNet": "leo",
    "King's College Hospital and Guy's and St Thomas'": "hana",
    "Local maternity and neonatal units": "mei",
    ONS: "owen",
    "Thames Cancer Registry": "tilda",
    "Public Health England": "petra",
    "Child and Family Court Advisory and Support Service": "carl",
    "Department for Work and Pensions": "wes",
    "Human Fertilisation and Embryology Authority": "fay",
}
"""Who decides for each controller of the catalogue's data."""

PANEL = ("priya", "quinn", "rosa")
"""The panel, in the order in which it votes on the examples; rosa is independent of them all."""

_ORGANISATIONS = {person: organisation for organisation, person in OWNERS.items()}


def _owner(person: PersonId, name: str, try_this: str) -> DemoPerson:
    return DemoPerson(
        id=person,
        name=name,
        organisation=_ORGANISATIONS[person],
        role=Role.DATA_OWNER,
        try_this=try_this,
    )


DECIDERS: tuple[DemoPerson, ...] = (
    DemoPerson(
        id=LAY_MEMBER,
        name="Solomon Grant",
        organisation=LAY_GROUP,
        role=Role.LAY_MEMBER,
        try_this="Read a project that waits for the group, and write down its advice.",
    ),
    _owner(
        "uma",
        "Uma Krishnan",
        "Decide for the Trust which of the CRIS variables the study of kidney disease may have.",
    ),
    _owner(
        "dora",
        "Dora Whitfield",
        "Grant a project fewer school records than it asks for, under a condition. You do not "
        "see the projects that ask for none.",
    ),
    _owner(
        "nils",
        "Nils Aaltonen",
        "Grant a change that asks for more hospital records; the panel's chair follows.",
    ),
    _owner("raj", "Raj Bhandari", "Ask the study of kidney disease a question before you decide."),
    _owner("leo", "Leo Baptiste", "See your grant stand, though the panel sent the study back."),
    _owner("hana", "Hana Novak", "See a study that has your data suspended, and its condition."),
    _owner("mei", "Mei Castle", "See the study of births on its way: the lay group has it first."),
    _owner("owen", "Owen Price", "See what the Census is used for, and under which condition."),
    _owner("tilda", "Tilda Marsh", "See the study of cancer with the panel, and no vote of it."),
    _owner("petra", "Petra Lang", "See a study refused by the panel, though you had granted."),
    _owner("carl", "Carl Osei", "Decide once Grace has answered the lay group's advice."),
    _owner("wes", "Wes Tully", "Decide on benefits once Ada has handed in her draft."),
    _owner("fay", "Fay Morris", "See nothing: who took a study back keeps it to themselves."),
    DemoPerson(
        id="priya",
        name="Priya Nair",
        organisation=ONS,
        role=Role.PANEL_MEMBER,
        try_this="You have voted on one project: see that nobody sees it before all have voted.",
    ),
    DemoPerson(
        id="quinn",
        name="Quinn Doyle",
        organisation=DFE,
        role=Role.PANEL_MEMBER,
        try_this="Vote on the study of cancer, and accept an extension of another.",
    ),
    DemoPerson(
        id="rosa",
        name="Rosa Marchetti",
        organisation=EDINBURGH,
        role=Role.PANEL_MEMBER,
        try_this="Vote as the independent member, whose seat on every panel nobody else may take.",
    ),
)
