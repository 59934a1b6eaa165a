"""A person in front of a browser: signs in, opens a session, works at the desk."""

from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.end_to_end.served import Served

PATIENCE = 120_000
"""Milliseconds: two cores start a hub's server, a JupyterLab and a kernel meanwhile."""
expect.set_options(timeout=60_000)


class Visitor:
    """One person with a private window of their own."""

    def __init__(self, served: Served, browser: Browser, person: str, downloads: Path):
        self.served, self.person, self.downloads = served, person, downloads
        self.window = browser.new_context(viewport={"width": 1280, "height": 800})
        self.page: Page = self.window.new_page()
        self.page.set_default_timeout(PATIENCE)

    def close(self) -> None:
        self.window.close()

    def sign_in(self, address: str, password: str | None = None) -> None:
        self.page.goto(address)
        self.page.get_by_label("Name").fill(self.person)
        self.page.get_by_label("Password").fill(password or self.served.password)
        self.page.get_by_label("One-time code").fill(self.served.code(self.person))
        self.page.get_by_role("button", name="Sign in").click()

    def second_page(self, address: str) -> Page:
        """Open another page in the same window: signed in to the same things."""
        page = self.window.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(address)
        return page

    def open_session(self, title: str) -> None:
        """Press the project's one button and wait for the lesson's kernel to be ready."""
        card = self.page.locator("article, li, section").filter(has_text=title).last
        card.get_by_role("link", name="Open").or_(
            card.get_by_role("button", name="Open")
        ).first.click()
        expect(self.page.get_by_text("Python 3 (sealed) | Idle")).to_be_visible(timeout=PATIENCE)

    def run_all(self) -> None:
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.get_by_role("menuitem", name="Run All Cells", exact=True).click()

    def sees_request(self, request: int, title: str) -> None:
        """Look at the desk, in a page beside the notebook, until the request has arrived."""
        desk = self.second_page(f"{self.served.desk}/requests/{request}")
        for _ in range(PATIENCE // 1000):
            if desk.get_by_role("heading", name=title).count():
                break
            desk.wait_for_timeout(1000)
            desk.reload()
        expect(desk.get_by_role("heading", name=title)).to_be_visible()
        desk.close()

    def run_cell_below(self, code: str) -> None:
        """Add a cell under the one that is selected, and run it."""
        self.page.keyboard.press("Escape")
        self.page.keyboard.press("b")
        self.page.keyboard.press("Enter")
        self.page.keyboard.insert_text(code)
        self.page.keyboard.press("Shift+Enter")

    def at_desk(self, path: str) -> None:
        self.page.goto(self.served.desk + path)

    def vote(self, request: int, choice: str, text: str = "", *, public: bool = False) -> None:
        """Open the request's first output from its page, and vote on it there."""
        self.at_desk(f"/requests/{request}")
        self.page.get_by_role("link", name="Review", exact=True).first.click()
        self.page.get_by_role("radio", name=choice).check()
        self.page.get_by_label("Comment (needed for changes)").fill(text)
        self.page.get_by_role("checkbox", name="the author reads it").set_checked(public)
        self.page.get_by_role("button", name="Save vote").click()
        self.page.wait_for_load_state()

    def submit_review(self, request: int) -> None:
        self.at_desk(f"/requests/{request}")
        self.page.get_by_role("button", name="Submit my review").click()
        self.page.wait_for_load_state()
