"""Signing in: name, password and one-time code, checked by the step; and asked about again."""

import asyncio
from typing import Any, ClassVar

from jupyterhub.auth import Authenticator

from tre.hub.gate import Gate, SignInFailedError
from tre.hub.refusals import SignInRefusedError
from tre.hub.still_signed_in import is_still_signed_in


class TwoFactorAuthenticator(Authenticator):
    """Believes nobody without a second factor; who may open what is decided later, every time."""

    gate: ClassVar[Gate]
    request_otp = True
    otp_prompt = "One-time code"

    async def authenticate(self, handler: Any, data: dict[str, str]) -> str:  # noqa: ARG002
        """Return the account's name, or show why not on the sign-in page.

        A recovery code may stand where the app's code does; the step knows them apart.
        """
        name = data.get("username", "").strip().lower()
        code = data.get("otp", "").replace(" ", "")
        try:
            return await asyncio.to_thread(self.gate.sign_in, name, data.get("password", ""), code)
        except SignInFailedError as error:
            raise SignInRefusedError(str(error)) from error

    async def refresh_user(self, user: Any, handler: Any = None) -> bool:
        """Whether somebody may still be signed in; JupyterHub asks with every request.

        Where the gate does not answer, this raises, and the page or call fails: nobody is let on.
        """
        return await is_still_signed_in(self.gate, user.name, handler)

    def normalize_username(self, username: str) -> str:
        """Take the account's name as the environment writes it."""
        return username.strip().lower()


def authenticator_for(gate: Gate) -> type[TwoFactorAuthenticator]:
    """Make the class that asks this gate: JupyterHub itself creates the instance."""
    attributes: dict[str, Any] = {"gate": gate, "__doc__": TwoFactorAuthenticator.__doc__}
    return type("TwoFactorAuthenticator", (TwoFactorAuthenticator,), attributes)
