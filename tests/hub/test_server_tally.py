"""What is shown is counted over restarts and kills, and nothing is shown that cannot be counted."""

import json
from datetime import UTC, datetime

import pytest

from tests.clock import FakeClock
from tre.hub.server.tally import AHEAD_BYTES, MOST_KINDS, NAME, Tally
from tre.hub.session_record import take
from tre.safe_settings.session_record import SessionRecord

MIB = 2**20


@pytest.fixture
def clock():
    return FakeClock(datetime(2026, 3, 2, 9, 30, tzinfo=UTC))


@pytest.fixture
def begun(tmp_path, clock):
    def begin(most_bytes=10 * MIB) -> Tally:
        tally = Tally(private=tmp_path, most_bytes=most_bytes, now=clock)
        tally.begin()
        return tally

    return begin


def taken(private) -> SessionRecord:
    found = take(private)
    assert found is not None
    return found


def show(tally: Tally, size: int, channel="iopub stream", **mime_types) -> None:
    assert tally.may_show(size)
    tally.shown(channel, size, mime_types)


def test_what_is_shown_is_counted_by_way_and_type(begun, tmp_path):
    tally = begun()
    show(tally, 10)
    show(tally, 5, "shell execute_reply")
    tally.shown("iopub display_data", 7, {"image/png": 6})
    tally.settle()
    found = taken(tmp_path)
    assert found.shown.channels == {
        "iopub stream": 10,
        "shell execute_reply": 5,
        "iopub display_data": 7,
    }
    assert found.shown.mime_types == {"image/png": 6}
    assert found.shown.messages == 3
    assert tally.shown_bytes == 22


def test_nothing_new_writes_nothing(begun, tmp_path):
    tally = begun()
    tally.settle()
    assert take(tmp_path) is None


def test_the_limit_holds_to_the_byte(begun):
    tally = begun(most_bytes=100)
    show(tally, 99)
    assert not tally.may_show(2)
    show(tally, 1)
    assert not tally.may_show(1)


def test_a_restart_begins_where_the_last_server_ended(begun):
    tally = begun(most_bytes=100)
    show(tally, 60)
    tally.settle()
    again = begun(most_bytes=100)
    assert again.shown_bytes == 60
    assert not again.may_show(41)


def test_a_killed_server_is_taken_to_have_shown_all_that_it_noted(begun, tmp_path):
    tally = begun()
    show(tally, 60)
    again = begun()
    assert taken(tmp_path).at_most == 60 + AHEAD_BYTES
    assert again.shown_bytes == 60 + AHEAD_BYTES
    # It is said once.
    begun()
    assert take(tmp_path) is None


def test_a_kill_never_hides_what_was_shown_after_the_note(begun, tmp_path):
    tally = begun(most_bytes=100 * MIB)
    for _ in range(50):
        show(tally, MIB // 2)
    begun(most_bytes=100 * MIB)
    assert taken(tmp_path).at_most >= 25 * MIB


def test_a_day_later_the_bytes_are_there_again(begun, clock):
    tally = begun(most_bytes=100)
    show(tally, 100)
    tally.settle()
    clock.move(hours=23)
    assert not tally.may_show(1)
    clock.move(hours=1)
    assert tally.may_show(100)


def test_old_hours_are_forgotten(begun, clock, tmp_path):
    tally = begun()
    for _ in range(30):
        show(tally, 1)
        tally.settle()
        clock.move(hours=1)
    assert len(json.loads((tmp_path / NAME).read_text())["hours"]) <= 25


def test_without_a_place_to_count_nothing_is_shown(begun, tmp_path, monkeypatch):
    tally = begun()

    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tre.hub.server.tally.os.fsync", full)
    assert not tally.may_show(1)


def test_what_could_not_be_written_is_written_later(begun, tmp_path, monkeypatch):
    tally = begun()
    show(tally, 10)
    tally.withheld("read", "data.csv", "not shown")
    with monkeypatch.context() as patch:
        patch.setattr("tre.hub.server.tally.write_lines", _full)
        with pytest.raises(OSError, match="No space"):
            tally.settle()
    tally.settle()
    found = taken(tmp_path)
    assert found.shown.total == 10
    assert found.withheld[0].path == "data.csv"


def _full(*_args):
    raise OSError(28, "No space left on device")


def test_a_kernel_cannot_fill_the_record_with_kinds_or_names(begun, tmp_path):
    tally = begun()
    for number in range(1000):
        tally.shown(f"iopub {number}", 1, {f"x/{number}": 1})
        tally.withheld("read", f"{number}.csv", "not shown")
    tally.settle()
    found = taken(tmp_path)
    assert found.shown.total == 1000
    assert len(found.shown.channels) <= MOST_KINDS + 1
    assert len(found.withheld) <= MOST_KINDS + 1
    assert sum(one.times for one in found.withheld) == 1000


@pytest.mark.parametrize("text", ["", "{", "[]", '{"hours": 1, "noted": 0}', '{"noted": 0}'])
def test_a_spoilt_count_stops_the_server_instead_of_beginning_at_nothing(begun, tmp_path, text):
    (tmp_path / NAME).write_text(text)
    with pytest.raises((ValueError, KeyError, TypeError, AttributeError)):
        begun()
