"""Cell keys: the published arithmetic, and the same noise for the same people everywhere."""

import hashlib
import hmac

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from output_checks import (
    Data,
    ProtectionError,
    UnknownColumnError,
    UnreadableDataError,
    rebuild,
)
from output_checks.protect import as_recorded
from output_checks.protect.cell_key import record_keys
from output_checks.protect.ptable import PTable
from tests.output_checks.drawing import data, means

SIX = pl.DataFrame(
    {
        "id": [1, 2, 3, 4, 5, 6],
        "group": ["a", "a", "b", "b", "b", "b"],
        "key": [200, 100, 255, 1, 0, 7],
    }
)


def noise_of_keys() -> PTable:
    """Noise that is easy to work out by hand: the cell key modulo 4, for every count."""
    return PTable(name="sha256:0", noise=np.tile(np.arange(256) % 4, (750, 1)))


def keyed(frame: pl.DataFrame = SIX, rows="group", **options):
    table = Data.read(frame, unit="id").table(rows)
    chosen = {"record_key": "key", "ptable": noise_of_keys(), "threshold": 0} | options
    return table.protect("cell-key", **chosen)


# The published method


def test_a_cell_key_is_the_sum_of_its_peoples_keys():
    # a: 200 + 100 = 300, modulo 256 is 44, modulo 4 is 0: 2 people stay 2.
    # b: 255 + 1 + 0 + 7 = 263, modulo 256 is 7, modulo 4 is 3: 4 people become 7.
    # Total: 300 + 263 = 563, modulo 256 is 51, modulo 4 is 3: 6 people become 9.
    assert keyed().released()["value"].to_list() == [2, 7, 9]


def test_a_count_below_the_threshold_after_its_noise_is_withheld():
    table = keyed(threshold=5)
    assert table.released()["value"].to_list() == [None, 7, 9]
    # 2 was shown as less than 5: at least 0 (a 0 has no noise), at most 4 (with no noise).
    assert table.intervals().rows() == [("a", 0.0, 4.0, True)]


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (3, 0),  # below 10
        (9, 0),
        (10, 10),
        (12, 10),  # 12 = 10 + 2
        (13, 15),
        (750, 750),
        (751, 750),  # looks in row (750 % 250) + 501 = 501, whose noise is -1
        (1003, 1005),  # row (1002 % 250) + 501 = 503: +2
    ],
)
def test_the_10_5_rule_is_the_table_that_ons_ships(count, shown):
    perturbed = PTable.named("10-5").perturbed(np.array([count]), np.array([17]))
    assert perturbed.tolist() == [shown]


def test_nobody_stays_nobody():
    frame = SIX.with_columns(sex=pl.Series(["F", "F", "F", "F", "M", "M"]))
    table = keyed(frame, rows=["group", "sex"])
    at = {row[:2]: row[2] for row in table.released().rows()}
    assert at["a", "M"] == 0


def test_a_structural_zero_is_shown_as_it_is():
    frame = SIX.with_columns(sex=pl.Series(["F", "F", "F", "F", "M", "M"]))
    table = Data.read(frame, unit="id").table(
        "group", "sex", structural_zeros=[{"group": "a", "sex": "M"}]
    )
    protected = table.protect("cell-key", record_key="key", ptable=noise_of_keys(), threshold=5)
    row = protected.cells.filter(group="a", sex="M")
    assert row.select("value", "withheld", "upper").row(0) == (0, False, 0.0)


# The same people, the same noise


@settings(max_examples=15, deadline=None)
@given(
    people=st.lists(
        st.tuples(st.sampled_from("xyz"), st.integers(1, 3), st.integers(0, 255)),
        min_size=1,
        max_size=30,
    )
)
def test_the_same_people_get_the_same_noise_in_any_table(people):
    frame = pl.DataFrame(
        {
            "id": range(len(people)),
            "letter": [one[0] for one in people],
            "number": [one[1] for one in people],
        }
    )
    options = {"ptable": "maximum-entropy 5 3 0", "threshold": 0}

    def shown(rows, **asked):
        table = Data.read(frame, unit="id").table(rows, **asked).protect("cell-key", **options)
        return {
            tuple(sorted(str(label) for label in row[:-1])): row[-1]
            for row in table.released().rows()
        }

    both = shown(["letter", "number"])
    assert both == shown(["number", "letter"])
    assert both == shown(["letter", "text"], derive={"text": 'CAST("number" AS VARCHAR)'})
    alone = shown("letter")
    for letter in {one[0] for one in people}:
        assert alone[letter,] == both[tuple(sorted((letter, "Total")))]
        where = shown("number", where=f"letter = '{letter}'")
        assert where["Total",] == alone[letter,]


def test_somebody_in_several_cells_counts_once_in_a_total():
    # 1 is in a and in b with the key 5; 2 is in b with the key 8.
    frame = pl.DataFrame({"id": [1, 1, 2], "group": ["a", "b", "b"], "key": [5, 5, 8]})
    # a: 5 % 4 = 1, 1 person: 2. b: 13 % 4 = 1, 2 people: 3. Total: 13 again, 2 people: 3.
    assert keyed(frame).released()["value"].to_list() == [2, 3, 3]


def test_keys_of_units_are_the_first_byte_of_their_hash():
    units = pl.Series(["7", "anna"])
    expected = [hashlib.sha256(one).digest()[0] for one in (b"7", b"anna")]
    assert record_keys(units).to_list() == expected
    secret = [hmac.digest(b"word", one, "sha256")[0] for one in (b"7", b"anna")]
    assert record_keys(units, "word").to_list() == secret


def test_a_unit_has_the_same_key_as_number_and_as_text():
    as_text = SIX.with_columns(pl.col("id").cast(pl.String))
    shown = [
        keyed(frame, record_key=None).released()["value"].to_list() for frame in (SIX, as_text)
    ]
    assert shown[0] == shown[1]


# Secrets, and making it again


def test_a_table_without_a_secret_is_made_again():
    people = data("F M\na 30 44\nb 12 17\nc 8 40")
    table = people.table("group", "sex").protect("cell-key")
    again = rebuild(table.declaration, people)
    assert again.released().equals(table.released())
    assert table.protect("cell-key") is table


def test_a_secret_is_not_written_down_and_asked_for_again():
    people = data("F M\na 30 44\nb 12 17\nc 8 40")
    table = people.table("group", "sex").protect("cell-key", secret="xyzzy plugh")
    assert "xyzzy" not in table.declaration.to_json()
    with pytest.raises(ProtectionError, match="give it: secret="):
        rebuild(table.declaration, people)
    open_keys = people.table("group", "sex").protect("cell-key")
    assert not open_keys.released().equals(table.released())


def test_a_p_table_from_a_file_is_named_by_its_hash_and_asked_for_again(tmp_path):
    path = tmp_path / "ptable.csv"
    path.write_text(csv_of(np.zeros((750, 2), dtype=int)))
    people = data("F M\na 30 44")
    table = people.table("group", "sex").protect("cell-key", ptable=path)
    name = (table.declaration.protection or {})["ptable"]
    assert name == f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
    with pytest.raises(ProtectionError, match="give it with ptable"):
        rebuild(table.declaration, people)


def test_options_are_recorded_without_secrets_and_objects():
    given = {"ptable": noise_of_keys(), "secret": "xyzzy", "threshold": 5}
    recorded = as_recorded("cell-key", given)
    assert recorded["ptable"] == "sha256:0"
    assert recorded["secret"].startswith("scrypt:")
    assert as_recorded("cell-key", recorded | {"ptable": "10-5"})["secret"] == recorded["secret"]
    assert as_recorded("cell-key", {"secret": None}) == {"secret": None}
    assert as_recorded("round", {"base": 5}) == {"base": 5}


# Keys that are none


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ([0.5, 1, 2, 3, 4, 5], "whole numbers"),
        ([None, 1, 2, 3, 4, 5], "missing in some"),
        ([-1, 1, 2, 3, 4, 5], "from 0 to 255"),
        ([4096, 1, 2, 3, 4, 5], "from 0 to 255"),
    ],
)
def test_record_keys_are_seen_to_be_keys(keys, says):
    with pytest.raises(ProtectionError, match=says):
        keyed(SIX.with_columns(key=pl.Series(keys, strict=False)))


def test_somebody_with_several_record_keys_is_refused():
    with pytest.raises(ProtectionError, match="several record keys"):
        keyed(SIX.with_columns(id=pl.Series([1, 1, 2, 3, 4, 5])))


def test_an_unknown_record_key_is_refused():
    with pytest.raises(UnknownColumnError, match='Did you mean "key"'):
        keyed(record_key="kei")


def test_without_a_unit_there_are_keys_only_in_a_column():
    table = Data.read(SIX, unit=None).table("group")
    with pytest.raises(ProtectionError, match="record_key"):
        table.protect("cell-key")
    options = {"record_key": "key", "ptable": noise_of_keys(), "threshold": 0}
    assert table.protect("cell-key", **options).released()["value"].to_list() == [2, 7, 9]


def test_a_secret_beside_a_record_key_is_refused():
    with pytest.raises(ProtectionError, match="nothing of a record_key"):
        keyed(secret="word")


def test_data_that_went_away_are_refused(tmp_path):
    path = tmp_path / "people.parquet"
    SIX.write_parquet(path)
    table = Data.read(path, unit="id").table("group")
    path.unlink()
    with pytest.raises(UnreadableDataError, match="cannot be read"):
        table.protect("cell-key")


@pytest.mark.parametrize("statistic", ["mean", ["count", "mean"]])
def test_only_counts_have_cell_keys(statistic):
    with pytest.raises(ProtectionError, match="counts of people"):
        means(statistic).protect("cell-key")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"threshold": -1}, "threshold cannot be -1"),
        ({"ptable": 5}, "ptable cannot be 5"),
        ({"record_key": ""}, "record_key cannot be ''"),
        ({"recordkey": "key"}, 'Did you mean "record_key"'),
        ({"ptable": "10-five"}, 'unknown p-table "10-five"'),
    ],
)
def test_misspelt_options_are_refused(options, says):
    with pytest.raises(ProtectionError, match=says):
        data("F M\na 30 44").table("group").protect("cell-key", **options)


# What a reader can tell


@pytest.mark.parametrize("name", ["10-5", "maximum-entropy 2 1.05 1"])
def test_what_a_shown_count_can_have_been_is_worked_out_from_all_keys(name):
    ptable = PTable.named(name)
    counts = np.arange(0, 1100)
    shown_as = ptable.perturbed(counts[:, None], np.arange(256)[None, :])
    results = [set(row) for row in shown_as.tolist()]
    for shown in (0, 5, 10, 15, 700, 745, 760, 1000):
        origins = [int(count) for count in counts if shown in results[count]]
        expected = (origins[0], origins[-1]) if origins else None
        assert ptable.origins(shown) == expected, shown
    small = [int(count) for count in counts if min(results[count]) < 10]
    assert ptable.origins_below(10) == (small[0], small[-1])
    assert ptable.origins_below(0) is None


def test_a_reader_of_a_cell_key_table_also_adds_up():
    # With no noise and no threshold a table tells the truth: every interval is one number.
    still = PTable(name="sha256:0", noise=np.zeros((750, 256), dtype=int))
    table = keyed(ptable=still)
    assert table.cells.select("lower", "upper").rows() == [(2.0, 2.0), (4.0, 4.0), (6.0, 6.0)]
    assert [one.rule for one in table.report().findings if str(one.severity) == "fail"]


def test_the_default_noise_is_wide_enough_for_the_policy():
    table = data("F M\na 30 44\nb 12 17\nc 8 40").table("group", "sex").protect("cell-key")
    assert (table.declaration.protection or {})["ptable"] == "maximum-entropy 5 3 0"
    assert "fail" not in {str(one.severity) for one in table.report().findings}
    rounded = data("F M\na 30 44").table("group", policy="hes").protect("cell-key")
    assert (rounded.declaration.protection or {})["ptable"] == "8-5"


def csv_of(noise: np.ndarray) -> str:
    keys = noise.shape[1]
    lines = [
        f"{count + 1},{key},{noise[count, key]}" for count in range(750) for key in range(keys)
    ]
    return "\n".join(["pcv,ckey,pvalue", *lines]) + "\n"


def test_record_keys_that_are_all_the_same_are_refused():
    frame = pl.DataFrame({"id": range(60), "g": ["a", "b"] * 30, "key": [0] * 60})
    table = Data.read(frame, unit="id").table("g")
    with pytest.raises(ProtectionError, match="too few different values"):
        table.protect("cell-key", record_key="key")


@pytest.mark.parametrize("kind", [pl.Int32, pl.Float64, pl.Float32, pl.Decimal(12, 2), pl.String])
def test_the_same_person_has_the_same_key_whatever_the_type_of_the_unit(kind):
    frame = pl.DataFrame({"id": range(120), "group": ["a"] * 50 + ["b"] * 70})
    whole = Data.read(frame, unit="id").table("group").protect("cell-key")
    other = Data.read(frame.with_columns(pl.col("id").cast(kind)), unit="id")
    assert other.table("group").protect("cell-key").released().equals(whole.released())


def test_units_that_are_no_whole_numbers_have_keys_of_their_own():
    frame = pl.DataFrame({"id": [at + 0.5 for at in range(120)], "group": ["a"] * 50 + ["b"] * 70})
    halves = Data.read(frame, unit="id").table("group")
    whole = Data.read(frame.with_columns(pl.col("id").floor()), unit="id").table("group")
    shown = [one.protect("cell-key").released()["value"].to_list() for one in (halves, whole)]
    assert shown[0] != shown[1]
