"""Tables made elsewhere, read from their text, so that they can be attacked."""

from typing import Any

import pandas as pd
import polars as pl
import pytest

from output_checks.errors import UnknownColumnError, UnreadableDataError
from output_checks.readers import check_file
from output_checks.readers.intervals import intervals
from output_checks.readers.marks import Bound, bound, number
from output_checks.readers.texts import read_html
from output_checks.readers.tidy import read_csv_rows, read_published

INF = float("inf")


def worked_out(text, tmp_path, **options):
    """The intervals of a drawn table: a tuple of its labels, lower and upper for each cell."""
    file = tmp_path / "drawn.csv"
    file.write_text(text, encoding="utf-8")
    found = intervals(file, **options)
    return [(*row[:-3], *row[-3:-1]) for row in found.drop("safe", strict=False).rows()]


@pytest.mark.parametrize(
    "text",
    [
        "a,value\nx,1\nx,2",  # twice there
        "a,b,value\nx,y,1\nx,z,2\nw,y,3",  # a combination is missing
        "a,a\nx,1",  # a name twice
        "a,b,b\nx,1,2\ny,3,4",  # a name twice, and the row under it is no heading
        "a,value\nx,much",
        "a\nx",
        "a,value",
    ],
)
def test_rows_that_are_no_table_are_not_taken_for_one(text):
    assert read_published(read_csv_rows(text)) is None


def test_totals_are_understood_in_any_case_and_place():
    table = read_published(read_csv_rows("sex,value\nALL,50\nF,*\nM,-"))
    assert table is not None
    assert table.dimensions == {"sex": ("F", "M", "Total")}
    assert table.adds_up
    lower, upper = table.intervals().lower, table.intervals().upper
    assert (lower[:2].tolist(), upper[:2].tolist()) == ([0, 0], [50, 50])


def test_a_mark_that_tells_a_bound_is_used(tmp_path):
    # F is 9 at most, so M is at least 50 - 9.
    found = worked_out("sex,value\nALL,50\nF,<10\nM,-", tmp_path)
    assert found == [("F", 0, 9), ("M", 41, 50)]


def test_without_totals_nothing_limits_a_withheld_cell():
    table = read_published(read_csv_rows("sex,value\nF,\nM,30"))
    assert table is not None
    lower, upper = table.intervals().lower, table.intervals().upper
    assert (lower[0], upper[0]) == (0, INF)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<5", Bound(greatest=5, is_open=True)),
        ("fewer than 5", Bound(greatest=5, is_open=True)),
        ("<= 5", Bound(greatest=5)),
        ("\u22645", Bound(greatest=5)),
        (">95", Bound(least=95, is_open=True)),
        ("at least 95", Bound(least=95)),
        ("95+", Bound(least=95)),
        ("1-4", Bound(least=1, greatest=4)),
        ("1 to 1,004", Bound(least=1, greatest=1004)),
        ("<x", None),
        ("4-1", None),
        ("-", None),
        ("12", None),
    ],
)
def test_marks_tell_how_large_a_value_can_be(text, said):
    assert bound(text) == said


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234", 1234),
        ("1\u202f234", 1234),
        ("-3.5", -3.5),
        ("12 [r]", 12),
        ("7 [note 3]", 7),
        ("[z]", 0),
        ("1,5", None),  # is it 1.5 or 15? Nobody can tell
        ("nan", None),
        ("1_000", None),
        ("5 %", None),
    ],
)
def test_numbers_are_read_strictly(text, value):
    assert number(text) == value


def test_a_bound_of_fractions_keeps_its_end(tmp_path):
    ((_, lower, upper),) = worked_out("g,value\na,<1.5\nb,2.5\nTotal,3.5", tmp_path)
    assert (round(lower, 6), round(upper, 6)) == (0.9, 1.1)  # 3.45 to 3.55 less 2.45 to 2.55
    assert worked_out("g,value\na,<1.5\nb,2.5", tmp_path) == [("a", 0, 1.5)]


def test_a_tidy_table_of_three_dimensions_adds_up_along_each(tmp_path):
    cells = {
        (a, b, c): 10 * (1 + (a == "Total")) * (1 + (b == "Total")) * (1 + (c == "Total"))
        for a in ("x", "y", "Total")
        for b in ("k", "l", "Total")
        for c in ("m", "n", "Total")
    }
    rows = [",".join(key) + f",{'c' if key == ('x', 'k', 'm') else n}" for key, n in cells.items()]
    found = worked_out("a,b,c,value\n" + "\n".join(rows), tmp_path)
    assert found == [("x", "k", "m", 10, 10)]


def test_the_count_column_may_have_another_name(tmp_path):
    assert worked_out("age,sex,n\n1,F,[c]\n1,M,4\n1,All,9", tmp_path) == [("1", "F", 5, 5)]


def test_several_labels_and_several_heads_are_read(tmp_path):
    # 9 - 4 = 5 in each year; blank labels and heads go on from those before them.
    text = (
        "Number of people\n"
        ",,F,,M,,Total,\n"
        "region,band,2019,2020,2019,2020,2019,2020\n"
        "North,young,[c],1,4,4,9,5\n"
        ",old,2,2,2,2,4,4\n"
        "South,young,3,3,3,3,6,6\n"
        ",old,1,1,1,1,2,2\n"
        "A note under it\n"
    )
    found = worked_out(text, tmp_path)
    assert found == [("North", "young", "F", "2019", 5, 5)]


def test_a_row_that_names_the_heads_gives_the_dimensions_their_names(tmp_path):
    text = "age,,\n,sex,\nage,F,M\nyoung,*,3\nTotal,5,3"
    (tmp_path / "t.csv").write_text(text, encoding="utf-8")
    found = intervals(tmp_path / "t.csv")
    assert found.columns == ["age", "sex", "lower", "upper", "exact"]
    assert found.rows() == [("young", "F", 5, 5, True)]


def test_groups_add_up_their_members(tmp_path):
    text = "area,value\na,[c]\nb,7\nc,8\nNorth,12\nTotal,20"
    groups = {"area": {"a": "North", "b": "North"}}
    assert worked_out(text, tmp_path, hierarchies=groups) == [("a", 5, 5)]
    with pytest.raises(UnknownColumnError, match='Did you mean "North"'):
        worked_out(text, tmp_path, hierarchies={"area": {"a": "Norht"}})
    with pytest.raises(UnknownColumnError, match="hierarchies: unknown dimension"):
        worked_out(text, tmp_path, hierarchies={"place": {"a": "North"}})
    with pytest.raises(UnreadableDataError, match="label: its group"):
        worked_out(text, tmp_path, hierarchies={"area": ["North"]})


def test_another_word_for_a_total_can_be_told(tmp_path):
    text = "g,value\na,*\nb,7\nInsgesamt,9"
    assert worked_out(text, tmp_path) == [("a", 0, None)]
    assert worked_out(text, tmp_path, totals=["insgesamt"]) == [("a", 2, 2)]


def test_rounded_values_are_worked_out_together(tmp_path):
    # To 5: a is 8..12, b is 13..17, both together 18..22; so a + b is 21 or 22.
    text = "g,value\na,10\nb,15\nTotal,20"
    found = worked_out(text, tmp_path, rounded=5)
    assert found == [("a", 8, 9), ("b", 13, 14), ("Total", 21, 22)]
    told = intervals(tmp_path / "drawn.csv", rounded=5, threshold=10)
    assert told["safe"].to_list() == [False, False, False]
    alone = pl.DataFrame({"g": ["a", "b"], "value": [10, 0]})
    assert intervals(alone, rounded=5, threshold=10)["safe"].to_list() == [True, True]
    with pytest.raises(UnreadableDataError, match="whole number above 0"):
        intervals(alone, rounded=0)
    several: tuple[Any, ...] = (0, "10", 9.5, True)
    for wrong in several:
        with pytest.raises(UnreadableDataError, match="threshold must be a whole number above 0"):
            intervals(alone, threshold=wrong)
    with pytest.raises(UnreadableDataError, match="for counts"):
        intervals(pl.DataFrame({"g": ["a"], "value": [1.5]}), rounded=5)


def test_of_several_statistics_the_one_that_adds_up_is_taken(tmp_path):
    text = "g,mean,count\na,1.5,[c]\nb,2.5,7\nTotal,2.0,9"
    assert worked_out(text, tmp_path) == [("a", 2, 2)]
    with pytest.raises(UnreadableDataError, match="mean and std do not add up"):
        worked_out("g,mean,std\na,1.5,1\nb,2.5,1", tmp_path)
    assert worked_out("g,mean,count\na,[c],3\nb,2,7", tmp_path, value="mean") == [("a", 0, None)]
    with pytest.raises(UnreadableDataError, match='unknown column "meen"'):
        worked_out(text, tmp_path, value="meen")


def test_totals_that_are_not_shown_are_unknown_and_not_reported():
    people = pd.DataFrame(
        {"a": ["x", "x", "y", "y"] * 5, "b": ["k", "l"] * 10, "c": ["m"] * 7 + ["n"] * 13}
    )
    crossed = pd.crosstab(people["a"], [people["b"], people["c"]], margins=True).astype(object)
    crossed.iloc[0, 0] = None
    found = intervals(crossed)
    assert found.columns == ["a", "b", "c", "lower", "upper", "exact"]
    assert found.height == 1


def test_frames_of_polars_and_pandas_say_the_same():
    cells = {"sex": ["F", "M", "Total"], "value": [None, 20, 23]}
    told = [("F", 3, 3, True, False)]
    assert intervals(pl.DataFrame(cells), threshold=10).rows() == told
    assert intervals(pd.DataFrame(cells), threshold=10).rows() == told
    series = pd.Series([None, 20, 23], index=pd.Index(["F", "M", "Total"], name="sex"))
    assert intervals(series, threshold=10).rows() == told


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("g,n\na,12%\nb,3%", "percentages do not add up"),
        ("g,value\na,1\nb,2\nTotal,9", "does not add up to its totals"),
        ("g,value\na,*\nb,20\nTotal,9", "cannot be true"),
        ("g,value\na,much", "'much' is neither a number nor a mark"),
        ("g,h,value\na,k,1\nb,l,2", "2 of its 4 combinations of labels are missing"),
        ("g,h\na,b,c\n", "different lengths"),
        ("g,lower,value\na,k,1", 'cannot be called "lower"'),
        ("g,h\nx,y\n", "it needs dimensions"),
    ],
)
def test_what_cannot_be_worked_out_is_refused_with_the_reason(text, reason, tmp_path):
    with pytest.raises(UnreadableDataError, match=reason):
        worked_out(text, tmp_path)


def test_only_tables_are_taken(tmp_path):
    with pytest.raises(UnreadableDataError, match="not int"):
        intervals(7)
    with pytest.raises(UnreadableDataError, match="unknown kind of table"):
        intervals(tmp_path / "t.pdf")
    (tmp_path / "t.csv").write_bytes(b"\xff\xfe")
    with pytest.raises(UnreadableDataError, match="not what its name says"):
        intervals(tmp_path / "t.csv")


def test_cells_that_cover_others_are_blank_and_bounded(tmp_path):
    page = (
        "<table><tr><td><th colspan=2>F<th colspan=2>M</tr>"
        "<tr><th>age<th>1<th>2<th>1<th>2</tr>"
        "<tr><th rowspan=2>a<th>3<th>4<th>5<th>[c]</tr><tr><td>1<td>1<td>1<td>1</tr></table>"
    )
    (tmp_path / "t.html").write_text(page)
    rows = read_html(page.encode(), "t.html").sheets[0].rows
    assert rows[0] == ["", "F", "", "M", ""]
    assert rows[3] == ["", "1", "1", "1", "1"]
    huge = "<table><tr>" + "<td colspan=1000 rowspan=99999999999>x" * 2000 + "</tr></table>"
    (wide,) = read_html(huge.encode(), "t.html").sheets[0].rows
    assert len(wide) < 200_000


CROSSED = [
    ["group", "F", "M", "Total"],
    ["a", "[c]", "40", "60"],
    ["b", "[c]", "40", "70"],
    ["Total", "50", "80", "130"],
]
BLANK = ["", "", "", ""]


def in_csv(rows, path):
    path.write_text("\n".join(",".join(f'"{cell}"' for cell in row) for row in rows))
    return path


@pytest.mark.parametrize(
    "below",
    [
        [["Source: ONS, 2020.", "", "", ""]],
        [["Crude figures", "", "", ""]],  # withheld cells are marked, so these are not withheld
        [["Some figures are [c] for confidentiality", "", "", ""], ["1. Rounded", "", "", ""]],
        [BLANK, ["Source", "ONS", "", ""], ["", "own calculations", "", ""]],
    ],
)
def test_notes_under_a_table_are_no_withheld_cells(below, tmp_path):
    # a: 60 - 40, b: 70 - 40
    table = in_csv([*CROSSED, *below], tmp_path / "t.csv")
    assert [row[:4] for row in intervals(table).rows()] == [("a", "F", 20, 20), ("b", "F", 30, 30)]
    found = [(one.rule, one.cells) for one in check_file(table).findings]
    assert [rule for rule, _ in found] == ["withheld_cells", "withheld_cells", "provenance"]


@pytest.mark.parametrize(
    "note",
    ["Source: ONS", "* provisional", "c = withheld", "2) rounded", "All figures are for one."],
)
def test_a_note_is_told_from_a_label_by_how_it_begins_or_ends(note, tmp_path):
    rows = [["sex", "value"], ["F", ""], ["M", "20"], ["Total", "23"], [note, ""]]
    assert intervals(in_csv(rows, tmp_path / "t.csv")).rows() == [("F", 3, 3, True)]


@pytest.mark.parametrize("label", ["F", "not known", "<16", "18-24", "A", "5.5", "[unknown]"])
def test_a_last_label_beside_blank_cells_is_withheld(label, tmp_path):
    rows = [["sex", "value"], ["M", "20"], ["Total", "23"], [label, ""]]
    assert intervals(in_csv(rows, tmp_path / "t.csv")).rows() == [(label, 3, 3, True)]


def test_another_table_under_it_is_not_taken_for_notes(tmp_path):
    with pytest.raises(UnreadableDataError, match="several tables"):
        intervals(in_csv([*CROSSED, BLANK, *CROSSED], tmp_path / "t.csv"))


def test_a_label_that_is_missing_is_a_label():
    frame = pl.DataFrame({"sex": ["F", None, "Total"], "value": [None, 20, 23]})
    assert intervals(frame).rows() == [("F", 3, 3, True)]
    frame = pl.DataFrame({"sex": ["F", None, "Total"], "value": [20, None, 23]})
    assert intervals(frame).rows() == [("Missing", 3, 3, True)]


def test_what_is_missing_in_pandas_is_withheld():
    frame = pd.DataFrame(
        {"sex": pd.Categorical(["F", "M", "Total"]), "n": pd.array([None, 20, 23], dtype="Int64")}
    )
    assert intervals(frame).rows() == [("F", 3, 3, True)]


def test_numbers_that_a_float_cannot_tell_apart_are_refused():
    # 10^18 + 5 less 10^18 is 5, but as floats it is 0
    frame = pl.DataFrame({"sex": ["F", "M", "Total"], "value": [None, 10**18, 10**18 + 5]})
    with pytest.raises(UnreadableDataError, match="too large"):
        intervals(frame)


def test_a_frame_that_cannot_be_read_is_refused():
    with pytest.raises(UnreadableDataError, match="the frame cannot be read"):
        intervals(pl.LazyFrame({"sex": ["F"], "value": [1]}).select("n"))


def test_values_with_decimals_are_known_to_half_of_the_last_one():
    published = pl.DataFrame({"g": ["a", "b", "c", "Total"], "value": [0.33, None, 0.33, 1.0]})
    ((label, lower, upper, _),) = intervals(published).rows()
    # a and c are 0.325 to 0.335, all are 0.995 to 1.005
    assert (label, round(lower, 6), round(upper, 6)) == ("b", 0.325, 0.355)
    ((_, lower, upper, _),) = intervals(published, decimals=3).rows()
    assert (round(lower, 6), round(upper, 6)) == (0.3385, 0.3415)


def test_rounded_decimals_need_not_add_up_to_the_last_one():
    published = pl.DataFrame(
        {"g": ["a", "b", "c", "d", "Total"], "value": ["0.33", "0.33", "0.33", "[c]", "0.98"]}
    )
    ((_, lower, upper, _),) = intervals(published).rows()
    assert (round(lower, 6), round(upper, 6)) == (0.0, 0.01)


def test_decimals_are_a_number_of_them():
    published = pl.DataFrame({"g": ["a", "Total"], "value": [None, 1.5]})
    with pytest.raises(UnreadableDataError, match="decimals must be"):
        intervals(published, decimals=-1)


def test_labels_that_are_numbers_are_told_from_values_by_naming_these():
    frame = pl.DataFrame(
        {"year": [2019, 2019, 2020, 2020], "sex": [1, 2, 1, 2], "n": [5, None, 30, 40]}
    )
    with pytest.raises(UnreadableDataError, match=r'labels are numbers, .* value="…"'):
        intervals(frame)
    assert intervals(frame, value="n").select("year", "sex").rows() == [("2019", "2")]
    with pytest.raises(UnreadableDataError) as caught:
        intervals(pl.concat([frame, frame]), value="n")
    assert "value=" not in str(caught.value)
