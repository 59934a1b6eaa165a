"""A browser without a window: it keeps cookies, follows a sign-in, fills in forms."""

import asyncio
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from fastapi import FastAPI

ADDRESS = "http://127.0.0.1:8001"
"""The desk's own address with the settings that the tests use."""


class Browser:
    """One person's browser in front of a desk that runs in this process."""

    def __init__(self, app: FastAPI, person: str | None = None):
        self.app = app
        self.cookies = httpx.Cookies()
        self._secrets: dict[tuple[tuple[str, str], ...], str] = {}
        if person:
            self.sign_in(person)

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Send one request as it is, and follow nothing."""
        return asyncio.run(self._ask(method, path, **more))

    async def _ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(
            transport=transport, base_url=ADDRESS, cookies=self.cookies
        ) as client:
            answer = await client.request(method, path, **more)
            self.cookies = client.cookies
            return answer

    def get(self, path: str, **headers: str) -> httpx.Response:
        """Open a page."""
        return self.ask("GET", path, headers=headers)

    def sign_in(self, person: str, path: str = "/") -> httpx.Response:
        """Go to the hub and come back as that person."""
        state = parse_qs(urlsplit(self.get(path).headers["location"]).query)["state"][0]
        return self.get(f"/oauth_callback?code={person}&state={state}")

    @property
    def csrf(self) -> str:
        """The secret that the desk's forms carry for this session, which is read once."""
        session = tuple(sorted(self.cookies.items()))
        if session not in self._secrets:
            found = re.search(r'name="csrf" value="([^"]+)"', self.get("/projects").text)
            assert found
            self._secrets[session] = found[1]
        return self._secrets[session]

    def send(
        self, path: str, fields: Mapping[str, Any] | None = None, files: Any = None
    ) -> httpx.Response:
        """Press a form's button, as a browser on the desk's own page would."""
        return self.ask(
            "POST",
            path,
            data={"csrf": self.csrf, **(fields or {})},
            files=files,
            headers={"origin": ADDRESS},
        )

    def call(self, method: str, path: str, **sent: Any) -> httpx.Response:
        """Call the JSON API from the desk's own origin, with its cookie and token."""
        headers = {"origin": ADDRESS, "x-csrf-token": self.csrf}
        more = {"json": sent} if sent else {}
        return self.ask(method, f"/api/v1{path}", headers=headers, **more)
