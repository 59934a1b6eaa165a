"""Every byte that kernels send to a browser is counted, limited and recorded."""

import asyncio
import json
import os
import signal
import time
from collections import Counter
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest
import websocket
from tornado import web

from tests.hub.browser import Browser
from tests.hub.fake_gate import CODE, OTHER, PASSWORD
from tre.hub.server.channels import KEPT_BYTES, MOST_KERNELS, BoundedBuffer, BoundedKernels
from tre.hub.session_record import take

pytestmark = [pytest.mark.sealed, pytest.mark.xdist_group("hub")]
BASE = f"/user/ada/{OTHER}"
MIB = 2**20
LIMIT = 12 * MIB


@pytest.fixture(scope="module")
def ada(served):
    (served.home / f"limits-{OTHER}.json").write_text(json.dumps({"shown_bytes": LIMIT}))
    private = served.home / "sessions" / f"ada--{OTHER}" / "private"
    (private / "shown.json").unlink(missing_ok=True)
    browser = Browser(served.hub)
    browser.sign_in("ada", PASSWORD, CODE)
    browser.stop_if_open(
        "ada", OTHER
    )  # or the session of another test keeps the limits that it began with
    assert browser.open("ada", OTHER).status_code == 200
    yield browser
    browser.stop("ada", OTHER)
    browser.close()
    (served.home / f"limits-{OTHER}.json").unlink()
    (private / "shown.json").unlink(missing_ok=True)


@pytest.fixture(scope="module")
def kernel(ada):
    """One for all tests: to start one takes longer than most of what is asked of it."""
    opened = ada.kernel("ada", OTHER)
    yield opened
    opened.close()


@dataclass(frozen=True)
class Recorded:
    """What a record says in sum, up to a moment."""

    channels: Counter
    mime_types: Counter
    reasons: set[str]


class Totals:
    """What the record says in sum, whoever took it: the hub, or this test."""

    def __init__(self, home: Path):
        self.private = home / "sessions" / f"ada--{OTHER}" / "private"
        self.written = home / "recorded.jsonl"
        self.taken = []

    def records(self) -> list[dict]:
        time.sleep(1.5)  # the server settles every second
        if left := take(self.private):
            self.taken.append(asdict(left))
        lines = self.written.read_text().splitlines() if self.written.exists() else []
        ours = [one for one in map(json.loads, lines) if one["who"] == f"ada {OTHER}"]
        return [*self.taken, *ours]

    def now(self) -> Recorded:
        records = self.records()
        sums = {"channels": Counter(), "mime_types": Counter()}
        for each in records:
            for kind, found in sums.items():
                found.update(each["shown"][kind])
        reasons = {one["reason"] for each in records for one in each["withheld"]}
        return Recorded(**sums, reasons=reasons)


@pytest.fixture(scope="module")
def totals(served):
    return Totals(served.home)


def test_what_the_record_says_is_what_the_browser_received(ada, totals):
    before = totals.now().channels.total()
    kernel = ada.kernel("ada", OTHER)
    kernel.run("print('x' * 100_000); 1 + 1")
    kernel.run("from IPython.display import HTML, display; display(HTML('y' * 50_000))")
    kernel.run("1 / 0")
    kernel.send("kernel_info_request", {}, channel="control")
    kernel.send("complete_request", {"code": "pri", "cursor_pos": 3})
    while json.loads(kernel.socket.recv())["msg_type"] != "complete_reply":
        pass
    kernel.run("2")
    assert kernel.socket.received > 150_000
    assert totals.now().channels.total() - before == kernel.socket.received
    kernel.close()


def test_bytes_are_told_apart_by_channel_kind_and_type(kernel, totals):
    before = totals.now()
    kernel.run("print('x' * 1000)")
    kernel.run(
        "from IPython.display import HTML, Image, display; display(HTML('y' * 2000));"
        "display(Image(data=b'\\x89PNG\\r\\n\\x1a\\n' + bytes(3000), format='png'))"
    )
    kernel.run("import comm; comm.create_comm(target_name='x', data={'much': 'z' * 4000})")
    kernel.send("kernel_info_request", {}, channel="control")
    kernel.run("3")
    now = totals.now()
    after, mime_types = now.channels - before.channels, now.mime_types - before.mime_types
    assert after["iopub stream"] > 1000
    assert after["iopub display_data"] > 6000
    assert after["iopub comm_open"] > 4000
    assert after["shell execute_reply"] > 100
    assert after["control kernel_info_reply"] > 100
    assert mime_types["text/html"] == 2000
    assert mime_types["image/png"] > 4000


def _hears_what_is_printed(kernel, other) -> bool:
    kernel.run("print('x' * 100_000)")
    until = time.monotonic() + 10
    while time.monotonic() < until:
        try:
            if b"x" * 1000 in other.recv():
                return True
        except websocket.WebSocketTimeoutException:
            return False
    return False


def test_both_protocols_are_counted(kernel, totals):
    received_before, before = kernel.socket.received, totals.now().channels.total()
    other = kernel.connected(subprotocols=["v1.kernel.websocket.jupyter.org"], timeout=2)
    until = time.monotonic() + 120
    while not _hears_what_is_printed(kernel, other):  # on a busy machine it begins to hear late
        assert time.monotonic() < until
    other.settimeout(60)
    kernel.run("1")
    while b"execute_reply" not in (said := other.recv()) and b'"idle"' not in said:
        pass
    received = kernel.socket.received - received_before
    both = totals.now().channels.total() - before
    other.close()
    assert both > received + 100_000


def test_a_format_for_machines_is_taken_out_of_an_output(kernel, totals):
    kinds = ("text/csv", "application/vnd.apache.arrow.file", "x/y")
    for kind in kinds:
        said = kernel.run(f"display({{'{kind}': 'a,b' * 1000, 'text/plain': 'a table'}}, raw=True)")
        assert "a table" in said
        assert "a,b" not in said
        alone = kernel.run(f"display({{'{kind}': 'a,b' * 1000}}, raw=True)")
        assert "a,b" not in alone
        assert "ask for its release" in alone
    assert {f"a format that is not shown: {kind}" for kind in kinds} <= totals.now().reasons


def test_a_large_output_is_withheld_and_said_under_the_cell_that_asked(kernel, totals):
    before = kernel.socket.received
    number = kernel.send_code(
        "print('before'); from IPython.display import *; "
        "display(HTML('x' * 5_000_000)); print('after')"
    )
    said, told = [], None
    while "after" not in "".join(said):
        message = json.loads(kernel.socket.recv())
        if message["msg_type"] == "stream":
            said.append(message["content"]["text"])
            if "was not shown" in said[-1]:
                told = message["parent_header"]["msg_id"]
    assert told == number
    assert "release request" in "".join(said)
    assert kernel.socket.received - before < 50_000
    assert "a message larger than the limit" in totals.now().reasons


def test_a_kernel_can_say_nothing_by_being_refused(kernel):
    """It invents questions that the browser never asked: each would be answered with its name."""
    before = kernel.socket.received
    kernel.run(
        "from ipykernel.kernelapp import IPKernelApp\n"
        "session, socket = (k := IPKernelApp.instance().kernel).session, k.iopub_socket\n"
        "for n in range(20):\n"
        "    session.send(socket, 'stream', {'name': 'stdout', 'text': 'x' * 5_000_000},"
        "                 parent={'msg_id': f'secret-{n}', 'msg_type': 'execute_request'})\n"
    )
    kernel.run("import time; time.sleep(1)")
    assert kernel.socket.received - before < 10_000


def test_what_is_said_while_nobody_listens_is_counted_when_it_is_heard(kernel, totals):
    kernel.socket.close()
    kernel.socket = kernel.connected(page="one")
    before = totals.now().channels["iopub stream"]
    kernel.send_code("import time; time.sleep(1); print('z' * 200_000)")
    kernel.socket.close()
    time.sleep(2)
    assert totals.now().channels["iopub stream"] == before
    kernel.socket = kernel.connected(page="one")
    kernel.run("1")
    assert totals.now().channels["iopub stream"] - before > 200_000


def test_too_many_kernels_are_refused():
    kernels = BoundedKernels()
    kernels._kernels = dict.fromkeys(map(str, range(MOST_KERNELS)))
    with pytest.raises(web.HTTPError, match="shut one down") as refused:
        asyncio.run(kernels.start_kernel(kernel_name="python3"))
    assert refused.value.status_code == 409


def test_a_kernel_cannot_fill_the_servers_memory(kernel, served):
    (server,) = _servers(served.home)
    before = _most_memory_mib(server)
    kernel.send_code(
        "from ipykernel.kernelapp import IPKernelApp\n"
        "k = IPKernelApp.instance().kernel\n"
        "text = {'name': 'stdout', 'text': 'x' * 200_000_000}\n"
        "k.session.send(k.iopub_socket, 'stream', text)"
    )
    # Whoever listened while it came is cut off from what the kernel says, and connects again.
    assert _heard(kernel, "still here")
    assert _most_memory_mib(server) - before < 100


def _heard(kernel, word: str) -> bool:
    for _ in range(30):
        kernel.socket.close()
        kernel.socket = kernel.connected(timeout=2)
        with suppress(websocket.WebSocketTimeoutException):
            kernel.send_code(f"print({word!r})")
            while word not in json.loads(kernel.socket.recv())["content"].get("text", ""):
                pass
            return True
    return False


def _most_memory_mib(process: int) -> int:
    """Resident memory at its highest."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


def test_what_is_kept_for_a_browser_that_is_away_is_bounded():
    buffer = BoundedBuffer()
    for _ in range(100):
        buffer.append(("iopub", [bytes(MIB)]))
    assert sum(len(parts[0]) for _, parts in buffer) == KEPT_BYTES


def test_a_session_that_has_shown_its_share_is_cut_off_and_stays_so(ada, served, totals):
    kernel = ada.kernel("ada", OTHER)
    (served.home / "workspaces" / OTHER / "small.md").write_text("words")
    for size in (2_000_000, 100_000, 5_000, 300):
        said = ""
        while "its limit" not in said:
            said = kernel.run(f"display({{'text/html': 'x' * {size}}}, raw=True); 'end'")
            assert "release request" in said or "its limit" not in said
    # Neither another kernel nor a file shows more.
    second = ada.kernel("ada", OTHER)
    assert "its limit" in second.run("print('more')")
    second.close()
    assert ada.http.get(f"{BASE}/api/contents/small.md").status_code == 403
    assert totals.now().channels.total() <= LIMIT + 100_000
    kernel.close()
    # Nor a restart, nor a kill.
    ada.stop("ada", OTHER)
    assert ada.open("ada", OTHER).status_code == 200
    assert ada.http.get(f"{BASE}/api/contents/small.md").status_code == 403
    for number in _servers(served.home):
        os.kill(number, signal.SIGKILL)
    until = time.monotonic() + 90
    while ada.open("ada", OTHER).status_code != 200 and time.monotonic() < until:
        time.sleep(0.5)
    assert ada.http.get(f"{BASE}/api/contents/small.md").status_code == 403
    assert "more than may be shown in 24 hours" in totals.now().reasons


def _servers(home: Path) -> list[int]:
    """The single-user servers of this test's session."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().split(b"\0")
            environment = (process / "environ").read_bytes()
        except OSError:
            continue
        ours = str(home / "sessions" / f"ada--{OTHER}").encode() in environment
        if b"tre.hub.server" in command[:4] and ours:
            found.append(int(process.name))
    return found
