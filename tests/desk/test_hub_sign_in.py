"""What the desk makes of the hub's answers: who may come in, and that silence is a no."""

import asyncio
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from jupyterhub.services.auth import HubOAuth
from tornado.web import HTTPError

from tre.config import Config
from tre.desk.sign_in import HubAwayError, HubSignIn, UnknownStateError

CONFIG = Config(home=Path("home"))
ADA = {"name": "ada", "kind": "user", "scopes": ["access:services!service=desk"]}


class AnsweringHub(HubOAuth):
    """A hub that gives one answer to whoever asks; None for a token that it does not know."""

    answer: Any = None
    verifier: str | None = None

    def user_for_token(self, token: str, *_: Any, **__: Any) -> Any:
        return self._answered()

    def token_for_code(self, code: str, *, code_verifier: str | None = None, **_: Any) -> Any:
        self.verifier = code_verifier
        return self._answered()

    async def _answered(self) -> Any:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def hub() -> AnsweringHub:
    return AnsweringHub(
        api_token="secret",
        oauth_client_id="service-desk",
        oauth_redirect_uri=f"{CONFIG.desk_address}/oauth_callback",
        oauth_authorization_url=f"{CONFIG.url}/hub/api/oauth2/authorize",
        access_scopes={"access:services!service=desk"},
    )


def person_of(hub: AnsweringHub, answer: Any) -> str | None:
    hub.answer = answer
    return asyncio.run(HubSignIn(CONFIG, hub).person_of("token"))


def test_a_sign_in_begins_at_the_hub_with_a_state_and_a_challenge(hub: AnsweringHub):
    departure = HubSignIn(CONFIG, hub).depart("/requests/12")
    parts = urlsplit(departure.url)
    asked = parse_qs(parts.query)
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == (
        "http://127.0.0.1:8000/hub/api/oauth2/authorize"
    )
    assert asked["client_id"] == ["service-desk"]
    assert asked["redirect_uri"] == ["http://127.0.0.1:8001/oauth_callback"]
    assert asked["state"] == [departure.state]
    assert asked["code_challenge_method"] == ["S256"]
    assert "requests" not in departure.url.replace("redirect_uri", "")


def test_a_sign_in_ends_once_with_the_verifier_of_its_beginning(hub: AnsweringHub):
    sign_in = HubSignIn(CONFIG, hub)
    state = sign_in.depart("/requests/12").state
    hub.answer = "the-token"
    assert asyncio.run(sign_in.arrive("code", state)) == ("the-token", "/requests/12")
    assert hub.verifier
    with pytest.raises(UnknownStateError):
        asyncio.run(sign_in.arrive("code", state))


def test_a_state_that_nobody_began_is_refused(hub: AnsweringHub):
    with pytest.raises(UnknownStateError):
        asyncio.run(HubSignIn(CONFIG, hub).arrive("code", "made-up"))


@pytest.mark.parametrize(
    ("answer", "person"),
    [
        (ADA, "ada"),
        (None, None),
        # a service's or a server's own token is nobody's
        ({**ADA, "kind": "service"}, None),
        ({"name": "ada", "scopes": ADA["scopes"]}, None),
        # a token for something else, such as a session's own
        ({**ADA, "scopes": []}, None),
        ({**ADA, "scopes": ["access:servers!server=ada/study", "users:activity!user=ada"]}, None),
        ({**ADA, "scopes": ["access:services!service=other"]}, None),
    ],
)
def test_only_a_person_with_access_to_the_desk_is_somebody(
    hub: AnsweringHub, answer: Any, person: str | None
):
    assert person_of(hub, answer) == person


def test_without_any_scope_named_the_desks_own_is_still_asked_for(hub: AnsweringHub):
    hub.access_scopes = set()
    assert person_of(hub, {**ADA, "scopes": []}) is None
    assert person_of(hub, ADA) == "ada"


def test_a_hub_that_fails_is_away_and_recognises_nobody(hub: AnsweringHub):
    with pytest.raises(HubAwayError):
        person_of(hub, HTTPError(500))
    sign_in = HubSignIn(CONFIG, hub)
    state = sign_in.depart("/").state
    with pytest.raises(HubAwayError):
        asyncio.run(sign_in.arrive("code", state))


def test_the_way_out_leads_through_the_hub(hub: AnsweringHub):
    assert HubSignIn(CONFIG, hub).farewell() == "http://127.0.0.1:8000/hub/logout"
