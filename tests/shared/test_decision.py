import pytest

from tre.decision import ALLOWED, RefusedError, refuse
from tre.vocabulary import Safe

NO_TRAINING = refuse(Safe.PEOPLE, "training", "Your training has run out.")
ENDED = refuse(Safe.PROJECTS, "dates", "The project has ended.")


def test_nothing_against_it_is_allowed():
    assert ALLOWED.allowed


def test_a_refusal_keeps_every_reason_in_order():
    both = NO_TRAINING.also(ALLOWED).also(ENDED)
    assert not both.allowed
    assert [reason.rule for reason in both.reasons] == ["training", "dates"]


def test_a_decision_refuses_to_be_read_as_a_truth_value():
    with pytest.raises(TypeError, match="allowed"):
        bool(ENDED)


def test_the_error_says_every_reason_and_its_safe():
    assert str(RefusedError(NO_TRAINING.also(ENDED))) == (
        "Safe People: Your training has run out.\nSafe Projects: The project has ended."
    )
