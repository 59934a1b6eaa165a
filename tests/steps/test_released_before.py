"""What left before is laid beside an output, with what subtracting the two gives."""

from dataclasses import replace
from datetime import date

import pytest

from output_checks import Data
from tests.demo import Demo
from tests.demo_extract import linked
from tests.demo_people import ADA, STUDY
from tre.decision import NotThereError, OvertakenError
from tre.safe_outputs.release_request import FileKind, State
from tre.safe_projects.project import Membership
from tre.steps.approve_request import approve_request
from tre.steps.ask_for_release import PackageFile, ask_for_release
from tre.steps.projects import load_project
from tre.steps.read_ledger import read_ledger
from tre.steps.record_person import record_person
from tre.steps.record_project import record_project
from tre.steps.released_before import EarlierOutput, ReleasedBefore, released_before
from tre.steps.revoke_release import revoke_release
from tre.steps.tre import SYSTEM
from tre.steps.view_request import view_request

BUT_SIX = "NOT (diagnosis_group = 'Psychosis (F20-F29)' AND sex = 'Female')"
"""Everybody but the six women with psychosis."""


def table(*dimensions: str, where: str = "", name: str = "table.csv") -> PackageFile:
    data = Data.read(linked(), unit="person_id", name="linked")
    made = data.table(*dimensions, where=where, policy="srs")
    return PackageFile(name, made.to_csv().encode(), FileKind.OUTPUT, made.declaration.to_json())


def beside(demo: Demo, request: int, viewer: str = "cora", nth: int = 0) -> ReleasedBefore:
    return released_before(demo.tre, viewer, request, demo.outputs(request)[nth])


def only(found: ReleasedBefore) -> EarlierOutput:
    (one,) = found.earlier
    return one


def test_a_subtraction_that_leaves_six_is_written_out(demo: Demo) -> None:
    first = demo.released(table("sex"))
    second = demo.submitted(table("sex", where=BUT_SIX, name="most.csv"))
    one = only(beside(demo, second))
    assert (one.request, one.author_name, one.shares) == (first, "Ada Mensah", ("sex",))
    assert one.released_at is not None
    assert one.compared
    # 200 people were released; 194 of them are in the new table
    assert [(found.cell, found.sum, found.people) for found in one.found] == [
        ("Total", f"200 in request {first} - 194 here", 6)
    ]
    assert one.found[0].severity == "fail"
    assert one.found[0].cells[f"table.csv of request {first}"] == ({"sex": "Total"},)
    assert one.text.startswith("sex,value\nFemale,94\n")


def test_a_withheld_cell_that_two_tables_tell_is_named(demo: Demo) -> None:
    first = demo.released(demo.table_file())
    second = demo.submitted(table("sex", where=BUT_SIX, name="most.csv"))
    (one,) = [one for one in beside(demo, second).earlier if one.name == "table.csv"]
    told = [found for found in one.found if "Psychosis" in found.cell]
    assert told
    assert all(found.withheld == f"in request {first}" for found in told)


def test_a_release_is_named_also_where_another_output_tells_the_same(demo: Demo) -> None:
    demo.released(table("sex"))
    second = demo.submitted(table("sex", where=BUT_SIX, name="most.csv"), demo.table_file())
    one = only(beside(demo, second))
    # 200 less 194 people: the request's own table tells of the same six, and is found first
    assert 6 in [found.people for found in one.found]


def test_where_nothing_follows_it_is_said_to_have_been_compared(demo: Demo) -> None:
    demo.released(table("sex"))
    one = only(beside(demo, demo.submitted(table("sex", name="again.csv"))))
    assert (one.compared, one.why_not, one.found) == (True, "", ())


def test_what_was_revoked_has_left_all_the_same(demo: Demo) -> None:
    first = demo.released(table("sex"))
    revoke_release(demo.tre, "mia", first, "It was the wrong table.")
    one = only(beside(demo, demo.submitted(table("sex", where=BUT_SIX))))
    assert one.revoked_at is not None
    assert [found.people for found in one.found] == [6]


def test_undeclared_outputs_are_listed_and_compared_with_nothing(demo: Demo) -> None:
    plain = PackageFile("plain.csv", b"a,b\n20,30\n", FileKind.OUTPUT)
    demo.released(plain, table("sex"))
    request = demo.submitted(plain, table("sex", name="again.csv"))
    undeclared = beside(demo, request)
    assert not undeclared.is_declared
    assert [one.compared for one in undeclared.earlier] == [False, False]
    declared = beside(demo, request, nth=1)
    assert {one.name: one.compared for one in declared.earlier} == {
        "table.csv": True,
        "plain.csv": False,
    }
    assert "no declaration" in next(o.why_not for o in declared.earlier if o.name == "plain.csv")


def test_a_first_request_has_nothing_before_it(demo: Demo) -> None:
    request = demo.submitted()
    assert beside(demo, request).earlier == ()


def test_what_is_released_is_laid_beside_what_left_before_it_alone(demo: Demo) -> None:
    first, second = demo.released(table("sex")), demo.released(table("diagnosis_group"))
    assert beside(demo, first).earlier == ()
    assert only(beside(demo, second)).request == first


def test_looking_is_for_those_who_see_the_request_and_on_the_ledger(demo: Demo) -> None:
    demo.released(table("sex"))
    request = demo.submitted(table("sex"))
    file = demo.outputs(request)[0]
    with pytest.raises(NotThereError):
        released_before(demo.tre, "finn", request, file)
    with pytest.raises(NotThereError):
        released_before(demo.tre, "cora", request, 999)
    for viewer in ("cora", "ada"):
        released_before(demo.tre, viewer, request, file)
        tags = [one.tag for one in read_ledger(demo.tre, "omar", person=viewer, request=request)]
        assert "outputs:file:compare-releases" in tags


# Two requests on their way at once


@pytest.fixture
def two(any_demo: Demo) -> tuple[Demo, int, int]:
    """Ada's and Ben's requests, each checked before the other one left; both are approved of."""
    demo = any_demo
    record_person(demo.tre, SYSTEM, replace(ADA, id="ben", name="Ben Osei"))
    study = load_project(demo.tre, STUDY)
    ben = Membership(person="ben", since=date(2026, 1, 5), until=date(2026, 12, 31))
    record_project(demo.tre, "mia", replace(study, members=(*study.members, ben)))
    first = demo.submitted(table("sex"))
    others = demo.package(table("sex", where=BUT_SIX, name="most.csv"))
    second = ask_for_release(demo.tre, "ben", STUDY, others)
    for request in (first, second):
        demo.review(request, "cora")
        demo.review(request, "deniz")
    return demo, first, second


def test_what_left_meanwhile_is_compared_before_an_approval(two: tuple[Demo, int, int]) -> None:
    demo, first, second = two
    assert approve_request(demo.tre, "cora", first) is State.RELEASED
    assert "since these outputs were checked" in only(beside(demo, second)).why_not
    with pytest.raises(OvertakenError, match=f"request {first} has left since"):
        approve_request(demo.tre, "cora", second)
    view = view_request(demo.tre, "cora", second)
    assert (view.state, view.worst_verdict) == (State.REVIEWED, "fail")
    one = only(beside(demo, second))
    assert [(found.cell, found.people) for found in one.found] == [("Total", 6)]
    tags = [entry.tag for entry in read_ledger(demo.tre, "omar", request=second)]
    assert "outputs:check:again" in tags
    # The verdict never decides: now that the checkers have seen it, they may.
    assert approve_request(demo.tre, "deniz", second) is State.RELEASED


def test_where_nothing_new_follows_the_approval_goes_on(demo: Demo) -> None:
    request = demo.reviewed(table("sex"))
    record_person(demo.tre, SYSTEM, replace(ADA, id="ben", name="Ben Osei"))
    study = load_project(demo.tre, STUDY)
    ben = Membership(person="ben", since=date(2026, 1, 5), until=date(2026, 12, 31))
    record_project(demo.tre, "mia", replace(study, members=(*study.members, ben)))
    other = ask_for_release(demo.tre, "ben", STUDY, demo.package(table("sex", name="same.csv")))
    demo.review(other, "cora")
    demo.review(other, "deniz")
    assert approve_request(demo.tre, "cora", other) is State.RELEASED
    demo.clock.move(hours=1)
    assert approve_request(demo.tre, "cora", request) is State.RELEASED
    # the first one was checked before the other was there, and again before its approval
    assert only(beside(demo, request)).compared
