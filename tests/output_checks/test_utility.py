"""What protections cost: figures by hand, side by side, and in one picture."""

import re
from xml.etree import ElementTree as ET

import polars as pl
import pytest
from rich.console import Console

from output_checks import Data, ProtectionError
from output_checks.protect.accounting import PrivacyBudget
from output_checks.protect.coarsen import coarsen
from output_checks.protect.picture import Line, picture
from output_checks.protect.utility import Compared, Comparison, compare, utility
from tests.output_checks.drawing import data, means

FOUR = """
     F    M
a    3   30
b   41   25
c   60   41
d   15   35
"""


def four():
    return data(FOUR).table("group", "sex")


# One protection


def test_an_unprotected_table_costs_nothing_and_tells_its_small_cell():
    cost = utility(four())
    assert (cost.cells, cost.withheld, cost.merged, cost.changed) == (15, 0, 0, 0)
    assert (cost.value_withheld, cost.mean_change, cost.kept) == (0.0, 0.0, 1.0)
    assert (cost.small, cost.told, cost.narrowest) == (1, 1, 0.0)
    assert cost.verdict == "fail"


def test_suppression_costs_cells_and_what_is_in_them():
    table = four().protect("suppress")
    cost = utility(table)
    held = table.cells.filter("withheld")
    inner = held.filter(~pl.col("margin"))["exact"].sum()
    assert cost.withheld == held.height == 4
    assert cost.value_withheld == pytest.approx(inner / 250)  # 3+30+41+25+60+41+15+35
    assert (cost.mean_change, cost.greatest_change, cost.told) == (0.0, 0.0, 0)
    assert cost.narrowest is not None
    assert cost.narrowest >= 8  # 1 to 9 at least, or as wide as 10
    assert cost.share_lost == 4 / 15


def test_rounding_costs_how_far_counts_move():
    cost = utility(four().protect("round", base=10, controlled=False))
    # 3 25 35 15 -> 3 5 5 5; 41 60 41 30 -> 1 0 1 0; rows 33 66 101 50 -> 3 4 1 0;
    # columns 119 131 -> 1 1; 250 -> 0. Sum 3+5+5+5+1+1+3+4+1+1+1 = 30 over 15 cells.
    assert cost.mean_change == 2.0
    assert cost.greatest_change == 5.0
    assert cost.changed == 11
    assert cost.relative_change == pytest.approx(30 / 1000)  # all cells add up to 4 times 250
    # 3 became 0, which is 0 to 4: that tells that it is small.
    assert (cost.told, cost.narrowest) == (1, 4.0)


def test_noise_tells_no_cell():
    cost = utility(
        four().protect("noise", categories="public", epsilon=1.0, accountant=PrivacyBudget(1))
    )
    assert (cost.small, cost.told, cost.narrowest) == (1, 0, None)


def test_merging_costs_cells_that_are_not_shown_apart():
    table = four()
    cost = utility(coarsen(table, {"group": "rare"}), table)
    # a (3, 30) and d (15, 35) become one row: 4 rows of 3 cells instead of 5.
    assert (cost.cells, cost.merged, cost.withheld) == (15, 3, 0)
    assert 0.8 < cost.kept < 1
    assert (cost.small, cost.told, cost.narrowest) == (1, 0, None)


def test_what_nothing_limits_has_no_narrowest_interval():
    table = data(FOUR).table("group", "sex", margins=False).protect("suppress")
    cost = utility(table)
    assert (cost.withheld, cost.told, cost.narrowest) == (1, 0, None)


def test_impossible_cells_cost_nothing():
    table = data("F M\na 30 0\nb 20 25").table(
        "group", "sex", structural_zeros=[{"group": "a", "sex": "M"}]
    )
    assert utility(table).cells == 8


def test_of_means_the_people_are_withheld():
    table = means().protect("suppress")
    # 3 + 15 + 12 + 14 + 40 + 41 = 125 people
    held = table.cells.filter(pl.col("withheld") & ~pl.col("margin"))["units"].sum()
    assert utility(table).value_withheld == pytest.approx(held / 125)


def test_a_mode_has_no_distance():
    rows = [(number, "ab"[number % 2], "xyy"[number % 3]) for number in range(90)]
    frame = pl.DataFrame(rows, schema=["id", "group", "letter"], orient="row")
    table = Data.read(frame, unit="id").table("group", statistic="mode", of="letter")
    cost = utility(table)
    assert (cost.mean_change, cost.relative_change) == (0.0, 0.0)


def test_each_statistic_has_a_cost_of_its_own():
    table = means(["count", "mean"]).protect("suppress")
    assert utility(table, statistic="mean").statistic == "mean"
    assert utility(table).statistic == "count"
    with pytest.raises(ProtectionError, match='Did you mean "mean"'):
        utility(table, statistic="men")


def test_nobody_with_a_value_costs_nothing():
    frame = pl.DataFrame({"id": [1, 2], "group": ["a", "b"], "x": [0.0, 0.0]})
    cost = utility(Data.read(frame, unit="id").table("group", statistic="sum", of="x"))
    assert (cost.value_withheld, cost.relative_change) == (0.0, 0.0)


def test_one_cell_of_everybody_has_nothing_to_lose():
    assert utility(data("F\na 30").table("group")).kept == 1


# Side by side


def test_all_ways_are_put_side_by_side_with_reasons_for_those_that_cannot():
    found = compare(
        four(),
        [
            ("suppress", {}),
            ("round", {"base": 5}),
            ("cell-key", {"secret": "xyzzy"}),
            ("noise", {"epsilon": 1}),
            ("coarsen", {"along": {"group": "rare"}}),
        ],
    )
    frame = found.frame
    assert frame["method"].to_list() == [
        "suppress",
        "round, base=5",
        "cell-key",
        "noise, epsilon=1",
        "coarsen",
    ]
    assert frame["verdict"].to_list()[0] in {"pass", "review"}
    assert frame["withheld"].to_list()[:2] == [4, 0]
    assert frame["reason"].to_list()[3:] == ["noise needs accountant=…", ""]
    assert "xyzzy" not in str(frame.rows())
    first = found.ways[0]
    assert first.table is not None
    assert first.table.released().height == 15


@pytest.mark.parametrize(
    ("method", "options", "said"),
    [
        ("rund", {}, 'unknown protection "rund". Did you mean "round"'),
        ("supress", {}, 'Did you mean "suppress"'),
        ("round", {"bse": 5}, 'unknown option of round "bse". Did you mean "base"'),
        ("coarsen", {"reveiws": True}, 'unknown option of coarsen "reveiws"'),
    ],
)
def test_a_misspelt_way_is_refused_and_not_put_beside_the_others(method, options, said):
    with pytest.raises(ProtectionError, match=said):
        compare(four(), [("suppress", {}), (method, options)])


def test_what_is_compared_unasked_costs_no_privacy():
    methods = [one.method for one in compare(four()).ways]
    assert methods == ["suppress", "round", "midpoint", "cell-key", "coarsen"]


def test_a_protected_table_is_not_compared():
    with pytest.raises(ProtectionError, match="protected already"):
        compare(four().protect("suppress"))


def test_another_statistic_is_compared_when_named():
    found = compare(means(["count", "mean"]), [("suppress", {})], statistic="mean")
    assert found.frame["statistic"].to_list() == ["mean"]


# The picture


LABELS = "<b>groups & 'co'</b>"


def drawn(lines) -> ET.Element:
    html = picture(f"count by {LABELS}", lines)
    assert "<script" not in html
    assert "http" not in html.replace("http://www.w3.org/2000/svg", "")
    assert "prefers-color-scheme:dark" in html
    found = re.search(r"<svg.*</svg>", html, re.DOTALL)
    assert found
    return ET.fromstring(found.group())


LINES = [
    Line(
        label="suppress",
        verdict="pass",
        values=((0.2, "3 of 15"), (0.1, "10.0%"), (0.0, "0 (0.0%)"), (0.0, "0 of 1")),
    ),
    Line(
        label="round " * 20,
        verdict="fail",
        values=((0.4, "6 of 15"), (0.0001, "0.0%"), (0.0, "0 (0.0%)"), (0.0, "0 of 1")),
    ),
    Line(label="noise", reason="the privacy budget does not allow it " * 5),
]


def test_bars_of_a_column_have_one_scale_and_every_figure_is_written():
    svg = drawn(LINES)
    name = "{http://www.w3.org/2000/svg}"
    widths = [float(one.attrib["width"]) for one in svg.iter(f"{name}rect")]
    # 0.2 and 0.1 are half and all of their columns' greatest; what is next to nothing is seen.
    assert widths == [30.0, 60.0, 60.0, 1.5]
    texts = [one.text or "" for one in svg.iter(f"{name}text")]
    for figure in ("3 of 15", "10.0%", "✓ pass", "✕ fail"):
        assert figure in texts
    assert any(text.startswith("round") and text.endswith("…") for text in texts)
    assert any(text.startswith("cannot: the privacy budget") for text in texts)


def test_a_screen_reader_is_told_every_figure():
    svg = drawn(LINES)
    name = "{http://www.w3.org/2000/svg}"
    assert svg.attrib["role"] == "img"
    assert svg.findtext(f"{name}title") == f"Ways of protecting count by {LABELS}"
    said = svg.findtext(f"{name}desc") or ""
    assert "suppress: cells not shown 3 of 15, value withheld 10.0%" in said
    assert "noise: cannot, the privacy budget" in said


def test_a_picture_of_nothing_is_one_all_the_same():
    assert drawn([]).attrib["role"] == "img"


def test_a_comparison_draws_itself_in_notebooks_and_in_the_terminal():
    found = compare(four(), [("suppress", {}), ("noise", {"epsilon": 1})])
    assert found._repr_html_().startswith('<div class="oc-compare">')
    console = Console(width=140, record=True)
    with console.capture() as captured:
        console.print(found)
    shown = captured.get()
    assert "4 of 15" in shown
    assert "noise needs accountant=…" in shown


def test_a_table_without_small_cells_says_none():
    table = data("F M\na 30 31\nb 20 25").table("group", "sex")
    found = Comparison(title="t", ways=(Compared(method="x", options={}, utility=utility(table)),))
    assert "small cells that show none" in found._repr_html_()
