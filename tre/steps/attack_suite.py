"""Somebody attacks the world to see whether it holds; that they did, and what came of it."""

from collections.abc import Mapping

from tre.five_safes import Subject
from tre.steps.acting import acting
from tre.steps.tre import Tre
from tre.vocabulary import Action, PersonId

STARTED = "settings:attack:start"
"""The ledger's tag of a suite that begins: the refusals that follow it are its own."""
ENDED = "settings:attack:end"
"""The ledger's tag of what came of it."""


def start_attacks(tre: Tre, actor: PersonId, attacks: int) -> None:
    """Let a TRE manager or an auditor begin; the sign-ins and refusals that follow are theirs.

    attacks: how many are to be made. Raises RefusedError for anybody else.
    """
    with acting(tre, actor, Action.VIEW_LEDGER) as act:
        act.require(Subject())
        act.record({"attacks": attacks}, tag=STARTED)


def end_attacks(tre: Tre, actor: PersonId, outcomes: Mapping[str, int]) -> None:
    """Write down how many attacks had which outcome."""
    with acting(tre, actor, Action.VIEW_LEDGER) as act:
        act.require(Subject())
        act.record({"outcomes": dict(outcomes)}, tag=ENDED)
