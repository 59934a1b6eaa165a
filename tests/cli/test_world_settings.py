"""Which world `tre up` and `tre build` mean: the one that is there, or another beside it."""

from datetime import date
from pathlib import Path

import pytest

from tre.commands.asking import Asking
from tre.commands.world import _settings
from tre.decision import UnusableRequestError
from tre.steps.world_record import World, write_world

HERE = Asking(home=None, person=None)


@pytest.fixture(autouse=True)
def in_a_new_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("TRE_HOME", "TRE_PEOPLE", "TRE_SEED", "TRE_PORT", "TRE_DESK_PORT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def world_there(folder: Path, people: int, *, seed: int = 2026, complete: bool = True) -> None:
    home = folder / "var" / "tre"
    home.mkdir(parents=True)
    world = World(people=people, seed=seed, built_on=date(2026, 11, 22), complete=complete)
    write_world(home, world)


def test_a_first_world_has_the_usual_size_and_place(tmp_path: Path):
    config = _settings(HERE)
    assert (config.home, config.people) == (tmp_path / "var" / "tre", 20_000)


def test_the_world_that_is_there_is_meant_unless_another_is_named(tmp_path: Path):
    world_there(tmp_path, 50_000, seed=7)
    config = _settings(HERE, port=8_800)
    assert (config.people, config.seed, config.port) == (50_000, 7, 8_800)


def test_another_size_gets_a_home_beside_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    world_there(tmp_path, 20_000)
    config = _settings(HERE, people=200_000)
    assert config.home == tmp_path / "var" / "tre-200000"
    assert "--home var/tre-200000" in capsys.readouterr().out


def test_the_size_may_come_from_make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    world_there(tmp_path, 20_000)
    monkeypatch.setenv("TRE_PEOPLE", "200000")
    monkeypatch.setenv("TRE_HOME", "")
    assert _settings(HERE).home.name == "tre-200000"


def test_another_seed_gets_a_home_beside_too(tmp_path: Path):
    world_there(tmp_path, 20_000)
    assert _settings(HERE, seed=7).home.name == "tre-20000-7"


def test_the_size_that_is_there_may_be_named(tmp_path: Path):
    world_there(tmp_path, 20_000)
    assert _settings(HERE, people=20_000).home.name == "tre"


def test_a_named_home_is_never_left_for_another(tmp_path: Path):
    world_there(tmp_path, 20_000)
    named = Asking(home=tmp_path / "var" / "tre", person=None)
    with pytest.raises(UnusableRequestError, match="never changed into another"):
        _settings(named, people=200_000)


def test_a_world_that_is_not_complete_may_become_another(tmp_path: Path):
    world_there(tmp_path, 20_000, complete=False)
    config = _settings(HERE, people=200_000)
    assert (config.home.name, config.people) == ("tre", 200_000)
