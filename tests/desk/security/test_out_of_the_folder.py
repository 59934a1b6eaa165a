"""Path traversal: no path, number or file name leads out of where it belongs."""

from pathlib import Path
from urllib.parse import quote

import pytest

from tests.demo import Demo
from tests.demo_people import STUDY
from tests.desk.security.visiting import Desk, routes_of

SECRET = b"kept from everybody"
UP = "../" * 12
PATHS = [
    f"{UP}etc/passwd",
    "../secret.txt",
    "..\\secret.txt",
    "..%2fsecret.txt",
    "%2e%2e%2fsecret.txt",
    "..%252fsecret.txt",
    "....//secret.txt",
    "..;/secret.txt",
    "/etc/passwd",
    "C:\\Windows\\win.ini",
    "\\\\host\\share",
    "file:///etc/passwd",
    ".",
    "..",
    "a\0.csv",
    "table.csv\0",
    "a" * 5_000,
    "a/" * 2_000 + "b",
    "\uff0e\uff0e\uff0fsecret.txt",  # full-width: some systems fold it
    "\u2025/secret.txt",
    "\u202etxt.terces",
    "CON",
    "NUL.txt",
    "table.csv:stream",
    "~/secret.txt",
    "$HOME/secret.txt",
    "`id`.csv",
]


@pytest.fixture(scope="module")
def secret(desk: Desk) -> Path:
    """A file above the workspace, in the data home, that nobody may get."""
    workspace = desk.demo.tre.folders.workspace(STUDY)
    workspace.mkdir(parents=True, exist_ok=True)
    (workspace / "table.csv").write_bytes(b"sex,value\nFemale,120\n")
    (workspace / "link.csv").symlink_to(workspace.parent / "secret.txt")
    (workspace / "folder.csv").mkdir()
    file = workspace.parent / "secret.txt"
    file.write_bytes(SECRET)
    return file


def everything(demo: Demo) -> set[Path]:
    home = demo.tre.config.home
    return {file for file in home.parent.rglob("*") if "copy.sqlite" not in file.name}


@pytest.mark.parametrize("path", [*PATHS, "link.csv", "folder.csv", "", " "])
def test_a_path_in_the_workspace_does_not_lead_out_of_it(desk: Desk, secret: Path, path: str):
    where = f"/requests/{desk.things.draft}/files"
    before = everything(desk.demo)
    asked = [
        desk.press("POST", where, "gwen", {"path": path, f"kind:{path}": "supporting"}),
        desk.press("POST", f"/api/v1{where}", "gwen", {"workspace_path": path}),
        desk.press(
            "PUT",
            f"/api/v1/requests/{desk.things.draft}/files/{desk.things.file}",
            "gwen",
            {"workspace_path": path},
        ),
    ]
    for answer in asked:
        assert answer.status_code in {404, 422}, answer.text
        assert SECRET not in answer.content
        assert b"root:" not in answer.content
    new = {file for file in everything(desk.demo) - before if file.is_file()}
    assert all("sqlite" in file.name or file.name.startswith("ledger") for file in new), new


@pytest.mark.parametrize("name", PATHS)
def test_the_name_of_a_file_that_is_sent_does_not_lead_out_of_its_folder(desk: Desk, name: str):
    """Whether it is refused or kept under a bare name: nothing lies outside the frozen files."""
    home = desk.demo.tre.config.home
    before = everything(desk.demo)
    sent = {"kind": "code", "name": name, "content_base64": "eCA9IDE="}
    where = f"/api/v1/requests/{desk.things.draft}/files"
    assert desk.press("POST", where, "gwen", sent).status_code in {201, 422}
    form = {"upload": (name.replace("\0", "%00"), b"x = 1", "text/x-python")}
    page = desk.press("POST", f"/requests/{desk.things.draft}/files", "gwen", form)
    assert page.status_code in {303, 400, 422}
    files = [{"name": name[:300], "content_base64": "eCA9IDE="}]
    bring = {"project": STUDY, "purpose": "x", "source": "x", "files": files}
    assert desk.press("POST", "/api/v1/ingress", "gwen", bring).status_code in {201, 422}
    new = {file for file in everything(desk.demo) - before if file.is_file()}
    inside = ("requests/", "ingress/", "tre.sqlite", "ledger")
    assert all(str(file.relative_to(home)).startswith(inside) for file in new), new
    desk.go_back()


@pytest.mark.parametrize("path", PATHS)
def test_no_address_leads_to_a_file(desk: Desk, secret: Path, path: str):
    """Every place in every address, and the folder of static files."""
    filled = quote(path, safe="/%:;~$`") if "\0" in path or "%" not in path else path
    for method, route in routes_of(desk.app):
        if method != "GET" or "{" not in route:
            continue
        at = route.index("{")
        where = route[:at] + filled + route[route.index("}", at) + 1 :]
        answer = desk.ask("GET", where.replace("{file}", "1"), "mia")
        assert answer.status_code in {200, 303, 307, 404, 405, 422}, (where, answer.status_code)
        assert SECRET not in answer.content
        assert b"root:x:" not in answer.content
    for start in ("/static/", "/static//", "/static/..", "/static/%2e%2e/"):
        answer = desk.ask("GET", start + filled.lstrip("/"))
        assert answer.status_code in {302, 404, 405}, start
        assert SECRET not in answer.content


def test_no_template_and_no_source_is_served(desk: Desk):
    for name in ("../app.py", "..%2fapp.py", "../templates/layout.html", "desk.css/../../app.py"):
        answer = desk.ask("GET", f"/static/{name}")
        assert b"import" not in answer.content
        assert b"{%" not in answer.content
