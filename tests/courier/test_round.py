"""A round of the courier: honest and hostile letters are answered, and it always goes on."""

import os
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from tests.courier.conftest import RELEASE, Leave, reply_to
from tre.courier.letters import Asked, ReleaseAsked
from tre.courier.outcomes import Answer, answered
from tre.courier.paths import Outbox, outbox, rubbish
from tre.courier.rates import AT_ONCE, Rates
from tre.courier.round import LETTERS_EACH, answer_left_over, serve_round, tidy_all
from tre.decision import RefusedError, UnusableRequestError, refuse
from tre.safe_outputs.request_limits import STANDARD
from tre.vocabulary import Safe


class RememberingHandler:
    """Does nothing with a letter but remember it."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str, Asked, list[bytes]]] = []

    def __call__(self, outbox: Outbox, asked: Asked, contents: Sequence[bytes]) -> Answer:
        self.seen.append((outbox.project, outbox.person, asked, list(contents)))
        return {"outcome": "done", "request": len(self.seen)}


@pytest.fixture
def handler() -> RememberingHandler:
    return RememberingHandler()


def serve_all(home: Path, handler: RememberingHandler) -> None:
    rates = Rates()
    while serve_round(home, handler, rates):
        pass


def test_a_letter_is_answered_and_gone(
    home: Path, ada: Outbox, leave: Leave, handler: RememberingHandler
):
    name = leave()
    assert serve_round(home, handler, Rates()) == 1
    assert reply_to(ada, name)["outcome"] == "done"
    assert list(ada.folder.iterdir()) == []
    serve_round(home, handler, Rates())
    assert list(rubbish(home).iterdir()) == []


@pytest.mark.parametrize("limit", ["file_bytes", "all_bytes"])
def test_no_more_is_read_than_the_limits_of_the_tre(
    home: Path, ada: Outbox, leave: Leave, handler: RememberingHandler, limit: str
):
    name = leave(files=[b"12345"])
    serve_round(home, handler, Rates(), replace(STANDARD, **{limit: 4}))
    (reason,) = reply_to(ada, name)["reasons"]
    assert "too large: at most 4 bytes are taken; ask the TRE manager" in reason
    assert not handler.seen


def test_more_files_than_a_request_may_have_are_not_even_read(
    home: Path, ada: Outbox, leave: Leave, handler: RememberingHandler
):
    name = leave({**RELEASE, "files": RELEASE["files"] * 3}, files=[b"1"] * 3)
    serve_round(home, handler, Rates(), replace(STANDARD, files=2))
    (reason,) = reply_to(ada, name)["reasons"]
    assert "at most 2 files, and this one would have 3; ask for some of them now" in reason
    assert not handler.seen


def test_who_asks_is_the_outbox_and_what_is_sent_is_what_lay_there(
    home: Path, ada: Outbox, leave: Leave, handler: RememberingHandler
):
    leave(files=[b"content"])
    serve_round(home, handler, Rates())
    ((project, person, asked, contents),) = handler.seen
    assert (project, person, contents) == ("early-onset-psychosis", "ada", [b"content"])
    assert isinstance(asked, ReleaseAsked)


def test_a_hostile_letter_is_answered_with_what_is_wrong(
    home: Path, ada: Outbox, leave: Leave, handler: RememberingHandler
):
    name = leave(b"[" * 100_000)
    serve_round(home, handler, Rates())
    assert reply_to(ada, name)["outcome"] == "unusable"
    assert "not JSON" in reply_to(ada, name)["reasons"][0]
    assert handler.seen == []


def test_a_letter_whose_files_are_links_is_answered_and_swept(
    home: Path, ada: Outbox, leave: Leave, handler: RememberingHandler
):
    name = leave()
    (ada.folder / name / "files" / "0").unlink()
    (ada.folder / name / "files" / "0").symlink_to("/etc/passwd")
    serve_round(home, handler, Rates())
    assert "links are never followed" in reply_to(ada, name)["reasons"][0]
    assert Path("/etc/passwd").exists()


def test_nobodys_flood_holds_up_others(
    home: Path, ada: Outbox, leave: Leave, handler: RememberingHandler
):
    for _ in range(50):
        leave()
    finn = outbox(home, "practice", "finn")
    finn.folder.mkdir(parents=True)
    name = leave(box=finn)
    assert serve_round(home, handler, Rates()) == LETTERS_EACH + 1
    assert reply_to(finn, name)["outcome"] == "done"


def test_more_than_is_fair_waits_and_is_not_lost(
    home: Path, ada: Outbox, leave: Leave, handler: RememberingHandler
):
    for _ in range(AT_ONCE + 10):
        leave()
    serve_all(home, handler)
    assert len(handler.seen) == AT_ONCE
    assert len(list(ada.folder.iterdir())) == 10


def test_what_does_not_belong_in_an_outbox_is_thrown_out(
    home: Path, ada: Outbox, handler: RememberingHandler
):
    (ada.folder / "notes.txt").write_text("hello")
    os.mkfifo(ada.folder / "pipe")
    (ada.folder / "link").symlink_to("/etc")
    serve_round(home, handler, Rates())
    assert list(ada.folder.iterdir()) == []


def test_a_letter_still_being_written_is_left_alone(
    home: Path, ada: Outbox, handler: RememberingHandler
):
    part = ada.folder / ("d" * 32 + ".part")
    part.mkdir()
    assert serve_round(home, handler, Rates()) == 0
    assert part.is_dir()


def test_a_letter_never_finished_is_thrown_out_in_the_end(home: Path, ada: Outbox):
    part = ada.folder / ("d" * 32 + ".part")
    part.mkdir()
    tidy_all(home, time.time())
    assert part.is_dir()
    tidy_all(home, time.time() + 3_601)
    assert not part.exists()


def test_a_letter_in_hand_when_the_courier_died_is_not_done_twice(
    home: Path, ada: Outbox, leave: Leave, handler: RememberingHandler
):
    name = leave()
    ada.taken.mkdir(parents=True)
    (ada.folder / name).rename(ada.taken / f"{name}.0a1b2c3d")
    assert answer_left_over(home) == 1
    assert "may have been done" in reply_to(ada, name)["reasons"][0]
    serve_round(home, handler, Rates())
    assert handler.seen == []
    assert answer_left_over(home) == 0


def test_an_answer_already_given_is_not_taken_back(home: Path, ada: Outbox, leave: Leave):
    name = leave()
    ada.taken.mkdir(parents=True)
    (ada.folder / name).rename(ada.taken / f"{name}.0a1b2c3d")
    ada.replies.mkdir(parents=True)
    (ada.replies / f"{name}.json").write_text('{"outcome": "done"}')
    answer_left_over(home)
    assert reply_to(ada, name) == {"outcome": "done"}


def test_replies_that_cannot_be_written_do_not_stop_the_courier(
    home: Path, ada: Outbox, leave: Leave, handler: RememberingHandler
):
    ada.replies.parent.mkdir(parents=True)
    ada.replies.write_text("a file where the folder should be")
    leave()
    assert serve_round(home, handler, Rates()) == 1


def test_every_reason_of_a_refusal_is_passed_on():
    decision = refuse(Safe.PEOPLE, "a", "one.").also(refuse(Safe.PROJECTS, "b", "two."))

    def act() -> Answer:
        raise RefusedError(decision)

    assert answered(act) == {
        "outcome": "refused",
        "reasons": ["Safe People: one.", "Safe Projects: two."],
    }


def test_what_cannot_be_done_is_said():
    def act() -> Answer:
        message = "no such column"
        raise UnusableRequestError(message)

    assert answered(act) == {"outcome": "unusable", "reasons": ["no such column"]}


def test_what_nobody_foresaw_gets_a_reference_and_no_details():
    def act() -> Answer:
        message = "a secret path"
        raise ZeroDivisionError(message)

    told = answered(act)
    assert told["outcome"] == "failed"
    assert "reference" in told["reasons"][0]
    assert "secret" not in told["reasons"][0]
