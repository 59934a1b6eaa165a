"""What the page says of many people at once: goals, waits by kind, answers, and the books."""

import textwrap
from collections.abc import Mapping
from typing import Any

from benchmarks.goal import Goal

Row = Mapping[str, Any]

LOAD = """\
{people} people at once, three researchers for every two checkers, for {seconds:.0f} seconds:
the desk and the courier as `tre up` starts them, on each database, and everybody's browsers
share {cores} cores (their load was {load:.1f} before). Nobody has a password: they sign in at a
stand-in for the hub, which real desks ask about everybody every half minute. Between two clicks
people think for {think:.0f} seconds on average, exponentially; {twice:.0%} of all buttons are
pressed twice at once, and those who have reviewed often approve at the same moment. Half of the
requests come from sessions, with code and tables that are made again from an extract of
{records:,} people; the others are put together at the desk. Some come back, are answered and
submitted again, and every submission is checked against all that its project released before.
PostgreSQL keeps what it has confirmed, as SQLite does (`fsync`).
"""

PROOF = """\
Then desk and courier are stopped, and the books are read without them: every request's events
are replayed from the ledger through the table of states, and must be possible one after the
other and end where the database says; every act that a browser was told is done has its line
exactly as often as it was told, and no line is there that nobody was told of; what was approved
was released once, and what is in the release folder, and what was downloaded, is what the
ledger says; `tre ledger verify` and `tre request verify` hold. {told}
"""

PAGES = {
    "home": "home",
    "queue": "the queue",
    "requests": "my requests",
    "request": "a request",
    "file": "a file, its evidence and findings",
    "form": "the form of a new request",
    "releases": "releases",
}
"""Kinds of pages, in the order of the table."""

ACTS = {
    "create": "make a draft of tables and code",
    "letter": "ask from a session, until the courier has checked it all",
    "submit": "submit, with all checks",
    "vote": "vote on a file",
    "comment": "answer in a comment",
    "review": "submit a review",
    "return": "return or reject",
    "approve": "approve, with the signed bundle",
    "download": "fetch the bundle",
}
"""Kinds of what is done, until the desk says so."""

ANSWERS = {
    "200": "pages and files",
    "303": "done, and sent on to a page",
    "409": "somebody was faster: nothing was changed",
    "403": "refused by the Five Safes, with every reason",
    "422": "could not be used, and the form shown again",
    "404": "nothing there",
}
"""What the desk may say to people who are this hasty; everything else is a fault."""

_PROBLEMS = {
    "acts": "acts confirmed and not in the ledger, or there and not confirmed",
    "states": "requests in two states, or not in that of the ledger",
    "releases": "approvals without exactly one release, and other bytes than released",
    "bundles": "bundles that `tre request verify` does not accept",
    "chain": "breaks in the ledger's chain",
}
GOAL_HEADINGS = ("what", "database", "measured", "goal")
SLOWEST_PAGE_SECONDS = 1.0
"""A wait that does not break a thought."""


def introduction(part: Row) -> str:
    """Say what was done, and what was checked."""
    sides = part["sides"]
    said = LOAD.format(
        people=sides[0]["people"],
        seconds=part["seconds"],
        cores=part["cores"],
        load=part["load_before"],
        think=part["think_seconds"],
        twice=part["twice"],
        records=part["records"],
    )
    told = " ".join(
        f"On {side['database']} that were {sum(side['proof']['requests'].values()):,} requests, "
        f"{side['proof']['bundles']:,} of them released, {side['proof']['confirmed']:,} confirmed "
        f"acts and {side['proof']['lines']:,} lines of the ledger."
        for side in sides
    )
    paragraphs = [said, PROOF.format(told=told)]
    if len(sides) == 1:
        paragraphs.append("There was no PostgreSQL on this machine: it was not measured.")
    filled = [textwrap.fill(each, 100, break_on_hyphens=False) for each in paragraphs]
    return "\n\n".join(("## People at once", *filled)) + "\n"


def goals(part: Row) -> list[tuple[str, ...]]:
    """The goals beside what was measured, for every database."""
    found = []
    for side in part["sides"]:
        kind, slowest = _slowest_page(side)
        faults = sum(n for status, n in side["answers"].items() if status not in ANSWERS)
        asked: list[tuple[str, float, Goal]] = [
            (
                f"slowest page ({PAGES[kind]}): 95th percentile, seconds",
                slowest,
                Goal(most=SLOWEST_PAGE_SECONDS),
            ),
            ("faults of the desk, and clicks without an answer", faults, Goal(most=0)),
        ]
        asked += [
            (said, len(side["proof"]["problems"][name]), Goal(most=0))
            for name, said in _PROBLEMS.items()
        ]
        found += [
            (what, side["database"], f"{value:.3g}", goal.said(value))
            for what, value, goal in asked
        ]
    return found


def wait_headings(part: Row) -> tuple[str, ...]:
    """One group of columns a database."""
    columns = ("how many", "median", "95 %", "99 %")
    return ("seconds", *(f"{s['database']}: {each}" for s in part["sides"] for each in columns))


def wait_rows(part: Row) -> list[tuple[str, ...]]:
    """One line a kind of page or act, the databases side by side."""
    return [
        (said, *(cell for side in part["sides"] for cell in _waits(side, kind)))
        for kind, said in (PAGES | ACTS).items()
        if any(kind in side["waits"] for side in part["sides"])
    ]


def other_headings(part: Row) -> tuple[str, ...]:
    """One column a database."""
    return ("", *(side["database"] for side in part["sides"]))


def other_rows(part: Row) -> list[tuple[str, ...]]:
    """What the desk answered, how much of it, and what it took."""
    sides = part["sides"]
    others = sorted({status for side in sides for status in side["answers"]} - ANSWERS.keys())
    named = ANSWERS | dict.fromkeys(others, "faults") | {"0": "clicks without an answer"}
    rows: list[tuple[str, ...]] = [
        (f"answers {status}: {said}", *(f"{side['answers'].get(status, 0):,}" for side in sides))
        for status, said in named.items()
        if any(side["answers"].get(status) for side in sides)
    ]
    each_second = [sum(side["answers"].values()) / side["seconds"] for side in sides]
    rows.append(("answers a second", *(f"{value:.1f}" for value in each_second)))
    for name in ("desk", "courier"):
        used = [side["used"][name] for side in sides]
        cores = [
            one["processor_seconds"] / s["seconds"] for one, s in zip(used, sides, strict=True)
        ]
        rows += [
            (f"{name}: cores in use", *(f"{value:.2f}" for value in cores)),
            (f"{name}: memory at its peak, MiB", *(f"{one['peak_mib']:,.0f}" for one in used)),
        ]
    browsers = [side["crowd_processor_seconds"] / side["seconds"] for side in sides]
    rows.append(("everybody's browsers: cores in use", *(f"{value:.2f}" for value in browsers)))
    for state in sorted({state for side in sides for state in side["proof"]["requests"]}):
        found = (side["proof"]["requests"].get(state, 0) for side in sides)
        rows.append((f"requests that are {state} in the end", *(f"{n:,}" for n in found)))
    return rows


def _slowest_page(side: Row) -> tuple[str, float]:
    found = {kind: one["95"] for kind, one in side["waits"].items() if kind in PAGES}
    return max(found.items(), key=lambda one: one[1])


def _waits(side: Row, kind: str) -> tuple[str, ...]:
    one = side["waits"].get(kind)
    if one is None:
        return ("", "", "", "")
    return (f"{one['count']:,}", *(f"{one[share]:.2f}" for share in ("50", "95", "99")))
