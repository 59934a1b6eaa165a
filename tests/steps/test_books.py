"""The books: transfers, the budget of differential privacy, searching the ledger."""

import threading
from datetime import date

import pytest

from tests.clock import MONDAY
from tests.demo import Demo
from tests.demo_people import PRACTICE, STUDY
from tre.decision import NotThereError, RefusedError, UnusableRequestError
from tre.safe_data.linking.transfer import LinkageRun, Transfer
from tre.steps.budget import budget, set_budget, spending
from tre.steps.read_ledger import read_ledger
from tre.steps.start_session import start_session
from tre.steps.transfers import record_transfers, transfers

SENT = Transfer(
    linkage="npd",
    sender="CDLS",
    receiver="Department for Education",
    purpose="matching",
    columns=("link_id", "name", "date_of_birth"),
    rows=1200,
    legal_basis="section 251",
    on=date(2026, 2, 20),
    sha256="ab" * 32,
)

RUN = LinkageRun(
    linkage="npd",
    on=date(2026, 2, 20),
    version="1",
    covered=1250,
    opted_out=50,
    sent=1200,
    matched=1100,
    withheld=3,
    out_of_time=0,
    controls=4000,
    transfers=(SENT,),
    destroyed=("cd" * 32,),
)


def test_transfers_are_kept_with_their_columns_rows_and_legal_basis(any_demo: Demo) -> None:
    record_transfers(any_demo.tre, "lena", RUN)
    kept = transfers(any_demo.tre, "omar")[0]
    assert (kept.number, kept.sender, kept.receiver) == (1, "CDLS", "Department for Education")
    assert (kept.columns, kept.rows, kept.legal_basis) == (SENT.columns, 1200, "section 251")
    assert (kept.on, kept.recorded_at) == ("2026-02-20", MONDAY)
    tags = [entry.tag for entry in read_ledger(any_demo.tre, "omar", limit=3)]
    assert tags == ["data:linkage:view", "data:linkage:run", "data:transfer:record"]


def test_only_linkers_record_transfers_and_researchers_do_not_read_them(demo: Demo) -> None:
    for actor in ("ada", "cora", "mia", "omar"):
        with pytest.raises(RefusedError):
            record_transfers(demo.tre, actor, RUN)
    with pytest.raises(RefusedError):
        transfers(demo.tre, "ada")


def spend(demo: Demo, epsilon: float, result: bytes = b"a,b\n") -> None:
    with spending(demo.tre, "ada", STUDY, epsilon=epsilon) as being_spent:
        being_spent.keep(result)


def test_a_budget_is_spent_and_never_beyond(any_demo: Demo) -> None:
    set_budget(any_demo.tre, "mia", STUDY, 1.0)
    for _ in range(10):  # ten tenths are one, whatever floating point says
        spend(any_demo, 0.1)
    assert budget(any_demo.tre, STUDY).spent == (0.1,) * 10
    with pytest.raises(UnusableRequestError, match="is left"):
        spend(any_demo, 0.1)
    assert budget(any_demo.tre, PRACTICE).spent == ()


def test_what_is_not_computed_is_not_charged(demo: Demo) -> None:
    def fail() -> None:
        with spending(demo.tre, "ada", STUDY, epsilon=0.5):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert budget(demo.tre, STUDY).spent == ()


def test_two_at_once_cannot_spend_the_same_epsilon(any_demo: Demo) -> None:
    set_budget(any_demo.tre, "mia", STUDY, 1.0)
    outcomes: list[str] = []

    def try_to_spend() -> None:
        try:
            spend(any_demo, 0.6)
            outcomes.append("spent")
        except UnusableRequestError:
            outcomes.append("too little")

    threads = [threading.Thread(target=try_to_spend) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["spent"] + ["too little"] * 3


@pytest.mark.parametrize("epsilon", [0, -1, float("nan"), float("inf")])
def test_an_epsilon_is_a_number_above_zero(demo: Demo, epsilon: float) -> None:
    with pytest.raises(UnusableRequestError, match="above 0"):
        spend(demo, epsilon)


@pytest.mark.parametrize("total", [-1, float("nan"), float("inf")])
def test_a_budget_is_a_number(demo: Demo, total: float) -> None:
    with pytest.raises(UnusableRequestError, match="0 or more"):
        set_budget(demo.tre, "mia", STUDY, total)


def test_only_who_may_work_on_the_project_spends_and_only_a_manager_sets(demo: Demo) -> None:
    with pytest.raises(RefusedError), spending(demo.tre, "bola", STUDY, epsilon=0.1):
        pass
    with pytest.raises(RefusedError):
        set_budget(demo.tre, "ada", STUDY, 100.0)
    with pytest.raises(NotThereError):
        budget(demo.tre, "no-such-project")


def test_the_ledger_is_searched_by_person_project_and_request(demo: Demo) -> None:
    request = demo.submitted()
    start_session(demo.tre, "finn", PRACTICE)
    by_project = read_ledger(demo.tre, "omar", project=PRACTICE, limit=1)[0]
    assert (by_project.actor, by_project.tag) == ("finn", "settings:session:start")
    by_request = read_ledger(demo.tre, "omar", request=request)
    assert {entry.request for entry in by_request} == {request}
    assert by_request[0].number > by_request[-1].number
    older = read_ledger(demo.tre, "omar", before=by_request[-1].number, limit=5)
    assert [entry.number for entry in older] == [by_request[-1].number - n for n in range(1, 6)]


def test_everybody_reads_what_concerns_themselves_and_staff_all(demo: Demo) -> None:
    start_session(demo.tre, "ada", STUDY)
    assert read_ledger(demo.tre, "ada", person="ada")[0].tag == "settings:session:start"
    for person in (None, "cora"):
        with pytest.raises(RefusedError):
            read_ledger(demo.tre, "ada", person=person)
    assert read_ledger(demo.tre, "mia")


def test_reading_the_ledger_is_on_the_ledger(demo: Demo) -> None:
    read_ledger(demo.tre, "omar", person="ada")
    entry = read_ledger(demo.tre, "omar", limit=1)[0]
    assert (entry.actor, entry.tag, entry.person) == ("omar", "audit:ledger:view", "ada")
