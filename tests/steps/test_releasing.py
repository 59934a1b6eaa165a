"""Releasing: two who press at once, bytes that changed, full disks, retries, revocation."""

import hashlib
import json
import os
import threading
import zipfile
from pathlib import Path

import pytest

from tests.demo import PASSWORD, Demo
from tests.demo_people import STUDY
from tre.decision import OvertakenError, RefusedError, UnusableRequestError
from tre.safe_outputs.bundle import verify_bundle
from tre.safe_outputs.release_request import FileOrigin, State
from tre.steps.approve_request import approve_request
from tre.steps.download_release import download_release
from tre.steps.impose_sanction import impose_sanction
from tre.steps.read_ledger import read_ledger
from tre.steps.replace_file import replace_file
from tre.steps.request_file import request_file
from tre.steps.retry_release import retry_release
from tre.steps.retry_releases import retry_releases
from tre.steps.return_request import return_request
from tre.steps.revoke_release import revoke_release
from tre.steps.submit_request import submit_request
from tre.steps.tre import open_tre
from tre.steps.verify_ledger import verify_ledger
from tre.steps.view_request import view_request
from tre.store.files import FrozenFileError
from tre.store.keys import signing_key


def frozen(demo: Demo, request: int) -> Path:
    """The frozen copy of the request's output."""
    file = view_request(demo.tre, "cora", request).file(demo.outputs(request)[0])
    assert file is not None
    return demo.tre.folders.frozen(request) / file.sha256


def test_the_bundle_is_signed_and_holds_the_outputs_alone(demo: Demo) -> None:
    request = demo.released()
    bundle = download_release(demo.tre, "ada", request)
    key = signing_key(demo.tre.folders.keys).public_key()
    assert verify_bundle(bundle, key).whole
    with zipfile.ZipFile(bundle) as archive:
        names = set(archive.namelist())
        record = json.loads(archive.read("disclosure-record.json"))
        table = archive.read("files/table.csv")
    assert "files/lesson.py" not in names
    assert table == demo.table_file().content
    assert record["outputs"][0]["verdict"] == "pass"
    assert record["outputs"][0]["provenance"] == "recomputed"
    assert record["outputs"][0]["treatment"]["method"] == "suppress"
    assert record["policies"][0]["settings"]["threshold"] == 10
    sha256 = hashlib.sha256(table).hexdigest()
    approval = {"by": "output checker", "approved": "table.csv", "sha256": sha256, "turn": 1}
    assert record["decisions"] == [approval, approval]
    assert [review["turn"] for review in record["history"]] == [1, 1]
    assert "Cora" not in json.dumps(record)  # staff by role alone


def test_the_record_has_the_approvals_of_the_bytes_that_leave_and_no_others(demo: Demo) -> None:
    request = demo.submitted()
    demo.review(request, "cora")
    demo.review(request, "deniz")
    return_request(demo.tre, "cora", request, "Suppress less, please.")
    old = demo.outputs(request)[0]
    replace_file(demo.tre, "ada", request, old, content=b"sex\n1\n", origin=FileOrigin.WORKSPACE)
    submit_request(demo.tre, "ada", request)
    demo.review(request, "cora")
    demo.review(request, "deniz")
    assert approve_request(demo.tre, "cora", request) is State.RELEASED
    with zipfile.ZipFile(download_release(demo.tre, "ada", request)) as archive:
        record = json.loads(archive.read("disclosure-record.json"))
    sha256 = hashlib.sha256(b"sex\n1\n").hexdigest()
    assert [(one["turn"], one["sha256"]) for one in record["decisions"]] == [(2, sha256)] * 2
    assert sorted(review["turn"] for review in record["history"]) == [1, 1, 2, 2]


def test_two_who_press_approve_at_once_release_once(any_demo: Demo) -> None:
    request = any_demo.reviewed()
    others = [open_tre(any_demo.tre.config, now=any_demo.clock) for _ in range(2)]
    start, outcomes = threading.Barrier(2), []

    def press(number: int, checker: str) -> None:
        start.wait()
        try:
            outcomes.append(approve_request(others[number], checker, request))
        except OvertakenError:
            outcomes.append("overtaken")

    threads = [threading.Thread(target=press, args=each) for each in enumerate(("cora", "deniz"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for other in others:
        other.close()
    assert sorted(outcomes, key=str) == ["overtaken", State.RELEASED]
    tags = [entry.tag for entry in read_ledger(any_demo.tre, "omar", request=request)]
    assert tags.count("outputs:request:approve") == 1
    assert tags.count("outputs:request:release") == 1
    assert verify_ledger(any_demo.tre).whole


def test_a_file_changed_on_disk_after_submission_is_not_released(
    any_demo: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    demo = any_demo
    request = demo.reviewed()
    copy = frozen(demo, request)
    original = copy.read_bytes()
    copy.chmod(0o600)
    copy.write_bytes(original.replace(b"Female", b"FEMALE"))
    with pytest.raises(FrozenFileError, match="changed on disk"):
        request_file(demo.tre, "cora", request, demo.outputs(request)[0])
    with pytest.raises(UnusableRequestError, match=r"“table\.csv”: .*changed on disk"):
        approve_request(demo.tre, "cora", request)
    assert view_request(demo.tre, "ada", request).state is State.REVIEWED
    monkeypatch.setattr("tre.steps.approve_request._damaged", lambda *_: "")  # afterwards
    assert approve_request(demo.tre, "cora", request) is State.FAILED
    view = view_request(demo.tre, "ada", request)
    assert view.state is State.FAILED
    assert "changed on disk" in (view.failure or "")
    assert not list(demo.tre.folders.releases(request).glob("*"))
    with pytest.raises(RefusedError):
        download_release(demo.tre, "ada", request)

    copy.write_bytes(original)  # brought back from a backup
    assert retry_release(demo.tre, request) is State.RELEASED
    assert view_request(demo.tre, "ada", request).failure is None
    assert download_release(demo.tre, "ada", request).is_file()


def test_a_lost_frozen_file_is_named_and_not_approved(demo: Demo) -> None:
    request = demo.reviewed()
    frozen(demo, request).unlink()
    with pytest.raises(UnusableRequestError, match=r"“table\.csv”: .*cannot be read.*backup"):
        approve_request(demo.tre, "cora", request)
    with pytest.raises(RefusedError):  # who may not approve is not told
        approve_request(demo.tre, "ada", request)
    assert view_request(demo.tre, "cora", request).state is State.REVIEWED
    return_request(demo.tre, "cora", request, "Put the file in again: its copy is lost.")


def test_a_link_in_the_place_of_a_frozen_file_is_not_followed(demo: Demo) -> None:
    request = demo.reviewed()
    copy = frozen(demo, request)
    moved = copy.rename(copy.with_name("moved"))
    copy.symlink_to(moved)
    with pytest.raises(UnusableRequestError, match=r"“table\.csv”"):
        approve_request(demo.tre, "cora", request)


def test_a_full_disk_while_the_bundle_is_written_keeps_the_approval(
    demo: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = demo.reviewed()
    fsync = os.fsync

    def full(descriptor: int) -> None:
        if "release-" in Path(f"/proc/self/fd/{descriptor}").readlink().name:
            raise OSError(28, "No space left on device")
        fsync(descriptor)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        assert approve_request(demo.tre, "cora", request) is State.FAILED
    view = view_request(demo.tre, "cora", request)
    assert "space" in (view.failure or "").lower()
    assert list(demo.tre.folders.releases(request).iterdir()) == []
    assert retry_release(demo.tre, request) is State.RELEASED
    assert verify_ledger(demo.tre).whole


def test_what_is_stuck_is_tried_again_by_itself(
    demo: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tre.steps.approve_request._damaged", lambda *_: "")  # afterwards
    request = demo.reviewed()
    copy = frozen(demo, request)
    hidden = copy.rename(copy.with_name("hidden"))
    assert approve_request(demo.tre, "cora", request) is State.FAILED
    assert retry_releases(demo.tre) == {request: State.FAILED}
    hidden.rename(copy)
    assert retry_releases(demo.tre) == {request: State.RELEASED}
    assert retry_releases(demo.tre) == {}


def test_an_approval_that_was_cut_off_is_released_later(
    demo: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = demo.reviewed()

    def killed(*_: object) -> State:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("tre.steps.approve_request.release", killed)
        with pytest.raises(KeyboardInterrupt):
            approve_request(demo.tre, "cora", request)
    assert view_request(demo.tre, "ada", request).state is State.APPROVED
    assert retry_releases(demo.tre) == {request: State.RELEASED}


def test_nothing_is_released_that_is_not_approved(demo: Demo) -> None:
    request = demo.submitted()
    with pytest.raises(OvertakenError):
        retry_release(demo.tre, request)
    demo.review(request, "cora")
    with pytest.raises(RefusedError, match="partially reviewed"):
        approve_request(demo.tre, "cora", request)


def test_a_release_is_not_released_again(demo: Demo) -> None:
    request = demo.released()
    with pytest.raises(OvertakenError):
        retry_release(demo.tre, request)
    with pytest.raises(OvertakenError):
        approve_request(demo.tre, "deniz", request)


def test_a_checker_sanctioned_between_vote_and_release_stops_it(
    demo: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = demo.reviewed()

    def meanwhile(*_: object) -> State:
        raise OvertakenError

    with monkeypatch.context() as patch:  # the machine stops between approval and release
        patch.setattr("tre.steps.approve_request.release", meanwhile)
        assert approve_request(demo.tre, "cora", request) is State.APPROVED
    impose_sanction(demo.tre, "mia", person="deniz", until=None, reason="Under inquiry.")
    assert retry_release(demo.tre, request) is State.FAILED
    view = view_request(demo.tre, "cora", request)
    assert "approval" in (view.failure or "")


@pytest.mark.parametrize("actor", ["ada", "mia"])
def test_members_and_the_manager_download(demo: Demo, actor: str) -> None:
    assert download_release(demo.tre, actor, demo.released()).suffix == ".zip"


@pytest.mark.parametrize("actor", ["cora", "omar"])
def test_others_do_not_download_and_the_ledger_has_it(demo: Demo, actor: str) -> None:
    request = demo.released()
    with pytest.raises(RefusedError):
        download_release(demo.tre, actor, request)
    entry = read_ledger(demo.tre, "omar", person=actor, request=request, limit=1)[0]
    assert (entry.tag, entry.outcome) == ("outputs:release:download", "refused")


def test_a_bundle_changed_on_disk_is_not_handed_out(demo: Demo) -> None:
    request = demo.released()
    bundle = download_release(demo.tre, "ada", request)
    bundle.chmod(0o600)
    bundle.write_bytes(bundle.read_bytes()[:-1] + b"x")
    with pytest.raises(UnusableRequestError, match="changed on disk"):
        download_release(demo.tre, "ada", request)
    bundle.unlink()
    with pytest.raises(UnusableRequestError, match="cannot be read"):
        download_release(demo.tre, "ada", request)


def test_a_revoked_release_is_not_downloaded_any_more_and_stays_on_the_record(
    demo: Demo,
) -> None:
    request = demo.released()
    with pytest.raises(RefusedError):
        revoke_release(demo.tre, "cora", request, "Wrong table.")
    revoke_release(demo.tre, "mia", request, "A wrong year was taken.")
    with pytest.raises(RefusedError):
        download_release(demo.tre, "ada", request)
    view = view_request(demo.tre, "ada", request)
    assert view.state is State.REVOKED
    assert view.release is not None
    assert view.release.revoked_because == "A wrong year was taken."
    with pytest.raises(OvertakenError):
        revoke_release(demo.tre, "mia", request, "Twice.")


def test_the_history_tells_it_in_order(demo: Demo) -> None:
    request = demo.released()
    download_release(demo.tre, "ada", request)
    told = [(event.who, event.what) for event in view_request(demo.tre, "ada", request).history]
    assert told[:2] == [
        ("Ada Mensah", "began the request"),
        ("Ada Mensah", "submitted it (turn 1)"),
    ]
    assert ("the environment", "released it") in told
    assert ("Ada Mensah", "downloaded the bundle") in told


def test_the_ledger_names_ids_and_nothing_personal_or_secret(demo: Demo) -> None:
    request = demo.released()
    download_release(demo.tre, "ada", request)
    told = repr(read_ledger(demo.tre, "omar", limit=1000))
    for private in ("Mensah", "Lindqvist", PASSWORD, "Diagnosis by sex", "Cells under 10"):
        assert private not in told
    assert STUDY in told
