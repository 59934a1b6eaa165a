"""A submitted CSV beside the rebuilt table: equal, rounded, changed, or another table."""

import pytest

from tre.safe_outputs.comparison import UnlikeError, differences, read_rows

REBUILT = [
    {"sex": "Female", "value": 12.3456},
    {"sex": "Male", "value": None},
    {"sex": "Total", "value": 100},
]

DIMENSIONS = ("sex",)


def csv(female: str = "12.3456", male: str = "", total: str = "100") -> bytes:
    return f"sex,value\nFemale,{female}\nMale,{male}\nTotal,{total}\n".encode()


@pytest.mark.parametrize(
    "content",
    [
        csv(),
        # rounded to the decimals that it shows: 12.3456 -> 12.35 -> 12.3 -> 12
        csv(female="12.346"),
        csv(female="12.35"),
        csv(female="12.3"),
        csv(female="12"),
        csv(female="1.23456e1"),
        csv(total="100.0"),
        csv(total="1e2"),
        # the order of floating-point sums
        csv(female="12.345600000001"),
        # a byte-order mark, Windows line ends, quotes, blank lines, columns the other way round
        b"\xef\xbb\xbf" + csv(),
        csv().replace(b"\n", b"\r\n"),
        b'"sex","value"\n"Female","12.3456"\n\n"Male",""\n"Total","100"\n',
        b"value,sex\n12.3456,Female\n,Male\n100,Total\n",
        csv(male=" "),
    ],
)
def test_a_table_may_be_written_in_another_way(content: bytes):
    assert differences(content, REBUILT, DIMENSIONS) == ()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (csv(female="12.4"), "at sex=Female the file says 12.4, the rebuilt 12.3456"),
        (csv(female="13"), "at sex=Female the file says 13, the rebuilt 12.3456"),
        (csv(female=""), "at sex=Female the file says nothing, the rebuilt 12.3456"),
        (csv(total="101"), "at sex=Total the file says 101, the rebuilt 100"),
        (csv(total="99"), "at sex=Total the file says 99, the rebuilt 100"),
        (csv(total="2e2"), "at sex=Total the file says 2e2, the rebuilt 100"),
        # a withheld value may not be there, not even as 0
        (csv(male="7"), "at sex=Male the file says 7, the rebuilt has no value there"),
        (csv(male="0"), "at sex=Male the file says 0, the rebuilt has no value there"),
        # what is no number agrees with none
        *(
            (csv(total=word), "at sex=Total")
            for word in ("nan", "inf", "1_00", "0x64", "<10", "\u0661\u0660\u0660")
        ),
        (csv(total="1" * 31), "at sex=Total"),
    ],
)
def test_a_changed_value_is_found(content: bytes, words: str):
    (found,) = differences(content, REBUILT, DIMENSIONS)
    assert str(found).startswith(words)


def test_a_rebuilt_value_without_end_agrees_with_nothing():
    (found,) = differences(b"sex,value\nA,100\n", [{"sex": "A", "value": float("inf")}], ["sex"])
    assert found.cell == {"sex": "A"}


def test_every_difference_is_found_in_the_rebuilt_order():
    found = differences(csv("1", "2", "3"), REBUILT, DIMENSIONS)
    assert [one.cell["sex"] for one in found] == ["Female", "Male", "Total"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b'sex,value\n"Female,1\n', "not CSV"),
        (b"sex,value\nFe\x00male,1\n", "(not CSV|missing or too many)"),
        (b"sex,n\nFemale,1\n", "its columns are 'sex', 'n'; those of the rebuilt are"),
        (b"sex,sex,value\nFemale,Female,1\n", "its columns are"),
        (b"sex,value\nFemale,1,2\n", "row 2 has 3 fields instead of 2"),
        (b"sex,value\nFemale\n", "row 2 has 1 fields instead of 2"),
        (csv() + b"Female,12.3456\n", "a cell is there twice"),
        (csv() + b"Other,1\n", "1 cells are missing or too many, such as 'Other'"),
        (b"sex,value\nFemale,1\n", "2 cells are missing or too many, such as 'Male', 'Total'"),
        (b"sex,value\n", "3 cells are missing"),
    ],
)
def test_another_table_is_said_to_be_another(content: bytes, words: str):
    with pytest.raises(UnlikeError, match=words):
        differences(content, REBUILT, DIMENSIONS)


def test_a_field_of_absurd_length_is_refused():
    with pytest.raises(UnlikeError, match="not CSV"):
        read_rows(b"a," + b"x" * 200_000)


def test_every_statistic_of_a_table_is_compared():
    rebuilt = [{"sex": "Female", "count": 12, "mode": "asthma"}]
    assert differences(b"sex,mode,count\nFemale,asthma,12\n", rebuilt, DIMENSIONS) == ()
    found = differences(b"sex,count,mode\nFemale,12,eczema\n", rebuilt, DIMENSIONS)
    assert [str(one) for one in found] == [
        "at sex=Female the file says eczema for the mode, the rebuilt asthma"
    ]


def test_an_apostrophe_that_keeps_a_spreadsheet_from_running_a_label_is_no_difference():
    rebuilt = [{"=g": "-5 to 0", "value": 30}, {"=g": "'+", "value": 31}]
    for content in (b"'=g,value\n'-5 to 0,30\n''+,31\n", b"=g,value\n-5 to 0,30\n''+,31\n"):
        assert differences(content, rebuilt, ("=g",)) == ()
