"""Every attack on a real world: what comes of it is what the table says."""

import pytest

from tests.end_to_end.served import Served
from tre.attack.attack import Attack
from tre.attack.attacks import ATTACKS
from tre.attack.suite import made
from tre.attack.target import Target

pytestmark = [
    pytest.mark.sealed,
    pytest.mark.slow,
    pytest.mark.timeout(400),
    pytest.mark.xdist_group("attack"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.mark.parametrize("attack", ATTACKS, ids=[attack.id for attack in ATTACKS])
def test_an_attack_comes_to_what_the_table_says(target: Target, attack: Attack):
    result = made(target, attack)
    assert result.seen.outcome == attack.expected, result.seen.evidence


def test_the_people_of_the_world_still_have_their_sessions(target: Target):
    assert target.ada.is_running()
    assert target.finn.is_running()


def test_a_world_that_was_attacked_has_a_whole_ledger(world: Served, target: Target):
    world.tre("ledger", "verify")
