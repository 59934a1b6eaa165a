"""A stretch of text that is to be masked, and why."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a masked stretch is; the value is written in its place. Where two meet, first wins."""

    EMAIL = "email"
    NHS_NUMBER = "nhs number"
    PHONE = "phone"
    POSTCODE = "postcode"
    ADDRESS = "address"
    DATE = "date"
    NAME = "name"
    RELATIVE = "relative"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Span:
    """The characters from start up to end, which is not part of it."""

    start: int
    end: int
    kind: Kind


def without_overlap(spans: list[Span]) -> list[Span]:
    """Spans in order of the text; those that overlap become one, of the kind that comes first."""
    order = {kind: position for position, kind in enumerate(Kind)}
    merged: list[Span] = []
    for span in sorted(spans, key=lambda each: (each.start, -each.end)):
        if merged and span.start < merged[-1].end:
            before = merged.pop()
            kind = min(before.kind, span.kind, key=lambda each: order[each])
            merged.append(Span(before.start, max(before.end, span.end), kind))
        else:
            merged.append(span)
    return merged
