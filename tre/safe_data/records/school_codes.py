"""The public code lists of the Department for Education for absences and exclusions, as a table.

Absence: DfE, Working together to improve school attendance (August 2024), and before it School
attendance: guidance; School census guide, attendance codes. Codes that are no absence are not here:
X and Y (not attending in circumstances of the pandemic, or unable to attend) among them.
Exclusion: DfE, School census guide and Common Basic Data Set, exclusion category and reason.
"""

from dataclasses import dataclass

ALWAYS, NEVER = 0, 9_999
"""School years from which, and before which, a code was in use: always."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolCode:
    """One code. since, before: school years of its use, by the year in which they begin."""

    code: str
    name: str
    since: int = ALWAYS
    before: int = NEVER


AUTHORISED = (
    SchoolCode(code="I", name="illness"),
    SchoolCode(code="M", name="medical or dental appointment"),
    SchoolCode(code="R", name="religious observance"),
    SchoolCode(code="S", name="study leave"),
    SchoolCode(code="T", name="traveller absence"),
    SchoolCode(code="H", name="holiday with leave", before=2024),
    SchoolCode(code="E", name="suspended or permanently excluded and not taught elsewhere"),
    SchoolCode(code="C", name="other authorised"),
)
UNAUTHORISED = (
    SchoolCode(code="G", name="holiday without leave"),
    SchoolCode(code="U", name="late after the registers closed"),
    SchoolCode(code="N", name="no reason yet"),
    SchoolCode(code="O", name="other unauthorised"),
)
ABSENCE = (*AUTHORISED, *UNAUTHORISED)

_RENAMED, _REVISED = 2021, 2020
"""A fixed period exclusion is a suspension from 2021/22; reasons were revised for 2020/21."""
CATEGORIES = (
    SchoolCode(code="FIXD", name="fixed period exclusion", before=_RENAMED),
    SchoolCode(code="SUSP", name="suspension", since=_RENAMED),
    SchoolCode(code="PERM", name="permanent exclusion"),
)
REASONS = (
    SchoolCode(code="PP", name="physical assault against a pupil"),
    SchoolCode(code="PA", name="physical assault against an adult"),
    SchoolCode(code="VP", name="verbal abuse or threats against a pupil"),
    SchoolCode(code="VA", name="verbal abuse or threats against an adult"),
    SchoolCode(code="BU", name="bullying"),
    SchoolCode(code="RA", name="racist abuse"),
    SchoolCode(code="LG", name="abuse for sexual orientation or gender identity", since=_REVISED),
    SchoolCode(code="DS", name="abuse relating to disability", since=_REVISED),
    SchoolCode(code="SM", name="sexual misconduct"),
    SchoolCode(code="DA", name="drugs and alcohol"),
    SchoolCode(code="DM", name="damage"),
    SchoolCode(code="TH", name="theft"),
    SchoolCode(code="DB", name="persistent or general disruptive behaviour"),
    SchoolCode(code="OW", name="offensive weapon or prohibited item", since=_REVISED),
    SchoolCode(code="MT", name="misuse of social media or online technology", since=_REVISED),
    SchoolCode(code="PH", name="transgression of public-health measures", since=_REVISED),
    SchoolCode(code="OT", name="other", before=_REVISED),
)


def codes(of: tuple[SchoolCode, ...]) -> tuple[str, ...]:
    """The codes alone, in their order."""
    return tuple(one.code for one in of)


def meanings(of: tuple[SchoolCode, ...]) -> str:
    """The list in one sentence: each code with what it means and when it was in use."""
    return ", ".join(f"{one.code} {one.name}{_when(one)}" for one in of)


def _when(one: SchoolCode) -> str:
    if one.since != ALWAYS:
        return f" (from {one.since}/{(one.since + 1) % 100:02d})"
    if one.before != NEVER:
        return f" (to {one.before - 1}/{one.before % 100:02d})"
    return ""
