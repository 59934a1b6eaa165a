"""Signing in by way of an identity provider: a real one, in a process of its own."""

import asyncio
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import jwt
import pytest
from oauthenticator.oauth2 import OAuthLoginHandler, _serialize_state
from traitlets.config import Config as Traits

from tests.demo import PASSWORD, Demo
from tests.hub.provider import provider_of
from tre.decision import RefusedError, UnusableRequestError
from tre.hub.gate import StepsGate
from tre.hub.oidc import (
    ProviderAuthenticator,
    ProviderLoginHandler,
    challenge_of,
    discovered,
    secret_of,
    use_provider,
)
from tre.hub.refusals import SignInRefusedError
from tre.steps.link_identity import link_identity
from tre.steps.people import load_person
from tre.steps.read_ledger import read_ledger
from tre.steps.second_factor import current_code
from tre.steps.sign_in import SignInRefusedError as RefusedAtTheDoorError
from tre.steps.sign_in import sign_in
from tre.steps.tre import Tre

PEOPLE = (
    {"sub": "2101", "amr": ["pwd", "mfa"]},
    {"sub": "2102", "amr": ["pwd"]},
    {"sub": "2103", "acr": "mfa"},
)


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """The address of an OpenID Connect provider that knows three people."""
    with provider_of(PEOPLE) as address:
        yield address


@dataclass
class Handler:
    """As much of the hub's handler as the exchange of a code needs."""

    code: str
    verifier: str

    def get_argument(self, name: str, default: Any = None) -> Any:
        return self.code if name == "code" else default

    def get_state_cookie(self) -> str:
        return _serialize_state({"code_verifier": self.verifier})


@dataclass
class Door:
    """The hub's door with a provider, and a browser before it."""

    tre: Tre
    authenticator: ProviderAuthenticator

    def code_of(self, subject: str, verifier: str) -> str:
        """Sign in at the provider as a browser does, and give the code it comes back with."""
        challenge = challenge_of(verifier)
        asked = {
            "client_id": self.authenticator.client_id,
            "redirect_uri": self.authenticator.oauth_callback_url,
            "response_type": "code",
            "scope": "openid",
            "state": "x",
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            "nonce": challenge,
        }
        url = f"{self.authenticator.authorize_url}?{urlencode(asked)}"
        answer = httpx.post(url, data={"sub": subject})
        return parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]

    def come_in(self, subject: str, verifier: str | None = None) -> str:
        """Sign in there and arrive here; `verifier`: what another browser holds."""
        own = secrets.token_urlsafe(48)
        handler = Handler(self.code_of(subject, own), verifier or own)
        return asyncio.run(self.authenticator.authenticate(handler))


def door_of(demo: Demo, provider: str, **more: str) -> Door:
    file = demo.tre.config.home / "keys" / "oidc"
    file.write_text("a-secret-of-the-hub\n")
    file.chmod(0o600)
    told = {"oidc_issuer": provider, "oidc_client_id": "tre-hub"}
    config = replace(demo.tre.config, oidc_client_secret_file=str(file), **told, **more)
    tre = replace(demo.tre, config=config)
    gate = StepsGate(config)
    gate.__dict__["tre"] = tre
    c = Traits()
    use_provider(c, config, gate)
    return Door(tre, c.JupyterHub.authenticator_class(config=c))


@pytest.fixture
def door(demo: Demo, provider: str) -> Door:
    return door_of(demo, provider)


def test_somebody_who_is_linked_comes_in_with_the_providers_second_factor(door: Door) -> None:
    link_identity(door.tre, "mia", "ada", "2101")
    assert door.come_in("2101") == "ada"
    entry = read_ledger(door.tre, "omar", person="ada", limit=1)[0]
    assert (entry.tag, entry.details) == ("people:account:sign-in", {"with": "identity provider"})


def test_whom_nobody_linked_is_refused_in_words_and_no_account_is_made(door: Door) -> None:
    with pytest.raises(SignInRefusedError) as refusal:
        door.come_in("2101")
    assert "no account here is linked to you" in refusal.value.jupyterhub_message
    with pytest.raises(UnusableRequestError):
        load_person(door.tre, "2101")


def test_without_a_second_factor_at_the_provider_nobody_comes_in(door: Door) -> None:
    link_identity(door.tre, "mia", "ada", "2102")
    with pytest.raises(SignInRefusedError) as refusal:
        door.come_in("2102")
    assert "without a second factor" in refusal.value.jupyterhub_message


def test_the_class_of_a_sign_in_may_say_it_as_well_and_the_word_is_a_setting(
    demo: Demo, provider: str
) -> None:
    door = door_of(demo, provider)
    link_identity(door.tre, "mia", "ada", "2103")
    assert door.come_in("2103") == "ada"
    stricter = door_of(demo, provider, oidc_second_factor="hwk")
    with pytest.raises(SignInRefusedError):
        stricter.come_in("2103")


def test_a_code_that_another_browser_fetched_opens_nothing(door: Door) -> None:
    link_identity(door.tre, "mia", "ada", "2101")
    with pytest.raises(SignInRefusedError) as refusal:
        door.come_in("2101", verifier=secrets.token_urlsafe(48))
    assert "could not be verified" in refusal.value.jupyterhub_message


def test_the_challenge_is_that_of_the_standard_and_goes_along_as_the_nonce(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # RFC 7636, appendix B
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert challenge_of(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    sent: dict[str, Any] = {}
    monkeypatch.setattr(
        OAuthLoginHandler, "authorize_redirect", lambda _, **told: sent.update(told)
    )
    handler = ProviderLoginHandler.__new__(ProviderLoginHandler)
    handler.authorize_redirect(extra_params={"code_challenge": "abc", "state": "x"})
    assert sent["extra_params"] == {"code_challenge": "abc", "state": "x", "nonce": "abc"}


@pytest.mark.parametrize("change", ["signature", "audience", "issuer", "time", "none", "secret"])
def test_a_token_that_is_not_the_providers_for_this_hub_is_not_believed(
    door: Door, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    auth = door.authenticator
    verifier = secrets.token_urlsafe(48)
    handler = Handler(door.code_of("2101", verifier), verifier)
    asked = auth.build_access_tokens_request_params(handler)
    token = asyncio.run(auth.get_token_info(handler, asked))["id_token"]
    assert auth.claims_of(token)["sub"] == "2101"
    claims = jwt.decode(token, options={"verify_signature": False})
    head, body, signature = token.split(".")
    if change == "signature":
        token = f"{head}.{body}.{signature[:-4]}AAAA"
    elif change == "audience":
        auth.client_id = "another-hub"
    elif change == "issuer":
        monkeypatch.setattr(type(auth), "issuer", "https://elsewhere.example")
    elif change == "time":
        monkeypatch.setattr("tre.hub.oidc.CLOCK_SKEW_SECONDS", -(10**9))
    elif change == "none":
        token = jwt.encode(claims, "", algorithm="none")
    else:
        token = jwt.encode(claims, "x" * 32, algorithm="HS256")
    with pytest.raises(jwt.PyJWTError):
        auth.claims_of(token)


def test_a_subject_is_one_persons_and_only_managers_link(door: Door) -> None:
    link_identity(door.tre, "mia", "ada", "2101")
    with pytest.raises(UnusableRequestError, match="another person's"):
        link_identity(door.tre, "mia", "bola", "2101")
    for actor, about in (("ada", "ada"), ("cora", "bola"), ("mia", "mia")):
        with pytest.raises(RefusedError):
            link_identity(door.tre, actor, about, "2109")
    link_identity(door.tre, "mia", "ada", "2103")  # known under another subject from now on
    with pytest.raises(SignInRefusedError):
        door.come_in("2101")
    assert door.come_in("2103") == "ada"


def test_a_linked_account_has_one_door(door: Door) -> None:
    code = current_code(door.tre, "ada")
    link_identity(door.tre, "mia", "ada", "2101")
    for given in (code, ""):
        with pytest.raises(RefusedAtTheDoorError):
            sign_in(door.tre, "ada", PASSWORD, given)


def test_a_provider_that_is_not_one_is_refused_with_the_reason(provider: str) -> None:
    assert re.match(r"http://127\.0\.0\.1:\d+", discovered(provider)["token_endpoint"])
    for issuer, words in (
        ("http://idp.example", "must begin with https"),
        (f"{provider}/nowhere", "does not describe itself"),
        ("http://127.0.0.1:1", "does not describe itself"),
    ):
        with pytest.raises(UnusableRequestError, match=words):
            discovered(issuer)


def test_a_secret_that_others_can_read_is_refused(demo: Demo, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    config = replace(demo.tre.config, oidc_client_secret_file=str(file))
    with pytest.raises(UnusableRequestError, match="No such file"):
        secret_of(config)
    file.write_text("s")
    file.chmod(0o644)
    with pytest.raises(UnusableRequestError, match="mode 0600"):
        secret_of(config)
    file.chmod(0o600)
    assert secret_of(config) == "s"


def test_without_the_setting_nobody_is_linked(demo: Demo) -> None:
    with pytest.raises(UnusableRequestError, match="no identity provider is set"):
        link_identity(demo.tre, "mia", "ada", "2101")
