"""Small counts are found however a publication writes them."""

import json

import pytest

from output_checks import check_file
from output_checks.readers.markdown import tables_in
from output_checks.readers.shown_counts import count_in


def rules(content, name="t.csv"):
    report = check_file(content.encode(), name)
    return [one.rule for one in report.findings if one.rule != "provenance"]


def cells(content, name="t.csv"):
    report = check_file(content.encode(), name)
    return [one.cells for one in report.findings if one.rule == "threshold"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("4", 4),
        ("4*", 4),
        ("4 **", 4),
        ("1,204†", 1204),
        ("4^a", 4),
        ("(4)", 4),
        ("[4]", 4),
        ("**4**", 4),
        ("`4`", 4),
        ("4 [r]", 4),
        ("4²", 4),
        ("*", None),
        ("(c)", None),
        ("[c]", None),
        ("c", None),
        ("<5", None),
        ("a4", None),
        ("4 people", None),
    ],
)
def test_a_cell_is_a_number_also_with_signs_around_it(text, value):
    assert count_in(text) == value


@pytest.mark.parametrize(
    "content",
    [
        "group,n (%)\nA,120 (96.8)\nB,4 (3.2)\n",
        "group,n [%]\nA,120 [96.8]\nB,4 [3.2]\n",
        "group,N (col %)\nA,120 (96.8%)\nB,4 (3.2%)\n",
        "group,% (n)\nA,96.8 (120)\nB,3.2 (4)\n",
        "group,women,men\nA,120 (96.8),130 (50.0)\nB,4 (3.2),130 (50.0)\n",
        "group,n\nA,120\nB,4*\n",
        "group,n\nA,(120)\nB,(4)\n",
        "group,n (%)\nA,120 (96.8)\nB,4* (3.2)\nC,c\n",
        "group,n,%\nA,120,96.8\nB,4†,3.2\n",
    ],
)
def test_a_small_count_is_found_in_the_shapes_of_publications(content):
    assert rules(content) == ["threshold"]
    (found,) = cells(content)
    assert [one["group"] for one in found] == ["B"]


@pytest.mark.parametrize(
    "content",
    [
        "group,mean (sd)\nA,12 (3)\nB,4 (2)\n",
        "group,n (mean)\nA,120 (3)\nB,40 (4)\n",
        "group,n (%)\nA,120 (75)\nB,40 (5)\n",
        "group,median [lower]\nA,12 [3]\nB,4 [2]\n",
    ],
)
def test_other_numbers_in_brackets_are_no_counts(content):
    assert rules(content) == []


def test_headings_of_two_levels_may_have_counts_with_shares():
    content = ",women,,men,\ngroup,young,old,young,old\n"
    content += "A,120 (50),120 (50),30 (3),30 (4)\nB,4 (3.2),60 (50),44 (9),20 (1)\n"
    (found,) = cells(content)
    assert len(found) == 1


MARKDOWN = """# Results

| group | n |
|:------|--:|
| A | 120 |
| B | 4 |

The end | of it.
"""


@pytest.mark.parametrize(
    "text",
    [
        MARKDOWN,
        "group | n (%)\n--- | ---\nA | 120 (97)\nB | 4 (3)\n",
        "> | group | n |\n> |---|---|\n> | A | 12 |\n> | B | **4** |\n",
        "| group | n |\n| A | 12 |\n| B | 4 |",
    ],
)
@pytest.mark.parametrize("name", ["t.md", "t.txt"])
def test_a_table_in_markdown_is_a_table(text, name):
    assert rules(text, name) == ["threshold"]
    (found,) = cells(text, name)
    assert [one["group"] for one in found] == ["B"]


def test_strokes_in_a_sentence_are_no_table():
    assert list(tables_in("We used a | b.\nAnd 4 | 5 of them.\n")) == []
    (rows,) = tables_in(MARKDOWN)
    assert rows == [["group", "n"], ["A", "120"], ["B", "4"]]
    (rows,) = tables_in("| a \\| b | n |\n|---|---|\n| x | 4 |")
    assert rows[0] == ["a | b", "n"]


def test_markdown_in_a_notebook_is_looked_at_too():
    shown = {"output_type": "display_data", "data": {"text/markdown": MARKDOWN}}
    notebook = {
        "nbformat": 4,
        "cells": [
            {"cell_type": "markdown", "source": MARKDOWN},
            {"cell_type": "code", "source": "show()", "outputs": [shown]},
        ],
    }
    assert rules(json.dumps(notebook), "n.ipynb") == ["threshold", "threshold"]
