"""Applying for accreditation and what follows: supervision, declaration, documents, roles."""

from dataclasses import replace
from datetime import date

import pytest

from tests.demo import Demo
from tests.demo_people import SLAM, STUDY
from tre.decision import NotThereError, OvertakenError, RefusedError, UnusableRequestError
from tre.safe_people.applications import ApplicationEvent, ApplicationState, Basis, Evidence
from tre.safe_people.person import Accreditation, AccreditationLevel, Passport, PassportKind
from tre.steps.apply_for_accreditation import (
    my_applications,
    submit_application,
    withdraw_application,
    write_application,
)
from tre.steps.ask_supervision import (
    answer_supervisor_question,
    ask_to_supervise,
    supervisions_of,
)
from tre.steps.change_roles import change_roles
from tre.steps.decide_application import (
    decide_application,
    one_application,
    waiting_applications,
)
from tre.steps.my_page import my_page
from tre.steps.notices import notices
from tre.steps.people import load_person
from tre.steps.projects import load_project
from tre.steps.read_ledger import read_ledger
from tre.steps.record_document import record_passport, record_training, take_passport_away
from tre.steps.record_person import record_person
from tre.steps.record_project import record_project
from tre.steps.sign_declaration import sign_declaration
from tre.steps.start_session import start_session
from tre.steps.tre import SYSTEM
from tre.vocabulary import Role

FULL, PROVISIONAL = AccreditationLevel.FULL, AccreditationLevel.PROVISIONAL
TODAY = date(2026, 3, 2)  # the little world's first Monday
TOLD = Evidence(
    level=FULL,
    basis=Basis.DEGREE,
    qualification="MSc Epidemiology, LSHTM, 2019: half of it statistics",
    training_passed=date(2026, 2, 2),
    training_certificate="SRT-77",
    declaration_version="2025-1",
    declared_as="Finn Walsh",
)
AS_TRAINEE = replace(
    TOLD, level=PROVISIONAL, basis=Basis.NONE_YET, qualification="", supervisor="ada", project=STUDY
)


def put_on_study(demo: Demo, person: str) -> None:
    study = load_project(demo.tre, STUDY)
    named = replace(study.members[0], person=person, lead=False)
    record_project(demo.tre, SYSTEM, replace(study, members=(*study.members, named)))


def apply(demo: Demo, told: Evidence = TOLD, person: str = "finn") -> int:
    write_application(demo.tre, person, told)
    return submit_application(demo.tre, person)


def grant(demo: Demo, number: int, actor: str = "mia") -> ApplicationState:
    return decide_application(demo.tre, actor, number, ApplicationEvent.GRANT)


def test_full_accreditation_is_applied_for_and_granted_for_five_years(any_demo: Demo) -> None:
    demo = any_demo
    number = apply(demo)
    assert [each.number for each in waiting_applications(demo.tre, "mia")] == [number]
    view = one_application(demo.tre, "mia", number)
    assert view.against_a_grant.allowed
    assert grant(demo, number) == ApplicationState.GRANTED
    finn = load_person(demo.tre, "finn")
    assert finn.accreditation == Accreditation(level=FULL, since=TODAY, until=date(2031, 3, 1))
    assert (finn.training_passed, finn.training_until) == (date(2026, 2, 2), date(2031, 2, 1))
    assert finn.declaration_version == "2025-1"
    assert notices(demo.tre, "finn")[0].text == "Your accreditation is granted."
    tags = [e.tag for e in read_ledger(demo.tre, "omar", person="finn")]
    assert tags[:2] == ["people:notices:view", "people:accreditation:grant"]
    assert waiting_applications(demo.tre, "mia") == ()


def test_an_application_with_gaps_is_kept_but_not_handed_in(demo: Demo) -> None:
    write_application(demo.tre, "finn", Evidence())
    with pytest.raises(RefusedError) as refusal:
        submit_application(demo.tre, "finn")
    assert len(refusal.value.decision.reasons) == 3
    assert my_applications(demo.tre, "finn")[0].state == ApplicationState.DRAFT
    with pytest.raises(NotThereError):
        submit_application(demo.tre, "bola")


def test_a_returned_application_is_mended_and_handed_in_again(demo: Demo) -> None:
    number = apply(demo)
    for event in (ApplicationEvent.RETURN, ApplicationEvent.REFUSE):
        with pytest.raises(RefusedError, match="say why"):
            decide_application(demo.tre, "mia", number, event, " ")
    decide_application(demo.tre, "mia", number, ApplicationEvent.RETURN, "Which university?")
    (mine,) = my_applications(demo.tre, "finn")
    assert (mine.state, mine.reason) == (ApplicationState.RETURNED, "Which university?")
    assert "Which" not in repr(read_ledger(demo.tre, "omar", person="mia"))
    assert "Which" not in notices(demo.tre, "finn")[0].text
    assert apply(demo) == number
    grant(demo, number)


def test_a_refused_or_withdrawn_application_is_over_and_another_may_begin(demo: Demo) -> None:
    first = apply(demo)
    decide_application(demo.tre, "mia", first, ApplicationEvent.REFUSE, "The degree is invented.")
    assert load_person(demo.tre, "finn").accreditation is None
    second = apply(demo)
    withdraw_application(demo.tre, "finn")
    third = apply(demo)
    assert len({first, second, third}) == 3
    for event in ApplicationEvent:
        with pytest.raises(OvertakenError):
            decide_application(demo.tre, "mia", first, event, "again")


def test_what_lies_with_the_manager_is_not_rewritten(demo: Demo) -> None:
    apply(demo)
    with pytest.raises(UnusableRequestError, match="take it back first"):
        write_application(demo.tre, "finn", Evidence())
    with pytest.raises(OvertakenError):
        submit_application(demo.tre, "finn")


def test_two_managers_who_press_at_once_grant_once(demo: Demo) -> None:
    number = apply(demo)
    grant(demo, number)
    with pytest.raises(OvertakenError):
        grant(demo, number)
    assert load_person(demo.tre, "finn").accreditation_after is None


def test_nobody_but_another_manager_decides(demo: Demo) -> None:
    number = apply(demo)
    for actor in ("finn", "ada", "cora", "tess", "lena", "omar"):
        with pytest.raises(RefusedError):
            grant(demo, number, actor)
    with pytest.raises(NotThereError):
        grant(demo, 999)
    # a manager who applied before being one
    record_person(
        demo.tre,
        SYSTEM,
        replace(load_person(demo.tre, "finn"), roles=frozenset({Role.TRE_MANAGER})),
    )
    with pytest.raises(RefusedError, match="about yourself"):
        grant(demo, number, "finn")


def test_evidence_that_ran_out_while_waiting_is_not_granted(demo: Demo) -> None:
    number = apply(demo, replace(TOLD, training_passed=date(2021, 3, 10)))
    demo.clock.move(days=20)
    with pytest.raises(RefusedError, match="Take it again"):
        grant(demo, number)
    assert not one_application(demo.tre, "mia", number).against_a_grant.allowed


def test_a_renewal_begins_on_the_day_after_and_the_person_works_on_without_a_gap(
    demo: Demo,
) -> None:
    # Ada's five years end on 7 January 2029; the study is made to last that long.
    study = load_project(demo.tre, STUDY)
    longer = tuple(replace(m, until=date(2031, 1, 1)) for m in study.members)
    record_project(demo.tre, SYSTEM, replace(study, ends=date(2031, 1, 1), members=longer))
    ada = load_person(demo.tre, "ada")
    passport = replace(ada.passports[0], until=date(2031, 1, 1))
    record_person(demo.tre, SYSTEM, replace(ada, passports=(passport,)))
    told = replace(TOLD, declared_as="Ada Mensah")
    with pytest.raises(RefusedError, match="renewed from 08 November 2028"):
        write_application(demo.tre, "ada", told)
    demo.clock.move(days=(date(2028, 12, 1) - TODAY).days)
    grant(demo, apply(demo, told, "ada"))
    ada = load_person(demo.tre, "ada")
    assert ada.accreditation is not None
    assert ada.accreditation.until == date(2029, 1, 7)
    after = Accreditation(level=FULL, since=date(2029, 1, 8), until=date(2034, 1, 7))
    assert ada.accreditation_after == after
    for day in (date(2029, 1, 7), date(2029, 1, 8)):
        demo.clock.move(days=(day - demo.clock.at.date()).days)
        start_session(demo.tre, "ada", STUDY)


# Provisional accreditation and supervision


def test_a_provisional_researcher_works_once_the_supervisor_has_confirmed(demo: Demo) -> None:
    put_on_study(demo, "finn")
    record_passport(demo.tre, "mia", "finn", PASSPORT)
    number = apply(demo, AS_TRAINEE)
    with pytest.raises(RefusedError, match="has not confirmed yet"):
        grant(demo, number)
    (asked,) = my_page(demo.tre, "ada").asked_of_me
    answer_supervisor_question(demo.tre, "ada", asked.number, confirm=True)
    grant(demo, number)
    finn = load_person(demo.tre, "finn")
    assert finn.supervisor == "ada"
    assert finn.accreditation == Accreditation(
        level=PROVISIONAL, since=TODAY, until=date(2029, 3, 1)
    )
    start_session(demo.tre, "finn", STUDY)


@pytest.mark.parametrize(
    ("supervisor", "words"),
    [("bola", "may not supervise today"), ("tess", "not named on this"), ("nobody", "none is")],
)
def test_only_who_could_vouch_at_the_gate_is_asked(demo: Demo, supervisor: str, words: str) -> None:
    put_on_study(demo, "finn")
    write_application(demo.tre, "finn", replace(AS_TRAINEE, supervisor=supervisor))
    with pytest.raises(RefusedError, match=words):
        submit_application(demo.tre, "finn")
    with pytest.raises(RefusedError, match=words):
        ask_to_supervise(demo.tre, "finn", supervisor, STUDY)
    with pytest.raises(RefusedError, match="no such project"):
        ask_to_supervise(demo.tre, "finn", "ada", "nowhere")


def test_somebody_who_is_not_on_the_project_asks_nobody_there(demo: Demo) -> None:
    with pytest.raises(RefusedError, match="you are not named"):
        ask_to_supervise(demo.tre, "finn", "ada", STUDY)


def test_a_supervisor_declines_or_is_overtaken_and_nobody_else_answers(demo: Demo) -> None:
    put_on_study(demo, "finn")
    ask_to_supervise(demo.tre, "finn", "ada", STUDY)
    (first,) = supervisions_of(demo.tre, "ada")
    for actor in ("finn", "bola"):
        with pytest.raises(NotThereError):
            answer_supervisor_question(demo.tre, actor, first.number, confirm=True)
    ask_to_supervise(demo.tre, "finn", "ada", STUDY)  # again: the first is over
    with pytest.raises(OvertakenError):
        answer_supervisor_question(demo.tre, "ada", first.number, confirm=True)
    second = supervisions_of(demo.tre, "ada")[0]
    answer_supervisor_question(demo.tre, "ada", second.number, confirm=False)
    assert load_person(demo.tre, "finn").supervisor is None
    assert "cannot supervise you" in notices(demo.tre, "finn")[0].text


# Declaration, documents, roles


def test_the_declaration_is_signed_with_ones_own_name_in_the_version_that_was_read(
    demo: Demo,
) -> None:
    with pytest.raises(RefusedError, match="your own name"):
        sign_declaration(demo.tre, "finn", "2025-1", "Ada Mensah")
    with pytest.raises(UnusableRequestError, match="not the newest"):
        sign_declaration(demo.tre, "finn", "2020-1", "Finn Walsh")
    sign_declaration(demo.tre, "finn", "2025-1", "finn  walsh")
    assert load_person(demo.tre, "finn").declaration_version == "2025-1"
    assert my_page(demo.tre, "finn").to_sign is None


PASSPORT = Passport(
    kind=PassportKind.LETTER_OF_ACCESS,
    trust=SLAM,
    since=date(2026, 3, 1),
    until=date(2027, 2, 28),
    reference="LoA 12/26",
)


def test_a_document_is_recorded_by_the_manager_and_taken_away(any_demo: Demo) -> None:
    demo = any_demo
    for actor in ("finn", "ada", "omar"):
        with pytest.raises(RefusedError):
            record_passport(demo.tre, actor, "finn", PASSPORT)
    record_passport(demo.tre, "mia", "finn", PASSPORT)
    assert load_person(demo.tre, "finn").passports == (PASSPORT,)
    with pytest.raises(UnusableRequestError, match="already"):
        record_passport(demo.tre, "mia", "finn", PASSPORT)
    with pytest.raises(RefusedError, match="reference is missing"):
        record_passport(demo.tre, "mia", "finn", replace(PASSPORT, reference=""))
    take_passport_away(demo.tre, "mia", "finn", trust=SLAM, reference="LoA 12/26")
    assert load_person(demo.tre, "finn").passports == ()
    with pytest.raises(NotThereError):
        take_passport_away(demo.tre, "mia", "finn", trust=SLAM, reference="LoA 12/26")


def test_training_counts_for_five_years_from_the_day_it_was_passed(demo: Demo) -> None:
    assert record_training(demo.tre, "mia", "finn", date(2026, 3, 2)) == date(2031, 3, 1)
    for day in (date(2026, 3, 3), date(2021, 3, 1)):
        with pytest.raises(UnusableRequestError, match="cannot be that day"):
            record_training(demo.tre, "mia", "finn", day)


def test_roles_are_changed_by_another_manager_and_told(demo: Demo) -> None:
    change_roles(demo.tre, "mia", "finn", {Role.RESEARCHER, Role.TRAINER})
    assert load_person(demo.tre, "finn").roles == {Role.RESEARCHER, Role.TRAINER}
    assert notices(demo.tre, "finn")[0].text == "Your roles are now: researcher, trainer."
    entry = read_ledger(demo.tre, "omar", person="mia", limit=1)[0]
    assert entry.details == {"given": ["trainer"], "taken": []}
    change_roles(demo.tre, "mia", "finn", {Role.RESEARCHER, Role.TRAINER})  # nothing changes
    with pytest.raises(RefusedError, match="about yourself"):
        change_roles(demo.tre, "mia", "mia", {Role.TRE_MANAGER, Role.TRAINER})
    with pytest.raises(RefusedError, match="auditor at once"):
        change_roles(demo.tre, "mia", "finn", {Role.RESEARCHER, Role.AUDITOR})
    with pytest.raises(RefusedError):
        change_roles(demo.tre, "cora", "finn", {Role.TRE_MANAGER})


def test_a_manager_does_not_record_themselves_anew(demo: Demo) -> None:
    more = frozenset({Role.TRE_MANAGER, Role.OUTPUT_CHECKER})
    with pytest.raises(RefusedError, match="about yourself"):
        record_person(demo.tre, "mia", replace(load_person(demo.tre, "mia"), roles=more))


# One's own page


def test_my_page_says_what_i_may_do_what_stops_me_and_what_runs_out(demo: Demo) -> None:
    mine = my_page(demo.tre, "ada")
    assert mine.can[0].what == "Work on “Early-onset psychosis and attainment”"
    assert [each.kind for each in mine.runs_out] == [
        "project",
        "passport",
        "accreditation",
        "training",
    ]
    other = my_page(demo.tre, "bola")
    stops = {stop.reason.rule: stop for stop in other.stops}
    assert stops["accreditation"].path == "/me/accreditation"
    assert stops["NHS passport"].path == ""
    assert stops["accreditation"].what == (
        "Work on “Early-onset psychosis and attainment”",
        "Join projects with real data",
    )


@pytest.mark.parametrize("person", ["ada", "bola", "cora", "tess", "finn", "mia", "lena", "omar"])
def test_everybody_has_a_page_and_may_do_something(demo: Demo, person: str) -> None:
    assert my_page(demo.tre, person).can
    record_person(demo.tre, SYSTEM, replace(load_person(demo.tre, person), temporary_password=True))
    without = my_page(demo.tre, person)
    assert without.can == ()
    assert "own password" in {stop.reason.rule for stop in without.stops}
