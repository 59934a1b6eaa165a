"""A search of the ledger as somebody typed it, and what it found as a file."""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import date
from typing import Any

import polars as pl

from output_checks.csv_labels import marked_texts
from tre.decision import UnusableRequestError
from tre.steps.acting import LARGEST_REQUEST
from tre.steps.read_ledger import Search
from tre.store.ledger import LedgerEntry

__all__ = ["FIELDS", "Search", "as_csv", "as_json_lines", "search_for"]

OUTCOMES = ("done", "refused")

COLUMNS = (
    *("number", "at", "actor", "tag", "outcome", "person", "project", "request"),
    *("details", "hash"),
)
"""The columns of an export, in order."""


def search_for(**typed: str) -> Search:
    """Read what somebody typed into the fields of a search; an empty field means all.

    Raises UnusableRequestError with every field that cannot be meant as it stands.
    """
    told = {name: text.strip() for name, text in typed.items() if text.strip()}
    read: dict[str, Any] = {}
    wrong: list[str] = []
    for name, text in told.items():
        meaning, sentence = FIELDS[name]
        try:
            read[name] = meaning(text)
        except ValueError:
            wrong.append(f"{sentence}, not {text[:40]!r}")
    if not wrong and "since" in read and "until" in read and read["since"] > read["until"]:
        wrong.append(f"the first day ({read['since']}) is after the last ({read['until']})")
    if wrong:
        raise UnusableRequestError("; ".join(wrong))
    return Search(**read)


def _matching(pattern: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if not re.fullmatch(pattern, text, re.ASCII):
            raise ValueError(text)
        return text

    return read


def _number(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 11 else 0
    if not 1 <= number <= LARGEST_REQUEST:
        raise ValueError(text)
    return number


def _outcome(text: str) -> str:
    if text not in OUTCOMES:
        raise ValueError(text)
    return text


FIELDS: dict[str, tuple[Callable[[str], Any], str]] = {
    "person": (_matching("[a-z0-9:-]{1,40}"), "a person is named by their sign-in name"),
    "project": (_matching("[a-z0-9-]{1,60}"), "a project is named by its short name"),
    "request": (_number, "a request is a number from 1"),
    "tag": (_matching("[a-z:-]{1,80}"), "a tag is safe:subject:action, or how one begins"),
    "outcome": (_outcome, "the outcome is done or refused"),
    "since": (date.fromisoformat, "the first day is YYYY-MM-DD"),
    "until": (date.fromisoformat, "the last day is YYYY-MM-DD"),
}
"""Every field of a search: how its text is read, and what it should be."""


def as_csv(found: Iterable[LedgerEntry]) -> str:
    """Write entries as CSV; a text that a spreadsheet would run has an apostrophe before it."""
    rows = [{**_plain(each), "details": json.dumps(dict(each.details))} for each in found]
    schema = {name: pl.Int64 if name in {"number", "request"} else pl.String for name in COLUMNS}
    frame = pl.DataFrame([[row[name] for name in COLUMNS] for row in rows], schema, orient="row")
    return marked_texts(frame).write_csv()


def as_json_lines(found: Iterable[LedgerEntry]) -> str:
    """Write entries as JSON, one a line."""
    return "".join(json.dumps(_plain(each), ensure_ascii=True) + "\n" for each in found)


def _plain(entry: LedgerEntry) -> dict[str, Any]:
    told = {**asdict(entry), "at": entry.at.isoformat()}
    return {name: told[name] for name in COLUMNS}
