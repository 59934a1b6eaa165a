"""The service that runs code again: when it does, and when it must not; no kernel is started."""

import threading
from dataclasses import replace

import pytest

from tests.demo import Demo
from tests.steps.test_reproducing import NOTE, asserted
from tre.decision import OvertakenError, UnusableRequestError
from tre.hub import reproducing, reproduction
from tre.hub.preflight import CannotServeError
from tre.hub.reproduction import reproduce
from tre.hub.reproduction_apart import Ended
from tre.steps.reproduce import waiting_to_run
from tre.steps.return_request import return_request
from tre.steps.taking_turns import alone

NEVER = threading.Event()


class Unproven:
    """A seal that does not hold."""

    def must_hold(self) -> None:
        raise CannotServeError("bubblewrap is missing")


class Proven:
    """A seal that holds."""

    def must_hold(self) -> None:
        """Say nothing."""


class StoppedAfter(threading.Event):
    """Stops the loop after some rounds, and waits for nobody."""

    def __init__(self, rounds: int):
        super().__init__()
        self.left = rounds
        self.waited: list[float | None] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.waited.append(timeout)
        self.left -= 1
        if self.left <= 0:
            self.set()
        return self.is_set()


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """In the place of the sealed kernel: writes the note, and keeps who ran."""
    ran: list[str] = []

    def run_apart(spec, notebook, *, seconds, stop) -> Ended:
        assert seconds > 0
        assert not stop.is_set()
        ran.append(spec.person)
        (spec.workspace / NOTE.name).write_bytes(NOTE.content)
        return Ended()

    monkeypatch.setattr(reproduction, "run_apart", run_apart)
    return ran


def until(stop: StoppedAfter, demo: Demo, seal) -> None:
    reproducing._until(stop, demo.tre, seal)


def test_what_waits_is_run_once_and_written_down(demo: Demo, runs: list[str]) -> None:
    asserted(demo)
    until(StoppedAfter(3), demo, Proven())
    assert runs == ["ada"]
    assert waiting_to_run(demo.tre) == ()


def test_without_the_seal_nothing_runs_and_it_goes_on_waiting(
    demo: Demo, runs: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    request, stop = asserted(demo), StoppedAfter(2)
    until(stop, demo, Unproven())
    assert runs == []
    assert waiting_to_run(demo.tre) == (request,)
    assert stop.waited[0] == reproducing.AGAIN_SECONDS
    assert "would not be sealed: bubblewrap is missing" in caplog.text


def test_a_request_that_is_returned_meanwhile_keeps_its_word_alone(
    demo: Demo, monkeypatch: pytest.MonkeyPatch, runs: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    request, ran = asserted(demo), reproduction.run_apart

    def returned_meanwhile(*words, **named) -> Ended:
        return_request(demo.tre, "cora", request, "Say which year.")
        return ran(*words, **named)

    monkeypatch.setattr(reproduction, "run_apart", returned_meanwhile)
    with caplog.at_level("INFO"):
        until(StoppedAfter(2), demo, Proven())
    assert runs == ["ada"]
    assert "an outcome was dropped" in caplog.text


def test_what_cannot_be_run_says_so_once(demo: Demo, runs: list[str]) -> None:
    request = asserted(demo)
    current = demo.extract.parent / "current"
    current.unlink(missing_ok=True)
    (found,) = reproduce(demo.tre, request, stop=NEVER)
    assert (found.outcome, runs) == ("not run", [])
    assert "has no extract any more" in found.said
    assert reproduce(demo.tre, request, stop=NEVER) == ()


def test_a_frozen_file_that_was_changed_is_not_run(demo: Demo, runs: list[str]) -> None:
    request = asserted(demo)
    for frozen in demo.tre.folders.frozen(request).iterdir():
        frozen.chmod(0o600)
        frozen.write_bytes(b"changed")
    (found,) = reproduce(demo.tre, request, stop=NEVER)
    assert (found.outcome, runs) == ("not run", [])
    assert "was changed on disk" in found.said


def test_one_run_at_a_time(demo: Demo, runs: list[str]) -> None:
    request = asserted(demo)
    with (
        alone(demo.tre.config.home / "hub" / "runs.lock", "taken"),
        pytest.raises(OvertakenError, match="is being run again already"),
    ):
        reproduce(demo.tre, request, stop=NEVER)
    assert runs == []


def test_a_store_that_is_away_is_asked_again(
    demo: Demo, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away(tre: object) -> tuple[int, ...]:
        raise UnusableRequestError("the database could not do it")

    monkeypatch.setattr(reproducing, "waiting_to_run", away)
    stop = StoppedAfter(2)
    until(stop, demo, Proven())
    assert stop.waited == [reproducing.EVERY_SECONDS] * 2
    assert "the database could not do it" in caplog.text


def test_with_no_minutes_nothing_is_run(demo: Demo, runs: list[str]) -> None:
    asserted(demo)
    reproducing.serve(replace(demo.tre.config, rerun_minutes=0), StoppedAfter(1))
    assert runs == []
