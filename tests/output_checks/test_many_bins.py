"""Histograms of many bins: the bins that few cases would give, in a time that grows with them."""

import re

import numpy as np
import polars as pl
import pytest

from output_checks import Data, PrivacyBudget, private_histogram
from output_checks.private_tables import _in_bins


@pytest.mark.parametrize("bins", [1, 2, 16, 17, 33, 500])
def test_every_value_is_in_the_bin_between_its_edges(bins):
    edges = [float(one) for one in np.cumsum(np.random.default_rng(bins).uniform(0.1, 2, bins + 1))]
    names = [f"bin {number}" for number in range(bins)]
    inside = np.random.default_rng(1).uniform(edges[0], edges[-1], 300)
    values = np.concatenate([inside, edges])
    expected = np.minimum(np.searchsorted(edges, values, side="right") - 1, bins - 1)
    frame = pl.DataFrame({"x": values}).with_columns(bin=pl.sql_expr(_in_bins("x", edges, names)))
    assert frame["bin"].to_list() == [names[at] for at in expected]


def test_a_thousand_bins_are_halved_and_not_one_list_of_cases():
    edges = [float(one) for one in range(1001)]
    text = _in_bins("x", edges, [str(one) for one in range(1000)])
    longest = max(part.count("WHEN") for part in re.split(r"CASE", text))
    assert longest <= 16
    deepest = open_cases = 0
    for word in re.findall(r"\b(?:CASE|END)\b", text):
        open_cases += 1 if word == "CASE" else -1
        deepest = max(deepest, open_cases)
    assert deepest <= 8  # 1000 / 2^6 = 15.6


def test_a_histogram_of_a_thousand_edges_has_a_cell_for_each_bin():
    data = Data.read(pl.DataFrame({"id": range(400), "x": [n / 4 for n in range(400)]}), unit="id")
    edges = [n / 10 for n in range(1000)]
    told = private_histogram(data, "x", edges, epsilon=50.0, accountant=PrivacyBudget(100.0))
    counts = dict(told.released().rows())
    assert len(counts) == 1000  # 999 bins and the total
    # 10.25 is the only value from 10.2 to 10.3, and 10.0 the only one from 10 to 10.1
    assert counts["10.2 to below 10.3"] == counts["10 to below 10.1"] == 1
    assert counts["10.1 to below 10.2"] == 0
