"""`tre request reproduce`, with something else in the place of a sealed kernel."""

import json

import pytest

from tests.cli.test_cli import Run, run
from tests.demo import Demo
from tests.steps.test_reproducing import NOTE, asserted
from tre.commands import requests
from tre.hub import reproduction
from tre.hub.preflight import CannotServeError
from tre.hub.reproduction_apart import Ended

__all__ = ["run"]


class Proven:
    """A seal that holds."""

    def must_hold(self) -> None:
        """Say nothing."""


class Unproven:
    """A seal that does not hold."""

    def must_hold(self) -> None:
        raise CannotServeError("sessions cannot be sealed on this machine")


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What the runs write, one after another."""
    contents: list[bytes] = []

    def run_apart(spec, notebook, **_: object) -> Ended:
        (spec.workspace / NOTE.name).write_bytes(contents.pop(0))
        return Ended()

    monkeypatch.setattr(reproduction, "run_apart", run_apart)
    monkeypatch.setattr(requests, "ProvenSeal", Proven)
    return contents


def test_what_came_of_it_is_told_and_a_named_request_is_tried_once_more(
    run: Run, demo: Demo, written: list[bytes]
) -> None:
    home = demo.tre.config.home
    asserted(demo)
    written += [b"Another result.\n", NOTE.content]
    status, shown, _ = run("--home", home, "request", "reproduce")
    assert (status, "different" in shown) == (0, True)
    assert json.loads(run("--home", home, "request", "reproduce", "--json")[1]) == []
    status, shown, _ = run("--home", home, "request", "reproduce", "1", "--json")
    (row,) = json.loads(shown)
    assert (status, row["request"], row["name"]) == (0, 1, "note.txt")
    assert row["outcome"] == "reproduced"
    assert "“lesson.py” was run again" in row["said"]


def test_nothing_is_run_where_it_would_not_be_sealed(
    run: Run, demo: Demo, written: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    asserted(demo)
    monkeypatch.setattr(requests, "ProvenSeal", Unproven)
    written += [NOTE.content]
    status, _, errors = run("--home", demo.tre.config.home, "request", "reproduce")
    assert (status, written) == (3, [NOTE.content])
    assert "cannot be sealed" in errors


def test_a_request_that_is_not_there_is_refused(run: Run, demo: Demo) -> None:
    status, _, errors = run("--home", demo.tre.config.home, "request", "reproduce", "7")
    assert status == 3
    assert "there is no request 7" in errors
