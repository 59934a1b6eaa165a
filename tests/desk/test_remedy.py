"""The page that previews a remedy, and the way to it."""

from collections.abc import Callable

import pytest

from tests.demo import Demo
from tests.desk.browser import Browser
from tests.steps.test_released_before import table

People = Callable[[str], Browser]


@pytest.fixture
def failing(demo: Demo) -> tuple[int, int]:
    """A request whose table has a cell of six; the numbers of both."""
    request = demo.submitted(demo.table_file(protected=False))
    return request, demo.outputs(request)[0]


def test_a_failing_table_leads_to_its_preview(failing: tuple[int, int], browser: People):
    request, file = failing
    where = f"/requests/{request}/files/{file}"
    for viewer in ("cora", "ada"):
        somebody = browser(viewer)
        assert f'href="{where}/remedy">Preview remedy</a>' in somebody.get(where).text
        page = somebody.get(f"{where}/remedy?method=suppress").text
        assert "Nothing is changed by looking" in page
        assert "<del>6</del>" in page
        assert '<span class="visually-hidden">withheld</span>' in page
        assert "data.table(&#39;diagnosis_group&#39;, &#39;sex&#39;, policy=&#39;srs&#39;)" in page
        assert "<dt>Cells withheld</dt><dd>4 of 15</dd>" in page
        assert "No rule would object." in page
        assert 'href="?method=round"' in page


def test_a_passing_table_is_offered_none(demo: Demo, browser: People):
    request = demo.submitted()
    file = demo.outputs(request)[0]
    assert "Preview remedy" not in browser("cora").get(f"/requests/{request}/files/{file}").text


def test_a_method_that_cannot_be_says_why(demo: Demo, browser: People):
    request = demo.submitted(table("sex"))
    file = demo.outputs(request)[0]
    answer = browser("cora").get(f"/requests/{request}/files/{file}/remedy?method=magic")
    assert answer.status_code == 422
    assert "suppress, round, midpoint, cell-key, coarsen" in answer.text


def test_strangers_learn_nothing_and_the_api_says_the_same(
    failing: tuple[int, int], browser: People
):
    request, file = failing
    where = f"/requests/{request}/files/{file}/remedy"
    assert browser("finn").get(where).status_code == 404
    assert browser("cora").get(f"/requests/{request}/files/999/remedy").status_code == 404
    told = browser("cora").call("GET", where).json()
    assert (told["method"], told["before"], told["verdict"]) == ("suppress", "fail", "pass")
    assert told["utility"][0]["withheld"] == 4
    assert browser("cora").call("GET", f"{where}?method=magic").status_code == 422
