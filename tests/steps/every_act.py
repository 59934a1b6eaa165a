"""Every action of the vocabulary as something that somebody does: who may, and who may not."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from tests.demo import Demo
from tests.demo_people import FINN, PROJECTS, STUDY
from tests.hub.wheels import write_wheel
from tests.steps import projects_on_their_way as way
from tests.steps.test_ingress import bring
from tests.steps.test_people_accreditation import AS_TRAINEE, TOLD, put_on_study
from tests.steps.test_reproducing import asserted, write_down_a_run
from tre.safe_data.extracts.manifest import read_manifest
from tre.safe_outputs.release_request import CommentAudience, FileKind, VoteChoice
from tre.safe_people.applications import ApplicationEvent
from tre.safe_projects.application import Choice, Opinion
from tre.safe_projects.changes import ChangeKind
from tre.steps import apply_for_accreditation, apply_for_project, ask_supervision
from tre.steps.accept_code import accept_code
from tre.steps.add_file import add_file
from tre.steps.approve_request import approve_request
from tre.steps.assess import assess
from tre.steps.budget import spending
from tre.steps.build_world import build_world
from tre.steps.change_password import change_password
from tre.steps.change_project import Proposal, decide_change, propose_change, withdraw_change
from tre.steps.change_roles import change_roles
from tre.steps.checkpoint_ledger import checkpoint_ledger
from tre.steps.comment import comment
from tre.steps.create_request import create_request
from tre.steps.decide_application import decide_application
from tre.steps.decide_as_owner import Answer, decide_as_owner
from tre.steps.destroy_extract import destroy_extract
from tre.steps.download_release import download_release
from tre.steps.end_project import end_project
from tre.steps.figures import view_figures
from tre.steps.impose_sanction import impose_sanction
from tre.steps.ingress_requests import view_ingress
from tre.steps.lay_review import advise_on_project
from tre.steps.lift_sanction import lift_sanction
from tre.steps.make_extract import settle_extract
from tre.steps.open_account import recover_account
from tre.steps.packages import add_packages, packages
from tre.steps.people import load_person
from tre.steps.queue import queue
from tre.steps.read_ledger import read_ledger
from tre.steps.record_document import record_training
from tre.steps.record_person import record_person
from tre.steps.record_project import record_project
from tre.steps.refuse_code import refuse_code
from tre.steps.reject_request import reject_request
from tre.steps.remind import remind
from tre.steps.return_request import return_request
from tre.steps.revoke_release import revoke_release
from tre.steps.run_linkage import run_linkage
from tre.steps.second_factor import current_code
from tre.steps.sign_declaration import sign_declaration
from tre.steps.sign_in import sign_in
from tre.steps.start_session import start_session
from tre.steps.submit_request import submit_request
from tre.steps.submit_review import submit_review
from tre.steps.suspend_project import resume_project, suspend_project
from tre.steps.transfers import transfers
from tre.steps.tre import SYSTEM
from tre.steps.view_person import view_person
from tre.steps.view_project import view_project
from tre.steps.view_request import view_request
from tre.steps.vote import vote
from tre.steps.withdraw_code import withdraw_code
from tre.steps.withdraw_request import withdraw_request
from tre.vocabulary import Action, Role

A = Action

Do = Callable[[Demo, str, Any], object]
Prepare = Callable[[Demo], Any]

REASON = "It has to be, for a reason."
YES = Answer(choice=Choice.APPROVE, reasons="It fits.")
NAMES = {"finn": "Finn Walsh", "mia": "Mia Castellanos"}


def on_study(demo: Demo) -> None:
    put_on_study(demo, "finn")
    apply_for_accreditation.write_application(demo.tre, "finn", AS_TRAINEE)


def asked_to_supervise(demo: Demo) -> int:
    on_study(demo)
    apply_for_accreditation.submit_application(demo.tre, "finn")
    return ask_supervision.supervisions_of(demo.tre, "ada")[0].number


def handed_in(demo: Demo) -> int:
    apply_for_accreditation.write_application(demo.tre, "finn", TOLD)
    return apply_for_accreditation.submit_application(demo.tre, "finn")


def proposed(demo: Demo) -> int:
    way.with_deciders(demo.tre)
    longer = Proposal(kind=ChangeKind.EXTENSION, reason=REASON, until=date(2027, 12, 31))
    return propose_change(demo.tre, "ada", STUDY, longer)


def sanctioned(demo: Demo) -> None:
    impose_sanction(demo.tre, "mia", person="bola", until=None, reason=REASON)


def on_the_way(bring_to: Callable[..., str]) -> Prepare:
    def prepare(demo: Demo) -> str:
        way.with_deciders(demo.tre)
        return bring_to(demo.tre)

    return prepare


def a_draft(demo: Demo) -> int:
    return create_request(demo.tre, "ada", STUDY, "Diagnosis by sex")


def voted(demo: Demo) -> int:
    request = demo.submitted()
    for file in demo.outputs(request):
        vote(demo.tre, "cora", request, file, VoteChoice.APPROVED)
    return request


def an_older_version(demo: Demo) -> str:
    return shutil.copytree(demo.extract, demo.extract.with_name("2026-02-19-1")).name


def spend(demo: Demo, who: str, _: object) -> None:
    with spending(demo.tre, who, STUDY, epsilon=0.1) as spent:
        spent.result_sha256 = "0" * 64


def cast(demo: Demo, who: str, request: int) -> None:
    vote(demo.tre, who, request, demo.outputs(request)[0], VoteChoice.APPROVED)


def say(demo: Demo, who: str, request: int) -> None:
    comment(demo.tre, who, request, "outputs", "Which year?", CommentAudience.PRIVATE)


def upload(demo: Demo, who: str, request: int) -> None:
    add_file(demo.tre, who, request, name="a.py", content=b"x = 1", kind=FileKind.CODE)


def add_a_wheel(demo: Demo, who: str, _: object) -> None:
    folder = demo.tre.config.home / "elsewhere"
    folder.mkdir()
    add_packages(demo.tre, who, [write_wheel(folder)])


def hand_over(demo: Demo, who: str, _: object) -> None:
    if who == "ada":
        demo.submitted()
    else:  # a draft without an output is not submitted
        submit_request(demo.tre, "ada", a_draft(demo))


def release(demo: Demo, who: str, request: int) -> None:
    if who != "the system":
        in_the_way = demo.tre.folders.releases(request)
        in_the_way.parent.mkdir(parents=True, exist_ok=True)
        in_the_way.touch()
    approve_request(demo.tre, "cora", request)


def answer(demo: Demo, who: str, number: int) -> None:
    if who != "ada":  # a supervisor whose training has lapsed confirms nobody
        lapsed = replace(load_person(demo.tre, "ada"), training_until=date(2026, 1, 1))
        record_person(demo.tre, SYSTEM, lapsed)
    ask_supervision.answer_supervisor_question(demo.tre, "ada", number, confirm=True)


def sign_in_as(demo: Demo, who: str, _: object) -> None:
    password = demo.password if who == "ada" else "a wrong password"
    sign_in(demo.tre, "ada", password, current_code(demo.tre, "ada"))


def choose_password(demo: Demo, who: str, _: object) -> None:
    password = demo.password if who == "ada" else "a wrong password"
    code = current_code(demo.tre, "ada")
    change_password(demo.tre, "ada", password=password, code=code, new="quartz-meadow-lantern-7")


def remind_later(demo: Demo, who: str, _: object) -> None:
    demo.clock.move(days=(date(2026, 12, 6) - demo.clock().date()).days)
    remind(demo.tre, who)


def nothing(demo: Demo) -> None:
    """Nothing has to be there."""


def settle(demo: Demo, who: str, _: object) -> None:
    settle_extract(demo.tre, who, STUDY, read_manifest(demo.extract))


# What has to be there; the act; who may; who may not. The name of who may not is at times only a
# sign for the act to do what is refused.
ACTS: dict[Action, tuple[Prepare, Do, str, str]] = {
    A.SIGN_IN: (nothing, sign_in_as, "ada", "a stranger"),
    A.KEEP_ACCOUNT: (nothing, choose_password, "ada", "a stranger"),
    A.VIEW_PERSON: (nothing, lambda d, who, _: view_person(d.tre, who, "ada"), "mia", "bola"),
    A.RECORD_PERSON: (
        nothing,
        lambda d, who, _: record_person(d.tre, who, replace(FINN, id="new-finn")),
        *("mia", "ada"),
    ),
    A.IMPOSE_SANCTION: (
        nothing,
        lambda d, who, _: impose_sanction(d.tre, who, person="bola", until=None, reason=REASON),
        *("mia", "ada"),
    ),
    A.LIFT_SANCTION: (
        sanctioned,
        lambda d, who, _: lift_sanction(d.tre, who, 1, REASON),
        *("mia", "ada"),
    ),
    A.RECOVER_ACCOUNT: (
        nothing,
        lambda d, who, _: recover_account(d.tre, who, "ada"),
        "mia",
        "bola",
    ),
    A.CHANGE_ROLES: (
        nothing,
        lambda d, who, _: change_roles(d.tre, who, "finn", {Role.RESEARCHER, Role.TRAINER}),
        *("mia", "ada"),
    ),
    A.RECORD_DOCUMENT: (
        nothing,
        lambda d, who, _: record_training(d.tre, who, "finn", date(2026, 2, 2)),
        *("mia", "ada"),
    ),
    A.APPLY_FOR_ACCREDITATION: (
        nothing,
        lambda d, who, _: apply_for_accreditation.write_application(d.tre, who, TOLD),
        *("finn", "mia"),
    ),
    A.DECIDE_ACCREDITATION: (
        handed_in,
        lambda d, who, n: decide_application(d.tre, who, n, ApplicationEvent.GRANT),
        *("mia", "ada"),
    ),
    A.SIGN_DECLARATION: (
        nothing,
        lambda d, who, _: sign_declaration(d.tre, who, "2025-1", NAMES[who]),
        *("finn", "mia"),
    ),
    A.ASK_SUPERVISION: (
        on_study,
        lambda d, who, _: ask_supervision.ask_to_supervise(d.tre, who, "ada", STUDY),
        *("finn", "mia"),
    ),
    A.ANSWER_SUPERVISION: (asked_to_supervise, answer, "ada", "ada, lapsed"),
    A.SEND_REMINDERS: (nothing, remind_later, "mia", "ada"),
    A.RECORD_PROJECT: (
        nothing,
        lambda d, who, _: record_project(d.tre, who, PROJECTS[2]),
        *("mia", "ada"),
    ),
    A.VIEW_PROJECT: (nothing, lambda d, who, _: view_project(d.tre, who, STUDY), "ada", "finn"),
    A.APPLY_FOR_PROJECT: (
        lambda d: way.with_deciders(d.tre),
        lambda d, who, _: apply_for_project.apply_for_project(d.tre, who, way.draft()),
        *("ada", "mia"),
    ),
    A.SUBMIT_APPLICATION: (
        on_the_way(way.a_draft),
        lambda d, who, p: apply_for_project.submit_application(d.tre, who, p),
        *("ada", "bola"),
    ),
    A.WITHDRAW_APPLICATION: (
        on_the_way(way.with_lay_group),
        lambda d, who, p: apply_for_project.withdraw_application(d.tre, who, p),
        *("ada", "bola"),
    ),
    A.ADVISE_ON_PROJECT: (
        on_the_way(way.with_lay_group),
        lambda d, who, p: advise_on_project(d.tre, who, p, Opinion.SUPPORTS, "It is worth it."),
        *("sol", "priya"),
    ),
    A.ANSWER_ADVICE: (
        on_the_way(way.advised),
        lambda d, who, p: apply_for_project.answer_advice(d.tre, who, p, "We have changed it."),
        *("ada", "sol"),
    ),
    A.DECIDE_AS_OWNER: (
        on_the_way(way.with_owners),
        lambda d, who, p: decide_as_owner(
            d.tre, who, p, "cris", replace(YES, choice=Choice.REFUSE)
        ),
        *("uma", "dora"),
    ),
    A.VOTE_ON_PROJECT: (
        on_the_way(way.with_panel),
        lambda d, who, p: way.vote(d.tre, who, p, Choice.APPROVE),
        *("priya", "kit"),
    ),
    A.PROPOSE_CHANGE: (
        nothing,
        lambda d, who, _: propose_change(
            d.tre,
            who,
            STUDY,
            Proposal(kind=ChangeKind.EXTENSION, reason=REASON, until=date(2027, 12, 31)),
        ),
        *("ada", "bola"),
    ),
    A.WITHDRAW_CHANGE: (
        proposed,
        lambda d, who, n: withdraw_change(d.tre, who, STUDY, n),
        *("ada", "bola"),
    ),
    A.DECIDE_CHANGE: (
        proposed,
        lambda d, who, n: decide_change(d.tre, who, STUDY, n, YES),
        *("priya", "omar"),
    ),
    A.SUSPEND_PROJECT: (
        nothing,
        lambda d, who, _: suspend_project(d.tre, who, STUDY, REASON),
        *("mia", "ada"),
    ),
    A.RESUME_PROJECT: (
        lambda d: suspend_project(d.tre, "mia", STUDY, REASON),
        lambda d, who, _: resume_project(d.tre, who, STUDY, REASON),
        *("mia", "ada"),
    ),
    A.END_PROJECT: (
        nothing,
        lambda d, who, _: end_project(d.tre, who, STUDY, REASON),
        *("mia", "ada"),
    ),
    A.START_SESSION: (nothing, lambda d, who, _: start_session(d.tre, who, STUDY), "ada", "bola"),
    A.BRING_CODE: (nothing, lambda d, who, _: bring(d, actor=who), "ada", "bola"),
    A.VIEW_INGRESS: (bring, lambda d, who, n: view_ingress(d.tre, who, n), "cora", "tess"),
    A.ACCEPT_CODE: (bring, lambda d, who, n: accept_code(d.tre, who, n), "cora", "mia"),
    A.REFUSE_CODE: (bring, lambda d, who, n: refuse_code(d.tre, who, n, REASON), "cora", "mia"),
    A.WITHDRAW_CODE: (bring, lambda d, who, n: withdraw_code(d.tre, who, n), "ada", "cora"),
    A.VIEW_PACKAGES: (nothing, lambda d, who, _: packages(d.tre, who), "mia", "ada"),
    A.CHANGE_PACKAGES: (nothing, add_a_wheel, "mia", "ada"),
    A.BUILD_WORLD: (nothing, lambda d, who, _: build_world(d.tre, who), "mia", "ada"),
    A.RUN_LINKAGE: (nothing, lambda d, who, _: run_linkage(d.tre, who, "npd"), "lena", "ada"),
    A.VIEW_LINKAGE: (nothing, lambda d, who, _: transfers(d.tre, who), "lena", "ada"),
    A.MAKE_EXTRACT: (nothing, settle, "lena", "ada"),
    A.DESTROY_EXTRACT: (
        an_older_version,
        lambda d, who, v: destroy_extract(d.tre, who, STUDY, v, REASON),
        *("lena", "ada"),
    ),
    A.SPEND_BUDGET: (nothing, spend, "ada", "bola"),
    A.CREATE_REQUEST: (
        nothing,
        lambda d, who, _: create_request(d.tre, who, STUDY, "Diagnosis by sex"),
        *("ada", "bola"),
    ),
    A.UPDATE_REQUEST: (a_draft, upload, "ada", "cora"),
    A.SUBMIT_REQUEST: (nothing, hand_over, "ada", "ada, with nothing"),
    A.WITHDRAW_REQUEST: (a_draft, lambda d, who, n: withdraw_request(d.tre, who, n), "ada", "cora"),
    A.VIEW_REQUEST: (Demo.submitted, lambda d, who, n: view_request(d.tre, who, n), "cora", "finn"),
    A.REPRODUCE_OUTPUT: (asserted, write_down_a_run, ":system", "mia"),
    A.VOTE: (Demo.submitted, cast, "cora", "mia"),
    A.COMMENT: (Demo.submitted, say, "cora", "mia"),
    A.SUBMIT_REVIEW: (voted, lambda d, who, n: submit_review(d.tre, who, n), "cora", "deniz"),
    A.RETURN_REQUEST: (
        Demo.submitted,
        lambda d, who, n: return_request(d.tre, who, n, REASON),
        *("cora", "mia"),
    ),
    A.REJECT_REQUEST: (
        Demo.reviewed,
        lambda d, who, n: reject_request(d.tre, who, n, REASON),
        *("cora", "mia"),
    ),
    A.APPROVE_REQUEST: (Demo.reviewed, lambda d, w, n: approve_request(d.tre, w, n), "cora", "mia"),
    A.RELEASE_REQUEST: (Demo.reviewed, release, "the system", "the system, without a folder"),
    A.REVOKE_RELEASE: (
        Demo.released,
        lambda d, who, n: revoke_release(d.tre, who, n, REASON),
        *("mia", "ada"),
    ),
    A.DOWNLOAD_RELEASE: (
        Demo.released,
        lambda d, who, n: download_release(d.tre, who, n),
        *("ada", "finn"),
    ),
    A.VIEW_QUEUE: (nothing, lambda d, who, _: queue(d.tre, who), "cora", "ada"),
    A.VIEW_FIGURES: (nothing, lambda d, who, _: view_figures(d.tre, who), "omar", "cora"),
    A.VIEW_LEDGER: (nothing, lambda d, who, _: read_ledger(d.tre, who), "omar", "ada"),
    A.KEEP_CHECKPOINT: (nothing, lambda d, who, _: checkpoint_ledger(d.tre, who), "omar", "ada"),
    A.VIEW_ASSESSMENT: (nothing, lambda d, who, _: assess(d.tre, who), "omar", "ada"),
}
