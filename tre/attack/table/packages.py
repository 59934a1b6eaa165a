"""Packages that the TRE manager did not choose, brought to run from the workspace."""

from typing import TYPE_CHECKING

from tre.attack.attack import Attack, Attacker, Holder, Outcome, Seen, held_in_part, is_open
from tre.attack.families import Family
from tre.attack.inside import packages, planting
from tre.attack.judging import controlled, value_of

if TYPE_CHECKING:
    from tre.attack.target import Target


def _brought(target: "Target") -> Seen:
    """In part where pip refuses, since Python imports what pip does not install."""
    controlled(target.kernel, planting.write_files, target.folder, {"some.txt": "some"})
    ran = value_of(target.kernel.call(packages.install, target.folder, seconds=90))
    if ran["status"] == 0 or "TRE manager chose" not in ran["said"]:
        return is_open(f"pip did not refuse it in our words: {ran['said'][-200:]}")
    imported = value_of(target.kernel.call(packages.without_pip, target.folder))
    return held_in_part(f"pip refused the wheel; imported without pip: {imported}")


ATTACKS: tuple[Attack, ...] = (
    Attack(
        id="wheel-of-the-workspace",
        family=Family.PLANTING,
        title="A package that nobody chose",
        tries="Install a wheel that lies in the workspace, or import it without installing.",
        attacker=Attacker.CODE,
        holder=Holder.POLICY,
        run=_brought,
        expected=Outcome.IN_PART,
        because=(
            "pip refuses it, so that nobody installs by mistake what the TRE manager did not "
            "choose. Whoever may write code may write a package too, and Python imports it from "
            "where it lies: the seal holds such code as any other."
        ),
    ),
)
