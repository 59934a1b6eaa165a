"""Files that were not made here: what is found in each kind."""

import io
import json
import struct
import zipfile
import zlib

import pytest
from stdnum.gb import nhs, upn

from output_checks import PolicyError, Provenance, UnreadableDataError, check_file
from output_checks import readers as reading
from output_checks.readers import tables
from output_checks.readers.identifiers import identifiers_in, is_nhs_number, is_upn


def rules(content, name, **options):
    report = check_file(content, name, **options)
    return [(one.rule, str(one.severity)) for one in report.findings if one.rule != "provenance"]


def test_a_file_is_only_ever_asserted_and_goes_to_a_person():
    report = check_file(b"sex,value\nF,30\nM,20\nTotal,50\n", "table.csv")
    assert (report.verdict, report.provenance) == ("review", Provenance.ASSERTED)
    assert [one.rule for one in report.findings] == ["provenance"]
    assert report.table[0] == {"sex": "F", "value": "30"}


def test_small_counts_fail_and_zeros_are_reviewed():
    report = check_file(b"sex,value\nF,3\nM,20\nX,0\nTotal,23\n", "t.csv")
    found = {one.rule: one for one in report.findings}
    assert found["threshold"].cells == ({"sex": "F"},)
    assert found["zeros"].cells == ({"sex": "X"},)
    assert report.verdict == "fail"
    assert ("zeros", "review") not in rules(b"sex,value\nX,0\nM,20\n", "t.csv", policy="hes")


def test_a_mean_of_three_point_two_is_no_count():
    assert rules(b"sex,value\nF,3.2\nM,20.5\n", "t.csv") == []
    assert rules(b"sex,n,mean\nF,30,3\nM,20,5\n", "t.csv") == []


def test_a_crossed_table_is_judged_cell_by_cell():
    content = b"group,F,M,Total\na,12,4,16\nb,30,20,50\nTotal,42,24,66\n"
    report = check_file(content, "t.csv")
    (finding, _) = report.findings
    assert finding.cells == ({"group": "a", "column": "M", "row": "2"},)


def test_a_withheld_count_that_the_totals_give_away_is_found():
    content = b"sex,value\nF,[c]\nM,20\nTotal,23\n"
    assert rules(content, "t.csv") == [("withheld_cells", "fail")]
    safe = b"sex,value\nF,[c]\nM,[c]\nX,30\nTotal,53\n"
    assert rules(safe, "t.csv") == []


def test_a_table_that_does_not_add_up_is_not_called_audited():
    content = b"sex,value\nF,[c]\nM,20\nX,30\nTotal,10\n"
    assert rules(content, "t.csv") == [("withheld_cells", "review")]
    crossed = b"g,a,b,Total\nx,10,20,40\ny,30,[c],90\nTotal,40,80,120\n"
    assert rules(crossed, "t.csv") == [("withheld_cells", "review")]


def test_a_missing_count_is_a_finding():
    assert ("missing_count", "review") in rules(b"sex,value\nF,\nM,20\n", "t.csv")


def test_records_of_people_fail():
    content = "person_id,age\n" + "\n".join(f"{i},{30 + i % 40}" for i in range(40))
    assert ("record_level", "fail") in rules(content.encode(), "t.csv")
    opaque = "key,x\n" + "\n".join(f"{i:08x}f1,0.{i}" for i in range(40))
    assert ("record_level", "fail") in rules(opaque.encode(), "t.csv")
    labels = "sex,age,score\n" + "\n".join(f"F,{30 + i % 5},{i}.5" for i in range(40))
    assert ("record_level", "fail") in rules(labels.encode(), "t.csv")
    people = {f"p{i}" for i in range(30)}
    many = "g,value\n" + "\n".join(f"group {i},{20 + i}" for i in range(30))
    assert ("record_level", "fail") in rules(many.encode(), "t.csv", unit_values=people)
    assert rules(many.encode(), "t.csv") == []
    long = "g,value\n" + "\n".join(f"group {i},{20 + i}" for i in range(10_001))
    assert ("record_level", "fail") in rules(long.encode(), "t.csv")


def test_the_projects_pseudonyms_fail_wherever_they_are():
    people = {"ab12cd", "ef34gh"}
    assert ("identifiers", "fail") in rules(b"g,value\nab12cd,30\n", "t.csv", unit_values=people)
    assert ("identifiers", "fail") in rules(b"see ef34gh", "t.txt", unit_values=people)
    assert rules(b"see nobody", "t.txt", unit_values=people) == []


@pytest.mark.parametrize(
    "text",
    [
        "943 476 5919",
        "9434765919",
        "H801200001001",
        "SE5 8AF",
        "M1 1AE",
        "dob: 1999-01-31",
        "born 31/01/1999",
        "somebody@example.org",
    ],
)
def test_texts_that_look_like_identifiers_are_found(text):
    assert list(identifiers_in(f"a {text} b")), text
    assert rules(f"x {text} y".encode(), "t.md")[0] == ("identifiers", "fail")


@pytest.mark.parametrize(
    "text",
    ["9434765918", "0.9434765919", "1234567890123", "F20-F29", "A801200001002", "2019", "10 000"],
)
def test_other_numbers_are_no_identifiers(text):
    assert list(identifiers_in(f"a {text} b")) == [], text


def test_check_digits_agree_with_stdnum():
    for number in range(4_000_000_000, 4_000_003_000, 7):
        assert is_nhs_number(str(number)) == nhs.is_valid(str(number))
    for number in range(801200001001, 801200001200):
        for letter in "AT":
            assert is_upn(f"{letter}{number}") == upn.is_valid(f"{letter}{number}")
    assert not is_upn("A80120000100S")


def test_dates_of_birth_are_found_by_their_column():
    content = b"date_of_birth,value\n1999-01-31,30\n"
    assert ("identifiers", "fail") in rules(content, "t.csv")
    assert rules(b"date,value\n1999-01-31,30\n", "t.csv") == []


def test_a_message_never_repeats_what_it_found():
    report = check_file(b"x 943 476 5919 y", "t.txt")
    assert "5919" not in json.dumps([one.to_dict() for one in report.findings])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("t.csv", b"\xff\xfe\x00"),
        ("t.csv", b'a,b\n"' + b"x" * 200_000),
        ("t.xlsx", b"PK\x03\x04 not a zip"),
        ("t.xlsx", b"sex,value"),
        ("t.ipynb", b"{}"),
        ("t.ipynb", b"not json"),
        ("t.ipynb", b'{"cells": 3, "nbformat": 4}'),
        ("t.ipynb", b'{"cells": ["x"], "nbformat": 4}'),
        ("t.png", b"GIF89a"),
        ("t.png", b"\x89PNG\r\n\x1a\n cut"),
        ("t.jpg", b"\x89PNG\r\n\x1a\n"),
        ("t.svg", b"<html></html>"),
        ("t.svg", b"no xml"),
        ("t.svg", b'<!DOCTYPE x [<!ENTITY a "b">]><svg>&a;</svg>'),
        ("t.txt", b"\x00\x01\x02"),
        ("t.html", b"\xff\xfe"),
        ("t.html", b"just words"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_fails(name, content):
    assert rules(content, name) == [("file_type", "fail")]


@pytest.mark.parametrize("name", ["m.pkl", "m.joblib", "d.parquet", "m.rds", "x.pdf", "x", "x.zip"])
def test_what_a_person_cannot_read_fails(name):
    assert rules(b"\x80\x04K\x01.", name) == [("unreadable", "fail")]


def test_empty_and_huge_files_fail(monkeypatch):
    assert rules(b"", "t.csv") == [("empty", "fail")]
    assert rules(b"\n\n", "t.csv") == [("empty", "fail")]
    monkeypatch.setattr(reading, "MOST_BYTES", 10)
    assert rules(b"x" * 11, "t.txt") == [("unreadable", "fail")]


def test_files_are_read_from_paths_too(tmp_path):
    (tmp_path / "t.csv").write_text("sex;value\nF;30\n")
    assert check_file(tmp_path / "t.csv").table == ({"sex": "F", "value": "30"},)
    with pytest.raises(UnreadableDataError, match="cannot be read"):
        check_file(tmp_path / "none.csv")
    with pytest.raises(UnreadableDataError, match="need a name"):
        check_file(b"x")
    with pytest.raises(PolicyError):
        check_file(b"x", "t.txt", policy="none")


def test_ragged_rows_and_formulas_are_reviewed():
    assert rules(b"sex,value\nF,30,3.5\n", "t.csv") == [("ragged", "review")]
    assert ("active_content", "review") in rules(b"sex,value\n=cmd(),30\n", "t.csv")


def test_a_column_only_of_labels_is_a_text_table():
    assert rules(b"term\nage\nsex\nage2\n", "t.csv") == []


# Texts


def test_pages_are_searched_for_tables_and_for_what_runs():
    page = b"<h1>T</h1><table><tr><th>sex</th><th>n</th></tr><tr><td>F</td><td>3</td></tr></table>"
    assert rules(page, "t.html") == [("threshold", "fail")]
    for bad in (
        b"<script>1</script>",
        b"<p onclick='x()'>x</p>",
        b"<img src='http://x/y.png'>",
        b"<a href='javascript:x'>x</a>",
        b"<meta http-equiv='refresh'>",
        b"<iframe></iframe>",
    ):
        assert ("active_content", "fail") in rules(bad, "t.html")
        assert ("active_content", "fail") in rules(b"# T\n" + bad, "t.md")
    fine = b"<meta charset='utf-8'><a href='https://x.org' title='t'>x</a><table></table><td>"
    assert rules(fine, "t.html") == []
    assert rules(b"<img src='data:image/png;base64,AA'>", "t.html") == [("picture", "review")]
    assert rules(b"<p>x<!-- 943 476 5919 --></p>", "t.html") == [("identifiers", "fail")]


def notebook(*cells):
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}).encode()


def code(source, *outputs):
    return {"cell_type": "code", "source": source, "outputs": outputs}


def shown(**data):
    bundle = {name.replace("_", "/", 1): value for name, value in data.items()}
    return {"output_type": "display_data", "data": bundle}


def test_a_notebooks_outputs_are_looked_at_and_its_code_is_listed():
    book = notebook(
        {"cell_type": "markdown", "source": ["# Title ", "x"], "attachments": {"a.png": {}}},
        code("print(1)", {"output_type": "stream", "text": ["mail a@b.org"]}),
        code("plot()", shown(image_png="AAAA", text_plain="<Figure>")),
        code("table()", shown(text_html="<table><tr><th>n</th></tr><tr><td>3</td></tr></table>")),
        code("fail()", {"output_type": "error", "traceback": ["SE5 8AF"]}),
        code("js()", {"output_type": "display_data", "data": {"application/javascript": "x"}}),
        code("odd()", {"output_type": "display_data", "data": {"application/x-odd": {"a": 1}}}),
        code("json()", {"output_type": "display_data", "data": {"application/json": {"a": 1}}}),
        code("broken()", "not an output"),
    )
    report = check_file(book, "n.ipynb")
    assert report.code[0] == "print(1)"
    assert sorted({one.rule for one in report.findings}) == [
        "active_content",
        "identifiers",
        "picture",
        "provenance",
        "threshold",
        "unreadable",
    ]


def test_identifiers_in_code_are_found():
    assert rules(notebook(code("x = '943 476 5919'")), "n.ipynb") == [("identifiers", "fail")]


# Pictures


def chunk(kind, data):
    check = struct.pack(">I", zlib.crc32(kind + data))
    return struct.pack(">I", len(data)) + kind + data + check


def png(*more):
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(b"\0\0"))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + body + chunk(b"IEND", b"")


def test_a_picture_goes_to_a_person():
    assert rules(png(), "f.png") == [("picture", "review")]
    assert rules(b"\xff\xd8\xff\xe0\0\x10JFIF\xff\xda..\xff\xd9", "f.jpg") == [
        ("picture", "review")
    ]
    svg = b"<svg xmlns='http://www.w3.org/2000/svg'><text>Age</text><use href='#a'/></svg>"
    assert rules(svg, "f.svg") == [("picture", "review")]


def test_nothing_may_hide_in_a_picture():
    assert ("hidden_content", "fail") in rules(png() + b"more", "f.png")
    assert ("hidden_content", "fail") in rules(png(chunk(b"prIv", b"x")), "f.png")
    note = chunk(b"tEXt", b"Comment\0943 476 5919")
    assert ("identifiers", "fail") in rules(png(note), "f.png")
    packed = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"943 476 5919"))
    assert ("identifiers", "fail") in rules(png(packed), "f.png")
    damaged = png()[:-1] + b"x"
    assert rules(damaged, "f.png") == [("file_type", "fail")]
    jpeg = b"\xff\xd8\xff\xe1\0\x10Exif a@b.org \xff\xda..\xff\xd9more"
    assert rules(jpeg, "f.jpeg") == [
        ("picture", "review"),
        ("hidden_content", "fail"),
        ("identifiers", "fail"),
    ]


@pytest.mark.parametrize(
    "part",
    [
        "<script>x</script>",
        "<foreignObject/>",
        "<g onload='x()'/>",
        "<a href='http://x.org'/>",
        "<rect fill='javascript:x'/>",
    ],
)
def test_a_vector_picture_may_not_run_or_fetch(part):
    svg = f"<svg xmlns='http://www.w3.org/2000/svg'>{part}</svg>".encode()
    assert ("active_content", "fail") in rules(svg, "f.svg")


# Workbooks

NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def workbook(sheet, state="", **parts):
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook {NS}><sheets><sheet name="T" {state}/></sheets></workbook>',
        )
        archive.writestr("xl/worksheets/sheet1.xml", f"<worksheet {NS}>{sheet}</worksheet>")
        for name, content in parts.items():
            archive.writestr(name, content)
    return memory.getvalue()


SHEET = (
    '<sheetData><row><c r="A1" t="s"><v>0</v></c>'
    '<c r="B1" t="inlineStr"><is><t>n</t></is></c></row>'
    '<row><c t="s"><v>1</v></c><c r="B2"><v>3</v></c><c r="D2"/></row></sheetData>'
)
SHARED = {"xl/sharedStrings.xml": f"<sst {NS}><si><t>sex</t></si><si><t>F</t></si></sst>"}


def test_a_workbook_is_read_sheet_by_sheet():
    report = check_file(workbook(SHEET, **SHARED), "t.xlsx")
    assert [one.rule for one in report.findings] == ["threshold", "provenance"]
    assert report.table[0]["sex"] == "F"


def test_what_cannot_be_seen_in_a_workbook_is_found():
    assert ("hidden_content", "fail") in rules(
        workbook(SHEET, 'state="hidden"', **SHARED), "t.xlsx"
    )
    hidden = SHEET.replace("<row>", '<row hidden="1">', 1)
    assert ("hidden_content", "fail") in rules(workbook(hidden, **SHARED), "t.xlsx")
    macro = workbook(SHEET, **SHARED, **{"xl/vbaProject.bin": b"x"})
    assert ("hidden_content", "fail") in rules(macro, "t.xlsx")
    media = workbook(SHEET, **SHARED, **{"xl/media/image1.png": b"x"})
    assert ("picture", "review") in rules(media, "t.xlsx")
    notes = workbook(SHEET, **SHARED, **{"xl/comments1.xml": "<c>mail a@b.org</c>"})
    assert ("identifiers", "fail") in rules(notes, "t.xlsx")


def test_a_workbook_that_is_none_or_too_large_fails(monkeypatch):
    entity = workbook("<!DOCTYPE x>", **SHARED)
    assert rules(entity, "t.xlsx") == [("file_type", "fail")]
    monkeypatch.setattr(tables, "MOST_BYTES", 10)
    assert rules(workbook(SHEET, **SHARED), "t.xlsx") == [("file_type", "fail")]


def test_a_workbook_without_texts_or_cells_has_nothing_in_it():
    assert rules(workbook("<sheetData/>"), "t.xlsx") == []


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"PK\x03\x04" + b"\0" * 100, "t.csv"),
        (b"PK\x03\x04" + b"\0" * 100, "t.tsv"),
        (b"PK\x03\x04" + b"\0" * 100, "t.txt"),
        (b"PK\x03\x04" + b"\0" * 100, "t.xlsx"),
        (b"PK\x03\x04" + b"\0" * 100, "t.png"),
        (b"PK\x03\x04" + b"\0" * 100, "t.ipynb"),
        (b"g,value\na\x00b,30\n", "t.csv"),
        (b"g,value\na\x1b[2K,30\n", "t.csv"),
        (b"all is well\x08\x08\x08\x08no", "t.md"),
        ("g,value\na\x9bb,30\n".encode(), "t.csv"),
        (b"\x7f a", "t.txt"),
        (b"<p>\x00</p>", "t.html"),
    ],
)
def test_bytes_that_are_not_what_the_name_says_fail(content, name):
    assert ("file_type", "fail") in rules(content, name)


def test_a_workbook_without_a_sheet_is_none():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    assert ("file_type", "fail") in rules(made.getvalue(), "t.xlsx")


def test_tabs_form_feeds_and_every_script_are_text():
    assert rules("g\tvalue\r\nZoë Ж 李\t30\f\n".encode(), "t.tsv") == []
