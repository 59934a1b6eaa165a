"""Wheels that the TRE manager adds: which are taken, what is recorded, what sessions see."""

import os
import stat
import zipfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from packaging.tags import Tag

from tests.demo import Demo
from tests.demo_people import STUDY
from tests.hub.wheels import write_wheel
from tre.decision import NotThereError, RefusedError, UnusableRequestError
from tre.safe_settings.wheels import UnusableWheelError, Wheel, read_wheel
from tre.steps.packages import add_packages, packages, remove_package
from tre.steps.read_ledger import read_ledger
from tre.steps.start_session import start_session

SUPPORTED = (Tag("py3", "none", "any"),)


def read(path: Path) -> Wheel:
    with path.open("rb") as content:
        return read_wheel(path.name, content, supported=SUPPORTED)


def add_to(path: Path, name: str, content: str = "x", mode: int = 0o644) -> Path:
    """Put one more entry into a wheel, which its record does not know."""
    entry = zipfile.ZipInfo(name)
    entry.external_attr = (stat.S_IFREG | mode) << 16
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(entry, content)
    return path


def linked(path: Path) -> Path:
    entry = zipfile.ZipInfo("link.py")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(entry, "/etc/passwd")
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_whole_wheel_is_read(tmp_path: Path):
    assert read(write_wheel(tmp_path, requires=["polars>=1"])) == Wheel(
        file="tinything-1.0-py3-none-any.whl",
        name="tinything",
        version="1.0",
        requires=("polars>=1",),
    )


_ABOUT = "tinything-1.0.dist-info"
RECORDED = ("tinything.py", *(f"{_ABOUT}/{n}" for n in ("METADATA", "WHEEL", "RECORD")))

UNUSABLE = {
    "for another Python": (lambda f: write_wheel(f, tag="cp27-cp27m-win32"), "another Python"),
    "leads out": (lambda f: write_wheel(f, files={"../x.py": "1"}), "leads out"),
    "absolute": (lambda f: write_wheel(f, files={"/etc/x.py": "1"}), "leads out"),
    "backslashes": (lambda f: write_wheel(f, files={"..\\x.py": "1"}), "leads out"),
    "a link": (lambda f: linked(write_wheel(f)), "no regular file"),
    "no record": (lambda f: write_wheel(f, record=""), "has no RECORD"),
    "not recorded": (lambda f: add_to(write_wheel(f), "more.py"), "record and its files differ"),
    "two of a name": (lambda f: add_to(write_wheel(f), "TinyThing.py"), "two files of one name"),
    "two of them": (lambda f: add_to(write_wheel(f), "b-1.dist-info/METADATA"), "exactly one"),
    "another name": (
        lambda f: write_wheel(f).rename(f / "other-1.0-py3-none-any.whl"),
        "something else",
    ),
    "no wheel's name": (lambda f: write_wheel(f).rename(f / "tinything.whl"), "NAME-VERSION"),
    "no zip": (lambda f: _written(f / "x-1-py3-none-any.whl", b"not a zip"), "no whole zip"),
    "cut off": (lambda f: _cut(write_wheel(f)), "no whole zip"),
    "a record of something else": (
        lambda f: write_wheel(
            f,
            record="".join(f"{n},sha256=x,1\n" for n in RECORDED),
        ),
        "is not what its record says",
    ),
    "a record that is none": (lambda f: write_wheel(f, record="x" * 200_000), "no whole zip"),
    "a version that is none": (
        lambda f: write_wheel(f, version="one").rename(f / "tinything-1.0-py3-none-any.whl"),
        "something else",
    ),
    "a record of many MiB": (lambda f: write_wheel(f, record="x\n" * 2**23 + "x"), "larger than"),
    "a changed file": (lambda f: _changed(write_wheel(f)), "what its record says|no whole zip"),
}


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def _cut(path: Path) -> Path:
    return _written(path, path.read_bytes()[:200])


def _changed(path: Path) -> Path:
    return _written(path, path.read_bytes().replace(b"ANSWER = 42", b"ANSWER = 43"))


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("case", UNUSABLE)
def test_what_is_no_honest_wheel_is_refused_with_the_reason(case: str, tmp_path: Path):
    make, said = UNUSABLE[case]
    with pytest.raises(UnusableWheelError, match=said):
        read(make(tmp_path))


@example(places=[(675, 0)])  # the name of a file is empty
@given(places=st.lists(st.tuples(st.integers(0, 5_000), st.integers(0, 255)), min_size=1))
def test_no_damage_breaks_the_check(tmp_path_factory, places):
    path = write_wheel(tmp_path_factory.mktemp("damaged"))
    content = bytearray(path.read_bytes())
    for at, value in places:
        content[at % len(content)] = value
    with suppress(UnusableWheelError):
        assert read(_written(path, bytes(content))).name == "tinything"


def test_a_wheel_that_announces_too_much_is_refused(tmp_path: Path, monkeypatch):
    monkeypatch.setattr("tre.safe_settings.wheels.MOST_UNPACKED_BYTES", 100)
    with pytest.raises(UnusableWheelError, match="unpacks to more"):
        read(write_wheel(tmp_path))


def test_a_file_that_is_more_than_it_announces_is_cut_off(tmp_path: Path):
    path = write_wheel(tmp_path, files={"tinything.py": "x" * 50_000})
    small = path.read_bytes().replace((50_000).to_bytes(4, "little"), (50).to_bytes(4, "little"))
    with pytest.raises(UnusableWheelError):
        read(_written(path, small))


def test_an_added_wheel_is_offered_listed_and_on_the_ledger(demo: Demo, tmp_path: Path):
    assert start_session(demo.tre, "ada", STUDY).packages is None
    add_packages(demo.tre, "mia", [write_wheel(tmp_path)])
    (seen,) = packages(demo.tre, "omar")
    assert (seen.name, seen.version, seen.added_by, seen.standing) == (
        *("tinything", "1.0", "mia"),
        "as added",
    )
    folder = start_session(demo.tre, "ada", STUDY).packages
    assert folder == demo.tre.config.package_folder
    assert f"tinything-1.0-py3-none-any.whl#sha256={seen.sha256}" in (
        folder / "index.html"
    ).read_text(encoding="utf-8")
    assert stat.S_IMODE((folder / seen.file).stat().st_mode) == 0o444
    (entry,) = [e for e in read_ledger(demo.tre, "omar") if e.tag == "settings:packages:change"]
    assert entry.details == {"did": "add", "package": seen.file, "sha256": seen.sha256}


def test_a_wheel_that_is_removed_is_offered_no_more(demo: Demo, tmp_path: Path):
    add_packages(demo.tre, "mia", [write_wheel(tmp_path), write_wheel(tmp_path, "other")])
    remove_package(demo.tre, "mia", "other-1.0-py3-none-any.whl")
    folder = demo.tre.config.package_folder
    assert names(folder) == ["index.html", "tinything-1.0-py3-none-any.whl"]
    assert "other" not in (folder / "index.html").read_text(encoding="utf-8")
    with pytest.raises(NotThereError, match="tre packages list names them"):
        remove_package(demo.tre, "mia", "../../tre.sqlite")


def test_all_wheels_are_added_or_none(demo: Demo, tmp_path: Path):
    bad = _written(tmp_path / "bad-1-py3-none-any.whl", b"")
    with pytest.raises(UnusableRequestError, match=r"bad-1-py3-none-any.whl cannot be added"):
        add_packages(demo.tre, "mia", [write_wheel(tmp_path), bad])
    assert packages(demo.tre, "mia") == ()
    assert names(demo.tre.config.package_folder) == []


def test_another_wheel_of_the_same_name_does_not_take_its_place(demo: Demo, tmp_path: Path):
    wheel = write_wheel(tmp_path)
    add_packages(demo.tre, "mia", [wheel])
    add_packages(demo.tre, "mia", [wheel])
    changed = write_wheel(tmp_path, files={"tinything.py": "ANSWER = 7\n"})
    with pytest.raises(UnusableRequestError, match="takes it away first"):
        add_packages(demo.tre, "mia", [changed])
    assert [one.standing for one in packages(demo.tre, "mia")] == ["as added"]


@pytest.mark.parametrize("how", ["changed", "linked", "gone"])
def test_a_wheel_that_is_not_what_was_added_is_noticed(demo: Demo, tmp_path: Path, how: str):
    wheel = write_wheel(tmp_path)  # once: another one holds another time
    add_packages(demo.tre, "mia", [wheel])
    there = demo.tre.config.package_folder / "tinything-1.0-py3-none-any.whl"
    there.unlink()
    if how == "changed":
        there.write_bytes(b"another")
    if how == "linked":
        there.symlink_to("/etc/passwd")
    (seen,) = packages(demo.tre, "mia")
    assert seen.standing == ("missing" if how == "gone" else "changed since")
    add_packages(demo.tre, "mia", [wheel])
    assert [one.standing for one in packages(demo.tre, "mia")] == ["as added"]


def test_a_file_that_nobody_added_is_listed_and_not_offered(demo: Demo, tmp_path: Path):
    add_packages(demo.tre, "mia", [write_wheel(tmp_path)])
    folder = demo.tre.config.package_folder
    write_wheel(folder, "stray")
    (folder / "index.html").write_text("<a href='stray-1.0-py3-none-any.whl'>x</a>")
    standings = {one.file.partition("-")[0]: one.standing for one in packages(demo.tre, "mia")}
    assert standings == {"tinything": "as added", "stray": "never added"}
    start_session(demo.tre, "ada", STUDY)
    assert "stray" not in (folder / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("how", ["linked", "writable", "a file", "gone"])
def test_no_session_starts_with_a_folder_that_others_may_change(
    demo: Demo, tmp_path: Path, how: str
):
    add_packages(demo.tre, "mia", [write_wheel(tmp_path)])
    folder = demo.tre.config.package_folder
    if how == "writable":
        folder.chmod(0o777)
    else:
        folder.rename(tmp_path / "moved")
    if how == "linked":
        folder.symlink_to(tmp_path / "moved")
    if how == "a file":
        folder.write_text("x")
    with pytest.raises(UnusableRequestError, match="no session starts until then"):
        start_session(demo.tre, "ada", STUDY)


@pytest.mark.parametrize("name", [".", "..", "workspaces", "keys", "packages/../extracts"])
def test_a_folder_that_shows_the_data_home_is_refused(demo: Demo, tmp_path: Path, name: str):
    shown = str(demo.tre.config.home / name)
    tre = replace(demo.tre, config=replace(demo.tre.config, packages=shown))
    with pytest.raises(UnusableRequestError, match="would show sessions the data home"):
        add_packages(tre, "mia", [write_wheel(tmp_path)])
    add_packages(demo.tre, "mia", [write_wheel(tmp_path)])
    with pytest.raises(UnusableRequestError, match="would show sessions the data home"):
        start_session(tre, "ada", STUDY)


@pytest.mark.parametrize("actor", ["ada", "cora", "omar", "lena"])
def test_only_the_tre_manager_changes_packages(demo: Demo, tmp_path: Path, actor: str):
    with pytest.raises(RefusedError):
        add_packages(demo.tre, actor, [write_wheel(tmp_path)])
    with pytest.raises(RefusedError):
        remove_package(demo.tre, actor, "x")
    assert not demo.tre.config.package_folder.exists()


def test_a_link_or_pipe_is_not_added(demo: Demo, tmp_path: Path):
    link = tmp_path / "linked-1.0-py3-none-any.whl"
    link.symlink_to(write_wheel(tmp_path))
    with pytest.raises(UnusableRequestError, match="cannot be added"):
        add_packages(demo.tre, "mia", [link])
    pipe = tmp_path / "pipe-1.0-py3-none-any.whl"
    os.mkfifo(pipe)
    with pytest.raises(UnusableRequestError, match="cannot be added"):
        add_packages(demo.tre, "mia", [pipe])
