"""The attacks that `tre attack` makes, from their table."""

from docs.generate.markdown import opening, table
from tre.attack.attack import Attack, Outcome
from tre.attack.attacks import ATTACKS
from tre.attack.families import HEADINGS, LESSONS, NOT_HELD, Family

INTRODUCTION = f"""
`tre attack` makes these {len(ATTACKS)} attacks on a running world ([how](../how-to/attack.md)).
Each is a test as well. Every one has a control, the same act where it is allowed, which must
succeed: where it does not, the attack counts as *not run*, never as *held*. What should come of
each is **held**, unless its reason for **held in part** stands beside it.
"""


def page() -> str:
    """Draw a table a family, then what nothing holds."""
    text = opening("Attacks", "tre/attack", INTRODUCTION)
    text += table(("family", "attacks", "what it is about"), (_line(one) for one in HEADINGS))
    for family, heading in HEADINGS.items():
        rows = [_row(attack) for attack in _of(family)]
        columns = ("attack", "what it tries", "who", "held by")
        text += f"\n## {heading}\n\n{LESSONS[family]}\n\n" + table(columns, rows)
    return text + (
        "\n## What nothing here holds\n\nNo attack tries these, since they succeed.\n\n"
        + table(("way out", "what would hold it"), NOT_HELD)
    )


def _of(family: Family) -> list[Attack]:
    return [attack for attack in ATTACKS if attack.family is family]


def _line(family: Family) -> tuple[str, int, str]:
    return (f"`{family}`", len(_of(family)), HEADINGS[family])


def _row(attack: Attack) -> tuple[str, ...]:
    in_part = attack.expected is Outcome.IN_PART
    tries = f"{attack.tries} **Held in part**: {attack.because}" if in_part else attack.tries
    return (f"`{attack.id}`", tries, str(attack.attacker), str(attack.holder))
