"""A book that is missing, empty or cut anywhere is refused; adding to a new one makes it."""

from datetime import date

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from output_checks import Data, ReleaseBook, UnreadableDataError
from output_checks.cli import run

DAY = date(2027, 3, 1)
PEOPLE = pl.DataFrame({"id": range(100), "sex": ["F", "M"] * 50, "x": range(100)})
DATA = Data.read(PEOPLE, unit="id", name="people")
TABLE = DATA.table("sex")


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The bytes of a book of three outputs."""
    book = ReleaseBook(tmp_path_factory.mktemp("books") / "whole")
    for name in ("a", "b", "c"):
        book.add(TABLE, name=name, on=DAY)
    return book._path.read_bytes()


def is_refused(path, content):
    path.write_bytes(content)
    try:
        ReleaseBook(path).entries()
    except UnreadableDataError:
        return True
    return False


def test_no_book_and_an_empty_one_are_refused_however_they_are_asked(tmp_path):
    path = tmp_path / "typo.book"
    book = ReleaseBook(path)
    for why in ("there is no book", "is an empty file"):
        for ask in (lambda: book.ask({"new": TABLE}), book.entries, book.seal):
            with pytest.raises(UnreadableDataError, match=why):
                ask()
        path.write_bytes(b"")
    with pytest.raises(UnreadableDataError, match="is an empty file"):
        book.add(TABLE, name="a", on=DAY)
    assert path.read_bytes() == b""
    path.unlink()
    book.add(TABLE, name="a", on=DAY)
    assert [one.name for one in book.entries()] == ["a"]


def test_a_command_says_so_too(tmp_path, capsys):
    data, declared, path = tmp_path / "people.parquet", tmp_path / "a.json", tmp_path / "typo.book"
    PEOPLE.write_parquet(data)
    Data.read(data, unit="id").table("sex").write(declared)
    asked = ["book", "ask", str(path), str(declared), "--data", str(data)]
    for why in ("there is no book", "is an empty file"):
        for command in (asked, ["book", "list", str(path)], ["book", "seal", str(path)]):
            assert run(command) == 3
            assert why in " ".join(capsys.readouterr().err.split())
        path.write_bytes(b"")


def test_a_book_is_refused_wherever_its_end_is_cut_off(whole, tmp_path):
    path = tmp_path / "book"
    assert [at for at in range(len(whole)) if not is_refused(path, whole[:at])] == []
    assert not is_refused(path, whole)


def test_a_book_is_refused_wherever_its_beginning_is_cut_off(whole, tmp_path):
    path = tmp_path / "book"
    assert [at for at in range(1, len(whole) + 1) if not is_refused(path, whole[at:])] == []


@given(st.data())
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_book_is_refused_whatever_is_cut_out_of_it(whole, tmp_path, data):
    ends = [at + 1 for at, byte in enumerate(whole) if byte == ord("\n")]
    places = st.one_of(st.sampled_from([0, *ends]), st.integers(0, len(whole)))
    first, last = sorted((data.draw(places), data.draw(places)))
    is_cut = first < last
    assert is_refused(tmp_path / "book", whole[:first] + whole[last:]) is is_cut
