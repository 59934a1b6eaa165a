"""The catalogue of data, and the linkages that bring them together."""

from docs.generate.markdown import opening, table
from tre.safe_data.catalogue import UNIT, Dataset, catalogue
from tre.safe_data.linkages import linkages
from tre.safe_data.linkages.linkage import Linkage
from tre.safe_data.variable import TableDescription

INTRODUCTION = """
What a project can be granted, variable by variable. Its extract holds what it was granted and
nothing more, and beside it, in every table, the person's pseudonym:
"""


def page() -> str:
    """Draw the datasets with their tables, then the linkages."""
    text = opening("The catalogue", "tre/safe_data/catalogue.py", INTRODUCTION)
    text += f"`{UNIT.name}` ({UNIT.type}): {UNIT.description}; {UNIT.source}.\n\n"
    text += "".join(_dataset(dataset) for dataset in catalogue())
    return text + "## The linkages\n\n" + "\n".join(_linkage(one) for one in linkages())


def _dataset(dataset: Dataset) -> str:
    facts = (
        ("granted as", f"`{dataset.id}`"),
        ("controller", dataset.controller),
        ("place", f"{dataset.place} or stricter"),
        ("research passport", dataset.passport_trust or "not needed"),
        ("disclosure policy", f"`{dataset.policy}`"),
    )
    tables = "".join(_table(one) for one in dataset.tables)
    return f"## {dataset.title}\n\n{table(('', ''), facts)}\n{tables}"


def _table(described: TableDescription) -> str:
    rows = [
        (
            f"`{one.name}`",
            one.type,
            one.description,
            "; ".join(each.sentence() for each in one.treated()),
            ", ".join(one.codes) or "—",
            one.source,
        )
        for one in described.variables
    ]
    headings = ("variable", "type", "meaning", "what is done to it", "codes", "made from")
    title = f"### `{described.name}`\n\n{described.description.rstrip('.')}."
    return f"{title}\n\n{table(headings, rows)}\n"


def _linkage(one: Linkage) -> str:
    facts = (
        ("register", one.register),
        ("held by", one.holder),
        ("identifiers sent by", one.supplier),
        ("matched by", one.matcher),
        ("identifiers", ", ".join(one.identifiers)),
        ("sent beside them", one.pseudonym),
        ("who is covered", one.covered.text),
        ("controls", one.controls.text if one.controls else "none"),
        ("limits", one.limits),
        ("records from", f"{one.first_day:%-d %B %Y}" if one.first_day else "the register's first"),
        ("records until", f"{one.last_day:%-d %B %Y}" if one.last_day else "the register's last"),
        ("earlier agreements", "; ".join(p.limits for p in one.periods) or "none"),
        ("legal basis of the identifiers", one.identifier_basis),
        ("legal basis of access", one.access_basis),
        ("where researchers see it", one.place),
        ("research passport", one.passport_trust or "not needed"),
        ("source", one.source),
        ("assumed, where the sources are silent", ", ".join(one.assumed) or "nothing"),
    )
    return f"### `{one.id}`: {one.title}\n\n{table(('', ''), facts)}"
