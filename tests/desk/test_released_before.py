"""The page of a file, beside what its project released before."""

from collections.abc import Callable

import pytest

from tests.demo import Demo
from tests.desk.browser import Browser
from tests.steps.test_released_before import BUT_SIX, table
from tre.desk.shown.beside import Close, laid_beside
from tre.desk.shown.grid import grid_of
from tre.safe_outputs.release_request import FileKind
from tre.steps.ask_for_release import PackageFile
from tre.steps.released_before import EarlierOutput
from tre.steps.revoke_release import revoke_release

MINUS = "\u2212"
People = Callable[[str], Browser]


def page(demo: Demo, browser: People, request: int, viewer: str = "cora") -> str:
    (file, *_) = demo.outputs(request)
    answer = browser(viewer).get(f"/requests/{request}/files/{file}")
    assert answer.status_code == 200
    return answer.text


def test_what_subtracting_gives_stands_beside_the_table(demo: Demo, browser: People):
    first = demo.released(table("sex"))
    second = demo.submitted(table("sex", where=BUT_SIX))
    for viewer in ("cora", "ada", "mia", "omar"):
        text = page(demo, browser, second, viewer)
        assert "Released before" in text
        assert f'href="/requests/{first}/files/{demo.outputs(first)[0]}">table.csv</a>' in text
        assert f"request {first} by Ada Mensah" in text
        assert "shares <code>sex</code>" in text
        assert f"200 in request {first} {MINUS} 194 here = <strong>6 people</strong>" in text
        # 94 women were released, 88 are here; of the men there are 106 in both
        assert f"94 in request {first} {MINUS} 88 here = 6 people" in text
        assert "The table that left" in text
        assert f'aria-label="Table table.csv of request {first}"' in text


def test_that_nothing_follows_is_said_too(demo: Demo, browser: People):
    demo.released(table("sex"))
    text = page(demo, browser, demo.submitted(table("sex")))
    assert "Nothing follows: no subtraction of these two leaves a group" in text


def test_that_nothing_was_released_is_said(demo: Demo, browser: People):
    assert "released nothing before" in page(demo, browser, demo.submitted())


def test_of_an_undeclared_file_it_is_said_that_nothing_was_compared(demo: Demo, browser: People):
    first = demo.released(table("sex"))
    plain = PackageFile("plain.csv", b"a,b\n20,30\n", FileKind.OUTPUT)
    text = page(demo, browser, demo.submitted(plain))
    assert "Nothing could be compared." in text
    assert f'href="/requests/{first}/files/' in text


def test_a_revoked_release_is_marked(demo: Demo, browser: People):
    revoke_release(demo.tre, "mia", demo.released(table("sex")), "It was the wrong one.")
    text = page(demo, browser, demo.submitted(table("sex")))
    assert "revoked" in text
    assert "out all the same" in text


def test_the_same_is_there_as_json(demo: Demo, browser: People):
    first = demo.released(table("sex"))
    second = demo.submitted(table("sex", where=BUT_SIX))
    where = f"/requests/{second}/files/{demo.outputs(second)[0]}/released-before"
    told = browser("cora").call("GET", where).json()
    assert (told["is_declared"], told["threshold"]) == (True, 10)
    (one,) = told["earlier"]
    assert (one["request"], one["found"][0]["people"]) == (first, 6)
    assert browser("finn").call("GET", where).status_code == 404


DECLARED = {"rows": ["sex"], "columns": [], "statistic": "count"}


@pytest.mark.parametrize(
    ("declared", "close"),
    [
        (DECLARED, (Close(cell="F", here=45, there=42),)),
        # rounded, weighted and other numbers are close by chance
        (DECLARED | {"protection": {"method": "round", "base": 5}}, ()),
        (DECLARED | {"protection": {"method": "suppress", "base": 5}}, ()),
        (DECLARED | {"weight": "w"}, ()),
        (DECLARED | {"statistic": "mean"}, ()),
        # other dimensions are no pairs
        (DECLARED | {"rows": ["value"]}, ()),
    ],
)
def test_counts_of_both_that_differ_by_few_are_listed(declared: dict, close: tuple):
    earlier = EarlierOutput(
        request=3,
        file=7,
        name="t.csv",
        author_name="Ada Mensah",
        released_at=None,
        revoked_at=None,
        declaration=declared,
        shares=("sex",),
        compared=True,
        why_not="",
        found=(),
        text="sex,value\nF,42\nM,20\nX,\nTotal,62\n",
    )
    mine = grid_of("sex,value\nF,45\nM,20\nX,9\nTotal,74\n", None, DECLARED)
    (laid,) = laid_beside([earlier], (mine, DECLARED), 10)
    assert laid.close == close
