"""How large a request may be is a setting: another value is another limit, in every way in."""

import json
from dataclasses import replace

import pytest

from tests.demo import Demo
from tests.demo_people import STUDY
from tre.config import _RANGES, Config
from tre.decision import UnusableRequestError
from tre.desk import gate
from tre.safe_outputs.release_request import FileKind, FileOrigin
from tre.safe_outputs.request_limits import STANDARD, RequestLimits
from tre.steps.add_file import add_file
from tre.steps.add_workspace_file import add_workspace_file
from tre.steps.ask_for_release import PackageFile, ask_for_release
from tre.steps.create_request import create_request
from tre.steps.my_requests import my_requests
from tre.steps.replace_file import replace_file
from tre.steps.tre import Tre
from tre.steps.view_request import view_request

MIB = b"1" * 2**20


def with_settings(demo: Demo, **settings: int) -> Tre:
    return replace(demo.tre, config=replace(demo.tre.config, **settings))


def add(tre: Tre, request: int, name: str, content: bytes = b"a\n1\n") -> int:
    return add_file(
        tre,
        "ada",
        request,
        name=name,
        content=content,
        kind=FileKind.OUTPUT,
        origin=FileOrigin.WORKSPACE,
    )


def test_the_limits_are_those_of_the_settings(demo: Demo):
    assert demo.tre.request_limits == STANDARD
    given = Config(
        home=demo.tre.config.home,
        request_file_mib=1,
        request_mib=2,
        request_files=3,
        request_table_cells=400,
    )
    assert RequestLimits.of(given) == RequestLimits(
        file_bytes=2**20, all_bytes=2 * 2**20, files=3, table_cells=400
    )


def test_the_largest_file_fits_into_one_body_of_the_desk():
    _, most_mib = _RANGES["request_file_mib"]
    in_base64 = most_mib * 2**20 * 4 / 3
    assert in_base64 + 2**16 < gate.most_bytes("/api/v1/requests/1/files")


def test_another_limit_of_a_file(demo: Demo):
    tre = with_settings(demo, request_file_mib=1)
    request = create_request(tre, "ada", STUDY, "Large")
    number = add(tre, request, "fits.csv", MIB)
    folder = tre.folders.workspace(STUDY)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "large.csv").write_bytes(MIB + b"1")
    words = "more than 1 MiB; ask the TRE manager"
    with pytest.raises(UnusableRequestError, match=words):
        add(tre, request, "large.csv", MIB + b"1")
    with pytest.raises(UnusableRequestError, match=words):
        add_workspace_file(tre, "ada", request, "large.csv", FileKind.OUTPUT)
    with pytest.raises(UnusableRequestError, match=words):
        replace_file(tre, "ada", request, number, content=MIB + b"1", origin=FileOrigin.WORKSPACE)
    larger = with_settings(demo, request_file_mib=17)
    assert add_workspace_file(larger, "ada", request, "large.csv", FileKind.OUTPUT)
    assert add(larger, request, "larger.csv", MIB * 16 + b"1")


def test_another_number_of_files(demo: Demo):
    tre = with_settings(demo, request_files=2)
    request = create_request(tre, "ada", STUDY, "Many")
    first = add(tre, request, "a.csv")
    add(tre, request, "b.csv")
    with pytest.raises(UnusableRequestError, match="at most 2 files, and this one would have 3"):
        add(tre, request, "c.csv")
    replace_file(tre, "ada", request, first, content=b"a\n2\n", origin=FileOrigin.WORKSPACE)


def test_another_size_of_all_files(demo: Demo):
    tre = with_settings(demo, request_mib=1)
    request = create_request(tre, "ada", STUDY, "Much")
    add(tre, request, "a.csv", MIB[:-4])
    add(tre, request, "b.csv")
    with pytest.raises(UnusableRequestError, match="at most 1 MiB of files; ask the TRE manager"):
        add(tre, request, "c.csv", b"1")


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"request_files": 1}, "at most 1 files"),
        ({"request_mib": 1}, "at most 1 MiB of files"),
        ({"request_file_mib": 1}, "more than 1 MiB"),
    ],
)
def test_a_package_of_a_session_is_refused_before_it_is_checked(
    demo: Demo, settings: dict[str, int], words: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("tre.steps.ask_for_release.check_files", None)
    tre = with_settings(demo, **settings)
    large = PackageFile("large.csv", MIB + b"1", FileKind.OUTPUT)
    with pytest.raises(UnusableRequestError, match=words):
        ask_for_release(tre, "ada", STUDY, demo.package(large))
    assert not my_requests(tre, "ada")


def test_another_number_of_cells(demo: Demo):
    cells = len(demo.table_file().content.splitlines()) - 1
    tre = with_settings(demo, request_table_cells=cells - 1)
    request = ask_for_release(tre, "ada", STUDY, demo.package())
    (group,) = view_request(tre, "ada", request).groups
    check = next(file.check for file in group.files if file.kind is FileKind.OUTPUT)
    assert check is not None
    assert check["verdict"] == "fail"
    assert f"at most {cells - 1} are taken" in json.dumps(check["findings"])
