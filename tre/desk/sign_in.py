"""Who somebody is, as the hub says: OAuth with JupyterHub, and a stand-in for tests."""

from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote, urlencode

from jupyterhub.services.auth import HubOAuth
from tornado.web import HTTPError

from tre.config import Config
from tre.vocabulary import PersonId

CLIENT_ID = "service-desk"
ACCESS_SCOPE = "access:services!service=desk"
HUB_ANSWERS_ARE_KEPT_SECONDS = 30
"""How long after a sign-out at the hub the desk may still believe a session."""


class HubAwayError(Exception):
    """The hub does not answer, so nobody's identity can be verified: nothing is allowed."""


class UnknownStateError(Exception):
    """A sign-in came back that this desk did not begin, or that took too long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """Where to send a browser to sign in, and the state that it must bring back."""

    url: str
    state: str


class SignIn(Protocol):
    """What the desk asks of whoever knows the people."""

    def depart(self, next_path: str) -> Departure:
        """Begin a sign-in that ends at `next_path`."""
        ...

    async def arrive(self, code: str, state: str) -> tuple[str, str]:
        """Finish a sign-in: the hub's token, and the path to go on to. Raises the errors above."""
        ...

    async def person_of(self, token: str) -> PersonId | None:
        """Whose token it is, now; None where it is nobody's or may not use the desk."""
        ...

    def farewell(self) -> str:
        """Where a browser goes to be signed out of the hub as well."""
        ...


class HubSignIn:
    """Sign-in through JupyterHub, by OAuth with PKCE; the desk is another origin than the hub."""

    def __init__(self, config: Config, auth: HubOAuth | None = None):
        self._config = config
        self._auth = auth or HubOAuth(
            oauth_client_id=CLIENT_ID,
            oauth_redirect_uri=f"{config.desk_address}/oauth_callback",
            oauth_authorization_url=f"{config.url}/hub/api/oauth2/authorize",
            cache_max_age=HUB_ANSWERS_ARE_KEPT_SECONDS,
            base_url="/",
        )

    def depart(self, next_path: str) -> Departure:
        """Begin a sign-in; the state holds neither the path nor the verifier in clear."""
        verifier, challenge, method = self._auth.generate_pkce_code_challenge()
        state = self._auth.generate_state(next_path, code_verifier=verifier)
        more = {"state": state, "code_challenge": challenge, "code_challenge_method": method}
        return Departure(url=f"{self._auth.login_url}&{urlencode(more)}", state=state)

    async def arrive(self, code: str, state: str) -> tuple[str, str]:
        """Exchange the hub's code for a token."""
        verifier = self._auth.get_code_verifier(state)
        if verifier is None:
            raise UnknownStateError
        next_path = self._auth.get_next_url(state)
        self._auth.clear_oauth_state(state)
        try:
            token = await self._auth.token_for_code(code, code_verifier=verifier, sync=False)
        except HTTPError as error:
            raise HubAwayError from error
        return token, next_path

    async def person_of(self, token: str) -> PersonId | None:
        """Ask the hub (its answer is kept for half a minute) whose token it is."""
        try:
            model = await self._auth.user_for_token(token, sync=False)
        except HTTPError as error:
            raise HubAwayError from error
        if not model or model.get("kind") != "user":
            return None
        wanted = self._auth.access_scopes or {ACCESS_SCOPE}
        if not self._auth.check_scopes(wanted, {"scopes": model.get("scopes", [])}):
            return None
        return str(model["name"])

    def farewell(self) -> str:
        """The hub's own sign-out, which also ends its tokens."""
        return f"{self._config.url}/hub/logout"


class FakeSignIn:
    """A hub that believes every name: the code of a sign-in is the person's id."""

    def __init__(self, config: Config):
        self._config = config
        self._begun: dict[str, str] = {}
        self.is_away = False
        self.gone: set[PersonId] = set()

    def depart(self, next_path: str) -> Departure:
        """Begin a sign-in, with states counted from 1."""
        state = f"state-{len(self._begun) + 1}"
        self._begun[state] = next_path
        return Departure(
            url=f"{self._config.url}/hub/api/oauth2/authorize?state={quote(state)}", state=state
        )

    async def arrive(self, code: str, state: str) -> tuple[str, str]:
        """Give a token for a state that was begun, once."""
        if state not in self._begun:
            raise UnknownStateError
        return f"token-of-{code}", self._begun.pop(state)

    async def person_of(self, token: str) -> PersonId | None:
        """Read the person out of the token, unless they are gone or the hub is away."""
        if self.is_away:
            raise HubAwayError
        person = token.removeprefix("token-of-")
        return None if person == token or person in self.gone else person

    def farewell(self) -> str:
        """The hub's sign-out."""
        return f"{self._config.url}/hub/logout"
