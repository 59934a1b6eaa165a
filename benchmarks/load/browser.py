"""One person's browser: it keeps cookies, follows forms, and notes how long every answer took."""

import asyncio
import math
import random
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from benchmarks.load.acts import Act, Acts
from benchmarks.load.forms import Page

PATIENCE_SECONDS = 60.0
_KEPT_OPEN_SECONDS = 3.0
"""Shorter than uvicorn's five, or a form is sent into a connection that is just being closed."""
SEE_OTHER = 303
NO_ANSWER = 0
"""The status of what was never answered."""

Upload = tuple[str, tuple[str, bytes, str]]


@dataclass(slots=True)
class Notebook:
    """What everybody's browsers note: samples of (kind, seconds, status), and acts."""

    samples: list[tuple[str, float, int]] = field(default_factory=list)
    confirmed: list[Act] = field(default_factory=list)
    unsure: list[Act] = field(default_factory=list)
    downloads: list[tuple[int, str]] = field(default_factory=list)

    def note(self, status: int, acts: Sequence[Act]) -> None:
        """Keep acts by what the browser was told: done, nothing, or no word that could be read."""
        if status == SEE_OTHER:
            self.confirmed += acts
        elif status == NO_ANSWER or status >= httpx.codes.INTERNAL_SERVER_ERROR:
            self.unsure += acts


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How people use it. think_seconds: the mean pause before a click, drawn exponentially.

    twice: the share of buttons that are pressed two times at once.
    """

    think_seconds: float
    twice: float


class OverError(Exception):
    """The time is over: whoever was thinking goes home."""


class Browser:
    """One person, who is signed in with `sign_in` first."""

    def __init__(self, address: str, person: str, notebook: Notebook, pace: Pace, seed: int):
        self.person, self.notebook, self.pace = person, notebook, pace
        self.chance = random.Random(f"{seed} {person}")  # noqa: S311 - pauses and choices
        self._address, self._until = address, math.inf
        self._http = httpx.AsyncClient(
            base_url=address,
            timeout=PATIENCE_SECONDS,
            limits=httpx.Limits(keepalive_expiry=_KEPT_OPEN_SECONDS),
            trust_env=False,
        )

    async def sign_in(self) -> None:
        """Go to the hub's stand-in and come back; fetch what a browser then keeps."""
        left = await self._http.get("/")
        state = parse_qs(urlsplit(left.headers["location"]).query)["state"][0]
        back = await self._http.get("/oauth_callback", params={"code": self.person, "state": state})
        if back.status_code != SEE_OTHER:
            message = f"{self.person} could not sign in: {back.status_code}"
            raise RuntimeError(message)
        home = await self._http.get("/")
        for path in set(re.findall(r'(?:href|src)="(/static/[^"]+)"', home.text)):
            await self._http.get(path)

    def until(self, moment: float) -> None:
        """Say when it is over, on the monotonic clock."""
        self._until = moment

    async def close(self) -> None:
        """Forget everything."""
        await self._http.aclose()

    async def think(self, times: float = 1.0) -> None:
        """Do nothing for a while; raises OverError where that is longer than there is time."""
        pause = self.chance.expovariate(1 / (times * self.pace.think_seconds))
        left = self._until - time.monotonic()
        await asyncio.sleep(max(0.0, min(pause, left)))
        if pause >= left:
            raise OverError

    def perhaps(self, share: float) -> bool:
        """Draw whether to do something."""
        return self.chance.random() < share

    async def open(self, kind: str, path: str) -> Page:
        """Open a page."""
        answer = await self._ask(kind, "GET", path)
        return Page(answer.status_code, answer.text) if answer else Page(NO_ANSWER, "")

    async def download(self, path: str) -> bytes | None:
        """Fetch a file; None where it is not given."""
        answer = await self._ask("download", "GET", path)
        return answer.content if answer and answer.status_code == httpx.codes.OK else None

    async def press(
        self,
        kind: str,
        action: str,
        fields: dict[str, Any],
        acts: Acts,
        uploads: Sequence[Upload] = (),
    ) -> str | None:
        """Press a form's button, perhaps twice at once; where the desk sends on to, if it does."""
        times = 2 if self.perhaps(self.pace.twice) else 1
        sending = [self.send(kind, action, fields, acts, uploads) for _ in range(times)]
        places = [place for place in await asyncio.gather(*sending) if place]
        return places[-1] if places else None

    async def send(
        self,
        kind: str,
        action: str,
        fields: dict[str, Any],
        acts: Acts,
        uploads: Sequence[Upload] = (),
    ) -> str | None:
        """Send a form once, and note what became of it."""
        more: dict[str, Any] = {"data": fields, "headers": {"origin": self._address}}
        if uploads:
            more["files"] = list(uploads)
        answer = await self._ask(kind, "POST", action, **more)
        status = answer.status_code if answer else NO_ANSWER
        place = answer.headers.get("location") if answer and status == SEE_OTHER else None
        self.notebook.note(status, acts(place or ""))
        return place

    async def _ask(self, kind: str, method: str, path: str, **more: Any) -> httpx.Response | None:
        began = time.perf_counter()
        try:
            answer = await self._http.request(method, path, **more)
        except httpx.HTTPError:
            answer = None
        took = time.perf_counter() - began
        self.notebook.samples.append((kind, took, answer.status_code if answer else NO_ANSWER))
        return answer
