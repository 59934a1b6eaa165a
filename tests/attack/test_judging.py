"""Judging is by what was seen: what fails in another way than it should is not run, never held."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import httpx
import pytest

from tre.attack.attack import Attack, Attacker, Holder, Outcome, Result, Seen, name_of
from tre.attack.families import Family
from tre.attack.inside import calls, network, processes
from tre.attack.judging import finds_nothing, forbidden, judge_answer, judge_refusal, refused
from tre.attack.report import Report, read_report
from tre.attack.suite import made, status
from tre.attack.target import Target

DONE = Report(value=True)


class AnsweringKernel:
    """A kernel that gives the same report for a probe each time."""

    def __init__(self, **reports: Report):
        self.reports = reports

    def call(self, probe: Callable[..., Any], *_: Any, **__: Any) -> Report:
        return self.reports[name_of(probe)]


class Answering:
    """A target of which nothing but the kernel is there."""

    def __init__(self, **reports: Report):
        self.kernel = AnsweringKernel(**reports)


def target(**reports: Report) -> Target:
    return cast("Target", Answering(**reports))


REFUSED = refused(network.open_socket, "EAFNOSUPPORT", control=network.own_pair)
SEARCHED = finds_nothing(processes.strange_processes, control=processes.own_processes)


@pytest.mark.parametrize(
    ("control", "attack", "outcome"),
    [
        (DONE, Report(errno="EAFNOSUPPORT"), Outcome.HELD),
        (DONE, DONE, Outcome.OPEN),
        # another errno, or another error, proves nothing
        (DONE, Report(errno="ENOENT"), Outcome.NOT_RUN),
        (DONE, Report(ended="NameError", said="name 'socket' is not defined"), Outcome.NOT_RUN),
        # a kernel in which nothing works refuses everything
        (Report(errno="EAFNOSUPPORT"), Report(errno="EAFNOSUPPORT"), Outcome.NOT_RUN),
        (Report(value=False), Report(errno="EAFNOSUPPORT"), Outcome.NOT_RUN),
    ],
)
def test_a_refusal_counts_only_with_its_errno_and_its_control(
    control: Report, attack: Report, outcome: Outcome
):
    result = made(target(own_pair=control, open_socket=attack), an_attack(REFUSED))
    assert result.seen.outcome is outcome


@pytest.mark.parametrize(
    ("control", "found", "outcome"),
    [
        (DONE, Report(value=[]), Outcome.HELD),
        (DONE, Report(value=["jupyterhub"]), Outcome.OPEN),
        (DONE, Report(errno="EACCES"), Outcome.NOT_RUN),
        (Report(value=False), Report(value=[]), Outcome.NOT_RUN),
    ],
)
def test_finding_nothing_counts_only_where_the_search_finds_its_own(
    control: Report, found: Report, outcome: Outcome
):
    result = made(target(own_processes=control, strange_processes=found), an_attack(SEARCHED))
    assert result.seen.outcome is outcome


def answer(status_: int, **headers: str) -> httpx.Response:
    request = httpx.Request("GET", "http://127.0.0.1/files/a")
    return httpx.Response(status_, headers=headers, request=request)


@pytest.mark.parametrize(
    ("allowed", "attacked", "outcome"),
    [
        (200, 403, Outcome.HELD),
        (200, 200, Outcome.OPEN),
        (200, 204, Outcome.OPEN),
        # a wrong address, a broken server, a session that is not there
        (200, 404, Outcome.NOT_RUN),
        (200, 500, Outcome.NOT_RUN),
        (404, 403, Outcome.NOT_RUN),
        (503, 403, Outcome.NOT_RUN),
    ],
)
def test_a_status_counts_only_beside_one_that_is_allowed(
    allowed: int, attacked: int, outcome: Outcome
):
    run = forbidden(lambda _: answer(attacked), 403, control=lambda _: answer(allowed))
    assert made(target(), an_attack(run)).seen.outcome is outcome


def test_what_is_answered_just_as_what_is_allowed_is_open():
    """A forged change to a request that is not there: let in, and then not found."""
    run = forbidden(
        lambda _: answer(404), 403, control=lambda _: answer(404), control_statuses=(404,)
    )
    assert made(target(), an_attack(run)).seen.outcome is Outcome.OPEN


def test_a_child_that_is_killed_is_told_by_its_signal():
    assert judge_refusal(read_report({"value": {"signal": 31}}), "signal 31").outcome == "held"
    assert judge_refusal(read_report({"value": {"signal": 9}}), "signal 31").outcome == "not run"


def test_a_childs_report_counts_as_its_own():
    assert read_report({"value": {"errno": "EPERM", "said": "no"}}).errno == "EPERM"
    assert read_report({"value": {"value": 3}}).value == 3
    assert read_report({"value": {"errno_of": 1}}).value == {"errno_of": 1}


def test_a_probe_tells_its_value_its_errno_or_its_error():
    assert read_report(json_of(calls.reported(lambda: 7))).value == 7
    assert read_report(json_of(calls.reported(_missing))).errno == "ENOENT"
    assert read_report(json_of(calls.reported(lambda: 1 // 0))).ended == "ZeroDivisionError"


def test_an_unforeseen_error_of_an_attack_is_not_run_and_stops_nothing():
    def breaks(_: Target) -> Seen:
        raise AttributeError("nobody thought of this")

    seen = made(target(), an_attack(breaks)).seen
    assert seen.outcome is Outcome.NOT_RUN
    assert "nobody thought of this" in seen.evidence


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ([Outcome.HELD, Outcome.HELD], 0),
        ([Outcome.HELD, Outcome.OPEN, Outcome.NOT_RUN], 2),
        ([Outcome.HELD, Outcome.NOT_RUN], 3),
        # held in part without a documented reason is worse than documented
        ([Outcome.HELD, Outcome.IN_PART], 2),
        ([], 3),
    ],
)
def test_the_exit_status_says_the_worst(outcomes: list[Outcome], expected: int):
    assert status([result_of(outcome) for outcome in outcomes]) == expected


def test_held_in_part_as_documented_is_no_failure():
    attack = an_attack(lambda _: Seen(outcome=Outcome.IN_PART, evidence="a little"), in_part=True)
    assert status([made(target(), attack)]) == 0


def test_an_answer_that_is_refused_otherwise_proves_nothing():
    assert judge_answer(answer(302, location="http://elsewhere/"), 403).outcome == "not run"


def an_attack(run: Any, *, in_part: bool = False) -> Attack:
    return Attack(
        id="one",
        family=Family.NETWORK,
        title="One",
        tries="Try something.",
        attacker=Attacker.CODE,
        holder=Holder.KERNEL,
        run=run,
        expected=Outcome.IN_PART if in_part else Outcome.HELD,
        because="It has to be." if in_part else "",
    )


def result_of(outcome: Outcome) -> Result:
    attack = an_attack(lambda _: Seen(outcome=outcome, evidence="seen"))
    return Result(attack=attack, seen=Seen(outcome=outcome, evidence="seen"), seconds=0.0)


def json_of(text: str) -> dict[str, Any]:
    return json.loads(text)


def _missing() -> None:
    Path("/there/is/no/such/file").stat()
