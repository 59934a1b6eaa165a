"""Applications, roles apart, sanctions and reminders, from the tables of Safe People."""

from docs.generate.markdown import opening, table
from tre.safe_people.applications import TRANSITIONS
from tre.safe_people.declarations import DECLARATIONS
from tre.safe_people.expiry import NEXT_STEP, REMIND_DAYS
from tre.safe_people.roles import INCOMPATIBLE, ROLES
from tre.safe_people.sanctions import USUAL_LENGTHS
from tre.vocabulary import Role

INTRODUCTION = """
How an application for accreditation moves, what each role is for and which of them one person never
has at once, how long a sanction usually lasts, and what people are reminded of.
"""


def page() -> str:
    """Draw each table with a sentence of what it is for."""
    text = opening("People", "tre/safe_people/", INTRODUCTION)
    text += "## An application for accreditation\n\n" + _applications()
    text += "\n## Roles\n\n" + table(("role", "what it is for"), list(ROLES.items()))
    text += "\n## Roles apart\n\n" + table(("one person is never both", "why"), _apart())
    text += "\n## Sanctions\n\nThe lengths are illustrative.\n\n" + _sanctions()
    days = ", ".join(str(days) for days in REMIND_DAYS)
    text += f"\n## Reminders\n\nThey go out {days} days before the last day, each once.\n\n"
    text += table(("what runs out", "what to do"), _reminders())
    newest = DECLARATIONS[-1]
    text += f"\n## The declaration, version {newest.version}\n\n"
    return text + "".join(f"- {promise}\n" for promise in newest.promises)


def _applications() -> str:
    rows = [
        (state, event, way.to, f"`{way.tag}`", way.notice or "—")
        for (state, event), way in TRANSITIONS.items()
    ]
    return table(("from", "event", "to", "ledger", "notice to the applicant"), rows)


def _apart() -> list[tuple[str, str]]:
    order = list(Role)
    pairs = [(sorted(pair, key=order.index), why) for pair, why in INCOMPATIBLE.items()]
    return [(f"{first} and {second}", why) for (first, second), why in pairs]


def _sanctions() -> str:
    rows = [
        (breach, f"{length.days:,} days" if length.days else "until it is lifted", length.example)
        for breach, length in USUAL_LENGTHS.items()
    ]
    return table(("breach", "usual length", "such as"), rows)


def _reminders() -> list[tuple[str, str]]:
    return [(kind, todo) for kind, (todo, _) in NEXT_STEP.items()]
