"""The command: its shapes and its exit states."""

import json
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from output_checks import Data
from output_checks.cli import run
from tests.output_checks.drawing import people


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    people("F M\na 10 20\nb 30 40").write_csv("safe.csv")
    people("F M X\na 30 3 41\nb 25 33 27\nc 60 35 18").write_parquet("small.parquet")
    people("F M X\na 30 0 41\nb 25 33 27\nc 60 35 18").write_csv("zero.csv")
    return tmp_path


TABLE = ["--rows", "group", "--columns", "sex", "--unit", "id"]


@pytest.mark.parametrize(
    ("file", "more", "status"),
    [
        ("safe.csv", [], 0),
        ("zero.csv", [], 1),
        ("small.parquet", [], 2),
        ("small.parquet", ["--protect", "suppress"], 0),
        ("small.parquet", ["--protect", "round", "--base", "10"], 0),
        ("small.parquet", ["--protect", "noise", "--epsilon", "0.5", "--categories", "public"], 0),
        ("small.parquet", ["--protect", "suppres"], 3),
        ("small.parquet", ["--protect", "noise"], 3),
        ("small.parquet", ["--protect", "round", "--epsilon", "1"], 3),
        ("safe.csv", ["--policy", "nothing"], 3),
        ("safe.csv", ["--policy", "srs+ukllc"], 0),
        ("safe.csv", ["--where", "sex = 'Q'"], 3),
        ("safe.csv", ["--derive", "nothing"], 3),
        ("safe.csv", ["--nonsense"], 3),
        ("none.csv", [], 3),
        ("safe.csv", ["-o", "out.docx"], 3),
        ("safe.csv", ["-o", "nowhere/out.csv"], 3),
    ],
)
def test_the_exit_status_says_what_came_of_it(files, capsys, file, more, status):
    assert run(["table", file, *TABLE, *more]) == status
    out, err = capsys.readouterr()
    assert bool(err) == (status == 3)
    assert bool(out) == (status != 3)
    assert "Traceback" not in err


def test_json_is_one_object_of_the_agreed_shape(files, capsys):
    assert run(["table", "small.parquet", *TABLE, "--protect", "suppress", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["verdict"] == "pass"
    assert said["provenance"] == "recomputed"
    assert said["policy"]["name"] == "srs"
    assert {"group": "a", "sex": "M", "value": None} in said["table"]
    assert {"group": "Total", "sex": "Total", "value": 272} in said["table"]
    run(["table", "small.parquet", *TABLE, "--json"])
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert finding["cells"] == [{"group": "a", "sex": "M"}]
    assert set(finding) == {"rule", "severity", "cells", "message", "remedy"}


def test_without_a_unit_each_row_is_a_person_and_it_says_so(files, capsys):
    assert run(["table", "safe.csv", "--rows", "group", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["findings"][0]["rule"] == "unit"


def test_means_filters_and_derived_columns(files, capsys):
    pl.DataFrame({"id": range(60), "age": list(range(60)), "g": ["a,b"] * 60}).write_csv("m.csv")
    arguments = ["table", "m.csv", "--rows", "band", "--unit", "id", "--statistic", "mean"]
    derive = "band=CASE WHEN age < 30 THEN 'young' ELSE 'old' END"
    assert run([*arguments, "--of", "age", "--derive", derive, "--no-margins", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["table"] == [{"band": "old", "value": 44.5}, {"band": "young", "value": 14.5}]


def test_tables_are_written_whole(files, capsys):
    for name in ("out.csv", "out.html", "out.json"):
        assert run(["table", "safe.csv", *TABLE, "-o", name]) == 0
    assert (files / "out.csv").read_text().startswith("group,sex,value\na,F,10\n")
    assert "output-checks" in (files / "out.html").read_text()
    assert json.loads((files / "out.json").read_text())["verdict"] == "pass"
    assert not list(files.glob(".out*"))


def test_a_disk_that_is_full_leaves_nothing_half_written(files, capsys, monkeypatch):
    def full(self, mode):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "chmod", full)
    assert run(["table", "safe.csv", *TABLE, "-o", "out.csv"]) == 3
    assert "No space left" in capsys.readouterr().err
    assert not [file for file in files.iterdir() if "out" in file.name]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["-o", "safe.csv"], "-o: safe.csv cannot be written: the command reads it"),
        (["-o", "./a.csv", "--notes", "a.csv"], "--notes: a.csv cannot be written: -o is"),
        (["-o", "a.html", "--report", "a.html"], "--report: a.html cannot be written: -o is"),
        (["-o", "a.csv", "--report", "a.csv"], '--report: unknown kind of file ".csv"'),
        (["--declaration", "a.txt"], '--declaration: unknown kind of file ".txt"'),
        (["-o", "a.csv", "--notes", "folder"], "folder cannot be written: it is a folder"),
        (["-o", "a.csv", "--report", "no/r.html"], "there is no such folder"),
        (["-o", "a.csv", "--notes", "p.toml", "--policy", "p.toml"], "the command reads it"),
        (["-o", "a.csv", "--notes", "h.json", "--hierarchy", "h.json"], "the command reads it"),
        (["-o", "a.csv", "--ptable", "a.csv"], "the command reads it"),
    ],
)
def test_nothing_is_written_over_what_is_read_or_written(files, capsys, options, said):
    (files / "folder").mkdir()
    before = {file.name: file.stat().st_mtime_ns for file in files.iterdir()}
    assert run(["table", "safe.csv", *TABLE, *options]) == 3
    assert said in capsys.readouterr().err
    assert {file.name: file.stat().st_mtime_ns for file in files.iterdir()} == before


def test_a_report_is_not_written_over_what_it_is_about(files, capsys):
    (files / "t.html").write_text("<p>30</p>")
    assert run(["file", "t.html", "--report", "t.html"]) == 3
    assert (files / "t.html").read_text() == "<p>30</p>"
    assert run(["compare", "safe.csv", *TABLE, "--report", "safe.csv"]) == 3
    assert "--report" in capsys.readouterr().err


def test_where_one_file_cannot_be_written_none_is(files, capsys, monkeypatch):
    write = Path.write_bytes

    def full(self, content):
        if "report" in self.name:
            raise OSError(28, "No space left on device")
        return write(self, content)

    monkeypatch.setattr(Path, "write_bytes", full)
    assert run(["table", "safe.csv", *TABLE, "-o", "out.csv", "--report", "report.html"]) == 3
    assert "report.html cannot be written: No space left" in capsys.readouterr().err
    assert not [file for file in files.iterdir() if "out" in file.name or "report" in file.name]


def test_a_folder_where_nobody_may_write_is_found_before_the_work(files, capsys, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert run(["table", "none.csv", *TABLE, "-o", "out.csv"]) == 3
    assert "nobody may write in its folder" in capsys.readouterr().err


def test_a_misspelt_way_is_no_comparison(files, capsys):
    assert run(["compare", "safe.csv", *TABLE, "--method", "suppres"]) == 3
    said = capsys.readouterr().err
    assert 'Did you mean "suppress"?' in said
    assert "coarsen" in said


def test_intervals_answer_for_tables_made_elsewhere(files, capsys):
    (files / "t.csv").write_text("sex,value\nF,[c]\nM,20\nTotal,23\n")
    assert run(["intervals", "t.csv", "--json"]) == 2
    said = json.loads(capsys.readouterr().out)
    assert said["intervals"] == [{"sex": "F", "lower": 3, "upper": 3, "exact": True, "safe": False}]
    run(["table", "small.parquet", *TABLE, "--protect", "suppress", "-o", "p.csv"])
    capsys.readouterr()
    assert run(["intervals", "p.csv"]) == 0
    assert "33" in capsys.readouterr().out
    (files / "open.csv").write_text("sex,value\nF,\nM,20\n")
    assert run(["intervals", "open.csv"]) == 0
    assert "any" in capsys.readouterr().out
    (files / "full.csv").write_text("sex,value\nF,30\nM,20\n")
    assert run(["intervals", "full.csv"]) == 0
    assert "No cell is withheld" in capsys.readouterr().out


def test_a_small_count_that_is_shown_is_not_safe(files, capsys):
    (files / "t.csv").write_text("sex,value\nF,6\nM,20\nX,0\n")
    assert run(["intervals", "t.csv", "--json"]) == 2
    said = json.loads(capsys.readouterr().out)
    assert (said["verdict"], said["intervals"]) == ("fail", [])
    assert said["small"] == [{"sex": "F", "shown": 6}]
    assert run(["intervals", "t.csv"]) == 2
    assert "Shown although below 10" in capsys.readouterr().out


def test_a_dimension_called_count_is_read_back(files, capsys):
    (files / "t.csv").write_text("count,value\n1,[c]\n2,20\nTotal,50\n")
    assert run(["intervals", "t.csv", "--json"]) == 2
    (row,) = json.loads(capsys.readouterr().out)["intervals"]
    assert (row["count"], row["lower"], row["upper"]) == ("1", 30, 30)


def test_intervals_of_what_is_no_table_are_refused(files, capsys):
    (files / "t.csv").write_text("a,value\nx,1\nx,2\n")
    (files / "b.csv").write_bytes(b"\xff\xfe")
    for name in ("t.csv", "b.csv", "none.csv"):
        assert run(["intervals", name]) == 3


def test_sums_made_elsewhere_have_intervals_in_fractions(files, capsys):
    (files / "t.csv").write_text("sex,value\nF,[c]\nM,[c]\nX,1.5\nTotal,4.0\n")
    assert run(["intervals", "t.csv", "--json"]) == 2  # not counts: nobody can say what is safe
    assert json.loads(capsys.readouterr().out)["intervals"][0]["upper"] == 2.6


def test_files_are_judged_and_the_worst_counts(files, capsys):
    (files / "t.csv").write_text("sex,value\nF,30\nM,20\n")
    (files / "m.pkl").write_bytes(b"\x80")
    assert run(["file", "t.csv"]) == 1
    assert run(["file", "t.csv", "m.pkl"]) == 2
    capsys.readouterr()
    assert run(["file", "t.csv", "m.pkl", "--json"]) == 2
    said = json.loads(capsys.readouterr().out)
    assert [one["verdict"] for one in said["files"]] == ["review", "fail"]
    assert run(["file", "none.csv"]) == 3


def test_policies_are_listed_with_their_sources(files, capsys):
    assert run(["policies"]) == 0
    assert "threshold" in capsys.readouterr().out
    assert run(["policies", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert {one["name"] for one in said} >= {"srs", "ukllc"}
    assert said[0]["threshold"]["source"]


def test_help_teaches_and_nonsense_is_exit_three(capsys):
    assert run(["--help"]) == 0
    assert "policies" in capsys.readouterr().out
    assert run(["tabel"]) == 3
    assert "table" in capsys.readouterr().err
    assert run([]) == 3
    said = capsys.readouterr()
    assert "Usage: output-checks" in said.out
    assert not said.err
    assert run(["intervals", "--help"]) == 0
    assert "Empty, [c], *, x" in capsys.readouterr().out


def test_a_stopped_command_says_so(files, capsys, monkeypatch):
    def stop(*arguments, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr(Data, "read", stop)
    assert run(["table", "safe.csv", *TABLE]) == 3


def test_the_command_runs_as_a_module(files):
    done = subprocess.run(
        [sys.executable, "-m", "output_checks.cli", "table", "safe.csv", "--rows", "grup"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3
    assert 'Did you mean "group"' in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("command", [["file"], ["intervals"], ["table", *TABLE]])
@pytest.mark.parametrize("kind", ["pipe.csv", "folder.csv", "/dev/zero", "zero.csv", "none.csv"])
def test_what_is_no_regular_file_is_refused_and_not_waited_for(tmp_path, command, kind):
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "zero.csv").symlink_to("/dev/zero")
    ran = subprocess.run(
        [sys.executable, "-m", "output_checks.cli", *command, str(tmp_path / kind)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 3
    assert ran.stderr.startswith("output-checks: ")
    assert "Traceback" not in ran.stderr
