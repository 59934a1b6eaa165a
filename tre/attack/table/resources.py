"""Attacks that use up the machine, each in a kernel of its own, made last."""

import os
from functools import partial
from typing import TYPE_CHECKING, Any

import httpx

from tre.attack.attack import (
    Attack,
    Attacker,
    CannotAttackError,
    Holder,
    Seen,
    held,
    is_open,
    not_run,
)
from tre.attack.families import Family
from tre.attack.inside import calls, resources
from tre.attack.judging import controlled, value_of

if TYPE_CHECKING:
    from tre.attack.kernel import Kernel
    from tre.attack.target import Target

MARGIN = 1.25
"""How much above a limit still counts as the limit: what was there before is counted too."""
SHM_MIB = 64
MOST_SOCKETS_MIB = 1024

_attack = partial(Attack, family=Family.RESOURCES, attacker=Attacker.CODE, holder=Holder.KERNEL)


def _others_go_on(target: "Target") -> None:
    """The researcher's other kernel, and the colleague's session, answer as before."""
    for kernel in (target.kernel, target.colleagues_kernel):
        if not kernel.call(calls.own_process, seconds=20).succeeded:
            message = "another kernel no longer answers"
            raise CannotAttackError(message)


def _alone(attack: Any) -> Any:
    """Make an attack in a kernel of its own, and see that everybody else goes on."""

    def run(target: "Target") -> Seen:
        _others_go_on(target)
        with target.fresh_kernel(target.ada) as kernel:
            seen = attack(target, kernel)
        try:
            _others_go_on(target)
        except CannotAttackError as error:
            return is_open(f"{seen.evidence}; {error}")
        return seen

    return run


def _fork_bomb(target: "Target", kernel: "Kernel") -> Seen:
    controlled(kernel, resources.fork_one)
    limit = target.config.session_processes
    told = value_of(kernel.call(resources.fork_many, limit * 2, seconds=60))
    if not told["refused"]:
        return is_open(f"{told['started']} processes were started, the limit is {limit}")
    return held(f"{told['started']} were started, then: {told['refused']} (limit {limit})")


def _memory(processes: int) -> Any:
    def attack(target: "Target", kernel: "Kernel") -> Seen:
        controlled(kernel, resources.use_some_memory)
        limit = target.config.session_memory_mib
        wanted = int(limit * 1.5)
        if wanted > _free_mib():
            return not_run(f"this machine has less than {wanted} MiB free to try it with")
        try:
            told = value_of(kernel.call(resources.take_memory, wanted, processes, seconds=90))
        except CannotAttackError as error:
            return held(f"the kernel was ended when it went over {limit} MiB ({error})")
        if told["used_mib"] > limit * MARGIN:
            return is_open(f"{told['used_mib']} MiB were used, the limit is {limit}")
        if not told["refused"] and not told["killed"]:
            return not_run(f"neither refused nor ended: {told}")
        return held(f"{told['used_mib']} MiB were used, then no more (limit {limit})")

    return attack


def _free_mib() -> int:
    return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2**20


def _filled(folder: str, limit_mib: Any) -> Any:
    def attack(target: "Target", kernel: "Kernel") -> Seen:
        controlled(kernel, resources.write_some, folder)
        limit = limit_mib(target)
        try:
            told = value_of(kernel.call(resources.fill, folder, int(limit * 1.5) + 16, seconds=90))
        except CannotAttackError as error:
            return held(f"the kernel was ended while it wrote ({error})")
        if told["written_mib"] > limit * MARGIN:
            return is_open(f"{told['written_mib']} MiB were written, the limit is {limit}")
        if told["refused"] in ("ENOSPC", "EDQUOT", "ENOMEM"):
            return held(f"{told['written_mib']} MiB were written, then {told['refused']}")
        return not_run(f"ended otherwise: {told}")

    return attack


def _sockets(target: "Target", kernel: "Kernel") -> Seen:
    """Held where another kernel starts beside one that filled what it may."""
    told = value_of(kernel.call(resources.fill_sockets, MOST_SOCKETS_MIB, seconds=60))
    if not told["refused"]:
        return is_open(f"{told['written_mib']} MiB were written beside the sockets without end")
    try:
        with target.fresh_kernel(target.ada) as other:
            value_of(other.call(calls.own_process, seconds=20))
    except (CannotAttackError, httpx.HTTPError) as error:
        return is_open(f"no other kernel starts any more: {error}")
    return held(f"{told['written_mib']} MiB, then {told['refused']}; another kernel started")


def _large_file(target: "Target", kernel: "Kernel") -> Seen:
    controlled(kernel, resources.write_some, target.folder)
    limit = target.config.session_file_mib * 2**20
    report = kernel.call(resources.grow, target.folder, limit + 2**20)
    if report.succeeded:
        return is_open(f"a file of {limit + 2**20:,} bytes was made, the limit is {limit:,}")
    return held(f"refused with {report}") if report.errno == "EFBIG" else not_run(str(report))


def _open_files(_: "Target", kernel: "Kernel") -> Seen:
    told = value_of(kernel.call(resources.open_many, 4096))
    if told["refused"] == "EMFILE":
        return held(f"{told['opened']} files were open, then EMFILE")
    return (
        is_open(f"{told['opened']} files were open") if not told["refused"] else not_run(str(told))
    )


def _processor(target: "Target", kernel: "Kernel") -> Seen:
    limit = target.config.session_cpu_percent
    cores = os.cpu_count() or 1
    if limit >= cores * 100:
        return held(
            f"a session may use all {cores} processors of this machine "
            f"(session_cpu_percent = {limit}); they are shared evenly with everybody else's"
        )
    used = value_of(kernel.call(resources.burn, cores * 2, 2.0, seconds=60))
    percent = used / 2.0 * 100
    if percent > limit * MARGIN:
        return is_open(f"{percent:.0f} % of a processor were used, the limit is {limit} %")
    return held(f"{cores * 2} busy processes got {percent:.0f} % of a processor (limit {limit} %)")


ATTACKS: tuple[Attack, ...] = (
    _attack(
        id="fork-bomb",
        title="A fork bomb",
        tries="Start processes without end.",
        run=_alone(_fork_bomb),
    ),
    _attack(
        id="memory",
        title="Memory in one process",
        tries="Use half as much memory again as a session may.",
        run=_alone(_memory(1)),
    ),
    _attack(
        id="memory-shared-out",
        title="Memory in four processes",
        tries="Use too much memory in processes that each stay below the limit.",
        run=_alone(_memory(4)),
    ),
    _attack(
        id="fill-tmp",
        title="A full /tmp",
        tries="Fill /tmp until the machine has no memory left.",
        run=_alone(_filled("/tmp", lambda target: target.config.session_tmp_mib)),  # noqa: S108
    ),
    _attack(
        id="fill-shm",
        title="A full /dev/shm",
        tries="Fill /dev/shm until the machine has no memory left.",
        run=_alone(_filled("/dev/shm", lambda _: SHM_MIB)),  # noqa: S108 - of the session
    ),
    _attack(
        id="fill-sockets",
        title="A full folder of sockets",
        tries="Fill the folder of a kernel's sockets, so that no other kernel starts.",
        run=_alone(_sockets),
    ),
    _attack(
        id="large-file",
        title="A file that is too large",
        tries="Make one file larger than any may be.",
        run=_alone(_large_file),
    ),
    _attack(
        id="many-files-open",
        title="Files opened without end",
        tries="Open files until the machine has no more to give.",
        run=_alone(_open_files),
    ),
    _attack(
        id="processor",
        title="All processors",
        tries="Keep more processors busy than a session may use.",
        run=_alone(_processor),
    ),
)
