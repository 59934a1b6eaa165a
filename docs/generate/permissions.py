"""Who may do what: the rules of each Safe, and which of them each action asks."""

from docs.generate.markdown import opening, table
from tre.five_safes import ACTIONS, Requirement, rules
from tre.vocabulary import Safe

INTRODUCTION = """
Every action asks every one of its rules, each time, and a refusal says every reason and not only
the first. Nothing else is asked anywhere: this page is drawn from the table that decides.
"""


def page() -> str:
    """Draw the rules by Safe, then the actions."""
    text = opening("Who may do what", "tre/five_safes.py", INTRODUCTION) + "## The rules\n\n"
    for safe in Safe:
        of_this_safe = [rule for rule in rules() if rule.safe is safe]
        if of_this_safe:
            rows = [(f"**{rule.name}**", rule.sentence, rule.source) for rule in of_this_safe]
            text += f"### {safe}\n\n" + table(("rule", "what must hold", "source"), rows) + "\n"
    rows = [(f"`{action}`", _asked(needs)) for action, needs in ACTIONS.items()]
    return text + "## The actions\n\n" + table(("action", "rules that it asks"), rows)


def _asked(needs: tuple[Requirement, ...]) -> str:
    """List the rules in the table's order; those asked of some only come with a word of whom."""
    by_condition: dict[str, list[str]] = {}
    for need in needs:
        words = need.only.words if need.only else ""
        names = by_condition.setdefault(words, [])
        if need.rule.name not in names:
            names.append(need.rule.name)
    return "; ".join(
        f"*{words}:* {', '.join(names)}" if words else ", ".join(names)
        for words, names in by_condition.items()
    )
