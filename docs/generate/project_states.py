"""The states of a project and of a change to one, from the tables that move them."""

from docs.generate.markdown import opening, table
from tre.safe_projects.changes import CHANGE_TRANSITIONS, FIRST_STATE
from tre.safe_projects.gateways import LEGAL_GATEWAYS
from tre.safe_projects.lifecycle import OWNERS, PRIVATE, PUBLIC, TRANSITIONS, mermaid
from tre.safe_projects.panel import CRITERIA

INTRODUCTION = """
A project is always in exactly one state, from the first draft of its application to its end. What
is not in the table cannot happen. The lay group advises and has no veto; each data owner decides on
their own dataset; three members of the panel vote by correspondence, blind until all have voted:
all approve and it is accredited, most refuse and it is refused, anything between gives it back with
questions.
"""


def page() -> str:
    """Draw the diagram, who holds each state and who sees it, every way, and the changes."""
    text = opening("The states of a project", "tre/safe_projects/lifecycle.py", INTRODUCTION)
    text += f"```mermaid\n{mermaid()}```\n\n## Whose turn it is, and who sees it\n\n"
    rows = [(f"**{state}**", owner, _seen_by(state)) for state, owner in OWNERS.items()]
    text += table(("state", "turn of", "seen by"), rows)
    ways = [
        (state, event, way.to, f"`{way.tag}`", way.notice or "—")
        for (state, event), way in TRANSITIONS.items()
    ]
    headings = ("from", "event", "to", "ledger", "notice to the lead")
    text += "\n## Every way between them\n\n" + table(headings, ways)
    text += "\n## Changes to an accredited project\n\n"
    text += table(("change", "begins"), [(kind, state) for kind, state in FIRST_STATE.items()])
    moves = [(state, event, to) for (state, event), to in CHANGE_TRANSITIONS.items()]
    text += "\n" + table(("from", "event", "to"), moves)
    text += "\n## Legal gateways\n\n"
    laws = [
        (f"`{one.id}`", one.title, one.lets, "yes" if one.needs_cag else "")
        for one in LEGAL_GATEWAYS
    ]
    text += table(("id", "law", "lets", "needs the CAG's support"), laws)
    text += "\n## What the panel looks at\n\n"
    return text + table(("id", "criterion"), [(f"`{k}`", says) for k, says in CRITERIA.items()])


def _seen_by(state: object) -> str:
    if state in PRIVATE:
        return "the people named on it"
    if state in PUBLIC:
        return "its people, staff, and everybody in the public register"
    return "its people, staff whose role concerns it, and the owners of data it asks for"
