"""Findings are known at once and put into words when they are read, and nothing changes them."""

import copy
import json
import pickle
from concurrent.futures import ThreadPoolExecutor
from types import MappingProxyType

import numpy as np
import polars as pl
import pytest

from output_checks import Data, Finding
from output_checks.findings import Findings, Found, ranks
from output_checks.words import Verdict

PLACES = ({"a": "x"}, {"a": "y"}, {"a": "z"})


def found(numbers=(3.0, 4.0, 5.0), say=None, severities=(Verdict.FAIL, Verdict.REVIEW, "fail")):
    return Found(
        rule="size",
        remedy="Merge.",
        cells=np.array([2, 0, 1]),
        ranks=ranks(Verdict(one) for one in severities),
        numbers=(np.array(numbers),),
        say=say or "{:.0f} people.".format,
        places=lambda cells: tuple(PLACES[cell] for cell in cells),
    )


def in_words(rule, severity, message, label):
    return Finding(
        rule=rule, severity=severity, message=message, remedy="Merge.", cells=({"a": label},)
    )


WORDS = (
    in_words("size", Verdict.FAIL, "3 people.", "z"),
    in_words("size", Verdict.REVIEW, "4 people.", "x"),
    in_words("size", Verdict.FAIL, "5 people.", "y"),
)
ANOTHER = in_words("zero", Verdict.REVIEW, "Nobody.", "x")


def refuse(_):
    raise AssertionError("nobody asked for words")


def made(rows):
    frame = pl.DataFrame(rows, schema=["person", "a", "b", "x"], orient="row")
    return Data.read(frame, unit="person", policy="srs").table("a", "b")


def some_rows():
    return [(n, "xyz"[n % 3], "kl"[n % 7 == 0], float(n % 5)) for n in range(90)]


def test_findings_are_in_the_order_in_which_they_were_found():
    assert tuple(Findings([found(), ANOTHER])) == (*WORDS, ANOTHER)


def test_counts_and_severities_need_no_words():
    silent = Findings([found(say=refuse), ANOTHER])
    assert len(silent) == 4
    assert silent.severities == {Verdict.FAIL, Verdict.REVIEW}
    assert silent.counts == {
        "size": {Verdict.REVIEW: 1, Verdict.FAIL: 2},
        "zero": {Verdict.REVIEW: 1},
    }
    with pytest.raises(AssertionError, match="nobody asked"):
        list(silent)


def test_the_verdict_of_a_table_needs_no_words(monkeypatch):
    monkeypatch.setattr(Found, "in_words", refuse)
    report = made(some_rows()).report()
    assert report.verdict is Verdict.FAIL
    assert len(report.findings) == 3  # of 0, 7, 14, …, 84 five are x, four y, four z
    with pytest.raises(AssertionError, match="nobody asked"):
        report.to_dict()


def test_they_are_read_like_a_tuple():
    several = Findings([found(), ANOTHER])
    every = (*WORDS, ANOTHER)
    assert several[0] == WORDS[0]
    assert several[-1] is several[3]
    assert several[1:3] == every[1:3]
    assert several == every
    assert every == several
    assert several != every[:3]
    assert several == Findings(every)
    assert several != list(every)  # as a tuple is none
    assert [one for one in several if one.rule == "zero"] == [ANOTHER]
    assert ANOTHER in several
    assert several.index(WORDS[2]) == 2
    assert several.count(ANOTHER) == 1
    assert tuple(reversed(several)) == every[::-1]
    assert several + (ANOTHER,) == (*every, ANOTHER)  # noqa: RUF005 - what is tested
    assert (ANOTHER,) + several == (ANOTHER, *every)  # noqa: RUF005 - what is tested
    assert repr(several) == repr(every)
    with pytest.raises(IndexError):
        several[4]


def test_no_findings_are_false_and_equal_to_none():
    empty = np.array([], dtype=int)
    none = Found(
        rule="size",
        remedy="",
        cells=empty,
        ranks=empty,
        numbers=(),
        say=refuse,
        places=lambda _: (),
    )
    nothing = Findings([none])
    assert not nothing
    assert nothing == ()
    assert hash(nothing) == hash(())
    assert nothing.counts == {}


def test_they_are_kept_and_sent_in_words():
    several = Findings([found(), ANOTHER])
    for again in (
        pickle.loads(pickle.dumps(Findings(several))),
        copy.deepcopy(several),
        copy.copy(several),
    ):
        assert again == several
        assert again.counts == several.counts
    plain = json.loads(json.dumps([one.to_dict() for one in several]))
    assert plain[1] == {
        "rule": "size",
        "severity": "review",
        "cells": [{"a": "x"}],
        "message": "4 people.",
        "remedy": "Merge.",
    }
    frame = pl.DataFrame([one.to_dict() for one in several])
    assert frame["message"].to_list() == ["3 people.", "4 people.", "5 people.", "Nobody."]


def test_a_report_can_be_pickled_before_and_after_its_words_are_read():
    for is_read in (False, True):
        findings = made(some_rows()).report().findings
        if is_read:
            assert findings[0].message
        assert pickle.loads(pickle.dumps(findings)) == made(some_rows()).report().findings


def test_each_can_be_about_a_statistic():
    about = Findings([found(), ANOTHER]).about("mean")
    assert {one.statistic for one in about} == {"mean"}
    assert [one.message for one in about] == ["3 people.", "4 people.", "5 people.", "Nobody."]


def test_numbers_changed_after_the_check_change_no_words():
    numbers, severities = np.array([3.0, 4.0, 5.0]), ranks([Verdict.FAIL] * 3)
    one = Found(
        rule="size",
        remedy="",
        cells=np.array([0, 1, 2]),
        ranks=severities,
        numbers=(numbers,),
        say="{:.0f}".format,
        places=lambda cells: tuple(PLACES[cell] for cell in cells),
    )
    several = Findings([one])
    numbers[:] = 1000
    severities[:] = 0
    assert several.severities == {Verdict.FAIL}
    assert [(told.severity, told.message) for told in several] == [
        (Verdict.FAIL, "3"),
        (Verdict.FAIL, "4"),
        (Verdict.FAIL, "5"),
    ]


def test_what_was_found_cannot_be_written_to():
    one = found()
    several = Findings([one])
    for column in (one.cells, one.ranks, *one.numbers):
        with pytest.raises(ValueError, match="read-only"):
            column[0] = 0
    with pytest.raises(AttributeError):
        one.ranks = ranks([Verdict.PASS] * 3)
    with pytest.raises(AttributeError, match="cannot be changed"):
        several.parts = ()
    with pytest.raises(AttributeError, match="cannot be changed"):
        del several.counts
    assert isinstance(several.counts, MappingProxyType)  # which nobody can write to
    assert isinstance(several.counts["size"], MappingProxyType)


def test_columns_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="a value for every finding"):
        found(numbers=(1.0,))


def test_a_table_changed_in_place_after_its_check_changes_no_word_of_it():
    table, untouched = made(some_rows()), made(some_rows())
    report = table.report()
    assert table.plain is table.grid
    for frame in (table.cells, table.grid.frame):
        for column in ("units", "records", "value", "exact"):
            at = frame.columns.index(column)
            frame.replace_column(at, pl.Series(column, [500] * frame.height))
        frame[0, "units"] = 7
        frame.drop_in_place("structural_zero")
    assert report.verdict is Verdict.FAIL
    assert report.to_dict() == untouched.report().to_dict()


def test_the_frame_that_is_handed_out_is_a_copy():
    table = made(some_rows())
    table.cells.drop_in_place("units")
    assert "units" in table.cells.columns
    assert table.report("ukllc").verdict is Verdict.FAIL


def test_several_threads_read_the_same_words():
    alone = tuple(made(some_rows()).report().findings)
    shared = made(some_rows()).report().findings
    with ThreadPoolExecutor(8) as threads:
        for read in threads.map(lambda _: tuple(shared), range(32)):
            assert read == alone


def test_findings_of_several_statistics_are_counted_together():
    frame = pl.DataFrame(some_rows(), schema=["person", "a", "b", "x"], orient="row")
    table = Data.read(frame, unit="person").table("a", "b", statistic=["count", "mean"], of="x")
    findings = table.report().findings
    assert isinstance(findings, Findings)
    of_each = [one.statistic for one in findings]
    assert of_each == sorted(of_each, key=["count", "mean"].index)
    assert sum(sum(one.values()) for one in findings.counts.values()) == len(of_each)
    for rule, counts in findings.counts.items():
        for severity, count in counts.items():
            told = [one for one in findings if (one.rule, one.severity) == (rule, severity)]
            assert len(told) == count
