"""A privacy budget: what it allows, how it is kept, and that two processes cannot overspend it."""

import json
import multiprocessing
from pathlib import Path

import pytest
from diffprivlib import BudgetAccountant

from output_checks import BudgetSpentError, ProtectionError, UnreadableDataError
from output_checks.protect.accounting import PrivacyBudget, Spend, ask_budget, paying
from tests.output_checks.drawing import data


def test_a_budget_is_spent_until_nothing_is_left():
    budget = PrivacyBudget(0.3)
    budget.spend(0.1, purpose="first").spend(0.2)
    assert budget.total() == (pytest.approx(0.3), 0.0)  # although 0.1 + 0.2 > 0.3 in binary
    assert budget.remaining() == (0.0, 0.0)
    assert budget.spent == (Spend(epsilon=0.1, purpose="first"), Spend(epsilon=0.2))
    with pytest.raises(BudgetSpentError, match=r"0 is left of 0\.3"):
        budget.check(0.001)


def test_what_remains_is_divided_by_the_spends_to_come():
    budget = PrivacyBudget(1.0).spend(0.4)
    assert budget.remaining() == (pytest.approx(0.6), 0.0)
    assert budget.remaining(3)[0] == pytest.approx(0.2)


def test_with_a_slack_many_small_spends_cost_less_than_their_sum():
    budget = PrivacyBudget(10.0, delta=1e-5, slack=1e-5, spent=[Spend(epsilon=0.01)] * 900)
    assert budget.total()[0] < 3  # their sum is 9
    assert budget.remaining()[0] > 1


def test_a_delta_is_spent_too():
    budget = PrivacyBudget(1.0, delta=0.01)
    budget.spend(0.1, 0.006)
    with pytest.raises(BudgetSpentError):
        budget.spend(0.1, 0.006)


def test_a_budget_becomes_an_accountant_of_diffprivlib():
    accountant = PrivacyBudget(1.0).spend(0.25).accountant()
    assert isinstance(accountant, BudgetAccountant)
    assert accountant.spent_budget == [(0.25, 0.0)]
    overspent = PrivacyBudget(1.0, spent=[Spend(epsilon=2.0)])
    assert overspent.remaining() == (0.0, 0.0)
    with pytest.raises(BudgetSpentError, match="more was spent"):
        overspent.accountant()


def test_what_fails_costs_nothing():
    budget = PrivacyBudget(1.0)
    with pytest.raises(ZeroDivisionError), budget.spending(0.5):
        _ = 1 / 0
    assert budget.spent == ()


def test_a_budget_is_not_spent_from_inside_a_spend():
    budget = PrivacyBudget(1.0)
    with (
        pytest.raises(ProtectionError, match="spent from already"),
        budget.spending(0.5),
        budget.spending(0.1),
    ):
        pass
    assert budget.spend(1.0).remaining() == (0.0, 0.0)


@pytest.mark.parametrize(
    "options",
    [
        {"epsilon": 0},
        {"epsilon": True},
        {"epsilon": float("inf")},
        {"epsilon": 1, "delta": 2},
        {"epsilon": 1, "delta": 0.1, "slack": 0.2},
    ],
)
def test_ceilings_that_are_none_are_refused(options):
    with pytest.raises(ProtectionError):
        PrivacyBudget(**options)


@pytest.mark.parametrize(("epsilon", "delta"), [(0, 0), ("1", 0), (1, -1), (1, 1), (1, "0")])
def test_spends_that_are_none_are_refused(epsilon, delta):
    with pytest.raises(ProtectionError):
        PrivacyBudget(1.0, delta=0.5).spend(epsilon, delta)


# In a file


def test_a_budget_in_a_file_is_kept(tmp_path):
    path = tmp_path / "budget.json"
    PrivacyBudget.open(path, 1.0).spend(0.75, purpose="count by sex")
    again = PrivacyBudget.open(path, 1.0)
    assert again.spent == (Spend(epsilon=0.75, purpose="count by sex"),)
    with pytest.raises(BudgetSpentError, match=r"0\.25 is left of 1"):
        again.spend(0.5)
    table = data("F M\na 100 200").table("group")
    assert table.protect("noise", epsilon=0.25, accountant=again).report().verdict == "pass"
    kept = json.loads(path.read_text(encoding="utf-8"))
    assert [one["epsilon"] for one in kept["spent"]] == [0.75, 0.25]
    assert kept["spent"][1]["purpose"] == "count by group"


def test_a_budget_is_not_raised_by_opening_it(tmp_path):
    path = tmp_path / "budget.json"
    PrivacyBudget.open(path, 1.0)
    with pytest.raises(ProtectionError, match="has epsilon 1, not 2"):
        PrivacyBudget.open(path, 2.0)


def spend_often(path: Path, told) -> None:
    budget = PrivacyBudget.open(path, 1.0)
    paid = 0
    for _ in range(10):
        try:
            budget.spend(0.1)
            paid += 1
        except BudgetSpentError:
            break
    told.put(paid)


def test_two_processes_cannot_overspend(tmp_path):
    path = tmp_path / "budget.json"
    PrivacyBudget.open(path, 1.0)
    start = multiprocessing.get_context("spawn")
    told = start.Queue()
    both = [start.Process(target=spend_often, args=(path, told)) for _ in range(2)]
    for one in both:
        one.start()
    paid = [told.get(timeout=120) for _ in both]
    for one in both:
        one.join()
    assert sum(paid) == 10
    assert len(PrivacyBudget.open(path, 1.0).spent) == 10


def test_a_crash_while_saving_leaves_the_file_as_it_was(tmp_path, monkeypatch):
    path = tmp_path / "budget.json"
    budget = PrivacyBudget.open(path, 1.0)
    before = path.read_bytes()

    def crash(*args):
        raise OSError("the disk is full")

    monkeypatch.setattr("output_checks.protect.accounting.os.fsync", crash)
    with pytest.raises(OSError, match="full"):
        budget.spend(0.5)
    assert path.read_bytes() == before


def test_a_place_that_cannot_be_written_to_is_refused(tmp_path):
    with pytest.raises(UnreadableDataError, match="cannot be locked"):
        PrivacyBudget.open(tmp_path / "none" / "budget.json", 1.0)


def test_a_file_that_went_away_is_refused(tmp_path):
    path = tmp_path / "budget.json"
    budget = PrivacyBudget.open(path, 1.0)
    path.unlink()
    with pytest.raises(UnreadableDataError, match="cannot be read"):
        budget.check(0.1)


GOOD = '{"epsilon": 1.0, "delta": 0.0, "slack": 0.0, "spent": []}'
SPEND = '{"epsilon": 0.5, "delta": 0.0, "purpose": ""}'


def test_json_there_and_back():
    budget = PrivacyBudget(2.0, delta=0.1, slack=0.05).spend(0.5, 0.01, "sum by sex")
    again = PrivacyBudget.from_json(budget.to_json())
    assert again.to_json() == budget.to_json()
    assert again.spent == budget.spent


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "not valid JSON"),
        ("[]", "is a JSON object"),
        (GOOD.replace("slack", "slak"), 'Did you mean "slack"'),
        (GOOD.replace('"slack": 0.0, ', ""), 'lacks "slack"'),
        (GOOD.replace('"slack": 0.0', '"slack": 0.0, "slack": 0.0'), "there twice"),
        (GOOD.replace("1.0", '"1.0"'), "damaged"),
        (GOOD.replace("1.0", "NaN"), "damaged"),
        (GOOD.replace("[]", "{}"), "are a list"),
        (GOOD.replace("[]", "[0.5]"), "is a JSON object"),
        (GOOD.replace("[]", "[" + SPEND.replace("0.5", "-0.5") + "]"), "damaged"),
        (GOOD.replace("[]", "[" + SPEND.replace('""', "5") + "]"), "is a text"),
    ],
)
def test_a_damaged_budget_is_refused(text, says):
    with pytest.raises(UnreadableDataError, match=says):
        PrivacyBudget.from_json(text)


# Either kind of accountant


@pytest.mark.parametrize("make", [PrivacyBudget, BudgetAccountant])
def test_paying_asks_first_and_enters_afterwards(make):
    accountant = make(1.0)
    with paying(accountant, 0.75):
        assert accountant.spent_budget == []
    assert accountant.spent_budget == [(0.75, 0.0)]
    with pytest.raises(BudgetSpentError, match=r"0\.25 is left of 1"), paying(accountant, 0.5):
        raise AssertionError("something was computed")
    with pytest.raises(ZeroDivisionError), paying(accountant, 0.1):
        _ = 1 / 0
    assert accountant.spent_budget == [(0.75, 0.0)]


def test_an_epsilon_too_small_for_an_accountant_is_refused():
    with pytest.raises(ProtectionError, match="at least"):
        ask_budget(BudgetAccountant(1.0), 1e-16)
