"""How a session ended, for its owner to read."""

import pytest

from tests.hub.fake_gate import REFUSAL
from tre.decision import ALLOWED
from tre.hub.endings import ending, ending_of, find_ending, forget_ending, read_ending, write_ending


@pytest.fixture
def sessions(tmp_path):
    write_ending(ending("study", "A study", REFUSAL), tmp_path / "ada--study")
    write_ending(ending("study", "A study", ALLOWED, unexpected=True), tmp_path / "bola--study")
    return tmp_path


def test_an_end_is_found_by_its_owner_and_by_its_address(sessions):
    found = ending_of(sessions, "ada", "study")
    assert found is not None
    assert [sentence for _, sentence in found.reasons] == [
        "Your accreditation ended on 1 May.",
        "The project ended on 3 June.",
    ]
    assert find_ending(sessions, found.key) == found
    other = ending_of(sessions, "bola", "study")
    assert other is not None
    assert other.unexpected


@pytest.mark.parametrize("key", ["", "0" * 32, "*", "../ada--study/ended", "é" * 32])
def test_no_other_address_finds_one(sessions, key):
    assert find_ending(sessions, key) is None


def test_every_end_has_an_address_of_its_own(sessions):
    keys = {ending("study", "A study", REFUSAL).key for _ in range(100)}
    assert len(keys) == 100
    assert {len(key) for key in keys} == {32}


def test_a_new_session_forgets_the_end_of_the_last(sessions):
    forget_ending(sessions / "ada--study")
    forget_ending(sessions / "ada--study")
    assert ending_of(sessions, "ada", "study") is None


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"key": "1", "reasons": [1]}'])
def test_a_file_that_is_not_understood_is_no_end(sessions, text):
    (sessions / "ada--study" / "ended.json").write_text(text)
    assert read_ending(sessions / "ada--study") is None
