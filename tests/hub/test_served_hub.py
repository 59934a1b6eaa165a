"""The hub as a person with a browser meets it."""

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.hub.browser import Browser
from tests.hub.fake_gate import CLOSED, CODE, OTHER, PASSWORD, STUDY
from tre.hub.r_language import find_r

pytestmark = [pytest.mark.sealed, pytest.mark.xdist_group("hub")]
BASE = f"/user/ada/{STUDY}"


@pytest.mark.parametrize(
    ("name", "password", "code"),
    [
        ("ada", "wrong", CODE),
        ("ada", PASSWORD, "000000"),
        ("nobody", PASSWORD, CODE),
        ("ada", PASSWORD, ""),
    ],
)
def test_a_wrong_name_password_or_code_is_refused_in_words(browser, name, password, code):
    answer = browser.sign_in(name, password, code)
    assert answer.status_code == 403
    assert "Name, password or code is wrong." in answer.text


def test_the_sign_in_page_asks_for_three_things_and_runs_nothing_foreign(browser):
    page = browser.http.get("/hub/login")
    for field in ("username_input", "password_input", "otp_input", "login_submit"):
        assert f'id="{field}"' in page.text
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_projects_are_shown_with_every_reason_for_a_refusal(ada):
    page = ada.http.get("/hub/home").text
    assert "Early-onset psychosis and attainment" in page
    assert f"/hub/spawn/ada/{STUDY}" in page
    assert f"/hub/spawn/ada/{CLOSED}" not in page
    assert "Your accreditation ended on 1 May." in page
    assert "The project ended on 3 June." in page


def test_somebody_on_no_project_is_told_where_to_go(browser):
    page = browser.sign_in("bola", PASSWORD, CODE)
    assert "You are on no project" in page.text


def test_a_refused_session_shows_every_reason_and_starts_nothing(ada):
    answer = ada.open("ada", CLOSED)
    assert answer.status_code == 403
    assert "Your accreditation ended on 1 May." in answer.text
    assert "The project ended on 3 June." in answer.text
    assert "Safe People" in answer.text


def test_a_session_belongs_to_a_project(ada):
    assert ada.open("ada", "").status_code == 404
    assert ada.open("ada", "no-such-study").status_code == 404


def test_nobody_opens_anothers_session(browser, served):
    browser.sign_in("bola", PASSWORD, CODE)
    assert browser.open("ada", STUDY).status_code in (403, 404)


def test_nobody_is_given_a_token_or_shown_one(ada):
    path = "/hub/api/users/ada/tokens"
    assert ada.ask("POST", path, json={"expires_in": 60}).status_code == 403
    assert ada.ask("POST", path, json={"scopes": ["access:servers!user"]}).status_code == 403
    signed = {"username": "ada", "password": PASSWORD, "otp": CODE}
    assert ada.http.post(path, json={"auth": signed}).status_code == 403
    assert ada.ask("GET", path).status_code == 403


def test_a_sign_in_from_before_does_not_live_on_by_a_newer_one(served):
    """Each browser is asked about itself, however busy the person's other one is."""
    earlier, later = Browser(served.hub), Browser(served.hub)
    earlier.sign_in("bola", PASSWORD, CODE)
    assert is_in(earlier)
    began = datetime.now(UTC) + timedelta(seconds=3)  # cookies count seconds, with two of slack
    (served.home / "began").mkdir()
    (served.home / "began" / "bola").write_text(began.isoformat())
    until = time.monotonic() + 60
    while not is_in(later) and time.monotonic() < until:
        later.sign_in("bola", PASSWORD, CODE)
    seen = [(is_in(later), is_in(earlier)) for _ in range(3)]
    earlier.sign_in("bola", PASSWORD, CODE)
    back = is_in(earlier)  # whoever was signed out in a browser signs in there again
    (served.home / "began" / "bola").unlink()
    earlier.close()
    later.close()
    assert seen == [(True, False)] * 3
    assert back


def is_in(browser: Browser) -> bool:
    return browser.http.get("/hub/home", follow_redirects=False).status_code == 200


@pytest.fixture(scope="module")
def working(served):
    workspace = served.home / "workspaces" / STUDY
    workspace.mkdir(parents=True, exist_ok=True)
    (workspace / "01-attainment-by-diagnosis.ipynb").write_text(
        json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    )
    (workspace / "data.csv").write_text("a,b\n1,2\n")
    (workspace / "blob.bin").write_bytes(b"\x00\xff\xfe")
    (workspace / "notes.md").write_text("notes")
    (workspace / "link.txt").symlink_to("/etc/hostname")
    (workspace / "secret.txt").symlink_to("/proc/self/environ")
    browser = Browser(served.hub)
    browser.sign_in("ada", PASSWORD, CODE)
    browser.opened = browser.open("ada", STUDY)
    yield browser
    browser.close()


def test_a_session_opens_the_starter_notebook(working):
    assert working.opened.status_code == 200
    assert str(working.opened.url).endswith("/lab/tree/01-attainment-by-diagnosis.ipynb")


def test_its_kernel_is_sealed(working):
    kernel = working.kernel("ada", STUDY)
    assert kernel.run("print(6 * 7)").strip() == "42"
    assert "Connection refused" in kernel.run(
        "import socket, os; socket.create_connection(('127.0.0.1', 80), 1)"
    )
    assert "JUPYTERHUB" not in kernel.run("print(dict(os.environ))")
    assert "Read-only file system" in kernel.run("open('/data/x', 'w')")
    assert "[]" in kernel.run("print([p for p in ('/etc/shadow', '/sys') if os.path.exists(p)])")
    kernel.close()


def test_an_output_too_large_to_read_is_withheld(working):
    kernel = working.kernel("ada", STUDY)
    said = kernel.messages(
        "from IPython.display import HTML, display; display(HTML('x' * 10_000_000))"
    )
    assert sum(len(text) for text in said) < 1000
    kernel.close()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        # Ways by which a file leaves a stock server.
        ("/files/data.csv", 403),
        ("/files/data.csv?download=1", 403),
        ("/files/notes.md", 403),
        ("/nbconvert/html/01-attainment-by-diagnosis.ipynb?download=true", 403),
        ("/nbconvert/script/01-attainment-by-diagnosis.ipynb", 403),
        ("/api/terminals", 404),
        ("/terminals/websocket/1", 404),
        ("/api/contents/data.csv", 403),
        ("/api/contents/data.csv?format=base64", 403),
        ("/api/contents/blob.bin", 403),
        # Links out of the workspace are not followed.
        ("/api/contents/link.txt", 404),
        ("/api/contents/secret.txt", 404),
        # What the interface needs.
        ("/api/contents/notes.md", 200),
        ("/api/contents", 200),
        ("/api/nbconvert", 200),
        ("/api/kernelspecs", 200),
    ],
)
def test_files_do_not_leave_through_the_browser(working, path, status):
    assert working.http.get(BASE + path).status_code == status


def test_renaming_does_not_make_data_readable(working):
    renamed = working.ask("PATCH", f"{BASE}/api/contents/data.csv", json={"path": "data.txt"})
    assert renamed.status_code == 403
    copied = working.ask("POST", f"{BASE}/api/contents", json={"copy_from": "data.csv"})
    assert copied.status_code == 403


def test_data_are_not_brought_in_through_the_browser(working):
    model = {"type": "file", "format": "text", "content": "a,b\n1,2\n"}
    assert working.ask("PUT", f"{BASE}/api/contents/new.csv", json=model).status_code == 403
    assert (
        working.ask("PUT", f"{BASE}/api/contents/new.py", json=model | {"content": "1"}).status_code
        == 201
    )


def test_only_the_sealed_kernel_is_offered(working):
    offered = working.http.get(f"{BASE}/api/kernelspecs").json()["kernelspecs"]
    assert list(offered) == ["python3", *(["ir"] if find_r() else [])]
    assert offered["python3"]["spec"]["display_name"] == "Python 3 (sealed)"


@pytest.mark.parametrize("name", ["julia", "../../etc"])
def test_a_kernel_that_is_not_there_is_refused_with_those_that_are(working, name):
    other = working.ask("POST", f"{BASE}/api/kernels", json={"name": name})
    assert other.status_code == 400
    assert "it has" in str(other.json())
    assert "python3" in str(other.json())


def test_a_server_has_a_limit_of_memory_and_its_kernels_have_their_own(working, served):
    (server,) = [
        process
        for process in Path("/proc").glob("[0-9]*")
        if b"tre.hub.server" in _read(process / "cmdline")
        and str(served.home).encode() in _read(process / "environ")
        and f"ada--{STUDY}".encode() in _read(process / "environ")
        and b"--args" not in _read(process / "cmdline")
    ][-1:]
    limit = next(
        line for line in (server / "limits").read_text().splitlines() if "Max data size" in line
    )
    assert limit.split()[3] == str(3 * 2**29)


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""


def test_an_output_may_talk_to_its_own_server_alone(working, served):
    policy = working.http.get(f"{BASE}/lab").headers["content-security-policy"]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["connect-src"] == f"{served.hub}{BASE}/ {served.hub.replace('http', 'ws')}{BASE}/"
    assert rules["default-src"] == "'none'"
    assert "allow-popups" not in rules["sandbox"]
    assert "allow-downloads" not in rules["sandbox"]


def test_the_interface_offers_no_download(working):
    page = working.http.get(f"{BASE}/lab").text
    found = json.loads(page.split('type="application/json">')[1].split("</script>")[0])
    disabled = found["disabledExtensions"]
    assert "@jupyterlab/filebrowser-extension:download" in disabled
    assert found["terminalsAvailable"] is False


def test_another_project_is_another_server(working):
    assert working.open("ada", OTHER).status_code == 200
    kernel = working.kernel("ada", OTHER)
    assert kernel.run("import os; print(os.listdir('/workspace'))").strip() == "[]"
    kernel.close()
    assert working.stop("ada", OTHER).status_code in (202, 204)


def test_stopping_a_session_is_written_down(working, served):
    page = working.http.get("/hub/home").text
    assert f'data-stop="{STUDY}"' in page
    assert working.stop("ada", STUDY).status_code in (202, 204)
    assert f"end ada {STUDY}: closed by its owner, or with the environment []" in served.asked()


def test_a_stopped_session_opens_again_with_its_workspace_whole(working):
    assert working.open("ada", STUDY).status_code == 200
    listed = working.http.get(f"{BASE}/api/contents").json()["content"]
    assert "notes.md" in {entry["name"] for entry in listed}
    assert "secret.txt" not in {entry["name"] for entry in listed}
    working.stop("ada", STUDY)
