"""The server reads one configuration, and serves the addresses that are listed; nothing else."""

import importlib
import json
import re
from importlib.metadata import version
from importlib.util import find_spec

import pytest
from packaging.version import Version
from tornado import web

from tests.hub.browser import Browser
from tests.hub.fake_gate import CODE, OTHER, PASSWORD
from tre.hub.server.routes import CLOSED, OPEN, Closed, close_all_but_open, rules_of

BASE = f"/user/ada/{OTHER}"
HOSTILE = """
c = get_config()
c.ServerApp.default_url = "/planted"
c.ServerApp.terminals_enabled = True
c.ServerApp.authorizer_class = "jupyter_server.auth.AllowAllAuthorizer"
c.ServerApp.jpserver_extensions = {"jupyter_server_terminals": True}
c.ContentsManager.allow_hidden = True
open("/tmp/planted-was-read", "w")
"""
PLACES = (
    "jupyter_config.py",
    "jupyter_server_config.py",
    "jupyter_notebook_config.py",
    "jupyter_lab_config.py",
    "jupyterhub_singleuser_config.py",
    ".jupyter/jupyter_server_config.py",
    ".ipython/profile_default/startup/00.py",
    "etc/jupyter/jupyter_server_config.py",
    "sitecustomize.py",
    "usercustomize.py",
    "jupyter_server.py",
)


@pytest.fixture(scope="module")
def ada(served):
    """A session opened after the workspace, and even the server's own home, were planted."""
    workspace = served.home / "workspaces" / OTHER
    private = served.home / "sessions" / f"ada--{OTHER}" / "private"
    switched_on = {"ServerApp": {"jpserver_extensions": {"jupyter_server_terminals": True}}}
    page = {"disabledExtensions": {}, "terminalsAvailable": True, "planted": True}
    for folder in (workspace, private, private / ".jupyter", private / "data"):
        for place in PLACES:
            file = folder / place
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(HOSTILE)
        for name in ("jupyter_server_config.json", "jupyter_config.json"):
            (folder / name).write_text(json.dumps(switched_on))
        for name in ("jupyter_server_config.d/terminals.json", "labconfig/page_config.json"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            planted = switched_on if name.startswith("jupyter") else page
            (folder / name).write_text(json.dumps(planted))
    overrides = private / "lab" / "settings" / "overrides.json"
    overrides.parent.mkdir(parents=True, exist_ok=True)
    overrides.write_text("{}")
    browser = Browser(served.hub)
    browser.sign_in("ada", PASSWORD, CODE)
    assert browser.open("ada", OTHER).status_code == 200
    yield browser
    browser.stop("ada", OTHER)
    browser.close()


@pytest.fixture
def log(ada, served):
    return (served.home / "logs" / f"session-ada--{OTHER}.log").read_text()


sealed = [pytest.mark.sealed, pytest.mark.xdist_group("hub")]


class TestServed:
    pytestmark = sealed

    def test_no_configuration_but_its_own_is_read(self, ada, log):
        assert "/planted" not in str(ada.http.get(f"{BASE}/").url)
        assert ada.http.get(f"{BASE}/api/terminals").status_code == 404
        assert ada.http.get(f"{BASE}/api/contents/.jupyter").status_code == 404
        page = ada.http.get(f"{BASE}/lab").text
        found = json.loads(page.split('type="application/json">')[1].split("</script>")[0])
        assert "planted" not in found
        assert found["terminalsAvailable"] is False
        assert "@jupyterlab/filebrowser-extension:download" in found["disabledExtensions"]

    def test_only_the_extensions_of_the_list_are_loaded(self, log):
        loaded = set(re.findall(r"(\S+) \| extension was successfully loaded", log))
        assert loaded == {"jupyterlab", "jupyterhub", "tre.hub.server.notice"}

    def test_every_address_of_these_versions_is_known(self, log):
        assert "closed, since routes.py does not know them" not in log
        (opened, closed) = re.findall(r"(\d+) addresses are open, (\d+) closed", log)[-1]
        assert int(opened) > 20
        assert int(closed) > 10

    @pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "PATCH"])
    @pytest.mark.parametrize(
        "path",
        [
            "/api/shutdown",
            "/api/events",
            "/api/spec.yaml",
            "/api/security/csp-report",
            "/metrics",
            "/lab/api/build",
            "/lab/api/extensions",
            "/lab/api/plugins",
            "/kernelspecs/python3/kernel.json",
            "/lab/api/news",
            "/lab/api/update",
            "/lab/api/licenses/",
        ],
    )
    def test_what_changes_or_tells_about_the_installation_is_closed(self, ada, method, path):
        assert ada.ask(method, BASE + path, json={}).status_code == 403

    @pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
    def test_no_configuration_is_written(self, ada, method):
        answer = ada.ask(method, f"{BASE}/api/config/server", json={"ServerApp": {}})
        assert answer.status_code in (403, 405)

    @pytest.mark.parametrize(
        "body",
        [{"cmd": "install", "extension_name": "x"}, {"cmd": "enable", "extension_name": "x"}],
    )
    def test_no_extension_is_installed_by_asking_for_it(self, ada, body):
        """CVE-2026-42266: the manager's policy was not asked for a POST."""
        assert ada.ask("POST", f"{BASE}/lab/api/extensions", json=body).status_code == 403

    @pytest.mark.parametrize(
        "path",
        [
            "/static/lab/../../../../etc/hostname",
            "/static/%2e%2e/%2e%2e/etc/hostname",
            "/kernelspecs/python3/%2e%2e/%2e%2e/session.json",
            "/kernelspecs/python3/kernel.json",
            "/lab/api/settings/%2e%2e%2f%2e%2e%2fsession",
            "/lab/api/workspaces/..%2f..%2fsession",
            "/lab/extensions/..%2f..%2f..%2fetc/hostname",
            "/lab/api/themes/..%2f..%2f..%2fetc/hostname",
        ],
    )
    def test_no_static_address_shows_the_machine(self, ada, path):
        answer = ada.http.get(BASE + path)
        assert "root" not in answer.text[:200] or answer.status_code >= 400
        assert "spec" not in answer.text or answer.status_code >= 400
        assert "tre-sealed" not in answer.text


@pytest.mark.parametrize("name", [*OPEN, *CLOSED])
def test_every_name_in_the_list_of_addresses_exists(name):
    module, _, handler = name.rpartition(".")
    assert issubclass(getattr(importlib.import_module(module), handler), web.RequestHandler)


def test_no_address_is_both_open_and_closed():
    assert not OPEN.keys() & CLOSED.keys()


class NewHandler(web.RequestHandler):
    """What a later version might bring."""


def test_an_address_that_nobody_decided_about_is_closed():
    application = web.Application([("/first", NewHandler)])
    application.add_handlers(".*$", [("/download-everything", NewHandler, {})])
    application.add_handlers("other.host", [("/x", NewHandler)])
    assert close_all_but_open(application) == [f"{__name__}.NewHandler"]
    targets = [rule.target for router in _routers(application) for rule in router.rules]
    assert Closed in targets
    assert NewHandler not in targets
    assert list(rules_of(application)) == []


def _routers(application):
    inner = [rule.target for rule in application.default_router.rules]
    return [application.wildcard_router, *inner]


FLOORS = {
    # Fixed in: CVE-2026-42557 (a click runs commands), CVE-2026-40171, CVE-2026-42266.
    "jupyterlab": "4.5.7",
    # The version whose addresses and messages were read.
    "jupyter_server": "2.21.1",
    "jupyterhub": "6.1.1",
}


@pytest.mark.parametrize("package", FLOORS)
def test_no_version_is_older_than_what_was_fixed(package):
    assert Version(version(package)) >= Version(FLOORS[package])


OTHER_WAYS = (
    *("jupyter_collaboration", "jupyter_server_ydoc", "jupyter_server_proxy", "nbgitpuller"),
    *("jupyter_resource_usage", "jupyterlab_git", "ipyparallel", "nbclassic"),
)


@pytest.mark.parametrize("package", OTHER_WAYS)
def test_no_package_that_opens_another_way_is_installed(package):
    assert find_spec(package) is None
