"""Who is told of a release request, at the desk and by e-mail, and who is not."""

from dataclasses import replace
from email import message_from_bytes
from email.policy import default

import pytest

from tests.demo import Demo
from tests.demo_people import STUDY
from tests.steps.test_reviewing import join
from tre.safe_outputs.release_request import CommentAudience, State, VoteChoice
from tre.steps.approve_request import approve_request
from tre.steps.ask_for_release import ask_for_release
from tre.steps.comment import comment
from tre.steps.notices import notices
from tre.steps.people import load_person
from tre.steps.record_person import record_person
from tre.steps.reject_request import reject_request
from tre.steps.remind_late import LateReminder, remind_late
from tre.steps.retry_releases import retry_releases
from tre.steps.return_request import return_request
from tre.steps.revoke_release import revoke_release
from tre.steps.send_mail import send_mail
from tre.steps.submit_request import submit_request
from tre.steps.tre import SYSTEM

EVERYBODY = ("ada", "bola", "cora", "deniz", "emi", "tess", "finn", "mia", "lena", "omar")


def change(demo: Demo, person: str, **fields: object) -> None:
    record_person(demo.tre, SYSTEM, replace(load_person(demo.tre, person), **fields))


def who_read(demo: Demo, words: str) -> set[str]:
    return {
        person
        for person in EVERYBODY
        if any(words in told.text for told in notices(demo.tre, person))
    }


def letters(demo: Demo) -> list[tuple[str, str, str]]:
    """To whom, under which subject, with which words: what lies in the mailbox folder."""
    send_mail(demo.tre)
    found = []
    for file in sorted((demo.tre.config.home / "mail").iterdir()):
        letter = message_from_bytes(file.read_bytes(), policy=default)
        found.append((letter["to"], letter["subject"], letter.get_content()))
    return found


# Submitted: the checkers who may review


def test_the_checkers_who_may_review_are_told_until_when(demo: Demo) -> None:
    demo.submitted()
    # Submitted on Monday 2 March: Tuesday is day 1, and Monday 9 March is day 5.
    text = (
        "It was submitted. Two checkers answer by Monday 9 March 2026; you are one of those who "
        "may."
    )
    assert [(told.text, told.path) for told in notices(demo.tre, "cora")] == [(text, "/requests/1")]
    assert who_read(demo, "Two checkers answer by") == {"cora", "deniz", "emi"}


def test_a_checker_who_may_not_judge_is_not_asked_to(demo: Demo) -> None:
    join(demo, "deniz")  # is on the project now
    change(demo, "emi", supervisor="ada")  # is supervised by the author
    demo.submitted()
    assert who_read(demo, "Two checkers answer by") == {"cora"}


def test_another_turn_is_told_as_such(demo: Demo) -> None:
    request = demo.submitted()
    return_request(demo.tre, "cora", request, "Which years?")
    comment(demo.tre, "ada", request, "outputs", "2015 to 2020.", CommentAudience.PUBLIC)
    submit_request(demo.tre, "ada", request)
    assert "submitted again, in turn 2" in notices(demo.tre, "emi")[0].text


def test_mail_to_a_checker_holds_no_word_of_the_author(demo: Demo) -> None:
    change(demo, "cora", email="cora@example.org")
    package = replace(demo.package(), title="A secret of one person")
    ask_for_release(demo.tre, "ada", STUDY, package)
    ((to, subject, text),) = letters(demo)
    assert (to, subject) == ("cora@example.org", "Request 1 waits for two checkers")
    assert "/requests/1" in text
    assert "secret" not in subject + text
    assert notices(demo.tre, "cora")[0].title == "A secret of one person"


# Reviewed: the two who answered


def test_the_first_checker_hears_that_the_second_has_answered(demo: Demo) -> None:
    request = demo.submitted()
    demo.review(request, "cora", VoteChoice.CHANGES_REQUESTED)
    assert who_read(demo, "You see each other's answers now") == set()
    demo.review(request, "deniz")
    assert who_read(demo, "You see each other's answers now") == {"cora"}
    assert "changes" not in notices(demo.tre, "cora")[0].text


# Decided: the author


def test_the_author_is_told_of_every_outcome_by_page_and_mail(demo: Demo) -> None:
    change(demo, "ada", email="ada@example.org")
    returned = demo.submitted()
    return_request(demo.tre, "cora", returned, "Which years?")
    comment(demo.tre, "ada", returned, "outputs", "2015 to 2020.", CommentAudience.PUBLIC)
    submit_request(demo.tre, "ada", returned)
    demo.review(returned, "cora")
    demo.review(returned, "deniz")
    reject_request(demo.tre, "cora", returned, "It answers no question of the project.")
    released = demo.released()
    revoke_release(demo.tre, "mia", released, "A count of 9 is in it.")
    subjects = [subject for to, subject, _ in letters(demo) if to == "ada@example.org"]
    first = ("submitted", "returned", "submitted", "rejected")
    second = ("submitted", "approved", "released", "revoked")
    assert subjects == [
        *(f"Request {returned} is {state}" for state in first),
        *(f"Request {released} is {state}" for state in second),
    ]
    told = [each.text for each in notices(demo.tre, "ada")]
    assert any("came back" in text for text in told)
    assert not any("count of 9" in text for _, _, text in letters(demo))


def test_a_revocation_is_told_to_everybody_who_may_hold_the_files(demo: Demo) -> None:
    request = demo.released()
    revoke_release(demo.tre, "mia", request, "A count of 9 is in it.")
    assert who_read(demo, "stop using its files") == {"ada", "bola"}


# Stuck: managers, once


@pytest.fixture
def stuck(demo: Demo) -> int:
    request = demo.reviewed()
    folder = demo.tre.folders.releases(request)
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("in the way")
    assert approve_request(demo.tre, "cora", request) is State.FAILED
    return request


def test_a_release_that_is_stuck_is_told_once_however_often_it_is_tried(
    demo: Demo, stuck: int
) -> None:
    assert who_read(demo, "its bundle could not be written") == {"mia"}
    before = {person: len(notices(demo.tre, person)) for person in EVERYBODY}
    assert retry_releases(demo.tre) == {stuck: State.FAILED}
    assert {person: len(notices(demo.tre, person)) for person in EVERYBODY} == before


# Late: managers and checkers, once


def test_nobody_is_reminded_on_the_last_day_and_everybody_on_the_next(demo: Demo) -> None:
    request = demo.submitted()
    demo.clock.move(days=7)  # Monday 9 March: day 5 of 5
    assert remind_late(demo.tre) == ()
    demo.clock.move(days=1)
    assert remind_late(demo.tre) == (
        LateReminder(request=request, people=("cora", "deniz", "emi", "mia")),
    )
    assert who_read(demo, "service level of 5 working days, by 1") == {
        *("cora", "deniz", "emi", "mia")
    }


def test_a_late_request_is_told_once_a_turn(demo: Demo) -> None:
    request = demo.submitted()
    demo.clock.move(days=8)
    remind_late(demo.tre)
    demo.clock.move(days=5)
    assert remind_late(demo.tre) == ()
    return_request(demo.tre, "cora", request, "Which years?")
    demo.clock.move(days=30)
    assert remind_late(demo.tre) == ()  # it is its author's turn
    comment(demo.tre, "ada", request, "outputs", "2015 to 2020.", CommentAudience.PUBLIC)
    submit_request(demo.tre, "ada", request)
    demo.clock.move(days=8)
    (again,) = remind_late(demo.tre)
    assert again.people == ("cora", "deniz", "emi", "mia")


def test_the_courier_reminds_of_what_is_late(demo: Demo) -> None:
    from tests.courier.test_people_told import rounds  # noqa: PLC0415  its loop, once

    demo.submitted()
    demo.clock.move(days=8)
    rounds(demo)
    assert who_read(demo, "longer than the service level") == {"cora", "deniz", "emi", "mia"}
