"""What a session's server tells the hub: to compute is a sign of life, to look is none."""

import asyncio
import json
import logging
import os
import time
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado import web

from tre.hub.notices import NAME, Closing, Notice, read_activity, read_notice, write_activity
from tre.hub.notices import write_notice as write
from tre.hub.server import notice
from tre.hub.server.notice import Activity, Pulse, Silence, shown_bytes
from tre.hub.server.room import KernelsWithRoom
from tre.hub.server.tally import NAME as SHOWN

LONG_AGO = 1000.0


def request(method, status=200):
    return SimpleNamespace(request=SimpleNamespace(method=method), get_status=lambda: status)


@pytest.mark.parametrize(
    ("method", "status", "is_life"),
    [
        ("GET", 200, False),
        ("HEAD", 200, False),
        ("OPTIONS", 204, False),
        ("PUT", 200, True),
        ("POST", 201, True),
        ("PATCH", 200, True),
        ("DELETE", 204, True),
        # What was refused changed nothing.
        ("PUT", 403, False),
        ("POST", 500, False),
    ],
)
def test_changes_are_signs_of_life_and_looks_are_none(method, status, is_life):
    activity = Activity(active_at=LONG_AGO)
    activity.asked(request(method, status))
    assert (activity.active_at > LONG_AGO) is is_life


def test_a_running_computation_is_a_sign_of_life():
    activity = Activity(active_at=LONG_AGO)
    activity.look_at([{"execution_state": "busy"}])
    assert activity.active_at > time.time() - 5


def test_an_idle_kernel_counts_by_what_it_said_last():
    said = datetime.fromtimestamp(LONG_AGO + 7, UTC).isoformat().replace("+00:00", "Z")
    activity = Activity(active_at=LONG_AGO)
    activity.look_at([{"execution_state": "idle", "last_activity": said}])
    assert activity.active_at == LONG_AGO + 7
    activity.look_at([{"execution_state": "starting", "last_activity": None}])
    assert activity.active_at == LONG_AGO + 7


def test_a_hub_that_writes_is_not_silent(tmp_path):
    file = tmp_path / NAME
    silence = Silence(file)
    time.sleep(0.2)
    assert silence.seconds() >= 0.2  # no notice at all is silence
    file.write_text("{}")
    assert silence.seconds() < 0.2
    time.sleep(0.2)
    assert silence.seconds() >= 0.2
    os.utime(file, (1, 1))  # any change is a sign, whatever the clocks say
    assert silence.seconds() < 0.2


class FakeServer:
    def __init__(self, *kernels):
        self.kernels, self.stopped, self.log = kernels, 0, logging.getLogger("test")
        self.kernel_manager = SimpleNamespace(list_kernels=lambda: list(kernels))

    def stop(self, *, from_signal):
        self.stopped += from_signal


def test_a_server_whose_hub_is_silent_for_too_long_stops_by_itself(tmp_path, monkeypatch):
    settings, private = tmp_path / "settings", tmp_path / "private"
    settings.mkdir()
    private.mkdir()
    server = FakeServer({"execution_state": "busy"})
    pulse = Pulse(server, settings)
    (settings / NAME).write_text("{}")
    pulse.beat()
    assert server.stopped == 0
    assert read_activity(private) > time.time() - 5
    monkeypatch.setattr(notice, "SILENCE_SECONDS", 0)
    time.sleep(0.2)
    pulse.beat()
    assert server.stopped == 1


def test_a_disk_that_is_full_does_not_end_the_pulse(tmp_path):
    settings = tmp_path / "settings"
    settings.mkdir()
    Pulse(FakeServer(), settings).beat()  # its private folder is not there


def test_no_kernel_starts_while_the_hub_says_why_not(tmp_path, monkeypatch):
    async def started(*_):
        return "a kernel"

    monkeypatch.setattr(AsyncMappingKernelManager, "start_kernel", started)
    kernels = KernelsWithRoom(settings=str(tmp_path))
    assert asyncio.run(kernels.start_kernel()) == "a kernel"
    (tmp_path / NAME).write_text(json.dumps({"no_kernels": "delete files first"}))
    with pytest.raises(web.HTTPError, match="delete files first"):
        asyncio.run(kernels.start_kernel())


def test_a_notice_comes_back_as_it_was_written(tmp_path):
    closing = Closing(at=2.0, reasons=(("Safe People", "why"),), page="http://x/ended/1")
    written = Notice(
        person="ada",
        project="study",
        title="A study",
        practice=True,
        ends_at=1.0,
        shown_limit=3,
        closing=closing,
    )
    write(written, tmp_path)
    found = read_notice(tmp_path)
    assert found["closing"] == {
        "at": 2.0,
        "reasons": [["Safe People", "why"]],
        "page": "http://x/ended/1",
    }
    assert found["practice"] is True
    assert read_notice(tmp_path / "nowhere") == {}


def test_activity_goes_from_the_server_to_the_hub(tmp_path):
    assert read_activity(tmp_path) == 0
    write_activity(tmp_path, 12.5)
    assert read_activity(tmp_path) == 12.5


def test_the_bar_shows_what_was_counted(tmp_path):
    assert shown_bytes(tmp_path) == 0
    (tmp_path / SHOWN).write_text('{"hours": {"2026-03-02T09": 5, "2026-03-02T10": 7}, "noted": 0}')
    assert shown_bytes(tmp_path) == 12
    (tmp_path / SHOWN).write_text('{"hours": [5]}')
    assert shown_bytes(tmp_path) == 0
