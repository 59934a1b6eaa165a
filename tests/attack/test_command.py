"""`tre attack` as it is typed, and the table that it is made from."""

import json
from datetime import UTC, datetime
from html import escape
from pathlib import Path

import pytest

from tests.attack.test_judging import result_of
from tests.demo import Demo
from tre.attack.attack import Attacker, Holder, Outcome
from tre.attack.attacks import ATTACKS, chosen
from tre.attack.families import HEADINGS, LESSONS, NOT_HELD, Family
from tre.attack.page import About, page
from tre.attack.suite import as_row
from tre.cli import main
from tre.decision import RefusedError, UnusableRequestError
from tre.steps.attack_suite import ENDED, STARTED, end_attacks, start_attacks
from tre.steps.read_ledger import read_ledger


def test_there_are_many_attacks_and_none_has_another_s_name():
    assert len(ATTACKS) >= 250
    assert len({attack.id for attack in ATTACKS}) == len(ATTACKS)
    assert {attack.id for attack in ATTACKS}.isdisjoint(set(Family))


def test_an_attack_says_what_it_tries_and_why_it_is_held_in_part():
    for attack in ATTACKS:
        assert attack.tries.endswith("."), attack.id
        assert bool(attack.because) == (attack.expected is Outcome.IN_PART), attack.id
        assert attack.expected in (Outcome.HELD, Outcome.IN_PART), attack.id


def test_every_family_attacker_and_holder_has_its_part():
    assert {attack.family for attack in ATTACKS} == set(Family)
    assert {attack.attacker for attack in ATTACKS} == set(Attacker)
    assert {attack.holder for attack in ATTACKS} == set(Holder)
    assert set(HEADINGS) == set(LESSONS) == set(Family)


def test_attacks_are_chosen_by_id_and_by_family():
    assert [attack.id for attack in chosen(["vsock"])] == ["vsock"]
    assert {attack.family for attack in chosen(["network"])} == {Family.NETWORK}
    assert len(chosen(["vsock", "resources"])) == 1 + len(chosen(["resources"]))
    assert chosen([]) == ATTACKS


def test_an_unknown_name_is_refused_with_those_that_there_are():
    with pytest.raises(UnusableRequestError, match=r"families are .*network"):
        chosen(["nonsense"])


def test_the_list_needs_no_world(capsys: pytest.CaptureFixture[str]):
    assert main(["attack", "--list", "--only", "letters", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert {one["family"] for one in listed} == {"letters"}
    assert main(["attack", "--list", "--only", "vsock"]) == 0
    assert "vsock" in capsys.readouterr().out


def test_without_a_running_world_it_says_how_to_start_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert main(["attack", "--home", str(tmp_path / "home")]) == 3
    assert "make up" in capsys.readouterr().err
    assert not (tmp_path / "home").exists()


def test_the_page_is_complete_and_shows_what_was_seen_as_text():
    results = [result_of(outcome) for outcome in Outcome]
    about = About(
        at=datetime(2026, 3, 2, 9, tzinfo=UTC), person="<omar>", home="home", seconds=61.0
    )
    html = page(results, about)
    assert "2 March 2026" in html
    assert "&lt;omar&gt;" in html
    assert "<omar>" not in html
    assert "src=" not in html
    assert "href=" not in html
    for what, why in NOT_HELD:
        assert escape(what) in html
        assert escape(why) in html
    for outcome in Outcome:
        assert f">{outcome}</td>" in html


def test_the_page_begins_with_what_an_auditor_must_look_at():
    about = About(at=datetime(2026, 3, 2, 9, tzinfo=UTC), person="omar", home="home", seconds=1.0)
    bad = page([result_of(Outcome.HELD), result_of(Outcome.OPEN)], about)
    good = page([result_of(Outcome.HELD)], about)
    assert bad.index("To look at first") < bad.index(HEADINGS[Family.NETWORK])
    assert "To look at first" not in good
    assert "Nothing is open" in good


def test_a_row_says_what_was_expected_beside_what_was_seen():
    row = as_row(result_of(Outcome.OPEN))
    assert (row["expected"], row["outcome"], row["evidence"]) == ("held", "open", "seen")


def test_a_suite_is_on_the_ledger_with_its_counts(demo: Demo):
    start_attacks(demo.tre, "mia", 3)
    end_attacks(demo.tre, "mia", {"held": 2, "open": 1})
    ended, started = read_ledger(demo.tre, "mia", limit=2)
    assert (started.tag, started.actor) == (STARTED, "mia")
    assert (ended.tag, dict(ended.details or {})["outcomes"]) == (ENDED, {"held": 2, "open": 1})


@pytest.mark.parametrize("person", ["ada", "cora", "tess"])
def test_who_does_not_look_after_the_environment_may_not_attack_it(demo: Demo, person: str):
    with pytest.raises(RefusedError):
        start_attacks(demo.tre, person, 3)
