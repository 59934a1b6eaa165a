"""What of a workspace goes to a browser, by content and not by name."""

import pytest

from tests.hub.pictures import chunk, png
from tre.hub.server.readable import why_unreadable

TABLE = b"".join(b"%d,Female,62.5\n" % n for n in range(30))
PNG = png()


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        # What people write.
        ("analysis.py", b"import polars\n", ""),
        ("notes.md", "Anmerkungen: schön\n".encode(), ""),
        ("README", b"read me\n", ""),
        ("figure.png", PNG, ""),
        # A table stays a table whatever it is called; twenty rows are the limit.
        ("data.csv", b"a,b\n1,2\n", "not shown here"),
        ("data.parquet", b"PAR1", "not shown here"),
        ("data.txt", TABLE, "looks like a table"),
        ("data.py", TABLE.replace(b",", b"\t"), "looks like a table"),
        ("short.txt", b"".join(TABLE.splitlines(keepends=True)[:19]), ""),
        ("codes.py", b'    "F32",\n' * 50, ""),
        # Every spelling of a name that is not allowed.
        ("data.CSV", b"a,b\n1,2\n", "not shown here"),
        ("data.csv ", b"a,b\n1,2\n", "not shown here"),
        ("notes.txt.csv", b"a,b\n1,2\n", "not shown here"),
        ("figure.svg", b"<svg/>", "not shown here"),
        ("page.html", b"<p>", "not shown here"),
        ("data.csv.", TABLE, "looks like a table"),
        ("data", TABLE, "looks like a table"),
        # A name that promises something else.
        ("model.png", b"\x80\x04pickle", "not what .png says"),
        ("hidden.png", PNG + TABLE, "behind the picture"),
        ("archive.txt", b"PK\x03\x04\xff\xfe", "not text"),
        ("zeros.txt", bytes(10), "not text"),
        # More than a person reads.
        ("long.txt", b"word " * 50_000, "larger than"),
        ("large.png", png(parts=chunk(b"tEXt", bytes(2_000_000))), "larger than"),
    ],
)
def test_a_file_is_judged_by_its_content(name, content, why):
    found = why_unreadable(name, content)
    assert (found == "") == (why == "")
    assert why in found
