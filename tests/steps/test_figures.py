"""The managers' figures from a real ledger: what the steps wrote is what is counted."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.demo import Demo
from tests.demo_people import PRACTICE, STUDY
from tests.desk.histories import a_history
from tests.steps.test_reviewing import join
from tre.decision import RefusedError, UnusableRequestError
from tre.steps.ask_for_release import ask_for_release
from tre.steps.figures import FiguresView, view_figures
from tre.steps.read_ledger import read_ledger

PERIOD = (("since", "2026-03"), ("until", "2026-04"))


def numbers(view: FiguresView, name: str) -> dict[str, Mapping[str, Any]]:
    """A figure's rows by their labels, without what is 0 and what is nothing."""
    (figure,) = [one for one in view.to_dict()["figures"] if one["name"] == name]
    return {
        row["label"]: {column: value for column, value in row["values"].items() if value}
        for row in figure["rows"]
    }


@pytest.fixture
def view(any_demo: Demo) -> FiguresView:
    a_history(any_demo)
    return view_figures(any_demo.tre, "mia", PERIOD)


def test_what_happened_is_counted_by_month(view: FiguresView) -> None:
    assert numbers(view, "requests") == {
        "Mar 2026": {"submitted": 2, "returned": 1, "released": 1, "submitted again": 1},
        "Apr 2026": {"submitted": 1, "returned": 1, "withdrawn": 1},
    }
    assert numbers(view, "reasons") == {
        "Mar 2026": {"too little context": 1, "returned": 1},
        "Apr 2026": {"small or unredacted counts": 1, "returned": 1},
    }


def test_time_is_told_of_each_state_that_was_left(view: FiguresView) -> None:
    times = numbers(view, "times")
    # Submitted: 2 March to 4 (2), 9 to 18 (7), 1 April to 2 (1): the middle of 1, 2, 7 is 2.
    assert times["submitted"] == {"median": 2, "90th percentile": 7, "stays": 3}
    # Returned: Wednesday 4 to Monday 9 March (3), and withdrawn at once (0): 3 / 2.
    assert times["returned"] == {"median": 1.5, "90th percentile": 3, "stays": 2}
    assert times["failed"] == {}


def test_the_late_answer_is_found(view: FiguresView) -> None:
    assert numbers(view, "service-level") == {
        "Mar 2026": {"in time": 1, "late": 1, "share in time": 0.5},
        "Apr 2026": {"in time": 1, "share in time": 1},
    }


def test_disagreement_and_verdicts_are_those_of_the_outputs(view: FiguresView) -> None:
    assert numbers(view, "disagreement")["Apr 2026"]["different answers"] == 1
    by_rule = numbers(view, "disagreement-by-rule")
    assert by_rule["no finding"] == {"the same answer": 1, "outputs": 1}
    assert by_rule["threshold"]["different answers"] == 1
    verdicts = numbers(view, "verdicts")
    assert verdicts["pass"] == {"approved": 1, "outputs": 1, "share approved": 1}
    assert verdicts["fail"] == {"not agreed": 1, "outputs": 1}


def test_a_turn_with_one_review_is_in_no_figure_of_answers(demo: Demo) -> None:
    request = demo.submitted()
    demo.review(request, "cora")
    found = view_figures(demo.tre, "mia", PERIOD)
    assert all(
        not values
        for name in ("disagreement", "verdicts")
        for values in numbers(found, name).values()
    )
    assert numbers(found, "disagreement-by-pair") == {}


def test_what_is_of_ones_own_project_is_left_out(demo: Demo) -> None:
    a_history(demo)
    join(demo, "mia")
    found = view_figures(demo.tre, "mia", PERIOD)
    assert (found.is_empty, found.left_out, dict(found.projects)) == (True, 1, {})
    with pytest.raises(UnusableRequestError, match="project cannot be"):
        view_figures(demo.tre, "mia", (*PERIOD, ("project", STUDY)))


def test_a_project_is_chosen(demo: Demo) -> None:
    a_history(demo)
    found = view_figures(demo.tre, "omar", (*PERIOD, ("project", STUDY)))
    assert numbers(found, "requests")["Mar 2026"]["submitted"] == 2
    assert "cora" not in repr(found.to_dict())


def test_practice_counts_only_where_its_project_is_chosen(demo: Demo) -> None:
    ask_for_release(demo.tre, "tess", PRACTICE, demo.package())
    assert view_figures(demo.tre, "mia", PERIOD).is_empty
    found = view_figures(demo.tre, "mia", (*PERIOD, ("project", PRACTICE)))
    assert numbers(found, "requests")["Mar 2026"] == {"submitted": 1}


def test_the_ledger_says_who_looked_at_which_figures(demo: Demo) -> None:
    a_history(demo)
    view_figures(demo.tre, "mia", (*PERIOD, ("project", STUDY)))
    entry = read_ledger(demo.tre, "omar", person="mia", limit=1)[0]
    assert (entry.tag, entry.project) == ("outputs:figures:view", STUDY)
    assert entry.details == {"since": "2026-03", "until": "2026-04"}


@pytest.mark.parametrize("person", ["ada", "cora", "tess", "lena"])
def test_figures_are_for_managers_and_auditors(demo: Demo, person: str) -> None:
    with pytest.raises(RefusedError, match="TRE manager"):
        view_figures(demo.tre, person)
