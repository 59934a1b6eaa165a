"""Every attack, in the order in which they are made: what may break a session comes last."""

from collections.abc import Sequence

from tre.attack.attack import Attack
from tre.attack.families import HEADINGS, Family
from tre.attack.table import (
    cross_site,
    desk,
    downloads,
    hostile_files,
    hub,
    ingress,
    lab_files,
    letters,
    links,
    machine,
    messages,
    network,
    other_doors,
    packages,
    planting,
    processes,
    reruns,
    resources,
    shared_files,
    system_calls,
    way_in,
)
from tre.decision import UnusableRequestError

ATTACKS: tuple[Attack, ...] = (
    *planting.ATTACKS,
    *packages.ATTACKS,
    *network.ATTACKS,
    *system_calls.ATTACKS,
    *shared_files.ATTACKS,
    *processes.ATTACKS,
    *machine.ATTACKS,
    *links.ATTACKS,
    *downloads.ATTACKS,
    *lab_files.ATTACKS,
    *other_doors.ATTACKS,
    *messages.ATTACKS,
    *cross_site.ATTACKS,
    *way_in.ATTACKS,
    *hub.ATTACKS,
    *desk.ATTACKS,
    *ingress.ATTACKS,
    *letters.ATTACKS,
    *hostile_files.ATTACKS,
    *reruns.ATTACKS,
    *resources.ATTACKS,
)


def chosen(names: Sequence[str]) -> tuple[Attack, ...]:
    """The attacks of these ids and families; all where none is named.

    Raises UnusableRequestError for a name that is neither.
    """
    known = {attack.id for attack in ATTACKS} | set(Family)
    unknown = [name for name in names if name not in known]
    if unknown:
        message = (
            f"there is no attack or family called {unknown[0]!r}; families are "
            f"{', '.join(HEADINGS)}, and `tre attack --list` shows every attack"
        )
        raise UnusableRequestError(message)
    return tuple(
        attack for attack in ATTACKS if not names or {attack.id, attack.family} & set(names)
    )
