"""Asks the desk many things quickly: one loop, one client, sessions that are opened once."""

import asyncio
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from fastapi.routing import APIRoute

from tests.demo import Demo
from tests.desk.browser import ADDRESS
from tests.desk.security.everybody import GHOST, NOBODY, Things
from tre.desk.gate import cookie_name
from tre.steps.people import load_person

UPLOAD = "upload"
"""The field of a form that holds a file."""


@dataclass
class Desk:
    """The desk with everybody's session, and a copy of its database to go back to."""

    app: FastAPI
    demo: Demo
    things: Things
    runner: asyncio.Runner = field(default_factory=asyncio.Runner)
    _secrets: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=self.app, raise_app_exceptions=False),
            base_url=ADDRESS,
        )
        self._copy = self.demo.tre.config.home / "copy.sqlite"
        _copy(self._database, self._copy)

    @property
    def _database(self) -> Path:
        return self.demo.tre.config.home / "tre.sqlite"

    def close(self) -> None:
        """End the loop."""
        self.runner.run(self._client.aclose())
        self.runner.close()

    def keep(self) -> None:
        """Go back to the database as it is now, from now on."""
        _copy(self._database, self._copy)

    def go_back(self) -> None:
        """Undo whatever was changed in the database since it was kept."""
        _copy(self._copy, self._database)

    def secret(self, visitor: str) -> str:
        """The secret of the visitor's session, which is opened where there is none."""
        sessions = self.app.state.sessions
        if sessions.find(self._secrets.get(visitor)) is None:
            self._secrets[visitor] = sessions.start(visitor, f"token-of-{visitor}")
        return self._secrets[visitor]

    def csrf(self, visitor: str) -> str:
        """The secret that the visitor's forms carry."""
        return self.app.state.sessions.find(self.secret(visitor)).csrf

    def cookie(self, visitor: str) -> dict[str, str]:
        """The header with the visitor's session."""
        if visitor == NOBODY:
            return {}
        return {"cookie": f"{cookie_name(self.demo.tre.config)}={self.secret(visitor)}"}

    def ask(self, method: str, path: str, visitor: str = NOBODY, **more: Any) -> httpx.Response:
        """Send one request exactly as given, with the visitor's cookie."""
        headers = {**self.cookie(visitor), **more.pop("headers", {})}
        answer = self.runner.run(self._client.request(method, path, headers=headers, **more))
        self._client.cookies.clear()
        return answer

    def press(
        self, method: str, path: str, visitor: str, sent: dict[str, Any] | None = None
    ) -> httpx.Response:
        """Send a change as the desk's own page or a program of the visitor would."""
        csrf = self.csrf(visitor) if visitor != NOBODY else ""
        headers = {"origin": ADDRESS}
        if sent is not None:
            sent = {key: self._named(visitor, value) for key, value in sent.items()}
        if path.startswith("/api/v1/"):
            return self.ask(
                method, path, visitor, json=sent, headers={**headers, "x-csrf-token": csrf}
            )
        fields = {name: value for name, value in (sent or {}).items() if name != UPLOAD}
        files = {UPLOAD: sent[UPLOAD]} if sent and UPLOAD in sent else None
        return self.ask(
            method, path, visitor, data={"csrf": csrf, **fields}, files=files, headers=headers
        )

    def _named(self, visitor: str, value: Any) -> Any:
        if value != "{name}" or visitor in {NOBODY, GHOST}:
            return value
        return load_person(self.demo.tre, visitor).name


def routes_of(app: FastAPI) -> list[tuple[str, str]]:
    """Every (method, path) that the desk serves, with the names of its parameters."""
    return [
        (method, route.path)
        for route in flat_routes(app)
        for method in sorted(getattr(route, "methods", None) or {"GET"})
    ]


def flat_routes(app: FastAPI) -> list[Any]:
    """Every route of the application, those of its routers too."""
    flat: list[Any] = []
    for route in app.routes:
        inside: Any = getattr(route, "effective_candidates", None)
        if inside:
            flat += [inner.original_route for inner in inside()]
        else:
            flat.append(route)
    return flat


def api_routes(app: FastAPI) -> list[APIRoute]:
    """The routes that a function answers: all but the folder of static files."""
    return [route for route in flat_routes(app) if isinstance(route, APIRoute)]


def methods_of(route: APIRoute) -> set[str]:
    """The methods to which a route answers."""
    return set(route.methods or ())


def _copy(source: Path, target: Path) -> None:
    with sqlite3.connect(source) as old, sqlite3.connect(target) as new:
        old.backup(new)
    old.close()
    new.close()
