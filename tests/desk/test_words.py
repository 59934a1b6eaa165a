"""What people read: times, counts, and the form's answers taken apart and put together."""

from datetime import UTC, datetime, timedelta

import pytest

from tre.desk import guidance, words
from tre.desk.pages.releases import safe_name

NOW = datetime(2026, 3, 4, 14, 20, tzinfo=UTC)
"""A Wednesday in winter: London's clock says the same."""


@pytest.mark.parametrize(
    ("ago", "said"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=59), "59 minutes ago"),
        (timedelta(hours=2), "today 12:20"),
        (timedelta(hours=15), "yesterday 23:20"),
        (timedelta(days=2), "Mon 2 March 14:20"),
        (timedelta(days=100), "Mon 24 November 2025 14:20"),
        (timedelta(days=-1), "Thu 5 March 14:20"),
    ],
)
def test_a_time_is_said_as_a_person_would(ago: timedelta, said: str):
    assert words.said(NOW - ago, NOW) == said


def test_a_summer_time_is_londons():
    noon = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
    assert words.said(noon, noon + timedelta(hours=3)) == "today 13:00"


def test_no_time_is_said_too():
    assert words.said(None, NOW) == "not yet"


@pytest.mark.parametrize(
    ("age", "late", "said"),
    [
        (0, False, "5 working days left"),
        (4, False, "1 working day left"),
        (5, False, "due today"),
        (5, True, "1 working day late"),
        (8, True, "3 working days late"),
    ],
)
def test_what_is_left_of_the_service_level_is_said_in_working_days(age: int, late: bool, said: str):
    assert words.due(age, late=late) == said


@pytest.mark.parametrize(
    ("octets", "said"),
    [(1, "1 byte"), (999, "999 bytes"), (1_500, "1.5 kB"), (2_500_000, "2.5 MB")],
)
def test_a_size_is_said_in_thousands(octets: int, said: str):
    assert words.size(octets) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [(None, ""), (True, "yes"), (7, "7"), (1234.0, "1,234"), (0.125, "0.12"), (["a", 2], "a, 2")],
)
def test_a_value_is_written_plainly(value: object, said: str):
    assert words.plain(value) == said


def test_answers_survive_being_put_together_and_taken_apart():
    answers = {
        "context_what": "Counts.\nIn two lines.",
        "context_population": "Pupils: year 11",
        "context_variables": "sex",
    }
    text = guidance.compose(guidance.CONTEXT, answers)
    assert text.startswith("What it is: Counts.")
    assert guidance.split(guidance.CONTEXT, text) == answers


def test_a_text_without_labels_answers_the_first_question():
    taken = guidance.split(guidance.CONTEXT, "Mean score\nof pupils")
    assert taken["context_what"] == "Mean score\nof pupils"
    assert guidance.compose(guidance.CONTEXT, taken) == "What it is: Mean score\nof pupils"


def test_the_question_without_an_answer_is_named():
    missing = guidance.missing(guidance.CONTEXT, {"context_what": "x", "context_population": " "})
    assert missing is not None
    assert missing.startswith("“Population” has no answer.")
    assert guidance.missing(guidance.CONTROLS, {"controls_counts": "rounded"}) is None


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("release-1-a.zip", "release-1-a.zip"),
        ('a"; filename=b.exe', "a-filename-b.exe"),
        ("../../etc/passwd", "etc-passwd"),
        ("ä\r\nSet-Cookie: x.zip", "Set-Cookie-x.zip"),
        ("", "release.zip"),
    ],
)
def test_a_downloads_name_cannot_be_misread(name: str, safe: str):
    assert safe_name(name) == safe


def test_a_declaration_is_said_in_the_order_in_which_it_is_asked():
    lines = words.declaration_lines(
        {
            "dataset": "linked",
            "unit": "person_id",
            "rows": ["diagnosis_group"],
            "columns": ["sex", "year"],
            "statistic": "mean",
            "of": "ks4",
            "where": "year > 2010",
            "derive": {"old": "age > 16"},
            "margins": True,
            "structural_zeros": [],
            "protection": {"method": "round", "options": {"base": 5}},
        }
    )
    assert [(line.label, line.text) for line in lines] == [
        ("Shows", "Mean of ks4"),
        ("Rows", "diagnosis_group"),
        ("Columns", "sex by year"),
        ("Dataset", "linked"),
        ("Counts distinct", "person_id"),
        ("Only where", "year > 2010"),
        ("With old as", "age > 16"),
        ("Margins", "shown"),
        ("Protection", "round (base: 5)"),
    ]


@pytest.mark.parametrize(
    ("provenance", "ran", "said"),
    [
        ("recomputed", None, words.PROVENANCE["recomputed"]),
        ("asserted", None, words.PROVENANCE["asserted"]),
        ("asserted", "It failed.", f"{words.PROVENANCE['asserted']} It failed."),
        ("reproduced", "It gave it.", f"It gave it. {words.READ_THE_CODE}"),
        ("unheard of", None, ""),
    ],
)
def test_what_stands_behind_a_file_is_said(provenance: str, ran: str | None, said: str):
    check = {"provenance": provenance, **({"run_again": {"said": ran}} if ran else {})}
    assert words.provenance_line(check) == said


def test_what_waits_to_be_run_again_is_said_in_the_place_of_a_judgement():
    line = words.provenance_line({"provenance": "asserted"}, waits_to_be_run=True)
    assert line == words.WAITS_TO_BE_RUN
