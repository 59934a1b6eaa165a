"""The associations that the simulator plants in its people."""

from docs.generate.markdown import opening, table
from tre.safe_data.effects import EFFECTS

INTRODUCTION = """
The people are invented, and so is what is associated with what. These are the associations that
the simulator plants, each with its size, so that a study of an extract can be compared with what
was put in. *Assumed* means chosen for teaching, with the direction that the literature gives.
**None of it is evidence about real people.**
"""


def page() -> str:
    """Draw one row an effect."""
    rows = [
        (one.cause, one.outcome, f"{one.size:g}", one.scale, one.when, one.grounds, one.source)
        for one in EFFECTS
    ]
    headings = ("cause", "outcome", "size", "scale", "when", "grounds", "source")
    return opening("Planted effects", "tre/safe_data/effects.py", INTRODUCTION) + table(
        headings, rows
    )
