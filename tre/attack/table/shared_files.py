"""Attacks by files that sessions share with each other and with the machine, if only to read."""

from functools import partial
from typing import TYPE_CHECKING

from tre.attack.attack import Attack, Attacker, Holder, Outcome, Seen, held, held_in_part
from tre.attack.families import Family
from tre.attack.inside import calls, shared_files
from tre.attack.judging import controlled, judge_refusal, refused, value_of

if TYPE_CHECKING:
    from tre.attack.target import Target

_attack = partial(Attack, family=Family.CALLS, attacker=Attacker.CODE, holder=Holder.KERNEL)


def _lock_seen_elsewhere(target: "Target") -> Seen:
    """Lock in one project's session a file that another project's session sees too."""
    here, there = target.kernel, target.colleagues_kernel
    shared = str(value_of(here.call(shared_files.of_everybody)))
    controlled(here, shared_files.lock_own)
    before = value_of(there.call(shared_files.is_locked, shared))
    value_of(here.call(shared_files.lock, shared))
    during = value_of(there.call(shared_files.is_locked, shared))
    value_of(here.call(shared_files.unlock))
    if not before and during:
        return held_in_part(f"a lock on {shared} in one session was seen in the other: one bit")
    return held(f"locked here: {during} there, as before")


def _behind_the_end(target: "Target") -> Seen:
    controlled(target.kernel, shared_files.take_room, target.folder)
    size = 2**20 * (target.config.session_file_mib + 1)
    report = target.kernel.call(shared_files.take_room_behind_the_end, target.folder, size)
    return judge_refusal(report, "EOPNOTSUPP", "ENOTSUP")


ATTACKS: tuple[Attack, ...] = (
    _attack(
        id="lease",
        title="Everybody made to wait at a file",
        tries="Take a lease on a file of Python, at which others wait 45 seconds (F_SETLEASE).",
        run=refused(shared_files.lease, "EPERM", control=shared_files.lock_own),
    ),
    _attack(
        id="inotify",
        title="Others' files watched",
        tries="Be told what the machine and other sessions open in shared folders (inotify).",
        run=refused(shared_files.watch, "ENOSYS", control=calls.own_process),
    ),
    _attack(
        id="dnotify",
        title="Others' files watched by signals",
        tries="Be told by a signal what happens in a shared folder (F_NOTIFY).",
        run=refused(shared_files.watch_by_signal, "EPERM", control=shared_files.lock_own),
    ),
    _attack(
        id="page-cache",
        title="What others have just read",
        tries="Ask which pages of a shared file are in the machine's memory (cachestat).",
        run=refused(shared_files.pages_in_memory, "EPERM", control=calls.own_process),
    ),
    _attack(
        id="file-locks",
        title="A message by locks",
        tries="Signal to a session of another project by locks on a file that both can read.",
        run=_lock_seen_elsewhere,
        expected=Outcome.IN_PART,
        because=(
            "Databases lock their files by the same calls, so a session must have them, and a "
            "file of the system is one file for all. Two people, or one on two projects, who work "
            "together can pass bits so. Both ends are sealed: what is passed leaves by review."
        ),
    ),
    _attack(
        id="behind-the-end",
        family=Family.RESOURCES,
        title="Room behind the end of a file",
        tries="Take more of the disk than a file may have, behind its end (KEEP_SIZE).",
        run=_behind_the_end,
    ),
)
