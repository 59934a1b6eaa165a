"""Every way in which a file could leave a session's server, asked of a really running one."""

import time

import pytest

from tests.hub.browser import Browser
from tests.hub.fake_gate import CODE, OTHER, PASSWORD
from tests.hub.planted import FILES, plant

pytestmark = [pytest.mark.sealed, pytest.mark.xdist_group("hub")]
BASE = f"/user/ada/{OTHER}"
CONTENTS = f"{BASE}/api/contents"
FAST = 30
"""Seconds within which the server must answer whatever lies in the workspace."""


@pytest.fixture(scope="module")
def ada(served):
    browser = Browser(served.hub)
    browser.sign_in("ada", PASSWORD, CODE)
    plant(served.home / "workspaces" / OTHER)
    assert browser.open("ada", OTHER).status_code == 200
    browser.http.timeout = FAST
    yield browser
    browser.http.timeout = 30
    browser.stop("ada", OTHER)
    browser.close()


SHOWN = ("notes.md", "script.py", "README", "100%2525 sure.txt", "figure.png", "good.ipynb")
KINDS = ("data.csv", "UPPER.CSV", "double.txt.csv", "space.csv%20", "blob.bin", "picture.svg")
CONTENT = ("dot.csv.", "table.txt", "table", "blob.txt", "polyglot.png", "hard.txt", "hard.csv")
LARGE = ("sparse.txt", "sparse.png", "sparse.ipynb")
NOTEBOOKS = ("table.ipynb", "list.ipynb", "deep.ipynb", "csv.ipynb", "attached.ipynb")
MORE_NOTEBOOKS = ("disguised.ipynb", "metadata.ipynb", "page.html", "folder/data.csv")
REFUSED = (*KINDS, *CONTENT, *LARGE, *NOTEBOOKS, *MORE_NOTEBOOKS)
LINKS = ("link.txt", "environment.txt", "inside.txt", "loop.txt", "up/other-study/notes.md")
MORE_LINKS = ("root/etc/hostname", "root", "folder/environment.txt")


@pytest.mark.parametrize("path", SHOWN)
def test_what_people_write_is_shown(ada, path):
    answer = ada.http.get(f"{CONTENTS}/{path}")
    assert answer.status_code == 200
    assert answer.json()["content"]


@pytest.mark.parametrize(
    "question", ["", "?format=text", "?format=base64", "?content=1", "?hash=1"]
)
@pytest.mark.parametrize("path", REFUSED)
def test_data_are_refused_in_every_format_and_in_none(ada, path, question):
    answer = ada.http.get(f"{CONTENTS}/{path}{question}")
    assert answer.status_code == 403
    assert "Female" not in answer.text


@pytest.mark.parametrize("question", ["?content=0&hash=1", "?type=file", "?type=notebook"])
@pytest.mark.parametrize("path", REFUSED)
def test_a_hash_or_another_type_shows_no_more(ada, path, question):
    answer = ada.http.get(f"{CONTENTS}/{path}{question}")
    assert answer.status_code in (400, 403)
    assert "Female" not in answer.text
    assert "hash" not in answer.json()


@pytest.mark.parametrize("question", ["", "?content=0", "?type=file&format=base64", "?hash=1"])
@pytest.mark.parametrize("path", [*LINKS, *MORE_LINKS])
def test_links_are_not_there(ada, path, question):
    assert ada.http.get(f"{CONTENTS}/{path}{question}").status_code == 404


@pytest.mark.parametrize("question", ["", "?content=0", "?type=file&format=base64", "?hash=1"])
@pytest.mark.parametrize("path", ["pipe.txt", "folder/pipe.ipynb"])
def test_nothing_waits_at_a_pipe(ada, path, question):
    answer = ada.http.get(f"{CONTENTS}/{path}{question}")
    assert answer.status_code == 400
    assert "FIFO" in answer.json()["message"]


@pytest.mark.parametrize(
    "path",
    [
        "/../../etc/hostname",
        "/%2e%2e/%2e%2e/etc/hostname",
        "/..%2f..%2fetc%2fhostname",
        "/folder/..%2f..%2f..%2fsessions",
        "/.%2e/private",
        "/%00",
        "/notes.md%00.csv",
        "/.hidden",
        "//etc/hostname",
        "/" + "long" * 100,
    ],
)
def test_no_spelling_of_a_path_leads_out(ada, path):
    answer = ada.http.get(f"{CONTENTS}{path}")
    assert answer.status_code in (400, 404)


def test_a_name_that_is_no_text_does_not_even_reach_the_server(ada):
    assert ada.http.get(f"{CONTENTS}/%ff%fe.txt").status_code == 500  # by the proxy


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
@pytest.mark.parametrize(
    "path", ["data.csv", "notes.md", "good.ipynb", "root/etc/hostname", "pipe.txt"]
)
@pytest.mark.parametrize(
    "way",
    [
        "/files/{}",
        "/files/{}?download=1",
        "/view/{}",
        "/nbconvert/html/{}?download=true",
        "/nbconvert/script/{}",
        "/nbconvert/pdf/{}",
        "/nbconvert/notebook/{}",
        "/api/notebooks/{}",
        "/api/resolvePath?path={}",
    ],
)
def test_every_way_to_a_whole_file_is_closed(ada, method, way, path):
    address = BASE + way.format(path)
    if method == "POST":
        answer = ada.ask(method, address)
    else:
        answer = ada.http.request(method, address, headers={"Range": "bytes=0-10"})
    assert answer.status_code == 403


def test_a_sent_notebook_is_not_converted(ada):
    body = {"content": {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}}
    for exporter in ("html", "script", "python", "latex"):
        assert ada.ask("POST", f"{BASE}/nbconvert/{exporter}", json=body).status_code == 403


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("data.csv", "data.txt"),
        ("data.csv", "data"),
        ("data.csv", "data.csv.txt"),
        ("data.csv", "data.ipynb"),
        ("UPPER.CSV", "upper.md"),
        ("folder/data.csv", "data.py"),
        ("good.ipynb", "good.txt"),
        ("notes.md", "notes.csv"),
        ("notes.md", "notes.ipynb"),
        ("blob.bin", "blob.png"),
    ],
)
def test_a_file_stays_of_its_kind(ada, old, new):
    answer = ada.ask("PATCH", f"{CONTENTS}/{old}", json={"path": new})
    assert answer.status_code == 403
    assert ada.http.get(f"{CONTENTS}/{old}?content=0").status_code == 200


@pytest.mark.parametrize(
    "new",
    [
        "../out.md",
        ".hidden.md",
        "root/tmp/x.md",
        "a\nb.md",
        "bidi\u202e.md",
        "x.md ",
        "link.txt/y.md",
    ],
)
def test_nothing_is_moved_to_a_name_that_leads_elsewhere(ada, new):
    answer = ada.ask("PATCH", f"{CONTENTS}/notes.md", json={"path": new})
    assert answer.status_code in (400, 403, 404)
    assert ada.http.get(f"{CONTENTS}/notes.md").status_code == 200


def test_a_folder_may_be_renamed_and_its_data_stay_data(ada):
    assert ada.ask("PATCH", f"{CONTENTS}/folder", json={"path": "folder.txt"}).status_code == 200
    assert ada.http.get(f"{CONTENTS}/folder.txt/data.csv").status_code == 403
    assert ada.ask("PATCH", f"{CONTENTS}/folder.txt", json={"path": "folder"}).status_code == 200


@pytest.mark.parametrize(
    "origin",
    [
        "data.csv",
        "table.txt",
        "polyglot.png",
        "csv.ipynb",
        "folder",
        "link.txt",
        "root",
        "pipe.txt",
        "sparse.txt",
    ],
)
def test_what_is_not_shown_is_not_copied(ada, origin, served):
    before = set((served.home / "workspaces" / OTHER).iterdir())
    answer = ada.ask("POST", CONTENTS, json={"copy_from": origin})
    assert answer.status_code in (400, 403, 404)
    assert set((served.home / "workspaces" / OTHER).iterdir()) == before


def test_what_is_shown_is_copied_under_a_name_of_its_kind(ada):
    for name, copied in (("notes.md", "notes-Copy1.md"), ("figure.png", "figure-Copy1.png")):
        answer = ada.ask("POST", CONTENTS, json={"copy_from": name})
        assert (answer.status_code, answer.json()["name"]) == (201, copied)
        assert ada.ask("DELETE", f"{CONTENTS}/{copied}").status_code == 204


@pytest.mark.parametrize("ext", [".csv", ".parquet", ".png", ".bin", "/../../x.py", ".py/../x.csv"])
def test_no_new_file_of_another_kind_is_made(ada, ext):
    answer = ada.ask("POST", CONTENTS, json={"type": "file", "ext": ext})
    assert answer.status_code in (400, 403, 404)


@pytest.mark.parametrize("path", ["data.csv", "table.txt", "csv.ipynb", "link.txt", "pipe.txt"])
def test_no_copy_is_kept_of_what_is_not_shown(ada, path):
    assert ada.ask("POST", f"{CONTENTS}/{path}/checkpoints").status_code in (400, 403, 404)


def test_a_kept_copy_comes_back_under_its_own_name_alone(ada, served):
    kept = ada.ask("POST", f"{CONTENTS}/notes.md/checkpoints").json()["id"]
    (served.home / "workspaces" / OTHER / "notes.md").write_text("spoilt")
    assert ada.ask("POST", f"{CONTENTS}/data.csv/checkpoints/{kept}").status_code == 404
    assert ada.ask("POST", f"{CONTENTS}/notes.md/checkpoints/{kept}").status_code == 204
    assert ada.http.get(f"{CONTENTS}/notes.md").json()["content"] == "notes"


def test_a_listing_holds_strange_names_and_escapes_them(ada):
    started = time.monotonic()
    answer = ada.http.get(CONTENTS)
    assert time.monotonic() - started < FAST
    assert answer.content.isascii()
    listed = {entry["name"] for entry in answer.json()["content"]}
    assert set(FILES) <= listed
    absent = {"link.txt", "environment.txt", "inside.txt", "loop.txt", "up", "root", "pipe.txt"}
    assert not absent & listed
    assert not any("\udcff" in name for name in listed)


def test_a_folder_that_nobody_could_read_is_refused_in_words(ada):
    answer = ada.http.get(f"{CONTENTS}/many")
    assert answer.status_code == 413
    assert "2,000" in answer.json()["message"]


def test_deleting_a_link_leaves_what_it_points_to(ada, served, tmp_path):
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "file").touch()
    folder = served.home / "workspaces" / OTHER / "trash"
    folder.mkdir()
    (folder / "link").symlink_to(kept)
    assert ada.ask("DELETE", f"{CONTENTS}/trash").status_code == 204
    assert not folder.exists()
    assert (kept / "file").exists()
