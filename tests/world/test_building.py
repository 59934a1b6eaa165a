"""A build that is stopped, refused or asked for twice; with small stages in place of real ones."""

import fcntl
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from tre.cli import main
from tre.config import Config
from tre.decision import UnusableRequestError
from tre.steps import build_world as building
from tre.steps.build_world import build_world
from tre.steps.read_ledger import read_ledger
from tre.steps.tre import SYSTEM, Tre, open_tre
from tre.steps.world_record import read_world
from tre.steps.world_stages import Building, Stage, _people_and_projects
from tre.training.demo import PEOPLE

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Work:
    """Two stages that remember what they did; the second can be made to fail."""

    def __init__(self) -> None:
        self.did: list[str] = []
        self.fails = False

    def first(self, world: Building) -> None:
        world.tell("half of the first", 0.5)
        self.did.append("first")

    def second(self, world: Building) -> None:
        if self.fails:
            message = "killed"
            raise KeyboardInterrupt(message)
        self.did.append("second")

    def third(self, world: Building) -> None:
        self.did.append("third")


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Work:
    work = Work()
    stages = (
        Stage(name="first", weight=1, do=work.first),
        Stage(name="second", weight=2, do=work.second),
        Stage(name="third", weight=1, do=work.third, needs_sdv=True),
    )
    monkeypatch.setattr(building, "STAGES", stages)
    monkeypatch.setattr(building, "sdv_is_there", lambda: True)
    return work


@pytest.fixture
def tre(tmp_path: Path) -> Iterator[Tre]:
    opened = open_tre(Config(home=tmp_path / "home", people=2_000), now=lambda: NOON)
    yield opened
    opened.close()


@pytest.fixture
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash cheaply: nine slow hashes are of no use to a test."""
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr("tre.steps.record_person.hash_of_password", hasher.hash)


def of_another_size(tre: Tre, people: int) -> Tre:
    return Tre(config=Config(home=tre.config.home, people=people), store=tre.store, now=tre.now)


def test_a_world_is_built_stage_by_stage(tre: Tre, work: Work):
    built = build_world(tre)
    assert work.did == ["first", "second", "third"]
    assert list(built.seconds) == ["first", "second", "third"]
    assert (built.people, built.left_out) == (2_000, "")


def test_progress_only_grows_and_ends_at_one(tre: Tre, work: Work):
    told: list[tuple[str, float]] = []
    build_world(tre, progress=lambda stage, share: told.append((stage, share)))
    # Weights 1, 2 and 1 of 4: the first begins at 0, is half done at 1/8, the second at 1/4 …
    assert told == [
        ("first", 0.0),
        ("half of the first", 0.125),
        ("second", 0.25),
        ("third", 0.75),
        ("the world is complete", 1.0),
    ]


def test_a_second_build_does_nothing(tre: Tre, work: Work):
    build_world(tre)
    assert build_world(tre).nothing_to_do
    assert work.did == ["first", "second", "third"]


def test_a_build_that_was_stopped_goes_on_where_it_was(tre: Tre, work: Work):
    work.fails = True
    with pytest.raises(KeyboardInterrupt):
        build_world(tre)
    world = read_world(tre.config.home)
    assert world is not None
    assert (world.done, world.complete) == (("first",), False)
    work.fails = False
    build_world(tre)
    assert work.did == ["first", "second", "third"]


def test_an_unfinished_world_of_another_size_is_thrown_away(tre: Tre, work: Work):
    work.fails = True
    with pytest.raises(KeyboardInterrupt):
        build_world(tre)
    left = tre.folders.parties / "half"
    left.write_text("half-made")
    work.fails = False
    built = build_world(of_another_size(tre, 3_000))
    assert work.did == ["first", "first", "second", "third"]
    assert built.people == 3_000
    assert not left.exists()


def test_a_complete_world_of_another_size_is_kept(tre: Tre, work: Work):
    build_world(tre)
    kept = tre.folders.parties / "kept"
    kept.write_text("kept")
    with pytest.raises(UnusableRequestError, match=r"of 2,000 people .* not of 3,000"):
        build_world(of_another_size(tre, 3_000))
    assert kept.exists()


def test_without_sdv_the_world_is_complete_but_for_practice(
    tre: Tre, work: Work, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(building, "sdv_is_there", lambda: False)
    built = build_world(tre)
    assert work.did == ["first", "second"]
    assert "SDV is not installed" in built.left_out
    assert "tre-simulator[synthetic]" in built.left_out


def test_what_was_left_out_is_added_once_sdv_is_there(
    tre: Tre, work: Work, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(building, "sdv_is_there", lambda: False)
    build_world(tre)
    monkeypatch.setattr(building, "sdv_is_there", lambda: True)
    built = build_world(tre)
    assert work.did == ["first", "second", "third"]
    assert built.left_out == ""


def test_practice_data_are_left_out_on_request(tre: Tre, work: Work):
    built = build_world(tre, with_practice_data=False)
    assert work.did == ["first", "second"]
    assert "as you asked" in built.left_out


def test_two_builds_at_once_are_refused(tre: Tre, work: Work):
    with (tre.config.home / ".build.lock").open("a") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(UnusableRequestError, match="another build is at work"):
            build_world(tre)
    assert work.did == []


def test_a_damaged_record_of_the_world_is_said(tre: Tre, work: Work):
    (tre.config.home / "world.json").write_text("{")
    with pytest.raises(UnusableRequestError, match="damaged"):
        build_world(tre)


@pytest.mark.usefixtures("quick_passwords")
def test_the_build_is_on_the_ledger(tre: Tre, work: Work):
    world = Building(
        tre=tre,
        world=building.World(people=2_000, seed=2026, built_on=NOON.date()),
        tell=lambda stage, share: None,
    )
    _people_and_projects(world)
    build_world(tre)
    tags = [entry.tag for entry in read_ledger(tre, "omar")]
    assert "data:world:build" in tags
    assert tags.count("people:person:record") == len(PEOPLE)


@pytest.mark.usefixtures("quick_passwords")
def test_people_and_projects_can_be_recorded_twice(tre: Tre):
    world = Building(
        tre=tre,
        world=building.World(people=2_000, seed=2026, built_on=NOON.date()),
        tell=lambda stage, share: None,
    )
    _people_and_projects(world)
    before = (tre.config.home / "keys" / "demo.json").read_bytes()
    _people_and_projects(world)
    assert (tre.config.home / "keys" / "demo.json").read_bytes() == before


def test_the_environment_itself_needs_no_leave_to_build(tre: Tre, work: Work):
    assert build_world(tre, SYSTEM).people == 2_000


def test_a_taken_port_is_named_before_anything_is_built(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert main(["--home", str(tmp_path / "home"), "up", "--port", str(port)]) == 3
    assert f"port {port} on 127.0.0.1 is taken" in capsys.readouterr().err
    assert not (tmp_path / "home" / "world.json").exists()
