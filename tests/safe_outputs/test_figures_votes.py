"""Two blind answers on one output, by hand: how often they differ, and what came of them."""

import pytest

from tests.safe_outputs.happenings import (
    NO,
    OPEN,
    YES,
    approved,
    at,
    made,
    returned,
    reviewed,
    submitted,
    table,
    two_reviews,
    voted,
)
from tre.safe_outputs.figures_votes import Checked, Outcome, compared, decided
from tre.safe_outputs.release_request import State, VoteChoice

# Two answers on one output


@pytest.mark.parametrize(
    ("first", "second", "differed"),
    [(YES, YES, False), (NO, NO, False), (YES, NO, True), (NO, YES, True)],
)
def test_two_answers_are_the_same_or_differ(first: VoteChoice, second: VoteChoice, differed: bool):
    (found,) = compared((submitted(at(2)), *two_reviews(at(3), first, second)))
    assert (found.differed, found.checkers) == (differed, ("cora", "deniz"))


def test_one_review_alone_is_compared_with_nothing():
    history = (submitted(at(2)), *two_reviews(at(3), YES, NO)[:3])
    assert compared(history) == ()


def test_what_counts_is_the_answer_before_the_other_was_seen():
    history = (
        voted(at(3), "cora", NO),
        voted(at(3), "cora", YES),  # a change of mind while still blind
        reviewed(at(3), "cora", State.PARTIALLY_REVIEWED),
        voted(at(4), "deniz", NO),
        reviewed(at(4), "deniz", State.REVIEWED),
        voted(at(5), "deniz", YES),  # after both saw each other's: they have talked
    )
    assert [one.differed for one in compared(history)] == [True]
    (end,) = decided((*history, approved(at(5))))
    assert end.outcome is Outcome.APPROVED


def test_undecided_is_no_answer():
    assert compared(two_reviews(at(3), OPEN, YES)) == ()


def test_a_review_that_is_submitted_again_changes_nothing():
    history = (
        *two_reviews(at(3), YES, NO)[:2],
        voted(at(4), "cora", NO),
        reviewed(at(4), "cora", State.PARTIALLY_REVIEWED),  # and is no second reviewer
    )
    assert compared(history) == ()
    assert [one.differed for one in compared((*history, *two_reviews(at(5), NO, NO)[2:]))] == [True]


def test_a_vote_of_which_the_ledger_does_not_say_enough_is_none():
    history = (voted(at(3), "cora", YES, file=None), *two_reviews(at(3), YES, YES))
    assert [one.file for one in compared(history)] == [7]


def test_a_third_reviewer_and_a_second_turn_are_not_compared_again():
    history = (
        *two_reviews(at(3), YES, NO),
        voted(at(4), "emi", YES),
        reviewed(at(4), "emi", State.REVIEWED),
        returned(at(5)),
        *two_reviews(at(9), YES, YES, turn=2),
    )
    assert [(one.file, one.differed) for one in compared(history)] == [(7, True)]


def test_disagreement_has_a_share_a_number_and_its_rules_and_pairs():
    history = (
        *two_reviews(at(3), YES, NO, request=1, file=1),
        *two_reviews(at(4), YES, YES, request=2, file=2),
        *two_reviews(at(5), NO, NO, request=3, file=3),
        *two_reviews(at(6), YES, YES, request=4, file=4),
    )
    checks = {
        1: Checked(verdict="fail", rules=("threshold", "dominance")),
        2: Checked(verdict="fail", rules=("threshold",)),
        3: Checked(verdict="pass"),
    }
    names = {"cora": "Cora Lindqvist", "deniz": "Deniz Kaya"}
    found = made(*history, checks=checks, names=names)
    same, other = "the same answer", "different answers"
    assert table(found["disagreement"])["Mar 2026"] == {
        same: 3,
        other: 1,
        "outputs": 4,
        "share that differed": 0.25,
    }
    assert table(found["disagreement-by-rule"]) == {
        "no finding": {same: 2, "outputs": 2},
        "threshold": {same: 1, other: 1, "outputs": 2, "share that differed": 0.5},
        "dominance": {other: 1, "outputs": 1, "share that differed": 1},
    }
    assert table(found["disagreement-by-pair"]) == {
        "Cora Lindqvist and Deniz Kaya": {
            same: 3,
            other: 1,
            "outputs": 4,
            "share that differed": 0.25,
        }
    }


def test_pairs_are_named_to_nobody_who_was_given_no_names():
    found = made(*two_reviews(at(3), YES, NO))
    assert "disagreement-by-pair" not in found
    assert "cora" not in repr(found)


# The verdict and the decision


@pytest.mark.parametrize(
    ("first", "second", "outcome"),
    [
        (YES, YES, Outcome.APPROVED),
        (NO, NO, Outcome.CHANGES),
        (YES, NO, Outcome.NOT_AGREED),
    ],
)
def test_the_outcome_is_what_the_votes_come_to(
    first: VoteChoice, second: VoteChoice, outcome: Outcome
):
    (found,) = decided((*two_reviews(at(3), first, second), returned(at(4))))
    assert found.outcome is outcome


def test_an_early_return_decides_nothing_about_the_outputs():
    assert decided((*two_reviews(at(3), NO, NO)[:2], returned(at(4)))) == ()


def test_an_output_with_a_single_answer_is_decided_by_nobody():
    assert decided((*two_reviews(at(3), YES, OPEN), returned(at(4)))) == ()


def test_an_approval_is_carried_over_and_a_wish_for_changes_is_not():
    again = (
        *two_reviews(at(3), YES, NO),
        returned(at(4)),
        reviewed(at(9), "cora", State.PARTIALLY_REVIEWED, turn=2),
        voted(at(9), "emi", YES, turn=2),
        reviewed(at(9), "emi", State.REVIEWED, turn=2),
        approved(at(10), turn=2),
    )
    # Cora's approval of turn 1 and Emi's of turn 2; Deniz's wish was answered
    assert [(one.at, one.outcome) for one in decided(again)] == [(at(10), Outcome.APPROVED)]


def test_a_verdict_is_set_against_the_last_decision_on_each_output():
    history = (
        *two_reviews(at(3), YES, YES, request=1, file=1),
        approved(at(4), request=1),
        *two_reviews(at(3), NO, NO, request=2, file=2),
        returned(at(4), request=2),
        *two_reviews(at(3), NO, NO, request=3, file=3),
        returned(at(4), request=3),
        *two_reviews(at(5), YES, YES, request=3, file=3, turn=2),
        approved(at(6), request=3, turn=2),
        *two_reviews(at(5), YES, NO, request=4, file=4),
        returned(at(6), request=4),
    )
    checks = {
        1: Checked(verdict="fail", rules=("threshold",)),
        2: Checked(verdict="pass"),
        3: Checked(verdict="fail", rules=("threshold",)),
    }
    found = made(*history, checks=checks)["verdicts"]
    assert table(found) == {
        "pass": {"changes requested": 1, "outputs": 1, "share with changes requested": 1},
        "review": {},
        "fail": {"approved": 2, "outputs": 2, "share approved": 1},
        "not checked": {"not agreed": 1, "outputs": 1},
    }
    assert found.n == 4


def test_every_row_has_a_value_for_every_column():
    names = {"cora": "Cora", "deniz": "Deniz"}
    for figure in made(*two_reviews(at(3), YES, NO), returned(at(4)), names=names).values():
        for row in figure.rows:
            assert len(row.values) == len(figure.series)
            assert len(row.more) == len(figure.more)
