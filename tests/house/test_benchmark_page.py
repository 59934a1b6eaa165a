"""What the page of benchmarks says of worlds: goals, growth, and every linkage."""

from benchmarks import growth, page
from benchmarks.suppression import goals as suppression
from benchmarks.suppression.cases import CASES


def row(what, seconds, memory=100.0):
    return {
        "what": what,
        "seconds": seconds,
        "processor_seconds": seconds / 2,
        "memory_mib": memory,
        "note": "done",
    }


def world(people, seconds):
    linkage = {
        "linkage": "npd", "sent": 10, "register": 20, "matched": 9,
        "precision": 0.9991, "recall": 0.965,
    }  # fmt: skip
    rows = [row("population and registers", 1.0), row("linkage npd", seconds, 2_048.0)]
    return {"people": people, "rows": rows, "linkages": [linkage]}


PUPILS = {
    "pupils": 1_400, "sent": 100, "matched": 80, "precision": 0.99, "recall": 0.98,
    "rows": [row("making", 1.0), row("linking", 120.0)],
}  # fmt: skip


def test_goals_stand_beside_what_the_largest_world_took():
    found = growth.goals([world(1_000, 1.0), world(9_000, 599.0)], PUPILS)
    assert [(measured, worked, goal) for _, measured, worked, goal in found] == [
        ("10", "5", "≤ 15: met"),
        ("2", "", "≤ 8: met"),
        ("0.9991", "", "≥ 0.998: met"),
        ("0.965", "", "≥ 0.97: missed"),
        ("2", "1", "≤ 15: met"),
        ("0.09766", "", "≤ 8: met"),
    ]
    assert growth.goals([], PUPILS) == []


def test_sizes_stand_below_each_other():
    lines = growth.stage_rows([world(1_000, 1.0), world(9_000, 5.0)])
    assert [line[:2] for line in lines] == [
        ("population and registers", "1,000"),
        ("population and registers", "9,000"),
        ("all linkages", "1,000"),
        ("all linkages", "9,000"),
    ]
    assert growth.growth_rows([world(9_000, 599.0)])[0] == (
        "9,000",
        "600",
        "300",
        "2,048",
        "66,667",
    )


def test_the_page_draws_what_was_measured_and_leaves_out_what_an_earlier_version_kept():
    circumstances = {"date": "1 May 2026", "machine": "2 cores", "versions": "Python"}
    part = {"worlds": [world(1_000, 1.0)], "pupils": PUPILS, "rows": [row("tables", 0.1)]}
    drawn = page.page({"world": part | circumstances})
    assert "| npd | 1,000 | 10 | 20 | 9 | 0.9991 | 0.9650 | 1.0 | 2,048 |" in drawn
    assert "100 patients and 1,400" in drawn
    assert "The environment" not in page.page({"world": {"rows": []} | circumstances})


def outcome(case, cells, **said):
    measured = {"seconds": 1.0, "gap": 0.0, "audit_seconds": None} | said
    return {"program": "output_checks", "case": case, "cells": cells} | measured


def test_suppression_is_set_against_its_goals():
    found = suppression.goals(
        [
            outcome("two-way, 5,151 cells", 5_151),
            outcome("three-way, 1,331 cells", 1_331, seconds=20.0, gap=0.012),
            outcome("hierarchical, 10,089 cells", 10_089, seconds=31.0, gap=0.06, audit_seconds=4),
            outcome("hierarchical, 5,719 cells", 5_719, seconds=None),
            outcome("two-way, 5,151 cells", 5_151) | {"program": "pytauargus"},
        ]
    )
    assert [(measured, goal) for *_, measured, goal in found] == [
        ("1.00", "≤ 5: met"),
        ("20.00, with a gap of 1.2%", "≤ 30: missed"),
        ("31.00", "≤ 30: missed"),
        ("6.0%", "≤ 0.05: missed"),
        ("4.00", "≤ 5: met"),
    ]


def test_the_cases_that_have_goals_are_measured():
    assert {*suppression.PROVEN, *suppression.SAFE} <= set(CASES)
