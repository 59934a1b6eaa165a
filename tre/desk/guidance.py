"""What the form asks, so that the usual reasons for refusal are hard to get wrong.

Source of the shares: OpenSAFELY's figures, in release-review.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """One question of the form.

    key: the field's name. label: starts the answer's line in the text that is kept.
    prevents: the usual reason for refusal that a good answer takes away.
    """

    key: str
    label: str
    question: str
    example: str
    prevents: str


CONTEXT = (
    Prompt(
        key="context_what",
        label="What it is",
        question="What is it, and what question does it answer?",
        example="Mean Attainment 8 by diagnosis group and sex, for table 2 of the paper.",
        prevents="About a quarter of refusals say that there was too little context.",
    ),
    Prompt(
        key="context_population",
        label="Population",
        question="Who is in it? How many people, who was left out, which years?",
        example="14,210 pupils in year 11 in 2010-2019; without those who opted out.",
        prevents="A checker cannot judge a cell without knowing who could have been in it.",
    ),
    Prompt(
        key="context_variables",
        label="Variables",
        question="Which variables, and how were derived ones made?",
        example="diagnosis_group (first diagnosis before 18), sex, ks4_attainment8.",
        prevents="Two outputs that share variables are compared, so that their difference is safe.",
    ),
)
"""What a group of files must say about itself."""

CONTROLS = (
    Prompt(
        key="controls_counts",
        label="Small numbers",
        question="What was done about small counts, also in the numbers behind rates and figures?",
        example='Cells under 10 and their complements withheld with table.protect("suppress").',
        prevents="Half of all refusals: counts that were not rounded (30 %) or withheld (20 %).",
    ),
    Prompt(
        key="controls_underlying",
        label="Underlying data",
        question="Which file holds the counts behind each figure, rate or model?",
        example="attainment_counts.csv, added as supporting file.",
        prevents="One refusal in ten: a figure or a rate without the numbers behind it.",
    ),
    Prompt(
        key="controls_other",
        label="Anything else",
        question="Earlier releases that overlap, exceptions that you ask for, doubts.",
        example="Overlaps with request 12 (same years, by age instead of sex).",
        prevents="Differences between two releases can reveal what neither shows.",
    ),
)
"""What was done about disclosure."""

REVIEWABLE = {
    ".csv": "table",
    ".tsv": "table",
    ".txt": "text",
    ".md": "text",
    ".log": "text",
    ".html": "text",
    ".xlsx": "workbook",
    ".png": "figure",
    ".jpg": "figure",
    ".jpeg": "figure",
    ".svg": "figure",
    ".ipynb": "notebook",
    ".py": "code",
    ".r": "code",
    ".sql": "code",
    ".json": "text",
}
"""File types that a person can read on the desk; one refusal in ten is about the file type."""

CODE = frozenset({".py", ".r", ".sql", ".ipynb"})


def suffix(name: str) -> str:
    """The file type as the name claims it, in lower case, with its dot ("" for none)."""
    stem = name.rsplit("/", 1)[-1]
    return f".{stem.rsplit('.', 1)[1].lower()}" if "." in stem else ""


def can_be_reviewed(name: str) -> bool:
    """Whether a person could read a file of this type; the content is looked at later."""
    return suffix(name) in REVIEWABLE


def usual_kind(name: str) -> str:
    """What a file of this type usually is in a request: code or output."""
    return "code" if suffix(name) in CODE else "output"


def compose(prompts: tuple[Prompt, ...], answers: Mapping[str, str]) -> str:
    """Join the answers to one text, one labelled line or paragraph an answer."""
    parts = [
        f"{prompt.label}: {text}"
        for prompt in prompts
        if (text := answers.get(prompt.key, "").strip())
    ]
    return "\n".join(parts)


def split(prompts: tuple[Prompt, ...], text: str) -> dict[str, str]:
    """Take a text apart again into its answers; what has no label goes to the first question."""
    answers = {prompt.key: "" for prompt in prompts}
    labels = {f"{prompt.label}:": prompt.key for prompt in prompts}
    current = prompts[0].key
    for line in text.splitlines():
        label = next((known for known in labels if line.startswith(known)), None)
        if label:
            current = labels[label]
            line = line[len(label) :].strip()  # noqa: PLW2901 -- the rest of a labelled line
        answers[current] = f"{answers[current]}\n{line}" if answers[current] else line
    return {key: answer.strip() for key, answer in answers.items()}


def missing(prompts: tuple[Prompt, ...], answers: Mapping[str, str]) -> str | None:
    """Say which of the first two questions has no answer; None where both have one."""
    for prompt in prompts[: 2 if prompts is CONTEXT else 1]:
        if not answers.get(prompt.key, "").strip():
            return f"“{prompt.label}” has no answer. {prompt.prevents}"
    return None
