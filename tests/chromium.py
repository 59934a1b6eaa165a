"""The Chromium in which tests look at pages, started alike by all of them."""

import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
_NO_CARD = ("--disable-gpu",)
"""No machine of tests has a graphics card, and to play one for Chromium costs a third of it all."""


@contextmanager
def running_chromium() -> Generator[Browser]:
    """A browser that is gone when the block ends, with the loop that playwright keeps running.

    Skips the test where this machine has none.
    """
    if not CHROMIUM:
        pytest.skip("no Chromium here (on Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        as_root = ("--no-sandbox",) if os.geteuid() == 0 else ()
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*_NO_CARD, *as_root])
        yield browser
        browser.close()
