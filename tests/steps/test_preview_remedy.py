"""Previewing a remedy: whoever sees the request may, and nothing is changed by it."""

import pytest

from tests.demo import Demo
from tests.steps.test_released_before import BUT_SIX, table
from tre.decision import NotThereError, UnusableRequestError
from tre.safe_outputs.previews import TooLongError
from tre.safe_outputs.release_request import FileKind
from tre.steps import preview_remedy as step
from tre.steps.ask_for_release import PackageFile
from tre.steps.preview_remedy import preview_remedy
from tre.steps.read_ledger import read_ledger
from tre.steps.view_request import view_request


def test_the_remedy_of_a_small_cell_is_previewed_and_changes_nothing(demo: Demo) -> None:
    request = demo.submitted(demo.table_file(protected=False))
    file = demo.outputs(request)[0]
    for viewer in ("cora", "ada", "mia", "omar"):
        before = view_request(demo.tre, viewer, request)
        found = preview_remedy(demo.tre, viewer, request, file, "suppress")
        assert (found.reason, found.before, found.verdict) == ("", "fail", "pass")
        assert found.text == demo.table_file().content.decode()
        assert found.line == (
            "data.table('diagnosis_group', 'sex', policy='srs').protect('suppress')"
        )
        assert view_request(demo.tre, viewer, request) == before
        tags = [one.tag for one in read_ledger(demo.tre, "omar", person=viewer, request=request)]
        assert "outputs:file:preview-remedy" in tags


def test_the_verdict_then_counts_what_left_before(demo: Demo) -> None:
    demo.released(table("sex"))
    request = demo.submitted(table("sex", where=BUT_SIX))
    found = preview_remedy(demo.tre, "cora", request, demo.outputs(request)[0], "suppress")
    assert found.verdict == "fail"
    assert "differencing" in {one["rule"] for one in found.findings}


def test_it_is_hidden_from_who_has_no_part_and_refused_for_what_cannot_be(demo: Demo) -> None:
    plain = PackageFile("plain.csv", b"a,b\n20,30\n", FileKind.OUTPUT)
    request = demo.submitted(demo.table_file(), plain)
    declared, undeclared = demo.outputs(request)
    with pytest.raises(NotThereError):
        preview_remedy(demo.tre, "finn", request, declared, "suppress")
    with pytest.raises(NotThereError):
        preview_remedy(demo.tre, "cora", request, 999, "suppress")
    with pytest.raises(UnusableRequestError, match="no declared output"):
        preview_remedy(demo.tre, "cora", request, undeclared, "suppress")
    with pytest.raises(UnusableRequestError, match="there are suppress, round"):
        preview_remedy(demo.tre, "cora", request, declared, "noise")


def test_one_that_takes_too_long_says_so(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*_: object) -> None:
        raise TooLongError

    monkeypatch.setattr(step, "previewed", slow)
    request = demo.submitted()
    found = preview_remedy(demo.tre, "cora", request, demo.outputs(request)[0], "suppress")
    assert "more than 20 seconds" in found.reason
    assert found.verdict is None
