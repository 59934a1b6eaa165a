"""A book of released outputs, and the question what a new one would add to them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from output_checks.book.changed_amounts import changed_amounts
from output_checks.book.changes import changed_counts
from output_checks.book.entry import Entry
from output_checks.book.kept import Lines, add_line, alone, read_lines
from output_checks.book.remade import ChangedDataError, remade
from output_checks.data import Data
from output_checks.declaration import Declaration
from output_checks.errors import (
    OutputCheckError,
    UnreadableDataError,
    UnusableTableError,
    unknown,
)
from output_checks.given import path_of, refuse_other, texts_of
from output_checks.linked.check import Tables, check_together, outputs_of, policy_for
from output_checks.linked.findings import not_compared
from output_checks.linked.report import LinkedFinding, LinkedReport
from output_checks.linked.views import Output
from output_checks.policy import Policy
from output_checks.table import Table
from output_checks.words import Verdict

_MOST_NAMED = 12
"""Of the released outputs that are left out for one reason, how many a note names."""


class ReleaseBook:
    """Released outputs in a file of one line each, to which lines are only added.

    Kept are declarations and released numbers, no data; still it belongs in the safe setting,
    since a declaration says what was withheld and why. Asking it needs the data that the outputs
    were made from. seal: what `seal` gave at some time, kept where the book's writers cannot
    reach it; the book is then refused unless all that was in it is still there.
    """

    def __init__(self, path: str | Path, *, seal: str | None = None) -> None:
        self._path = path_of("a book", path)
        refuse_other("a seal", seal, (str, type(None)), "a text or None", UnreadableDataError)
        self._seal = seal

    def seal(self) -> str:
        """How many outputs the book holds and the hash of the last, which covers all of them.

        The book itself says so too, so that an end that is missing is found; but whoever can write
        it can write that as well. Raises UnreadableDataError as `entries` does.
        """
        return self._lines().seal

    def entries(self) -> tuple[Entry, ...]:
        """Every released output, in the order of their entry.

        Raises UnreadableDataError for a book that is not there, is damaged, was changed or cut off.
        """
        return tuple(Entry.from_dict(one) for one in self._lines().outputs)

    def _lines(self, *, is_new: bool = False) -> Lines:
        lines = read_lines(self._path, is_new=is_new)
        if self._seal is not None:
            lines.refuse_other_than(self._seal, self._path)
        return lines

    def add(
        self,
        table: Table,
        *,
        name: str,
        on: date,
        project: str = "",
        even_if_failing: bool = False,
    ) -> Entry:
        """Enter an output that is released; the first one makes the book.

        even_if_failing: what fails its own check is refused without it; with it, it is entered, as
        it is out all the same and must be counted.
        Raises UnusableTableError where it fails, and where its project has an output of this name
        already.
        """
        refuse_other("an output", table, Table, "a Table", UnusableTableError)
        refuse_other("even_if_failing", even_if_failing, bool, "true or false", UnusableTableError)
        refuse_other("its name", name, str, "a text", UnusableTableError)
        refuse_other("its project", project, str, "a text", UnusableTableError)
        refuse_other("the day of its release (on)", on, date, "a date", UnusableTableError)
        if isinstance(on, datetime):
            raise UnusableTableError("the day of its release (on) must be a date without a time")
        if not name.strip():
            raise UnusableTableError("a released output needs a name")
        _refuse_unwritable(name, project)
        if table.report().verdict is Verdict.FAIL and not even_if_failing:
            raise UnusableTableError(
                f"“{name}” fails its own check and was not entered; if it is out all the same, "
                "enter it with even_if_failing=True"
            )
        entry = Entry.of(table, name=name, on=on, project=project)
        try:
            with alone(self._path):
                lines = self._lines(is_new=True)
                if any(
                    (one.get("name"), one.get("project")) == (name, project)
                    for one in lines.outputs
                ):
                    raise UnusableTableError(
                        f"the book has an output “{name}” of this project already; a released "
                        "output is never replaced, give the new one its own name"
                    )
                add_line(self._path, entry.to_dict(), lines)
        except OSError as error:
            raise OutputCheckError(f"the book {self._path} cannot be written: {error}") from error
        return entry

    def ask(
        self,
        tables: Tables,
        data: Data | Mapping[str, Data] | None = None,
        policy: Policy | str | None = None,
        *,
        projects: Collection[str] | None = None,
    ) -> LinkedReport:
        """Find what outputs would reveal together with all that is released of the same data.

        data: one's own copy of the data, by the datasets' names where there are several; None
        takes the data that the tables were made from. projects: only what these released; None is
        all of them, and one of which the book holds nothing is refused, as it may be misspelt.
        A released output that the data do not give any more is said to be so, a person must then
        look; a count that has changed by a few people since is found as their group. What
        the book holds but was not compared is named in a note, with the reason.
        Raises UnusableTableError for a project that the book does not know, and
        UnreadableDataError as `entries` does.
        """
        meant = None if projects is None else texts_of("projects", projects)
        outputs = outputs_of(tables, ())
        chosen = policy_for(outputs, policy)
        known = _by_name(data, outputs)
        released: dict[str, Table] = {}
        findings: list[LinkedFinding] = []
        entries = self.entries()
        _refuse_unknown(meant, entries)
        for entry in entries:
            if _why_not(entry, outputs, meant):
                continue
            try:
                released[entry.title] = remade(entry, known[entry.declaration.dataset], chosen)
            except ChangedDataError as error:
                findings.append(_changed(entry, str(error)))
                findings += changed_counts(entry, outputs, chosen.threshold)
                findings += changed_amounts(entry, outputs, chosen.threshold)
        named = {one.name: one.table for one in outputs}
        report = check_together(named, chosen, released=released)
        notes = _not_compared(entries, outputs, meant)
        findings += _may_be_the_same(entries, outputs, known, meant)
        return replace(
            report, findings=(*findings, *report.findings), notes=(*report.notes, *notes)
        )


def _refuse_unknown(projects: Sequence[str] | None, entries: Sequence[Entry]) -> None:
    """Raise UnusableTableError where nothing would be compared that was meant to be."""
    if projects is None:
        return
    if not projects:
        raise UnusableTableError("projects names none; leave it out to ask for all of them")
    known = sorted({entry.project for entry in entries})
    for name in projects:
        if name not in known:
            raise UnusableTableError(
                unknown("project", name, [one or "“” (none)" for one in known])
            )


def _why_not(entry: Entry, outputs: Sequence[Output], projects: Collection[str] | None) -> str:
    """Why a released output is not compared with these; nothing where it is."""
    if projects is not None and entry.project not in projects:
        return "their projects were not asked for"
    asked = {_people(one.table.declaration) for one in outputs}
    dataset, unit = _people(entry.declaration)
    if (dataset, unit) in asked:
        return ""
    if dataset in {name for name, _ in asked}:
        return f"they count other units of “{dataset}” ({unit or 'rows'})"
    return f"they are made from another dataset, “{dataset}”"


def _not_compared(
    entries: Sequence[Entry], outputs: Sequence[Output], projects: Collection[str] | None
) -> Iterator[str]:
    """Say which released outputs are left out and why, so that nobody takes it for more."""
    left: dict[str, list[str]] = {}
    for entry in entries:
        if why := _why_not(entry, outputs, projects):
            left.setdefault(why, []).append(entry.title)
    for why, titles in left.items():
        some = ", ".join(f"“{title}”" for title in titles[:_MOST_NAMED])
        more = len(titles) - _MOST_NAMED
        rest = f" and {more:,} more" if more > 0 else ""
        yield f"Released outputs that were not compared, since {why}: {some}{rest}."


def _may_be_the_same(
    entries: Sequence[Entry],
    outputs: Sequence[Output],
    known: Mapping[str, Data],
    projects: Collection[str] | None,
) -> Iterator[LinkedFinding]:
    """Released outputs that were not compared although they may be of the same people.

    They count other units of the same data, or what they are made from has another name while
    the data asked with have all of its columns.
    """
    columns = [set(one.frame.collect_schema().names()) for one in known.values()]
    left: dict[str, list[str]] = {}
    for entry in entries:
        is_meant = projects is None or entry.project in projects
        why = _why_not(entry, outputs, projects) if is_meant else ""
        fits = any(_columns_of(entry.declaration) <= some for some in columns)
        if why and fits:
            left.setdefault(why, []).append(entry.title)
    for why, titles in left.items():
        yield not_compared(
            titles,
            f"{len(titles):,} released outputs were not compared, since {why}, but may be of the "
            "same people: the data have all of their columns.",
            is_out=True,
        )


def _columns_of(declaration: Declaration) -> set[str]:
    """The columns of the data that tell whom an output is of; derived ones are none."""
    named = {*declaration.dimensions, declaration.of, declaration.per, declaration.unit}
    return {one for one in named if one is not None and one not in declaration.derive}


def _refuse_unwritable(*texts: str) -> None:
    try:
        "".join(texts).encode()
    except UnicodeEncodeError as error:
        raise UnusableTableError("its name and project must be texts of whole letters") from error


def _people(declaration: Declaration) -> tuple[str, str | None]:
    return declaration.dataset, declaration.unit


def _by_name(data: Data | Mapping[str, Data] | None, outputs: Sequence[Output]) -> dict[str, Data]:
    """One's own copy of every dataset that the outputs are made from.

    Raises UnusableTableError where one is not there.
    """
    needed = {one.table.declaration.dataset: one.table.source for one in outputs}
    if data is None:
        return needed
    words = "Data, {its name: Data} or None"
    refuse_other("data", data, (Data, Mapping), words, UnusableTableError)
    given = dict.fromkeys(needed, data) if isinstance(data, Data) else dict(data)
    for one in given.values():
        refuse_other("each of data", one, Data, "Data", UnusableTableError)
    for name in needed:
        if name not in given:
            raise UnusableTableError(unknown("dataset", name, given))
    return given


def _changed(entry: Entry, why: str) -> LinkedFinding:
    return LinkedFinding(
        rule="differencing",
        severity=Verdict.REVIEW,
        message=f"“{entry.title}” could not be compared as a whole: {why}.",
        remedy="Compare the two by hand, or ask with the data that it was made from.",
        cells=((entry.title, {}),),
    )
