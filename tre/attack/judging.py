"""How an attack is judged: by what was seen, and only where a control of the same kind succeeds.

A dead kernel or a wrong address refuses everything. So every attack has a control, the same act
where it is allowed; where that fails, or the attack fails in another way than it should, nothing
was learnt and the attack counts as not run.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import httpx

from tre.attack.attack import CannotAttackError, Run, Seen, held, is_open, name_of, not_run
from tre.attack.kernel import Kernel
from tre.attack.report import Report

if TYPE_CHECKING:
    from tre.attack.target import Target

Probe = Callable[..., Any]
Given = Callable[["Target"], tuple[Any, ...]]
Ask = Callable[["Target"], httpx.Response]
Judge = Callable[[Any], Seen]


def nothing_given(_: "Target") -> tuple[Any, ...]:
    """For a probe without arguments."""
    return ()


def refused(
    probe: Probe,
    *errnos: str,
    control: Probe,
    given: Given = nothing_given,
    control_given: Given = nothing_given,
) -> Run:
    """Held where the machine's kernel refuses the call with one of these errnos."""

    def run(target: "Target") -> Seen:
        controlled(target.kernel, control, *control_given(target))
        return judge_refusal(target.kernel.call(probe, *given(target)), *errnos)

    return run


def judge_refusal(report: Report, *expected: str) -> Seen:
    """Held for an expected errno or end ("signal 31"), open for success, else not run."""
    if report.succeeded:
        return is_open(str(report))
    if report.errno in expected or report.ended in expected:
        return held(f"refused with {report}")
    return not_run(f"failed with {report}, which is not how it should fail: {report.said}")


def finds_nothing(
    probe: Probe,
    *,
    control: Probe,
    given: Given = nothing_given,
    control_given: Given = nothing_given,
) -> Run:
    """Held where a probe that lists what it could reach comes back with an empty list."""

    def judge(found: Any) -> Seen:
        shown = ", ".join(str(one) for one in found[:5])
        return is_open(f"reached {shown}") if found else held("nothing was found or reached")

    return told(probe, judge, control=control, given=given, control_given=control_given)


def told(
    probe: Probe,
    judge: Judge,
    *,
    control: Probe,
    given: Given = nothing_given,
    control_given: Given = nothing_given,
) -> Run:
    """Let `judge` decide on the value that a probe gives; a probe that fails was not run."""

    def run(target: "Target") -> Seen:
        controlled(target.kernel, control, *control_given(target))
        return judge(value_of(target.kernel.call(probe, *given(target))))

    return run


def controlled(kernel: Kernel, control: Probe, *given: Any) -> None:
    """Require that the control succeeds; raises CannotAttackError."""
    report = kernel.call(control, *given)
    if not report.succeeded or report.value is False:
        message = f"the control {name_of(control)} {report}"
        raise CannotAttackError(message)


def value_of(report: Report) -> Any:
    """The value of a probe that should succeed; raises CannotAttackError."""
    if not report.succeeded:
        message = f"the probe ended with {report}"
        raise CannotAttackError(message)
    return report.value


def forbidden(attack: Ask, *statuses: int, control: Ask, control_statuses: Any = (200,)) -> Run:
    """Held where a request is answered with one of these statuses.

    control: a request of the same kind that is allowed, answered with one of control_statuses.
    """

    def run(target: "Target") -> Seen:
        allowed = answered(control(target), *control_statuses)
        answer = attack(target)
        if answer.status_code == allowed.status_code and answer.status_code not in statuses:
            return is_open(f"answered {shown(answer)}, just as what is allowed")
        return judge_answer(answer, *statuses)

    return run


def answered(answer: httpx.Response, *statuses: int) -> httpx.Response:
    """Require that a control was answered as it should be; raises CannotAttackError."""
    if answer.status_code not in statuses:
        message = f"the control was answered with {shown(answer)}"
        raise CannotAttackError(message)
    return answer


def judge_answer(answer: httpx.Response, *expected: int) -> Seen:
    """Held for an expected status, open for success, else not run."""
    if answer.status_code in expected:
        return held(f"answered {shown(answer)}")
    if answer.is_success:
        return is_open(f"answered {shown(answer)}")
    return not_run(f"answered {shown(answer)}, which is not how it should be refused")


def shown(answer: httpx.Response) -> str:
    """Method, path and status, as evidence; and where a redirect leads."""
    request = answer.request
    text = f"{request.method} {request.url.raw_path.decode()[:120]}: {answer.status_code}"
    where = answer.headers.get("location", "")
    return f"{text} to {where[:120]}" if where else text
