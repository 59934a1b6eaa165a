"""What a session's server tells the hub: to compute is a sign of life, to look is none."""

import os
import time
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from tre.hub.notices import NAME, Closing, Notice, read_activity, read_notice, write_activity
from tre.hub.notices import write_notice as write
from tre.hub.server.notice import Activity, Silence, shown_bytes
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
    time.sleep(0.02)
    assert silence.seconds() >= 0.02  # no notice at all is silence
    file.write_text("{}")
    assert silence.seconds() < 0.02
    time.sleep(0.02)
    assert silence.seconds() >= 0.02
    os.utime(file, (1, 1))  # any change is a sign, whatever the clocks say
    assert silence.seconds() < 0.02


def test_a_notice_comes_back_as_it_was_written(tmp_path):
    closing = Closing(at=2.0, reasons=(("Safe People", "why"),), page="http://x/ended/1")
    notice = Notice(
        person="ada",
        project="study",
        title="A study",
        practice=True,
        ends_at=1.0,
        shown_limit=3,
        closing=closing,
    )
    write(notice, tmp_path)
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
