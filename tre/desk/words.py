"""How the desk says things: times, sizes, verdicts, provenance, in words a person would use."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
SERVICE_LEVEL_WORKING_DAYS = 5
"""Within how many working days a request should be answered (release-review.md)."""

PROVENANCE = {
    "recomputed": "The service built this table again from the project's own extract, outside the "
    "session, and every value agreed with the file.",
    "reproduced": "The notebook was run again in a fresh sealed session and gave the same file.",
    "asserted": "Only the author's word: nothing here was built again, so a person must judge "
    "what it shows and whom it describes.",
}
"""What each provenance is worth, to somebody who has never heard the word."""

WAITS_TO_BE_RUN = (
    "Only the author's word so far: the code that came with it waits to be run again in a fresh "
    "sealed session, and this line will say what it gave."
)
READ_THE_CODE = "That says where the file comes from, and not that it is right: read the code."

VERDICTS = {
    "pass": "No rule of the policy objects.",
    "review": "A person must look: a rule could not decide, or nobody could recompute this.",
    "fail": "Disclosive as it stands: at least one cell breaks a rule of the policy.",
}
"""What each verdict of the automatic check means; it orders the queue and never decides."""

STATES = {
    "draft": "Being written. Only the project sees it.",
    "submitted": "Waiting for two output checkers.",
    "partially reviewed": "One checker has answered; the second is still looking.",
    "reviewed": "Both checkers have answered and are agreeing on the outcome.",
    "returned": "The checkers asked for changes. The author's turn.",
    "approved": "Approved. The environment is writing the release bundle.",
    "failed": "Approved, but the bundle could not be written. Nothing left; it can be tried again.",
    "released": "Released. The signed bundle can be downloaded.",
    "withdrawn": "Withdrawn by its author.",
    "rejected": "Rejected. It will not be released.",
    "revoked": "Released once, then revoked: a mistake was found and access has stopped.",
}
"""One sentence for every state of a request."""

PROJECT_STATES = {
    "applied": "Recorded by the TRE manager, without an application here.",
    "draft": "Being written. Only the people named on it see it.",
    "with the lay group": "The Service User and Carer Advisory Group reads it, and advises.",
    "advised": "The lay group has advised: its lead answers next.",
    "with the data owners": "Each data owner decides on their own dataset.",
    "with the panel": "Three members of the panel vote by correspondence, blind to each other.",
    "returned": "It came back with questions. Its lead's turn.",
    "accredited": "Accredited: its members work on it between its first and its last day.",
    "suspended": "Suspended: nobody enters it, and its requests stand still.",
    "ended": "Ended. What it released stays; its data are destroyed.",
    "refused": "Refused by the panel. A new study needs a new application.",
    "withdrawn": "Withdrawn by its lead.",
}
"""One sentence for every state of a project."""


def said(moment: datetime | None, now: datetime) -> str:
    """Say a time as a person would: "today 14:05", "yesterday 09:10", "Mon 3 March 11:00"."""
    if moment is None:
        return "not yet"
    local, today = moment.astimezone(LONDON), now.astimezone(LONDON).date()
    clock = f"{local:%H:%M}"
    age = now - moment
    if timedelta(0) <= age < timedelta(minutes=1):
        return "just now"
    if timedelta(0) <= age < timedelta(hours=1):
        return counted(int(age.total_seconds() // 60), "minute") + " ago"
    if local.date() == today:
        return f"today {clock}"
    if local.date() == today - timedelta(days=1):
        return f"yesterday {clock}"
    year = "" if local.year == today.year else f" {local.year}"
    return f"{local:%a} {local.day} {local:%B}{year} {clock}"


def said_day(day: date) -> str:
    """Say a day: "3 March 2026"."""
    return f"{day.day} {day:%B %Y}"


def day_of(text: str) -> str:
    """Say a day that is written as YYYY-MM-DD."""
    return said_day(date.fromisoformat(text))


def due(age_working_days: int, *, late: bool) -> str:
    """Say how long a request may wait before the service level of 5 working days is missed."""
    left = SERVICE_LEVEL_WORKING_DAYS - age_working_days
    if late:
        return counted(max(1, -left), "working day") + " late"
    if left <= 0:
        return "due today"
    return counted(left, "working day") + " left"


def is_late(due_at: datetime | None, now: datetime) -> bool:
    """Whether the service level has been missed."""
    return due_at is not None and now > due_at


_SEVERAL = {"entry": "entries", "person": "people"}


def counted(number: int, thing: str) -> str:
    """Say a number of things: "1 file", "2 files", "2 people"."""
    return f"{number:,} {thing if number == 1 else _SEVERAL.get(thing, thing + 's')}"


def size(octets: int) -> str:
    """Say a size in bytes, kB or MB (of 1,000)."""
    if octets < 1_000:
        return counted(octets, "byte")
    if octets < 1_000_000:
        return f"{octets / 1_000:.1f} kB"
    return f"{octets / 1_000_000:.1f} MB"


def provenance_line(check: Mapping[str, Any], *, waits_to_be_run: bool = False) -> str:
    """Say what stands behind a file: its provenance, and what came of running its code again."""
    if waits_to_be_run:
        return WAITS_TO_BE_RUN
    word = check.get("provenance", "")
    said = (check.get("run_again") or {}).get("said", "")
    if word == "reproduced":
        return f"{said or PROVENANCE[word]} {READ_THE_CODE}"
    return f"{PROVENANCE.get(word, '')} {said}".strip()


def plain(value: object) -> str:
    """Write a value of a table as its reader expects it: no 12.000000001, no None."""
    if value is None:
        return ""
    if isinstance(value, (list, tuple)):
        return ", ".join(plain(item) for item in value)
    if isinstance(value, dict):
        return ", ".join(f"{key}: {plain(item)}" for key, item in value.items())
    return _number(value) if isinstance(value, (int, float)) else str(value)


def _number(value: float) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and not value.is_integer():
        return f"{value:,.2f}"
    return f"{value:,.0f}"


def sentence(text: str) -> str:
    """Begin a sentence with a capital letter."""
    return text[:1].upper() + text[1:]


def humanly(name: str) -> str:
    """Say the name of a column or field without its underscores."""
    return name.replace("_", " ").strip().capitalize()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A label and what it says."""

    label: str
    text: str
    is_code: bool = False


def declaration_lines(declaration: dict[str, Any]) -> tuple[Line, ...]:
    """Say what was declared about a table, in the order in which a checker asks it."""
    lines = [
        Line(label="Shows", text=_statistics(declaration)),
        Line(label="Rows", text=_names(declaration.get("rows"))),
        Line(label="Columns", text=_names(declaration.get("columns"))),
        Line(label="Dataset", text=str(declaration.get("dataset", ""))),
        Line(label="Counts distinct", text=str(declaration.get("unit", ""))),
        Line(label="Only where", text=str(declaration.get("where") or ""), is_code=True),
        *(
            Line(label=f"With {name} as", text=str(expression), is_code=True)
            for name, expression in (declaration.get("derive") or {}).items()
        ),
        Line(label="Weighted by", text=str(declaration.get("weight") or "")),
        Line(label="Groups", text=_groups(declaration.get("hierarchies"))),
        Line(label="Merged", text=_groups(declaration.get("merges"))),
        Line(label="Margins", text="shown" if declaration.get("margins") else "not shown"),
        Line(label="Structural zeros", text=plain(declaration.get("structural_zeros") or "")),
        Line(label="Protection", text=_protection(declaration.get("protection"))),
    ]
    return tuple(line for line in lines if line.text)


def _statistics(declaration: dict[str, Any]) -> str:
    """Say what is shown: "Mean, median of income"; "Rate of events per years times 1,000"."""
    said = declaration.get("statistic", "count")
    names = [said] if isinstance(said, str) else list(said)
    of, per, within = (declaration.get(name) for name in ("of", "per", "within"))
    parts = [
        humanly(", ".join(str(name) for name in names)),
        f"of {of}" if of else "",
        f"per {per}" if per else "",
        f"within {_names(within) or 'the whole table'}" if within is not None else "",
        f"times {plain(declaration['times'])}" if declaration.get("times", 1) != 1 else "",
    ]
    return " ".join(filter(None, parts))


def _groups(of_dimensions: object) -> str:
    """Say how labels are put together: "region: Leeds in North; York in North"."""
    if not isinstance(of_dimensions, dict):
        return ""
    return " · ".join(
        f"{name}: "
        + (
            "; ".join(f"{label} in {group}" for label, group in one.items())
            if isinstance(one, dict)
            else f"by {_names(one)}"
        )
        for name, one in of_dimensions.items()
    )


def _names(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, (list, tuple)):
        return " by ".join(str(name) for name in value)
    return ""


def _protection(value: object) -> str:
    if not isinstance(value, dict):
        return "none"
    options = {key: option for key, option in value.items() if key != "method"}
    inner = options.pop("options", None)
    if isinstance(inner, dict):
        options |= inner
    method = str(value.get("method", ""))
    return f"{method} ({plain(options)})" if options else method


def now_utc() -> datetime:
    """The clock that the desk uses where nobody passed one."""
    return datetime.now(UTC)


def greeting(now: datetime) -> str:
    """Greet by the clock in London."""
    hour = now.astimezone(LONDON).hour
    if hour < 12:
        return "Good morning"
    return "Good afternoon" if hour < 18 else "Good evening"


def rate(name: str, value: float) -> str:
    """Say a share as per cent, and anything that counts as a whole number."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return plain(value)
    is_share = isinstance(value, float) and 0 <= value <= 1 and "count" not in name
    return f"{100 * value:.1f} %" if is_share else plain(value)
