"""The hub's settings, as JupyterHub would read them."""

from dataclasses import replace
from pathlib import Path

import pytest
from jupyterhub.scopes import scope_definitions
from traitlets.config import Config as Traits

from tests.hub.fake_gate import FakeGate
from tre.config import Config
from tre.hub.configuration import OF_EVERYBODY, configure
from tre.hub.look import page_policy
from tre.hub.ports import Ports, ports_of
from tre.hub.services import service_environment

ROOT = Path(__file__).parents[2]


@pytest.fixture
def c(tmp_path, monkeypatch):
    monkeypatch.setattr("tre.hub.configuration.proxy_command", lambda: ["node", "proxy"])
    settings = Traits()
    configure(settings, Config(home=tmp_path, port=18800), FakeGate(tmp_path))
    return settings


def test_everything_listens_on_this_machine_alone(c):
    assert c.JupyterHub.bind_url == "http://127.0.0.1:18800"
    assert c.JupyterHub.hub_ip == "127.0.0.1"
    assert c.ConfigurableHTTPProxy.api_url == "http://127.0.0.1:18803"


def test_nobody_is_an_administrator_and_no_server_token_reaches_far(c):
    assert c.Authenticator.admin_users == set()
    assert c.JupyterHub.admin_access is False
    assert c.Spawner.server_token_scopes == ["users:activity!user", "access:servers!server"]
    assert c.Spawner.disable_user_config is True
    (user,) = c.JupyterHub.load_roles
    assert user["scopes"] == list(OF_EVERYBODY)


def test_nobody_makes_or_reads_tokens(c):
    """Nor by a wider scope that would bring them along, as JupyterHub's `self` does."""
    (user,) = c.JupyterHub.load_roles
    given = {scope.split("!")[0] for scope in user["scopes"]}
    means = set(given)
    while more := {sub for one in means for sub in _subscopes(one)} - means:
        means |= more
    assert not [scope for scope in means if "tokens" in scope or "shares" in scope]
    assert not given & {"self", "inherit", "all"}


def _subscopes(scope: str) -> list[str]:
    return list(scope_definitions[scope].get("subscopes", ()))


def test_whether_somebody_is_still_signed_in_is_asked_for_every_browser_anew(c):
    assert c.Authenticator.auth_refresh_age < 0
    assert c.Authenticator.auth_refresh_strict is True


def test_desk_and_courier_are_services_with_the_same_settings(c, tmp_path):
    desk, courier, run_again = c.JupyterHub.services
    assert desk["oauth_client_id"] == "service-desk"
    assert desk["oauth_redirect_uri"] == "http://127.0.0.1:18801/oauth_callback"
    assert courier["command"][-2:] == ["-m", "tre.courier"]
    assert run_again["command"][-2:] == ["-m", "tre.hub.reproducing"]
    assert run_again["environment"] == courier["environment"] == desk["environment"]
    assert desk["environment"]["TRE_HOME"] == str(tmp_path)


def test_services_read_the_settings_that_they_were_given(tmp_path):
    given = Config(home=tmp_path, port=9000, desk_port=9100, people=5000, place="assured office")
    never = replace(given, rerun_minutes=0)  # a zero is not nothing
    for config in (given, never):
        assert Config.load(environ=service_environment(config)) == config


def test_the_state_of_the_hub_is_private(c, tmp_path):
    assert (tmp_path / "hub").stat().st_mode & 0o777 == 0o700


def test_the_file_for_an_installation_by_hand_has_ten_lines():
    text = (ROOT / "deploy" / "hub" / "jupyterhub_config.py").read_text()
    assert len(text.splitlines()) <= 10
    assert "configure(c, Config.load())" in text


def test_the_hubs_pages_run_their_own_script_alone(tmp_path):
    policy = page_policy(Config(home=tmp_path))
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize(
    ("port", "desk_port", "expected"),
    [
        (8000, 0, Ports(hub=8000, desk=8001, inner=8002, proxy=8003)),
        # A desk elsewhere leaves no hole, and is not counted twice.
        (8000, 9000, Ports(hub=8000, desk=9000, inner=8001, proxy=8002)),
        (8000, 8002, Ports(hub=8000, desk=8002, inner=8001, proxy=8003)),
        # At the end of the range, counting goes on downwards.
        (65_534, 0, Ports(hub=65_534, desk=65_535, inner=65_533, proxy=65_532)),
    ],
)
def test_ports_follow_one_another(port, desk_port, expected, tmp_path):
    assert ports_of(Config(home=tmp_path, port=port, desk_port=desk_port)) == expected
