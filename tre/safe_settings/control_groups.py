"""What a whole session may use, as the files of a control group say it.

A limit of a process (setrlimit) is had anew by each that a session starts; a control group counts
all of them together. Linux knows two kinds, which name the same limits differently.
Source: Documentation/admin-guide/cgroup-v2.rst and cgroup-v1/ of Linux.
"""

from dataclasses import dataclass

from tre.safe_settings.session_spec import Limits

PERIOD_MICROSECONDS = 100_000
"""The slice of time in which a group may use its share of the processors."""

CONTROLLERS = {"memory": "memory", "pids": "processes", "cpu": "processor time"}
"""The kernel's name for what it counts, and ours."""

REQUIRED = ("memory", "pids")
"""Without these a group holds nothing worth having; processor time is a matter of fairness."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupFile:
    """One line to write. may_be_absent: some machines lack the file, and the limit with it."""

    controller: str
    name: str
    value: str
    may_be_absent: bool = False


def group_files(limits: Limits, version: int) -> tuple[GroupFile, ...]:
    """List what is written into a new group, in order; version: 1 or 2."""
    memory, processes = str(limits.memory_bytes), str(limits.processes)
    quota = str(limits.cpu_percent * PERIOD_MICROSECONDS // 100)
    if version == 2:
        return (
            GroupFile(controller="memory", name="memory.max", value=memory),
            # No swap: it would be memory beyond the limit, and everybody's disk.
            GroupFile(controller="memory", name="memory.swap.max", value="0", may_be_absent=True),
            GroupFile(controller="pids", name="pids.max", value=processes),
            GroupFile(controller="cpu", name="cpu.max", value=f"{quota} {PERIOD_MICROSECONDS}"),
        )
    return (
        GroupFile(controller="memory", name="memory.limit_in_bytes", value=memory),
        # Memory and swap together; the kernel wants it after the limit of memory alone.
        GroupFile(
            controller="memory",
            name="memory.memsw.limit_in_bytes",
            value=memory,
            may_be_absent=True,
        ),
        GroupFile(controller="pids", name="pids.max", value=processes),
        GroupFile(controller="cpu", name="cpu.cfs_period_us", value=str(PERIOD_MICROSECONDS)),
        GroupFile(controller="cpu", name="cpu.cfs_quota_us", value=quota),
    )
