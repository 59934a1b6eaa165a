"""A privacy budget: what it allows, how it is kept, and that two processes cannot overspend it."""

import json
import multiprocessing
from pathlib import Path
from typing import Any

import pytest
from diffprivlib import BudgetAccountant

from output_checks import (
    BudgetSpentError,
    OutputCheckError,
    ProtectionError,
    UnreadableDataError,
)
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
    PrivacyBudget.create(path, 1.0).spend(0.75, purpose="count by sex")
    again = PrivacyBudget.open(path, 1.0)
    assert again.spent == (Spend(epsilon=0.75, purpose="count by sex"),)
    with pytest.raises(BudgetSpentError, match=r"0\.25 is left of 1"):
        again.spend(0.5)
    table = data("F M\na 100 200").table("group")
    assert (
        table.protect("noise", categories="public", epsilon=0.25, accountant=again).report().verdict
        == "pass"
    )
    kept = json.loads(path.read_text(encoding="utf-8"))
    assert [one["epsilon"] for one in kept["spent"]] == [0.75, 0.25]
    assert kept["spent"][1]["purpose"] == "count by group"


def test_a_budget_is_not_raised_by_opening_it(tmp_path):
    path = tmp_path / "budget.json"
    PrivacyBudget.create(path, 1.0)
    with pytest.raises(ProtectionError, match="has epsilon 1, not 2"):
        PrivacyBudget.open(path, 2.0)


def test_a_budget_is_not_begun_where_there_is_one(tmp_path):
    path = tmp_path / "budget.json"
    PrivacyBudget.create(path, 1.0, delta=0.5, slack=0.25).spend(0.5)
    with pytest.raises(ProtectionError, match=r"budget\.json already"):
        PrivacyBudget.create(path, 1.0)
    again = PrivacyBudget.open(path)
    assert (again.epsilon, again.delta, again.slack) == (1.0, 0.5, 0.25)
    assert again.total()[0] == 0.5
    with pytest.raises(ProtectionError, match=r"has delta 0\.5, not 0\.3"):
        PrivacyBudget.open(path, delta=0.3)


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
    PrivacyBudget.create(path, 1.0)
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
    budget = PrivacyBudget.create(path, 1.0)
    before = path.read_bytes()

    def crash(*args):
        raise OSError("the disk is full")

    monkeypatch.setattr("output_checks.protect.budget_file.os.fsync", crash)
    with pytest.raises(UnreadableDataError, match="full"):
        budget.spend(0.5)
    assert path.read_bytes() == before
    assert sorted(one.name for one in tmp_path.iterdir()) == ["budget.json", "budget.json.lock"]


def test_a_place_that_cannot_be_written_to_is_refused(tmp_path):
    with pytest.raises(UnreadableDataError, match="cannot be locked"):
        PrivacyBudget.create(tmp_path / "none" / "budget.json", 1.0)


def test_a_file_that_went_away_is_refused(tmp_path):
    path = tmp_path / "budget.json"
    budget = PrivacyBudget.create(path, 1.0)
    budget.spend(1.0)
    path.unlink()
    with pytest.raises(UnreadableDataError, match="there is no privacy budget"):
        budget.check(0.1)
    with pytest.raises(UnreadableDataError, match="begin one with"):
        PrivacyBudget.open(path, 1.0)
    assert not path.exists()


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
        (GOOD.replace("[]", "[" + SPEND.replace('""', "5") + "]"), "must be a text"),
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


WRONG: list[Any] = [None, True, 3, -1, float("nan"), b"x", [1], {"a": 1}, object(), 10**400]


@pytest.mark.parametrize("value", [*WRONG, float("inf"), 1e300, 10**30, 5e-324, "x"])
def test_an_amount_of_another_kind_or_size_is_refused_and_not_entered(value):
    budget = PrivacyBudget(1.0, delta=0.1)
    for spend in (
        lambda: budget.spend(value),
        lambda: budget.check(value),
        lambda: budget.spend(0.1, 2 if value == 5e-324 else value),
    ):
        with pytest.raises((ProtectionError, BudgetSpentError)):
            spend()
    assert budget.spent == ()


@pytest.mark.parametrize("value", [one for one in WRONG if one != 3])
def test_an_argument_of_another_kind_is_refused(value):
    calls = [
        lambda: PrivacyBudget(1.0, spent=value),
        lambda: PrivacyBudget(1.0, spent=[value]),
        lambda: PrivacyBudget(1.0).remaining(value if value is not True else 0),
        lambda: PrivacyBudget.from_json(value),
        lambda: PrivacyBudget.open(value, 1.0),
        lambda: PrivacyBudget.create(value, 1.0),
        lambda: PrivacyBudget(1.0).spend(0.1, purpose=value),
    ]
    for number, call in enumerate(calls):
        if not (number == 0 and value == {}):
            with pytest.raises(OutputCheckError) as caught:
                call()
            assert len(str(caught.value)) < 300


@pytest.mark.parametrize("epsilon", [float("nan"), float("inf"), -1.0, True, None, 0])
def test_a_spend_before_that_is_none_is_no_way_around_the_ceiling(epsilon: Any):
    with pytest.raises(ProtectionError):
        PrivacyBudget(1.0, spent=[Spend(epsilon=epsilon)])


@pytest.mark.parametrize("path", ["", "/", "..", "a\0b", "a" * 300, Path("/proc/none/x")])
def test_a_place_that_is_no_file_is_refused(path):
    with pytest.raises(OutputCheckError):
        PrivacyBudget.open(path, 1.0)


def test_a_folder_is_refused_and_nothing_is_left_beside_it(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    with pytest.raises(ProtectionError, match="is a folder"):
        PrivacyBudget.create(folder, 1.0)
    assert list(tmp_path.iterdir()) == [folder]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "NaN",
        "[" * 100_000,
        GOOD.replace("1.0", "1" * 5_000),
        GOOD.replace("1.0", "1e999"),
        GOOD[:20],
        GOOD.replace("[]", "[" + SPEND.replace("0.5", "1e308") + "]"),
        GOOD.replace("[]", "[" + SPEND.replace("0.5", "5e-324") + "]"),
        GOOD.replace("[]", "[" + SPEND.replace('""', '"\\ud800"') + "]"),
    ],
)
def test_a_damaged_file_is_refused_and_stays_as_it_is(text, tmp_path):
    path = tmp_path / "budget.json"
    path.write_text(text)
    with pytest.raises(UnreadableDataError):
        PrivacyBudget.open(path, 1.0)
    assert path.read_text() == text


def test_a_file_of_bytes_is_refused(tmp_path):
    path = tmp_path / "budget.json"
    path.write_bytes(b"\xff\xfe\0")
    with pytest.raises(UnreadableDataError, match="cannot be read"):
        PrivacyBudget.open(path, 1.0)


def test_a_purpose_that_cannot_be_written_is_refused_before_anything_is_done(tmp_path):
    budget = PrivacyBudget.create(tmp_path / "budget.json", 1.0)
    done = []
    with pytest.raises(ProtectionError, match="purpose"), budget.spending(0.5, purpose="\ud800"):
        done.append(1)
    assert not done
    assert budget.spent == ()


def test_a_kept_budget_is_not_raised_by_making_it_anew(tmp_path):
    path = tmp_path / "budget.json"
    PrivacyBudget.create(path, 1.0)
    raised = PrivacyBudget(1000.0, path=path)
    with pytest.raises(ProtectionError, match="has epsilon 1, not 1000"):
        raised.spend(5.0)
    assert PrivacyBudget.open(path, 1.0).spent == ()


def test_a_link_to_a_budget_is_the_same_budget(tmp_path):
    path, link = tmp_path / "budget.json", tmp_path / "link.json"
    PrivacyBudget.create(path, 1.0)
    link.symlink_to(path)
    PrivacyBudget.open(link, 1.0).spend(0.9)
    with pytest.raises(BudgetSpentError):
        PrivacyBudget.open(path, 1.0).spend(0.9)
    assert link.is_symlink()


def test_a_relative_place_stays_where_it_was(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    budget = PrivacyBudget.create("budget.json", 1.0)
    (tmp_path / "other").mkdir()
    monkeypatch.chdir(tmp_path / "other")
    budget.spend(0.5)
    assert PrivacyBudget.open(tmp_path / "budget.json", 1.0).total() == (0.5, 0.0)


def test_two_who_ask_an_accountant_at_once_do_not_both_spend():
    accountant = BudgetAccountant(epsilon=1.0, delta=0.0)
    with pytest.raises(BudgetSpentError), paying(accountant, 0.8):
        accountant.spend(0.8, 0.0)
    assert accountant.spent_budget == [(0.8, 0.0)]


def test_an_accountant_without_a_ceiling_is_refused():
    unlimited = BudgetAccountant()
    table = data("F M\na 100 200").table("group")
    with pytest.raises(ProtectionError, match="no ceiling"):
        table.protect("noise", categories="public", epsilon=0.25, accountant=unlimited)
    with pytest.raises(ProtectionError, match="no ceiling"):
        ask_budget(unlimited, 0.25)
    assert unlimited.total()[0] == 0
