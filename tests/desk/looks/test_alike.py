"""A few words of those that look alike are asked about: none that looks otherwise is left out."""

import pytest

from tests.chromium import CHROMIUM, running_chromium
from tests.desk.looks.eyes import (
    ALIKE,
    AXE_SCRIPT,
    DARK,
    OF_THOSE_ALIKE,
    pale,
    window,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium here"),
    pytest.mark.xdist_group("looks of the desk"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

PALE = {
    "a colour of its own": "<p style='color: #333'>pale</p>",
    "on another background": "<div style='background: #eee'><p>pale</p></div>",
    "through what covers it": "<div style='opacity: 0.1'><div><p>pale</p></div></div>",
    "on what does not hold it": "<div style='background: #eee; height: 5em'></div>"
    "<p style='position: relative; top: -4em'>pale</p>",
    "in a field": "<input value='pale' aria-label='x' style='background: #eee; color: #ddd'>",
}
"""White on black is read well; each of these is not, behind twenty paragraphs that are."""


def test_whatever_looks_otherwise_is_asked_about():
    body = "<body style='background: #000; color: #fff'>" + "<p>said</p>" * 20
    with running_chromium() as browser:
        tab = window(browser, theme=DARK).new_page()
        found = {}
        for name, markup in {"nothing": "", **PALE}.items():
            tab.set_content(body + markup)
            tab.evaluate(AXE_SCRIPT)
            few = tab.evaluate(f"() => ({ALIKE})({OF_THOSE_ALIKE}).length")
            assert OF_THOSE_ALIKE <= few <= OF_THOSE_ALIKE + 1
            found[name] = [one["count"] for one in pale(tab)]
    assert found == {"nothing": [], **{name: [1] for name in PALE}}
