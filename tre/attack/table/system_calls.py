"""Attacks on the kernel of the machine by its system calls."""

from functools import partial
from typing import Any

from tre.attack.attack import Attack, Attacker, Holder, Seen, held, is_open
from tre.attack.families import Family
from tre.attack.inside import calls, system_calls
from tre.attack.judging import Probe, finds_nothing, refused, told

_attack = partial(Attack, family=Family.CALLS, attacker=Attacker.CODE, holder=Holder.KERNEL)


def _call(id_: str, title: str, tries: str, probe: Probe, *errnos: str) -> Attack:
    run = refused(probe, *(errnos or ("EPERM",)), control=calls.own_process)
    return _attack(id=id_, title=title, tries=tries, run=run)


def _judge_rights(status: dict[str, str]) -> Seen:
    left = [name for name, mask in status.items() if name.startswith("Cap") and int(mask, 16)]
    if left:
        return is_open(f"capabilities are left in {', '.join(left)}")
    if status["Seccomp"].strip() != "2":
        return is_open("no filter of system calls is on")
    if status["NoNewPrivs"].strip() != "1":
        return is_open("a program could gain rights when it is started")
    return held("no capability in any set, the filter is on, no program can gain rights")


def _judge_from_memory(status: dict[str, Any]) -> Seen:
    if status != {"Seccomp": "2", "NoNewPrivs": "1", "CapEff": "0" * 16}:
        return is_open(f"a program run from memory has other rights: {status}")
    return held("it runs, as any program of a researcher may, under the same filter and rights")


ATTACKS: tuple[Attack, ...] = (
    _attack(
        id="rights",
        title="Rights that were left",
        tries="Look for a capability, a missing filter, or a way for a program to gain rights.",
        run=told(system_calls.status, _judge_rights, control=calls.own_process),
    ),
    _call("ptrace", "Tracing", "Trace process 1 of the session.", system_calls.ptrace),
    _call(
        "process-vm-readv",
        "Another process's memory by call",
        "Read memory of process 1 (process_vm_readv).",
        system_calls.read_memory,
    ),
    _call(
        "pidfd-getfd",
        "Another process's open files",
        "Take an open file out of process 1 (pidfd_getfd).",
        system_calls.take_descriptor,
    ),
    _call(
        "kcmp",
        "Comparing processes",
        "Compare two processes (kcmp).",
        system_calls.compare_processes,
    ),
    _call("bpf", "BPF", "Load a program into the machine's kernel.", system_calls.load_program),
    _call(
        "perf",
        "Performance counters",
        "Measure the whole machine (perf_event_open).",
        system_calls.measure_the_machine,
    ),
    _call(
        "userfaultfd",
        "Page faults",
        "Handle page faults of the kernel, to win races.",
        system_calls.fault_handler,
    ),
    _call(
        "io-uring",
        "io_uring",
        "Make calls by a ring that no filter sees.",
        system_calls.io_ring,
        "ENOSYS",
    ),
    _call("keyctl", "Keyrings read", "Read the kernel's keyrings.", system_calls.read_keys),
    _call("add-key", "Keyrings written", "Leave a key for other processes.", system_calls.add_key),
    _call(
        "user-namespace",
        "A new user namespace",
        "Become root of a new namespace (unshare).",
        system_calls.new_user_namespace,
    ),
    _call(
        "network-namespace",
        "A new network",
        "Get a network of one's own (unshare).",
        system_calls.new_network,
    ),
    _call(
        "clone-namespace",
        "A process in a new namespace",
        "Start one with CLONE_NEWUSER.",
        system_calls.clone_namespace,
    ),
    _call(
        "clone3",
        "The newer clone",
        "Start a process by the call that no filter can read.",
        system_calls.newer_clone,
        "ENOSYS",
    ),
    _call("setns", "Another's namespace", "Join a namespace (setns).", system_calls.join_namespace),
    _call("mount", "A mount", "Mount a file system.", system_calls.mount),
    _call(
        "remount",
        "The data made writable",
        "Mount the extract again, writable.",
        system_calls.mount_anew,
    ),
    _call("umount", "A mount taken away", "Unmount the extract.", system_calls.unmount),
    _attack(
        id="new-mount-calls",
        title="The newer calls for mounts",
        tries="Mount by fsopen, open_tree, move_mount and mount_setattr.",
        run=finds_nothing(system_calls.new_mount_calls, control=calls.own_process),
    ),
    _call("chroot", "Another root", "Make another folder the root.", system_calls.change_root),
    _call("pivot-root", "An exchanged root", "Exchange the root.", system_calls.pivot_root),
    _call("module", "A kernel module", "Load a module.", system_calls.load_module),
    _call("kexec", "Another kernel", "Load another kernel (kexec).", system_calls.load_kernel),
    _call("reboot", "A restart", "Restart the machine.", system_calls.restart_machine),
    _call("swap", "Swap", "Let the machine write its memory to a file.", system_calls.swap),
    _call("clock", "The clock", "Set the machine's clock, to fool dates.", system_calls.set_clock),
    _call(
        "file-handles",
        "Files by number",
        "Open a file past every mount (open_by_handle_at).",
        system_calls.open_by_handle,
    ),
    _call(
        "fanotify", "Every file watched", "Watch a disk (fanotify).", system_calls.watch_the_disk
    ),
    _call("quota", "Disk quotas", "Read or change quotas (quotactl).", system_calls.disk_quota),
    _call("kernel-log", "The kernel's log", "Read it (syslog).", system_calls.read_kernel_log),
    _call(
        "personality",
        "Fixed addresses",
        "Switch off address randomisation.",
        system_calls.fixed_addresses,
    ),
    _attack(
        id="terminal-injection",
        title="Typing into a terminal",
        tries="Type into a terminal as if its owner did (TIOCSTI).",
        run=refused(
            system_calls.type_for_others, "EPERM", "EIO", control=system_calls.look_at_terminal
        ),
    ),
    _call(
        "x32",
        "Another convention of calls",
        "Call by the numbers of x32.",
        system_calls.other_convention,
        "ENOSYS",
    ),
    _attack(
        id="int-80",
        title="Calls of 32-bit programs",
        tries="Call by int 0x80, where the same numbers mean other calls.",
        run=refused(
            system_calls.old_convention, "signal 31", control=system_calls.own_machine_code
        ),
    ),
    _call(
        "setuid",
        "The user root",
        "Become root (setuid).",
        system_calls.become_root,
        "EPERM",
        "EINVAL",
    ),
    _call("capset", "Capabilities", "Ask for every capability.", system_calls.take_capabilities),
    _call(
        "new-privileges",
        "New privileges",
        "Take back that no program may gain rights.",
        system_calls.allow_new_privileges,
        "EINVAL",
    ),
    _attack(
        id="memfd",
        title="A program that lies in no file",
        tries="Run a program from memory, past whatever looks at files.",
        run=told(system_calls.run_from_memory, _judge_from_memory, control=calls.own_process),
    ),
)
