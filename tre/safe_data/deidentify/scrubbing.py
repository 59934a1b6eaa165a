"""Scrubbing of free text: known identifiers first, then whatever has an identifier's form.

No model is learned: what is masked can be explained, and what is not is measured by tests.
"""

from collections import Counter
from dataclasses import dataclass

from tre.safe_data.deidentify.known import NOBODY, Known
from tre.safe_data.deidentify.known_spans import known_spans
from tre.safe_data.deidentify.patterns import spans_by_form
from tre.safe_data.deidentify.span import Span, without_overlap


@dataclass(frozen=True, slots=True, kw_only=True)
class Scrubbed:
    """The text with `[kind]` in place of identifiers; masked: how many, by kind."""

    text: str
    masked: dict[str, int]


def scrub(text: str, known: Known = NOBODY) -> Scrubbed:
    """Mask what identifies somebody.

    known: of the patient whose note it is. Without it only what has a form is found: NHS numbers,
    postcodes, telephone numbers, e-mail addresses, dates, names after a title or a kinship.
    """
    found = spans_in(text, known)
    parts, at = [], 0
    for span in found:
        parts += [text[at : span.start], f"[{span.kind}]"]
        at = span.end
    return Scrubbed(
        text="".join((*parts, text[at:])), masked=dict(Counter(str(span.kind) for span in found))
    )


def spans_in(text: str, known: Known = NOBODY) -> list[Span]:
    """Where identifiers stand, in order and without overlap."""
    return without_overlap([*known_spans(text, known), *spans_by_form(text)])
