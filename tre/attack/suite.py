"""Makes attacks one after the other, and counts what came of them."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tre.attack.attack import Attack, Outcome, Result, not_run

if TYPE_CHECKING:
    from tre.attack.target import Target

Told = Callable[[str, float], None]


def make(target: "Target", attacks: Sequence[Attack], told: Told) -> Iterator[Result]:
    """Make each attack and give what was seen; told: the title and the share that is done."""
    for number, attack in enumerate(attacks):
        told(attack.title, number / len(attacks))
        yield made(target, attack)
    told("done", 1.0)


def made(target: "Target", attack: Attack) -> Result:
    """Make one attack; whatever keeps it from being made is told and stops nothing."""
    began = time.monotonic()
    try:
        seen = attack.run(target)
    except Exception as error:  # noqa: BLE001 - no evidence either way, whatever it was
        seen = not_run(f"{type(error).__name__}: {error}"[:400])
    return Result(attack=attack, seen=seen, seconds=time.monotonic() - began)


def counts(results: Sequence[Result]) -> dict[Outcome, int]:
    """How many of each outcome there are, in the order of the outcomes."""
    found = Counter(result.seen.outcome for result in results)
    return {outcome: found[outcome] for outcome in Outcome}


def status(results: Sequence[Result]) -> int:
    """The command's exit status: 2 something is open, 3 something was not run, else 0.

    What is held in part counts as open where the table does not say so with its reason.
    """
    outcomes = {result.seen.outcome for result in results}
    worse = any(
        result.seen.outcome is Outcome.IN_PART and result.attack.expected is not Outcome.IN_PART
        for result in results
    )
    if Outcome.OPEN in outcomes or worse:
        return 2
    return 3 if Outcome.NOT_RUN in outcomes or not results else 0


def as_row(result: Result) -> Mapping[str, Any]:
    """One result as plain values, for JSON."""
    attack = result.attack
    return {
        "id": attack.id,
        "family": str(attack.family),
        "title": attack.title,
        "tries": attack.tries,
        "attacker": str(attack.attacker),
        "holder": str(attack.holder),
        "expected": str(attack.expected),
        "because": attack.because,
        "outcome": str(result.seen.outcome),
        "evidence": result.seen.evidence,
        "seconds": round(result.seconds, 3),
    }
