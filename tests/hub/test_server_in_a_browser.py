"""What a rendered output can do in a real browser: it reaches its own server, and nobody else."""

import re

import pytest
from playwright.sync_api import expect

from tests.chromium import running_chromium
from tests.hub.beacons import DOWNLOAD, LEAVING, WAYS, listening, written
from tests.hub.conftest import free_ports, serving
from tests.hub.fake_gate import CODE, OTHER, PASSWORD
from tests.hub.planted import notebook

PATIENCE = 120_000
BASE = f"/user/ada/{OTHER}"
expect.set_options(timeout=PATIENCE)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.sealed,
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.xdist_group("hub in a browser"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture(scope="module")
def served(sealable, tmp_path_factory):
    """A hub of their own: what these leave in a session, and what it showed, is in nobody's way."""
    running = serving(tmp_path_factory.mktemp("browser") / "home", free_ports())
    yield running
    running.stop()


@pytest.fixture(scope="module")
def chromium():
    with running_chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def listener():
    with listening() as found:
        yield found


@pytest.fixture(scope="module")
def window(served, chromium):
    """Ada's window, signed in, with her session open."""
    (served.home / "workspaces" / OTHER).mkdir(parents=True, exist_ok=True)
    context = chromium.new_context()
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(served.hub)
    page.get_by_label("Name").fill("ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("One-time code").fill(CODE)
    page.get_by_role("button", name="Sign in").click()
    page.locator(f"#open-{OTHER}").click()
    page.wait_for_url("**/lab**", timeout=PATIENCE)
    page.close()
    yield context
    context.close()


def cell(source: str, kind="code", *outputs) -> dict:
    found = {"id": f"c{abs(hash(source)) % 10**8}", "cell_type": kind, "metadata": {}}
    if kind == "code":
        found |= {"execution_count": None, "outputs": list(outputs)}
    return found | {"source": source}


def displayed(*payloads: str) -> dict:
    """A cell that shows HTML, live: so that JupyterLab trusts it and runs its scripts."""
    shown = [f"display(HTML({payload!r}))" for payload in payloads]
    return cell("\n".join(["from IPython.display import HTML, display", *shown, "print('shown')"]))


@pytest.fixture
def opened(window, served):
    """Opens a notebook of these cells, and gives its page."""
    pages = []

    def open_it(name: str, *cells: dict):
        content = notebook(*cells, kernelspec={"name": "python3", "display_name": "Python 3"})
        (served.home / "workspaces" / OTHER / name).write_bytes(content)
        page = window.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("dialog", lambda asked: asked.accept())  # "leave this page?"
        page.goto(f"{served.hub}{BASE}/lab/tree/{name}?reset")
        page.get_by_text("Python 3 (sealed) | Idle").wait_for()
        pages.append(page)
        return page

    yield open_it
    for page in pages:
        page.close()


def run(page) -> None:
    """Run the first cell."""
    page.locator(".jp-Notebook .jp-CodeCell .cm-content").first.click()
    page.keyboard.press("Shift+Enter")


def run_and_wait(page) -> None:
    run(page)
    page.locator(".jp-OutputArea-output", has_text="shown").last.wait_for()
    page.wait_for_timeout(3000)


@pytest.mark.parametrize("name", [*WAYS])
def test_each_of_these_calls_out_where_nothing_holds_it(chromium, listener, name):
    """The other half of the next test: without the policy, every one of them is heard."""
    listener.heard.clear()
    listener.page = written(WAYS[name], listener.address)
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{listener.address}/page")
    for _ in range(600):
        if name in listener.heard:
            break
        page.wait_for_timeout(100)
    context.close()
    assert name in listener.heard


def test_an_output_calls_nobody_and_saves_nothing(opened, listener):
    listener.heard.clear()
    payloads = [written(markup, listener.address) for markup in WAYS.values()]
    page = opened("beacons.ipynb", displayed(*payloads, DOWNLOAD))
    downloads = []
    page.on("download", lambda one: downloads.append(one))  # noqa: PLW0108 - playwright marks it
    run_and_wait(page)
    assert page.locator(".jp-OutputArea-output img").count() > 0
    assert listener.heard == []
    assert downloads == []
    assert len(page.context.pages) == 1
    assert BASE in page.url


def test_text_and_pictures_in_a_cell_call_nobody(opened, listener):
    listener.heard.clear()
    source = f"![x]({listener.address}/md)\n\n<img src='{listener.address}/md-html'>"
    svg = f"<svg xmlns='http://www.w3.org/2000/svg'><image href='{listener.address}/svg'/></svg>"
    output = {"output_type": "display_data", "metadata": {}, "data": {"image/svg+xml": svg}}
    page = opened("markdown.ipynb", cell(source, "markdown"), cell("1", "code", output))
    page.locator(".jp-MarkdownOutput img").first.wait_for(state="attached")
    page.wait_for_timeout(1500)
    assert listener.heard == []


def test_an_output_may_ask_neither_the_hub_nor_another_session(opened, served):
    script = """<p id=result>waiting</p><script>
    Promise.allSettled([%s].map(a => fetch(a).then(r => r.status))).then(all =>
      document.getElementById('result').textContent =
        'asked: ' + all.map(one => one.value || 'refused').join(' '))
    </script>"""
    addresses = (
        f"{served.hub}{BASE}/api/status",
        f"{served.hub}/hub/api/user",
        f"{served.hub}/hub/home",
        f"{served.hub}/user/ada/early-onset-psychosis/api/contents",
        f"http://127.0.0.1:{served.port + 1}/",
    )
    page = opened("others.ipynb", displayed(script % ",".join(f"'{one}'" for one in addresses)))
    run(page)
    # Its own server answers, if only that a script without the page's token may not ask.
    refused = re.compile(r"^asked: \d+ refused refused refused refused\s*$")
    expect(page.locator("#result")).to_have_text(refused)


@pytest.mark.parametrize("name", [*LEAVING])
def test_going_to_another_page_cannot_be_held(opened, listener, name):
    """Written down as open in docs/security.md; if this fails, a browser has learnt to hold it."""
    page = opened(f"leaving-{name}.ipynb", displayed(written(LEAVING[name], listener.address)))
    asked = []

    def note(route):
        asked.append(route.request.url)
        route.abort()

    page.route(f"{listener.address}/**", note)
    run(page)
    for _ in range(600):
        if asked:
            break
        page.wait_for_timeout(100)
    assert asked == [f"{listener.address}/{name}"]


def test_a_saved_output_runs_no_command_when_it_is_clicked(opened, served):
    """CVE-2026-42557: `data-commandlinker-command` in a notebook that somebody else wrote."""
    command = "data-commandlinker-command='docmanager:new-untitled'"
    arguments = 'data-commandlinker-args=\'{"type": "file", "ext": "py", "path": ""}\''
    html = f"<button id=pressed {command} {arguments}>press me</button><a {command}>press me</a>"
    output = {"output_type": "display_data", "metadata": {}, "data": {"text/html": html}}
    page = opened("command.ipynb", cell("1", "code", output))
    page.get_by_text("press me").first.wait_for()
    before = set((served.home / "workspaces" / OTHER).iterdir())
    for each in page.get_by_text("press me").all():
        each.dispatch_event("click")  # whatever a dialog of Lab's covers meanwhile
    page.wait_for_timeout(1500)
    assert set((served.home / "workspaces" / OTHER).iterdir()) == before
    # Lab asks first, in words that name the command; until then nothing has run.
    expect(page.locator("dialog")).to_contain_text("This document is not trusted")


def test_a_withheld_output_is_explained_under_its_cell(opened):
    large = cell("from IPython.display import HTML\nHTML('x' * 5_000_000)")
    page = opened("large.ipynb", large)
    run(page)
    shown = page.locator(".jp-OutputArea-output", has_text="was not shown")
    expect(shown).to_contain_text("release request")


def test_the_menus_offer_no_way_out(opened):
    page = opened("menus.ipynb", cell("1"))
    page.get_by_role("menuitem", name="File", exact=True).click()
    menu = page.locator(".lm-Menu").first
    menu.wait_for()
    words = menu.inner_text()
    for absent in ("Download", "Save and Export", "Print", "Open from URL"):
        assert absent not in words
    assert "Save Notebook" in words
