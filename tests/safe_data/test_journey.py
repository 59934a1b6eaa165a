"""One person's identifiers travel: the picture and its page say what the record says."""

import xml.etree.ElementTree as ET
from dataclasses import replace
from html import escape

import pytest

from tre.safe_data.linkages import linkage
from tre.safe_data.linking.journey.drawing import folded
from tre.safe_data.linking.journey.page import journey_page
from tre.safe_data.linking.journey.person import masked, traveller
from tre.safe_data.linking.journey.picture import WIDE, journey_svg
from tre.safe_data.linking.journey.stops import HELD, journey, never_together
from tre.safe_data.linking.separation.record import read_runs

NPD = linkage("npd")
CDLS = "Clinical Data Linkage Service"
HOSPITALS = replace(
    NPD,
    id="hospitals",
    title="Mental-health records with <hospital> records",
    register="Hospital Records & more",
    holder="The Hospitals",
    matcher="NHS Digital",
    identifiers=("nhs_number", "first_name", "last_name", "date_of_birth", "postcode"),
    place=CDLS,
)
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def run(small_world):
    return read_runs(small_world.parties)[0]


def texts(svg: str) -> str:
    """Every line that the picture shows."""
    return "\n".join(node.text or "" for node in ET.fromstring(svg).iter(f"{SVG}text"))


def test_the_journey_has_five_stops_in_the_order_of_the_route(run):
    stops = journey(NPD, run).stops
    assert [stop.number for stop in stops] == [1, 2, 3, 4, 5]
    assert [(s.sender, s.receiver) for s in stops[:4]] == [
        (CDLS, "Department for Education"),
        ("Department for Education", "Department for Education"),
        ("Department for Education", "ONS Secure Research Service"),
        (CDLS, "ONS Secure Research Service"),
    ]


def test_the_files_are_those_of_the_record(run):
    letter, matching, records, _, _ = journey(NPD, run).stops
    assert letter.carries[0].columns == run.transfers[0].columns
    assert letter.carries[0].rows == run.transfers[0].rows
    assert [file.name for file in records.carries] == [table.name for table in NPD.holdings]
    assert matching.destroyed == run.destroyed


def test_without_a_run_the_description_says_which_columns_travel():
    letter, matching, records, _, _ = journey(NPD, None).stops
    assert letter.carries[0].columns == ("cris_pseudonym", *NPD.identifiers)
    assert letter.carries[0].rows is None
    assert matching.destroyed == ()
    assert records.carries == ()


@pytest.mark.parametrize("described", [NPD, HOSPITALS])
def test_the_picture_says_in_words_what_it_shows(described):
    drawn = ET.fromstring(journey_svg(described, None))
    assert drawn.get("role") == "img"
    assert drawn.get("viewBox", "").startswith(f"0 0 {WIDE} ")
    assert drawn.get("aria-labelledby") == "journey-title journey-desc"
    said = drawn.findtext(f"{SVG}desc") or ""
    assert all(stop.says in said for stop in journey(described, None).stops)
    assert (drawn.findtext(f"{SVG}title") or "").startswith("How the identifiers of Tosin, ")


def test_the_picture_shows_columns_rows_law_and_what_is_destroyed(run):
    shown = texts(journey_svg(NPD, run))
    for column in run.transfers[0].columns:
        assert column in shown
    assert f"{run.transfers[0].rows:,} rows, one a person." in shown
    assert "Digital Economy Act 2017, section 64" in shown
    assert run.destroyed[0][:12] in shown
    assert f"{run.transfers[1].rows:,} rows" in shown


def test_records_come_back_to_the_linkage_service_where_the_description_says_so():
    trip = journey(HOSPITALS, None)
    assert trip.back
    assert not journey(NPD, None).back
    assert "come back" in trip.stops[2].says
    assert "for The Hospitals" in texts(journey_svg(HOSPITALS, None))


def test_many_tables_are_counted_and_not_drawn_over_each_other(run):
    letter, *brought = run.transfers
    many = tuple(replace(brought[0], purpose=f"records: table_{number}") for number in range(7))
    shown = texts(journey_svg(NPD, replace(run, transfers=(letter, *many))))
    # four lines: three tables, and the other four of the seven
    assert "table_2" in shown
    assert "table_3" not in shown
    assert "and 4 more tables" in shown


def test_light_and_dark_are_both_drawn():
    svg = journey_svg(NPD, None)
    assert "prefers-color-scheme: dark" in svg
    assert "#14213d" in svg


def test_every_line_stays_within_the_picture(run):
    for node in ET.fromstring(journey_svg(NPD, run)).iter(f"{SVG}text"):
        wide = 0.6 * 12 * len(node.text or "")
        is_end = "end" in (node.get("class") or "").split()
        at = float(node.get("x", "0"))
        assert (at if is_end else at + wide) <= WIDE or node.get("class") == "title", node.text


def test_the_page_needs_nothing_from_elsewhere_and_escapes(run):
    page = journey_page(HOSPITALS, None)
    assert "http://www.w3.org/2000/svg" in page
    assert page.count("http") == 1
    assert "<script" not in page
    assert "<hospital>" not in page
    assert "Hospital Records &amp; more" in page


def test_the_page_tells_every_step_and_shows_values_masked(run):
    page = journey_page(NPD, run)
    for stop in journey(NPD, run).stops:
        assert f"{stop.number}. {escape(stop.title)}" in page
    assert run.destroyed[0] in page
    assert "T••••" in page


@pytest.mark.parametrize("described", [NPD, HOSPITALS])
def test_no_party_holds_identifiers_beside_the_other_side_s_records(described):
    table = {
        party: dict(zip(HELD, holds, strict=True))
        for party, holds in never_together(journey(described, None))
    }
    for party, holds in table.items():
        if party != described.supplier and holds["Name, birth, address"] != "never":
            assert holds["Health records"] == "never", party
    assert table[described.supplier]["The register's records"] == "never"


def test_the_traveller_is_a_child_where_children_are_linked():
    assert traveller("npd").introduced == "Tosin, 14"
    assert traveller("hospitals").introduced == "Tosin, 41"


def test_every_value_is_masked():
    assert masked("cris_pseudonym", "cris_pseudonym") == "C0•••••417"
    assert masked("first_name", "cris_pseudonym") == "T••••"
    assert masked("something_else", "cris_pseudonym") == "•••••"


def test_text_is_folded_and_cut_where_it_does_not_fit():
    # 60 / (10 * 0.545) = 11 characters a line
    assert folded("one two three four five", 60, 10) == ["one two", "three four", "five"]
    assert folded("one two three four five", 60, 10, most=2) == ["one two", "three four …"]


def test_the_journey_is_plain_values():
    assert journey(NPD, None).to_dict()["stops"][0]["number"] == 1
