"""Files that are made to keep a scan busy: it ends in seconds, whatever they are."""

import json
import time

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tre.safe_settings.ingress.names import is_fit
from tre.safe_settings.ingress.scan import Offered, scan

LONG = 2**18
CELL = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}


def notebook(cells: int, source: str) -> bytes:
    several = [{**CELL, "source": source}] * cells
    whole = {"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": several}
    return json.dumps(whole).encode()[: 2**22]


TEXTS = st.text(st.characters(codec=None), max_size=300)


@given(
    name=TEXTS | st.sampled_from(["a.py", "a.ipynb", "a.json", "a.toml", "a.yaml", "a.md"]),
    content=st.binary(max_size=400) | st.text(max_size=300).map(str.encode),
    strip=st.booleans(),
)
def test_nothing_that_somebody_sends_breaks_the_scan(name: str, content: bytes, strip: bool):
    (found,) = scan([Offered(name=name, content=content)], strip=strip)
    for finding in found.findings:
        assert finding.message.isprintable(), finding
    assert found.blocked or is_fit(name)


@given(source=TEXTS, outputs=st.lists(st.text(max_size=20), max_size=3), tags=st.lists(TEXTS))
def test_a_notebook_that_comes_in_is_one_and_stays_as_it_is(source, outputs, tags):
    cell = {**CELL, "source": source, "outputs": outputs, "metadata": {"tags": tags}}
    whole = {"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": [cell]}
    (found,) = scan([Offered(name="a.ipynb", content=json.dumps(whole).encode())])
    if found.blocked:
        return
    read = nbformat.reads(found.content.decode(), as_version=4)
    nbformat.validate(read)
    assert read.cells[0].source == source
    assert read.cells[0].outputs == []
    (again,) = scan([Offered(name="a.ipynb", content=found.content)])
    assert (again.content, again.removed) == (found.content, ())


HOSTILE = {
    "one word": ("a.py", b"a" * LONG),
    "spaces": ("a.py", b" " * (LONG - 1) + b"x"),
    "quotes": ("a.py", b'"' * LONG),
    "empty lines": ("a.py", b"\n" * (LONG - 1) + b"x"),
    "almost encoded": ("a.py", (b"A" * 119 + b"!") * (LONG // 120)),
    "installs": ("a.py", (b"pip install " * 800 + b"\n") * 27),
    "copies": ("a.sql", (b"copy " * 1900 + b"\n") * 27),
    "imports": ("a.py", (b"import " * 1400 + b"\n") * 26),
    "addresses": ("a.md", b"a@" + b"a." * (LONG // 2 - 2)),
    "long foreign words": ("a.py", ("é" + "a" * 9_900 + "\n").encode() * 26),
    "numbers": ("a.py", b"1," * (LONG // 2)),
    "rows": ("a.txt", b"a,b\n" * (LONG // 4)),
    "deep JSON": ("a.json", b"[" * LONG),
    "a long number": ("a.json", b"1" * LONG),
    "deep TOML": ("a.toml", b"a=" + b"[" * 60_000),
    "a long key": ("a.toml", b"a." * 30_000 + b"a=1"),
    "YAML that repeats itself": ("a.yaml", b"&a *a " * 10_000),
    "a deep notebook": ("a.ipynb", b'{"cells":' + b"[" * 2**21),
    "a wide notebook": ("a.ipynb", notebook(1_500, "x = 1\n")),
    "a notebook of long cells": ("a.ipynb", notebook(400, "pip install " * 800)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_scan_ends_in_seconds(name: str):
    file, content = HOSTILE[name]
    began = time.process_time()
    scan([Offered(name=file, content=content)])
    assert time.process_time() - began < 5
