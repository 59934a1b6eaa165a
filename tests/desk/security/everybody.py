"""Everybody who might come to the desk, and one of everything that they might ask for."""

from dataclasses import dataclass, replace
from datetime import date

from tests.demo import Demo
from tests.demo_people import ADA, KINGS, ONS, PROJECTS, SLAM, STUDY
from tests.steps import projects_on_their_way as way
from tests.steps.test_ingress import bring
from tests.steps.test_people_accreditation import TOLD
from tre.safe_outputs.release_request import CommentAudience, VoteChoice
from tre.safe_people.person import Accreditation, AccreditationLevel, Passport, PassportKind
from tre.safe_projects.changes import ChangeKind
from tre.safe_projects.project import Membership, Project, ProjectState
from tre.steps.apply_for_accreditation import submit_application, write_application
from tre.steps.ask_for_release import ask_for_release
from tre.steps.change_project import Proposal, propose_change
from tre.steps.comment import comment
from tre.steps.create_request import create_request
from tre.steps.impose_sanction import impose_sanction
from tre.steps.ingress_requests import view_ingress
from tre.steps.record_document import record_passport
from tre.steps.record_person import record_person
from tre.steps.record_project import record_project
from tre.steps.tre import SYSTEM
from tre.steps.view_request import view_request
from tre.steps.vote import vote
from tre.vocabulary import Role

OTHER, SUSPENDED = "another-study", "suspended-study"

PROVISIONAL = Accreditation(
    level=AccreditationLevel.PROVISIONAL, since=date(2025, 1, 6), until=date(2028, 1, 5)
)
PAPER = Passport(
    kind=PassportKind.LETTER_OF_ACCESS,
    trust=SLAM,
    reference="LoA 1",
    since=date(2026, 3, 1),
    until=date(2027, 2, 28),
)
PEOPLE = (
    replace(ADA, id="rae", name="Rae Okafor"),
    replace(ADA, id="hugh", name="Hugh Lam"),
    replace(ADA, id="pat", name="Pat Li", accreditation=PROVISIONAL, supervisor="gwen"),
    replace(ADA, id="sid", name="Sid Novak"),
    replace(ADA, id="tom", name="Tom Berg", temporary_password=True),
    replace(ADA, id="lou", name="Lou Weber", second_factor_since=None),
    replace(way.person("nora", Role.RESEARCHER, KINGS), roles=frozenset()),
    way.person("kim", Role.OUTPUT_CHECKER, ONS),
    replace(way.person("cleo", Role.OUTPUT_CHECKER, ONS), supervisor="ada"),
)

APART: dict[Role, str] = {
    Role.RESEARCHER: "rae",
    Role.OUTPUT_CHECKER: "cora",
    Role.DATA_LINKER: "lena",
    Role.DATA_OWNER: "nils",
    Role.PANEL_MEMBER: "priya",
    Role.LAY_MEMBER: "sol",
    Role.TRAINER: "tess",
    Role.TRE_MANAGER: "mia",
    Role.AUDITOR: "omar",
}
"""For each role somebody who has it and no other, and no part in the study."""

WITH_A_PART = {
    "ada": "author and lead",
    "gwen": "member, and a supervisor",
    "pat": "member, provisional and supervised",
    "uma": "owner of the study's data",
    "kim": "output checker who is named on the study",
    "cleo": "output checker whom the author supervises",
}
REFUSED = {
    "bola": "member whose accreditation and passport ran out",
    "sid": "member who is sanctioned",
    "tom": "member with a temporary password",
    "lou": "member without a second factor after a day",
    "nora": "person without a role",
}
NOBODY, GHOST = "nobody", "ghost"
"""Not signed in at all; and signed in at the hub under a name that the environment lacks."""

VISITORS = (NOBODY, GHOST, *APART.values(), *WITH_A_PART, *REFUSED)


KNOWN_PEOPLE = (*APART.values(), *WITH_A_PART, *REFUSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Things:
    """The numbers and ids of what there is; every request and file is the study's."""

    draft: int
    submitted: int
    reviewed: int
    released: int
    file: int
    comment: int
    ingress: int
    ingress_file: int
    application: int
    change: int
    more_data: int
    projects: dict[str, str]


def fill(demo: Demo) -> Things:
    """Add everybody and everything to the little world."""
    tre = demo.tre
    way.with_deciders(tre)
    for person in PEOPLE:
        record_person(tre, SYSTEM, person)
    named = ("gwen", "hugh", "pat", "sid", "tom", "lou", "kim")
    for project in (
        _with(PROJECTS[0], *named),
        replace(_with(PROJECTS[0], *named), id=SUSPENDED, state=ProjectState.SUSPENDED),
        replace(PROJECTS[0], id=OTHER, title="Another study", members=(_lead("rae"),)),
    ):
        record_project(tre, SYSTEM, project)
    released, submitted = demo.released(), demo.submitted()
    reviewed = ask_for_release(tre, "hugh", STUDY, demo.package())
    demo.review(reviewed, "cora")
    demo.review(reviewed, "deniz")
    vote(tre, "cora", submitted, demo.outputs(submitted)[0], VoteChoice.APPROVED)
    comment(tre, "cora", submitted, "outputs", "Which year?", CommentAudience.PRIVATE)
    view = view_request(tre, "cora", submitted)
    ingress = bring(demo)
    write_application(tre, "finn", TOLD)
    record_passport(tre, "mia", "finn", PAPER)
    longer = Proposal(kind=ChangeKind.EXTENSION, reason="Later.", until=date(2027, 12, 31))
    more = Proposal(kind=ChangeKind.MORE_DATA, reason="To compare.", ask=way.ask("cris"))
    things = Things(
        released=released,
        submitted=submitted,
        reviewed=reviewed,
        file=demo.outputs(submitted)[0],
        comment=next(c.id for g in view.groups for c in g.comments),
        draft=create_request(tre, "gwen", STUDY, "A draft"),
        ingress=ingress,
        ingress_file=view_ingress(tre, "cora", ingress).files[0].id,
        application=submit_application(tre, "finn"),
        change=propose_change(tre, "ada", STUDY, longer),
        more_data=propose_change(tre, "ada", STUDY, more),
        projects={
            "study": STUDY,
            "suspended": SUSPENDED,
            "draft": way.a_draft(tre),
            "with the lay group": way.with_lay_group(tre),
            "advised": way.advised(tre),
            "with owners": way.with_owners(tre),
            "with the panel": way.with_panel(tre),
        },
    )
    impose_sanction(tre, "mia", person="sid", until=None, reason="Under inquiry.")
    return things


def _with(project: Project, *people: str) -> Project:
    more = tuple(replace(project.members[0], person=each, lead=False) for each in people)
    return replace(project, members=(*project.members, *more))


def _lead(person: str) -> Membership:
    study = PROJECTS[0]
    return Membership(person=person, since=study.starts, until=study.ends, lead=True)
