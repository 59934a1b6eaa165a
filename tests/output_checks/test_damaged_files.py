"""Files that are damaged or locked: a finding, never a traceback."""

import io
import zipfile

from tests.output_checks.test_files import NS, SHARED, SHEET, rules, workbook


def test_a_damaged_or_locked_workbook_fails():
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", f"<workbook {NS}/>" + " " * 4000)
    content = bytearray(whole.getvalue())
    packed = content.index(b"xl/workbook.xml") + len("xl/workbook.xml")
    damaged = content[:packed] + b"\xff" * 8 + content[packed + 8 :]
    assert ("file_type", "fail") in rules(bytes(damaged), "t.xlsx")
    locked = bytearray(workbook(SHEET, **SHARED))
    for header, flag in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = locked.find(header)
        while at >= 0:
            locked[at + flag] |= 1
            at = locked.find(header, at + 1)
    assert ("file_type", "fail") in rules(bytes(locked), "t.xlsx")
