"""What the page of benchmarks says of sessions, and how their memory and waits are measured."""

import math
import subprocess
import sys

import pytest

from benchmarks import page
from benchmarks.sessions import section
from benchmarks.sessions.crowd import Gathering
from benchmarks.sessions.memory import memory_by_part, memory_of
from benchmarks.sessions.processor import processor_seconds
from tre.hub import processes

CIRCUMSTANCES = {"date": "1 May 2026", "machine": "2 cores", "versions": "Python"}


def sides(sealed_seconds: float, sealed_mib: float) -> dict:
    """Unsealed: 4 s and 200 MiB; of three sealed figures the middle one is given."""
    found = {
        name: {"unsealed": [3.0, 4.0, 5.0], "sealed": [1.0, sealed_seconds, 9.0]}
        for name in ("click to server", "click to page", "click to kernel", "second kernel")
    }
    return found | {
        "memory": {"unsealed": [200.0] * 3, "sealed": [sealed_mib] * 3},
        "memory: seal": {"unsealed": [0.0] * 3, "sealed": [2.0] * 3},
    }


def part(sealed_seconds=4.2, sealed_mib=210.0, **of_the_crowd) -> dict:
    crowd = {
        "people": 20, "opened": [6.0] * 20, "cells_meanwhile": [0.2],
        "cells": [0.1] * 95 + [3.0] * 5, "everything_mib": 8_192.0, "sessions_mib": 7_000.0,
        "processes": 120, "groups": 60, "failures": [], "processes_left": 0, "groups_left": 0,
    }  # fmt: skip
    return CIRCUMSTANCES | {
        "asked": 20, "cores": 2, "records": 100_000, "working_seconds": 60.0, "load_before": 0.3,
        "sides": sides(sealed_seconds, sealed_mib), "crowd": crowd | of_the_crowd,
    }  # fmt: skip


def judged(measured: dict) -> list[tuple[str, str]]:
    return [(value, goal) for _, value, goal in section.goals(measured)]


def test_goals_of_sessions_are_judged_by_what_was_measured():
    assert judged(part()) == [
        ("1.05", "≤ 1.1: met"),  # 4.2 / 4
        ("1.05", "≤ 1.1: met"),  # 210 / 200
        ("0.1", "≤ 1: met"),  # 95 of 100 took no longer
        ("8", "≤ 16: met"),  # 8,192 / 1,024
        ("0", "≤ 0: met"),
        ("0", "≤ 0: met"),
    ]


@pytest.mark.parametrize(
    ("worse", "missed"),
    [
        ({"sealed_seconds": 4.5}, ("1.12", "≤ 1.1: missed")),
        ({"sealed_mib": 240.0}, ("1.2", "≤ 1.1: missed")),
        ({"cells": [0.1] * 94 + [3.0] * 6}, ("3", "≤ 1: missed")),
        ({"everything_mib": 17_408.0}, ("17", "≤ 16: missed")),
        ({"failures": ["person-02: timed out"]}, ("1", "≤ 0: missed")),
        ({"processes_left": 1, "groups_left": 3}, ("4", "≤ 0: missed")),
    ],
)
def test_a_goal_of_sessions_that_is_missed_is_said_to_be(worse, missed):
    assert [one for one in judged(part(**worse)) if "missed" in one[1]] == [missed]


def test_sealed_stands_beside_unsealed_with_median_and_quartiles():
    row = next(row for row in section.side_rows(part()) if "ready kernel" in row[0])
    # Quartiles of 3, 4, 5 are 3.5 and 4.5; of 1, 4.2, 9 they are 2.6 and 6.6.
    assert row[1:] == ("4.00 (3.50 to 4.50)", "4.20 (2.60 to 6.60)", "1.05")


def test_the_page_says_what_sealing_costs_and_what_was_not_measured():
    drawn = page.page({"sessions": part()})
    words = " ".join(drawn.split())
    assert "ready after 4.2 seconds, an unsealed one after 4.0 (ratio 1.05)" in words
    assert "| a cell when all are there, seconds | 100 | 0.10 | 0.10 | 3.00 |" in drawn
    assert "free memory" not in drawn
    fewer = page.page({"sessions": part(people=7, failures=["person-02: timed out"])})
    assert max(len(line) for line in drawn.splitlines() if line[:1] not in "|<") <= 100
    assert "free memory for 7 sessions, not for 20" in fewer
    assert "What failed: person-02: timed out." in fewer


def test_a_percentile_is_the_smallest_value_that_so_many_do_not_exceed():
    assert section.percentile([3, 1, 2, 4], 50) == 2
    assert section.percentile([3, 1, 2, 4], 95) == 4
    assert section.percentile([5], 95) == 5


def test_it_is_over_some_time_after_the_last_one_came():
    gathering = Gathering(people=2, seconds=0.0)
    gathering.arrived()
    assert (gathering.complete_at, gathering.is_over) == (math.inf, False)
    gathering.arrived()
    assert gathering.is_over


def started(command: list[str], says: bytes) -> subprocess.Popen[bytes]:
    """A process that has said that it is so far, and waits for its input to end."""
    running = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert running.stdout is not None
    assert running.stdout.readline() == says
    return running


def test_memory_is_told_by_part_and_of_what_runs_alone():
    wait = "import sys; print('runs', flush=True); sys.stdin.read()"
    commands = [
        [sys.executable, "-c", wait],
        [sys.executable, "-c", wait, "-m", "ipykernel_launcher"],
        ["/bin/sh", "-c", "echo runs; read word"],
    ]
    running = [started(command, b"runs\n") for command in commands]
    found = {one for each in running if (one := processes.process(each.pid))}
    parts = memory_by_part(found)
    for each in running:
        each.communicate()
    assert {name: mib > 0 for name, mib in parts.items()} == {
        "server": True,
        "kernel": True,
        "seal": True,
    }
    assert memory_of(found) == 0.0


def test_processor_time_is_counted_with_that_of_children_that_ended():
    work = "import time\nwhile time.process_time() < 0.5: pass"
    rest = "subprocess.run([sys.executable, '-c', sys.argv[1]]); print('over', flush=True)"
    code = f"import subprocess, sys; {rest}; sys.stdin.read()"
    running = started([sys.executable, "-c", code, work], b"over\n")
    found = processes.process(running.pid)
    assert found is not None
    counted = processor_seconds({found})
    running.communicate()
    assert counted > 0.4  # in ticks of 0.01 s, of which some fall to others
    assert processor_seconds({found}) == 0.0
