"""Rounded outputs of people in several cells: what their ranges leave where they meet."""

from itertools import product

import numpy as np
import polars as pl
import pytest

from output_checks import Data
from output_checks.linked import check_together, overlapping
from output_checks.rules.threshold import is_wide


def data_of(having):
    """People by what they have, as {diagnosis: their numbers}."""
    rows = [(person, one, "all") for one, who in having.items() for person in who]
    frame = pl.DataFrame(rows, schema=["id", "d", "all"], orient="row")
    return Data.read(frame, unit="id", name="patients")


def rounded(table, base):
    return table.protect("round", base=base, controlled=False)


NINE = {"A": range(60), "B": range(30, 100), "X": range(25, 34)}
"""X has 9 people, of whom most have A and some B; nothing adds up."""


def test_two_roundings_of_one_cell_that_leave_one_number_fail():
    table = data_of(NINE).table("d")
    assert table.grid.overlaps
    # X is shown as 0 to the base 20, so it is 0 to 9, and as 18 to the base 18: 9 to 26
    twenty, eighteen = rounded(table, 20), rounded(table, 18)
    for released, rule in [({}, "linked_tables"), ({"20": twenty}, "differencing")]:
        new = {"20": twenty, "18": eighteen}
        report = check_together(
            {name: one for name, one in new.items() if name not in released}, released=released
        )
        (found,) = [one for one in report.findings if "d = X is" in one.message]
        assert (found.severity, found.rule) == ("fail", rule)
        assert "d = X is 9 people, which no output shows by itself" in found.message
        assert "leave one number where they meet" in found.message
        assert set(found.outputs) == {"20", "18"}
    both = {"20": twenty, "18": eighteen}
    again = check_together({"again": twenty}, released=both)
    assert [one.rule for one in again.findings] == ["too_large"]  # three outputs, and nothing else
    assert check_together({"20": twenty}).verdict == "pass"


def test_ranges_that_leave_a_few_numbers_go_to_a_person():
    # B has 7: to the base 5 it is 3 to 7, to the base 8 it is 4 to 11: 4 to 7 together.
    table = data_of({"A": range(40), "B": range(7), "C": range(20, 45)}).table("d")
    report = check_together({"five": rounded(table, 5), "eight": rounded(table, 8)})
    (found,) = [one for one in report.findings if "“five”: d = B is" in one.message]
    assert found.severity == "review"
    assert "is 4 to 7 people" in found.message
    assert report.together == "review"


def test_a_part_is_no_more_than_a_whole_that_another_output_shows():
    # X has 9: 9 to 26 to the base 18. Who has X or Y are 10: 8 to 12 to the base 5.
    data = data_of({"A": range(50), "X": range(9), "Y": range(5, 10)})
    either = rounded(data.table("all", where="d = 'X' or d = 'Y'"), 5)
    report = check_together({"all": rounded(data.table("d"), 18), "either": either})
    (found,) = [one for one in report.findings if one.message.startswith("“all”: d = X is")]
    assert (found.severity, "is 9 to 12 people" in found.message) == ("review", True)
    assert set(found.outputs) == {"all", "either"}


def test_a_difference_of_two_numbers_that_are_known_where_ranges_meet():
    # A has 49. It is shown as 44 to the base 11: 39 to 49; as 56 to the base 14: 49 to 62.
    # Without five of them it is shown as it is, as 44: so the five are known.
    data = data_of({"A": range(49), "B": range(20, 90)})
    eleven, fourteen = rounded(data.table("d"), 11), rounded(data.table("d"), 14)
    some = data.table("d", where="id < 44 or id > 48")
    told = check_together({"11": eleven, "14": fourteen, "some": some}).findings
    (found,) = [one for one in told if "d = A minus" in one.message]
    assert found.severity == "fail"
    assert "is 5 people, which no output shows by itself" in found.message
    told = check_together({"11": eleven, "some": some}).findings
    assert not [one for one in told if one.severity == "fail"]


def test_too_many_groups_are_a_review_and_no_silence(monkeypatch):
    table = data_of(NINE).table("d")
    monkeypatch.setattr(overlapping, "MOST_GROUPS", 3)
    report = check_together({"20": rounded(table, 20), "18": rounded(table, 18)})
    assert report.verdict == "review"
    assert "not compared by what their roundings leave" in report.findings[0].message


def test_outputs_without_rounding_are_not_looked_at_so(monkeypatch):
    monkeypatch.setattr(overlapping, "MOST_GROUPS", 0)
    table = data_of(NINE).table("d")
    assert check_together([table, table]).together == "pass"


def ranges(counts, base):
    """What each of some counts can have been that are rounded to a base, halves up."""
    shown = [(one + base // 2) // base * base for one in counts]
    return [(max(one - base // 2, 0), one + base - 1 - base // 2) for one in shown]


def fitting(several):
    """All (a, b, total) in several lists of ranges with max(a, b) <= total <= a + b."""
    least = [max(low for low, _ in cell) for cell in zip(*several, strict=True)]
    most = [min(high for _, high in cell) for cell in zip(*several, strict=True)]
    a, b, total = (np.arange(low, high + 1) for low, high in zip(least, most, strict=True))
    return [one for one in product(a, b, total) if max(one[:2]) <= one[2] <= one[0] + one[1]]


@pytest.mark.parametrize("seed", range(25))
def test_what_every_table_that_fits_leaves_is_never_passed_in_silence(seed):
    random = np.random.default_rng(seed)
    a, b, both = (int(random.integers(*ends)) for ends in ((1, 10), (4, 30), (1, 4)))
    both = min(both, a, b)
    one, other = (int(base) for base in random.choice(range(3, 22), size=2, replace=False))
    table = data_of({"A": range(a), "B": range(a - both, a - both + b)}).table("d")
    counts = [a, b, a + b - both]
    bases = (one, other)
    seen = [ranges(counts, base) for base in bases]
    together = fitting(seen)
    report = check_together({str(base): rounded(table, base) for base in bases})
    for number, count in enumerate(counts):
        values = [each[number] for each in together]
        widths = [np.ptp([each[number] for each in fitting([one])]) for one in seen]
        if count >= 10 or is_wide(min(values), max(values), 10):
            continue
        if np.ptp(values) < min(widths):
            assert report.verdict == ("fail" if np.ptp(values) == 0 else report.verdict)
            assert report.verdict != "pass", (counts, bases)
