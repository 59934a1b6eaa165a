"""The command's questions about tables: every statistic and protection, and what it writes."""

import json

import polars as pl
import pytest

from output_checks.cli import run
from output_checks.cli.asking import any_option, split
from tests.output_checks.drawing import people

TABLE = ["--rows", "group", "--columns", "sex", "--unit", "id"]
SMALL = "F M X\na 30 3 41\nb 25 33 27\nc 60 35 18"


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    people(SMALL).write_parquet("small.parquet")
    frame = pl.DataFrame(
        {
            "id": range(120),
            "area": ["a", "b", "c", "d"] * 30,
            "region": ["North", "North", "South", "South"] * 30,
            "sex": ["F", "M"] * 60,
            "x": [float(i % 40) for i in range(120)],
            "w": [0.5, 1.0, 1.5, 2.0] * 30,
            "works": [1, 0, 1] * 40,
        }
    )
    frame.write_parquet("people.parquet")
    return tmp_path


def asked(capsys, *arguments):
    """What a command that carried something out printed as JSON."""
    assert run([*arguments, "--json"]) in {0, 1, 2}, capsys.readouterr().err
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(
    ("options", "row"),
    [
        (["--statistic", "count,mean", "--of", "x"], {"area": "a", "count": 30, "mean": 18}),
        (["--weight", "w"], {"area": "a", "value": 15}),
        (["--statistic", "ratio", "--of", "x", "--per", "w"], {"area": "a", "value": 36}),
        (
            ["--statistic", "proportion", "--within", "", "--times", "100"],
            {"area": "a", "value": 25},
        ),
        (["--hierarchy", "area=region"], {"area": "North", "value": 60}),
        (["--hierarchy", "groups.json"], {"area": "N", "value": 60}),
        (["--merge", "merges.json"], {"area": "a or b", "value": 60}),
        (["--no-margins", "--where", "area <> 'a'"], {"area": "b", "value": 30}),
    ],
)
def test_every_part_of_the_question_reaches_the_table(files, capsys, options, row):
    # x of area a: 0, 4, …, 36 three times: mean 18; its weights 30 * 0.5 = 15; 540 / 15 = 36.
    (files / "groups.json").write_text('{"area": {"a": "N", "b": "N"}}')
    (files / "merges.json").write_text('{"area": {"a": "a or b", "b": "a or b"}}')
    said = asked(capsys, "table", "people.parquet", "--rows", "area", "--unit", "id", *options)
    assert row in said["table"]


def test_structural_zeros_are_told_in_words_or_as_json(files, capsys):
    frame = people("F M X\na 30 40 20\nb 0 33 25\nc 20 20 20")
    frame.write_parquet("zero.parquet")
    assert run(["table", "zero.parquet", *TABLE]) == 1
    for said in ("group=b,sex=F", '{"group": "b", "sex": "F"}'):
        assert run(["table", "zero.parquet", *TABLE, "--structural-zero", said]) == 0
    assert run(["table", "zero.parquet", *TABLE, "--structural-zero", "group=a,sex=F"]) == 3
    assert "has people in it" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "method"),
    [
        (["suppress", "--reviews"], "suppress"),
        (["round", "--base", "10", "--no-controlled"], "round"),
        (["midpoint", "--option", "base=20"], "midpoint"),
        (["cell-key", "--ptable", "10-5"], "cell-key"),
        (["cell-key", "--secret", "secret.txt"], "cell-key"),
        (["noise", "--epsilon", "2", "--categories", "public"], "noise"),
        (
            ["noise", "--epsilon", "0.5", "--budget", "budget.json", "--categories", "named.json"],
            "noise",
        ),
    ],
)
def test_every_protection_can_be_asked_for(files, capsys, options, method):
    (files / "secret.txt").write_text("not told to anybody\n")
    (files / "named.json").write_text('{"group": ["a", "b", "c", "d"], "sex": ["F", "M", "X"]}')
    assert run(["budget", "budget.json", "--create", "1"]) == 0
    capsys.readouterr()
    said = asked(capsys, "table", "small.parquet", *TABLE, "--protect", *options)
    assert said["protection"]["method"] == method
    assert "not told to anybody" not in json.dumps(said)


def test_categories_are_merged_as_asked(files, capsys):
    said = asked(
        capsys, "table", "small.parquet", *TABLE, "--protect", "coarsen", "--along", "sex=rare"
    )
    assert said["verdict"] == "pass"
    assert len({row["sex"] for row in said["table"]}) == 3  # two categories and the total


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--base", "5"], "--base needs --protect"),
        (["--protect", "round", "--epsilon", "1"], 'unknown option of round "epsilon"'),
        (["--protect", "noise"], "noise needs --epsilon"),
        (
            ["--protect", "noise", "--epsilon", "1", "--bounds", "7"],
            "--bounds takes least,greatest",
        ),
        (["--protect", "coarsen", "--base", "5"], 'unknown option of coarsen "base"'),
        (["--protect", "cell_key"], 'Did you mean "cell-key"?'),
        (["--protect", "suppress", "--option", "reviews"], "--option takes name=value"),
        (["--statistic", "meen", "--of", "id"], 'Did you mean "mean"?'),
        (["--hierarchy", "group"], "--hierarchy takes dimension=column,column or FILE.json"),
        (["--hierarchy", "none.json"], "none.json cannot be read"),
        (["--merge", "list.json"], "must be a JSON object"),
        (["--merge", "broken.json"], "is not valid JSON"),
        (["--structural-zero", "sex"], "--structural-zero takes"),
        (["--notes", "n.txt"], "--notes goes with -o"),
        (["--report", "nowhere/r.html"], "no such folder"),
        (["-o", "t.doc"], "-o: unknown kind of file"),
        (["--times", "many"], "'--times'"),
        (
            ["--budget", "b.json", "--protect", "noise", "--epsilon", "1"],
            "there is no privacy budget",
        ),
    ],
)
def test_what_is_not_understood_is_said_in_one_line_and_nothing_is_written(
    files, capsys, options, reason
):
    (files / "list.json").write_text("[]")
    (files / "broken.json").write_text("{")
    before = sorted(file.name for file in files.iterdir())
    assert run(["table", "small.parquet", *TABLE, *options]) == 3
    out, err = capsys.readouterr()
    assert reason in err
    assert out == ""
    assert err.count("\n") == 1
    assert sorted(file.name for file in files.iterdir()) == before


def test_a_budget_is_begun_spent_shown_and_refused(files, capsys):
    assert run(["budget", "b.json", "--create", "1"]) == 0
    assert run(["budget", "b.json", "--create", "9"]) == 3
    spend = [
        "table",
        "small.parquet",
        *TABLE,
        "--protect",
        "noise",
        "--categories",
        "public",
        "--budget",
        "b.json",
    ]
    assert run([*spend, "--epsilon", "0.75"]) in {0, 1}
    assert run([*spend, "--epsilon", "0.75"]) == 3
    assert "does not allow epsilon 0.75" in capsys.readouterr().err
    said = asked(capsys, "budget", "b.json")
    assert said["epsilon"] == 1
    assert said["left"] == pytest.approx(0.25)
    assert [one["epsilon"] for one in said["spent"]] == [0.75]
    assert run(["budget", "b.json"]) == 0
    assert "0.25 is left of epsilon 1." in capsys.readouterr().out
    assert run(["budget", "none.json"]) == 3


def test_everything_is_written_at_once(files, capsys):
    names = ["t.xlsx", "t.txt", "t.html", "t.json"]
    written = ["-o", names[0], "--notes", names[1], "--report", names[2], "--declaration", names[3]]
    assert run(["table", "small.parquet", *TABLE, "--protect", "suppress", *written]) == 0
    assert (files / "t.xlsx").read_bytes()[:2] == b"PK"
    assert (files / "t.txt").read_text().startswith("Title: Number of people by group and sex")
    assert (files / "t.html").read_text().startswith("<!doctype html>")
    assert json.loads((files / "t.json").read_text())["protection"]["method"] == "suppress"
    assert run(["intervals", "t.xlsx"]) == 0


def test_a_declared_table_is_made_again(files, capsys):
    asking = ["table", "small.parquet", *TABLE, "--protect", "suppress", "-o", "one.csv"]
    assert run([*asking, "--declaration", "t.json"]) == 0
    assert run(["rebuild", "t.json", "small.parquet", "-o", "two.csv"]) == 0
    assert (files / "one.csv").read_bytes() == (files / "two.csv").read_bytes()
    capsys.readouterr()
    assert (
        asked(capsys, "rebuild", "t.json", "small.parquet", "--policy", "ukllc")["policy"]["name"]
        == "ukllc"
    )
    (files / "t.json").write_text((files / "t.json").read_text().replace('"rows"', '"rowz"'))
    assert run(["rebuild", "t.json", "small.parquet"]) == 3
    assert 'Did you mean "rows"?' in capsys.readouterr().err


def test_protections_are_compared_side_by_side(files, capsys):
    methods = ["--method", "suppress", "--method", "round,base=5"]
    said = asked(capsys, "compare", "small.parquet", *TABLE, *methods, "--report", "ways.html")
    assert [one["method"] for one in said] == ["suppress", "round, base=5"]
    assert said[0]["withheld"] == 4
    page = (files / "ways.html").read_text()
    assert page.startswith("<!doctype html>")
    assert "<script" not in page
    assert run(["compare", "small.parquet", *TABLE, *methods]) == 0
    assert "suppress" in capsys.readouterr().out


def test_outputs_are_looked_at_together(files, capsys):
    asking = ["table", "small.parquet", "--rows", "group", "--unit", "id"]
    run([*asking, "--declaration", "all.json"])
    run([*asking, "--where", "sex <> 'M' OR group <> 'a'", "--declaration", "some.json"])
    capsys.readouterr()
    told = ["together", "some.json", "--released", "all.json", "--data", "small.parquet"]
    said = asked(capsys, *told)
    assert said["verdict"] == "fail"
    assert "3 people are in the first and not in the second" in said["findings"][0]["message"]
    assert run(told) == 2
    assert run(["together", "all.json", "all.json", "--data", "small.parquet"]) == 3
    assert "same file name" in capsys.readouterr().err


def test_an_output_that_fails_by_itself_fails_the_set(files, capsys):
    run(["table", "small.parquet", "--rows", "group", "--unit", "id", "--declaration", "all.json"])
    some = ["--where", "sex = 'M' AND group = 'a'", "--declaration", "few.json"]
    run(["table", "small.parquet", "--rows", "sex", "--unit", "id", *some])
    capsys.readouterr()
    assert run(["together", "few.json", "--data", "small.parquet"]) == 2
    assert "“few.json” fails by itself; 1 outputs reveal no" in capsys.readouterr().out
    said = asked(capsys, "together", "few.json", "--data", "small.parquet")
    assert (said["alone"], said["together"]) == ({"few.json": "fail"}, "pass")
    told = ["few.json", "--data", "small.parquet", "--name", "few", "--on", "2026-03-04"]
    assert run(["book", "add", "book.jsonl", *told]) == 3
    assert "fails its own check and was not entered" in capsys.readouterr().err
    assert run(["book", "add", "book.jsonl", *told, "--even-if-failing"]) == 0


def test_intervals_of_crossed_grouped_and_rounded_tables(files, capsys):
    (files / "t.csv").write_text("area,F,M,Insgesamt\na,<5,3,\nb,4,4,8\nAll,6,7,13\n")
    assert run(["intervals", "t.csv", "--total", "insgesamt"]) == 2
    (files / "g.csv").write_text("area,value\na,[c]\nb,7\nNorth,9\n")
    (files / "g.json").write_text('{"area": {"a": "North", "b": "North"}}')
    capsys.readouterr()
    (row,) = asked(capsys, "intervals", "g.csv", "--hierarchy", "g.json")["intervals"]
    assert (row["lower"], row["upper"]) == (2, 2)
    (files / "r.csv").write_text("area,value\na,10\nb,15\nTotal,20\n")
    rows = asked(capsys, "intervals", "r.csv", "--rounded", "5")["intervals"]
    assert [(one["lower"], one["upper"]) for one in rows] == [(8, 9), (13, 14), (21, 22)]
    (files / "p.csv").write_text("area,F,M\na,50%,50%\n")
    assert run(["intervals", "p.csv"]) == 3
    assert "percentages do not add up" in capsys.readouterr().err


def test_rules_are_listed_with_their_sources(files, capsys):
    said = asked(capsys, "rules")
    assert {"threshold", "dominance", "withheld_cells"} <= {one["name"] for one in said}
    assert all(one["source"] and one["finds"] and one["remedy"] for one in said)
    assert run(["rules"]) == 0


def test_the_page_of_files_is_written(files, capsys):
    (files / "t.csv").write_text("sex,value\nF,3\nM,20\n")
    assert run(["file", "t.csv", "--report", "r.html"]) == 2
    assert "1 count is below 10" in (files / "r.html").read_text()


@pytest.mark.parametrize(
    "command",
    [
        *("table", "rebuild", "compare", "together", "intervals"),
        *("file", "policies", "rules", "budget"),
    ],
)
def test_every_command_ends_its_help_with_an_example(capsys, command):
    assert run([command, "--help"]) == 0
    said = capsys.readouterr().out
    assert "Example" in said
    assert f"output-checks {command}" in said.partition("Example")[2]
    assert "--json" in said


def test_options_are_read_as_json_where_they_are():
    assert any_option("cells-per-person=3") == ("cells_per_person", 3)
    assert any_option("ptable=10-5") == ("ptable", "10-5")
    assert split(["a, b", "c", ""]) == ["a", "b", "c"]


def test_a_book_keeps_what_was_released_and_answers(files, capsys):
    asking = ["table", "small.parquet", "--rows", "group", "--unit", "id"]
    run([*asking, "--declaration", "all.json"])
    run([*asking, "--where", "sex <> 'M' OR group <> 'a'", "--declaration", "some.json"])
    told = ["--data", "small.parquet"]
    assert run(["book", "list", "book.jsonl"]) == 3
    assert run(["book", "ask", "book.jsonl", "all.json", *told]) == 3
    named = ["--name", "groups", "--on", "2026-03-04", "--project", "p"]
    capsys.readouterr()
    assert run(["book", "add", "book.jsonl", "all.json", *told, *named]) == 0
    assert "groups of p, released on 2026-03-04" in capsys.readouterr().out
    assert run(["book", "add", "book.jsonl", "all.json", *told, *named]) == 3
    assert run(["book", "add", "book.jsonl", "all.json", *told, *named[:3], "4 March"]) == 3
    assert "--on takes a date such as 2026-03-04" in capsys.readouterr().err
    (entry,) = asked(capsys, "book", "list", "book.jsonl")
    assert (entry["name"], entry["dimensions"], entry["cells"]) == ("groups", "group", 4)
    assert asked(capsys, "book", "ask", "book.jsonl", "some.json", *told)["verdict"] == "fail"
    capsys.readouterr()
    assert run(["book", "ask", "book.jsonl", "some.json", *told, "--project", "q"]) == 3
    assert 'unknown project "q"' in capsys.readouterr().err
