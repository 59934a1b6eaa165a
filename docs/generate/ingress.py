"""What may be brought into a workspace: kinds, limits, the scan's rules, the states of a file."""

from docs.generate.markdown import opening, table
from tre.safe_settings.ingress import limits
from tre.safe_settings.ingress.kinds import KINDS
from tre.safe_settings.ingress.request import FILE_TRANSITIONS
from tre.safe_settings.ingress.rules import RULES, Severity

INTRODUCTION = """
Scripts, notebooks and short texts come into a project's workspace through an ingress request
([how](../how-to/bring-code.md)). This page is drawn from the tables that the scan works by. What
blocks can never be accepted; what is to be looked at is for the checker, who reads every file
whatever was found. The scan runs and imports nothing, and proves nothing.
"""

_LIMITS = (
    ("files of one request", f"{limits.MOST_FILES}"),
    ("all files of one request", f"{limits.MOST_BYTES // 2**20} MiB"),
    ("cells of a notebook, without its outputs", f"{limits.MOST_CELLS_BYTES // 2**10} KiB"),
    ("lines of one file", f"{limits.MOST_LINES:,}"),
    ("characters of a name", f"{limits.LONGEST_NAME}"),
    ("characters of a line: look, block", f"{limits.LONG_LINE:,}, {limits.LONGEST_LINE:,}"),
    (
        "literal values in a row: look, block",
        f"{limits.VALUES_TO_LOOK_AT}, {limits.VALUES_TOO_MANY:,}",
    ),
    ("literal values in one file: block", f"{limits.ALL_VALUES_TOO_MANY:,}"),
    ("rows of a table: look, block", f"{limits.ROWS_TO_LOOK_AT}, {limits.ROWS_TOO_MANY}"),
    ("dates in a row: look", f"{limits.DATES_TO_LOOK_AT}"),
    (
        "characters of encoded text: look, block",
        f"{limits.ENCODED_TO_LOOK_AT}, {limits.ENCODED_TOO_MANY:,}",
    ),
)


def page() -> str:
    """Draw the kinds, the limits, the rules by severity, and the states."""
    text = opening("Code that comes in", "tre/safe_settings/ingress/", INTRODUCTION)
    kinds = [
        (f"`{ending}`", kind.what, f"{kind.most_bytes // 1024:,} KiB")
        for ending, kind in KINDS.items()
    ]
    text += "## Kinds of files\n\nThe bytes decide, and the name is only a claim.\n\n"
    text += table(("ending", "what it is", "at most"), kinds)
    text += "\n## Limits\n\n" + table(("of what", "limit"), _LIMITS)
    for severity, heading in (
        (Severity.BLOCK, "What blocks a file"),
        (Severity.LOOK, "What a checker is pointed at"),
    ):
        rows = [
            (f"`{rule.name}`", rule.finds, rule.remedy)
            for rule in RULES.values()
            if rule.severity is severity
        ]
        text += f"\n## {heading}\n\n" + table(("rule", "what it finds", "what to do"), rows)
    ways = [(state, event, to) for (state, event), to in FILE_TRANSITIONS.items()]
    text += "\n## States of a file\n\nA file with a finding that blocks is blocked from the start, "
    text += "and nothing leads out of that.\n\n" + table(("from", "event", "to"), ways)
    return text
