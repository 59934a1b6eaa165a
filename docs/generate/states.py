"""The states of a release request, from the one table that moves it."""

from docs.generate.markdown import opening, table
from tre.safe_outputs.states import OWNERS, TRANSITIONS, mermaid

INTRODUCTION = """
A request is always in exactly one state, and whoever owns the state is the one who must do
something next. What is not in the table cannot happen. Two checkers review, each blind to the
other until both have answered.
"""


def page() -> str:
    """Draw the diagram, the owners, and every way with what the books and people are told."""
    text = opening("The states of a release request", "tre/safe_outputs/states.py", INTRODUCTION)
    text += f"```mermaid\n{mermaid()}```\n\n## Who owns each state\n\n"
    text += table(("state", "owner"), [(f"**{state}**", who) for state, who in OWNERS.items()])
    rows = [
        (state, event, way.to, f"`{way.tag}`", way.notice or "—")
        for (state, event), way in TRANSITIONS.items()
    ]
    headings = ("from", "event", "to", "ledger", "notice to the author")
    return text + "\n## Every way between them\n\n" + table(headings, rows)
