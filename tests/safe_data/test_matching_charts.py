"""Splink's charts of a matching: kept as data, shown without a network, naming nobody."""

import json
import re
from dataclasses import replace

import polars as pl
import pytest

from tests.safe_data.two_files import RECORD, SENT, two_files
from tre.safe_data.linking.charts import TITLES, page_parts
from tre.safe_data.linking.comparable import comparable
from tre.safe_data.linking.matching import How, match_files

IDENTIFIERS = ("first_name", "last_name", "date_of_birth", "postcode", "nhs_number", "sex")
MARK = "zq"


@pytest.fixture(scope="module")
def files():
    """Every name and postcode bears a mark, so that it cannot be a word of the charts' own."""
    made = two_files(seed=6, people=3_000, sent=400, register=2_000)
    marked = [(MARK + pl.col(name)).alias(name) for name in ("first_name", "last_name", "postcode")]
    return replace(
        made, sent=made.sent.with_columns(marked), register=made.register.with_columns(marked)
    )


@pytest.fixture(scope="module")
def charts(files):
    return match_files(files.sent, SENT, files.register, RECORD, How(seed=1)).charts


def strings(value):
    """Every text in a specification, keys and values, as words in small letters."""
    if isinstance(value, dict):
        return set().union(*(strings(each) for pair in value.items() for each in pair))
    if isinstance(value, list):
        return set().union(set(), *(strings(each) for each in value))
    return set(re.findall(r"[a-z0-9]+", str(value).lower()))


def rows(spec):
    """The data of a chart; the rest of it is splink's own template, the same for all."""
    return spec["data"]["values"]


def test_a_matching_keeps_every_chart(charts):
    assert list(charts) == list(TITLES)
    assert json.loads(json.dumps(charts)) == charts
    for name, spec in charts.items():
        assert "vega-lite" in spec["$schema"], name
        assert rows(spec), name


def test_no_identifier_is_in_a_chart(files, charts):
    words = set().union(*(strings(rows(spec)) for spec in charts.values()))
    assert not [word for word in words if word.startswith(MARK)]
    for side, key in ((files.sent, SENT), (files.register, RECORD)):
        made = comparable(side, key, IDENTIFIERS)
        assert made["last_name"].str.starts_with(MARK).any()
        for column in ("record", "birth_date", "nhs_number"):
            assert not set(made[column].drop_nulls()) & words, column
    for row in rows(charts["waterfall"]):
        assert (row["value_l"], row["value_r"]) == ("", "")


def test_a_waterfall_adds_up_to_the_weight_of_the_pair(charts):
    pairs = {row["record_number"] for row in rows(charts["waterfall"])}
    assert 1 < len(pairs) <= 6
    for pair in pairs:
        told = [row for row in rows(charts["waterfall"]) if row["record_number"] == pair]
        *parts, final = sorted(told, key=lambda row: row["bar_sort_order"])
        total = sum(part["log2_bayes_factor"] for part in parts)
        # Weights of rare values are rounded to a tenth of a bit, four of them.
        assert total == pytest.approx(final["log2_bayes_factor"], abs=0.25)


def test_a_page_needs_no_network_and_cannot_be_broken_out_of(charts):
    planted = {**charts, "waterfall": {"title": "</script><script>alert(1)</script>"}}
    page = page_parts(planted)
    assert "alert(1)</script>" not in page
    assert page.count("<figure>") == len(TITLES)
    for title in TITLES.values():
        assert title in page
    assert not re.search(r"<(script|link)[^>]*\b(src|href)=", page)
    assert page.count("<script>") == page.count("</script>") == 3 + len(TITLES)


def test_a_page_without_charts_is_empty():
    assert page_parts({}) == ""
