"""What the command line asks for is written as its options, not as Python."""

import polars as pl
import pytest

from output_checks.cli import run
from output_checks.cli.written import as_options


@pytest.fixture
def people(tmp_path):
    file = tmp_path / "people.csv"
    pl.DataFrame({"id": range(40), "g": ["a", "b"] * 20, "x": range(40)}).write_csv(file)
    return str(file)


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (["--statistic", "mean"], "needs a variable: --of …"),
        (["--statistic", "rate", "--of", "x"], "--per …"),
        (["--statistic", "proportion"], "--within …, --within '' for the whole table"),
        (["--protect", "noise", "--epsilon", "0.5"], "--categories FILE.json, which holds {"),
        (["--protect", "noise", "--epsilon", "0.5"], "say --categories public where"),
        (
            [
                *("--protect", "noise", "--epsilon", "0.5", "--categories", "public"),
                *("--statistic", "sum", "--of", "x"),
            ],
            "--bounds lower,upper",
        ),
    ],
)
def test_an_argument_that_is_missing_is_asked_for_as_an_option(people, asked, says, capsys):
    assert run(["table", people, "--rows", "g", "--unit", "id", *asked]) == 3
    said = capsys.readouterr().err
    assert says in said
    assert '="…"' not in said


def test_a_secret_is_given_in_a_file_and_not_said_again(people, capsys):
    asked = ["--protect", "cell-key", "--secret", "swordfish"]
    assert run(["table", people, "--rows", "g", "--unit", "id", *asked]) == 3
    said = capsys.readouterr().err
    assert "--secret takes the path of a file" in said
    assert "swordfish" not in said


def test_a_new_name_is_derived_by_an_option():
    assert as_options('rename it: derive={"value_": "value"}') == (
        "rename it: --derive 'value_=value'"
    )
    assert as_options("is to be counted: cells_per_person=…") == (
        "is to be counted: --option cells_per_person=…"
    )


@pytest.mark.parametrize("message", ["after where='of=3'", 'unknown column "of"', "x = 3"])
def test_other_words_stay(message):
    assert as_options(message) == message
