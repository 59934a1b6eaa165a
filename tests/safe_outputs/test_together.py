"""Outputs of one request, and those released before: what they reveal only together."""

from dataclasses import replace

import pytest

from tests.safe_outputs.extracts import in_session, make_extract
from tre.safe_outputs import together
from tre.safe_outputs.automatic_check import Reader, check_outputs_together
from tre.safe_outputs.recomputation import Submitted, recompute
from tre.safe_outputs.together import found_together, with_findings


@pytest.fixture(scope="module")
def extract(tmp_path_factory):
    return make_extract(tmp_path_factory.mktemp("extracts") / "v1")


def submitted(extract, name, **asked):
    table = in_session().table("sex", **asked)
    return Submitted(
        content=table.to_csv().encode(),
        name=name,
        declaration=table.declaration.to_json(),
        extract=extract,
        policy="srs",
    )


@pytest.fixture
def pair(extract):
    """All 30 women and 30 men; all but the first woman. Each passes alone."""
    everybody = submitted(extract, "all.csv")
    but_one = submitted(extract, "most.csv", where="person_id <> 'p0000000'")
    assert recompute(everybody).verdict == recompute(but_one).verdict == "pass"
    return everybody, but_one


def test_two_tables_that_differ_by_one_person_fail_together(pair):
    found = check_outputs_together(pair, ())
    assert set(found) == {"all.csv", "most.csv"}
    (one, *_) = found["all.csv"]
    assert (one["rule"], one["severity"]) == ("linked_tables", "fail")
    assert "60 - 59 = 1" in one["message"]
    check = with_findings(recompute(pair[0]), found["all.csv"])
    assert check.verdict == "fail"
    assert check.provenance == "recomputed"


def test_a_table_is_held_against_what_was_released_before(pair):
    everybody, but_one = pair
    earlier = replace(everybody, name="all.csv of request 3", content=b"")
    found = check_outputs_together([but_one], [earlier])
    assert {one["rule"] for one in found["most.csv"]} == {"differencing"}
    assert "all.csv of request 3" in str(found["most.csv"])
    assert set(found) == {"most.csv"}


def test_one_table_alone_and_tables_without_a_declaration_are_not_compared(pair):
    assert check_outputs_together(pair[:1], ()) == {}
    assert found_together([replace(one, declaration=None) for one in pair], ()) == {}


def test_a_table_that_cannot_be_made_again_is_left_out(pair):
    strange = replace(pair[1], declaration="{}")
    assert found_together([pair[0], strange], ()) == {"all.csv": []}
    assert found_together([strange, strange], ()) == {}
    assert found_together([replace(one, extract=None) for one in pair], ()) == {}


def test_more_tables_than_can_be_compared_go_to_a_person(pair, monkeypatch):
    monkeypatch.setattr(together, "MOST_TABLES", 1)
    found = found_together(pair, ())
    assert [one["severity"] for one in found["all.csv"]] == ["review"]


def test_a_comparison_without_an_answer_goes_to_a_person(pair):
    reader = Reader(command=("true",))
    found = reader.compare(pair, ())
    reader.close()
    assert [one["severity"] for one in found["most.csv"]] == ["review"]


def test_an_earlier_release_that_cannot_be_made_again_is_said_and_looked_at(pair):
    earlier = replace(pair[0], name="old.csv of request 3", declaration="{}")
    (found,) = found_together([pair[1]], [earlier])["most.csv"]
    assert (found["rule"], found["severity"]) == ("differencing", "review")
    assert "old.csv of request 3" in found["message"]


def test_a_release_that_tells_of_the_same_people_as_another_output_is_named_too(extract, pair):
    """Each group is found once; that way must not hide that a release gives it as well."""
    everybody, but_one = pair
    earlier = replace(everybody, name="all.csv of request 3", content=b"")
    found = found_together([everybody, but_one], [earlier])["most.csv"]
    beside = [set(one["beside"]) for one in found]
    assert {"all.csv", "most.csv"} in beside or {"all.csv of request 3", "most.csv"} in beside
    assert any("all.csv of request 3" in some for some in beside)


def test_what_there_was_no_time_for_is_said(pair, monkeypatch):
    monkeypatch.setattr(together, "PAIRS_SECONDS", -1.0)
    everybody, but_one = pair
    earlier = [
        replace(everybody, name=f"all.csv of request {number}", content=b"") for number in (3, 4)
    ]
    found = found_together([everybody, but_one], earlier)["most.csv"]
    said = [one for one in found if "no time" in one["message"]]
    assert said
    assert said[0]["severity"] == "review"
    assert all("of request" in name for name in said[0]["beside"])
