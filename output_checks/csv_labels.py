"""Texts of a CSV that a spreadsheet would run as formulas: written so that it does not, read back.

A spreadsheet takes a text for a formula by how it begins, whatever quotes stand around it; an
apostrophe before it makes it a text. Source: OWASP, CSV Injection.
"""

import re
from collections.abc import Callable

import polars as pl

_BEGINS_AS_A_FORMULA = re.compile("'*(?:[\t\r\n]|\\s*[=+\\-@\uff1d\uff0b\uff0d\uff20])")
_NUMBER = re.compile(r"[+-](?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)


def marked_texts(frame: pl.DataFrame) -> pl.DataFrame:
    """A frame with an apostrophe before every name and text that would run; null stays null.

    `unmarked` gives back every text, also one that begins with apostrophes itself. A text that
    is a number stays as it is: no spreadsheet runs the code -9.
    """
    return _in_texts(frame, _marked)


def unmarked_texts(frame: pl.DataFrame) -> pl.DataFrame:
    """A frame as it was before `marked_texts`."""
    return _in_texts(frame, unmarked)


def unmarked(text: str) -> str:
    """A text as it was before `marked_texts`."""
    return text[1:] if text.startswith("'") and _BEGINS_AS_A_FORMULA.match(text) else text


def _in_texts(frame: pl.DataFrame, changed: Callable[[str], str]) -> pl.DataFrame:
    texts = [
        pl.col(name).replace({text: changed(text) for text in frame[name].unique().drop_nulls()})
        for name in frame.columns
        if frame[name].dtype == pl.String
    ]
    return frame.with_columns(texts).rename(changed)


def _marked(text: str) -> str:
    is_run = _BEGINS_AS_A_FORMULA.match(text) and not _NUMBER.fullmatch(text)
    return f"'{text}" if is_run else text
