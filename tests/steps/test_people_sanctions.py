"""Sanctions with their cascades: foreseen, imposed, told, lifted."""

from dataclasses import replace
from datetime import date

import pytest

from tests.demo import Demo
from tests.demo_people import KINGS, ONS, PRACTICE, STUDY
from tre.decision import NotThereError, OvertakenError, RefusedError, UnusableRequestError
from tre.safe_people.person import Accreditation, AccreditationLevel
from tre.steps.impose_sanction import foresee_sanction, impose_sanction
from tre.steps.lift_sanction import lift_sanction, sanctions
from tre.steps.my_page import my_page
from tre.steps.notices import notices
from tre.steps.people import load_person
from tre.steps.read_ledger import read_ledger
from tre.steps.record_person import record_person
from tre.steps.sanction_cascade import Cascade, in_words
from tre.steps.sessions_to_end import sessions_to_end
from tre.steps.start_session import start_session
from tre.steps.tre import SYSTEM

PROVISIONAL = Accreditation(
    level=AccreditationLevel.PROVISIONAL, since=date(2026, 1, 1), until=date(2028, 12, 31)
)


def supervised(demo: Demo, person: str, supervisor: str = "ada", **changes: object) -> None:
    """Let somebody on the study be a provisional researcher under somebody else."""
    ada = load_person(demo.tre, "ada")
    known = replace(
        load_person(demo.tre, person),
        accreditation=PROVISIONAL,
        supervisor=supervisor,
        passports=ada.passports,
        **changes,
    )
    record_person(demo.tre, SYSTEM, known)


def ids(stopped: Cascade) -> tuple[list[str], list[str], list[str], int]:
    return (
        [person.id for person in stopped.barred],
        [person.id for person in stopped.without_supervisor],
        [f"{person} in {project}" for person, project in stopped.sessions],
        len(stopped.requests),
    )


def test_a_sanction_on_a_supervisor_stops_those_under_them(any_demo: Demo) -> None:
    demo = any_demo
    supervised(demo, "bola")
    demo.submitted()
    start_session(demo.tre, "ada", STUDY)
    start_session(demo.tre, "bola", STUDY)
    start_session(demo.tre, "finn", PRACTICE)
    about = {"person": "ada", "until": None}
    foreseen = foresee_sanction(demo.tre, "mia", **about)
    expected = (["ada"], ["bola"], [f"ada in {STUDY}", f"bola in {STUDY}"], 1)
    assert ids(foreseen) == expected
    assert sessions_to_end(demo.tre) == ()  # nothing is imposed by asking
    assert impose_sanction(demo.tre, "mia", reason="Shared an account.", **about) == foreseen
    ended = {f"{each.person} in {each.project}" for each in sessions_to_end(demo.tre)}
    assert ended == set(expected[2])


def test_a_sanction_on_an_organisation_bars_all_its_people(demo: Demo) -> None:
    supervised(demo, "bola", organisation="Elsewhere")
    start_session(demo.tre, "finn", PRACTICE)
    stopped = impose_sanction(
        demo.tre,
        "mia",
        organisation=KINGS,
        until=date(2026, 4, 1),
        reason="Twelve shared accounts.",
    )
    # Bola is of another organisation, so Ada could not vouch for them before either.
    assert ids(stopped) == (["ada", "finn", "tess"], [], [f"finn in {PRACTICE}"], 0)


def test_what_was_stopped_before_is_not_counted_again(demo: Demo) -> None:
    start_session(demo.tre, "ada", STUDY)
    supervised(demo, "bola")
    impose_sanction(demo.tre, "mia", person="ada", until=None, reason="First.")
    again = foresee_sanction(demo.tre, "mia", person="ada", until=None)
    assert ids(again) == (["ada"], [], [], 0)


def test_those_concerned_are_told_and_nobody_is_told_anothers_reason(demo: Demo) -> None:
    supervised(demo, "bola")
    reason = "Left a screen unlocked."
    impose_sanction(demo.tre, "mia", person="ada", until=date(2026, 4, 1), reason=reason)
    assert notices(demo.tre, "ada")[0].text.startswith("You are barred until 01 April 2026.")
    assert notices(demo.tre, "bola")[0].title == "You need another supervisor"
    assert "screen" not in repr(notices(demo.tre, "bola"))
    assert "screen" not in repr(my_page(demo.tre, "bola").stops)
    assert any(reason.rstrip(".") in s.reason.sentence for s in my_page(demo.tre, "ada").stops)
    entry = read_ledger(demo.tre, "omar", person="mia", limit=1)[0]
    assert (entry.details["without_supervisor"], entry.details["people"]) == (1, 1)


def test_a_sanction_is_lifted_with_a_reason_and_told(any_demo: Demo) -> None:
    demo = any_demo
    impose_sanction(demo.tre, "mia", person="ada", until=None, reason="Under inquiry.")
    (kept,) = sanctions(demo.tre, "mia")
    number = kept.sanction.number
    assert number is not None
    with pytest.raises(RefusedError):
        start_session(demo.tre, "ada", STUDY)
    with pytest.raises(UnusableRequestError, match="reason"):
        lift_sanction(demo.tre, "mia", number, " ")
    lift_sanction(demo.tre, "mia", number, "It was somebody else.")
    start_session(demo.tre, "ada", STUDY)
    assert notices(demo.tre, "ada")[0].title == "A sanction was lifted"
    (kept,) = sanctions(demo.tre, "omar")
    assert kept.lifted_because == "It was somebody else."
    assert kept.sanction.lifted_on == date(2026, 3, 2)
    with pytest.raises(OvertakenError):
        lift_sanction(demo.tre, "mia", number, "Again.")
    with pytest.raises(NotThereError):
        lift_sanction(demo.tre, "mia", number + 1, "No such.")


def test_only_a_manager_of_another_organisation_lifts(demo: Demo) -> None:
    impose_sanction(demo.tre, "mia", organisation=ONS, until=date(2026, 4, 1), reason="x")
    (kept,) = sanctions(demo.tre, "mia")
    number = kept.sanction.number
    assert number is not None
    for actor in ("ada", "cora", "omar", "tess"):
        with pytest.raises(RefusedError):
            lift_sanction(demo.tre, actor, number, "No.")
    mia = load_person(demo.tre, "mia")
    record_person(demo.tre, SYSTEM, replace(mia, organisation=ONS))
    with pytest.raises(RefusedError):  # barred as well, now that mia is of that organisation
        lift_sanction(demo.tre, "mia", number, "For us.")
    record_person(demo.tre, SYSTEM, mia)
    lift_sanction(demo.tre, "mia", number, "Settled.")


def test_nobody_but_a_manager_foresees(demo: Demo) -> None:
    for actor in ("ada", "cora", "omar"):
        with pytest.raises(RefusedError):
            foresee_sanction(demo.tre, actor, person="bola", until=None)


def test_the_cascade_in_words_counts_each_kind() -> None:
    nothing = Cascade(barred=(), without_supervisor=(), sessions=(), requests=())
    assert list(in_words(nothing)) == []
    some = replace(nothing, sessions=(("ada", STUDY),), requests=(1, 2))
    assert list(in_words(some)) == ["1 running session ends", "2 open requests are frozen"]


def test_nobody_bars_themselves(demo: Demo) -> None:
    for act in (
        lambda: impose_sanction(demo.tre, "mia", reason="x", until=None, person="mia"),
        lambda: foresee_sanction(demo.tre, "mia", until=None, person="mia"),
    ):
        with pytest.raises(RefusedError) as refused:
            act()
        assert [r.rule for r in refused.value.decision.reasons] == ["not one's own"]
    assert load_person(demo.tre, "mia").sanctions == ()
