"""How an ingress request stands as a whole, by what became of its files."""

import pytest

from tests.safe_settings.ingress_requests import a_file, an_ingress
from tre.safe_settings.ingress.request import FILE_TRANSITIONS, Event, FileState

S = FileState


@pytest.mark.parametrize(
    ("states", "said"),
    [
        ([S.WAITING], "waiting"),
        ([S.WAITING, S.ACCEPTED, S.BLOCKED], "waiting"),
        ([S.ACCEPTED], "accepted"),
        ([S.ACCEPTED, S.REFUSED], "accepted in part"),
        ([S.ACCEPTED, S.BLOCKED], "accepted in part"),
        ([S.ACCEPTED, S.WITHDRAWN], "accepted in part"),
        ([S.WITHDRAWN, S.BLOCKED], "withdrawn"),
        ([S.REFUSED, S.BLOCKED], "refused"),
        ([S.BLOCKED], "refused"),
    ],
)
def test_a_request_stands_as_its_files_do(states: list[FileState], said: str):
    request = an_ingress(files=tuple(a_file(state=state) for state in states))
    assert request.state == said
    assert request.is_waiting is (said == "waiting")


def test_only_what_waits_is_decided_about():
    assert {state for state, _ in FILE_TRANSITIONS} == {S.WAITING}
    assert {event for _, event in FILE_TRANSITIONS} == set(Event)
    assert S.WAITING not in FILE_TRANSITIONS.values()
