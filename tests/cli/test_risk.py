"""The risk report in the terminal."""

import polars as pl
from rich.console import Console

from tre.commands.risk import drawn_risk, show_risk
from tre.safe_data.deidentify.risk import risk

FRAME = pl.DataFrame(
    {"id": range(13), "sex [bold]": ["F"] * 12 + ["M"], "dx": ["a", "b"] * 6 + ["a"]}
)
REPORT = risk(FRAME, "id", ("sex [bold]",), ("dx",), FRAME)


def drawn(width: int) -> str:
    screen = Console(width=width, color_system=None, force_terminal=False, highlight=False)
    with screen.capture() as captured:
        screen.print(drawn_risk(REPORT))
    return captured.get()


def test_the_terminal_shows_the_answer_the_chart_and_every_table():
    said = drawn(120)
    assert said.startswith("1 of 13 people (7.7 %) are in a class of fewer than 10 who look")
    for title in ("People who look alike", "What a class tells", "Alone among everybody"):
        assert title in said
    # 12 women in a class of 10 to 19: the longest bar, 40 characters; the man: 40 / 12 = 3.
    lines = {line.split("  ")[0].strip(): line.count("█") for line in said.splitlines()}
    assert (lines["10 to 19"], lines["1"], lines["2"]) == (40, 3, 0)


def test_names_of_columns_are_no_markup():
    assert "By sex [bold], 13 people" in drawn(120)


def test_a_narrow_terminal_folds_and_loses_nothing():
    assert "truth" in drawn(50)


def test_it_is_printed(capsys):
    show_risk(REPORT)
    assert "People who look alike" in capsys.readouterr().out
