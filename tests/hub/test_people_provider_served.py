"""The whole hub with an organisation's own sign-in: from its page to the provider and back."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.hub.conftest import ROOT, free_ports
from tests.hub.provider import provider_of
from tre.config import Config
from tre.steps.link_identity import link_identity
from tre.steps.tre import open_tre

SETTINGS = """
port = {port}
oidc_issuer = "{issuer}"
oidc_client_id = "tre-hub"
oidc_client_secret_file = "{secret}"
"""


@dataclass
class Hub:
    address: str
    provider: str


@pytest.fixture(scope="module")
def hub(sealable: None, demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """The hub, really started, before a provider that knows two people; one of them is linked."""
    home = tmp_path_factory.mktemp("provider") / "home"
    shutil.copytree(demo_home, home)
    people = ({"sub": "2101", "amr": ["mfa"]}, {"sub": "2102", "amr": ["mfa"]})
    with provider_of(people) as issuer:
        secret, port = home / "keys" / "oidc", free_ports()
        secret.write_text("a-secret-of-the-hub")
        secret.chmod(0o600)
        (home / "tre.toml").write_text(SETTINGS.format(port=port, issuer=issuer, secret=secret))
        tre = open_tre(Config.load(home, {}))
        link_identity(tre, "mia", "ada", "2101")
        tre.close()
        process = started(home)
        yield Hub(f"http://127.0.0.1:{port}", issuer)
        process.send_signal(signal.SIGINT)
        process.wait(90)


def started(home: Path) -> subprocess.Popen[bytes]:
    """Start `tre up`, and wait until it says that it is ready."""
    log = home.with_suffix(".log")
    with log.open("wb") as told:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.hub.serve_provider", str(home)],
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            cwd=ROOT,
            stdout=told,
            stderr=told,
            start_new_session=True,
        )
    until = time.monotonic() + 150
    while "Ctrl-C" not in log.read_text():
        if process.poll() is not None or time.monotonic() > until:
            process.kill()
            process.wait()
            raise AssertionError(log.read_text())
        time.sleep(0.1)
    return process


def come_in(hub: Hub, subject: str) -> httpx.Response:
    """Press the button of the hub's page, sign in at the provider, and follow back."""
    with httpx.Client(base_url=hub.address, follow_redirects=True, timeout=90) as browser:
        page = browser.get("/hub/login")
        assert 'name="password"' not in page.text
        assert "Sign in with your organisation" in page.text
        asked = browser.get("/hub/oauth_login")
        assert str(asked.url).startswith(hub.provider)
        return browser.post(asked.url, data={"sub": subject})


def test_somebody_who_is_linked_comes_home(hub: Hub) -> None:
    home = come_in(hub, "2101")
    assert home.status_code == 200
    assert str(home.url).startswith(hub.address)
    assert "Early-onset psychosis and attainment" in home.text


def test_somebody_who_is_not_linked_reads_why_and_is_not_in(hub: Hub) -> None:
    refused = come_in(hub, "2102")
    assert refused.status_code == 403
    assert "no account here is linked to you" in refused.text


def test_an_answer_that_this_hub_did_not_ask_for_is_refused(hub: Hub) -> None:
    with httpx.Client(base_url=hub.address) as browser:
        answer = browser.get("/hub/oauth_callback?code=abc&state=def")
    assert answer.status_code in {400, 403}
