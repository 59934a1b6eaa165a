"""What the people of the tests hand in: figures, notebooks, texts, and what cannot be read."""

import struct
import zlib

import nbformat

from tre.safe_outputs.release_request import FileKind
from tre.safe_settings.ingress.scan import Offered
from tre.steps.ask_for_release import PackageFile

SVG = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 420 200" font-family="sans-serif">
<rect width="420" height="200" fill="#fff"/>
<g fill="#0f766e"><rect x="60" y="120" width="50" height="50"/><rect x="150" y="70" width="50"
height="100"/><rect x="240" y="100" width="50" height="70"/></g>
<text x="60" y="190" font-size="13">2010</text><text x="150" y="190" font-size="13">2014</text>
<text x="240" y="190" font-size="13">2018</text></svg>"""

CSV = b"group,share\nPsychosis,0.12\nMood,0.31\nNone,0.57\n"

HOSTILE = "x = '<script>alert(1)</script>'\nimport requests\ny = 'a\u202eb'\ns\u0441ope = 1\n"
SCRIPT = b'''"""Attainment by diagnosis group: the models of section 4 of the protocol."""

import polars as pl

F20_TO_F29 = ["F20", "F21", "F22", "F23", "F24", "F25", "F28", "F29"]


def attainment(linked: pl.DataFrame) -> pl.DataFrame:
    return linked.group_by("diagnosis_group").agg(pl.col("ks4_attainment8").mean())
'''


def chunk(kind: bytes, content: bytes) -> bytes:
    """One part of a PNG file: its length, its kind, its content, its check sum."""
    check = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + check


def png(width: int = 96, height: int = 60) -> bytes:
    """A small picture of one colour: its rows lie compressed behind each other."""
    rows = (b"\0" + b"\x0f\x76\x6e" * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)


def notebook() -> bytes:
    """Words, code that prints, and a table as HTML."""
    cells = [
        nbformat.v4.new_markdown_cell("# Attainment\n\nBy *diagnosis*, with [notes](#notes)."),
        nbformat.v4.new_code_cell(
            "print('200 people')  # of the extract\ntable",
            outputs=[
                nbformat.v4.new_output("stream", name="stdout", text="200 people\n"),
                nbformat.v4.new_output(
                    "execute_result",
                    {
                        "text/html": "<table><tr><th>group</th><th>mean</th></tr>"
                        "<tr><td>Mood</td><td>44.2</td></tr></table>",
                        "text/plain": "a table",
                    },
                    execution_count=1,
                ),
            ],
            execution_count=1,
        ),
    ]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    return nbformat.writes(nbformat.v4.new_notebook(cells=cells)).encode()


EVERY_LOOK = (
    PackageFile("figure.png", png(), FileKind.OUTPUT),
    PackageFile("figure.svg", SVG, FileKind.OUTPUT),
    PackageFile("shares.csv", CSV, FileKind.SUPPORTING),
    PackageFile("readme.md", b"# What is what\n\nThe shares are of 200 people.\n", FileKind.OUTPUT),
    PackageFile("study.ipynb", notebook(), FileKind.CODE),
    PackageFile("bytes.txt", b"\x00\xff\xfe\x01", FileKind.SUPPORTING),
    PackageFile("lie.png", b"name,age\n", FileKind.SUPPORTING),
)
"""A file of each kind that the desk shows in its own way."""

GOOD_CODE = Offered(name="model.py", content=SCRIPT)
ODD_CODE = Offered(name="odd.py", content=HOSTILE.encode())
BAD_CODE = Offered(name="data.py", content=b"# see 943 476 5919\n")
SAVED_NOTEBOOK = Offered(name="study.ipynb", content=notebook())
