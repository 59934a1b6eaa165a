"""Separation proved: a clean run holds, and each planted violation is caught by its own rule."""

import fcntl
import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from tests.safe_data.looked_at_once import remembering
from tests.safe_data.planted import CRIS, KEY, LINKS, NPD, PLANTED, PUPILS, add, column, put
from tests.safe_data.planted_in_disguise import DISGUISED
from tre.decision import UnusableRequestError
from tre.safe_data.files import sha256_of, write_table
from tre.safe_data.linkages import linkages
from tre.safe_data.linking.separation import holdings, kinds, rules
from tre.safe_data.linking.separation.check import check_separation
from tre.safe_data.linking.separation.kinds import Kind, Members, kind_by_values
from tre.safe_data.linking.separation.layout import concerning, known_file
from tre.safe_data.linking.separation.leaves import as_days
from tre.safe_data.linking.separation.proof import SeparationProof
from tre.safe_data.linking.separation.record import RunRecord, read_runs
from tre.safe_data.linking.separation.rules import RULES


@pytest.fixture(scope="module", autouse=True)
def _each_file_is_looked_at_once():
    with remembering():
        yield


@pytest.fixture
def parties(small_world, tmp_path) -> Path:
    """A copy of the folders of all parties, to plant something in."""
    return Path(shutil.copytree(small_world.parties, tmp_path / "parties"))


def proof_of(parties: Path, runs: Sequence[RunRecord] | None = None) -> SeparationProof:
    return check_separation(parties, linkages(), (), read_runs(parties) if runs is None else runs)


def broken(proof: SeparationProof) -> dict[str, list[str]]:
    """Where each rule that was broken was broken."""
    return {
        statement.rule: [violation.where for violation in statement.violations]
        for statement in proof.statements
        if not statement.held
    }


def test_a_clean_run_holds_and_says_what_was_looked_at(small_world):
    proof = proof_of(small_world.parties)
    assert proof.violations == ()
    assert proof.holds
    # the letter, and five tables of school records; no refresh, so that nobody was withdrawn
    assert proof.counts["transfers"] == 6
    assert proof.counts["letters"] == 1
    assert proof.counts["parties"] >= 3
    assert len(proof.statements) == len(RULES) == 15
    assert all(statement.looked_at > 0 for statement in proof.statements)
    assert json.loads(json.dumps(proof.to_dict()))["holds"] is True


@pytest.mark.parametrize("planted", PLANTED)
def test_what_is_planted_is_caught_by_its_rule(planted, parties):
    plant, rule = PLANTED[planted]
    plant(parties)
    proof = proof_of(parties)
    assert not proof.holds
    assert rule in broken(proof)
    assert proof.summary()["violations"]


def test_the_truth_may_have_everything(parties):
    put(parties, "simulator/everything.parquet", pl.read_parquet(parties / CRIS))
    assert proof_of(parties).holds


def with_transfer(parties: Path, **changes) -> RunRecord:
    """The run, as if its letter had been recorded otherwise."""
    run = read_runs(parties)[0]
    letter, *others = run.transfers
    return replace(run, transfers=(replace(letter, **changes), *others))


# What the record may say wrongly, and the rule that must notice.
RECORDED: dict[str, tuple[dict, str]] = {
    "too many columns": (
        {"columns": (KEY, "first_name", "last_name", "date_of_birth", "postcode", "nhs_number")},
        "letters-hold-identifiers-alone",
    ),
    "a clinical column": (
        {"columns": (KEY, "first_name", "last_name", "icd10")},
        "letters-hold-identifiers-alone",
    ),
    "no pseudonym": ({"columns": ("first_name", "last_name")}, "letters-hold-identifiers-alone"),
    "an unknown linkage": ({"linkage": "gossip"}, "letters-hold-identifiers-alone"),
    "another receiver": (
        {"receiver": "Department for Work and Pensions"},
        "identifiers-go-to-the-matcher-alone",
    ),
    "the SRS as receiver": (
        {"receiver": "ONS Secure Research Service"},
        "nothing-identifying-enters-the-results",
    ),
    "another hash": ({"sha256": "0" * 64}, "letters-are-destroyed"),
}


@pytest.mark.parametrize("recorded", RECORDED)
def test_a_wrong_record_is_caught_by_its_rule(recorded, parties):
    changes, rule = RECORDED[recorded]
    proof = proof_of(parties, [with_transfer(parties, **changes)])
    assert rule in broken(proof)


def test_a_run_that_destroyed_nothing_is_caught(parties):
    run = replace(read_runs(parties)[0], destroyed=())
    assert list(broken(proof_of(parties, [run]))) == ["letters-are-destroyed"]


def test_a_copy_of_a_letter_is_found_under_any_name(parties):
    letter = pl.read_parquet(parties / CRIS).select(
        KEY, "first_name", "last_name", "date_of_birth", "postcode"
    )
    copy = parties / "simulator" / "copy.bin"
    write_table(letter, copy)
    run = with_transfer(parties, sha256=sha256_of(copy), rows=len(letter))
    found = broken(proof_of(parties, [run]))
    assert found["letters-are-on-no-disk"] == ["simulator/copy.bin"]


def test_a_transfer_that_only_the_book_knows_is_looked_at_too(parties):
    odd = replace(read_runs(parties)[0].transfers[0], sha256="1" * 64)
    proof = check_separation(parties, linkages(), (odd,), read_runs(parties))
    assert list(broken(proof)) == ["letters-are-destroyed"]


def test_a_linkage_that_is_being_run_may_use_its_post(parties):
    put(parties, "dfe/incoming/npd.parquet", pl.read_parquet(parties / CRIS))
    with (parties / "dfe" / ".npd.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        proof = proof_of(parties)
    assert proof.busy == ("npd",)
    assert "post-boxes-are-empty" not in broken(proof)


def test_a_lock_that_nobody_holds_is_no_run(parties):
    (parties / "dfe" / ".npd.lock").write_text("")
    proof = proof_of(parties)
    assert proof.busy == ()
    assert proof.holds


def test_what_goes_while_one_looks_is_not_there(parties):
    (parties / ".npd.lock").symlink_to(parties / "nowhere")
    (parties / "dfe" / "incoming" / "npd.parquet").symlink_to(parties / "nowhere")
    assert proof_of(parties).holds


def test_numbers_of_ten_digits_in_a_model_are_no_nhs_numbers(parties):
    # a fraction, and a number whose last digit does not fit
    (parties / "dfe/links/npd/1.json").write_text('{"m": 0.9434765919, "seed": 9434765918}')
    assert proof_of(parties).holds


def test_a_large_text_is_not_read(parties, monkeypatch):
    monkeypatch.setattr("tre.safe_data.linking.separation.plain_text._TEXT_BYTES", 1_000_000)
    (parties / "dfe" / "notes.txt").write_bytes(b"SE5 8CK " * 300_000)
    assert list(broken(proof_of(parties))) == ["only-known-files"]


def test_a_table_without_text_or_numbers_says_nothing(parties):
    flags = pl.DataFrame({"free_school_meals": [True, False]})
    put(parties, "dfe/npd_school_years.parquet", flags)
    assert proof_of(parties).holds


def test_a_file_that_is_gone_has_no_hash(tmp_path):
    assert rules._hash(tmp_path / "nothing") == ""


def test_no_register_means_nobody_to_recognise(tmp_path):
    proof = proof_of(tmp_path, [])
    assert proof.holds
    assert proof.counts["files"] == 0


def test_no_value_of_a_person_is_in_what_is_said(parties):
    for path in (PUPILS, LINKS):
        add(parties, path, note=column(parties, NPD, "last_name"))
    said = json.dumps(proof_of(parties).to_dict()).lower()
    names = set(column(parties, NPD, "last_name").drop_nulls().str.to_lowercase().to_list())
    assert [name for name in names if len(name) > 6 and f" {name}" in said] == []


def test_a_large_file_is_read_in_slices(parties, monkeypatch):
    monkeypatch.setattr("tre.safe_data.linking.separation.holdings.SMALL_ROWS", 100)
    monkeypatch.setattr("tre.safe_data.linking.separation.holdings.SLICE_ROWS", 30)
    assert proof_of(parties).holds
    add(parties, PUPILS, remark=column(parties, CRIS, "nhs_number"))
    assert "results-hold-no-identifiers" in broken(proof_of(parties))


def test_a_damaged_record_of_a_run_is_said(parties):
    (parties / "srs/npd/1/run.json").write_text("{")
    with pytest.raises(UnusableRequestError, match="is not the record of a run"):
        read_runs(parties)


KNOWN = kinds.Known(
    pseudonyms=Members.of([pl.Series([f"C{n}" for n in range(50)])]),
    keys=Members.of([pl.Series([f"P{n}" for n in range(50)])]),
    research=Members.of([]),
    names=Members.of([pl.Series(["england", "ireland", "jordan", "amara", "okafor"])]),
    births=pl.DataFrame(schema={"pseudonym": pl.String, "born": pl.Date}),
)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        # the published example 943 476 5919, and two more with check digit by modulus 11
        (["943 476 5919", "9434765919", "4010232137"], Kind.NHS_NUMBER),
        # the same with a last digit that does not fit
        (["9434765918", "9434765917", "4010232138"], None),
        (["SE5 8AF", "CR0 1AB", "sw91aa"], Kind.POSTCODE),
        # districts are no postcodes
        (["SE5", "CR0", "SW9"], None),
        (["A208123456789", "B209123456789", "C210123456789"], Kind.PUPIL_NUMBER),
        (["F20", "F32.1", "A123"], Kind.CLINICAL),
        # countries of birth: few values in many rows, so that surnames among them prove nothing
        (["England", "Ireland", "Jordan"] * 20, None),
        (["Amara", "Okafor", "Amara Okafor"], Kind.NAME),
        ([], None),
        ([None, None], None),
    ],
)
def test_values_tell_what_a_column_is(values, kind):
    assert kind_by_values(pl.Series(values, dtype=pl.String), KNOWN) is kind


def test_other_types_than_text_are_looked_at_or_left_alone():
    assert kind_by_values(pl.Series([9434765919, 4010232137, 9434765919]), KNOWN) is None  # two
    assert kind_by_values(pl.Series([True, False]), KNOWN) is None
    assert kind_by_values(pl.Series([1, 2, 3]), KNOWN) is None


def test_days_are_read_however_they_are_written():
    day = date(2001, 2, 3)
    for written in (["2001-02-03"], ["born 03/02/2001"], [20010203], [11356], [11356.0], [day]):
        assert as_days(pl.Series(written)).to_list() == [day]
    assert as_days(pl.Series([[1]])).to_list() == [None]
    assert as_days(pl.Series(["F20", None, "2001-99-99"])).to_list() == [None] * 3


def test_random_numbers_are_nobody_s():
    known = replace(KNOWN, numbers=Members.of([pl.Series(["9434765919", "4010232137", "SE58AF"])]))
    noise = [str(9_000_000_000 + n * 7_919) for n in range(5_000)]
    assert kind_by_values(pl.Series([*noise, "9434765919", "4010232137"]), known) is None


@pytest.mark.parametrize("disguised", DISGUISED)
def test_what_is_disguised_as_a_described_column_is_caught(disguised, parties):
    """Where nothing but the values can tell: the column has the name of a described one."""
    plant, rule = DISGUISED[disguised]
    plant(parties)
    assert rule in broken(proof_of(parties))


@pytest.mark.parametrize(
    ("column", "value"),
    [("ethnic_group", "Ada Lovelace"), ("borough", "SE5 8AF"), ("birth_year", 1990)],
)
def test_a_single_value_changed_after_it_was_sent_is_caught(column, value, parties):
    """One name is too few to be told from a code; that the bytes are others tells."""
    file = parties / "srs" / "npd" / "1" / "pupils.parquet"
    pupils = pl.read_parquet(file)
    changed = pl.when(pl.int_range(pl.len()) == 0).then(pl.lit(value)).otherwise(pl.col(column))
    pupils.with_columns(changed.alias(column)).write_parquet(file)
    assert broken(proof_of(parties))["results-are-as-they-were-sent"] == [
        "srs/npd/1/pupils.parquet"
    ]


def test_what_is_no_file_is_found_and_nobody_waits_at_it(tmp_path):
    (tmp_path / "srs").mkdir()
    os.mkfifo(tmp_path / "srs" / "pipe")
    (tmp_path / "srs" / "folder").symlink_to(tmp_path)
    assert holdings.files_of(tmp_path) == ("srs/folder", "srs/pipe")
    for path in ("srs/folder", "srs/pipe"):
        seen = holdings.look(tmp_path, path, KNOWN)
        assert seen is not None
        assert not seen.readable


def test_members_are_found_and_nothing_else_and_null_is_none():
    members = Members.of([pl.Series(["a", "b"]), pl.Series(["b", None, "c"])])
    assert len(members.hashes) == 3
    assert members.has(pl.Series(["c", "d", None, "a"])).to_list() == [True, False, False, True]
    assert Members.of([]).has(pl.Series(["a"])).to_list() == [False]


@pytest.mark.parametrize(
    ("path", "known"),
    [
        ("dfe/npd_pupils.parquet", True),
        ("dfe/npd_pupils.csv", False),
        ("dfe/hes_episodes.parquet", False),
        ("dfe/links/npd/12.parquet", True),
        ("dfe/links/npd/12.json", True),
        ("dfe/links/npd/new.parquet", False),
        ("srs/npd/3/run.json", True),
        ("srs/npd/3.part/pupils.parquet", False),
        ("slam/cris_letters.parquet", True),
        ("slam/letters.parquet", False),
        ("simulator/anything", True),
        ("elsewhere/npd_pupils.parquet", False),
    ],
)
def test_the_layout_knows_its_files(path, known):
    assert known_file(path, ["npd"], {"dfe"}) is known


def test_one_linkage_alone_looks_at_what_it_could_have_touched(parties):
    put(parties, "ons/census2011_identifiers.parquet", pl.DataFrame({"record": ["x"]}))
    paths = ("slam/a", "dfe/npd_x", "ons/census2011_x", "srs/npd/1/a", "srs/hes/1/a", "odd/b")
    registers = ("ons/census2011_identifiers.parquet", "dfe/npd_identifiers.parquet")
    found = concerning((*paths, *registers), "npd", {"npd", "hes", "census2011"})
    # ons/census2011_x has no ending, so that it has no place; the other's results are not for npd
    assert set(found) == {
        "slam/a", "dfe/npd_x", "ons/census2011_x", "srs/npd/1/a", "srs/hes/1/a", "odd/b",
        "dfe/npd_identifiers.parquet",
    }  # fmt: skip


@pytest.mark.parametrize("planted", PLANTED)
def test_what_is_planted_is_caught_by_a_look_at_one_linkage_too(planted, parties):
    plant, rule = PLANTED[planted]
    plant(parties)
    proof = check_separation(parties, linkages(), (), read_runs(parties), only="npd")
    assert rule in broken(proof)


def test_a_look_at_another_linkage_leaves_this_one_s_record_alone(parties):
    run = replace(read_runs(parties)[0], destroyed=())
    proof = check_separation(parties, linkages(), (), [run], only="hes")
    assert proof.holds
    assert proof.counts["letters"] == 0
