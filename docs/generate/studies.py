"""The example studies of the demonstration, with their states, from the table that makes them."""

from docs.generate.markdown import opening, table
from tre.training.studies import STUDIES, example_rows

INTRODUCTION = """
A built world has the fourteen kinds of study that these data were really linked for: every linkage
has its study, and each is brought to a state of its own by the steps that people take, with
advice, grants, votes and reasons, all of it on the ledger. One further project shows what none of
them does. Sign in as the lead to go on with a study, or as whoever holds it
([whose turn it is in each state](project-states.md)). `tre project examples` prints the same table.
"""


def page() -> str:
    """List each study, in the order of a project's life, and count the states."""
    text = opening("The example studies", "tre/training/studies.py", INTRODUCTION)
    rows = [
        (f"`{row.id}`", row.linkages, f"**{row.state}**", f"`{row.lead}`", row.shows)
        for row in example_rows()
    ]
    text += table(("study", "linkages", "state", "lead", "what it shows"), rows)
    states = len({study.state for study in STUDIES})
    return text + f"\nThe fourteen stand in {states} different states.\n"
