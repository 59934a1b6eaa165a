"""How often one person may ask, and that an answer is there whole or not at all."""

import json
import os
from pathlib import Path

import pytest

from tre.courier.rates import AT_ONCE, SECONDS_EACH, Rates
from tre.courier.replies import KEPT_SECONDS, tidy, write_reply


def test_a_quiet_person_may_send_some_at_once_and_then_waits():
    rates = Rates()
    sent = [rates.may_send("ada", 100.0) for _ in range(AT_ONCE + 5)]
    assert sent == [True] * AT_ONCE + [False] * 5


def test_after_a_while_there_is_room_for_one_more():
    rates = Rates()
    for _ in range(AT_ONCE):
        rates.may_send("ada", 100.0)
    assert not rates.may_send("ada", 100.0)
    assert rates.may_send("ada", 100.0 + SECONDS_EACH)
    assert not rates.may_send("ada", 100.0 + SECONDS_EACH)


def test_a_long_silence_saves_up_no_more_than_at_once():
    rates = Rates()
    rates.may_send("ada", 0.0)
    sent = [rates.may_send("ada", 1_000_000.0) for _ in range(AT_ONCE + 1)]
    assert sent == [True] * AT_ONCE + [False]


def test_one_persons_flood_does_not_hold_up_another():
    rates = Rates()
    for _ in range(AT_ONCE + 1):
        rates.may_send("ada", 100.0)
    assert rates.may_send("finn", 100.0)


def test_an_answer_is_private_and_whole(tmp_path: Path):
    write_reply(tmp_path / "replies", "a" * 32, {"outcome": "done"})
    (reply,) = (tmp_path / "replies").iterdir()
    assert reply.name == "a" * 32 + ".json"
    assert json.loads(reply.read_text()) == {"outcome": "done"}
    assert reply.stat().st_mode & 0o777 == 0o600


def test_a_failed_answer_leaves_nothing_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def full_disk(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full_disk)
    with pytest.raises(OSError, match="No space left"):
        write_reply(tmp_path, "a" * 32, {"outcome": "done"})
    assert list(tmp_path.iterdir()) == []


def test_old_answers_are_tidied_and_new_ones_kept(tmp_path: Path):
    for name, written in (("old", 1_000.0), ("new", 2_000.0)):
        (tmp_path / f"{name}.json").write_text("{}")
        os.utime(tmp_path / f"{name}.json", (written, written))
    tidy(tmp_path, KEPT_SECONDS + 1_500.0)
    assert [file.name for file in tmp_path.iterdir()] == ["new.json"]
