"""The courier reminds people and sends their mail, and goes on where it could not."""

import threading
from dataclasses import replace

import pytest

from tests.demo import Demo
from tre.courier import serving
from tre.decision import UnusableRequestError
from tre.steps.notices import notices
from tre.steps.people import load_person
from tre.steps.record_person import record_person
from tre.steps.tre import SYSTEM, Tre


class OneRound(threading.Event):
    """Stops the courier's loop at its first rest."""

    def wait(self, timeout: float | None = None) -> bool:
        self.set()
        return True


def rounds(demo: Demo, number: int = 1) -> None:
    for _ in range(number):
        serving._until(OneRound(), demo.tre)


def test_a_round_reminds_and_sends_once(demo: Demo) -> None:
    ada = replace(load_person(demo.tre, "ada"), email="ada@example.org")
    record_person(demo.tre, SYSTEM, ada)
    demo.clock.move(days=250)  # 59 days before the study ends
    rounds(demo, 3)
    told = [each.title for each in notices(demo.tre, "ada")]
    assert told == ["“Early-onset psychosis and attainment” runs out within 60 days"]
    assert len(list((demo.tre.config.home / "mail").iterdir())) == 1


def test_a_store_that_is_away_does_not_stop_the_courier(
    demo: Demo, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away(_: Tre) -> None:
        message = "the database could not do it"
        raise UnusableRequestError(message)

    monkeypatch.setattr(serving, "remind", away)
    rounds(demo)
    assert "it is tried again" in caplog.text
