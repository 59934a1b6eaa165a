"""Signing in by way of an organisation's OpenID Connect provider, in the place of passwords."""

import asyncio
import base64
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

import httpx
import jwt
from oauthenticator.generic import GenericOAuthenticator
from oauthenticator.oauth2 import OAuthLoginHandler

from tre.config import Config
from tre.decision import UnusableRequestError
from tre.hub.gate import StepsGate
from tre.hub.refusals import SignInRefusedError
from tre.hub.still_signed_in import is_still_signed_in

SIGNATURES = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA")
"""Only signatures with the provider's own private key: never none, never a shared secret."""

SECONDS_TO_ANSWER = 10
CLOCK_SKEW_SECONDS = 60


class ProviderLoginHandler(OAuthLoginHandler):
    """Sends a browser to the provider with a nonce, for providers that do not look at PKCE."""

    def authorize_redirect(self, *args: Any, extra_params: dict[str, Any], **more: Any) -> Any:
        """Add the challenge as the nonce: its verifier is in this browser's cookie alone."""
        told = extra_params | {"nonce": extra_params["code_challenge"]}
        return super().authorize_redirect(*args, extra_params=told, **more)


class ProviderAuthenticator(GenericOAuthenticator):
    """Believes an ID token that the provider has signed for this hub; the step knows the person."""

    login_handler = ProviderLoginHandler
    gate: ClassVar[StepsGate]
    issuer: ClassVar[str]
    keys: ClassVar[jwt.PyJWKClient]

    async def authenticate(self, handler: Any, data: Any = None, **_: Any) -> str:
        """Exchange the code for an ID token, verify it, and return the account that is linked."""
        asked = self.build_access_tokens_request_params(handler, data)
        told = await self.get_token_info(handler, asked)
        try:
            claims = await asyncio.to_thread(self.claims_of, str(told.get("id_token", "")))
            if claims.get("nonce") != challenge_of(asked["code_verifier"]):
                raise jwt.InvalidTokenError(_NOT_THIS_BROWSER)
        except jwt.PyJWTError as error:
            self.log.warning("an ID token was not believed: %s", type(error).__name__)
            message = "Your organisation's answer could not be verified. Try to sign in again."
            raise SignInRefusedError(message) from error
        return await asyncio.to_thread(self._let_in, claims)

    def claims_of(self, token: str) -> dict[str, Any]:
        """Verify signature, issuer, audience and time. Raises jwt.PyJWTError otherwise."""
        return jwt.decode(
            token,
            self._key_of(token).key,
            algorithms=list(SIGNATURES),
            audience=self.client_id,
            issuer=self.issuer,
            leeway=CLOCK_SKEW_SECONDS,
            options={"require": ["exp", "iat", "iss", "aud", "sub"]},
        )

    def _key_of(self, token: str) -> jwt.PyJWK:
        """The provider's key that the token names; one that it does not name is its only one."""
        if "kid" in jwt.get_unverified_header(token):
            return self.keys.get_signing_key_from_jwt(token)
        known = self.keys.get_jwk_set().keys
        if len(known) != 1:
            message = "the token names no key, and the provider has several"
            raise jwt.PyJWKClientError(message)
        return known[0]

    def _let_in(self, claims: Mapping[str, Any]) -> str:
        from tre.steps.sign_in import SignInRefusedError as RefusedAtTheDoorError  # noqa: PLC0415
        from tre.steps.sign_in_from_provider import sign_in_from_provider  # noqa: PLC0415

        try:
            return sign_in_from_provider(self.gate.tre, claims).id
        except RefusedAtTheDoorError as error:
            raise SignInRefusedError(str(error)) from error

    async def refresh_user(self, user: Any, handler: Any = None, **_: Any) -> bool:
        """Whether somebody may still be signed in: asked of the rules here, every time."""
        return await is_still_signed_in(self.gate, user.name, handler)


_NOT_THIS_BROWSER = "the token was fetched by another browser"


def challenge_of(verifier: str) -> str:
    """Give the challenge of PKCE (RFC 7636, S256) that belongs to a verifier."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def use_provider(c: Any, config: Config, gate: StepsGate) -> None:
    """Have the hub sign people in by way of the provider of the settings.

    Raises UnusableRequestError where the provider cannot be asked or does not say what is needed.
    """
    issuer = config.oidc_issuer.rstrip("/")
    told = discovered(issuer)
    attributes: dict[str, Any] = {
        "gate": gate,
        "issuer": told["issuer"],
        "keys": jwt.PyJWKClient(told["jwks_uri"], timeout=SECONDS_TO_ANSWER),
        "__doc__": ProviderAuthenticator.__doc__,
    }
    c.JupyterHub.authenticator_class = type(
        "ProviderAuthenticator", (ProviderAuthenticator,), attributes
    )
    ours = c.ProviderAuthenticator
    ours.client_id = config.oidc_client_id
    ours.client_secret = secret_of(config)
    ours.authorize_url = told["authorization_endpoint"]
    ours.token_url = told["token_endpoint"]
    ours.oauth_callback_url = f"{config.url}/hub/oauth_callback"
    ours.scope = ["openid"]
    ours.enable_pkce = True
    ours.login_service = "your organisation"


def discovered(issuer: str) -> dict[str, str]:
    """Read the provider's own description; over TLS, but for one on this machine."""
    parts = urlsplit(issuer)
    if parts.scheme != "https" and parts.hostname not in {"127.0.0.1", "localhost", "::1"}:
        message = f"setting 'oidc_issuer' must begin with https://, not {issuer[:60]!r}"
        raise UnusableRequestError(message)
    try:
        answer = httpx.get(f"{issuer}/.well-known/openid-configuration", timeout=SECONDS_TO_ANSWER)
        told = answer.raise_for_status().json()
        found = {name: str(told[name]) for name in _NEEDED}
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
        message = f"the identity provider {issuer} does not describe itself ({error!r})"
        raise UnusableRequestError(message) from error
    if found["issuer"].rstrip("/") != issuer:
        message = f"the identity provider {issuer} calls itself {found['issuer'][:60]!r}"
        raise UnusableRequestError(message)
    return found


_NEEDED = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")


def secret_of(config: Config) -> str:
    """Read the client's secret from its file. Raises UnusableRequestError where others can too."""
    file = Path(config.oidc_client_secret_file)
    try:
        mode, secret = file.stat().st_mode, file.read_text(encoding="utf-8").strip()
    except OSError as error:
        message = f"setting 'oidc_client_secret_file': {error.strerror}"
        raise UnusableRequestError(message) from error
    if mode & 0o077 or not secret:
        message = "the file of 'oidc_client_secret_file' must hold the secret and be mode 0600"
        raise UnusableRequestError(message)
    return secret
