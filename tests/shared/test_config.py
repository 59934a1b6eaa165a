from pathlib import Path

import pytest

from tre.config import Config
from tre.decision import UnusableRequestError


def test_without_a_file_or_variables_the_defaults_serve_one_machine(tmp_path: Path):
    config = Config.load(tmp_path, {})
    assert config.url == "http://127.0.0.1:8000"
    assert config.desk_address == "http://127.0.0.1:8001"
    assert config.database == f"sqlite:///{tmp_path / 'tre.sqlite'}"
    assert config.people == 20_000


def test_a_variable_wins_over_the_file(tmp_path: Path):
    (tmp_path / "tre.toml").write_text("port = 9000\npeople = 5000\n")
    config = Config.load(tmp_path, {"TRE_PORT": "9100"})
    assert (config.port, config.people) == (9100, 5000)


def test_the_desk_listens_beside_the_hub_unless_told_otherwise(tmp_path: Path):
    assert Config.load(tmp_path, {"TRE_PORT": "9100"}).desk_listens_on == 9101
    assert Config.load(tmp_path, {"TRE_DESK_PORT": "9300"}).desk_listens_on == 9300


def test_the_home_comes_from_its_variable(tmp_path: Path):
    assert Config.load(None, {"TRE_HOME": str(tmp_path)}).home == tmp_path.resolve()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("prot = 9000\n", "unknown setting 'prot'"),
        ("port = 'ninety'\n", "whole number"),
        ("port = 0\n", "from 1 to"),
        ("port = 70000\n", "from 1 to"),
        ("people = 12\n", "from 1,000 to"),
        ("people = 3000001\n", "to 3,000,000, not 3,000,001"),
        ("port =\n", "not valid TOML"),
        ("place = 'attic'\n", "safe room"),
    ],
)
def test_a_setting_that_is_not_understood_is_refused(tmp_path: Path, text: str, words: str):
    (tmp_path / "tre.toml").write_text(text)
    with pytest.raises(UnusableRequestError, match=words):
        Config.load(tmp_path, {})


def test_the_largest_world_that_can_be_simulated_can_be_asked_for(tmp_path: Path):
    assert Config.load(tmp_path, {"TRE_PEOPLE": "3000000"}).people == 3_000_000
