"""A researcher: asks for releases, from a session or at the desk, answers, and fetches results."""

import asyncio
import hashlib
import json
import secrets
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.load.acts import Act, always
from benchmarks.load.browser import Browser
from benchmarks.load.people import CODE, Made
from tre.vocabulary import Action, ProjectId

SAID = {
    "context_what": "Counts behind table 2.",
    "context_population": "People known to services, 2015 to 2018.",
    "context_variables": "diagnosis, sex, region, year",
    "controls_counts": "Cells under 10 are withheld, and others so that they cannot be worked out.",
}
FROM_A_SESSION, MOST_TABLES = 0.5, 3
LETTER_SECONDS = 120.0
_OVER = {"released", "rejected", "withdrawn", "revoked"}


@dataclass(slots=True, kw_only=True)
class Researcher:
    """One of them, and the request that they have open, 0 for none.

    made: the tables of their project. outbox, replies: of their session.
    """

    browser: Browser
    project: ProjectId
    made: tuple[Made, ...]
    outbox: Path
    replies: Path
    request: int = 0
    asked: int = 0

    async def work(self) -> None:
        """Go on until OverError ends it."""
        while True:
            await self.browser.think()
            if self.request:
                await self._look_after()
            elif self.browser.perhaps(FROM_A_SESSION):
                await self._ask_from_session()
            else:
                await self._ask_at_desk()

    def _act(self, action: Action, what: str = "", request: int = 0) -> Act:
        return Act(
            actor=self.browser.person, tag=action, request=request or self.request, what=what
        )

    def _chosen(self) -> list[Made]:
        return self.browser.chance.sample(self.made, self.browser.chance.randint(1, MOST_TABLES))

    def _begun(self, request: int, files: int) -> list[Act]:
        """What is in the ledger of a request with so many files."""
        added = self._act(Action.UPDATE_REQUEST, "add a file", request)
        return [self._act(Action.CREATE_REQUEST, request=request), *[added] * files]

    async def _ask_from_session(self) -> None:
        """Leave a letter as a session does, and wait for the courier's answer."""
        self.asked += 1
        chosen, name = self._chosen(), secrets.token_hex(16)
        files = [*chosen, None]
        letter = {
            "version": 1,
            "kind": "release",
            "title": f"Release {self.asked} of {self.browser.person}",
            "context": SAID["context_what"],
            "controls": SAID["controls_counts"],
            "files": [
                {"name": one.name, "kind": "output", "declaration": one.declaration}
                if one
                else {"name": "tables.py", "kind": "code", "declaration": None}
                for one in files
            ],
        }
        part = self.outbox / f"{name}.part"
        (part / "files").mkdir(parents=True)
        for number, one in enumerate(files):
            content = one.content.encode() if one else CODE
            (part / "files" / str(number)).write_bytes(content)
        (part / "request.json").write_text(json.dumps(letter), encoding="utf-8")
        began = time.perf_counter()
        part.rename(self.outbox / name)
        reply = await self._reply(self.replies / f"{name}.json", began)
        if reply.get("outcome") == "done":
            self.request = int(reply["request"])
            self.browser.notebook.confirmed += [
                *self._begun(self.request, len(files)),
                self._act(Action.SUBMIT_REQUEST),
            ]

    async def _reply(self, file: Path, began: float) -> dict:
        while not file.exists() and time.perf_counter() < began + LETTER_SECONDS:
            await asyncio.sleep(0.1)
        took = time.perf_counter() - began
        reply = json.loads(file.read_bytes()) if file.exists() else {}
        status = {"done": 200, "refused": 403, "unusable": 422}.get(reply.get("outcome", ""), 0)
        self.browser.notebook.samples.append(("letter", took, status))
        return reply

    async def _ask_at_desk(self) -> None:
        """Fill in the form, look at the draft and at a file of it, and submit it."""
        browser = self.browser
        await browser.open("home", "/")
        await browser.think()
        page = await browser.open("form", f"/requests/new?project={self.project}")
        fields = page.form("/requests/new")
        if fields is None:
            return
        await browser.think(2)
        self.asked += 1
        chosen = self._chosen()
        fields |= {"title": f"Release {self.asked} of {browser.person}", **SAID}
        place = await browser.press(
            "create",
            "/requests/new",
            fields | {"path": [one.name for one in chosen]},
            lambda place: self._made_at(place, len(chosen) + 1),
            [("upload", ("asked.py", CODE, "text/x-python"))],
        )
        if place:
            self.request = _number(place)
            await browser.open("request", place)

    def _made_at(self, place: str, files: int) -> list[Act]:
        if not place:
            return []
        request = _number(place)
        described = self._act(Action.UPDATE_REQUEST, "describe a group", request)
        return [*self._begun(request, files), described]

    async def _look_after(self) -> None:
        """See how the request stands, and do what its author can do now."""
        browser = self.browser
        if browser.perhaps(0.5):
            await browser.open(*browser.chance.choice((("home", "/"), ("requests", "/requests"))))
            await browser.think()
        where = f"/requests/{self.request}"
        page = await browser.open("request", where)
        state = next(iter(page.matches(r'<span class="state state-([a-z-]+)"')), "")
        if browser.perhaps(0.3) and (files := page.matches(rf'href="({where}/files/\d+)"')):
            await browser.think()
            await browser.open("file", browser.chance.choice(files))
        if state in {"draft", "returned"}:
            await browser.think()
            await self._submit(state)
        elif state == "released":
            await self._fetch()
        if state in _OVER:
            self.request = 0
        elif state not in {"draft", "returned"}:
            await browser.think(2)  # there is nothing to do but to wait

    async def _submit(self, state: str) -> None:
        """Answer what came back, and hand it to the checkers."""
        browser, where = self.browser, f"/requests/{self.request}"
        if state == "returned":
            page = await browser.open("request", where)
            fields = page.form(f"{where}/comments")
            if fields is not None:
                said = self._act(Action.COMMENT, "public")
                text = {"text": "It is withheld in the table of regions as well now."}
                await browser.press("comment", f"{where}/comments", fields | text, always(said))
                await browser.think()
        page = await browser.open("request", where)
        fields = page.form(f"{where}/submit")
        if fields is not None:
            act = self._act(Action.SUBMIT_REQUEST)
            if await browser.press("submit", f"{where}/submit", fields, always(act)):
                await browser.open("request", where)

    async def _fetch(self) -> None:
        await self.browser.open("releases", "/releases")
        bundle = await self.browser.download(f"/releases/{self.request}/download")
        if bundle is not None:
            sha256 = hashlib.sha256(bundle).hexdigest()
            self.browser.notebook.downloads.append((self.request, sha256))
            self.browser.notebook.confirmed.append(self._act(Action.DOWNLOAD_RELEASE, sha256))


def _number(place: str) -> int:
    return int(place.rsplit("/", 1)[-1])
