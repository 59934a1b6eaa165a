"""The automatic check itself: make a declared table again from the extract, and compare.

Everything in a declaration is claimed by the session: its dataset must be a table of the
manifest, its unit the manifest's, its policy is taken together with the project's.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from math import isfinite
from pathlib import Path
from typing import Any, Self

import polars as pl
from polars.exceptions import PolarsError

from output_checks import (
    Data,
    Declaration,
    OutputCheckError,
    Policy,
    Report,
    Table,
    check_file,
    rebuild,
)
from tre.safe_outputs.comparison import UnlikeError, differences, read_rows
from tre.safe_outputs.file_check import (
    ASSERTED,
    FAIL,
    PASS,
    RECOMPUTED,
    REVIEW,
    WORD_ALONE,
    FileCheck,
    finding,
    worst,
)
from tre.safe_outputs.request_limits import ASK, STANDARD

RULE = "recomputation"

_ABOUT_TEXT = frozenset({"identifiers", "active_content"})
_LONGEST_DECLARATION = 64 * 1024
_MOST_DIMENSIONS = 8
_MOST_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """One output as it came, and what the service itself knows about its project.

    left_on: the day on which it left (ISO 8601), of an earlier release; content is then what left.
    most_cells: more than a person can review; also what is kept of a file's rows.
    """

    content: bytes
    name: str
    declaration: str | None
    extract: Path | None
    policy: str
    private_results: tuple[str, ...] = ()
    left_on: str | None = None
    most_cells: int = STANDARD.table_cells


class NotRebuiltError(Exception):
    """The declared table cannot be made again; the message says why, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """The project's extract, as its manifest describes it. tables: name → (file, SHA-256)."""

    folder: Path
    unit: str
    tables: dict[str, tuple[str, str]]

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read the manifest; raises NotRebuiltError where there is none that can be read."""
        try:
            manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
            tables = {one["name"]: (one["file"], one["sha256"]) for one in manifest["tables"]}
            return cls(folder=folder, unit=manifest["unit"], tables=tables)
        except (OSError, ValueError, KeyError, TypeError) as error:
            message = f"the extract's manifest cannot be read ({type(error).__name__})"
            raise NotRebuiltError(message) from error

    def table(self, name: str) -> Data:
        """Open a table whose bytes are those of the manifest; the name is never made a path."""
        if name not in self.tables:
            message = f"the extract has no table {name[:60]!r}; it has {', '.join(self.tables)}"
            raise NotRebuiltError(message)
        file, sha256 = self.tables[name]
        try:
            found = hashlib.sha256((self.folder / file).read_bytes()).hexdigest()
        except OSError as error:
            message = f"the extract's table {name} cannot be read: {error.strerror}"
            raise NotRebuiltError(message) from error
        if found != sha256:
            message = f"the extract's table {name} is not the one of its manifest"
            raise NotRebuiltError(message)
        return Data.read(self.folder / file, unit=self.unit, name=name)

    def pseudonyms(self) -> frozenset[str]:
        """Give every pseudonym of its people, none of which may be in a file."""
        found: set[str] = set()
        for name in self.tables:
            people = self.table(name).frame.select(pl.col(self.unit).unique().drop_nulls())
            found.update(str(value) for value in people.collect().to_series())
        return frozenset(found)


def recompute(output: Submitted) -> FileCheck:
    """Check one output; whatever is wrong with it, or with the extract, is in the findings.

    Raises PolicyError for a project's policy that is not known: nothing falls back to less.
    """
    policy = Policy.named(output.policy)
    try:
        extract = None if output.extract is None else Extract.read(output.extract)
        people = frozenset() if extract is None else extract.pseudonyms()
    except (NotRebuiltError, OutputCheckError, PolarsError) as error:
        message = f"“{output.name}” could not be checked: {first_line(error)}."
        return _unreadable(policy, finding("extract", FAIL, message, "Tell the TRE manager."))
    if output.declaration is None:
        return _asserted(output, policy, people, WORD_ALONE)
    try:
        declaration = declared(output.declaration)
        if (declaration.protection or {}).get("method") == "noise":
            return _from_the_record(output, declaration, policy)
        return _rebuilt(output, declaration, policy, extract, people)
    except (NotRebuiltError, OutputCheckError, PolarsError) as error:
        return _not_rebuilt(output, policy, people, first_line(error))


def first_line(error: Exception) -> str:
    """What an error says, in one line without its full stop."""
    return str(error).split("\n", maxsplit=1)[0].removesuffix(".")


def declared(text: str) -> Declaration:
    """Read a declaration that came out of a session; raises NotRebuiltError for a huge one."""
    if len(text) > _LONGEST_DECLARATION:
        message = f"its declaration is longer than {_LONGEST_DECLARATION:,} characters"
        raise NotRebuiltError(message)
    declaration = Declaration.from_json(text)
    if len(declaration.rows) + len(declaration.columns) > _MOST_DIMENSIONS:
        message = f"a table has at most {_MOST_DIMENSIONS} dimensions here"
        raise NotRebuiltError(message)
    return declaration


def _rebuilt(
    output: Submitted,
    declaration: Declaration,
    policy: Policy,
    extract: Extract | None,
    people: Collection[str],
) -> FileCheck:
    if extract is None:
        message = "the project has no extract to make it from"
        raise NotRebuiltError(message)
    both = strictest(policy.name, declaration.policy)
    own = Policy.named(declaration.policy)
    table = rebuild(declaration, extract.table(declaration.dataset), policy=own)
    refuse_unreviewable(table, output.most_cells)
    report = table.report(both)
    found = _compared(output, table)
    return _file_check(
        output,
        report,
        provenance=ASSERTED if found else RECOMPUTED,
        findings=(*found, *_in_its_labels(output, both, people)),
        note=_in_words(report.note, policy, both, agrees=not found),
    )


def _in_words(note: str, policy: Policy, both: Policy, *, agrees: bool) -> str:
    parts = [
        "Made again from the project's extract, and equal to the file."
        if agrees
        else "Made again from the project's extract; evidence and table are the rebuilt ones."
    ]
    if both.name != policy.name:
        parts.append(
            f"It was declared under another policy than the project's ({policy.name}), and is "
            f"judged under the strictest of both ({both.name})."
        )
    return " ".join([*parts, note]).strip()


def refuse_unreviewable(table: Table, most_cells: int) -> None:
    """Raise NotRebuiltError for a table with more cells than a person is asked to review."""
    if table.grid.size > most_cells:
        message = (
            f"the table has {table.grid.size:,} cells, and nobody can review so many; at most "
            f"{most_cells:,} are taken: {ASK}"
        )
        raise NotRebuiltError(message)


def strictest(policy: str, declared: str) -> Policy:
    """Take the project's policy and the declared one together; a declared file is not read."""
    names = {*policy.split("+"), *declared.split("+")}
    return Policy.named("+".join(sorted(names)))


def _compared(output: Submitted, table: Table) -> tuple[dict[str, Any], ...]:
    """Say in a finding what differs; nothing where file and rebuilt table agree."""
    rebuilt = table.released()
    values = rebuilt.height * (rebuilt.width - len(table.dimensions))
    try:
        found = differences(output.content, rebuilt.to_dicts(), table.dimensions)
    except UnlikeError as error:
        message = f"“{output.name}” is not the table that it declares: {error}."
        return (finding(RULE, FAIL, message, "Submit the CSV that the table itself writes."),)
    if not found:
        return ()
    named = "; ".join(str(one) for one in found[:_MOST_NAMED])
    more = f"; and {len(found) - _MOST_NAMED:,} more" if len(found) > _MOST_NAMED else ""
    differing = finding(
        RULE,
        FAIL,
        f"{len(found):,} of {values:,} values are not those of the table made again from "
        f"the data: {named}{more}.",
        "Submit the table as it was protected under the project's policy, without changing it.",
    )
    return (differing | {"cells": [one.cell for one in found]},)


def _from_the_record(output: Submitted, declaration: Declaration, policy: Policy) -> FileCheck:
    """Noise cannot be drawn twice: the file must be, to the byte, what the service drew."""
    if hashlib.sha256(output.content).hexdigest() not in output.private_results:
        message = "noise cannot be drawn again, and the privacy budget's record has no such result"
        raise NotRebuiltError(message)
    both = strictest(policy.name, declaration.policy)
    epsilon = (declaration.protection or {}).get("epsilon")
    is_small = isinstance(epsilon, int | float) and 0 < epsilon <= both.epsilon_per_table
    large = finding(
        "noise",
        REVIEW,
        f"the declared epsilon {epsilon} is above {both.epsilon_per_table:g}, the policy's for one "
        "table.",
        "Count again with less of the privacy budget.",
    )
    return FileCheck(
        verdict=PASS if is_small else REVIEW,
        provenance=RECOMPUTED,
        findings=() if is_small else (large,),
        evidence=(),
        table=_as_rows(output.content, output.most_cells),
        proof=(),
        policy_name=both.name,
        policy_hash=both.hash,
        note="The service itself drew this result and charged the project's privacy budget.",
    )


def _as_rows(content: bytes, most: int) -> tuple[dict[str, Any], ...]:
    header, *lines = read_rows(content)
    return tuple(dict(zip(header, line, strict=False)) for line in lines[:most])


def _in_its_labels(
    output: Submitted, policy: Policy, people: Collection[str]
) -> tuple[dict[str, Any], ...]:
    """Look for what even a true table must not show: a derived label can say anything."""
    report = check_file(output.content, output.name, policy=policy, unit_values=people)
    return tuple(one.to_dict() for one in report.findings if one.rule in _ABOUT_TEXT)


def _asserted(output: Submitted, policy: Policy, people: Collection[str], note: str) -> FileCheck:
    """Look at the file alone."""
    try:
        report = check_file(output.content, output.name, policy=policy, unit_values=people)
    except OutputCheckError as error:
        message = f"“{output.name}” could not be checked: {first_line(error)}."
        return _unreadable(policy, finding("file", FAIL, message, "Submit it in another format."))
    said = f"{note} {report.note}"
    return _file_check(output, report, provenance=ASSERTED, findings=(), note=said)


def _not_rebuilt(output: Submitted, policy: Policy, people: Collection[str], why: str) -> FileCheck:
    """A claim that cannot be kept is worse than none: the file fails, whatever is in it."""
    check = _asserted(output, policy, people, "Declared, but it could not be made again.")
    broken = finding(
        RULE,
        FAIL,
        f"the declared table could not be made again: {why}.",
        "Make the table from the project's extract and submit what it writes.",
    )
    return replace(check, verdict=FAIL, findings=(broken, *check.findings))


def _file_check(
    output: Submitted,
    report: Report,
    *,
    provenance: str,
    findings: tuple[dict[str, Any], ...],
    note: str,
) -> FileCheck:
    plain = report.to_dict()
    most = output.most_cells
    everything = (*findings, *plain["findings"])
    severities = (one["severity"] for one in everything)
    floor = REVIEW if provenance == ASSERTED else PASS
    return FileCheck(
        verdict=worst([floor, plain["verdict"], *severities]),
        provenance=provenance,
        findings=everything,
        evidence=_plain(plain["evidence"], most),
        table=_plain(plain["table"], most),
        proof=_plain(plain["proof"], most),
        policy_name=report.policy.name,
        policy_hash=report.policy.hash,
        note=note.strip(),
    )


def _plain(rows: Iterable[Mapping[str, Any]], most: int) -> tuple[dict[str, Any], ...]:
    """Keep as many rows as a person can review; JSON has no word for a number without end."""
    return tuple(
        {
            name: None if isinstance(value, float) and not isfinite(value) else value
            for name, value in row.items()
        }
        for row in islice(rows, most)
    )


def _unreadable(policy: Policy, why: dict[str, Any]) -> FileCheck:
    return FileCheck(
        verdict=FAIL,
        provenance=ASSERTED,
        findings=(why,),
        evidence=(),
        table=(),
        proof=(),
        policy_name=policy.name,
        policy_hash=policy.hash,
        note="",
    )
