"""The rules of separation as a page, and the picture of one person's identifiers."""

from docs.generate.markdown import opening, table
from tre.safe_data.linkages import linkage
from tre.safe_data.linking.journey.picture import journey_svg
from tre.safe_data.linking.separation.rules import RULES

INTRODUCTION = """
No party ever holds identifiers of people it did not know together with the other party's
attributes. After every run of a linkage, each of these rules is asked about the record of
transfers and about every file that a party holds. What was looked at, and every violation with
where and why, is on the ledger. How it works, and what it cannot show, is in
[Separation](../explanation/separation.md).
"""


def page() -> str:
    """Draw the rules in the order in which identifiers travel."""
    rows = [(f"`{rule.name}`", rule.says, _details(rule.find.__doc__)) for rule in RULES]
    text = opening("The rules of separation", "tre/safe_data/linking/separation", INTRODUCTION)
    return text + table(("rule", "what must hold", "what is looked for"), rows)


def picture() -> str:
    """Draw the route of the National Pupil Database, from its description alone."""
    return journey_svg(linkage("npd"), None)


def picture_of_hospitals() -> str:
    """Draw a route on which the records come back to the linkage service."""
    return journey_svg(linkage("hes"), None)


def _details(told: str | None) -> str:
    return " ".join((told or "").split())
