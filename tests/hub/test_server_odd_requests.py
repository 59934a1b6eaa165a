"""Whatever a browser sends to an open address is answered, and never by an error of the server."""

import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from tests.hub.in_process import server_in_process
from tre.hub.server.bodies import BODIES, LAYOUT_BYTES
from tre.hub.server.guarded import MOST_LAYOUTS
from tre.hub.server.routes import OPEN

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")

NOBODY = "00000000-0000-0000-0000-000000000000"
ADDRESSES = {
    "ContentsHandler": ("/api/contents", "/api/contents/there.md", "/api/contents/no/such.md"),
    "CheckpointsHandler": ("/api/contents/there.md/checkpoints",),
    "ModifyCheckpointsHandler": ("/api/contents/there.md/checkpoints/x",),
    "TrustNotebooksHandler": ("/api/contents/there.md/trust",),
    "MainKernelHandler": ("/api/kernels",),
    "KernelHandler": (f"/api/kernels/{NOBODY}",),
    "KernelActionHandler": (f"/api/kernels/{NOBODY}/restart", f"/api/kernels/{NOBODY}/interrupt"),
    "KernelWebsocketHandler": (f"/api/kernels/{NOBODY}/channels",),
    "SessionRootHandler": ("/api/sessions",),
    "SessionHandler": (f"/api/sessions/{NOBODY}",),
    "MainKernelSpecHandler": ("/api/kernelspecs",),
    "KernelSpecHandler": ("/api/kernelspecs/python3", "/api/kernelspecs/x"),
    "SubscribeWebsocket": ("/api/events/subscribe",),
    "APIStatusHandler": ("/api/status",),
    "IdentityHandler": ("/api/me",),
    "ConfigHandler": ("/api/config/notebook",),
    "NbconvertRootHandler": ("/api/nbconvert",),
    "APIVersionHandler": ("/api",),
    "SettingsHandler": (
        "/lab/api/settings/",
        "/lab/api/settings/@jupyterlab/apputils-extension:themes",
        "/lab/api/settings/x:y",
    ),
    "WorkspacesHandler": ("/lab/api/workspaces/", "/lab/api/workspaces/x"),
    "TranslationsHandler": ("/lab/api/translations/", "/lab/api/translations/x"),
    "ThemesHandler": ("/lab/api/themes/x",),
    "ListingsHandler": ("/lab/api/listings/@jupyterlab/x",),
    "ErrorHandler": (),
    "LabHandler": ("/lab", "/lab/tree/there.md", "/lab/workspaces/x"),
    "FileFindHandler": ("/static/x",),
    "PublicStaticFileHandler": ("/robots.txt",),
    "TrailingSlashHandler": ("/lab/",),
    "RedirectWithParams": ("/",),
    "Template404": ("/nothing",),
    "NotFoundHandler": ("/lab/nothing",),
    "JupyterHubLogoutHandler": (),  # of the hub, which is not here
    "JupyterHubOAuthCallbackHandler": (),
    "NoticeHandler": ("/api/tre/notice",),
}
"""By a handler's name: addresses of it, of something that is there and that is not."""

ODD = (
    *(True, 0, -1, 1.5, 2**70, "", "x", "/", "..", ".x", "\0", "\ud800", "x" * 5000),
    *([], ["x"], [["x"]], {}, {"x": 1}, {"name": ["x"]}, {"id": 1}),
)
WHOLE = (b"", b" ", b"{", b"\xff\xfe", b"[1]", b"[]", b"1", b'"x"', b"null", b"true", b"{}")
DEEP = b"[" * 40_000 + b"]" * 40_000


def odd_bodies(name: str) -> Iterator[bytes]:
    yield from (*WHOLE, DEEP, b'{"content":' + DEEP + b',"type":"notebook","format":"json"}')
    body = BODIES.get(name)
    for field, kind in body.fields.items() if body else ():
        for odd in (*ODD, None):
            yield json.dumps({field: odd}).encode()
            yield json.dumps({"path": "p", "type": "notebook", field: odd}).encode()
            for inner in kind if isinstance(kind, dict) else ():
                yield json.dumps({"path": "p", "type": "t", field: {inner: odd}}).encode()


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[tuple[httpx.Client, Path]]:
    with server_in_process(tmp_path_factory.mktemp("in-process") / "home") as found:
        yield found


@pytest.fixture
def browser(server) -> httpx.Client:
    browser, workspace = server
    (workspace / "there.md").write_text("words")
    return browser


@pytest.mark.parametrize("name", OPEN)
def test_no_body_of_another_kind_is_an_error_of_the_server(browser, name):
    methods = ("POST", "PUT", "PATCH") if name in BODIES else ("GET", "POST", "PUT", "DELETE")
    bodies = set(odd_bodies(name)) if name in BODIES else {b"", b"[1]"}
    bad = [
        (method, address, body[:80], answer.text[:80])
        for address in ADDRESSES[name.rpartition(".")[2]]
        for method in methods
        for body in sorted(bodies)
        if (answer := browser.request(method, address, content=body)).status_code in (500, 502)
    ]
    assert bad == []


@pytest.mark.parametrize(
    ("method", "address", "body", "said"),
    [
        ("POST", "/api/kernels", {"name": ["x"]}, "'name' must be text"),
        ("POST", "/api/kernels", [], "must be an object"),
        ("PATCH", "/api/contents/there.md", {"path": ["a"]}, "'path' must be text"),
        ("PUT", "/api/contents/new.md", [1], "must be an object"),
        ("POST", "/api/sessions", {"path": "a", "type": "b", "kernel": 1}, "'kernel' must be"),
        ("PUT", "/lab/api/workspaces/a", {"data": {}}, "'metadata.id' is missing"),
    ],
)
def test_what_is_wrong_is_said_in_words(browser, method, address, body, said):
    answer = browser.request(method, address, json=body)
    assert answer.status_code == 400
    assert said in answer.json()["message"]


@pytest.mark.parametrize("address", ["/api/kernels", "/api/sessions"])
def test_a_refusal_of_a_kernel_stays_a_refusal(browser, address):
    """Jupyter makes an error of the server of it when a notebook is opened."""
    sent = {"path": "a.ipynb", "type": "notebook", "name": "", "kernel": {"name": "python3"}}
    answer = browser.post(address, json=sent)
    assert (answer.status_code, answer.json()["message"]) == (507, "no kernel starts in this test")


@pytest.mark.parametrize("up", ["", "../" * 12, "a/" + "../" * 12])
def test_no_json_file_is_shown_or_written_as_settings(server, up):
    browser, workspace = server
    file = workspace / "plan.json"
    file.write_text(json.dumps({"type": "object", "description": "secret rows"}))
    address = f"/lab/api/settings/{quote(f'{up}{workspace}:plan', safe='')}"
    for answer in (browser.get(address), browser.put(address, json={"raw": "{}"})):
        assert answer.status_code == 404
        assert "secret" not in answer.text
    assert not list(workspace.glob("*-settings"))


def test_settings_of_lab_are_read_and_written(browser):
    address = "/lab/api/settings/@jupyterlab/apputils-extension:themes"
    assert browser.put(address, json={"raw": '{"theme": "JupyterLab Dark"}'}).status_code == 204
    assert "Dark" in browser.get(address).json()["raw"]


def test_layouts_of_the_window_are_so_many_and_so_large(browser):
    def put(name: str, size: int = 10) -> httpx.Response:
        layout = {"data": {"x": "y" * size}, "metadata": {"id": name}}
        return browser.put(f"/lab/api/workspaces/{name}", json=layout)

    for there in browser.get("/lab/api/workspaces/").json()["workspaces"]["ids"]:
        browser.delete(f"/lab/api/workspaces/{there}")
    assert put("large", LAYOUT_BYTES).status_code == 413
    assert [put(f"w{n}").status_code for n in range(MOST_LAYOUTS)] == [204] * MOST_LAYOUTS
    refused = put("one-more")
    assert refused.status_code == 409
    assert "delete one" in refused.json()["message"]
    assert put("w0").status_code == 204, "one that is there may change"
    assert browser.delete("/lab/api/workspaces/w1").status_code == 204
    assert put("one-more").status_code == 204


def test_a_folder_of_any_depth_is_deleted(server):
    browser, workspace = server
    here = os.open(workspace, os.O_RDONLY)
    for _ in range(1500):
        os.mkdir("deep", dir_fd=here)
        below = os.open("deep", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    assert browser.delete("/api/contents/deep").status_code == 204
    assert not (workspace / "deep").exists()


LEASE = """
import fcntl, os, signal, sys
signal.signal(signal.SIGIO, signal.SIG_IGN)
file = os.open(sys.argv[1], os.O_RDWR)
fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_WRLCK)
print("held", flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(not hasattr(fcntl, "F_SETLEASE"), reason="this system has no leases")
def test_a_file_that_a_program_holds_is_said_to_be_held(server):
    browser, workspace = server
    (workspace / "held.md").write_text("words")
    command = [sys.executable, "-c", LEASE, str(workspace / "held.md")]
    with subprocess.Popen(command, stdin=-1, stdout=-1, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        answer = browser.get("/api/contents/held.md")
        assert answer.status_code == 423
        assert "holds" in answer.json()["message"]
        holder.kill()
    assert browser.get("/api/contents/held.md").status_code == 200


def test_a_pipe_is_called_one_with_what_to_do(server):
    browser, workspace = server
    os.mkfifo(workspace / "waiting.md")
    sent = {"type": "file", "format": "text", "content": "x"}
    seen = browser.get("/api/contents/waiting.md")
    written = browser.put("/api/contents/waiting.md", json=sent)
    assert (seen.status_code, written.status_code) == (400, 409)
    for answer in (seen, written):
        assert "named pipe (FIFO)" in answer.json()["message"]
        assert "delete it" in answer.json()["message"]
    assert browser.delete("/api/contents/waiting.md").status_code == 204
