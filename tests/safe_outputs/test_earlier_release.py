"""Earlier releases are held against new outputs by what left, not by what today's extract gives."""

import hashlib
import json
from dataclasses import replace

import pytest

from output_checks import Data, Policy
from tests.safe_outputs.extracts import PEOPLE, in_session, make_extract
from tre.safe_outputs.automatic_check import check_outputs_together
from tre.safe_outputs.earlier_release import earlier_release
from tre.safe_outputs.recomputation import Submitted
from tre.safe_outputs.together import found_together

SRS = Policy.named("srs")


@pytest.fixture(scope="module")
def extract(tmp_path_factory):
    return make_extract(tmp_path_factory.mktemp("extracts") / "v1")


@pytest.fixture(scope="module")
def without_one_man(tmp_path_factory):
    """The next version of the extract: one of the 30 men has opted out."""
    folder = make_extract(tmp_path_factory.mktemp("extracts") / "v2")
    file = folder / "linked.parquet"
    PEOPLE.head(59).write_parquet(file)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["tables"][0]["sha256"] = hashlib.sha256(file.read_bytes()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


def left(extract, content=None, **asked):
    """What left when there were 30 women and 30 men, checked with an extract of today."""
    table = in_session().table("sex", **asked)
    return Submitted(
        content=table.to_csv().encode() if content is None else content,
        name="all.csv of request 3",
        declaration=table.declaration.to_json(),
        extract=extract,
        policy="srs",
        left_on="2026-05-04",
    )


def new(extract, people):
    table = Data.read(people, unit="person_id", name="linked", policy="srs").table("sex")
    return Submitted(
        content=table.to_csv().encode(),
        name="again.csv",
        declaration=table.declaration.to_json(),
        extract=extract,
        policy="srs",
    )


def told(output, *released):
    return [
        (one["severity"], one["message"]) for one in found_together([output], released)[output.name]
    ]


def test_the_one_who_left_the_data_since_is_found_in_the_numbers_that_left(without_one_man):
    # Then 30 men and 60 people, now 29 and 59; made from today's extract both tables are equal.
    again = new(without_one_man, PEOPLE.head(59))
    found = told(again, left(without_one_man))
    failed = [message for severity, message in found if severity == "fail"]
    assert len(failed) == 2
    assert "all.csv of request 3, released on 2026-05-04" in failed[0]
    assert any("60 - 59 = 1: 1 person left the data since" in message for message in failed)
    (review,) = [message for severity, message in found if severity == "review"]
    assert "and not as it left: the data give another count now" in review
    assert told(again, replace(left(without_one_man), content=b"", left_on=None)) == []


def test_what_left_reaches_the_process_apart(without_one_man):
    again = new(without_one_man, PEOPLE.head(59))
    released = [left(without_one_man), left(without_one_man, where="person_id > 'p0000020'")]
    found = check_outputs_together([again], released)["again.csv"]
    assert "60 - 59 = 1: 1 person left the data since" in str(found)


def test_what_left_as_today_s_extract_gives_it_is_compared_as_that(extract):
    assert told(new(extract, PEOPLE), left(extract)) == []
    found = earlier_release(left(extract), SRS)
    assert (found.changed, found.table is None, found.entry is None) == ("", False, False)


def test_what_was_withheld_when_it_left_is_withheld(extract):
    shown = b"sex,value\nFemale,30\nMale,\nTotal,60\n"
    found = earlier_release(left(extract, shown), SRS)
    assert found.changed == ""
    assert found.table is not None
    assert found.table.grid.frame["withheld"].to_list() == [False, True, False]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "what was released is not at hand"),
        (b"a,b\n1,2\n", "its file is not the table that it declares"),
        (b"\xff", "its file is not the table that it declares"),
        (b"sex,value\nFemale,30\nFemale,30\n", "its file is not the table that it declares"),
        (b"sex,value\nFemale,30\nMale,30\n", "the data have other categories now"),
        (b"sex,value\nFemale,30\nMale,many\nTotal,60\n", "the data give another count now"),
    ],
)
def test_what_cannot_be_compared_as_it_left_goes_to_a_person(extract, content, why):
    (found,) = told(new(extract, PEOPLE), left(extract, content))
    assert found[0] == "review"
    assert why in found[1]


def test_released_counts_are_compared_though_the_table_cannot_be_made_again(without_one_man):
    found = told(new(without_one_man, PEOPLE.head(59)), left(None))
    assert [severity for severity, _ in found] == ["fail", "fail", "review"]
    assert "could not be made again from today's extract" in found[-1][1]
