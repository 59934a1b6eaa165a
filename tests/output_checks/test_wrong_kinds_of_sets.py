"""Sets of tables, books, comparisons and options: another kind ends in a sentence, too."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from typing import Any

import numpy as np
import polars as pl
import pytest

from output_checks import (
    Data,
    OutputCheckError,
    ProtectionError,
    ReleaseBook,
    UnreadableDataError,
    UnusableTableError,
    check_together,
    compare,
    protect_together,
    suggest_merges,
    utility,
)

PEOPLE = pl.DataFrame(
    {"id": range(100), "group": ["a", "b"] * 50, "x": [i % 7 for i in range(100)]}
)
DATA = Data.read(PEOPLE, unit="id")
TABLE: Any = DATA.table("group")
WRONG: list[Any] = [None, True, 3, -1, 0, 1.5, float("nan"), 10**30, 10**400, "x", b"x", [3], [[1]]]
WRONG += [{3: 4}, {"x": 3}, object(), {3}, PEOPLE, DATA, len, range(3), iter([1]), np.ones(2)]
BOOK = ReleaseBook("no such book")
CALLS: dict[str, Callable[[Any], Any]] = {
    "utility": utility,
    "utility before": lambda value: utility(TABLE, value),
    "utility statistic": lambda value: utility(TABLE, None, value),
    "compared table": compare,
    "compared methods": lambda value: compare(TABLE, value),
    "compared pair": lambda value: compare(TABLE, [value]),
    "compared method": lambda value: compare(TABLE, [(value, {})]),
    "compared options": lambda value: compare(TABLE, [("round", value)]),
    "compared options of coarsen": lambda value: compare(TABLE, [("coarsen", value)]),
    "merged table": suggest_merges,
    "along": lambda value: suggest_merges(TABLE, value),
    "along a dimension": lambda value: suggest_merges(TABLE, {"group": value}),
    "along a label": lambda value: suggest_merges(TABLE, {"group": {"a": value}}),
    "along reviews": lambda value: suggest_merges(TABLE, reviews=value),
    "along most": lambda value: suggest_merges(TABLE, most=value),
    "together": check_together,
    "together one": lambda value: check_together([value]),
    "together named": lambda value: check_together({"x": value}),
    "together released": lambda value: check_together([TABLE], released=value),
    "together released one": lambda value: check_together([TABLE], released=[value]),
    "together policy": lambda value: check_together([TABLE], value),
    "protected": protect_together,
    "protected one": lambda value: protect_together([value]),
    "protected released": lambda value: protect_together([TABLE], released=value),
    "protected reviews": lambda value: protect_together([TABLE], reviews=value),
    "protected base": lambda value: protect_together([TABLE], base=value),
    "asked": BOOK.ask,
    "asked one": lambda value: BOOK.ask([value]),
    "asked data": lambda value: BOOK.ask([TABLE], value),
    "asked data by name": lambda value: BOOK.ask([TABLE], {"": value}),
    "round base": lambda value: TABLE.protect("round", base=value),
    "midpoint base": lambda value: TABLE.protect("midpoint", base=value),
    "suppress base": lambda value: TABLE.protect("suppress", base=value),
    "controlled": lambda value: TABLE.protect("round", controlled=value),
    "threshold": lambda value: TABLE.protect("cell-key", threshold=value),
    "secret": lambda value: TABLE.protect("cell-key", secret=value),
    "p-table": lambda value: TABLE.protect("cell-key", ptable=value),
    "record key": lambda value: TABLE.protect("cell-key", record_key=value),
}
FITTING: dict[str, Callable[[Any], bool]] = {
    "utility before": lambda value: value is None,
    "utility statistic": lambda value: value is None,
    "compared method": lambda value: isinstance(value, str),
    "compared options": lambda value: isinstance(value, dict) and "x" in value,
    "compared options of coarsen": lambda value: isinstance(value, dict) and "x" in value,
    "along": lambda value: value is None,
    "along a label": lambda value: isinstance(value, str),
    "along reviews": lambda value: value is True,
    "along most": lambda value: type(value) is int and value == 3,
    "together policy": lambda value: value is None,
    "protected reviews": lambda value: value is True,
    "protected base": lambda value: value is None or (type(value) is int and value == 3),
    "asked data": lambda value: value is None or isinstance(value, Data),
    "asked data by name": lambda value: isinstance(value, Data),
    "round base": lambda value: type(value) is int and value == 3,
    "midpoint base": lambda value: type(value) is int and value == 3,
    "suppress base": lambda value: type(value) is int and value == 3,
    "controlled": lambda value: value is True,
    "threshold": lambda value: type(value) is int and value in {0, 3},
    "secret": lambda value: value is None or isinstance(value, str),
    "record key": lambda value: value is None or (isinstance(value, str) and value == "x"),
}


@pytest.mark.parametrize("name", CALLS)
def test_no_call_takes_another_kind(name):
    for value in WRONG:
        if not FITTING.get(name, lambda _: False)(value):
            with pytest.raises(OutputCheckError) as caught:
                CALLS[name](value)
            assert len(str(caught.value)) < 500


def test_an_iterator_of_tables_is_not_used_up_unseen():
    with pytest.raises(UnusableTableError, match="must be a list of tables"):
        check_together(iter([TABLE]))  # ty: ignore[invalid-argument-type]
    with pytest.raises(UnusableTableError, match="must be a list of tables"):
        check_together(TABLE)


def test_the_cost_of_another_table_is_refused():
    other = DATA.table("x")
    with pytest.raises(ProtectionError, match="its dimensions differs"):
        utility(TABLE, other)


def test_a_way_that_cannot_be_gone_keeps_its_reason():
    (way,) = compare(TABLE, [("round", {"base": 10**30})]).ways
    assert "base cannot be" in way.reason


def test_a_day_with_a_time_is_refused_before_the_book_is_damaged(tmp_path):
    book = ReleaseBook(tmp_path / "book")
    with pytest.raises(UnusableTableError, match="without a time"):
        book.add(TABLE, name="a", on=datetime(2026, 1, 1, 3))  # noqa: DTZ001
    assert not (tmp_path / "book").exists()


def test_letters_that_end_a_line_elsewhere_do_not_damage_a_book(tmp_path):
    labels = ["line\u2028one", "line\x85two", "a\nb", "c\rd"]
    frame = pl.DataFrame({"id": range(80), "group": labels * 20})
    table = Data.read(frame, unit="id").table("group")
    book = ReleaseBook(tmp_path / "book")
    for name in labels:
        book.add(table, name=name, on=date(2026, 1, 1))
    assert [one.name for one in book.entries()] == labels
    assert {cell[0] for cell in book.entries()[0].cells} == {*labels, "Total"}


def test_a_name_that_cannot_be_written_is_refused(tmp_path):
    book = ReleaseBook(tmp_path / "book")
    for name, project in (("\ud800", ""), ("a", "\ud800")):
        with pytest.raises(UnusableTableError, match="whole letters"):
            book.add(TABLE, on=date(2026, 1, 1), name=name, project=project)
    assert not (tmp_path / "book").exists()


@pytest.mark.parametrize("path", ["/", "{folder}", "{folder}/none/book", "a" * 300, "/proc/x/y"])
def test_a_place_that_is_no_file_is_refused(path, tmp_path):
    book = ReleaseBook(path.format(folder=tmp_path))
    with pytest.raises(OutputCheckError):
        book.add(TABLE, name="a", on=date(2026, 1, 1))
    assert list(tmp_path.iterdir()) == []


def test_no_damage_of_a_book_is_a_traceback(tmp_path):
    path = tmp_path / "book"
    ReleaseBook(path).add(TABLE, name="a", on=date(2026, 1, 1))
    whole = path.read_bytes()
    for at in range(0, len(whole), 5):
        for other in (b"", b"\0", b"}", b"\xff", b"9" * 5_000):
            path.write_bytes(whole[:at] + other + whole[at + 1 :])
            with suppress(UnreadableDataError):
                ReleaseBook(path).ask([TABLE], DATA)
