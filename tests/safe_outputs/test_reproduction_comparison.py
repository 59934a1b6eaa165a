"""A file that was written again beside the submitted one: the same, nearly, or another."""

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.safe_outputs.pictures import SIGNATURE, a_png, chunk
from tre.safe_outputs.reproduction_comparison import MOST_TABLE_BYTES, compare

ROWS = [bytes([0, 10, 20, 30]), bytes([1, 11, 21, 31]), bytes([2, 12, 22, 32])]
TABLE = b"sex,mean,people\nFemale,12.345678901234,20\nMale,0.5,30\n"
NAMES = ["a.csv", "a.png", "a.svg", "a.txt", "a.xlsx", "a.CSV", "a"]


@given(content=st.binary(), name=st.sampled_from(NAMES))
def test_equal_bytes_agree_whatever_they_are(content: bytes, name: str) -> None:
    found = compare(name, content, bytes(content))
    assert found.agrees
    assert found.said == "byte for byte"


@given(first=st.binary(), second=st.binary(), name=st.sampled_from(NAMES))
def test_whatever_the_bytes_there_is_an_answer_in_words(
    first: bytes, second: bytes, name: str
) -> None:
    assert compare(name, first, second).said


@pytest.mark.parametrize(
    "written",
    [
        # the last digits of a number with decimals: 12.345678901234 * 1e-9 is 1.2e-8
        TABLE.replace(b"12.345678901234", b"12.345678901235"),
        TABLE.replace(b"12.345678901234", b"12.345678912"),
        TABLE.replace(b"0.5", b"0.50000000001"),
        TABLE.replace(b"0.5", b"5.0e-1"),
        TABLE.replace(b"\n", b"\r\n"),
        TABLE.replace(b"Female", b'"Female"'),
    ],
)
def test_a_table_agrees_up_to_the_last_digits(written: bytes) -> None:
    found = compare("t.csv", TABLE, written)
    assert found.agrees
    assert "billionth" in found.said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (
            TABLE.replace(b"20", b"21"),
            "in row 2, column 'people', the file says “20”, the run “21”",
        ),
        # a count is the same or it is another, however large
        (TABLE.replace(b"30", b"30.0"), "in row 3, column 'people'"),
        (TABLE.replace(b"0.5", b"0.5000001"), "in row 3, column 'mean'"),
        (TABLE.replace(b"Male", b"male"), "in row 3, column 'sex'"),
        (TABLE.replace(b"mean", b"median"), "in row 1, column 'mean'"),
        (TABLE + b"Other,1.5,10\n", "the file has 3 rows, the run's 4"),
        (TABLE.replace(b",30", b""), "in row 3 the file has 3 fields, the run's 2"),
        (b"\xff\xfe", "cannot be compared as a table (the file is not UTF-8 text)"),
    ],
)
def test_a_table_that_is_another_is_told_where(written: bytes, said: str) -> None:
    found = compare("t.csv", TABLE, written)
    assert not found.agrees
    assert said in found.said


def test_a_table_that_nobody_could_read_is_compared_as_text() -> None:
    large = b"n\n" + b"1.5\n" * (MOST_TABLE_BYTES // 4)
    found = compare("t.csv", large, large.replace(b"1.5\n", b"1.50\n"))
    assert not found.agrees
    assert "line 2 of the file says “1.5”" in found.said


@given(
    numbers=st.lists(st.floats(allow_nan=False, allow_infinity=False, width=32), min_size=1),
    step=st.sampled_from([0.0, 1e-12, -1e-12, 1e-3]),
)
def test_numbers_agree_just_when_they_are_within_a_billionth(
    numbers: list[float], step: float
) -> None:
    def table(factor: float) -> bytes:
        return ("n\n" + "".join(f"{number * factor:.17e}\n" for number in numbers)).encode()

    found = compare("t.csv", table(1.0), table(1.0 + step))
    assert found.agrees is (abs(step) < 1e-9 or not any(numbers))


@given(
    cells=st.lists(st.text(st.characters(categories=["L"]), min_size=1), min_size=1),
    place=st.integers(min_value=0),
)
def test_a_changed_label_never_agrees(cells: list[str], place: int) -> None:
    changed = [*cells]
    changed[place % len(cells)] += "x"
    first, second = ("\n".join(["label", *some]).encode() for some in (cells, changed))
    assert not compare("t.csv", first, second).agrees


@pytest.mark.parametrize("level", [0, 1, 9])
def test_a_picture_packed_in_another_way_agrees(level: int) -> None:
    time = chunk(b"tIME", struct.pack(">HBBBBB", 2026, 11, 27, 1, 2, 3))
    found = compare("f.png", a_png(ROWS), a_png(ROWS, level=level, extra=time))
    assert found.agrees
    assert "dot for dot" in found.said


NOTE = chunk(b"tEXt", b"Comment\0Bo Ek")
BOMB = b"".join(
    [
        SIGNATURE,
        chunk(b"IHDR", struct.pack(">IIBBBBB", 4, 3, 8, 0, 0, 0, 0)),
        chunk(b"IDAT", zlib.compress(bytes(65 * 2**20))),
        chunk(b"IEND", b""),
    ]
)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (a_png([*ROWS[:2], bytes([2, 12, 99, 32])]), "first in dot row 3"),
        (a_png([bytes([9, 10, 20, 30]), *ROWS[1:]]), "first in dot row 1"),
        (a_png(ROWS[:2]), "the file is 4 by 3 dots (depth 8, colour type 0), the run's 4 by 2"),
        # what stands beside the picture leaves with it
        (a_png(ROWS, extra=NOTE), "other notes or settings"),
        (a_png(ROWS, behind=b"more"), "something behind its end"),
        (a_png(ROWS)[:-8], "no whole PNG picture"),
        (a_png(ROWS).replace(b"IDAT", b"IDAX", 1), "no whole PNG picture"),
        (b"no picture", "no whole PNG picture"),
        (BOMB, "more than 64 MiB"),
        (a_png(ROWS, extra=chunk(b"tIME", b"") * 20_000), "no whole PNG picture"),
    ],
)
def test_another_picture_is_told(written: bytes, said: str) -> None:
    for found in (compare("f.png", a_png(ROWS), written), compare("f.PNG", written, a_png(ROWS))):
        assert not found.agrees
    assert said in compare("f.png", a_png(ROWS), written).said


def test_a_picture_without_its_head_or_with_broken_dots_is_none() -> None:
    headless = SIGNATURE + chunk(b"IEND", b"")
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 4, 3, 8, 0, 0, 0, 0))
    broken = SIGNATURE + head + chunk(b"IDAT", b"no dots") + chunk(b"IEND", b"")
    assert "does not begin" in compare("f.png", headless, a_png(ROWS)).said
    assert "cannot be unpacked" in compare("f.png", broken, a_png(ROWS)).said


def svg(
    date: str = "2026-11-27T01:02:03.000004", part: str = "m0123456789", at: str = "1"
) -> bytes:
    return (
        f'<svg><dc:date>{date}</dc:date><g id="axes_1"/><path id="{part}" d="M {at} 2"/>'
        f'<use xlink:href="#{part}"/><g clip-path="url(#p00000fffff)"/></svg>\n'
    ).encode()


def test_a_drawing_agrees_but_for_its_date_and_names_by_chance() -> None:
    found = compare("f.svg", svg(), svg("2026-11-28T09:00:00", "mabcdef0123"))
    assert found.agrees
    assert "its date" in found.said


@pytest.mark.parametrize(
    "written",
    [
        svg(at="1.5"),
        svg(date="Bo Ek, 1999"),
        svg(part="Bo-Ek-1999"),
        # two parts become one: the names by chance are other ones, and so is the drawing
        svg(part="p00000fffff"),
        b"\xff",
    ],
)
def test_another_drawing_does_not_agree(written: bytes) -> None:
    assert not compare("f.svg", svg(), written).agrees


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (b"one\n2\nthree\n", "line 2 of the file says “two”, the run's “2”"),
        (b"one\ntwo\n", "the file has 3 lines, the run's 2"),
        (b"one\r\ntwo\r\nthree\r\n", "end them in another way"),
        (b"one\xff", "differ from byte 4 on"),
        (b"one\n" + b"x" * 100 + b"\nthree\n", "x…”"),
    ],
)
def test_a_text_is_the_same_or_another(written: bytes, said: str) -> None:
    found = compare("note.txt", b"one\ntwo\nthree\n", written)
    assert not found.agrees
    assert said in found.said
