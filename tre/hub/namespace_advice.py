"""Why bubblewrap can make no sandbox on this machine, and what to do: one cause, one remedy."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

IN_A_CONTAINER = (
    "in a container, start it with --security-opt seccomp=unconfined and --security-opt "
    "unmask=ALL (Podman) or systempaths=unconfined (Docker)"
)
APPARMOR = (
    "AppArmor lets no ordinary program make user namespaces (Ubuntu 23.10 and later). Write "
    "/etc/apparmor.d/tre-bwrap: `abi <abi/4.0>, include <tunables/global> profile tre-bwrap "
    "{bwrap} flags=(unconfined) {{ userns, }}` and run `sudo apparmor_parser -r "
    "/etc/apparmor.d/tre-bwrap`; or, for all programs: sudo sysctl -w "
    "kernel.apparmor_restrict_unprivileged_userns=0"
)
_CONTAINERS_FORBID = ("namespace", "mount", "permission", "permitted", "pivot_root")
UNKNOWN = "bubblewrap cannot make a sandbox here: {said}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """A setting of the machine's kernel that forbids user namespaces when it has this value."""

    name: str
    off: str
    remedy: str
    for_root: bool = False


SWITCHES = (
    Switch(
        name="user/max_user_namespaces",
        off="0",
        remedy="user namespaces are switched off: sudo sysctl -w user.max_user_namespaces=10000",
        for_root=True,
    ),
    Switch(
        name="kernel/unprivileged_userns_clone",
        off="0",
        remedy=(
            "user namespaces are switched off for ordinary users: "
            "sudo sysctl -w kernel.unprivileged_userns_clone=1"
        ),
    ),
    Switch(name="kernel/apparmor_restrict_unprivileged_userns", off="1", remedy=APPARMOR),
)
"""A sysctl written to /etc/sysctl.d/ holds after the next start of the machine, too."""


def namespace_advice(
    said: str, bwrap: Path, *, as_root: bool, machine: Path = Path("/")
) -> tuple[str, ...]:
    """Name what keeps bubblewrap from making a sandbox, each with what to do; never empty.

    said: what it said. machine: where the machine's files are found.
    """
    found = [
        switch.remedy.format(bwrap=bwrap)
        for switch in SWITCHES
        if (switch.for_root or not as_root) and _value(machine, switch.name) == switch.off
    ]
    if _is_container(machine) and any(word in said.lower() for word in _CONTAINERS_FORBID):
        found.append(IN_A_CONTAINER)
    elif "proc" in said and "mount" in said.lower():
        found.append(f"a fresh /proc may not be mounted: {IN_A_CONTAINER}")
    return (UNKNOWN.format(said=said), *found)


def _value(machine: Path, name: str) -> str:
    with suppress(OSError):
        return (machine / "proc" / "sys" / name).read_text("ascii").strip()
    return ""


def _is_container(machine: Path) -> bool:
    return any((machine / mark).exists() for mark in (".dockerenv", "run/.containerenv"))
