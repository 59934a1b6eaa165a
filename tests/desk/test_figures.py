"""The managers' figures at the desk: who sees them, their pictures, tables, files and words."""

import csv
import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable

import pytest

from tests.demo import Demo
from tests.desk.browser import Browser
from tests.desk.histories import a_history

People = Callable[[str], Browser]
SVG = "{http://www.w3.org/2000/svg}"
YEAR = "since=2026-03&until=2026-04"


@pytest.fixture
def told(demo: Demo) -> Demo:
    """A little world in which something has happened."""
    a_history(demo)
    return demo


def pictures(page: str) -> dict[str, ET.Element]:
    """The page's pictures, by their titles."""
    found = [ET.fromstring(text) for text in re.findall(r'<svg class="chart".*?</svg>', page, re.S)]
    return {str(one.findtext(f"{SVG}title")): one for one in found}


def marks(drawn: ET.Element) -> list[str]:
    """What the marks of a picture say, without the picture's own title."""
    every = [str(one.text) for one in drawn.iter(f"{SVG}title")]
    return every[1:]


def test_managers_and_auditors_see_figures_and_nobody_else(browser: People):
    for person, status in (("mia", 200), ("omar", 200), ("cora", 403), ("ada", 403)):
        for path in ("/figures", "/figures/figures.csv", "/api/v1/figures", "/api/v1/figures.csv"):
            assert browser(person).get(path).status_code == status
    assert 'href="/figures"' in browser("mia").get("/").text
    assert 'href="/figures"' not in browser("cora").get("/").text


def test_before_anything_happened_the_page_says_how_figures_begin(browser: People):
    page = browser("mia").get("/figures").text
    assert "Figures begin with the first request that is submitted." in page
    assert '<svg class="chart"' not in page


def test_an_earlier_period_says_when_the_first_request_was(told: Demo, browser: People):
    page = browser("mia").get("/figures?since=2025-01&until=2025-03").text
    assert "Nothing happened from Jan 2025 to Mar 2025" in page
    assert "The first request was submitted in Mar 2026" in page


def test_every_picture_has_a_name_words_and_its_numbers(told: Demo, browser: People):
    page = browser("mia").get(f"/figures?{YEAR}").text
    drawn = pictures(page)
    assert len(drawn) == 9
    for title, one in drawn.items():
        assert one.attrib["role"] == "img"
        labels = one.attrib["aria-labelledby"].split()
        assert [element.attrib["id"] for element in one if "id" in element.attrib] == labels
        assert "The table beneath has the same numbers." in str(one.findtext(f"{SVG}desc"))
        assert f'aria-label="Numbers: {title}"' in page.replace("&#39;", "'")
        assert marks(one)
    # What the policy of the page forbids, and what would not follow light and dark.
    assert "<script" not in "".join(ET.tostring(one, "unicode") for one in drawn.values())
    assert " style=" not in page
    assert not re.search(r'<svg class="chart".*?(?:fill|stroke)="#', page, re.S)


def test_the_marks_say_what_the_table_says(told: Demo, browser: People):
    mia = browser("mia")
    drawn = pictures(mia.get(f"/figures?{YEAR}").text)
    assert marks(drawn["Reasons for return"]) == [
        "Mar 2026, too little context: 1 return",
        "Apr 2026, small or unredacted counts: 1 return",
    ]
    assert marks(drawn["Checkers' disagreement"]) == [
        "Mar 2026, the same answer: 1 output",
        "Apr 2026, different answers: 1 output",
    ]
    answer = mia.get(f"/api/v1/figures?{YEAR}").json()
    (reasons,) = [one for one in answer["figures"] if one["name"] == "reasons"]
    assert [row["values"]["too little context"] for row in reasons["rows"]] == [1, 0]


def test_small_numbers_are_said_to_be_small(told: Demo, browser: People):
    page = browser("mia").get(f"/figures?{YEAR}").text
    assert "n = 2 outputs" in page
    assert "Few: of 2 outputs, one more or less moves a share by 50 percentage points" in page


def test_pairs_of_checkers_are_the_managers_alone(told: Demo, browser: People):
    pair = "Cora Lindqvist and Deniz Kaya"
    assert pair in browser("mia").get(f"/figures?{YEAR}").text
    omar = browser("omar")
    for path in ("/figures", "/figures/figures.csv", "/api/v1/figures", "/api/v1/figures.csv"):
        answer = omar.get(f"{path}?{YEAR}").text
        assert "Lindqvist" not in answer
        assert "cora" not in answer


def test_the_file_holds_every_number_of_the_page(told: Demo, browser: People):
    answer = browser("mia").get(f"/figures/figures.csv?{YEAR}")
    assert answer.headers["content-disposition"] == (
        'attachment; filename="figures-2026-03-2026-04.csv"'
    )
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    found = {(row["figure"], row["row"], row["column"]): row["value"] for row in rows}
    assert found["disagreement", "Apr 2026", "different answers"] == "1.0"
    assert found["service-level", "Apr 2026", "share in time"] == "1.0"
    assert found["times-by-month", "Apr 2026", "approved"] == ""  # none ended: not 0


@pytest.mark.parametrize(
    "address", ["since=2026-13", "since=2026-04&until=2026-03", "project=none", "month=2026-03"]
)
def test_what_the_address_does_not_mean_is_refused(told: Demo, browser: People, address: str):
    mia = browser("mia")
    for path in ("/figures", "/figures/figures.csv", "/api/v1/figures"):
        assert mia.get(f"{path}?{address}").status_code == 422
    page = mia.get(f"/figures?{address}").text
    assert "Nobody looked." in page
    assert '<svg class="chart"' not in page
