"""The people of the demonstration who decide about projects. Nobody here exists."""

from tre.training.demo_kinds import DFE, ONS, SLAM, DemoPerson
from tre.vocabulary import Role

NHS_DIGITAL = "NHS Digital"
EDINBURGH = "University of Edinburgh"
LAY_GROUP = "Service User and Carer Advisory Group"

LAY_MEMBER = "sol"
OWNERS = {SLAM: "uma", DFE: "dora", NHS_DIGITAL: "nils"}
"""Who decides for each controller of data that the example applications ask for."""

PANEL = ("priya", "quinn", "rosa")
"""The panel, in the order in which it votes on the examples; rosa is independent of them all."""

DECIDERS: tuple[DemoPerson, ...] = (
    DemoPerson(
        id=LAY_MEMBER,
        name="Solomon Grant",
        organisation=LAY_GROUP,
        role=Role.LAY_MEMBER,
        try_this="Read a project that waits for the group, and write down its advice.",
    ),
    DemoPerson(
        id="uma",
        name="Uma Krishnan",
        organisation=SLAM,
        role=Role.DATA_OWNER,
        try_this="Decide for the Trust which of the CRIS variables a project may have.",
    ),
    DemoPerson(
        id="dora",
        name="Dora Whitfield",
        organisation=DFE,
        role=Role.DATA_OWNER,
        try_this=(
            "Grant a project fewer school records than it asks for, under a condition. You do not "
            "see the projects that ask for none."
        ),
    ),
    DemoPerson(
        id="nils",
        name="Nils Aaltonen",
        organisation=NHS_DIGITAL,
        role=Role.DATA_OWNER,
        try_this="Grant a change that asks for more hospital records; the panel's chair follows.",
    ),
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
        try_this="Vote on a project that asks for hospital records, and accept an extension.",
    ),
    DemoPerson(
        id="rosa",
        name="Rosa Marchetti",
        organisation=EDINBURGH,
        role=Role.PANEL_MEMBER,
        try_this="Vote as the independent member, whose seat on every panel nobody else may take.",
    ),
)
