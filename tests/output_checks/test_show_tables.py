"""Tables of several statistics, of groups, weights and what is missing, in a notebook."""

import re

import polars as pl
import pytest

from output_checks import Data
from output_checks.grid import Dimension, Group
from output_checks.show.drawing import Drawing
from output_checks.show.headings import Heads, headed
from output_checks.show.notes import notes
from output_checks.show.pivot import pivot
from output_checks.show.saying import caption
from tests.output_checks.drawing import data
from tests.output_checks.test_show import drawn

AREAS = {"a": "North", "b": "North", "c": "South"}
SEVERAL = ["count", "mean", "median"]


def incomes(**options):
    frame = pl.DataFrame(
        {
            "id": range(120),
            "area": ["a", "b", "c", None] * 30,
            "sex": ["F", "M"] * 60,
            "income": [float(i) for i in range(120)],
            "w": [0.5, 1.0, 1.5, 2.0] * 30,
            "works": [True, False, True, True, False, True] * 20,
        }
    )
    return Data.read(frame, unit="id", name="incomes").table("area", **options)


def cell(page, text):
    return re.findall(rf"<td[^>]*>(?:(?!</td>).)*{re.escape(text)}", page.partition("<details")[0])


def test_statistics_stand_under_each_category():
    page = incomes(columns="sex", statistic=SEVERAL, of="income")._repr_html_()
    head = page.partition("</thead>")[0]
    assert re.findall(r'colspan="3" scope="colgroup"[^>]*>(\w+)', head) == ["F", "M", "Total"]
    assert re.findall(r'scope="col">(count|mean|median)<', head) == SEVERAL * 3
    assert "Number of people and mean and median of income by area and sex" in page


def test_without_columns_the_statistics_are_the_columns():
    layout = pivot(incomes(statistic=SEVERAL, of="income").grids)
    assert [column[0].text for column in layout.columns] == SEVERAL
    assert layout.places[0] == [(0, 0), (1, 0), (2, 0)]
    assert [one.text for one in pivot(incomes().grids).columns[0]] == ["count"]


def test_a_finding_is_marked_in_the_statistic_that_it_is_about():
    # 5 people in each cell have a value: too few for a mean, and few on each side of a median.
    page = incomes(statistic=SEVERAL, of="income", where="id < 20")._repr_html_()
    assert "threshold</strong> (count, mean, median: area = a; area = b" in page
    assert len(cell(page, "fails: ")) == 3 * 4  # not of all 20: 10 are above the median


def test_groups_stand_above_their_members_and_missing_apart():
    dimension = Dimension(
        name="area",
        labels=("a", "b", "c", "d", None),
        on_rows=True,
        groups=(
            Group(label="North", members=(1, 3)),
            Group(label="South", members=(2,)),
            Group(label="All areas", members=(5, 6)),
        ),
    )
    shown = [(one.text, one.depth, one.heads.value) for _, one in headed(dimension, margins=True)]
    assert shown == [
        ("a", 0, "category"),
        ("All areas", 0, "group"),
        ("North", 1, "group"),
        ("b", 2, "category"),
        ("d", 2, "category"),
        ("South", 1, "group"),
        ("c", 2, "category"),
        ("Missing", 0, "missing"),
        ("Total", 0, "total"),
    ]


def test_groups_are_bold_indented_and_in_the_legend():
    table = incomes(hierarchies={"area": AREAS})
    page = table._repr_html_()
    assert '<th scope="row" class="oc-group">North</th>' in page
    assert '<th scope="row"><span aria-hidden="true">&#8195;</span>a</th>' in page
    assert "bold: a group of the categories under it" in page
    text = drawn(table)
    assert "│   a " in text
    assert "│ North " in text


def test_missing_has_a_rule_before_it_on_rows_and_columns():
    page = incomes()._repr_html_()
    assert '<tr class="oc-missing oc-above"><th scope="row" class="oc-missing">Missing</th>' in page
    across = Data.read(
        pl.DataFrame({"id": range(60), "g": ["a"] * 60, "s": ["F", "M", None] * 20}), unit="id"
    ).table("g", "s")
    page = across._repr_html_()
    assert '<th scope="col" class="oc-missing oc-left">Missing</th>' in page
    assert page.count('<td class="oc-left"') == 1  # the row a
    assert page.count('<td class="oc-total oc-left"') == 1  # the total


def test_structural_zeros_have_a_symbol_and_no_finding():
    drawing = "F M\na 30 40\nb 0 33"
    table = data(drawing).table("group", "sex", structural_zeros=[{"group": "b", "sex": "F"}])
    page = table._repr_html_()
    assert cell(page, "[z]")
    assert "declared: nobody can be here" in page
    assert "[z] nobody can be here" in page
    assert "[z]" in drawn(table)


def test_weighted_tables_show_how_many_people_they_rest_on():
    table = incomes(weight="w")
    page = table._repr_html_()
    # area a: ids 0, 4, 8 … of weight 0.5: 30 people, 15 weighted.
    assert cell(page, '15.00<span class="oc-n">n = 30</span>')
    assert "Weighted number of people (weight: w) by area" in page
    assert "weights add up to 15" in page
    assert "n = 30" in drawn(table)


def test_the_legend_names_only_what_occurs():
    plain = data("F M\na 30 40\nb 20 33").table("group", "sex")._repr_html_()
    (legend,) = re.findall(r'<p class="oc-legend">(.*?)</p>', plain)
    assert legend == "Hover over a cell for what is behind it, or open the list below."
    failing = data("F M\na 30 4\nb 20 33").table("group", "sex")._repr_html_()
    assert "✕ fails" in failing
    assert "? a person" not in failing
    assert "[c]" not in failing


def test_evidence_can_be_reached_without_a_pointer():
    page = data("F M\na 30 4\nb 20 33").table("group", "sex")._repr_html_()
    assert page.count('title="4 people\nThe cell describes 4 people') == 1
    assert page.count('tabindex="0">') == 1  # the cell with the finding
    details = page.partition("<details>")[2]
    assert "<summary>What is behind each cell (never released)</summary>" in details
    first_row = details.partition("<tbody>")[2].partition("</tr>")[0]
    assert "✕ 4" in first_row  # those with findings come first
    assert "The cell describes 4 people" in first_row


def test_every_head_says_what_it_heads():
    page = incomes(columns="sex", statistic=SEVERAL, of="income")._repr_html_()
    assert re.findall(r"<th\b(?![^>]*scope)(?![^>]*colspan)", page) == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, "Number of people by area"),
        ({"where": "id < 50"}, "Number of people by area, where id < 50"),
        ({"statistic": "p25", "of": "income"}, "25 % point of income by area"),
        ({"statistic": "std", "of": "income"}, "Standard deviation of income by area"),
        (
            {"statistic": ["mean", "min", "max"], "of": "income"},
            "Mean, minimum and maximum of income by area",
        ),
        (
            {"statistic": "mean", "of": "income", "weight": "w"},
            "Weighted mean of income (weight: w) by area",
        ),
        ({"statistic": "proportion", "of": "works"}, "Proportion of people with works by area"),
        (
            {"statistic": "proportion", "of": "works", "times": 100},
            "Percentage of people with works by area",
        ),
        ({"statistic": "proportion", "within": []}, "Proportion of all by area"),
        (
            {"statistic": "proportion", "within": ["sex"], "columns": "sex"},
            "Proportion of people within sex by area and sex",
        ),
        (
            {"statistic": "rate", "of": "works", "per": "w", "times": 1000},
            "Rate of works per 1,000 w by area",
        ),
        ({"statistic": "ratio", "of": "income", "per": "w"}, "Ratio of income to w by area"),
    ],
)
def test_the_caption_says_what_the_table_shows(options, said):
    table = incomes(**options)
    assert caption(table.grids, table.declaration) == said


def test_the_total_stays_when_a_table_is_cut():
    frame = pl.DataFrame({"id": range(2000), "g": range(2000)})
    table = Data.read(frame.with_columns(pl.col("g") // 5), unit="id").table("g")
    layout = pivot(table.grids)
    assert len(layout.rows) == 200
    assert layout.rows[-1][0].heads is Heads.TOTAL
    assert layout.cut == (201, 0)
    assert "Not shown here: 201 of 401 rows; files hold everything." in table._repr_html_()
    assert "Not shown here: 201 of 401 rows" in drawn(table)


def test_notes_say_everything_but_evidence():
    table = incomes(
        statistic="mean", of="income", where="id >= 0", derive={"band": "id // 10"}, policy="srs"
    ).protect("suppress")
    drawing = Drawing(grids=table.grids, report=table.report(), declaration=table.declaration)
    said = dict(notes(drawing))
    assert said["Dataset"] == "incomes"
    assert said["Population"] == "where id >= 0"
    assert said["Counted"] == 'people, told apart by "id"'
    assert said['Derived "band"'] == "id // 10"
    assert said["Variable"] == "income"
    assert said["Protection"] == "suppress"
    assert "withheld" in said["What that means"]
    assert said["Policy's hash"] == table.policy.hash
    assert "Date" not in said


@pytest.mark.parametrize(
    ("options", "name", "text"),
    [
        (
            {"merges": {"area": {"a": "a or b", "b": "a or b"}}},
            'Merged in "area"',
            "a \u2192 a or b; b \u2192 a or b",
        ),
        ({"hierarchies": {"area": AREAS}}, 'Groups of "area"', "North; South"),
        (
            {
                "hierarchies": {"area": ["half"]},
                "derive": {"half": "CASE WHEN area = 'a' THEN 'x' ELSE 'y' END"},
            },
            'Groups of "area"',
            "half",
        ),
        ({"statistic": "ratio", "of": "income", "per": "w"}, "Divided by", "w"),
        (
            {"statistic": "proportion", "within": [], "times": 100},
            "Proportion within",
            "the whole table",
        ),
        ({"statistic": "proportion", "within": [], "times": 100}, "Multiplied by", "100"),
        ({"weight": "w"}, "Weighted by", "w"),
        ({}, "Protection", "none"),
    ],
)
def test_notes_explain_every_part_of_the_question(options, name, text):
    table = incomes(**options)
    drawing = Drawing(grids=table.grids, report=table.report(), declaration=table.declaration)
    assert (name, text) in notes(drawing)
