"""A session's record: from the lines that its server writes to the ledger, losing none."""

import json
import threading

import pytest

from tests.demo import Demo
from tests.demo_people import STUDY
from tre.decision import NotThereError
from tre.hub.session_record import NAME, TAKEN, record, take, write_lines
from tre.safe_settings.session_record import MOST_LISTED, SessionRecord, Shown, summarise
from tre.steps.read_ledger import read_ledger
from tre.steps.record_session import BRING_IN, SHOW, record_session

AT, LATER = "2026-03-02T09:00:00+00:00", "2026-03-02T09:00:20+00:00"


def shown(at=AT, **channels):
    return {
        "at": at,
        "kind": "shown",
        "messages": 2,
        "channels": channels,
        "mime_types": {"text/html": 7},
    }


def brought_in(path, sha256="ab", at=AT):
    return {"at": at, "kind": "brought in", "path": path, "size": 3, "sha256": sha256}


def withheld(what="read", path="data.csv", at=AT):
    return {
        "at": at,
        "kind": "withheld",
        "what": what,
        "path": path,
        "reason": "not shown",
        "times": 1,
    }


def summed(lines) -> SessionRecord:
    found = summarise(lines)
    assert found is not None
    return found


class KeepingGate:
    """Remembers what it was told, and can fail."""

    def __init__(self):
        self.told = []
        self.failing = False

    def record_session(self, person, project, record):
        if self.failing:
            raise RuntimeError("no database")
        self.told.append((person, project, record))


def test_lines_are_added_up():
    found = summed([shown(iopub=10), shown(at=LATER, iopub=5, shell=1)])
    assert found.shown == Shown(
        messages=4, channels={"iopub": 15, "shell": 1}, mime_types={"text/html": 14}
    )
    assert found.shown.total == 16
    assert (found.since, found.until) == (AT, LATER)


def test_a_file_saved_again_and_again_is_one_entry_with_its_last_content():
    found = summed([brought_in("a.py", "01"), brought_in("b.py"), brought_in("a.py", "02")])
    assert [(one.path, one.sha256, one.times) for one in found.brought_in] == [
        ("b.py", "ab", 1),
        ("a.py", "02", 2),
    ]


def test_the_same_refusal_is_counted_and_not_repeated():
    found = summed([withheld(), withheld(), withheld(path="other.csv")])
    assert [(one.path, one.times) for one in found.withheld] == [("data.csv", 2), ("other.csv", 1)]


@pytest.mark.parametrize(
    "line",
    [
        None,
        {},
        {"at": AT},
        {"at": AT, "kind": "nonsense"},
        {"at": AT, "kind": "shown", "messages": 1, "channels": {"iopub": "many"}, "mime_types": {}},
        {"at": AT, "kind": "shown", "messages": 1, "channels": [], "mime_types": {}},
        {"at": AT, "kind": ["shown"]},
        {"at": AT, "kind": "killed", "at_most": None},
    ],
)
def test_a_line_that_is_not_understood_is_counted_and_adds_nothing(line):
    found = summed([line, shown(iopub=1)])
    assert found.unread == 1
    assert found.shown.channels == {"iopub": 1}


def test_names_of_files_cannot_forge_a_line_or_fill_the_ledger():
    found = summed([withheld(path="a\n\u202e\x1b[31m" + "x" * 500)])
    (one,) = found.withheld
    assert one.path.startswith("a\\n\\u202e\\x1b[31mxxx")
    assert len(one.path) == 160


def test_nothing_written_is_nothing_to_record(tmp_path):
    gate = KeepingGate()
    assert not record(gate, "ada", STUDY, tmp_path)
    assert summarise([]) is None
    assert take(tmp_path) is None


def test_what_the_server_wrote_is_taken_once(tmp_path):
    (tmp_path / "private").mkdir()
    write_lines(tmp_path / "private", [shown(iopub=10)])
    gate = KeepingGate()
    assert record(gate, "ada", STUDY, tmp_path)
    assert not record(gate, "ada", STUDY, tmp_path)
    ((person, project, found),) = gate.told
    assert (person, project, found.shown.total) == ("ada", STUDY, 10)


def test_lines_wait_while_the_ledger_cannot_be_written(tmp_path):
    private = tmp_path / "private"
    private.mkdir()
    write_lines(private, [shown(iopub=10)])
    gate = KeepingGate()
    gate.failing = True
    with pytest.raises(RuntimeError):
        record(gate, "ada", STUDY, tmp_path)
    write_lines(private, [shown(iopub=5)])
    gate.failing = False
    assert record(gate, "ada", STUDY, tmp_path)
    assert [found.shown.total for _, _, found in gate.told] == [10, 5]
    assert not (private / NAME).exists()
    assert not (private / TAKEN).exists()


def test_half_a_line_of_a_killed_server_is_told_of(tmp_path):
    private = tmp_path / "private"
    private.mkdir()
    write_lines(private, [shown(iopub=10)])
    with (private / NAME).open("a") as file:
        file.write('{"at": "2026')
    found = take(private)
    assert found is not None
    assert found.unread == 1


def test_no_line_is_lost_between_a_writer_and_a_taker(tmp_path):
    number = 200
    ready = threading.Barrier(2)

    def write():
        ready.wait()
        for _ in range(number):
            write_lines(tmp_path, [shown(iopub=1)])

    writer = threading.Thread(target=write)
    writer.start()
    ready.wait()
    total = 0
    while writer.is_alive():
        found = take(tmp_path)
        total += found.shown.total if found else 0
    writer.join()
    rest = take(tmp_path)
    assert total + (rest.shown.total if rest else 0) == number


def test_the_ledger_says_what_was_shown_taken_and_refused(demo: Demo):
    lines = [
        shown(iopub=10),
        brought_in("a.py"),
        withheld(),
        withheld(what="write", path="new.csv"),
        {"at": LATER, "kind": "killed", "at_most": 99},
    ]
    record_session(demo.tre, "ada", STUDY, summed(lines))
    entries = [
        entry
        for entry in read_ledger(demo.tre, "omar", project=STUDY)
        if entry.tag in (SHOW, BRING_IN)
    ]
    found = {(entry.tag, entry.outcome): entry.details for entry in entries}
    assert len(found) == len(entries) == 4
    assert found[SHOW, "done"] == {
        "since": AT,
        "until": LATER,
        "bytes": 10,
        "messages": 2,
        "channels": {"iopub": 10},
        "mime_types": {"text/html": 7},
        "bytes_at_most_more": 99,
    }
    (refusal,) = found[SHOW, "refused"]["refusals"]
    assert (refusal["what"], refusal["path"]) == ("read", "data.csv")
    assert found[BRING_IN, "done"]["files"][0]["sha256"] == "ab"
    assert found[BRING_IN, "refused"]["refusals"][0]["path"] == "new.csv"
    assert all(entry.actor == "ada" for entry in entries)


def test_a_flood_of_names_makes_one_line_of_bounded_length(demo: Demo):
    record_session(demo.tre, "ada", STUDY, summed(brought_in(f"{n}.py") for n in range(250)))
    (entry,) = [one for one in read_ledger(demo.tre, "omar") if one.tag == BRING_IN]
    assert len(entry.details["files"]) == MOST_LISTED
    assert entry.details["not_listed"] == 150
    assert len(json.dumps(dict(entry.details))) < 20_000


def test_lines_that_say_nothing_but_that_they_were_there_are_written(demo: Demo):
    record_session(demo.tre, "ada", STUDY, summed([None, None]))
    (entry,) = [one for one in read_ledger(demo.tre, "omar") if one.tag == SHOW]
    assert entry.details["lines_not_understood"] == 2


@pytest.mark.parametrize(("person", "project"), [("nobody", STUDY), ("ada", "no-such-study")])
def test_nothing_is_written_about_people_or_projects_that_are_not_there(
    demo: Demo, person, project
):
    with pytest.raises(NotThereError):
        record_session(demo.tre, person, project, SessionRecord(since=AT, until=AT, shown=Shown()))
