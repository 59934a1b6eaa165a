"""Decisions: one broken fact is one reason, several are several, and all are in words."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.five_safes.world import (
    FULL,
    NOW,
    PROVISIONAL,
    SLAM,
    TODAY,
    dataset,
    member,
    project,
    researcher,
    staff,
    subject,
)
from tests.safe_outputs.requests import a_file, a_request, no, review, said, yes
from tre.five_safes import Subject, decide
from tre.safe_outputs.release_request import Group, State
from tre.safe_people.person import Sanction
from tre.safe_people.system import SYSTEM
from tre.safe_projects.project import Place, ProjectState
from tre.vocabulary import Action, Role, Safe

BAN = Sanction(on_organisation=False, since=TODAY, until=None, reason="a breach")
CHECKER = staff("cora", Role.OUTPUT_CHECKER)


def reasons(actor, action, about, on=NOW) -> list[tuple[Safe, str]]:
    return [(reason.safe, reason.rule) for reason in decide(actor, action, about, on=on).reasons]


def test_a_researcher_with_everything_in_date_starts_a_session():
    assert decide(researcher(), Action.START_SESSION, subject(), on=NOW).allowed


@pytest.mark.parametrize(
    ("person", "about", "safe", "rule"),
    [
        # Safe People
        (researcher(second_factor_since=None), subject(), Safe.PEOPLE, "second factor"),
        (researcher(temporary_password=True), subject(), Safe.PEOPLE, "own password"),
        (researcher(sanctions=(BAN,)), subject(), Safe.PEOPLE, "sanctions"),
        (
            researcher(sanctions=(replace(BAN, on_organisation=True),)),
            subject(),
            Safe.PEOPLE,
            "sanctions",
        ),
        (researcher(roles=frozenset({Role.AUDITOR})), subject(), Safe.PEOPLE, "role"),
        (
            researcher(accreditation=replace(FULL, until=date(2026, 10, 4))),
            subject(),
            Safe.PEOPLE,
            "accreditation",
        ),
        (researcher(accreditation=PROVISIONAL), subject(), Safe.PEOPLE, "supervision"),
        (researcher(training_until=date(2026, 10, 4)), subject(), Safe.PEOPLE, "training"),
        (researcher(declaration_version="2020-1"), subject(), Safe.PEOPLE, "declaration"),
        (researcher(passports=()), subject(), Safe.PEOPLE, "NHS passport"),
        # Safe Projects
        (
            researcher(),
            subject(project=project(state=ProjectState.SUSPENDED)),
            Safe.PROJECTS,
            "project accredited",
        ),
        (
            researcher(),
            subject(project=project(ends=date(2026, 10, 4))),
            Safe.PROJECTS,
            "project dates",
        ),
        (
            researcher(),
            subject(project=project(starts=date(2026, 10, 6))),
            Safe.PROJECTS,
            "project dates",
        ),
        (researcher("eve"), subject(), Safe.PROJECTS, "membership"),
        # Safe Data
        (
            researcher(),
            subject(project=project(datasets=(dataset(variables=()),))),
            Safe.DATA,
            "datasets granted",
        ),
        # Safe Settings
        (researcher(), subject(place=Place.ASSURED_HOME), Safe.SETTINGS, "place"),
        (researcher(), subject(place=None), Safe.SETTINGS, "place"),
    ],
)
def test_one_broken_fact_refuses_for_one_reason(person, about, safe, rule):
    assert reasons(person, Action.START_SESSION, about) == [(safe, rule)]


def test_every_reason_is_told_at_once():
    bola = researcher("bola", accreditation=replace(FULL, until=date(2026, 6, 30)), passports=())
    decision = decide(bola, Action.START_SESSION, subject(), on=NOW)
    assert [str(reason) for reason in decision.reasons] == [
        "Safe People: your full accreditation ended on 30 June 2026. Apply for it anew "
        "on your own page at the desk.",
        f"Safe People: this project holds data of {SLAM}, and no document of theirs lets you in. "
        f"Ask the research office of {SLAM} for a research passport, an honorary research contract "
        "or a letter of access, and send it to the TRE manager.",
    ]


def test_a_project_that_is_not_there_is_said_once():
    assert reasons(researcher(), Action.START_SESSION, Subject(place=Place.SAFE_ROOM)) == [
        (Safe.PROJECTS, "known")
    ]


def test_a_time_without_a_zone_is_a_mistake():
    with pytest.raises(ValueError, match="aware"):
        decide(researcher(), Action.SIGN_IN, Subject(), on=datetime(2026, 10, 5))  # noqa: DTZ001


# The cascade

SAM = researcher("sam")
PAT = researcher("pat", accreditation=PROVISIONAL, supervisor="sam")
OF_THE_TWO = project(members=(member("pat"), member("sam")))


@pytest.mark.parametrize(
    ("sam", "of", "allowed"),
    [
        (SAM, OF_THE_TWO, True),
        # the supervisor's accreditation ends, they are sanctioned, they leave the project
        (replace(SAM, accreditation=replace(FULL, until=date(2026, 10, 4))), OF_THE_TWO, False),
        (replace(SAM, sanctions=(BAN,)), OF_THE_TWO, False),
        (SAM, project(members=(member("pat"),)), False),
        (SAM, project(members=(member("pat"), member("sam", until=date(2026, 10, 4)))), False),
    ],
)
def test_the_provisional_researcher_is_out_with_the_supervisor(sam, of, allowed):
    about = subject(project=of, people={"sam": sam})
    assert decide(PAT, Action.START_SESSION, about, on=NOW).allowed is allowed


def test_a_dataset_that_is_added_changes_the_place():
    assert decide(
        researcher(), Action.START_SESSION, subject(place=Place.ASSURED_OFFICE), on=NOW
    ).allowed
    added = project(datasets=(dataset(), dataset(dataset="npd", place=Place.SAFE_ROOM)))
    about = subject(project=added, place=Place.ASSURED_OFFICE)
    assert reasons(researcher(), Action.START_SESSION, about) == [(Safe.SETTINGS, "place")]


# Separation of duties

SUBMITTED = subject(State.SUBMITTED)


@pytest.mark.parametrize(
    ("checker", "about", "refused_by"),
    [
        (CHECKER, SUBMITTED, []),
        (
            researcher("ada", roles=frozenset({Role.OUTPUT_CHECKER})),
            SUBMITTED,
            ["not the author", "not a member"],
        ),
        (
            CHECKER,
            subject(State.SUBMITTED, project=project(members=(member("ada"), member("cora")))),
            ["not a member"],
        ),
        (
            CHECKER,
            subject(
                State.SUBMITTED,
                project=project(members=(member("ada"), member("cora", until=date(2026, 1, 2)))),
            ),
            ["not a member"],
        ),
        (
            CHECKER,
            subject(State.SUBMITTED, people={"ada": researcher(supervisor="cora")}),
            ["no supervisor link"],
        ),
        (replace(CHECKER, supervisor="ada"), SUBMITTED, ["no supervisor link"]),
        (replace(CHECKER, supervisor="sam"), SUBMITTED, []),
        (replace(CHECKER, roles=frozenset({Role.TRE_MANAGER})), SUBMITTED, ["role"]),
        (replace(CHECKER, sanctions=(BAN,)), SUBMITTED, ["sanctions"]),
        (replace(CHECKER, second_factor_since=None), SUBMITTED, ["second factor"]),
    ],
)
@pytest.mark.parametrize("action", [Action.VOTE, Action.RETURN_REQUEST])
def test_a_checker_stands_apart_from_what_they_check(checker, about, refused_by, action):
    assert [rule for _, rule in reasons(checker, action, about)] == refused_by


def test_a_member_who_is_a_checker_comments_as_a_member():
    cora = researcher("cora", roles=frozenset({Role.OUTPUT_CHECKER, Role.RESEARCHER}))
    both = project(members=(member("ada"), member("cora")))
    assert decide(cora, Action.COMMENT, subject(State.DRAFT, project=both), on=NOW).allowed
    about = subject(State.SUBMITTED, project=both)
    assert reasons(cora, Action.COMMENT, about) == [(Safe.OUTPUTS, "state of the request")]


def test_a_linker_makes_no_extract_for_a_project_of_their_own():
    lena = staff("lena", Role.DATA_LINKER)
    mine = subject(project=project(members=(member("lena"),)))
    assert reasons(lena, Action.MAKE_EXTRACT, mine) == [(Safe.PROJECTS, "not a member")]


def test_an_extract_may_be_made_before_the_project_begins_and_not_after_its_end():
    lena = staff("lena", Role.DATA_LINKER)
    before = NOW - timedelta(days=30)
    coming = subject(project=project(starts=date(2026, 10, 1), datasets=(dataset(),)))
    assert decide(lena, Action.MAKE_EXTRACT, coming, on=before).allowed
    over = subject(project=project(ends=date(2026, 10, 4)))
    assert reasons(lena, Action.MAKE_EXTRACT, over) == [(Safe.PROJECTS, "project dates")]


def test_a_manager_records_nothing_about_a_project_they_lead():
    mia = staff("mia", Role.TRE_MANAGER)
    own = subject(project=project(members=(member("mia", lead=True),)))
    assert reasons(mia, Action.RECORD_PROJECT, own) == [(Safe.PROJECTS, "not the lead")]


# The author's side


@pytest.mark.parametrize(
    ("changes", "refused_by"),
    [
        ({}, []),
        ({"files": ()}, ["an output"]),
        ({"groups": ()}, ["context and controls"]),
        ({"groups": (Group(name="outputs", context="x", controls=" "),)}, ["context and controls"]),
        ({"state": State.RETURNED, "votes": (no("cora"),)}, ["answers"]),
        (
            {"state": State.RETURNED, "votes": (no("cora"),), "comments": (said("bola"),)},
            [],
        ),
    ],
)
def test_a_request_is_submitted_complete(changes, refused_by):
    about = subject(request=a_request(**changes))
    assert [rule for _, rule in reasons(researcher(), Action.SUBMIT_REQUEST, about)] == refused_by


def test_a_request_stands_still_while_its_author_may_not_research():
    lapsed = researcher(training_until=date(2026, 10, 4))
    about = subject(State.DRAFT, people={"ada": lapsed})
    bola = researcher("bola")
    assert reasons(bola, Action.SUBMIT_REQUEST, about) == [
        (Safe.OUTPUTS, "author in good standing")
    ]
    assert decide(bola, Action.SUBMIT_REQUEST, subject(State.DRAFT), on=NOW).allowed
    assert reasons(lapsed, Action.SUBMIT_REQUEST, about) == [(Safe.PEOPLE, "training")]


def test_a_colleague_cannot_submit_for_an_author_who_is_not_known():
    about = subject(State.DRAFT, people={})
    assert reasons(researcher("bola"), Action.SUBMIT_REQUEST, about) == [(Safe.PROJECTS, "known")]


def test_a_supervisor_may_submit_the_request_of_the_one_they_supervise():
    request = a_request(author="pat")
    about = subject(project=OF_THE_TWO, request=request, people={"pat": PAT})
    assert decide(SAM, Action.SUBMIT_REQUEST, about, on=NOW).allowed


# Review, approval, release

TWICE = (yes("cora"), yes("deniz"))


@pytest.mark.parametrize(
    ("changes", "refused_by"),
    [
        ({"votes": (yes("cora"),)}, []),
        ({}, ["every output voted"]),
        ({"votes": (no("cora"),)}, ["changes explained"]),
        ({"votes": (yes("cora"),), "reviews": (review("cora"),)}, ["every output voted"]),
    ],
)
def test_a_review_is_submitted_complete(changes, refused_by):
    about = subject(request=a_request(state=State.SUBMITTED, **changes))
    assert [rule for _, rule in reasons(CHECKER, Action.SUBMIT_REVIEW, about)] == refused_by


@pytest.mark.parametrize(
    ("votes", "named", "allowed"),
    [
        (TWICE, (), True),
        ((yes("cora"),), (), False),
        ((yes("cora"), no("deniz")), (), False),
        # a checker who joined the project after voting has no vote any more
        (TWICE, ("deniz",), False),
        ((*TWICE, yes("cara")), ("deniz",), True),
    ],
)
@pytest.mark.parametrize(
    ("actor", "action", "state"),
    [
        (staff("cara", Role.OUTPUT_CHECKER), Action.APPROVE_REQUEST, State.REVIEWED),
        (SYSTEM, Action.RELEASE_REQUEST, State.APPROVED),
        (SYSTEM, Action.RELEASE_REQUEST, State.FAILED),
    ],
)
def test_two_people_apart_from_the_project_approve_every_output(
    actor, action, state, votes, named, allowed
):
    of = project(members=(member("ada"), *(member(name) for name in named)))
    about = subject(project=of, request=a_request(state=state, votes=votes))
    assert decide(actor, action, about, on=NOW).allowed is allowed


def test_nothing_is_released_while_its_author_is_out():
    request = a_request(state=State.APPROVED, votes=TWICE)
    about = subject(request=request, people={"ada": researcher(sanctions=(BAN,))})
    decision = decide(SYSTEM, Action.RELEASE_REQUEST, about, on=NOW)
    assert [reason.rule for reason in decision.reasons] == ["author in good standing"]
    assert "a breach" not in decision.reasons[0].sentence


def test_nobody_presses_release():
    request = a_request(state=State.APPROVED, votes=TWICE)
    cora = staff("cora", *Role)
    assert reasons(cora, Action.RELEASE_REQUEST, subject(request=request)) == [
        (Safe.PEOPLE, "system alone")
    ]


def test_what_is_released_stays_with_its_people_after_the_end_and_goes_when_revoked():
    after = datetime(2030, 1, 1, tzinfo=UTC)
    ada = researcher()
    assert decide(ada, Action.DOWNLOAD_RELEASE, subject(State.RELEASED), on=after).allowed
    assert reasons(ada, Action.DOWNLOAD_RELEASE, subject(State.REVOKED), after) == [
        (Safe.OUTPUTS, "state of the request")
    ]


def test_a_file_with_changes_requested_is_named():
    request = a_request(
        state=State.REVIEWED,
        files=(a_file(), a_file(id=2, name="figure.svg")),
        votes=(*TWICE, yes("cora", 2), no("deniz", 2)),
    )
    (reason,) = decide(CHECKER, Action.APPROVE_REQUEST, subject(request=request), on=NOW).reasons
    assert reason.sentence.startswith("“figure.svg” stands at “conflicted”")
