"""Writers take turns, and what they wrote is kept a second time by whoever comes first."""

import threading
import time
from pathlib import Path

import pytest

from tests.clock import MONDAY
from tre.steps.tre import Tre, open_tre
from tre.store import kept_head, turns
from tre.store.kept_head import keep, read_kept, start
from tre.store.ledger import Head, Line
from tre.store.turns import StoreUnavailableError

KEY = b"k" * 32


def write(tre: Tre) -> None:
    with tre.store.writing() as change:
        change.record(Line(at=MONDAY, actor="ada", tag="a:b:c"))


def test_who_waits_too_long_for_a_turn_is_told_and_nothing_is_changed(
    any_tre: Tre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "LONGEST_SECONDS", 0.05)
    begun, over = threading.Event(), threading.Event()

    def hold() -> None:
        with any_tre.store.writing():
            begun.set()
            over.wait(60)

    holder = threading.Thread(target=hold)
    holder.start()
    assert begun.wait(60)
    with pytest.raises(StoreUnavailableError, match=r"nothing was changed, try again"):
        write(any_tre)
    with any_tre.store.reading() as connection:  # who only reads waits for nobody
        assert connection.exec_driver_sql("SELECT count(*) FROM ledger").scalar() == 0
    over.set()
    holder.join()
    write(any_tre)
    assert any_tre.store.verify_ledger().entries == 1


def test_who_looks_waits_for_no_writer_and_what_they_saw_is_written_afterwards(
    any_tre: Tre,
) -> None:
    begun, over, looked = threading.Event(), threading.Event(), threading.Event()

    def hold() -> None:
        with any_tre.store.writing():
            begun.set()
            over.wait(60)

    def look() -> None:
        with any_tre.store.looking() as change:
            change.connection.exec_driver_sql("SELECT count(*) FROM ledger").scalar()
            change.record(Line(at=MONDAY, actor="ada", tag="a:b:look"))
            looked.set()

    threads = [threading.Thread(target=each) for each in (hold, look)]
    threads[0].start()
    assert begun.wait(60)
    threads[1].start()
    assert looked.wait(60)  # while somebody still writes
    over.set()
    for thread in threads:
        thread.join()
    assert any_tre.store.verify_ledger().entries == 1


def test_what_was_not_seen_to_its_end_is_not_written(any_tre: Tre) -> None:
    def fail() -> None:
        with any_tre.store.looking() as change:
            change.record(Line(at=MONDAY, actor="ada", tag="a:b:look"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert any_tre.store.verify_ledger().entries == 0


def test_processes_take_turns_too(tre: Tre, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "LONGEST_SECONDS", 0.05)
    other = open_tre(tre.config, now=tre.now)  # as another process, which has locks of its own
    with tre.store.writing():
        before = time.monotonic()
        with pytest.raises(StoreUnavailableError):
            write(other)
        assert time.monotonic() - before < 20  # and not the database's own half minute
    write(other)
    other.close()
    assert tre.store.verify_ledger().entries == 1


def test_where_the_data_home_is_gone_the_store_is_away_and_no_turn_is_lost(tre: Tre) -> None:
    home, aside = tre.config.home, tre.config.home.with_name("aside")
    home.rename(aside)
    for _ in range(2):
        with pytest.raises(StoreUnavailableError, match="data home cannot be used"):
            write(tre)
    aside.rename(home)
    write(tre)
    assert tre.store.verify_ledger().whole


def test_a_step_that_fails_gives_its_turn_back(any_tre: Tre) -> None:
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), any_tre.store.writing():
            raise ZeroDivisionError
    write(any_tre)
    assert any_tre.store.verify_ledger().whole


def test_the_first_who_comes_keeps_the_head_of_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, written = tmp_path / "ledger.head", []
    start(file, KEY)
    write_whole = kept_head.write_whole
    monkeypatch.setattr(
        kept_head, "write_whole", lambda *what: (written.append(what), write_whole(*what))
    )
    third = Head(3, "c" * 64)
    for new in (Head(1, "a" * 64), Head(2, "b" * 64), third):
        keep(file, KEY, new, lambda _: (None, third))
    kept = read_kept(file, KEY)
    assert kept is not None
    assert (kept.head, kept.genuine, len(written)) == (third, True, 1)


def test_a_head_that_the_ledger_denies_is_left_as_the_evidence(tmp_path: Path) -> None:
    file = tmp_path / "ledger.head"
    start(file, KEY)
    first, later = Head(1, "a" * 64), Head(5, "e" * 64)
    keep(file, KEY, first, lambda _: (None, first))
    for there in ("f" * 64, None):  # entry 1 is another one now, or gone
        keep(file, KEY, later, lambda _, there=there: (there, later))
        kept = read_kept(file, KEY)
        assert kept is not None
        assert kept.head == first
    keep(file, KEY, later, lambda number: ("a" * 64 if number == 1 else None, later))
    kept = read_kept(file, KEY)
    assert kept is not None
    assert kept.head == later
