"""Attacks on files, devices and settings of the machine, and on the data themselves."""

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
from tre.attack.inside import machine
from tre.attack.judging import controlled, finds_nothing, refused, told, value_of
from tre.hub.machine import this_machine

if TYPE_CHECKING:
    from tre.attack.target import Target

_attack = partial(Attack, family=Family.MACHINE, attacker=Attacker.CODE, holder=Holder.KERNEL)

ELSEWHERE = (
    *("/etc/shadow", "/etc/ssh", "/etc/sudoers", "/var/lib", "/var/log", "/var/spool"),
    *("/sys", "/sys/fs/cgroup", "/boot", "/run/systemd", "/run/dbus", "/run/docker.sock"),
    *("/tmp/.X11-unix", "/run/user", "/etc/ld.so.preload", "/var/run/secrets"),  # noqa: S108
)
"""Places of a machine in which secrets, services or hardware are found."""

OF_THE_MACHINE = (
    *("kcore", "kmsg", "kallsyms", "keys", "timer_list", "sched_debug", "slabinfo"),
    *("vmallocinfo", "pagetypeinfo", "kpagecount", "kpageflags", "latency_stats"),
    *("interrupts", "softirqs", "schedstat", "diskstats", "zoneinfo", "cmdline", "config.gz"),
)

SETTINGS = (
    *(
        "sys/kernel/core_pattern",
        "sys/kernel/modprobe",
        "sys/kernel/hostname",
        "sys/vm/drop_caches",
    ),
    *("sysrq-trigger",),
)


def _own(target: "Target") -> tuple[str, ...]:
    return target.places


def _secrets_of_the_home(target: "Target") -> tuple[str, ...]:
    """The data home's own files, each of which is there when looked at from outside."""
    home = target.config.home
    names = ("tre.sqlite", "keys", "keys/demo.json", "hub/jupyterhub.sqlite", "hub/cookie_secret")
    paths = [home / name for name in (*names, "sessions", "requests", "logs", "parties")]
    there = [str(path) for path in paths if path.exists()]
    if len(there) < 5:
        message = f"{home} does not look like the data home of a running world"
        raise CannotAttackError(message)
    return tuple(there)


def _other_projects(target: "Target") -> tuple[str, ...]:
    folders = target.tre.folders
    _ = target.finn  # his session makes the folders
    project, person = target.finn.project, target.finn.person
    paths = (
        folders.extracts(project),
        folders.workspace(project),
        folders.outbox(project, person),
        folders.replies(project, person),
    )
    return _there(*paths)


def _there(*paths: Path) -> tuple[str, ...]:
    """The paths, each of which must be there when it is looked at from outside."""
    missing = [path for path in paths if not path.exists()]
    if missing:
        message = f"{missing[0]} is not there to be looked for"
        raise CannotAttackError(message)
    return tuple(str(path) for path in paths)


def _own_project_by_its_path(target: "Target") -> tuple[str, ...]:
    folders = target.tre.folders
    project = target.ada.project
    return _there(folders.extracts(project), folders.workspace(project))


def _settings_of_the_kernel(target: "Target") -> Seen:
    controlled(target.kernel, machine.open_own_to_write)
    expected = {"EROFS", "EACCES", "EPERM", "ENOENT"}
    seen = {}
    for name in SETTINGS:
        report = target.kernel.call(machine.open_to_write, f"/proc/{name}")
        if report.succeeded:
            return is_open(f"/proc/{name} can be opened for writing")
        seen[name] = report.errno
    strange = {name: errno for name, errno in seen.items() if errno not in expected}
    if strange:
        message = f"opening failed otherwise: {strange}"
        raise CannotAttackError(message)
    return held("; ".join(f"/proc/{name}: {errno}" for name, errno in seen.items()))


def _judge_names(named: list[str]) -> Seen:
    of_the_machine = [name for name in named if "/workspaces/" in name or "/extracts/" in name]
    if of_the_machine:
        return held_in_part(
            f"{len(named)} folders are named as the machine knows them; none can be reached by it"
        )
    return held("no folder of the machine is named")


def _system(_: "Target") -> tuple[str, ...]:
    prefixes = [str(prefix) for prefix in this_machine().prefixes]
    return ("/", "/usr", "/etc", "/usr/bin", "/opt/tre/lib", "/dev", "/proc/sys/kernel", *prefixes)


def _extract(probe: Any) -> Any:
    return refused(probe, "EROFS", "EACCES", control=machine.own_extract)


def _set_user_id(target: "Target") -> Seen:
    controlled(target.kernel, machine.permit_own, target.folder)
    report = target.kernel.call(machine.set_user_id, target.folder)
    left = Path(target.on_disk(target.ada.project) / "runs-as-owner")
    if report.errno == "EPERM" and not left.exists():
        return held("refused with EPERM, and no such file is in the workspace")
    return is_open(str(report)) if report.succeeded else _otherwise(report)


def _otherwise(report: Any) -> Seen:
    message = f"failed otherwise: {report}"
    raise CannotAttackError(message)


def _leave_by_dots(target: "Target") -> Seen:
    controlled(target.kernel, machine.own_places, *target.places)
    home = str(target.config.home / "tre.sqlite")
    found = value_of(target.kernel.call(machine.leave_by_dots, home))
    return is_open(f"reached {found[0]}") if found else held("every climb ends in the session")


ATTACKS: tuple[Attack, ...] = (
    _attack(
        id="data-home",
        title="Keys, database and cookie secret",
        tries="Open the environment's keys, databases and logs by their names on the machine.",
        run=finds_nothing(
            machine.found,
            control=machine.own_places,
            control_given=_own,
            given=_secrets_of_the_home,
        ),
    ),
    _attack(
        id="other-project",
        title="Another project's folders",
        tries="Open another project's extract and workspace, and another person's outbox.",
        run=finds_nothing(
            machine.found, control=machine.own_places, control_given=_own, given=_other_projects
        ),
    ),
    _attack(
        id="own-project-path",
        title="The own project past its mount",
        tries="Open the project's folders by the machine's own names, past the read-only mount.",
        run=finds_nothing(
            machine.found,
            control=machine.own_places,
            control_given=_own,
            given=_own_project_by_its_path,
        ),
    ),
    _attack(
        id="dots",
        title="Climbing by ..",
        tries="Leave the session's folders upwards to the data home.",
        run=_leave_by_dots,
    ),
    _attack(
        id="tmp",
        title="The machine's /tmp and /dev/shm",
        tries="Find what other programs left in the folders that everybody shares.",
        run=finds_nothing(
            machine.found,
            control=machine.own_places,
            control_given=_own,
            given=lambda target: (target.baits.file, target.baits.in_memory),
        ),
    ),
    _attack(
        id="elsewhere",
        title="Secrets and services elsewhere",
        tries="Find passwords, SSH keys, /sys, Docker, D-Bus, X11 and other places of a machine.",
        run=finds_nothing(
            machine.found, control=machine.own_places, control_given=_own, given=lambda _: ELSEWHERE
        ),
    ),
    _attack(
        id="extract-write",
        title="The data changed",
        tries="Open a file of the extract for writing.",
        run=_extract(machine.change_extract),
    ),
    _attack(
        id="extract-delete",
        title="The data deleted",
        tries="Delete a file of the extract.",
        run=_extract(machine.delete_extract),
    ),
    _attack(
        id="extract-chmod",
        title="The data's permissions",
        tries="Change the permissions of the extract.",
        run=_extract(machine.permit_extract),
    ),
    _attack(
        id="extract-hard-link",
        title="A hard link to the data",
        tries="Give a file of the extract a second name in the workspace.",
        run=refused(
            machine.hard_link,
            "EXDEV",
            "EPERM",
            control=machine.hard_link_own,
            given=lambda target: ("/data", target.folder),
            control_given=lambda target: (target.folder,),
        ),
    ),
    _attack(
        id="system-hard-link",
        title="A hard link to a file of the system",
        tries="Give /etc/passwd a second name in the workspace, for others to change.",
        run=refused(
            machine.hard_link,
            "EXDEV",
            "EPERM",
            control=machine.hard_link_own,
            given=lambda target: ("/etc/passwd", target.folder),
            control_given=lambda target: (target.folder,),
        ),
    ),
    _attack(
        id="system-write",
        title="Python and the system changed",
        tries="Write into Python's own folders, /usr, /etc, /dev and the session's code.",
        run=finds_nothing(machine.writable, control=machine.write_own, given=_system),
    ),
    _attack(
        id="kernel-settings",
        title="Settings of the machine's kernel",
        tries="Open core_pattern, modprobe, sysrq and others for writing.",
        run=_settings_of_the_kernel,
    ),
    _attack(
        id="kernel-files",
        title="The kernel's own memory and lists",
        tries="Read kcore, kmsg, kallsyms and other files about the whole machine.",
        run=finds_nothing(
            machine.secrets_of_the_machine,
            control=machine.read_own_file,
            given=lambda _: tuple(f"/proc/{name}" for name in OF_THE_MACHINE),
        ),
    ),
    _attack(
        id="devices",
        title="Devices",
        tries="Find a disk, the memory, KVM, FUSE or another device in /dev.",
        run=finds_nothing(machine.strange_devices, control=machine.own_devices),
    ),
    _attack(
        id="mknod",
        title="A device of one's own",
        tries="Make a device file for the machine's first disk.",
        run=refused(
            machine.make_device,
            "EPERM",
            control=machine.permit_own,
            given=lambda target: (target.folder,),
            control_given=lambda target: (target.folder,),
        ),
    ),
    _attack(
        id="set-user-id",
        title="A program that runs as its owner",
        tries="Leave a set-user-id program in the workspace, for somebody outside to start.",
        run=_set_user_id,
    ),
    _attack(
        id="uid-map",
        title="The machine's users",
        tries="Map the machine's root into the session.",
        run=refused(machine.user_map, "EPERM", "EACCES", control=machine.open_own_to_write),
    ),
    _attack(
        id="mount-names",
        title="Names of the machine's folders",
        tries="Learn from the list of mounts how the machine's folders are called.",
        run=told(
            machine.names_of_mounts, _judge_names, control=machine.own_places, control_given=_own
        ),
        expected=Outcome.IN_PART,
        because=(
            "The kernel of the machine names the source of every mount in /proc/self/mountinfo. "
            "The names tell the project, which the session knows; nothing is there under them."
        ),
    ),
)
