"""A checker: takes a request from the queue, looks at every file, votes, reviews, and decides."""

import asyncio
import random
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field

from benchmarks.load.acts import Act, always, vote_on
from benchmarks.load.browser import Browser
from benchmarks.load.forms import Page
from tre.vocabulary import Action

WANTS_CHANGES, DISAGREES = 0.3, 0.1
"""The share of first turns that come back, and of votes that go against what most would say."""
EARLY, REJECTS, TOGETHER = 0.05, 0.1, 0.6
"""The share of reviews in whose place comes an early return; of decisions that are rejections where
it may not leave; and of approvals that two people press for at once."""
_FIRST = 6
"""How far down the queue a checker looks."""


@dataclass(slots=True, kw_only=True)
class Checker:
    """One of them. reviewers: who has reviewed which request, known to all of them."""

    browser: Browser
    seed: int
    reviewers: MutableMapping[int, dict[str, "Checker"]] = field(repr=False)

    async def work(self) -> None:
        """Go on until OverError ends it."""
        while True:
            await self.browser.think()
            if self.browser.perhaps(0.3):
                await self.browser.open("home", "/")
                await self.browser.think()
            queue = await self.browser.open("queue", "/queue")
            waiting = queue.matches(r'<a class="row-link" href="/requests/(\d+)">')
            if waiting:
                request = int(self.browser.chance.choice(waiting[:_FIRST]))
                await self.browser.think()
                await self._review(request)

    def act(self, action: Action, request: int, what: str = "") -> Act:
        """What this checker does to a request."""
        return Act(actor=self.browser.person, tag=action, request=request, what=what)

    async def _review(self, request: int) -> None:
        where = f"/requests/{request}"
        page = await self.browser.open("request", where)
        if self.browser.perhaps(EARLY) and await self._give_back(request, page):
            return
        if page.form(f"{where}/review") is None and page.form(f"{where}/approve") is None:
            page = await self._look_at_files(request, page)
        fields = page.form(f"{where}/review")
        if fields is not None:
            await self.browser.think()
            act = self.act(Action.SUBMIT_REVIEW, request)
            if await self.browser.press("review", f"{where}/review", fields, always(act)):
                self.reviewers.setdefault(request, {})[self.browser.person] = self
            page = await self.browser.open("request", where)
        await self._decide(request, page)

    async def _look_at_files(self, request: int, page: Page) -> Page:
        """Open every file; vote where there is something to vote on."""
        where = f"/requests/{request}"
        turn = next(iter(page.matches(r"<span>turn (\d+)</span>")), "1")
        for path in page.matches(rf'href="({where}/files/\d+)"'):
            await self.browser.think()
            shown = await self.browser.open("file", path)
            fields = shown.form(f"{path}/vote")
            if fields is not None:
                await self.browser.think()
                await self._vote(request, path, fields, self._choice(request, turn))
        return await self.browser.open("request", where)

    def _choice(self, request: int, turn: str) -> str:
        """What most would say of this turn, and now and then the contrary."""
        common = random.Random(f"{self.seed} {request} {turn}").random()  # noqa: S311
        wants_changes = turn == "1" and common < WANTS_CHANGES
        if self.browser.perhaps(DISAGREES):
            wants_changes = not wants_changes
        return "changes requested" if wants_changes else "approved"

    async def _vote(self, request: int, path: str, fields: Mapping[str, str], choice: str) -> None:
        voted = vote_on(int(path.rsplit("/", 1)[-1]), choice)
        acts = [self.act(Action.VOTE, request, voted)]
        text = ""
        if choice == "changes requested" or self.browser.perhaps(0.2):
            text = "Withhold the region with few people as well."
            acts.append(self.act(Action.COMMENT, request, "public"))
        filled = {**fields, "choice": choice, "text": text, "audience": "public"}
        if await self.browser.press("vote", f"{path}/vote", filled, always(*acts)):
            await self.browser.open("file", path)

    async def _decide(self, request: int, page: Page) -> None:
        """Approve where it may leave; otherwise, where two have answered, return or reject."""
        where = f"/requests/{request}"
        if page.form(f"{where}/approve") is not None:
            await self.browser.think()
            await self._approve(request)
        elif "state-reviewed" in page.text and "Not to be approved:" in page.text:
            await self.browser.think()
            if self.browser.perhaps(REJECTS):
                fields = page.form(f"{where}/reject")
                if fields is not None:
                    fields["reason"] = "It describes single people."
                    acts = [
                        self.act(Action.COMMENT, request, "public"),
                        self.act(Action.REJECT_REQUEST, request),
                    ]
                    await self.browser.press("return", f"{where}/reject", fields, always(*acts))
            else:
                await self._give_back(request, page)

    async def _approve(self, request: int) -> None:
        """Press for it; often the other reviewer does so at the same moment."""
        pressing: list[Checker] = [self]
        if self.browser.perhaps(TOGETHER):
            pressing += [one for one in self.reviewers.get(request, {}).values() if one is not self]
        where = f"/requests/{request}"
        pages = await asyncio.gather(*(one.browser.open("request", where) for one in pressing))
        await asyncio.gather(
            *(
                one.browser.press(
                    "approve",
                    f"{where}/approve",
                    fields,
                    always(one.act(Action.APPROVE_REQUEST, request)),
                )
                for one, page in zip(pressing, pages, strict=True)
                if (fields := page.form(f"{where}/approve")) is not None
            )
        )
        await self.browser.open("request", where)

    async def _give_back(self, request: int, page: Page) -> bool:
        where = f"/requests/{request}"
        fields = page.form(f"{where}/return")
        if fields is None:
            return False
        fields["reason"] = "Withhold the region with few people as well."
        acts = [
            self.act(Action.COMMENT, request, "public"),
            self.act(Action.RETURN_REQUEST, request),
        ]
        return bool(await self.browser.press("return", f"{where}/return", fields, always(*acts)))
