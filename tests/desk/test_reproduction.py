"""What a file's page says while its code waits to be run again, and of the outcome."""

from collections.abc import Callable
from dataclasses import replace
from html import unescape

import pytest

from tests.demo import Demo
from tests.desk.browser import Browser
from tests.steps.test_reproducing import asserted, output, run
from tre.desk import words
from tre.safe_outputs.reproduction import Outcome, RunAgain
from tre.steps.view_request import view_request

HOSTILE = "“work.ipynb” was run again and failed: <script>alert(1)</script>."


def page_of(demo: Demo, browser: Callable[[str], Browser], request: int, who: str) -> str:
    number = output(demo, request).id
    return unescape(browser(who).get(f"/requests/{request}/files/{number}").text)


@pytest.mark.parametrize("who", ["ada", "cora"])
def test_it_says_that_the_code_waits_and_then_what_it_gave(
    demo: Demo, browser: Callable[[str], Browser], who: str
) -> None:
    request = asserted(demo)
    assert words.WAITS_TO_BE_RUN in page_of(demo, browser, request, who)
    run(demo, request)
    page = page_of(demo, browser, request, who)
    assert words.WAITS_TO_BE_RUN not in page
    assert f"It gave the same file. {words.READ_THE_CODE}" in page
    assert "provenance-reproduced" in page


def test_the_words_of_a_run_are_shown_as_words(
    demo: Demo, browser: Callable[[str], Browser]
) -> None:
    request = asserted(demo)
    run(demo, request, RunAgain(outcome=Outcome.FAILED, said=HOSTILE))
    number = output(demo, request).id
    raw = browser("cora").get(f"/requests/{request}/files/{number}").text
    assert "<script>alert" not in raw
    assert f"{words.PROVENANCE['asserted']} {HOSTILE}" in unescape(raw)


def test_where_nothing_is_ever_run_again_nothing_waits(demo: Demo) -> None:
    request = asserted(demo)
    never = replace(demo.tre, config=replace(demo.tre.config, rerun_minutes=0))
    file = view_request(never, "cora", request).file(output(demo, request).id)
    assert file is not None
    assert not file.waits_to_be_run
