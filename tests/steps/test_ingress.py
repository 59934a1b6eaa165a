"""Code that is brought in: it waits outside the workspace until a checker accepts it."""

import errno
import os
import stat
from collections.abc import Callable

import pytest

from tests.demo import Demo
from tests.demo_people import ENDED, PRACTICE, STUDY
from tre.decision import NotThereError, OvertakenError, RefusedError, UnusableRequestError
from tre.safe_settings.ingress.limits import MOST_BYTES, MOST_FILES
from tre.safe_settings.ingress.request import Event
from tre.safe_settings.ingress.scan import Offered
from tre.steps.accept_code import accept_code
from tre.steps.acting import HiddenError
from tre.steps.bring_code import MOST_A_DAY, MOST_WAITING, bring_code
from tre.steps.ingress_requests import ingress_file, ingress_queue, my_ingress, view_ingress
from tre.steps.notices import notices
from tre.steps.read_ledger import read_ledger
from tre.steps.refuse_code import refuse_code
from tre.steps.tre import Tre
from tre.steps.withdraw_code import withdraw_code
from tre.store.files import FrozenFileError, sha256_of
from tre.store.ingress import move_file, read_ingress

GOOD = Offered(name="model.py", content=b"x = 1\n")
ALSO = Offered(name="query.sql", content=b"SELECT 1;\n")
BAD = Offered(name="data.py", content=b"# see 943 476 5919\n")


def bring(demo: Demo, *files: Offered, actor: str = "ada", project: str = STUDY) -> int:
    return bring_code(
        demo.tre,
        actor,
        project,
        files or (GOOD,),
        purpose="The models of the protocol.",
        source="Our own repository.",
    )


def in_workspace(demo: Demo) -> dict[str, bytes]:
    folder = demo.tre.folders.workspace(STUDY)
    return {str(f.relative_to(folder)): f.read_bytes() for f in folder.rglob("*") if f.is_file()}


def states(demo: Demo, number: int) -> dict[str, str]:
    return {file.name: str(file.state) for file in view_ingress(demo.tre, "cora", number).files}


def file_ids(demo: Demo, number: int) -> dict[str, int]:
    return {file.name: file.id for file in view_ingress(demo.tre, "cora", number).files}


def entries(demo: Demo, tag: str) -> list:
    return [entry for entry in read_ledger(demo.tre, "omar", limit=500) if entry.tag == tag]


def test_what_is_brought_is_nowhere_in_the_session_until_it_is_accepted(demo: Demo):
    number = bring(demo)
    assert in_workspace(demo) == {}
    view = view_ingress(demo.tre, "cora", number)
    assert (view.state, view.i_am, view.author_name) == ("waiting", "checker", "Ada Mensah")
    assert ingress_file(demo.tre, "cora", number, view.files[0].id).bytes == GOOD.content
    assert accept_code(demo.tre, "cora", number) == (f"ingress/{number}/model.py",)
    assert in_workspace(demo) == {f"ingress/{number}/model.py": GOOD.content}
    placed = demo.tre.folders.workspace(STUDY) / "ingress" / str(number) / "model.py"
    assert stat.S_IMODE(placed.stat().st_mode) == 0o600
    assert placed.stat().st_nlink == 1
    seen = view_ingress(demo.tre, "ada", number)
    assert (seen.state, seen.i_am) == ("accepted", "member")
    assert seen.files[0].placed_at == f"ingress/{number}/model.py"
    assert seen.files[0].decided_by_name == "Cora Lindqvist"


def test_it_is_so_on_both_databases(any_demo: Demo):
    names = ("model.py", "a\0b.py", "\ud800.py")
    number = bring(any_demo, *(Offered(name=name, content=b"x = 1\n") for name in names))
    (row,) = ingress_queue(any_demo.tre, "cora")
    assert (row.id, row.waiting, row.blocked) == (number, 1, 2)
    accept_code(any_demo.tre, "cora", number)
    assert view_ingress(any_demo.tre, "ada", number).state == "accepted in part"


def test_files_are_decided_about_one_by_one(demo: Demo):
    number = bring(demo, GOOD, ALSO)
    ids = file_ids(demo, number)
    accept_code(demo.tre, "cora", number, [ids["model.py"]])
    assert view_ingress(demo.tre, "cora", number).state == "waiting"
    refuse_code(demo.tre, "deniz", number, "Whose query is it?", [ids["query.sql"]])
    assert states(demo, number) == {"model.py": "accepted", "query.sql": "refused"}
    assert view_ingress(demo.tre, "ada", number).state == "accepted in part"
    assert view_ingress(demo.tre, "ada", number).files[1].reason == "Whose query is it?"
    assert list(in_workspace(demo)) == [f"ingress/{number}/model.py"]
    told = [(one.text, one.path) for one in notices(demo.tre, "ada")]
    assert told == [
        ("1 file was refused.", f"/ingress/{number}"),
        (f"1 file was accepted: it is in /workspace/ingress/{number}.", f"/ingress/{number}"),
    ]


def test_a_blocked_file_is_kept_with_its_findings_and_never_accepted(demo: Demo):
    number = bring(demo, GOOD, BAD)
    assert states(demo, number) == {"model.py": "waiting", "data.py": "blocked"}
    with pytest.raises(UnusableRequestError, match="is blocked; nothing more"):
        accept_code(demo.tre, "cora", number, [file_ids(demo, number)["data.py"]])
    accept_code(demo.tre, "cora", number)
    assert list(in_workspace(demo)) == [f"ingress/{number}/model.py"]


def test_a_request_of_blocked_files_alone_waits_for_nobody(demo: Demo):
    number = bring(demo, BAD)
    assert ingress_queue(demo.tre, "cora") == ()
    (row,) = my_ingress(demo.tre, "ada")
    assert (row.id, row.state, row.blocked) == (number, "refused", 1)
    with pytest.raises(RefusedError, match="none of its files waits"):
        accept_code(demo.tre, "cora", number)


def test_a_notebook_comes_in_without_its_outputs(demo: Demo):
    notebook = (
        b'{"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": [{"cell_type": "code", '
        b'"metadata": {}, "source": "1", "execution_count": 3, "outputs": ["Ada"]}]}'
    )
    number = bring(demo, Offered(name="a.ipynb", content=notebook))
    accept_code(demo.tre, "cora", number)
    assert b"Ada" not in in_workspace(demo)[f"ingress/{number}/a.ipynb"]
    (file,) = view_ingress(demo.tre, "ada", number).files
    assert file.removed == ("outputs of cell 1",)
    assert file.offered_sha256 == sha256_of(notebook) != file.sha256


def test_the_queue_is_for_checkers_apart_from_the_project(demo: Demo):
    first, second = bring(demo), bring(demo, ALSO)
    assert [row.id for row in ingress_queue(demo.tre, "cora")] == [first, second]
    with pytest.raises(RefusedError):
        ingress_queue(demo.tre, "ada")
    assert [row.id for row in my_ingress(demo.tre, "bola")] == [second, first]
    assert my_ingress(demo.tre, "finn") == ()


@pytest.mark.parametrize(
    ("actor", "project"),
    [("bola", STUDY), ("ada", ENDED), ("finn", STUDY), ("cora", STUDY), ("mia", STUDY)],
)
def test_only_a_researcher_of_the_project_brings(demo: Demo, actor: str, project: str):
    with pytest.raises((RefusedError, HiddenError)):
        bring(demo, actor=actor, project=project)
    (entry,) = [e for e in entries(demo, "settings:ingress:bring") if e.actor == actor]
    assert entry.outcome == "refused"


def test_a_trainee_brings_code_into_the_practice_project(demo: Demo):
    assert bring(demo, actor="finn", project=PRACTICE) == 1


def refuse(demo_tre: Tre, actor: str, number: int) -> None:
    refuse_code(demo_tre, actor, number, "No.")


@pytest.mark.parametrize("act", [accept_code, refuse])
@pytest.mark.parametrize("actor", ["ada", "bola", "mia", "omar"])
def test_only_a_checker_decides(demo: Demo, act: Callable, actor: str):
    number = bring(demo)
    with pytest.raises(RefusedError):
        act(demo.tre, actor, number)
    assert in_workspace(demo) == {}
    assert states(demo, number) == {"model.py": "waiting"}


def test_others_cannot_tell_a_hidden_request_from_none(demo: Demo):
    number = bring(demo)
    for asked in (number, 99, 0, -1, 2**40):
        with pytest.raises(NotThereError, match="that you have a part in"):
            view_ingress(demo.tre, "finn", asked)


def test_a_decision_is_taken_once(demo: Demo):
    number = bring(demo)
    accept_code(demo.tre, "cora", number)
    for act in (accept_code, refuse):
        with pytest.raises(RefusedError):
            act(demo.tre, "deniz", number)
    with pytest.raises(RefusedError):
        withdraw_code(demo.tre, "ada", number)


def test_of_two_checkers_at_once_one_is_told(demo: Demo):
    number = bring(demo)
    with demo.tre.store.reading() as connection:
        seen = read_ingress(connection, number)
    assert seen is not None
    refuse(demo.tre, "deniz", number)
    with demo.tre.store.writing() as change, pytest.raises(OvertakenError, match="look at it"):
        move_file(change.connection, seen.files[0], Event.ACCEPT, by="cora", at=demo.clock())


def test_who_brought_it_withdraws_it(demo: Demo):
    number = bring(demo)
    withdraw_code(demo.tre, "ada", number)
    assert view_ingress(demo.tre, "cora", number).state == "withdrawn"
    assert ingress_queue(demo.tre, "cora") == ()


def test_a_refusal_needs_a_reason(demo: Demo):
    number = bring(demo)
    with pytest.raises(UnusableRequestError, match="the reason is empty"):
        refuse_code(demo.tre, "cora", number, "  ")


def test_the_ledger_says_who_did_what_and_no_names_of_files(demo: Demo):
    number = bring(demo, GOOD, BAD)
    accept_code(demo.tre, "cora", number)
    brought = entries(demo, "settings:ingress:bring")
    assert sorted(str(entry.details["state"]) for entry in brought) == ["blocked", "waiting"]
    assert {"identifier": 1} in [entry.details["found"] for entry in brought]
    (accepted,) = entries(demo, "settings:ingress:accept")
    assert (accepted.actor, accepted.project) == ("cora", STUDY)
    assert accepted.details["sha256"] == sha256_of(GOOD.content)
    assert "model.py" not in str([*brought, accepted])


@pytest.mark.parametrize("planted", ["ingress", "ingress/1"])
def test_a_link_in_the_workspace_is_not_followed(demo: Demo, planted: str, tmp_path):
    number = bring(demo)
    outside = tmp_path / "outside"
    outside.mkdir()
    link = demo.tre.folders.workspace(STUDY) / planted
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(outside)
    with pytest.raises(UnusableRequestError, match="something else there"):
        accept_code(demo.tre, "cora", number)
    assert list(outside.iterdir()) == []
    assert states(demo, number) == {"model.py": "waiting"}


@pytest.mark.parametrize("kind", ["file", "link", "fifo"])
def test_nothing_is_overwritten_and_then_nothing_comes_in(demo: Demo, kind: str, tmp_path):
    number = bring(demo, ALSO, GOOD)
    there = demo.tre.folders.workspace(STUDY) / "ingress" / str(number) / "model.py"
    there.parent.mkdir(parents=True)
    target = tmp_path / "target"
    target.write_text("theirs")
    if kind == "file":
        there.write_text("mine")
    elif kind == "link":
        there.symlink_to(target)
    else:
        os.mkfifo(there)
    with pytest.raises(UnusableRequestError, match="accept them again"):
        accept_code(demo.tre, "cora", number)
    assert target.read_text() == "theirs"
    assert [path.name for path in there.parent.iterdir()] == ["model.py"]
    assert states(demo, number) == {"query.sql": "waiting", "model.py": "waiting"}
    there.unlink()
    accept_code(demo.tre, "cora", number)
    assert there.read_bytes() == GOOD.content


def test_a_frozen_copy_that_was_changed_does_not_come_in(demo: Demo):
    number = bring(demo)
    frozen = demo.tre.folders.ingress(number) / sha256_of(GOOD.content)
    frozen.chmod(0o600)
    frozen.write_bytes(b"y = 2\n")
    with pytest.raises(FrozenFileError):
        accept_code(demo.tre, "cora", number)
    assert in_workspace(demo) == {}


def test_what_the_store_cannot_keep_is_not_in_the_workspace(demo: Demo, monkeypatch):
    number = bring(demo)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("tre.store.store.append", full)
    with pytest.raises(OSError, match="No space"):
        accept_code(demo.tre, "cora", number)
    monkeypatch.undo()
    assert in_workspace(demo) == {}
    assert states(demo, number) == {"model.py": "waiting"}


def test_too_much_at_once_is_refused_and_not_kept(demo: Demo):
    many = [Offered(name=f"a{n}.py", content=b"x = 1\n") for n in range(MOST_FILES + 1)]
    with pytest.raises(UnusableRequestError, match="at most 20 files"):
        bring(demo, *many)
    with pytest.raises(UnusableRequestError, match="at most 8 MiB"):
        bring(demo, Offered(name="a.py", content=bytes(MOST_BYTES + 1)))
    with pytest.raises(UnusableRequestError, match="the source is empty"):
        bring_code(demo.tre, "ada", STUDY, [GOOD], purpose="x", source=" ")
    assert my_ingress(demo.tre, "ada") == ()


def test_nobody_fills_the_queue(demo: Demo):
    for _ in range(MOST_WAITING):
        bring(demo)
    with pytest.raises(UnusableRequestError, match="wait in this project already"):
        bring(demo)


def test_nobody_fills_the_disk_with_what_is_blocked(demo: Demo):
    for _ in range(MOST_A_DAY):
        bring(demo, BAD)
    with pytest.raises(UnusableRequestError, match="within a day"):
        bring(demo, BAD)
    demo.clock.move(days=1, seconds=1)
    bring(demo, BAD)


def test_names_that_no_database_keeps_are_kept_as_blocked(demo: Demo):
    names = ("a\0b.py", "\ud800.py", "x" * 5_000, "", "\x1b[2J.py")
    number = bring(demo, *(Offered(name=name, content=b"x = 1\n") for name in names))
    files = view_ingress(demo.tre, "cora", number).files
    assert {file.state for file in files} == {"blocked"}
    assert [file.name for file in files] == [
        *("a<U+0000>b.py", "<U+D800>.py", "x" * 100, "", "<U+001B>[2J.py"),
    ]
