"""The bar of a session, in a real browser: what it shows, saves and leads to."""

import json
import os
import signal
import time

import pytest
from playwright.sync_api import Page, expect

from tests.chromium import running_chromium
from tests.hub.conftest import free_ports, serving
from tests.hub.fake_gate import CODE, OTHER, PASSWORD, STUDY, mark
from tre.hub import processes
from tre.hub.session_server import of_sessions, server_in

PATIENCE = 120_000
expect.set_options(timeout=PATIENCE)
LESSON = "01-attainment-by-diagnosis.ipynb"

pytestmark = [
    pytest.mark.long,
    pytest.mark.browser,
    pytest.mark.sealed,
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.xdist_group("hub in a browser"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture(scope="module")
def chromium():
    with running_chromium() as browser:
        yield browser


@pytest.fixture
def watched(sealable, tmp_path):
    home = tmp_path / "home"
    workspace = home / "workspaces" / STUDY
    workspace.mkdir(parents=True)
    cell = {
        "cell_type": "code",
        "execution_count": None,
        "id": "one",
        "metadata": {},
        "outputs": [],
        "source": "as it was",
    }
    kernel = {"name": "python3", "display_name": "Python 3 (sealed)"}
    about = {"kernelspec": kernel}
    notebook = {"cells": [cell], "metadata": about, "nbformat": 4, "nbformat_minor": 5}
    (workspace / LESSON).write_text(json.dumps(notebook))
    running = serving(home, free_ports())
    yield running
    assert running.stop() == 0


@pytest.fixture
def ada(watched, chromium):
    window = chromium.new_context(viewport={"width": 1280, "height": 800}, color_scheme="dark")
    page = window.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(watched.hub)
    page.get_by_label("Name").fill("ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("One-time code").fill(CODE)
    page.get_by_role("button", name="Sign in").click()
    page.locator(f"#open-{STUDY}").click()
    expect(bar(page)).to_contain_text("12 h", timeout=PATIENCE)
    yield page
    window.close()


def bar(page: Page):
    return page.get_by_role("region", name="Session")


def test_unsaved_work_is_saved_before_a_session_is_stopped_and_the_page_says_why(
    ada, watched, record_property
):
    """With the true times of the watch: within a minute of the change nothing runs any more."""
    expect(bar(ada)).to_contain_text(STUDY)
    expect(bar(ada)).to_contain_text("ada")
    expect(bar(ada)).to_contain_text("of 256 MiB shown")
    ada.get_by_text("as it was").click()
    ada.keyboard.press("Control+a")
    ada.keyboard.insert_text("typed and never saved")
    file = watched.home / "workspaces" / STUDY / LESSON
    assert "typed and never saved" not in file.read_text()

    began = time.monotonic()
    mark(watched.home, "suspended", "ada")
    alert = bar(ada).get_by_role("alert")
    expect(alert).to_contain_text("This session closes at", timeout=PATIENCE)
    expect(alert).to_contain_text("Your work has been saved.")
    expect(alert).to_contain_text("Safe People: Your accreditation ended on 1 May.")
    expect(alert).to_contain_text("Safe Projects: The project ended on 3 June.")
    record_property("told_after_seconds", round(time.monotonic() - began, 1))
    assert "typed and never saved" in file.read_text()

    while of_sessions(processes.descendants(watched.process.pid)):
        ada.wait_for_timeout(100)
        assert time.monotonic() - began < 60
    record_property("stopped_after_seconds", round(time.monotonic() - began, 1))
    ada.wait_for_url("**/hub/ended/*", timeout=PATIENCE)
    expect(ada.get_by_role("heading", name="The session was closed")).to_be_visible()
    expect(ada.get_by_text("Your accreditation ended on 1 May.")).to_be_visible()
    expect(ada.get_by_role("link", name="Your projects")).to_be_visible()


def test_whose_server_was_killed_keeps_the_page_and_learns_how_to_go_on(ada, watched):
    tree = of_sessions(processes.descendants(watched.process.pid))
    server = server_in(tree)
    assert server is not None
    os.kill(server.pid, signal.SIGKILL)
    alert = bar(ada).get_by_role("alert")
    expect(alert).to_contain_text("This session has stopped.", timeout=PATIENCE)
    expect(alert).to_contain_text("still in this page")
    beside = ada.context.new_page()
    link = alert.get_by_role("link", name="What happened").get_attribute("href")
    beside.goto(f"{watched.hub}{link}")
    expect(beside.get_by_role("heading", name="stopped unexpectedly")).to_be_visible()
    beside.get_by_role("link", name="Open it").click()
    expect(bar(beside)).to_contain_text("12 h", timeout=PATIENCE)
    # The first page finds its server again: the warning goes, and saving works.
    expect(alert).to_be_empty(timeout=PATIENCE)


def test_a_page_of_one_session_cannot_talk_to_another(ada, watched):
    other = ada.context.new_page()
    other.goto(f"{watched.hub}/hub/spawn/ada/{OTHER}")
    expect(bar(other)).to_contain_text(OTHER, timeout=PATIENCE)
    reach = """async (address) => {
      try { return (await fetch(address, { headers: { 'X-XSRFToken': 'x' } })).status; }
      catch (error) { return String(error); }
    }"""
    own = f"{watched.hub}/user/ada/{STUDY}/api/status"
    beside = f"{watched.hub}/user/ada/{OTHER}/api/contents"
    assert "Failed to fetch" in ada.evaluate(reach, beside)
    assert "Failed to fetch" in ada.evaluate(reach, f"{watched.hub}/hub/api/user")
    assert isinstance(ada.evaluate(reach, own), int)  # its own server it may ask
    socket = """(address) => new Promise((done) => {
      try {
        const made = new WebSocket(address);
        made.onopen = () => done('open'); made.onerror = () => done('refused');
      } catch (error) { done('refused'); }
    })"""
    live = beside.replace("http", "ws", 1).replace("contents", "events/subscribe")
    assert ada.evaluate(socket, live) == "refused"
    frame = """(address) => new Promise((done) => {
      const made = document.createElement('iframe'); made.src = address;
      made.onload = () => {
        try { done(made.contentDocument?.body?.innerText ? 'read' : 'nothing'); }
        catch (error) { done('nothing'); }
      };
      document.body.append(made);
    })"""
    assert ada.evaluate(frame, beside) == "nothing"
