"""A new request is held against what the project really released, whatever its extract is now."""

import hashlib
import json
import shutil
from pathlib import Path

import polars as pl

from tests.demo import Demo
from tre.steps.view_request import view_request

NEXT = "2026-02-21-1"


def opt_out(demo: Demo) -> None:
    """Make the next version of the extract, without one of the 50 boys who have no record."""
    folder = demo.extract.with_name(NEXT)
    shutil.copytree(demo.extract, folder)
    file = folder / "linked.parquet"
    frame = pl.read_parquet(file)
    assert frame[-1, "diagnosis_group"] == "No CAMHS record"
    frame.head(-1).write_parquet(file)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["tables"][0]["sha256"] = hashlib.sha256(file.read_bytes()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest))
    (folder.parent / "current").write_text(f"{NEXT}\n")


def told(demo: Demo, request: int) -> list[tuple[str, str]]:
    """What was found of the request's table beside others: severities and messages."""
    view = view_request(demo.tre, "cora", request)
    file = view.file(demo.outputs(request)[0])
    assert file is not None
    assert file.check is not None
    found = file.check["findings"]
    return [(one["severity"], one["message"]) for one in found if one["rule"] == "differencing"]


def frozen(demo: Demo, request: int) -> Path:
    file = view_request(demo.tre, "cora", request).file(demo.outputs(request)[0])
    assert file is not None
    return demo.tre.folders.frozen(request) / file.sha256


def test_the_same_table_of_the_same_data_adds_nothing(demo: Demo) -> None:
    demo.released()
    assert told(demo, demo.submitted()) == []


def test_who_left_since_is_found_in_the_numbers_that_were_released(demo: Demo) -> None:
    first = demo.released()
    opt_out(demo)
    found = told(demo, demo.submitted())
    failed = [message for severity, message in found if severity == "fail"]
    # 200 people were released, and are 199 now
    (everybody,) = [message for message in failed if "200 - 199 = 1" in message]
    assert "1 person left the data since" in everybody
    assert f"table.csv of request {first}, released on" in everybody
    assert ("review", True) in [(one, "not as it left" in message) for one, message in found]


def test_a_release_whose_files_are_lost_is_looked_at_by_a_person(demo: Demo) -> None:
    frozen(demo, demo.released()).unlink()
    ((severity, message),) = told(demo, demo.submitted())
    assert severity == "review"
    assert "what was released is not at hand" in message
