"""Rounding what is no count: worked out of rounded parts, and judged by whom it describes."""

import polars as pl
import pytest

from output_checks import Data, check_together, compare, rebuild, utility
from output_checks.cli import run
from output_checks.errors import ProtectionError


def people(groups, of=lambda number: 100 + number % 7):
    """So many people of each group, with an amount each."""
    rows = [(group, of(number)) for group, count in groups.items() for number in range(count)]
    return pl.DataFrame(rows, ["group", "x"], orient="row").with_row_index("id")


def table(groups=None, statistic="mean", policy="srs", of=lambda number: 100 + number % 7):
    frame = people(groups or {"a": 33, "b": 48}, of)
    return Data.read(frame, unit="id").table("group", statistic=statistic, of="x", policy=policy)


def values(protected, statistic="value"):
    return dict(protected.released().select("group", statistic).rows())


def test_a_mean_is_that_of_a_rounded_sum_and_a_rounded_count():
    # a: 33 amounts of 100 to 106: 4 full sevens (4*721 = 2884) and 100..104 (510): 3394.
    # b: 48 = 6 sevens (4326) and 100..105 (615): 4941. To 100 and 10: 3400/30, 4900/50.
    shown = values(table().protect("round", base=10, amounts=100, controlled=False))
    assert shown == {"a": 113.0, "b": 98.0, "Total": 104.0}  # 113.33; 98; 8300/80 = 103.75


def test_a_sum_is_rounded_to_its_base_and_says_so():
    protected = table(statistic="sum").protect("round", base=10, amounts=500)
    assert values(protected) == {"a": 3500.0, "b": 5000.0, "Total": 8500.0}  # 8335
    assert "Sums are rounded to the nearest 500; they need not add up." in protected.report().note


def test_the_usual_base_is_what_so_many_people_contribute():
    # 81 people with 8335 in all: 102.9 each, taken up to 200; 10 of them: 2000.
    protected = table(statistic="sum").protect("round", base=10)
    assert values(protected) == {"a": 4000.0, "b": 4000.0, "Total": 8000.0}
    assert protected.declaration.protection["amounts"] == 2000.0


def test_a_cell_that_looks_empty_has_no_mean():
    shown = values(table({"a": 4, "b": 48}).protect("round", base=10, controlled=False))
    assert shown["a"] is None


def test_a_share_is_that_of_rounded_counts():
    # a: 11 of 33, b: 16 of 48, in all 27 of 81: 10/30, 20/50 and 30/80.
    shares = table(statistic="proportion", of=lambda number: number % 3 == 1)
    rounded = shares.protect("round", base=10, controlled=False)
    assert values(rounded) == {"a": 0.333, "b": 0.4, "Total": 0.375}
    assert rounded.report().verdict == "pass"


def test_a_share_of_few_is_hidden_by_a_base_that_hides_counts_of_few():
    few = table({"a": 60, "b": 80}, "proportion", of=lambda number: number % 20 == 0, policy="srs")
    assert {one.rule for one in few.report().findings} == {"proportions"}  # 3 of 60, 4 of 80
    rounded = few.protect("round", base=20)
    rules = {(one.rule, "are counted" in one.message) for one in rounded.report().findings}
    assert ("proportions", True) not in rules
    # Nearly all are on one side, which no rounding hides.
    assert rounded.report().verdict == "review"
    kept = few.protect("round", base=3, controlled=False).report()
    assert kept.verdict == "fail"


def test_a_ratio_is_that_of_two_rounded_sums():
    frame = people({"a": 30, "b": 40}).with_columns(y=pl.lit(7.0))
    made = Data.read(frame, unit="id").table("group", statistic="ratio", of="x", per="y")
    shown = values(made.protect("round", base=10, amounts=100))
    # a: 30 amounts: 2884 + 201 = 3085 -> 3100; 210 to 10 * 10 = 100: 200. 15.5
    # b: 40: 5 sevens 3605 + 510 = 4115 -> 4100; 280 -> 300: 13.7
    assert shown == {"a": 15.5, "b": 13.7, "Total": 14.4}  # 7200 / 500


def test_what_has_no_parts_is_rounded_to_significant_figures():
    made = table(statistic=["median", "std"], of=lambda number: 1234 + number % 7)
    protected = made.protect("round", digits=2)
    assert values(protected, "median") == {"a": 1200.0, "b": 1200.0, "Total": 1200.0}
    assert values(protected, "std")["a"] == 2.0
    assert "Every median and std is rounded to 2 significant figures." in protected.report().note


def test_counts_beside_a_mean_are_what_it_is_worked_out_of():
    both = table(statistic=["count", "mean"]).protect("round", base=10, amounts=1000)
    shown = {row[0]: row[1:] for row in both.released().rows()}
    for count, mean in shown.values():
        thousands = count * mean / 1000
        assert abs(thousands - round(thousands)) < 0.02  # a whole number of thousands


@pytest.mark.parametrize("statistic", ["mean", "sum", ["count", "mean"], "std", "median"])
def test_rounding_makes_no_cell_of_few_safe(statistic):
    small = table({"a": 4, "b": 48}, statistic)
    found = small.protect("round", base=10).report()
    assert found.verdict == "fail"
    assert any({"group": "a"} in one.cells for one in found.findings)


def test_rounding_hides_no_dominant_contributor():
    made = table({"a": 30, "b": 30}, "sum", of=lambda number: 1_000_000 if number == 0 else 1)
    before = {one.rule for one in made.report().findings if one.severity == "fail"}
    after = {one.rule for one in made.protect("round").report().findings if one.severity == "fail"}
    assert before == after
    assert {"dominance", "p_percent"} <= after


@pytest.mark.parametrize("statistic", ["mean", "sum", "proportion"])
def test_where_a_policy_rounds_counts_figures_of_rounded_parts_pass(statistic):
    codes = table({"a": 50, "b": 70}, statistic, "hes", of=lambda number: number % 2 == 0)
    assert "rounding" in {one.rule for one in codes.report().findings}
    assert codes.protect("round").report().verdict == "pass"
    assert codes.protect("suppress", amounts="auto").report().verdict == "pass"
    # A sum of zeros and ones to 1 is the exact count, whatever the counts are rounded to.
    fine = codes.protect("round", base=5, amounts=1).report()
    assert (fine.verdict == "fail") == (statistic == "sum")
    # A base that is none of the policy's is no rounding to it.
    assert "rounding" in {one.rule for one in codes.protect("round", base=3).report().findings}


def test_suppression_rounds_the_figures_that_it_leaves_where_asked():
    made = table({"a": 4, "b": 33, "c": 48, "d": 6}, ["count", "mean"])
    protected = made.protect("suppress", base=10, amounts=100)
    shown = {row[0]: row[1:] for row in protected.released().rows()}
    assert shown["a"] == (None, None)
    assert shown["b"] == (30, 113.0)  # as above: 3400 / 30
    assert protected.report().verdict == "pass"
    assert "worked out of sums rounded to 100 and counts rounded to 10" in protected.report().note
    plain = made.protect("suppress", base=10)
    assert plain.released().filter(group="b")["mean"].item() == pytest.approx(3394 / 33)
    assert "amounts" not in plain.declaration.protection


def test_the_same_again_changes_nothing_and_is_made_again_the_same():
    made = table()
    first = made.protect("round")
    assert first.protect("round", amounts="auto") is first
    frame = people({"a": 33, "b": 48})
    again = rebuild(first.declaration, Data.read(frame, unit="id"))
    assert again.released().equals(first.released())
    plain = made.protect("suppress")
    with pytest.raises(ProtectionError, match="protected already"):
        plain.protect("suppress", amounts="auto")


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"amounts": 0}, "a number above 0"),
        ({"amounts": float("nan")}, "a number above 0"),
        ({"amounts": True}, "a number above 0"),
        ({"amounts": "lots"}, '"auto"'),
        ({"digits": 0}, "from 1 to 9"),
        ({"digits": 2.5}, "from 1 to 9"),
        ({"amount": 5}, "amounts"),
    ],
)
def test_what_is_no_base_is_refused(options, reason):
    with pytest.raises(ProtectionError, match=reason):
        table().protect("round", **options)


def test_what_would_do_nothing_is_refused():
    counts = Data.read(people({"a": 30}), unit="id").table("group")
    for method in ("round", "suppress"):
        with pytest.raises(ProtectionError, match="other figures than counts"):
            counts.protect(method, amounts=10)
    with pytest.raises(ProtectionError, match="say amounts"):
        table().protect("suppress", digits=2)


def test_a_mode_is_not_rounded():
    frame = people({"a": 30, "b": 30}).with_columns(colour=pl.lit("red"))
    made = Data.read(frame, unit="id").table("group", statistic="mode", of="colour")
    with pytest.raises(ProtectionError, match="a mode is a category"):
        made.protect("round")


def test_what_rounding_costs_is_said():
    cost = utility(table().protect("round", base=10, amounts=100, controlled=False))
    # 3394/33 = 102.848..., 4941/48 = 102.9375, 8335/81 = 102.901: off by 10.15, 4.94, 1.10
    assert cost.greatest_change == pytest.approx(113 - 3394 / 33)
    assert cost.changed == 3
    compared = compare(table(), [("round", {}), ("suppress", {"amounts": "auto", "base": 10})])
    assert [one.reason for one in compared.ways] == ["", ""]
    assert compared.frame["changed"].to_list() == [3, 3]


def test_rounded_figures_that_few_tell_apart_go_to_a_person():
    # By the second variable those with 106 have 1 more: 4 of 33 in a, and 6 of 48 in b.
    data = Data.read(people({"a": 33, "b": 48}), unit="id")
    derived = {"y": "CASE WHEN x > 105 THEN x + 1 ELSE x END"}
    both = [
        data.table("group", statistic="sum", of="x"),
        data.table("group", statistic="sum", of="y", derive=derived),
    ]
    assert check_together(both).verdict == "fail"
    # Rounded to 1 each the difference is 2 to 6 of them; to 2,000 nobody can tell that it is one.
    near = [one.protect("round", amounts=1) for one in both]
    assert check_together(near).verdict == "review"
    assert check_together([one.protect("round") for one in both]).verdict == "pass"


def test_the_notes_and_the_command_know_it(tmp_path, capsys):
    people({"a": 33, "b": 48}).write_parquet(tmp_path / "p.parquet")
    ask = ["table", str(tmp_path / "p.parquet"), "--rows", "group", "--unit", "id"]
    ask += ["--statistic", "mean", "--of", "x", "--protect", "round", "--base", "10"]
    files = ["-o", str(tmp_path / "t.csv"), "--notes", str(tmp_path / "n.txt")]
    assert run([*ask, "--amounts", "100", "--digits", "2", *files]) == 0
    assert "sums rounded to 100 and counts rounded to 10" in " ".join(
        capsys.readouterr().out.split()
    )
    notes = (tmp_path / "n.txt").read_text()
    assert "2 significant figures" in notes
    assert "Every value is rounded" in notes
    assert run([*ask, "--amounts", "a lot"]) == 3
    assert '"auto"' in capsys.readouterr().err


def test_a_spread_of_two_values_is_a_share_of_exact_counts_however_it_is_rounded():
    # 12 of 100: p (1 - p) is 0.1056, and 0.327 leaves no other number of about 100 people.
    made = table({"a": 100, "b": 120}, "std", "hes", of=lambda number: number % 8 == 0)
    for one in (made, made.protect("round"), made.protect("suppress", amounts="auto")):
        report = one.report()
        assert report.verdict == "review"
        assert {found.rule for found in report.findings} == {"rounding"}
    several = table({"a": 100, "b": 120}, "std", "hes")
    assert several.protect("round").report().verdict == "pass"
