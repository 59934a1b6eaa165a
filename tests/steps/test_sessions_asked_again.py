"""A session that is open is asked about again: by the same rules as at its start, and its data."""

import shutil
from dataclasses import replace
from datetime import date

import pytest

from tests.demo import Demo
from tests.demo_extract import VERSION
from tests.demo_people import ADA, FINN, KINGS, STUDY
from tre.config import Config
from tre.decision import ALLOWED, NotThereError, Reason, UnusableRequestError
from tre.hub.gate import StepsGate
from tre.safe_people.person import Accreditation, AccreditationLevel
from tre.safe_projects.project import ProjectState
from tre.steps.ask_again import ask_again
from tre.steps.end_session import end_session
from tre.steps.impose_sanction import impose_sanction
from tre.steps.people import load_person
from tre.steps.projects import load_project
from tre.steps.read_ledger import read_ledger
from tre.steps.record_person import record_person
from tre.steps.record_project import record_project
from tre.steps.start_session import start_session
from tre.steps.tre import SYSTEM, open_tre
from tre.store.store import StoreUnavailableError

PRACTICE = "practice-early-onset-psychosis"


def barred(demo: Demo) -> None:
    impose_sanction(demo.tre, "mia", person="ada", until=None, reason="Left a screen unlocked.")


def whole_organisation_barred(demo: Demo) -> None:
    impose_sanction(demo.tre, "mia", organisation=KINGS, until=None, reason="Shared accounts.")


def accreditation_over(demo: Demo) -> None:
    level = AccreditationLevel.FULL
    over = Accreditation(level=level, since=date(2020, 1, 1), until=date(2026, 3, 1))
    record_person(demo.tre, SYSTEM, replace(load_person(demo.tre, "ada"), accreditation=over))


def training_over(demo: Demo) -> None:
    person = load_person(demo.tre, "ada")
    record_person(demo.tre, SYSTEM, replace(person, training_until=date(2026, 3, 1)))


def passport_over(demo: Demo) -> None:
    record_person(demo.tre, SYSTEM, replace(load_person(demo.tre, "ada"), passports=()))


def left_the_project(demo: Demo) -> None:
    study = load_project(demo.tre, STUDY)
    others = tuple(member for member in study.members if member.person != "ada")
    record_project(demo.tre, SYSTEM, replace(study, members=others))


def project_over(demo: Demo) -> None:
    record_project(demo.tre, SYSTEM, replace(load_project(demo.tre, STUDY), ends=date(2026, 3, 1)))


def project_suspended(demo: Demo) -> None:
    study = load_project(demo.tre, STUDY)
    record_project(demo.tre, SYSTEM, replace(study, state=ProjectState.SUSPENDED))


def extract_destroyed(demo: Demo) -> None:
    (demo.extract.parent / "current").unlink()


def extract_made_again(demo: Demo) -> None:
    shutil.copytree(demo.extract, demo.extract.with_name("2026-03-02-1"))
    (demo.tre.folders.extracts(STUDY) / "current").write_text("2026-03-02-1\n")


CHANGES = {
    barred: ["sanctions"],
    whole_organisation_barred: ["sanctions"],
    accreditation_over: ["accreditation"],
    training_over: ["training"],
    passport_over: ["passport"],
    left_the_project: ["member"],
    project_over: ["dates"],
    project_suspended: ["accredited"],
    extract_destroyed: ["extract in use"],
    extract_made_again: ["extract in use"],
}


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_what_would_refuse_a_start_refuses_that_a_session_goes_on(demo: Demo, change) -> None:
    spec = start_session(demo.tre, "ada", STUDY)
    assert ask_again(demo.tre, "ada", STUDY, spec.extract.name) == ALLOWED
    change(demo)
    decision = ask_again(demo.tre, "ada", STUDY, VERSION)
    found = [reason.rule for reason in decision.reasons]
    assert len(found) == len(CHANGES[change])
    assert all(part in rule for part, rule in zip(CHANGES[change], found, strict=True))


def test_a_supervisor_who_may_not_be_here_takes_the_supervised_along(demo: Demo) -> None:
    level = AccreditationLevel.PROVISIONAL
    granted = Accreditation(level=level, since=date(2026, 1, 1), until=date(2028, 12, 31))
    supervised = replace(ADA, id="gil", name="Gil Moreau", accreditation=granted, supervisor="ada")
    record_person(demo.tre, SYSTEM, supervised)
    study = load_project(demo.tre, STUDY)
    membership = replace(study.members[0], person="gil", lead=False)
    record_project(demo.tre, SYSTEM, replace(study, members=(*study.members, membership)))
    assert ask_again(demo.tre, "gil", STUDY, VERSION) == ALLOWED
    accreditation_over(demo)
    decision = ask_again(demo.tre, "gil", STUDY, VERSION)
    assert [reason.rule for reason in decision.reasons] == ["supervision"]


def test_a_day_that_passes_is_enough(demo: Demo) -> None:
    until = load_project(demo.tre, STUDY).ends
    demo.clock.move(days=(until - demo.clock().date()).days)
    last_day = ask_again(demo.tre, "ada", STUDY, VERSION)
    demo.clock.move(days=1)
    assert len(ask_again(demo.tre, "ada", STUDY, VERSION).reasons) > len(last_day.reasons)


def test_every_reason_is_given(demo: Demo) -> None:
    for change in (barred, accreditation_over, project_suspended, extract_destroyed):
        change(demo)
    assert len(ask_again(demo.tre, "ada", STUDY, VERSION).reasons) == 4


def test_who_or_what_is_gone_cannot_be_asked_about(demo: Demo) -> None:
    with pytest.raises(NotThereError):
        ask_again(demo.tre, "nobody", STUDY, VERSION)
    with pytest.raises(NotThereError):
        ask_again(demo.tre, "ada", "no-such-study", VERSION)


def test_asking_writes_nothing(demo: Demo) -> None:
    barred(demo)
    ask_again(demo.tre, "ada", STUDY, VERSION)
    assert read_ledger(demo.tre, "omar", person="ada")[0].tag == "people:sanction:impose"


def test_the_ledger_names_every_rule_that_ended_a_session(demo: Demo) -> None:
    start_session(demo.tre, "ada", STUDY)
    barred(demo)
    accreditation_over(demo)
    decision = ask_again(demo.tre, "ada", STUDY, VERSION)
    end_session(demo.tre, "ada", STUDY, "the gate was asked again and refused", decision)
    entry = next(e for e in read_ledger(demo.tre, "omar") if e.tag == "settings:session:end")
    assert entry.details["reason"] == "the gate was asked again and refused"
    assert entry.details["rules"] == [f"{r.safe}: {r.rule}" for r in decision.reasons]
    assert "screen" not in str(entry.details)  # why somebody is barred is not the ledger's


def test_an_end_without_a_refusal_names_no_rule(demo: Demo) -> None:
    start_session(demo.tre, "ada", STUDY)
    end_session(demo.tre, "ada", STUDY, "closed by its owner")
    entry = next(e for e in read_ledger(demo.tre, "omar") if e.tag == "settings:session:end")
    assert "rules" not in entry.details


def test_the_hubs_gate_sees_what_another_process_changed(demo: Demo, tmp_path) -> None:
    gate = StepsGate(Config(home=tmp_path / "home"))
    gate.__dict__["tre"] = opened = open_tre(gate.config, now=demo.clock)
    try:
        gate.start_session("ada", STUDY)
        assert gate.open_sessions() == (("ada", STUDY),)
        assert gate.may_sign_in("ada")
        assert gate.ask_again("ada", STUDY, VERSION) == ALLOWED
        barred(demo)  # with a connection of its own, as a command has
        decision = gate.ask_again("ada", STUDY, VERSION)
        assert isinstance(decision.reasons[0], Reason)
        assert not gate.may_sign_in("ada")
        assert not gate.may_sign_in("nobody")
        gate.end_session("ada", STUDY, "the gate was asked again and refused", decision)
        assert gate.open_sessions() == ()
    finally:
        opened.close()


def test_a_store_that_does_not_answer_is_no_permission(demo: Demo, tmp_path) -> None:
    database = tmp_path / "home" / "tre.sqlite"
    demo.tre.close()
    database.rename(database.with_suffix(".away"))
    database.mkdir()
    with pytest.raises(StoreUnavailableError):
        ask_again(demo.tre, "ada", STUDY, VERSION)
    database.rmdir()
    database.with_suffix(".away").rename(database)


def test_a_practice_session_is_asked_about_by_fewer_rules(demo: Demo) -> None:
    start_session(demo.tre, FINN.id, PRACTICE)
    assert ask_again(demo.tre, FINN.id, PRACTICE) == ALLOWED
    (demo.tre.folders.extracts(PRACTICE) / "current").write_text("../elsewhere")
    with pytest.raises(UnusableRequestError):
        ask_again(demo.tre, FINN.id, PRACTICE)
