"""What waits for its code to be run again, and what is written down of it, without any kernel."""

import json
import zipfile
from typing import Any

import pytest

from tests.demo import Demo
from tests.demo_people import STUDY
from tre.decision import OvertakenError
from tre.safe_outputs.release_request import FileKind, FileOrigin, State, VoteChoice
from tre.safe_outputs.reproduction import Outcome, RunAgain, not_run
from tre.steps import reproduce
from tre.steps.approve_request import approve_request
from tre.steps.ask_for_release import PackageFile, ReleasePackage, ask_for_release
from tre.steps.check_again import check_again
from tre.steps.download_release import download_release
from tre.steps.projects import load_project
from tre.steps.read_ledger import read_ledger
from tre.steps.replace_file import replace_file
from tre.steps.return_request import return_request
from tre.steps.submit_request import submit_request
from tre.steps.view_request import view_request
from tre.steps.views import FileView
from tre.vocabulary import Action

NOTE = PackageFile("note.txt", b"A result.\n", FileKind.OUTPUT)
SAME = RunAgain(outcome=Outcome.REPRODUCED, said="It gave the same file.")
SECRET = "Bo Ek, born 1999"
OTHER = RunAgain(outcome=Outcome.FAILED, said=f"It failed: {SECRET}.")


def asserted(demo: Demo) -> int:
    """A text without a declaration, with the code that made it."""
    return demo.submitted(NOTE)


def write_down_a_run(demo: Demo, who: str, request: int) -> None:
    outcomes = dict.fromkeys(demo.outputs(request), not_run("it is a test"))
    reproduce.record_run(demo.tre, taken(demo, request), outcomes, actor=who)


def taken(demo: Demo, request: int) -> reproduce.ToRun:
    found = reproduce.take_to_run(demo.tre, request)
    assert found is not None
    return found


def output(demo: Demo, request: int, viewer: str = "cora") -> FileView:
    (number,) = demo.outputs(request)
    found = view_request(demo.tre, viewer, request).file(number)
    assert found is not None
    return found


def check_of(demo: Demo, request: int) -> dict[str, Any]:
    found = output(demo, request).check
    assert found is not None
    return found


def run(demo: Demo, request: int, outcome: RunAgain = SAME) -> None:
    outcomes = dict.fromkeys(demo.outputs(request), outcome)
    reproduce.record_run(demo.tre, taken(demo, request), outcomes)


def test_an_asserted_output_with_code_waits_until_its_outcome_is_written_down(demo: Demo) -> None:
    request = asserted(demo)
    assert output(demo, request).waits_to_be_run
    assert reproduce.waiting_to_run(demo.tre) == (request,)
    run(demo, request)
    assert reproduce.waiting_to_run(demo.tre) == ()
    found = output(demo, request)
    assert not found.waits_to_be_run
    assert check_of(demo, request)["provenance"] == "reproduced"
    assert check_of(demo, request)["run_again"]["said"] == "It gave the same file."


def test_what_was_recomputed_does_not_wait(demo: Demo) -> None:
    request = demo.submitted()
    assert check_of(demo, request)["provenance"] == "recomputed"
    assert reproduce.waiting_to_run(demo.tre) == ()


def test_what_has_no_code_does_not_wait(demo: Demo) -> None:
    alone = ReleasePackage(title="A note", context="All.", controls="None.", files=(NOTE,))
    request = ask_for_release(demo.tre, "ada", STUDY, alone)
    assert not output(demo, request).waits_to_be_run
    assert reproduce.take_to_run(demo.tre, request) is None


def test_the_findings_stay_what_they_are(demo: Demo) -> None:
    request = asserted(demo)
    before = check_of(demo, request)
    run(demo, request)
    after = check_of(demo, request)
    changed = {name for name in after if after.get(name) != before.get(name)}
    assert changed == {"provenance", "note", "run_again"}
    assert before["note"].startswith("No declaration: the researcher's word alone.")
    assert "gave the same file" in after["note"]
    assert after["verdict"] == "review"


def test_a_failed_run_leaves_it_asserted_with_the_reason_and_is_not_tried_again(
    demo: Demo,
) -> None:
    request = asserted(demo)
    run(demo, request, OTHER)
    found = check_of(demo, request)
    assert found["provenance"] == "asserted"
    assert found["run_again"]["outcome"] == "failed"
    assert reproduce.take_to_run(demo.tre, request) is None
    assert reproduce.take_to_run(demo.tre, request, also_tried=True) is not None


def test_it_is_on_the_ledger_without_the_words_of_the_run(demo: Demo) -> None:
    request = asserted(demo)
    run(demo, request, OTHER)
    (line,) = [
        entry
        for entry in read_ledger(demo.tre, "omar", request=request)
        if entry.tag == "outputs:file:reproduce"
    ]
    (file,) = line.details["files"]
    assert line.actor == ":system"
    assert file["outcome"] == "failed"
    assert file["sha256"] == output(demo, request).sha256
    assert SECRET not in json.dumps(line.details)
    history = [event.what for event in view_request(demo.tre, "cora", request).history]
    assert "ran its code again" in history


def test_an_outcome_for_a_request_that_was_returned_is_dropped(demo: Demo) -> None:
    request = asserted(demo)
    before = taken(demo, request)
    return_request(demo.tre, "cora", request, "Say which year.")
    with pytest.raises(OvertakenError):
        reproduce.record_run(demo.tre, before, {before.outputs[0].id: SAME})
    assert check_of(demo, request)["provenance"] == "asserted"


def test_an_outcome_of_an_earlier_turn_is_dropped_and_the_new_turn_waits(demo: Demo) -> None:
    request = asserted(demo)
    before = taken(demo, request)
    run(demo, request)
    return_request(demo.tre, "cora", request, "Say which year.")
    submit_request(demo.tre, "ada", request)
    with pytest.raises(OvertakenError, match="changed while"):
        reproduce.record_run(demo.tre, before, {before.outputs[0].id: SAME})
    assert check_of(demo, request)["provenance"] == "asserted"
    assert reproduce.waiting_to_run(demo.tre) == (request,)


def test_a_replaced_file_has_nothing_of_the_run_of_the_old_one(demo: Demo) -> None:
    request = asserted(demo)
    run(demo, request)
    return_request(demo.tre, "cora", request, "Say which year.")
    (old,) = demo.outputs(request)
    content, origin = b"A result of 2024.\n", FileOrigin.WORKSPACE
    replace_file(demo.tre, "ada", request, old, content=content, origin=origin)
    submit_request(demo.tre, "ada", request)
    assert check_of(demo, request)["provenance"] == "asserted"
    assert output(demo, request).waits_to_be_run


def test_votes_stand_and_the_record_of_the_release_says_reproduced(demo: Demo) -> None:
    request = asserted(demo)
    demo.review(request, "cora")
    run(demo, request)
    assert output(demo, request).my_vote is VoteChoice.APPROVED
    demo.review(request, "deniz")
    assert approve_request(demo.tre, "cora", request) is State.RELEASED
    with zipfile.ZipFile(download_release(demo.tre, "ada", request)) as archive:
        record = json.loads(archive.read("disclosure-record.json"))
    assert [one["provenance"] for one in record["outputs"]] == ["reproduced"]


def test_it_is_kept_when_the_request_is_checked_again_before_its_approval(demo: Demo) -> None:
    request = asserted(demo)
    found, project = taken(demo, request).request, load_project(demo.tre, STUDY)
    run(demo, request)
    assert project is not None
    check_again(demo.tre, "cora", found, project, action=Action.VOTE)
    assert check_of(demo, request)["provenance"] == "reproduced"
    assert check_of(demo, request)["run_again"]["said"] == "It gave the same file."


def test_a_run_sees_the_extract_with_the_limits_of_a_session(demo: Demo, tmp_path) -> None:
    request = asserted(demo)
    spec = reproduce.spec_to_run(demo.tre, taken(demo, request), tmp_path)
    assert (spec.extract, spec.workspace, spec.person) == (demo.extract, tmp_path, "ada")
    assert spec.limits.memory_bytes == demo.tre.config.session_memory_mib * 2**20
