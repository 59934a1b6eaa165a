"""Attacks on other processes: seen, read, signalled, outlived."""

import os
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tre.attack.attack import (
    Attack,
    Attacker,
    CannotAttackError,
    Holder,
    Outcome,
    Seen,
    held,
    held_in_part,
    is_open,
)
from tre.attack.families import Family
from tre.attack.inside import processes
from tre.attack.judging import controlled, finds_nothing, judge_refusal, refused, told, value_of
from tre.hub.processes import left_over

if TYPE_CHECKING:
    from tre.attack.target import Target

PARTS = ("jupyterhub", "tre.hub", "tre.desk", "tre.courier", "configurable-http-proxy")
SECRETS = ("JUPYTERHUB", "TOKEN", "SECRET", "PASSWORD", "API_KEY", "CREDENTIAL", "COOKIE")
GONE_SECONDS = 4

_attack = partial(Attack, family=Family.PROCESSES, attacker=Attacker.CODE, holder=Holder.KERNEL)


def _a_process(target: "Target") -> tuple[int, str]:
    """A process of the environment: its number on the machine, and what it runs."""
    numbers = {one.pid for one in left_over(target.config.home / "hub" / "processes.json")}
    number = max(numbers or {os.getpid()})
    return number, Path(f"/proc/{number}/cmdline").read_text(encoding="utf-8")


def _judge_first(rights: dict[str, Any]) -> Seen:
    differs = [name for name, (first, own) in rights.items() if first != own]
    if not differs:
        return held("process 1 has the same rights and namespaces as the kernel: nothing to win")
    if differs == ["Seccomp"] or "CapEff" in differs:
        return is_open(f"process 1 has other rights: {', '.join(differs)}")
    return held_in_part(f"process 1 differs in {', '.join(differs)}")


def _memory_of_first(target: "Target") -> Seen:
    controlled(target.kernel, processes.own_memory)
    report = target.kernel.call(processes.memory_of_first, os.O_RDWR)
    rights = _judge_first(value_of(target.kernel.call(processes.rights_of_first)))
    if not report.succeeded:
        return judge_refusal(report, "EACCES", "EPERM")
    if rights.outcome is not Outcome.HELD:
        return is_open(f"the memory of process 1 was opened, and {rights.evidence}")
    return held_in_part(f"its memory was opened; {rights.evidence}")


def _left_behind(target: "Target") -> Seen:
    file = f"{target.folder}/alive"
    with target.fresh_kernel(target.ada) as kernel:
        if not value_of(kernel.call(processes.stay_behind, file)):
            message = "the process that should stay behind did not start"
            raise CannotAttackError(message)
    on_disk = target.on_disk(target.ada.project) / "alive"
    until = time.monotonic() + GONE_SECONDS
    while time.monotonic() < until:
        before = on_disk.read_text(encoding="ascii")
        time.sleep(0.5)
        if on_disk.read_text(encoding="ascii") == before:
            return held("it wrote until its kernel was stopped, and not after")
    return is_open(f"it still wrote {GONE_SECONDS} seconds after its kernel was stopped")


def _judge_core(told_: dict[str, Any]) -> Seen:
    if not told_["aborted"]:
        message = "the process did not crash"
        raise CannotAttackError(message)
    if told_["dumped"] or told_["left"]:
        return is_open(f"memory was written to {told_['left'] or 'where the machine puts it'}")
    return held("it crashed, and nothing of its memory was written anywhere")


ATTACKS: tuple[Attack, ...] = (
    _attack(
        id="process-list",
        title="Processes of the environment",
        tries="Find the hub, the server, the desk or the proxy among the processes.",
        run=finds_nothing(
            processes.strange_processes, control=processes.own_processes, given=lambda _: PARTS
        ),
    ),
    _attack(
        id="environ-tokens",
        title="Tokens in an environment",
        tries="Read every process's environment for a token of the hub or another secret.",
        run=finds_nothing(
            processes.secrets_in_environments,
            control=processes.own_environment,
            given=lambda _: SECRETS,
        ),
    ),
    _attack(
        id="proc-mem",
        title="The memory of process 1",
        tries="Open /proc/1/mem for reading and writing.",
        run=_memory_of_first,
        expected=Outcome.IN_PART,
        because=(
            "Process 1 is bubblewrap's own, which waits for the session to end. It belongs to the "
            "session's user, has no more rights than the kernel, and its memory holds no secret."
        ),
    ),
    _attack(
        id="process-1",
        title="The rights of process 1",
        tries="Find a process of the session that has more rights, to take it over.",
        run=told(processes.rights_of_first, _judge_first, control=processes.own_memory),
    ),
    _attack(
        id="proc-root",
        title="The root of process 1",
        tries="Reach the machine's files by /proc/1/root.",
        run=finds_nothing(
            processes.root_of_first,
            control=processes.own_memory,
            given=lambda target: (str(target.config.home), target.baits.file),
        ),
    ),
    _attack(
        id="open-files",
        title="Files left open",
        tries="Use a file of the machine that was left open when the kernel was started.",
        run=finds_nothing(
            processes.open_files,
            control=processes.own_open_files,
            given=lambda target: (
                *("memfd:arguments", "memfd:seccomp", "hub.sock", "session.json"),
                f"{target.config.home}/",
            ),
        ),
    ),
    _attack(
        id="signals",
        title="A signal to the environment",
        tries="Signal a process of the hub, to stop it.",
        run=refused(
            processes.signal_process,
            "ESRCH",
            control=processes.signal_self,
            given=_a_process,
        ),
    ),
    _attack(
        id="left-behind",
        title="A process that outlives its kernel",
        tries="Leave a process behind (double fork, setsid) that goes on when the session ends.",
        run=_left_behind,
    ),
    _attack(
        id="hostname",
        title="The machine's name",
        tries="Change the machine's name.",
        run=refused(processes.rename_machine, "EPERM", control=processes.signal_self),
    ),
    _attack(
        id="raise-limits",
        title="Limits raised",
        tries="Raise the limit on file sizes of this process.",
        run=refused(
            processes.raise_limit,
            "EPERM",
            control=processes.lower_limit,
            given=lambda _: ("FSIZE",),
        ),
    ),
    _attack(
        id="core-dump",
        title="A core dump",
        tries="Crash, so that memory with data in it is written where others read.",
        run=told(
            processes.dump_core,
            _judge_core,
            control=processes.signal_self,
            given=lambda target: (target.folder,),
        ),
    ),
)
