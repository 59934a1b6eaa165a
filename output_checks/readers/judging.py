"""Checks of what stands in a file that nobody can build again."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from output_checks.errors import UnreadableDataError
from output_checks.finding import Finding
from output_checks.policy import Policy
from output_checks.protect.intervals import Attainable
from output_checks.readers.contents import Contents, Sheet, about_file
from output_checks.readers.identifiers import BIRTH, DATE, identifiers_in
from output_checks.readers.marks import is_withheld
from output_checks.readers.published import PublishedTable
from output_checks.readers.shapes import lengthened, without_notes
from output_checks.readers.shown_counts import count_in, first_parts, parted
from output_checks.readers.tidy import read_published
from output_checks.rules.threshold import is_wide
from output_checks.words import Verdict

MOST_ROWS = 10_000
_TABLE = "Make the table with Data.table, and declare it: then it can be recomputed."
_KEY_NAME = re.compile(
    r"(?i)(?:^|[_\W])(?:id|identifier|pseudonym|nhs|upn|pupil|patient|person|participant|"
    r"brcid|serial)(?:[_\W]|$)|(?:^|_)(?:\w+_)?id$"
)
_COUNT_NAME = re.compile(
    r"(?i)^(?:value|n|count|counts|freq\w*|number|people|persons|patients|pupils|cases|units)$|"
    r"^n_|_n$|count"
)
_NO_COUNT_NAME = re.compile(
    r"(?i)mean|average|median|percent|pct|%|rate|ratio|proportion|share|std|\bsd\b|\bse\b|"
    r"error|coef|estimate|odds|p.?value|lower|upper|\bci\b|year|score|decile|quintile"
)
_OPAQUE = re.compile(r"(?=.*\d)[0-9A-Za-z_-]{8,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a file is judged by: a policy, and the pseudonyms of the project's people."""

    policy: Policy
    people: Collection[str]


def judge_contents(contents: Contents, question: Question) -> Iterator[Finding]:
    """Look for identifiers, records and small counts."""
    yield from _identifiers(contents, question)
    for sheet in contents.sheets:
        yield from _records(sheet, question)
        yield from _counts(_lengthened(sheet), question.policy)


def _identifiers(contents: Contents, question: Question) -> Iterator[Finding]:
    places: Counter[tuple[str, str]] = Counter()
    for where, text in contents.texts():
        places.update((kind, where) for kind in identifiers_in(text))
        words = re.findall(r"[\w-]+", text) if question.people else ()
        places.update(("pseudonym", where) for word in words if word in question.people)
    for sheet in contents.sheets:
        for column, cells in _columns(sheet):
            where = f'column "{column}" of {sheet.name}'
            places.update((kind, where) for kind in _kinds_in(column, cells, question))
    for (kind, where), count in places.items():
        what = "a pseudonym of this project" if kind == "pseudonym" else f"a {kind}"
        yield about_file(
            "identifiers",
            Verdict.FAIL,
            f"{count} texts in {where} look like {what}.",
            "Leave out everything that points at a single person.",
        )


def _kinds_in(column: str, cells: Sequence[str], question: Question) -> Iterator[str]:
    for cell in (column, *cells):
        yield from identifiers_in(cell)
        if cell.strip() in question.people:
            yield "pseudonym"
    if BIRTH.search(column) and any(DATE.fullmatch(cell) for cell in cells):
        yield "date of birth"


def _columns(sheet: Sheet) -> Iterator[tuple[str, list[str]]]:
    if not sheet.rows:
        return
    width = max(len(row) for row in sheet.rows)
    for at in range(width):
        cells = [row[at] if at < len(row) else "" for row in sheet.rows]
        yield cells[0], cells[1:]


def _records(sheet: Sheet, question: Question) -> Iterator[Finding]:
    count = len(sheet.rows) - 1
    reasons = []
    if count > MOST_ROWS:
        reasons.append(f"it has {count:,} rows, more than a person can read")
    if question.people and count >= len(question.people):
        reasons.append("it has as many rows as there are people")
    for name, cells in _columns(sheet):
        if _is_key(name, cells):
            reasons.append(f'its column "{name}" has a value of its own in every row, like a key')
    if repeated := _repeated(sheet):
        reasons.append(f"{repeated} of its rows repeat the labels of another row")
    if reasons:
        yield about_file(
            "record_level",
            Verdict.FAIL,
            f"{sheet.name} looks like one row a person: {'; '.join(reasons)}.",
            "Records of single people never leave: release a table of them. " + _TABLE,
        )


def _is_key(name: str, cells: Sequence[str]) -> bool:
    filled = [cell.strip() for cell in cells if cell.strip()]
    if len(filled) < 3 or len(set(filled)) < len(filled):
        return False
    if _KEY_NAME.search(name):
        return True
    return len(filled) >= 10 and all(
        _OPAQUE.fullmatch(cell) and not DATE.fullmatch(cell) for cell in filled
    )


def _repeated(sheet: Sheet) -> int:
    """Rows whose labels (everything but fractions and counts) are another row's too."""
    kept = [
        cells
        for name, cells in _columns(sheet)
        if not _COUNT_NAME.search(name) and not any("." in cell for cell in cells)
    ]
    if len(sheet.rows) < 21 or not kept:
        return 0
    combinations = Counter(zip(*kept, strict=True))
    repeated = sum(count for count in combinations.values() if count > 1)
    return repeated if repeated >= 0.1 * (len(sheet.rows) - 1) else 0


def _lengthened(sheet: Sheet) -> Sheet:
    """A table without its notes; under titles, or with several heads, with a row a cell."""
    sheet = Sheet(name=sheet.name, rows=without_notes(sheet.rows))
    try:
        long = lengthened([first_parts(row) for row in sheet.rows])
    except UnreadableDataError:
        return sheet
    if long.heads == 1:
        return sheet
    rows = [[*key, text] for key, text in zip(long.keys, long.texts, strict=True)]
    return Sheet(name=sheet.name, rows=[[*long.names, "value"], *rows])


def _counts(sheet: Sheet, policy: Policy) -> Iterator[Finding]:
    parts = [
        (name, part, cells)
        for name, whole in _columns(sheet)
        for part, cells in parted(name, whole)
    ]
    are_named = any(_COUNT_NAME.search(part) for _, part, _ in parts)
    for name, part, cells in parts:
        may_count = not are_named and name != sheet.rows[0][0]
        if (may_count or _COUNT_NAME.search(part)) and _holds_counts(part, cells):
            yield from _small(sheet, name, [count_in(cell) for cell in cells], policy)
            yield from _missing(sheet, name, cells)
    if published := read_published(sheet.rows):
        yield from _withheld(published, policy)


def _missing(sheet: Sheet, name: str, cells: Sequence[str]) -> Iterator[Finding]:
    if any(not cell.strip() for cell in cells):
        yield about_file(
            "missing_count",
            Verdict.REVIEW,
            f'Column "{name}" of {sheet.name} has empty cells, of which it is not known '
            "whether they are withheld or nobody's.",
            _TABLE,
        )


def _holds_counts(name: str, cells: Sequence[str]) -> bool:
    numbers = [count_in(cell) for cell in cells if not is_withheld(cell)]
    whole = [one for one in numbers if one is not None and one >= 0 and one == one // 1]
    return bool(numbers) and len(whole) == len(numbers) and not _NO_COUNT_NAME.search(name)


def _small(
    sheet: Sheet, name: str, numbers: Sequence[float | None], policy: Policy
) -> Iterator[Finding]:
    small = [i for i, one in enumerate(numbers) if one is not None and 0 < one < policy.threshold]
    empty = [i for i, one in enumerate(numbers) if one == 0]
    if small:
        yield Finding(
            rule="threshold",
            severity=Verdict.FAIL,
            cells=_cells(sheet, name, small),
            message=f"{_counts_are(small, name, sheet)} below {policy.threshold}.",
            remedy="Withhold them with protect('suppress'). " + _TABLE,
        )
    if empty and policy.zeros is not Verdict.PASS:
        yield Finding(
            rule="zeros",
            severity=policy.zeros,
            cells=_cells(sheet, name, empty),
            message=f"{_counts_are(empty, name, sheet)} 0.",
            remedy="Say why nobody can be there, or merge categories.",
        )


def _counts_are(rows: Sequence[int], name: str, sheet: Sheet) -> str:
    many = f"{len(rows)} counts are" if len(rows) > 1 else "1 count is"
    return f'In column "{name}" of {sheet.name}, {many}'


def _cells(sheet: Sheet, name: str, rows: Sequence[int]) -> tuple[dict[str, str], ...]:
    header = sheet.rows[0]
    labels = [at for at, other in enumerate(header) if not _COUNT_NAME.search(other)]
    if "value" not in header or name != "value":
        return tuple(
            {header[0]: sheet.rows[row + 1][0], "column": name, "row": str(row + 2)} for row in rows
        )
    return tuple({header[at]: sheet.rows[row + 1][at] for at in labels} for row in rows)


def _withheld(published: PublishedTable, policy: Policy) -> Iterator[Finding]:
    """Withheld counts that their own marks or what stands beside them give away."""
    hidden = published.withheld
    if not len(hidden) or not published.is_counts:
        return
    try:
        found = published.intervals()
    except UnreadableDataError as error:
        yield about_file("withheld_cells", Verdict.REVIEW, f"Not audited: {error}.", _TABLE)
        return
    for cell in hidden:
        if not is_wide(found.lower[cell], found.upper[cell], policy.threshold):
            yield Finding(
                rule="withheld_cells",
                severity=Verdict.FAIL,
                cells=(published.place(int(cell)),),
                message=_told(found, int(cell)),
                remedy="Withhold further cells. " + _TABLE,
            )


def _told(found: Attainable, cell: int) -> str:
    between = f"from {found.floor[cell]:,.0f} to {found.ceiling[cell]:,.0f}"
    if found.is_exact(cell):
        return f"The cell is withheld, but what is shown tells that it is {between}."
    return (
        f"The cell is withheld, and what is shown tells that it is {between} or less than that: "
        "the search was given up, so it is not shown to be safe."
    )
