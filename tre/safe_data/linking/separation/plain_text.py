"""What a file that is no table says of people: records of runs, models, keys, and metadata."""

import base64
import json
import re
from itertools import pairwise
from pathlib import Path

import polars as pl

from tre.safe_data.linking.separation.kinds import BY_NAME, Kind, Known, Members, has_check_digit

_TEXT_BYTES = 20_000_000
"""A larger file that is no table is not read; that is said."""
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b")
_NHS_NUMBER = re.compile(r"(?<![0-9A-Fa-f.-])\d{10}(?![0-9A-Fa-f.])")
_WORD = re.compile(r"[^\W\d_][^\W\d_'-]*(?:_[a-z]+)*")
_CODE = re.compile(r"[A-Za-z]*\d{6,}")
_FEW, _MANY, _SHARE = 3, 40, 0.5
"""People named in full, or different keys, that are no chance; and how many different words, and
which share of all, are names where nobody is named in full."""
_SCHEMA = "ARROW:schema"
_BASE_64 = re.compile(r"[A-Za-z0-9+/]{80,}={0,2}")


def kinds_of_file(file: Path, known: Known) -> dict[str, Kind] | None:
    """What a file that is no table holds; None where that cannot be known.

    It must be UTF-8 and not larger than is ever written; what calls itself JSON must be JSON.
    """
    if file.stat().st_size > _TEXT_BYTES:
        return None
    content = file.read_bytes()
    kinds = kinds_of_text(content.decode("utf-8", errors="replace"), known)
    if not kinds and not _is_sound(file, content):
        return None
    return {f"text ({kind})": kind for kind in kinds}


def _is_sound(file: Path, content: bytes) -> bool:
    try:
        text = content.decode("utf-8")
        return file.suffix != ".json" or json.loads(text) is not None
    except ValueError:
        return False


def kinds_of_metadata(file: Path, known: Known) -> dict[str, Kind]:
    """What is written beside the data of a Parquet file: its key-value metadata and its schema."""
    kinds: dict[str, Kind] = {}
    for name, value in pl.read_parquet_metadata(file).items():
        is_schema = name == _SCHEMA
        text = _unpacked(value) if is_schema else value
        found = kinds_of_text(text, known, of_somebody=is_schema)
        kinds |= {f"metadata ({kind})": kind for kind in found}
    return kinds


def _unpacked(value: str) -> str:
    """The text in bytes that are written in base 64, as a schema of Arrow is."""
    whole = value.rstrip("=")
    return base64.b64decode(whole[: len(whole) // 4 * 4]).decode("latin-1")


def kinds_of_text(text: str, known: Known, *, of_somebody: bool = False) -> list[Kind]:
    """Postcodes and NHS numbers by their shape; names, pseudonyms and keys by the registers'.

    of_somebody: only NHS numbers that a register has, where other codes of ten digits may stand.
    """
    found = []
    text = "\n".join((text, *map(_unpacked, _BASE_64.findall(text))))
    if _POSTCODE.search(text):
        found.append(Kind.POSTCODE)
    if numbers := _NHS_NUMBER.findall(text):
        valid = has_check_digit(pl.Series([int(each) for each in numbers]))
        held = known.numbers.has(pl.Series(numbers))
        found += [Kind.NHS_NUMBER] * bool((held if of_somebody else valid).any())
    if _names_people(text, known):
        found.append(Kind.NAME)
    codes = pl.Series(sorted(set(_CODE.findall(text))), dtype=pl.String)
    among = ((Kind.PSEUDONYM, known.pseudonyms), (Kind.KEY, known.keys))
    return found + [kind for kind, members in among if _several(codes, members)]


def _several(values: pl.Series, members: Members) -> bool:
    return int(members.has(values).sum()) >= _FEW


def _names_people(text: str, known: Known) -> bool:
    """Whether several people of a register stand there in full, or most words are names."""
    words = [w for word in _WORD.findall(text) if (w := word.lower()) not in BY_NAME]
    pairs = {pair for a, b in pairwise(words) for pair in (f"{a} {b}", f"{b} {a}")}
    if _several(pl.Series(sorted(pairs), dtype=pl.String), known.people):
        return True
    different = pl.Series(sorted(set(words)), dtype=pl.String)
    named = int(known.names.has(different).sum())
    return named >= _MANY and named >= _SHARE * len(different)
