"""The seal of a book of releases: kept elsewhere, it tells what was changed or taken out."""

import hashlib
from datetime import date

import polars as pl
import pytest

from output_checks import Data, UnreadableDataError
from output_checks.book import ReleaseBook

DAY = date(2027, 3, 1)
PEOPLE = pl.DataFrame(
    {"id": range(100), "sex": ["F", "M"] * 50, "region": ["N", "S", "S", "N"] * 25}
)


def data_of():
    return Data.read(PEOPLE, unit="id", name="people")


@pytest.fixture
def book(tmp_path):
    return ReleaseBook(tmp_path / "book.jsonl")


def with_two(book):
    """Its path, and its lines with the closing one."""
    table = data_of().table("sex")
    book.add(table, name="a", on=DAY)
    book.add(table, name="b", on=DAY)
    return book._path, book._path.read_text().splitlines(keepends=True)


def test_a_seal_that_was_kept_elsewhere_covers_every_output(book):
    path, lines = with_two(book)
    seal = book.seal()
    digest = hashlib.sha256(lines[1].rstrip("\n").encode()).hexdigest()
    assert seal == f"2:{digest}"
    for kept in ("0:", seal, f" {seal}\n"):
        assert len(ReleaseBook(path, seal=kept).entries()) == 2
    ReleaseBook(path, seal=seal).add(data_of().table("region"), name="c", on=DAY)
    assert len(ReleaseBook(path, seal=seal).entries()) == 3


def test_a_book_that_was_written_anew_with_its_closing_line_is_found_by_the_seal(book, tmp_path):
    path, _ = with_two(book)
    seal = book.seal()
    path.unlink()
    with pytest.raises(UnreadableDataError, match="there is no book"):
        ReleaseBook(path, seal=seal).entries()
    with pytest.raises(UnreadableDataError, match="holds 0 outputs, fewer than the 2"):
        ReleaseBook(path, seal=seal).add(data_of().table("sex"), name="a", on=DAY)
    book.add(data_of().table("sex"), name="a", on=DAY)
    with pytest.raises(UnreadableDataError, match="taken out at its end"):
        ReleaseBook(path, seal=seal).ask({"new": data_of().table("sex")})
    book.add(data_of().table("region"), name="b", on=DAY)
    with pytest.raises(UnreadableDataError, match="other outputs than those that were sealed"):
        ReleaseBook(path, seal=seal).add(data_of().table("sex"), name="c", on=DAY)


@pytest.mark.parametrize("seal", ["", "2", "x:y", "1:abc", "-1:", 3, b"0:"])
def test_a_seal_that_is_none_is_refused(book, seal):
    with pytest.raises(UnreadableDataError, match="seal"):
        ReleaseBook(book._path, seal=seal).entries()
