"""Pictures of figures: where marks stand, measured against numbers worked out by hand."""

import xml.etree.ElementTree as ET
from typing import Any

import pytest

from tre.desk.pictures import AXIS, LEFT, PLOT_HEIGHT, RIGHT, SERIES, WIDTH, picture, ticks
from tre.safe_outputs.figure import Drawn, Figure, Row
from tre.safe_outputs.figures import EVENTS, TIMED
from tre.safe_outputs.return_reasons import ReturnReason

SVG = "{http://www.w3.org/2000/svg}"


def figure(drawn: Drawn, *rows: Row, of: str = "month", n: int = 1) -> Figure:
    names = ("first", "second")[: len(rows[0].values)]
    told: dict[str, Any] = {
        "name": "f",
        "title": "T",
        "says": "S",
        "unit": "events",
        "n_of": "events",
    }
    return Figure(**told, of=of, series=names, rows=rows, drawn=drawn, n=n)


def row(label: str, *values: float | None) -> Row:
    return Row(label=label, values=values)


def drawn(one: Figure) -> ET.Element:
    return ET.fromstring(str(picture(one)))


def boxes(one: Figure) -> dict[str, dict[str, float]]:
    """Each box with its place, by what it says."""
    return {
        str(box.findtext(f"{SVG}title")): {
            name: float(box.attrib[name]) for name in ("x", "y", "width", "height")
        }
        for box in drawn(one).iter(f"{SVG}rect")
        if box.find(f"{SVG}title") is not None
    }


@pytest.mark.parametrize(
    ("largest", "expected"),
    [
        (0, (0, 1)),  # an axis even where all is 0
        (1, (0, 1)),
        (3, (0, 1, 2, 3)),  # never between two whole numbers
        (7, (0, 2, 4, 6, 8)),
        (19, (0, 5, 10, 15, 20)),
        (40, (0, 10, 20, 30, 40)),
        (130, (0, 50, 100, 150)),
    ],
)
def test_an_axis_has_round_numbers_up_to_the_largest(largest: float, expected: tuple[float, ...]):
    assert ticks(largest) == expected


def test_what_rests_on_nothing_is_not_drawn():
    assert picture(figure(Drawn.STACKED, row("Mar 2026", 0, 0), n=0)) == ""


def test_stacked_columns_stand_on_each_other():
    found = boxes(figure(Drawn.STACKED, row("Mar 2026", 1, 3)))
    low, high = found["Mar 2026, first: 1 event"], found["Mar 2026, second: 3 events"]
    assert (low["height"], high["height"]) == (PLOT_HEIGHT / 4, PLOT_HEIGHT * 3 / 4)
    assert high["y"] + high["height"] == low["y"]
    assert low["x"] == high["x"]


def test_grouped_columns_stand_beside_each_other_on_the_ground():
    found = boxes(figure(Drawn.GROUPED, row("Mar 2026", 2, 4), row("Apr 2026", 0, 1)))
    first, second = found["Mar 2026, first: 2 events"], found["Mar 2026, second: 4 events"]
    assert first["x"] + first["width"] <= second["x"] + 0.2  # rounded to a tenth
    assert first["y"] + first["height"] == second["y"] + second["height"]
    assert first["height"] == PLOT_HEIGHT / 2
    assert "Apr 2026, first: 0 events" not in found  # nothing is drawn of 0


def test_a_line_is_broken_where_there_is_no_value():
    found = drawn(
        figure(Drawn.LINES, row("Jan", 1), row("Feb", None), row("Mar", 3), row("Apr", 2))
    )
    (path,) = [p.attrib["d"] for p in found.iter(f"{SVG}path") if p.get("class") == "line"]
    assert (path.count("M"), path.count("L")) == (2, 1)
    told = [str(one.text) for one in found.iter(f"{SVG}title")][1:]
    assert told == ["Jan, first: 1 event", "Mar, first: 3 events", "Apr, first: 2 events"]


def test_strips_are_as_long_as_their_share_of_the_axis():
    found = boxes(figure(Drawn.STACKED, row("threshold", 2, 2), row("zeros", 1, 0), of="rule"))
    lengths = {said: box["width"] for said, box in found.items()}
    assert lengths["threshold, first: 2 events"] == pytest.approx(
        2 * lengths["zeros, first: 1 event"], abs=0.11
    )
    assert found["threshold, second: 2 events"]["x"] == pytest.approx(
        found["threshold, first: 2 events"]["x"] + lengths["threshold, first: 2 events"], abs=0.11
    )


def test_a_range_has_its_median_as_a_bar_and_goes_on_to_the_90th_percentile():
    one = figure(Drawn.RANGES, row("submitted", 2, 8), row("failed", None, None), of="state")
    (bar,) = boxes(one).values()
    whisker = drawn(one).findall(f".//{SVG}path[@class='whisker']")[-1]
    start, end = whisker.attrib["d"].removeprefix("M").split("H")
    at, to = float(start.split(" ")[0]), float(end.split("M")[0])
    assert at == pytest.approx(bar["x"] + bar["width"], abs=0.11)
    assert to - bar["x"] == pytest.approx(4 * bar["width"], abs=0.5)  # 8 is 4 times 2
    assert whisker.findtext(f"{SVG}title") == "submitted, second: 8 events"


def test_no_mark_lies_outside_the_picture():
    rows = [row(f"{month} 2026", 9, 4) for month in ["Jan", "Feb", "Mar", "Apr", "May"]]
    for kind in (Drawn.STACKED, Drawn.GROUPED):
        found = drawn(figure(kind, *rows))
        height = float(found.attrib["viewBox"].split()[3])
        for box in boxes(figure(kind, *rows)).values():
            assert LEFT <= box["x"] <= box["x"] + box["width"] <= WIDTH - RIGHT
            assert 0 <= box["y"] <= box["y"] + box["height"] <= height - AXIS


def test_a_name_with_marks_of_its_own_is_text():
    found = picture(figure(Drawn.STACKED, row('<b>"A" & B</b>', 1, 1), of="pair"))
    assert "<b>" not in found
    ET.fromstring(str(found))


def test_every_figure_has_a_look_for_each_of_its_series():
    assert max(len(EVENTS), len(TIMED), len(ReturnReason) + 1) <= SERIES
