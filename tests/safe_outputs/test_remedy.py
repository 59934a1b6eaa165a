"""A preview of a protection: what it would make of a declared table, and how the author does it."""

import json
from dataclasses import replace

import pytest

from output_checks import Declaration
from tests.safe_outputs.extracts import in_session, make_extract
from tre.safe_outputs import previews
from tre.safe_outputs.automatic_check import Reader
from tre.safe_outputs.previews import TooLongError, previewed
from tre.safe_outputs.recomputation import Submitted, recompute
from tre.safe_outputs.remedy import METHODS, Preview, line_of, preview


@pytest.fixture(scope="module")
def extract(tmp_path_factory):
    return make_extract(tmp_path_factory.mktemp("extracts") / "v1")


def submitted(extract, *dimensions, name="t.csv", protect=None, **asked):
    table = in_session().table(*dimensions, **asked)
    if protect:
        table = table.protect(protect)
    return Submitted(
        content=table.to_csv().encode(),
        name=name,
        declaration=table.declaration.to_json(),
        extract=extract,
        policy="srs",
    )


@pytest.fixture(scope="module")
def small(extract):
    """4 women are patients: it fails."""
    return submitted(extract, "group", "sex")


def test_suppression_withholds_what_is_small_and_the_verdict_is_that_of_a_submission(small):
    told = preview(Preview(output=small, method="suppress"))
    assert recompute(small).verdict == "fail"
    assert (told["reason"], told["verdict"], told["findings"]) == ("", "pass", [])
    # 4 women and so 12 men among the patients, 26 and 18 among the others: a 2 by 2 table with
    # margins keeps a cell secret only if all four are withheld
    assert told["text"].count(",\n") == 4
    (cost,) = told["utility"]
    assert (cost["withheld"], cost["cells"], cost["value_withheld"]) == (4, 9, 1.0)
    again = replace(
        small, content=told["text"].encode(), declaration=json.dumps(told["declaration"])
    )
    check = recompute(again)
    assert (check.verdict, check.provenance) == ("pass", "recomputed")


def test_rounding_changes_little_and_says_how_much(small):
    told = preview(Preview(output=small, method="round"))
    (cost,) = told["utility"]
    assert cost["withheld"] == 0
    assert cost["greatest_change"] <= 10


@pytest.mark.parametrize("method", METHODS)
def test_every_method_gives_a_table_or_says_why_not(small, method):
    told = preview(Preview(output=small, method=method))
    assert bool(told["reason"]) != bool(told.get("text"))


BOTH = ("group", "sex")


@pytest.mark.parametrize(
    ("dimensions", "asked"),
    [
        (("sex",), {}),
        (BOTH, {}),
        ((["group", "sex"],), {}),
        (("group", ["sex"]), {}),
        ((["group", "sex"], "score"), {}),
        (BOTH, {"statistic": ["mean", "count"], "of": "score"}),
        (BOTH, {"where": "score > 1", "margins": False}),
        (BOTH, {"statistic": "proportion", "within": ["sex"], "times": 100}),
        (("sex", "high"), {"derive": {"high": "score > 5"}}),
        (("sex",), {"merges": {"sex": {"Female": "All", "Male": "All"}}}),
        (("sex",), {"hierarchies": {"sex": {"Female": "Both", "Male": "Both"}}}),
        (
            BOTH,
            {
                "where": "\"group\" = 'control' OR sex = 'Female'",
                "structural_zeros": [{"sex": "Male", "group": "patient"}],
            },
        ),
    ],
)
def test_the_line_of_code_asks_the_same_question(dimensions, asked):
    table = in_session().table(*dimensions, **asked)
    line = line_of(table.declaration, "suppress")
    question = line.removesuffix(".protect('suppress')")
    again = eval(question, {"data": in_session()})
    assert again.declaration == table.declaration


def test_the_line_of_a_simple_table_is_as_one_would_write_it():
    declaration = in_session().table("group", "sex").declaration
    assert line_of(declaration, "round") == (
        "data.table('group', 'sex', policy='srs').protect('round')"
    )


def test_a_table_that_is_protected_is_previewed_from_before_that(extract, small):
    protected = submitted(extract, "group", "sex", protect="round")
    first, second = (preview(Preview(output=one, method="suppress")) for one in (protected, small))
    assert first["text"] == second["text"]


def test_a_stricter_project_decides_over_the_declared_policy(small):
    told = preview(Preview(output=replace(small, policy="ukllc"), method="suppress"))
    assert told["policy"] == "srs+ukllc"
    assert "policy='srs+ukllc'" in told["line"]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"declaration": None}, "no declaration"),
        ({"declaration": "{"}, "not valid JSON"),
        ({"extract": None}, "no extract"),
    ],
)
def test_what_cannot_be_made_again_has_no_preview(small, changes, why):
    told = preview(Preview(output=replace(small, **changes), method="suppress"))
    assert why in told["reason"]


def test_a_table_of_too_many_cells_has_no_preview(small):
    few = replace(small, most_cells=5)
    told = preview(Preview(output=few, method="suppress"))
    assert "nobody can review so many; at most 5 are taken: ask the TRE manager" in told["reason"]
    assert previewed(Preview(output=few, method="suppress")) == told  # the process apart as well


def test_the_verdict_then_is_also_that_beside_others(extract):
    everybody = submitted(extract, "sex", name="all.csv of request 3")
    but_one = submitted(extract, "sex", where="person_id <> 'p0000000'")
    told = preview(Preview(output=but_one, method="suppress", released=(everybody,)))
    assert told["verdict"] == "fail"
    assert {one["rule"] for one in told["findings"]} == {"differencing"}


def test_a_preview_is_computed_in_a_process_apart_with_everything_it_needs(extract):
    released = replace(submitted(extract, "sex", name="all.csv of request 3"), left_on="2026-03-02")
    other = submitted(extract, "group", name="other.csv")
    but_one = submitted(extract, "sex", where="person_id <> 'p0000000'")
    asked = Preview(output=but_one, method="suppress", others=(other,), released=(released,))
    assert previewed(asked)["findings"] == json.loads(json.dumps(preview(asked)["findings"]))


def test_a_preview_that_takes_too_long_is_told_and_not_kept(small, monkeypatch):
    readers = iter([Reader(command=("true",)), Reader()])
    reader = next(readers)
    monkeypatch.setattr(previews, "_reader", lambda: reader)
    asked = Preview(output=small, method="midpoint")
    with pytest.raises(TooLongError):
        previewed(asked)
    reader.close()
    reader = next(readers)
    assert previewed(asked)["method"] == "midpoint"
    assert Declaration.from_json(json.dumps(previewed(asked)["declaration"])).protection
    reader.close()


def test_who_waits_for_others_in_vain_is_told(small, monkeypatch):
    monkeypatch.setattr(previews, "LONGEST_SECONDS", 0.01)
    asked = Preview(output=replace(small, name="another.csv"), method="suppress")
    with previews._turn(), pytest.raises(TooLongError):
        previewed(asked)
