"""Every action of the vocabulary leaves a line on the ledger, done and refused."""

import pytest

from tests.demo import Demo
from tests.steps.every_act import ACTS
from tre.decision import RefusedError, UnusableRequestError
from tre.steps.sign_in import SignInRefusedError
from tre.store.ledger import LedgerEntry
from tre.store.ledger_reading import entries
from tre.vocabulary import Action

A = Action

# Where the line says more closely what was done than the action's own tag.
SAID_MORE_CLOSELY = {
    A.KEEP_ACCOUNT: "people:account:password",
    A.DECIDE_ACCREDITATION: "people:accreditation:grant",
    A.DECIDE_AS_OWNER: "projects:data:return",
}

# A release that fails is no refusal of a person: the line says that it failed.
FAILED_INSTEAD = {A.RELEASE_REQUEST: ("outputs:request:release-failed", "done")}

# These take minutes and a whole world. That they leave a line is shown by test_building.py, where
# the build is on the ledger, and by test_books.py, where transfers are kept.
SHOWN_ELSEWHERE = {A.BUILD_WORLD, A.RUN_LINKAGE}


def newer(demo: Demo, than: int) -> list[LedgerEntry]:
    with demo.tre.store.reading() as connection:
        return [entry for entry in entries(connection) if entry.number > than]


def lines_of(demo: Demo, action: Action, which: int) -> list[LedgerEntry]:
    """The lines that an act leaves, refused or not."""
    prepare, do, *actors = ACTS[action]
    ready = prepare(demo)
    before = demo.tre.store.verify_ledger().entries
    try:
        do(demo, actors[which], ready if ready is not None else 0)
    except (RefusedError, SignInRefusedError, UnusableRequestError):
        assert which == 1
    return newer(demo, before)


def test_every_action_is_in_the_table() -> None:
    assert set(ACTS) == set(Action)


@pytest.mark.parametrize("action", [each for each in Action if each not in SHOWN_ELSEWHERE])
def test_what_is_done_leaves_a_line(demo: Demo, action: Action) -> None:
    left = [(e.tag, e.outcome) for e in lines_of(demo, action, 0)]
    assert (SAID_MORE_CLOSELY.get(action, str(action)), "done") in left


@pytest.mark.parametrize("action", Action)
def test_what_is_refused_leaves_a_line_with_who_tried(demo: Demo, action: Action) -> None:
    left = lines_of(demo, action, 1)
    wanted = FAILED_INSTEAD.get(action, (str(action), "refused"))
    assert wanted in [(e.tag, e.outcome) for e in left]
    refused = [e for e in left if e.outcome == "refused"]
    assert all(e.details["rules"] for e in refused)
