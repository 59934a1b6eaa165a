"""What a browser brings in and what it is refused: checked by the server, written to the record."""

import base64
import json
import os
import time
from dataclasses import asdict
from hashlib import sha256

import pytest

from tests.hub.browser import Browser
from tests.hub.fake_gate import CODE, OTHER, PASSWORD
from tests.hub.pictures import png
from tests.hub.planted import TABLE, code, markdown
from tre.hub.session_record import take

pytestmark = [pytest.mark.sealed, pytest.mark.xdist_group("hub")]
BASE = f"/user/ada/{OTHER}"
CONTENTS = f"{BASE}/api/contents"
NOTEBOOK = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def text(content: str) -> dict:
    return {"type": "file", "format": "text", "content": content}


def encoded(content: bytes) -> dict:
    return {"type": "file", "format": "base64", "content": base64.b64encode(content).decode()}


def sent_notebook(*cells) -> dict:
    return {"type": "notebook", "format": "json", "content": NOTEBOOK | {"cells": list(cells)}}


@pytest.fixture(scope="module")
def ada(served):
    browser = Browser(served.hub)
    browser.sign_in("ada", PASSWORD, CODE)
    assert browser.open("ada", OTHER).status_code == 200
    yield browser
    browser.stop("ada", OTHER)
    browser.close()


@pytest.fixture(scope="module")
def record(served):
    return Recording(served.home)


class Recording:
    """What the server put on the record, whether or not the hub took it already."""

    def __init__(self, home):
        self.private = home / "sessions" / f"ada--{OTHER}" / "private"
        self.written = home / "recorded.jsonl"
        self.taken = []

    def all(self, kind: str) -> list[dict]:
        if left := take(self.private):
            self.taken.append(asdict(left))
        text = self.written.read_text() if self.written.exists() else ""
        lines = [json.loads(line) for line in text.splitlines()]
        ours = [line for line in lines if line["who"] == f"ada {OTHER}"]
        return [each for found in (*ours, *self.taken) for each in found[kind]]

    def of(self, kind: str, path: str) -> dict:
        """Wait for the last entry about a path: the server settles every second."""
        until = time.monotonic() + 60
        while time.monotonic() < until:
            if found := [each for each in self.all(kind) if each["path"] == path]:
                return found[-1]
            time.sleep(0.1)
        raise AssertionError(f"nothing {kind} about {path} in {self.all(kind)}")


@pytest.mark.parametrize(
    ("path", "model"),
    [
        ("new.py", text("print(1)\n")),
        ("new.R", encoded(b"print(1)\n")),
        ("no-suffix", text("words")),
        ("new.ipynb", sent_notebook(code(1, {"text/html": ["<b>2</b>"]}))),
        ("uploaded.ipynb", encoded(b'{"cells":[],"metadata":{},"nbformat":4,"nbformat_minor":5}')),
        (
            "pasted.ipynb",
            sent_notebook(markdown(**{"i.png": {"image/png": base64.b64encode(png()).decode()}})),
        ),
    ],
)
def test_what_people_write_comes_in_and_is_recorded_with_its_hash(ada, served, record, path, model):
    answer = ada.ask("PUT", f"{CONTENTS}/{path}", json=model)
    assert answer.status_code == 201, answer.text
    written = (served.home / "workspaces" / OTHER / path).read_bytes()
    found = record.of("brought_in", path)
    assert found["size"] == len(written)
    assert found["sha256"] == sha256(written).hexdigest()


@pytest.mark.parametrize(
    ("path", "model", "status"),
    [
        # Data, and what could be data.
        ("refused.csv", text("a,b\n1,2\n"), 403),
        ("refused.parquet", encoded(b"PAR1"), 403),
        ("refused.png", encoded(png()), 403),
        ("refused.pkl", encoded(b"\x80\x04pickle"), 403),
        ("refused.txt", text(TABLE.decode()), 403),
        ("refused.txt", encoded(b"PK\x03\x04\xff\xfe"), 403),
        ("refused.py", text("#" * 300_000), 403),
        # Pieces of something larger.
        ("refused.py", encoded(b"1") | {"chunk": 1}, 413),
        ("refused.py", encoded(b"1") | {"chunk": 2}, 413),
        ("refused.py", encoded(b"1") | {"chunk": -1}, 413),
        ("refused.py", encoded(b"1") | {"chunk": 0}, 413),
        # Notebooks with more in them than people write.
        ("refused.ipynb", sent_notebook(code(1, {"text/csv": ["a,b"]})), 403),
        ("refused.ipynb", sent_notebook(markdown(**{"i.png": {"image/png": "YSxiCg=="}})), 403),
        ("refused.ipynb", sent_notebook(markdown(**{"i.csv": {"text/csv": "YSxiCg=="}})), 403),
        ("refused.ipynb", sent_notebook(code(1) | {"source": "#" * 300_000}), 403),
        ("refused.ipynb", sent_notebook(code(1) | {"metadata": {"x": "y" * 100_000}}), 403),
    ],
)
def test_the_rest_is_refused_in_words_and_recorded(ada, served, record, path, model, status):
    answer = ada.ask("PUT", f"{CONTENTS}/{path}", json=model)
    assert answer.status_code == status
    assert not (served.home / "workspaces" / OTHER / path).exists()
    if not path.endswith(".ipynb"):
        assert "ingress request" in answer.json()["message"]
    assert record.of("withheld", path)["what"] == "write"


@pytest.mark.parametrize(
    "model",
    [
        {"type": "file"},
        {"type": "file", "content": ["x"], "format": "text"},
        {"type": "file", "content": "x", "format": "json"},
        {"type": "file", "content": "%%%", "format": "base64"},
        {"type": "file", "content": "\ud800", "format": "text"},
        {"type": "notebook", "content": "x"},
        {"type": "notebook", "content": {"cells": 1}, "format": "json"},
        {"type": "device", "content": "x", "format": "bytes"},
    ],
)
@pytest.mark.parametrize("path", ["odd.py", "odd.ipynb"])
def test_what_is_sent_wrongly_changes_nothing(ada, served, path, model):
    file = served.home / "workspaces" / OTHER / path
    file.write_bytes(b"before")
    answer = ada.ask("PUT", f"{CONTENTS}/{path}", content=json.dumps(model))
    assert 400 <= answer.status_code < 500
    assert file.read_bytes() == b"before"


@pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
def test_nothing_is_written_through_what_is_no_file(ada, served, tmp_path, kind):
    path = served.home / "workspaces" / OTHER / f"{kind}.py"
    outside = tmp_path / "outside.py"
    outside.write_text("before")
    {
        "link": lambda: path.symlink_to(outside),
        "pipe": lambda: os.mkfifo(path),
        "folder": path.mkdir,
    }[kind]()
    answer = ada.ask("PUT", f"{CONTENTS}/{kind}.py", json=text("after"))
    assert answer.status_code == 409
    assert outside.read_text() == "before"


def test_a_body_without_end_is_not_read(ada):
    answer = ada.ask("PUT", f"{CONTENTS}/large.py", json=text("x" * (33 * 2**20)))
    assert answer.status_code in (400, 413, 503)  # the last is the proxy's word


def test_a_closed_address_that_is_asked_for_is_recorded(ada, record):
    ada.http.get(f"{BASE}/files/notes.md")
    assert record.of("withheld", f"{BASE}/files/notes.md")["what"] == "request"


def test_the_hub_takes_the_record_for_the_ledger(ada, served):
    ada.ask("PUT", f"{CONTENTS}/for-the-ledger.py", json=text("1"))
    assert ada.stop("ada", OTHER).status_code in (202, 204)
    until = time.monotonic() + 90
    recorded = served.home / "recorded.jsonl"
    while time.monotonic() < until:
        if recorded.exists() and "for-the-ledger.py" in recorded.read_text():
            break
        time.sleep(0.2)
    assert "for-the-ledger.py" in recorded.read_text()
    assert ada.open("ada", OTHER).status_code == 200
