"""The way of an application: lay group, data owners, panel; each step by whom it belongs to."""

from dataclasses import replace
from datetime import date

import pytest

from tests.demo import Demo
from tests.demo_people import SLAM, STUDY
from tests.steps import projects_on_their_way as way
from tests.steps.projects_on_their_way import ask, draft, vote
from tre.decision import NotThereError, OvertakenError, RefusedError, UnusableRequestError
from tre.safe_projects.application import AskedVariable, Choice, Opinion
from tre.safe_projects.project import Place, ProjectState
from tre.steps.apply_for_project import (
    answer_advice,
    apply_for_project,
    change_application,
    submit_application,
    withdraw_application,
)
from tre.steps.decide_as_owner import Answer, decide_as_owner
from tre.steps.lay_review import advise_on_project
from tre.steps.notices import notices
from tre.steps.people import load_person
from tre.steps.projects import load_project
from tre.steps.read_ledger import read_ledger
from tre.steps.record_person import record_person
from tre.steps.start_session import start_session
from tre.steps.tre import SYSTEM
from tre.store.project_applications import read_application
from tre.store.project_changes import move_project
from tre.store.telling import due_mail

YES, ASK, NO = Choice.APPROVE, Choice.RETURN, Choice.REFUSE
S = ProjectState


@pytest.fixture
def world(any_demo: Demo) -> Demo:
    """The little world, on each database, with everybody who decides about projects."""
    way.with_deciders(any_demo.tre)
    return any_demo


@pytest.fixture
def small(demo: Demo) -> Demo:
    """The same on SQLite alone, for what does not depend on the database."""
    way.with_deciders(demo.tre)
    return demo


def state(demo: Demo, project: str) -> ProjectState:
    return load_project(demo.tre, project).state


def application(demo: Demo, project: str):
    with demo.tre.store.reading() as connection:
        return read_application(connection, project)


def tags(demo: Demo, project: str) -> list[tuple[str, str]]:
    entries = read_ledger(demo.tre, "omar", project=project)
    return [(entry.actor, entry.tag) for entry in reversed(entries)]


def test_a_project_goes_from_its_draft_to_its_accreditation(world: Demo):
    project = way.accredited(world.tre)
    found = load_project(world.tre, project)
    assert found.state is S.ACCREDITED
    assert [(g.dataset, g.controller, len(g.variables)) for g in found.datasets] == [
        ("cris", SLAM, 3),
        ("npd", "Department for Education", 2),
    ]
    assert {(g.since_year, g.until_year) for g in found.datasets} == {(2010, 2019)}
    assert found.legal_gateway.startswith("Digital Economy Act 2017, section 64; Section 251")
    assert tags(world, project) == [
        ("ada", "projects:application:write"),
        ("ada", "projects:application:submit"),
        ("sol", "projects:advice:give"),
        ("ada", "projects:advice:answer"),
        ("uma", "projects:data:decide"),
        ("dora", "projects:data:decide"),
        (":system", "projects:data:granted"),
        ("priya", "projects:panel:vote"),
        ("quinn", "projects:panel:vote"),
        ("rosa", "projects:panel:vote"),
        (":system", "projects:panel:accredit"),
    ]
    assert world.tre.store.verify_ledger().whole


def test_an_application_is_read_as_it_was_written(world: Demo):
    project = way.with_panel(world.tre)
    vote(world.tre, "rosa", project, ASK, "Report yearly.")
    found = application(world, project)
    assert found.gateways == ("dea-2017", "section-251")
    assert (found.rec, found.iras, found.cag) == ("25/SC/0229", "356975", "25/CAG/0092")
    (cris, npd) = found.asked
    assert (cris.controller, cris.place, cris.passport_trust) == (SLAM, Place.SAFE_ROOM, SLAM)
    assert npd.names == ("linked.ks4_attainment8", "attainment.school_year")
    assert found.advice[0].opinion is Opinion.SUGGESTS
    assert found.replies[0].to_advice
    assert [d.dataset for d in found.decisions] == ["cris", "npd"]
    (cast,) = found.votes
    assert (cast.person, cast.choice, cast.conditions, cast.independent) == (
        "rosa", ASK, ("Report yearly.",), True,
    )  # fmt: skip
    assert cast.at == world.clock()


def test_the_gate_is_closed_until_the_panel_has_accredited(small: Demo):
    project = way.with_panel(small.tre)
    with pytest.raises(RefusedError, match="not accredited yet"):
        start_session(small.tre, "ada", project)


def test_the_id_cannot_be_guessed_from_the_title(small: Demo):
    first, second = way.a_draft(small.tre), way.a_draft(small.tre)
    assert first != second
    assert first.startswith("school-after-a-first-episode-")


@pytest.mark.parametrize(
    ("title", "start"),
    [("2026", "project-2026-"), ("Élan vital", "elan-vital-"), ("心", "project-")],
)
def test_any_title_gives_an_id(small: Demo, title: str, start: str):
    assert way.a_draft(small.tre, title=title).startswith(start)


@pytest.mark.parametrize("odd", ["", "a\0b", "../etc", "A-Project", "x" * 100, "é" * 5, "'; --"])
def test_what_can_be_no_id_is_not_there_and_asks_no_database(world: Demo, odd: str):
    with pytest.raises(NotThereError, match="that you have a part in"):
        submit_application(world.tre, "ada", odd)
    with pytest.raises(NotThereError, match="that you have a part in"):
        start_session(world.tre, "ada", odd)


def test_nobody_leads_more_applications_than_a_few_at_once(small: Demo):
    projects = [way.a_draft(small.tre) for _ in range(10)]
    with pytest.raises(UnusableRequestError, match="10 at most"):
        way.a_draft(small.tre)
    withdraw_application(small.tre, "ada", projects[0])
    way.a_draft(small.tre)


def test_a_draft_may_have_gaps_but_is_not_handed_in_with_them(small: Demo):
    bare = draft(summary="", rec="", asks=())
    project = apply_for_project(small.tre, "ada", bare)
    with pytest.raises(RefusedError) as refusal:
        submit_application(small.tre, "ada", project)
    told = str(refusal.value)
    assert "lay summary" in told
    assert "Research Ethics Committee" in told
    assert "choose the data" in told
    assert state(small, project) is S.DRAFT
    change_application(small.tre, "ada", project, draft())
    submit_application(small.tre, "ada", project)
    assert state(small, project) is S.WITH_LAY_GROUP


def test_a_reason_is_needed_for_every_variable(small: Demo):
    bare = AskedVariable(name="patients.sex", why="")
    project = way.a_draft(small.tre, asks=(ask("cris", "patients.birth_year"),))
    change_application(
        small.tre, "ada", project, draft(asks=(way.Ask(dataset="cris", variables=(bare,)),))
    )
    with pytest.raises(RefusedError, match=r"patients\.sex"):
        submit_application(small.tre, "ada", project)


@pytest.mark.parametrize(
    "asks",
    [
        (way.Ask(dataset="nothing", variables=()),),
        (ask("cris"), ask("cris")),
        (way.Ask(dataset="cris", variables=(AskedVariable(name="linked.nhs_number", why="x"),)),),
        # a variable of another dataset
        (way.Ask(dataset="hes", variables=(AskedVariable(name="patients.sex", why="x"),)),),
    ],
)
def test_only_what_the_catalogue_has_can_be_asked_for(small: Demo, asks):
    with pytest.raises(UnusableRequestError):
        apply_for_project(small.tre, "ada", draft(asks=asks))


def test_data_of_two_places_need_a_word_about_how_they_meet(small: Demo):
    asks = (ask("cris"), ask("npd"), ask("hes"))
    project = way.a_draft(small.tre, asks=asks)
    with pytest.raises(RefusedError, match="how the two come together"):
        submit_application(small.tre, "ada", project)
    meeting = "The CDLS brings the hospital records into the SRS."
    change_application(small.tre, "ada", project, draft(asks=asks, meeting=meeting))
    submit_application(small.tre, "ada", project)


def test_members_have_accounts_of_researchers(small: Demo):
    with pytest.raises(UnusableRequestError, match="no account of a researcher"):
        way.a_draft(small.tre, members=("cora",))
    with pytest.raises(NotThereError):
        way.a_draft(small.tre, members=("nobody",))
    project = way.a_draft(small.tre, members=("gwen", "ada", "gwen"))
    members = {m.person: m.lead for m in load_project(small.tre, project).members}
    assert members == {"ada": True, "gwen": False}


def test_concerns_of_the_lay_group_do_not_stop_a_project_but_must_be_answered(small: Demo):
    project = way.with_lay_group(small.tre)
    advise_on_project(small.tre, "sol", project, Opinion.IS_WORRIED, "Who asked the families?")
    assert state(small, project) is S.ADVISED
    with pytest.raises(UnusableRequestError, match="is empty"):
        answer_advice(small.tre, "ada", project, " ")
    answer_advice(small.tre, "ada", project, "The group's members did, in two workshops.")
    assert state(small, project) is S.WITH_OWNERS


# The data owners


def test_each_controller_decides_on_its_own_dataset(small: Demo):
    project = way.with_owners(small.tre)
    yes = Answer(choice=YES, reasons="Fine.", variables=("linked.ks4_attainment8",))
    with pytest.raises(RefusedError, match="those of Department for Education"):
        decide_as_owner(small.tre, "uma", project, "npd", yes)
    with pytest.raises(NotThereError):  # NHS Digital is not asked, and does not learn of it
        decide_as_owner(small.tre, "nils", project, "npd", yes)
    with pytest.raises(UnusableRequestError, match="does not ask for 'hes'"):
        decide_as_owner(small.tre, "uma", project, "hes", yes)


def test_an_owner_may_grant_fewer_variables_under_conditions_but_no_other(small: Demo):
    project = way.with_owners(small.tre, asks=(ask("cris", "patients.sex", "patients.birth_year"),))
    more = Answer(choice=YES, reasons="Fine.", variables=("patients.borough",))
    with pytest.raises(RefusedError, match="was not asked for"):
        decide_as_owner(small.tre, "uma", project, "cris", more)
    less = Answer(
        choice=YES,
        reasons="Age is not needed.",
        conditions=("Acknowledge the Trust.", " ", "Acknowledge the Trust."),
        variables=("patients.sex",),
    )
    decide_as_owner(small.tre, "uma", project, "cris", less)
    assert state(small, project) is S.WITH_PANEL
    for voter in way.PANEL:
        vote(small.tre, voter, project, YES)
    (given,) = load_project(small.tre, project).datasets
    assert given.variables == ("patients.sex",)
    assert application(small, project).decisions[0].conditions == ("Acknowledge the Trust.",)


@pytest.mark.parametrize("choice", [ASK, NO])
def test_a_question_or_a_refusal_of_an_owner_gives_the_application_back(small: Demo, choice):
    project = way.with_owners(small.tre)
    cris, npd = draft().asks
    way.grant_all(small.tre, project, (cris,))
    decide_as_owner(small.tre, "dora", project, "npd", Answer(choice=choice, reasons="Why so?"))
    assert state(small, project) is S.RETURNED
    # the other owner's grant stands, since nothing else is asked of them
    submit_application(small.tre, "ada", project, reply="Because of the outcome.")
    assert state(small, project) is S.WITH_OWNERS
    way.grant_all(small.tre, project, (npd,))
    assert state(small, project) is S.WITH_PANEL


def test_a_dataset_that_is_refused_can_be_left_out(small: Demo):
    project = way.with_owners(small.tre)
    way.grant_all(small.tre, project, draft().asks[:1])
    decide_as_owner(small.tre, "dora", project, "npd", Answer(choice=NO, reasons="Not this year."))
    change_application(small.tre, "ada", project, draft(asks=draft().asks[:1]))
    submit_application(small.tre, "ada", project, reply="Without schools then.")
    assert state(small, project) is S.WITH_PANEL


def test_asking_for_more_takes_an_owner_s_grant_back(small: Demo):
    project = way.with_owners(small.tre)
    way.grant_all(small.tre, project, draft().asks[:1])
    decide_as_owner(small.tre, "dora", project, "npd", Answer(choice=ASK, reasons="Why?"))
    longer = ask("cris", until_year=2024)
    change_application(small.tre, "ada", project, draft(asks=(longer, draft().asks[1])))
    submit_application(small.tre, "ada", project, reply="We ask for longer.")
    way.grant_all(small.tre, project, draft().asks[1:])
    assert state(small, project) is S.WITH_OWNERS  # the Trust has to decide again
    way.grant_all(small.tre, project, (longer,))
    assert state(small, project) is S.WITH_PANEL


def test_questions_must_be_answered_before_it_is_handed_in_again(small: Demo):
    project = way.with_owners(small.tre)
    decide_as_owner(small.tre, "dora", project, "npd", Answer(choice=ASK, reasons="Why?"))
    with pytest.raises(UnusableRequestError, match="the answer is empty"):
        submit_application(small.tre, "ada", project)


# Who may, and who may know


def test_the_lead_alone_writes_hands_in_answers_and_withdraws(small: Demo):
    project = way.a_draft(small.tre, members=("gwen",))
    for act in (
        lambda who: change_application(small.tre, who, project, draft()),
        lambda who: submit_application(small.tre, who, project),
        lambda who: answer_advice(small.tre, who, project, "Yes."),
        lambda who: withdraw_application(small.tre, who, project),
    ):
        with pytest.raises(RefusedError, match="only its lead"):
            act("gwen")
        for stranger in ("finn", "mia", "sol", "uma"):
            with pytest.raises(NotThereError):
                act(stranger)


@pytest.mark.parametrize("stranger", ["finn", "nils"])
def test_what_is_not_there_and_what_is_another_s_are_said_in_the_same_words(small, stranger):
    project = way.with_owners(small.tre)
    answer = Answer(choice=NO, reasons="No.")
    said = []
    for each in (project, "no-such-project"):
        with pytest.raises(NotThereError) as refusal:
            decide_as_owner(small.tre, stranger, each, "npd", answer)
        said.append(str(refusal.value).replace(each, "…"))
    assert said[0] == said[1]


def test_a_refusal_is_on_the_ledger(small: Demo):
    project = way.with_panel(small.tre)
    with pytest.raises(RefusedError):
        vote(small.tre, "kit", project, YES)
    entry = read_ledger(small.tre, "omar", person="kit", limit=1)[0]
    assert (entry.tag, entry.outcome, entry.project) == ("projects:panel:vote", "refused", project)
    assert entry.details["rules"] == ["Safe Projects: no common organisation"]


def test_an_application_is_withdrawn_for_good(small: Demo):
    project = way.with_owners(small.tre)
    withdraw_application(small.tre, "ada", project)
    assert state(small, project) is S.WITHDRAWN
    with pytest.raises(RefusedError, match="is withdrawn"):
        withdraw_application(small.tre, "ada", project)
    with pytest.raises(NotThereError):  # nor does anybody else see it any more
        advise_on_project(small.tre, "sol", project, Opinion.SUPPORTS, "Good.")


def test_people_are_told_when_it_is_their_turn_and_mail_leaves_the_title_out(small: Demo):
    sol = load_person(small.tre, "sol")
    record_person(small.tre, SYSTEM, replace(sol, email="sol@example.org"))
    project = way.with_panel(small.tre)
    for person, text in (
        ("sol", "advice"),
        ("uma", "data of your organisation"),
        ("rosa", "panel's votes"),
        ("ada", "with the panel"),
    ):
        told = [notice for notice in notices(small.tre, person) if notice.path.endswith(project)]
        assert any(text in notice.text for notice in told), person
        assert {notice.title for notice in told} == {"School after a first episode"}
    with small.tre.store.reading() as connection:
        (letter,) = due_mail(connection, small.clock(), 10)
    assert letter.subject == "A project is with the lay group"
    assert "School after" not in letter.subject + letter.text


def test_a_study_that_was_recorded_without_an_application_has_none(small: Demo):
    with pytest.raises(UnusableRequestError, match="without an application"):
        decide_as_owner(small.tre, "uma", STUDY, "cris", Answer(choice=NO, reasons="No."))


def test_two_who_act_at_once_do_not_both_move_it(small: Demo):
    project = way.with_lay_group(small.tre)
    seen = load_project(small.tre, project)
    withdraw_application(small.tre, "ada", project)
    with pytest.raises(OvertakenError), small.tre.store.writing() as change:
        move_project(change.connection, seen, S.ADVISED)
    assert state(small, project) is S.WITHDRAWN


def test_dates_in_the_past_are_not_handed_in(small: Demo):
    project = way.a_draft(small.tre, ends=date(2026, 3, 1), starts=date(2026, 1, 1))
    with pytest.raises(RefusedError, match="in the past"):
        submit_application(small.tre, "ada", project)
