"""File types: what no person can read never leaves, and what was uploaded is no output."""

import io
import pickle
import zipfile

import polars as pl
import pytest

from tests.demo import Demo
from tests.demo_people import STUDY
from tre.decision import RefusedError, UnusableRequestError
from tre.safe_outputs.release_request import FileKind, FileOrigin, State
from tre.steps import output_files
from tre.steps.add_file import add_file
from tre.steps.add_workspace_file import add_workspace_file
from tre.steps.approve_request import approve_request
from tre.steps.ask_for_release import PackageFile
from tre.steps.create_request import create_request
from tre.steps.replace_file import replace_file
from tre.steps.retry_release import retry_release
from tre.steps.set_file_kind import set_file_kind
from tre.steps.view_request import view_request
from tre.vocabulary import Action

NOT_READABLE = r"not what its name says|no person can read"
CSV = b"sex,people\nFemale,94\nMale,106\n"


def zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("people.csv", "person_id\n1\n")
    return buffer.getvalue()


def parquet() -> bytes:
    buffer = io.BytesIO()
    pl.DataFrame({"person_id": ["a", "b"]}).write_parquet(buffer)
    return buffer.getvalue()


DISGUISED = {
    "parquet.csv": parquet(),
    "zip.csv": zipped(),
    "pickle.csv": pickle.dumps({"person_id": [1, 2]}),
    "zip.xlsx": zipped(),
    "zip.png": zipped(),
    "zip.jpg": zipped(),
    "text.ipynb": b"[1]",
    "text.svg": b"person_id",
    "text.html": b"person_id",
    "people.parquet": parquet(),
    "people": CSV,
    "people.py": b"print(1)",
}


@pytest.fixture
def unwatched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests as they were before the bytes were looked at on their way in."""
    monkeypatch.setattr("tre.steps.file_adding.refuse_as_output", lambda *_: None)


def draft(demo: Demo) -> int:
    return create_request(demo.tre, "ada", STUDY, "By hand")


def workspace_file(demo: Demo, name: str, content: bytes) -> None:
    folder = demo.tre.folders.workspace(STUDY)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)


@pytest.mark.parametrize(("name", "content"), DISGUISED.items(), ids=DISGUISED)
def test_a_type_that_nobody_can_read_is_no_output(demo: Demo, name: str, content: bytes) -> None:
    request = draft(demo)
    workspace_file(demo, name, content)
    with pytest.raises(UnusableRequestError, match=NOT_READABLE):
        add_workspace_file(demo.tre, "ada", request, name, FileKind.OUTPUT)
    number = add_workspace_file(demo.tre, "ada", request, name, FileKind.SUPPORTING)
    with pytest.raises(UnusableRequestError, match=NOT_READABLE):
        set_file_kind(demo.tre, "ada", request, number, FileKind.OUTPUT)


def test_a_session_cannot_ask_for_one_either(demo: Demo) -> None:
    with pytest.raises(UnusableRequestError, match="not a text in UTF-8"):
        demo.submitted(PackageFile("people.csv", parquet(), FileKind.OUTPUT))


def test_an_approval_is_refused_whatever_the_votes(demo: Demo, unwatched: None) -> None:
    request = demo.reviewed(PackageFile("people.csv", parquet(), FileKind.OUTPUT))
    refused = view_request(demo.tre, "cora", request).may[str(Action.APPROVE_REQUEST)]
    assert any(reason.rule == "file type" for reason in refused.reasons)
    with pytest.raises(RefusedError, match=r"people\.csv.*is not what its name says"):
        approve_request(demo.tre, "cora", request)
    assert view_request(demo.tre, "cora", request).state is State.REVIEWED


def test_the_release_itself_looks_at_the_bytes_again(
    demo: Demo, unwatched: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = demo.reviewed(PackageFile("people.csv", parquet(), FileKind.OUTPUT))
    with monkeypatch.context() as patch:
        patch.setattr("tre.steps.approve_request.types_again", lambda *_: output_files.ALLOWED)
        assert approve_request(demo.tre, "cora", request) is State.FAILED
    assert "people.csv" in (view_request(demo.tre, "ada", request).failure or "")
    assert retry_release(demo.tre, request) is State.FAILED
    assert not list(demo.tre.folders.releases(request).glob("*"))


def test_a_bad_verdict_on_an_honest_file_does_not_decide(demo: Demo) -> None:
    request = demo.released(demo.table_file(protected=False))
    assert view_request(demo.tre, "ada", request).worst_verdict == "fail"


# Where a file came from


def test_an_uploaded_file_never_becomes_an_output(any_demo: Demo) -> None:
    demo = any_demo
    request = draft(demo)
    with pytest.raises(UnusableRequestError, match="was uploaded"):
        add_file(demo.tre, "ada", request, name="a.csv", content=CSV, kind=FileKind.OUTPUT)
    number = add_file(demo.tre, "ada", request, name="a.csv", content=CSV, kind=FileKind.CODE)
    with pytest.raises(UnusableRequestError, match="was uploaded"):
        set_file_kind(demo.tre, "ada", request, number, FileKind.OUTPUT)


def test_an_upload_does_not_take_the_place_of_an_output(demo: Demo) -> None:
    request = draft(demo)
    workspace_file(demo, "a.csv", CSV)
    number = add_workspace_file(demo.tre, "ada", request, "a.csv", FileKind.OUTPUT)
    with pytest.raises(UnusableRequestError, match="was uploaded"):
        replace_file(demo.tre, "ada", request, number, content=b"sex\n1\n")
    replace_file(demo.tre, "ada", request, number, content=b"sex\n1\n", origin=FileOrigin.WORKSPACE)


def test_a_workspace_file_may_become_an_output_later(demo: Demo) -> None:
    request = draft(demo)
    workspace_file(demo, "a.csv", CSV)
    number = add_workspace_file(demo.tre, "ada", request, "a.csv", FileKind.CODE)
    set_file_kind(demo.tre, "ada", request, number, FileKind.OUTPUT)
