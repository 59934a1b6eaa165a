"""The self-assessment against SATRE, from its table."""

from docs.generate.markdown import opening, table
from tre.satre.statement import PILLARS, SOURCE, Standing, Statement
from tre.satre.statements import STATEMENTS
from tre.steps.assessing.checks import CHECKS

INTRODUCTION = f"""
What this software shows of each of SATRE's {len(STATEMENTS)} statements. **Shown** (2): by tests,
and by checks that are asked of the running world. **Partly** (1): so too, and what is missing is
said. **Organisational** (0): software cannot do it, and what you must do is said. `tre satre`
scores the world at hand; a check that fails takes the score of every statement that it speaks for.

{SOURCE} Read the specification beside this page: its sentences are not repeated here.
"""


def page() -> str:
    """Draw the counts, the checks, and a table a pillar."""
    text = opening("SATRE", "tre/satre", INTRODUCTION)
    columns = ("pillar", "statements", *map(str, Standing))
    text += table(columns, (_counts(name) for name in PILLARS.values()))
    text += "\n## The checks\n\nAsked by `tre satre`; the slow ones with `--run` alone.\n\n"
    rows = ((f"`{one.name}`", one.says, "" if one.quick else "slow") for one in CHECKS.values())
    text += table(("check", "holds where", ""), rows)
    for name in PILLARS.values():
        rows = (_row(one) for one in _of(name))
        columns = ("statement", "standing", "what there is, or what to do", "shown by")
        text += f"\n## {name}\n\n" + table(columns, rows)
    return text


def _of(pillar: str) -> list[Statement]:
    return [one for one in STATEMENTS.values() if one.pillar == pillar]


def _counts(pillar: str) -> tuple[object, ...]:
    of = _of(pillar)
    stand = [sum(one.standing is each for one in of) for each in Standing]
    return (pillar, len(of), *stand)


def _row(one: Statement) -> tuple[str, ...]:
    evidence = [f"`{name}`" for name in one.checks]
    evidence += [f"`{name.partition('::')[2]}`" for name in one.tests]
    return (
        f"{one.id} ({one.importance})".replace("*", "\\*"),
        str(one.standing),
        f"**{one.about[:1].upper()}{one.about[1:]}.** {one.says}",
        ", ".join(evidence),
    )
