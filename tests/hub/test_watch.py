"""The watch, round by round, on a clock of its own and with servers that only note their end."""

import asyncio
import json
import os
import subprocess
import threading
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from tests.hub.fake_gate import OTHER, REFUSAL, STUDY, FakeGate, mark, unmark
from tre.config import Config
from tre.decision import NotThereError
from tre.hub import watch as watching
from tre.hub.endings import read_ending
from tre.hub.notices import read_notice, write_activity
from tre.hub.session_record import write_lines
from tre.hub.watch import Watch
from tre.hub.watched import Watched, size_of
from tre.safe_settings.staying import BEYOND_ANY_LIMIT

NOW = 1_000_000.0


@pytest.fixture(autouse=True)
def no_grace(monkeypatch):
    monkeypatch.setattr(watching, "GRACE_SECONDS", 0)


@dataclass
class Hub:
    """A watch with what it watches; `at` is the time."""

    home: Path
    gate: FakeGate
    at: float = NOW
    stopped: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self):
        self.watch = Watch(Config(home=self.home), self.gate, clock=lambda: self.at)

    def open(self, person="ada", project=STUDY) -> Path:
        spec = self.gate.start_session("ada", project)
        folder = self.home / "sessions" / f"{person}--{project}"
        for each in ("settings", "private"):
            (folder / each).mkdir(parents=True)
        server = FakeServer(self, (person, project))
        spec = replace(spec, person=person)
        self.watch.add(
            Watched(
                spec=spec, folder=folder, server=server, started_at=self.at, answered_at=self.at
            )
        )
        write_activity(folder / "private", self.at)
        return folder

    async def rounds(self, number=1):
        for _ in range(number):
            await self.watch.round()
            for _ in range(20):  # closings have no grace here
                await asyncio.sleep(0.01)

    def asked(self):
        file = self.home / "asked.txt"
        lines = file.read_text().splitlines() if file.exists() else []
        return [line for line in lines if line.startswith("end")]


@dataclass
class FakeServer:
    hub: Hub
    key: tuple[str, str]
    pid: int = 0

    async def close(self):
        self.hub.stopped.append(self.key)
        await self.hub.watch.ended(self.key, asked_for=True)


@pytest.fixture
def hub(tmp_path) -> Hub:
    return Hub(tmp_path, FakeGate(tmp_path))


def warnings(folder):
    return read_notice(folder / "settings")["warnings"]


def test_whoever_may_stay_is_told_how_long(hub):
    folder = hub.open()
    asyncio.run(hub.rounds())
    notice = read_notice(folder / "settings")
    assert notice["person"] == "ada"
    assert notice["ends_at"] == NOW + 12 * 60 * 60
    assert notice["closing"] is None
    assert hub.stopped == []


def test_whoever_may_not_stay_is_told_every_reason_stopped_and_written_down(hub):
    folder, other = hub.open(), hub.open("bola")
    mark(hub.home, "suspended", "ada")
    asyncio.run(hub.rounds())
    closing = read_notice(folder / "settings")["closing"]
    assert closing["reasons"] == [[each.safe, each.sentence] for each in REFUSAL.reasons]
    assert hub.stopped == [("ada", STUDY)]
    assert hub.asked() == [
        f"end ada {STUDY}: the gate was asked again and refused "
        "[accreditation in date, within dates]"
    ]
    found = read_ending(folder)
    assert found is not None
    assert closing["page"] == f"http://127.0.0.1:8000/hub/ended/{found.key}"
    assert [sentence for _, sentence in found.reasons] == [
        each.sentence for each in REFUSAL.reasons
    ]
    assert read_notice(other / "settings")["closing"] is None


def test_a_question_that_fails_ends_neither_the_watch_nor_anybodys_session_at_once(hub):
    ada, bola = hub.open(), hub.open("bola")
    mark(hub.home, "confused", "ada")
    hub.at += 100
    asyncio.run(hub.rounds())
    assert warnings(ada) == [watching.UNANSWERED]
    assert warnings(bola) == []
    unmark(hub.home, "confused", "ada")
    asyncio.run(hub.rounds())
    assert warnings(ada) == []
    assert hub.stopped == []


def test_a_session_about_which_nobody_can_be_asked_for_too_long_ends(hub):
    hub.open()
    hub.open("bola")
    mark(hub.home, "confused", "ada")
    asyncio.run(hub.rounds())
    hub.at += 121
    asyncio.run(hub.rounds())
    assert hub.stopped == [("ada", STUDY)]
    assert hub.asked()[0].endswith("[asked again]")


def test_a_session_that_cannot_be_looked_at_keeps_nobody_else_and_ends(hub, monkeypatch):
    real = watching.measured

    def broken(watched, *more):
        if watched.spec.person == "ada":
            raise OSError("its folder cannot be read")
        return real(watched, *more)

    hub.open()
    bola = hub.open("bola")
    monkeypatch.setattr(watching, "measured", broken)
    asyncio.run(hub.rounds())
    assert hub.stopped == []
    assert read_notice(bola / "settings")["person"] == "bola"
    hub.at += 121
    asyncio.run(hub.rounds())
    assert hub.stopped == [("ada", STUDY)]


def test_somebody_who_is_not_there_any_more_is_refused(hub, monkeypatch):
    def gone(*_):
        raise NotThereError("there is nobody called 'ada'")

    hub.open()
    monkeypatch.setattr(FakeGate, "ask_again", gone)
    asyncio.run(hub.rounds())
    assert hub.stopped == [("ada", STUDY)]


def test_an_end_that_cannot_be_written_down_is_written_later(hub, monkeypatch):
    def broken(*_):
        raise RuntimeError("no database")

    hub.open()
    mark(hub.home, "suspended", "ada")
    with monkeypatch.context() as during:
        during.setattr(FakeGate, "end_session", broken)
        asyncio.run(hub.rounds())
    assert hub.stopped == [("ada", STUDY)]
    assert hub.asked() == []
    asyncio.run(hub.rounds(2))
    assert len(hub.asked()) == 1
    assert "accreditation in date" in hub.asked()[0]


def test_a_session_without_a_server_is_written_down_in_the_second_round(hub, monkeypatch):
    monkeypatch.setattr(FakeGate, "open_sessions", lambda _: (("ada", OTHER), ("ada", STUDY)))
    hub.open()
    asyncio.run(hub.rounds())
    assert hub.asked() == []
    asyncio.run(hub.rounds())
    assert hub.asked() == [f"end ada {OTHER}: its server was not there any more []"]


def test_a_server_that_does_not_stop_is_stopped_again(hub, monkeypatch):
    async def stuck(_):
        raise RuntimeError("it never died")

    hub.open()
    mark(hub.home, "suspended", "ada")
    with monkeypatch.context() as during:
        during.setattr(FakeServer, "close", stuck)
        asyncio.run(hub.rounds())
    assert hub.stopped == []
    asyncio.run(hub.rounds())
    assert hub.stopped == [("ada", STUDY)]


def test_an_idle_session_ends_and_a_busy_one_stays(hub):
    hub.open()
    busy = hub.open("bola")
    hub.at += 3601
    write_activity(busy / "private", hub.at)
    asyncio.run(hub.rounds())
    assert hub.stopped == [("ada", STUDY)]
    assert "[idle session]" in hub.asked()[0]


def test_no_activity_to_come_keeps_a_session(hub):
    folder = hub.open()
    write_activity(folder / "private", NOW + 10**9)
    asyncio.run(hub.rounds())
    hub.at += 12 * 60 * 60
    asyncio.run(hub.rounds())
    assert hub.stopped == [("ada", STUDY)]
    assert "[age of a session]" in hub.asked()[0]


@pytest.mark.parametrize("said", ["", "{", "[]", '{"active_at": "now"}', '{"active_at": null}'])
def test_activity_that_is_not_understood_counts_as_none(hub, said):
    folder = hub.open()
    (folder / "private" / "activity.json").write_text(said)
    hub.at += 3600
    asyncio.run(hub.rounds())
    assert hub.stopped == [("ada", STUDY)]


def test_too_large_a_workspace_stops_kernels_at_once_and_the_session_after_ten_minutes(
    hub, monkeypatch
):
    monkeypatch.setattr("tre.hub.watched.size_of", lambda _: 11 * 2**30)
    folder = hub.open()
    asyncio.run(hub.rounds())
    assert "delete files" in read_notice(folder / "settings")["no_kernels"]
    assert hub.stopped == []
    hub.at += 601
    asyncio.run(hub.rounds())
    assert hub.stopped == [("ada", STUDY)]


def test_what_a_session_showed_goes_to_the_ledger_every_round_and_at_the_end(hub):
    folder = hub.open()

    def shown(size):
        line = {"at": "2026", "kind": "shown", "messages": 1, "channels": {"iopub": size}}
        write_lines(folder / "private", [line | {"mime_types": {}}])

    async def both():
        shown(5)
        await hub.rounds()
        shown(7)
        await hub.watch.ended(("ada", STUDY), asked_for=True)

    asyncio.run(both())
    lines = (hub.home / "recorded.jsonl").read_text().splitlines()
    assert [json.loads(line)["shown"]["channels"] for line in lines] == [{"iopub": 5}, {"iopub": 7}]


def test_a_workspace_is_measured_by_what_its_files_take_on_the_disk(tmp_path):
    (tmp_path / "part").mkdir()
    empty = size_of(tmp_path)
    (tmp_path / "part" / "one").write_bytes(b"x" * 8192)
    (tmp_path / "again").hardlink_to(tmp_path / "part" / "one")
    (tmp_path / "link").symlink_to("/usr")
    with (tmp_path / "hole").open("wb") as hole:
        hole.truncate(2**40)
    assert 8192 <= size_of(tmp_path) - empty < 2**20


def test_empty_files_without_end_fill_a_workspace_too(tmp_path):
    empty = size_of(tmp_path)
    for number in range(64):
        (tmp_path / f"{number}").touch()
    assert size_of(tmp_path) - empty == 64 * 16 * 1024


def test_what_a_sessions_server_keeps_for_it_counts_as_its_own(hub, monkeypatch):
    """Checkpoints lie outside the workspace: many of them would fill the disk unseen."""
    folder = hub.open()
    monkeypatch.setattr(
        "tre.hub.watched.size_of", lambda each: 11 * 2**30 if each == folder / "private" else 0
    )
    asyncio.run(hub.rounds())
    assert "delete files" in read_notice(folder / "settings")["no_kernels"]


def test_a_folder_nested_deeper_than_a_path_can_name_counts_as_too_large(tmp_path):
    inner = os.open(tmp_path, os.O_RDONLY)
    for _ in range(20):
        os.mkdir("n" * 250, dir_fd=inner)
        deeper = os.open("n" * 250, os.O_RDONLY, dir_fd=inner)
        os.close(inner)
        inner = deeper
    os.close(inner)
    assert size_of(tmp_path) == BEYOND_ANY_LIMIT
    subprocess.run(["rm", "-rf", str(tmp_path / ("n" * 250))], check=True)
    assert size_of(tmp_path / "gone") == 0


def test_an_end_is_written_once_though_two_write_at_the_same_time(hub, monkeypatch):
    hub.watch._unwritten["ada", STUDY] = (watching.CLOSED, REFUSAL)
    both = threading.Barrier(2)
    monkeypatch.setattr(FakeGate, "end_session", lambda gate, *_: waits(gate))

    def waits(gate):
        time.sleep(0.05)
        gate._note("end")

    def settle():
        both.wait()
        hub.watch._settle()

    threads = [threading.Thread(target=settle) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert hub.asked() == ["end"]
