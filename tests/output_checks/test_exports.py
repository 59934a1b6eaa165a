"""Files of a table: workbooks, pages and notes that may leave, and the checker's page."""

import io
import re
import zipfile
from datetime import date
from html.parser import HTMLParser

import polars as pl
import pytest

from output_checks import Data, Verdict, check_file
from output_checks.errors import OutputCheckError, UnusableTableError
from output_checks.readers.intervals import intervals
from output_checks.readers.tables import read_workbook
from output_checks.show import excel
from output_checks.show.report import file_report_page
from tests.output_checks.drawing import data as drawn

SMALL = "F M X\na 30 3 41\nb 25 33 27\nc 60 35 18"
HOSTILE = {
    "=1+2": "a formula",
    "+44": "plus",
    "-x": "minus",
    "@me": "at",
    "<script>alert(1)</script>": "a script",
    "\"' onmouseover='x": "quotes",
    "a\nb": "two lines",
    "\u202eright to left": "turned",
    "ש\u05dc\u05d5\u05dd": "Hebrew",
    "long" * 500: "very long",
    "https://example.org": "an address",
}


def hostile():
    frame = pl.DataFrame({"id": range(440), '=g"<b>': list(HOSTILE) * 40})
    return Data.read(frame, unit="id", name="<i>data</i>").table('=g"<b>')


def sheets(path):
    contents = read_workbook(path.read_bytes(), path.name)
    return {one.name.split('"')[1]: one.rows for one in contents.sheets}


def protected():
    return drawn(SMALL).table("group", "sex").protect("suppress")


def test_a_workbook_has_the_table_its_rows_and_its_notes(tmp_path):
    protected().to_excel(tmp_path / "t.xlsx")
    book = sheets(tmp_path / "t.xlsx")
    assert list(book) == ["Table", "Tidy", "Notes"]
    assert book["Table"][0][0] == "Number of people by group and sex"
    assert book["Table"][2] == ["", "sex", "", "", ""]
    assert book["Table"][3] == ["group", "F", "M", "X", "Total"]
    assert book["Table"][4][0] == "a"
    assert book["Table"][4][2] == "[c]"  # the 3
    assert book["Table"][4][4] == "74"
    assert book["Table"][7] == ["Total", "115", "71", "86", "272"]
    assert sum(row.count("[c]") for row in book["Table"]) == 4
    assert book["Tidy"][0] == ["group", "sex", "value"]
    assert ["a", "M", "[c]"] in book["Tidy"]
    assert ["Total", "Total", "272"] in book["Tidy"]
    said = {row[0]: row[1] for row in book["Notes"]}
    assert said["Protection"] == "suppress"
    assert said["[c]"] == "withheld to protect people"


def test_the_same_table_gives_the_same_bytes_and_a_date_only_where_given(tmp_path):
    for name in ("one", "two"):
        protected().to_excel(tmp_path / f"{name}.xlsx")
    protected().to_excel(tmp_path / "dated.xlsx", on=date(2026, 3, 4))
    one, two, dated = ((tmp_path / f"{name}.xlsx").read_bytes() for name in ("one", "two", "dated"))
    assert one == two
    assert dated != one
    assert ["Date", "2026-03-04"] in sheets(tmp_path / "dated.xlsx")["Notes"]


def test_our_own_reader_finds_nothing_but_that_it_is_somebody_s_word(tmp_path):
    protected().to_excel(tmp_path / "t.xlsx")
    protected().write(tmp_path / "t.html")
    for name in ("t.xlsx", "t.html"):
        report = check_file(tmp_path / name)
        assert [one.rule for one in report.findings] == ["provenance"]
    assert intervals(tmp_path / "t.xlsx", threshold=10)["safe"].to_list() == [True] * 4
    assert intervals(tmp_path / "t.html", threshold=10)["safe"].to_list() == [True] * 4


def test_labels_are_texts_whatever_they_begin_with(tmp_path):
    hostile().to_excel(tmp_path / "t.xlsx")
    book = sheets(tmp_path / "t.xlsx")
    assert {row[0] for row in book["Tidy"][1:]} == {*HOSTILE, "Total"}
    with zipfile.ZipFile(tmp_path / "t.xlsx") as archive:
        for part in archive.namelist():
            assert b"<f>" not in archive.read(part), part
            assert b"<hyperlink " not in archive.read(part), part


def test_a_workbook_holds_no_evidence(tmp_path):
    frame = pl.DataFrame({"id": range(60), "g": ["a", "b"] * 30, "x": [1.25, 977.5] * 30})
    table = Data.read(frame, unit="id").table("g", statistic="mean", of="x")
    table.to_excel(tmp_path / "t.xlsx")
    table.write(tmp_path / "t.html", notes=tmp_path / "t.txt")
    with zipfile.ZipFile(tmp_path / "t.xlsx") as archive:
        said = b"".join(archive.read(part) for part in archive.namelist()).decode()
    said += (tmp_path / "t.html").read_text() + (tmp_path / "t.txt").read_text()
    assert "977.5" in said  # the mean of b, which leaves
    assert "30 people" not in said
    assert "largest" not in said
    assert "29325" not in said  # the sum of b


def test_groups_statistics_and_symbols_are_in_the_workbook(tmp_path):
    frame = pl.DataFrame(
        {
            "id": range(120),
            "area": ["a", "b", "c", None] * 30,
            "sex": ["F", "F", "M", "M"] * 30,
            "x": [float(i) for i in range(120)],
        }
    )
    table = Data.read(frame, unit="id").table(
        ["sex", "area"],
        statistic=["count", "mean"],
        of="x",
        hierarchies={"area": {"a": "North", "b": "North"}},
        structural_zeros=[{"sex": "M", "area": "a"}],
    )
    table.to_excel(tmp_path / "t.xlsx")
    rows = sheets(tmp_path / "t.xlsx")["Table"]
    assert rows[2] == ["sex", "area", "count", "mean"]
    assert [row[1] for row in rows[3:9]] == ["North", "a", "b", "c", "Missing", "Total"]
    assert rows[3][0] == "F"
    assert rows[4][2:] == ["30", "58"]  # 0, 4, …, 116
    assert rows[10] == ["", "a", "[z]", "[z]"]  # M, a
    assert rows[5][2:] == ["30", "59"]
    assert sheets(tmp_path / "t.xlsx")["Tidy"][0] == ["sex", "area", "count", "mean"]


def test_what_does_not_fit_is_refused_before_anything_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr(excel, "MOST_ROWS", 5)
    with pytest.raises(UnusableTableError, match=r"write it as \.csv"):
        protected().to_excel(tmp_path / "t.xlsx")
    monkeypatch.setattr(excel, "MOST_ROWS", 500)
    monkeypatch.setattr(excel, "MOST_CHARACTERS", 60)
    with pytest.raises(UnusableTableError, match="60 characters"):
        hostile().to_excel(tmp_path / "t.xlsx")
    protected().to_excel(tmp_path / "t.xlsx")
    assert any("(cut here" in row[1] for row in sheets(tmp_path / "t.xlsx")["Notes"])
    with pytest.raises(OutputCheckError, match="cannot be written"):
        protected().to_excel(tmp_path / "nowhere" / "t.xlsx")
    with pytest.raises(OutputCheckError, match="unknown kind of file"):
        protected().write(tmp_path / "t.docx")
    assert [file.name for file in tmp_path.iterdir()] == ["t.xlsx"]


def test_csv_and_notes_are_written_beside_each_other(tmp_path):
    table = protected()
    table.write(tmp_path / "t.csv", notes=tmp_path / "t.txt", on=date(2026, 3, 4))
    assert (tmp_path / "t.csv").read_text() == table.to_csv()
    said = (tmp_path / "t.txt").read_text()
    assert said.startswith("Title: Number of people by group and sex\n\nDate: 2026-03-04\n")
    assert "What that means: Cells that could tell something" in said


class Page(HTMLParser):
    """What is in a page, and where it would go."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.addresses, self.words, self.open = [], [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.open += [tag] if tag not in {"meta", "br"} else []
        self.addresses += [value for name, value in attrs if name in {"src", "href", "action"}]
        self.addresses += [name for name, _ in attrs if name.startswith("on")]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


@pytest.mark.parametrize("protect", [False, True])
def test_the_checker_s_page_is_one_file_without_script_or_address(protect, tmp_path):
    table = hostile()
    page = (table.protect("round") if protect else table).to_report(tmp_path / "r.html")
    assert (tmp_path / "r.html").read_text(encoding="utf-8") == page
    read = Page(page)
    assert read.open == []
    assert {"script", "link", "img", "iframe", "b", "i"} & set(read.tags) == set()
    assert read.addresses == []
    assert "url(" not in page
    assert "@import" not in page
    assert "default-src 'none'" in page
    assert page.startswith('<!doctype html>\n<html lang="en">')
    words = " ".join(read.words)
    for label in HOSTILE:
        assert label in words


def test_the_checker_s_page_says_what_a_checker_asks():
    page = drawn(SMALL).table("group", "sex", where="id <> ''").to_report(on=date(2026, 3, 4))
    words = " ".join(" ".join(Page(page).words).split())
    assert "Fail: 1 finding in 1 cell" in words
    assert "Population where id <> ''" in words
    assert "Date 2026-03-04" in words
    assert "What would help: Withhold it" in words
    assert "The rule: " in words
    assert "Source: ONS SRS" in words
    assert "people that a cell must describe, at least (threshold) 10 ONS SRS" in words
    assert '"rows": [ "group" ]' in words
    assert re.findall(r"<h2>(.*?)</h2>", page) == [
        "The table",
        "Findings",
        "Protection",
        "What is behind each cell",
        "The policy",
        "How to make it again",
    ]


def test_the_checker_s_page_has_the_proof_of_what_is_withheld():
    page = protected().to_report()
    words = " ".join(" ".join(Page(page).words).split())
    assert "1 because of a rule, 3 to protect them" in words
    assert "proven: no choice of cells costs less" in words
    assert "What a reader can still work out of withheld cells" in words
    assert "a M 0 33" in words or "a M 0 " in words
    assert "No rule of the policy finds anything." in words


def test_findings_of_many_cells_are_folded_up_and_counted():
    rows = "\n".join(f"r{i} 3 40 40" for i in range(20))
    page = drawn("F M X\n" + rows).table("group", "sex").to_report()
    assert "<summary>Where: 20 cells</summary>" in page
    assert page.count("<h3>") == 1


def test_a_verdict_of_files_has_a_page_too(tmp_path):
    (tmp_path / "t.csv").write_text("sex,value\n<b>F,3\nM,20\n", encoding="utf-8")
    report = check_file(tmp_path / "t.csv")
    page = file_report_page([("<i>t.csv", report)], on=date(2026, 3, 4))
    read = Page(page)
    assert report.verdict is Verdict.FAIL
    assert "b" not in read.tags
    words = " ".join(read.words)
    assert "<i>t.csv" in words
    assert "<b>F" in words
    assert "1 count is below 10" in words
    assert io.StringIO(page).readline() == "<!doctype html>\n"


def test_the_checker_s_page_says_what_the_protection_cost():
    words = " ".join(Page(drawn(SMALL).table("group", "sex").protect("round").to_report()).words)
    assert "What it cost" in words
    assert "Mean absolute change" in words
    assert "Cells changed" in words
    assert "Small cells before" in words


def test_a_label_with_a_nul_is_no_csv():
    frame = pl.DataFrame({"id": range(60), "g": ["a\0", "b"] * 30})
    table = Data.read(frame, unit="id").table("g")
    with pytest.raises(UnusableTableError, match="NUL"):
        table.to_csv()
