"""The risk report as a page, for readers of every kind, and what it may not do."""

import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import polars as pl
import pytest

from tre.safe_data.deidentify.attack import Attacker, attack
from tre.safe_data.deidentify.page import risk_page
from tre.safe_data.deidentify.risk import risk
from tre.safe_data.deidentify.wording import headline, sections

EVIL = "<script>alert(1)</script>"
FRAME = pl.DataFrame(
    {
        "id": [f"r{n}" for n in range(24)],
        EVIL: ["F"] * 12 + ["M"] * 12,
        "born": [1990] * 23 + [1991],
        "diagnosis": ["F20", "F32"] * 12,
    }
)
REPORT = risk(FRAME, "id", (EVIL, "born"), ("diagnosis",), FRAME)
ATTACK = attack(
    FRAME,
    "id",
    FRAME.rename({"id": "person"}),
    {f"r{n}": f"r{n}" for n in range(24)},
    Attacker(knows=(EVIL, "born"), wrong=0.0),
)


class Tags(HTMLParser):
    """Every tag that was opened, with its attributes, and whether each was closed."""

    def __init__(self, page: str):
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def all(self, tag):
        return [attributes for name, attributes in self.found if name == tag]


@pytest.fixture(scope="module")
def page():
    return risk_page(REPORT, ATTACK, title=f"Extract {EVIL} 1")


def test_every_text_is_escaped_and_nothing_runs_or_is_fetched(page):
    tags = Tags(page)
    assert tags.open == []
    assert not tags.all("script")
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") > 4
    assert not re.search(r"(?:src|href)=|url\(|@import", page)
    policy = next(meta for meta in tags.all("meta") if "http-equiv" in meta)
    assert "default-src 'none'" in (policy["content"] or "")


def test_tables_are_reached_by_the_keyboard_and_have_headings(page):
    tags = Tags(page)
    regions = [div for div in tags.all("div") if div.get("role") == "region"]
    assert len(regions) == len(tags.all("table")) == len(sections(REPORT, ATTACK)) == 5
    assert all(region["tabindex"] == "0" and region["aria-label"] for region in regions)
    assert {head["scope"] for head in tags.all("th")} == {"row", "col"}
    assert tags.all("html") == [{"lang": "en"}]


def test_the_chart_says_in_words_what_it_draws(page):
    drawn = ET.fromstring(re.search(r"<svg.*?</svg>", page, re.DOTALL)[0])  # ty: ignore
    title = drawn[0].text or ""
    assert drawn.get("role") == "img"
    assert "; 1: 1 people; 2: 0 people" in title
    # 11 men of 1990 and 12 women: 23 people in classes of 10 to 19, one man alone.
    assert "; 10 to 19: 23 people" in title
    assert len(drawn.findall("rect")) == len(REPORT.sizes)
    heights = {float(rect.get("height", "")) for rect in drawn.findall("rect")}
    assert max(heights) == 120


def test_it_looks_right_in_the_dark_and_on_paper(page):
    assert "prefers-color-scheme:dark" in page
    assert "@media print" in page


def test_the_answer_stands_first():
    assert headline(REPORT) == (
        "1 of 24 people (4.2 %) are in a class of fewer than 10 who look alike; the smallest has 1."
    )
    safe = risk(FRAME.head(23), "id", (EVIL, "born"), ())
    assert (
        headline(safe) == "No class has fewer than 10 people who look alike; the smallest has 11."
    )
    assert 'class="oc-verdict oc-pass"' in risk_page(safe)
    assert 'class="oc-verdict oc-fail"' in risk_page(REPORT)


def test_what_there_is_nothing_to_say_of_has_no_table():
    bare = risk(FRAME, "id", ("born",), ())
    assert [section.title for section in sections(bare)] == [
        "People who look alike",
        "Few values that single somebody out",
    ]


def test_without_the_population_there_are_estimates_and_no_truth():
    told = sections(risk(FRAME, "id", ("born",), (), 100))[-1]
    assert [row[0] for row in told.rows] == ["estimate: log-linear, main effects"]


def test_every_row_is_as_wide_as_its_headings():
    for section in sections(REPORT, ATTACK):
        assert {len(row) for row in section.rows} == {len(section.columns)}
