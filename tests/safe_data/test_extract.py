"""A project's extract: what is in it, and what is not."""

import hashlib
import json
import shutil
from datetime import date
from typing import Any

import polars as pl
import pytest

from tests.safe_data.conftest import EVERYTHING, KEY, LINKED_ON
from tre.decision import UnusableRequestError
from tre.safe_data import world
from tre.safe_data.extracts import extract as extracting
from tre.safe_data.extracts.education import TABLES
from tre.safe_data.holders import research_ids
from tre.safe_data.linkages import linkage
from tre.safe_data.pseudonyms import keyed

FEW = ("linked.sex", "linked.ks4_attainment8", "absence.sessions_missed")


def make(small_world, into, **changed):
    asked: dict[str, Any] = {"project": "study", "variables": FEW, "key": KEY, "on": LINKED_ON}
    asked |= changed
    return world.make_extract(small_world.parties, into=into, **asked)


def ids(folder, table="linked"):
    return pl.read_parquet(folder / f"{table}.parquet")["person_id"]


def test_only_granted_variables_and_the_pseudonym_are_in_it(small_world, tmp_path):
    manifest = make(small_world, tmp_path / "1")
    assert sorted(path.name for path in (tmp_path / "1").iterdir()) == [
        "absence.parquet",
        "dictionary.html",
        "linked.parquet",
        "manifest.json",
        "ro-crate-metadata.json",
    ]
    assert list(pl.read_parquet_schema(tmp_path / "1" / "linked.parquet")) == [
        "person_id",
        "sex",
        "ks4_attainment8",
    ]
    assert manifest.variables == FEW


@pytest.mark.parametrize("variables", [(), ("linked.nhs_number",), ("sex",), (*FEW, "absence.x")])
def test_a_variable_that_is_not_in_the_catalogue_is_refused(small_world, tmp_path, variables):
    with pytest.raises(UnusableRequestError, match="not in the catalogue"):
        make(small_world, tmp_path / "1", variables=variables)
    assert list(tmp_path.iterdir()) == []


def test_everything_that_can_be_granted_is_as_the_catalogue_says(small_world):
    types = {
        "string": pl.String,
        "integer": pl.Int64,
        "number": pl.Float64,
        "boolean": pl.Boolean,
        "date": pl.Date,
    }
    for table in small_world.manifest.tables:
        frame = small_world.extracted(table.name)
        assert frame.columns == [column.name for column in table.columns]
        for column in table.columns:
            assert frame.schema[column.name] == types[column.type], column.name
            if column.codes:
                assert set(frame[column.name].drop_nulls()) <= set(column.codes), column.name


def test_the_manifest_gives_the_hash_of_every_file(small_world):
    for table in small_world.manifest.tables:
        content = (small_world.extract / table.file).read_bytes()
        assert hashlib.sha256(content).hexdigest() == table.sha256
        assert len(small_world.extracted(table.name)) == table.rows
    assert world.read_manifest(small_world.extract) == small_world.manifest
    plain = json.loads((small_world.extract / "manifest.json").read_text())
    assert (plain["unit"], plain["policy"], plain["synthetic"]) == ("person_id", "srs", False)


def test_the_files_of_an_extract_are_read_only(small_world):
    modes = {path.stat().st_mode & 0o777 for path in small_world.extract.iterdir()}
    assert modes == {0o444}


def test_a_version_is_never_overwritten(small_world):
    with pytest.raises(UnusableRequestError, match="already there"):
        make(small_world, small_world.extract)


def test_two_versions_of_a_project_keep_its_pseudonyms(small_world, tmp_path):
    make(small_world, tmp_path / "2")
    assert ids(tmp_path / "2").equals(ids(small_world.extract))


@pytest.mark.parametrize("other", [{"key": b"another key of the other one...."}, {"project": "b"}])
def test_two_projects_cannot_be_joined(small_world, tmp_path, other):
    make(small_world, tmp_path / "2", **other)
    assert not set(ids(tmp_path / "2")) & set(ids(small_world.extract))
    # Nor by the order of rows: people stand in the order of the project's own pseudonyms.
    assert ids(tmp_path / "2").is_sorted()


def test_no_pseudonym_of_another_party_is_in_it(small_world):
    pupils = small_world.table("srs/npd/1/pupils.parquet")
    foreign = set(pupils["education_id"]) | set(pupils["cris_pseudonym"].drop_nulls())
    for table in small_world.manifest.tables:
        frame = small_world.extracted(table.name)
        for column in frame.select(pl.col(pl.String)).columns:
            assert not foreign & set(frame[column])


def test_a_short_key_is_refused(small_world, tmp_path):
    with pytest.raises(UnusableRequestError, match="at least 16 bytes, not 5"):
        make(small_world, tmp_path / "1", key=b"short")
    assert list(tmp_path.iterdir()) == []


def test_a_pseudonym_is_the_keyed_hash_of_purpose_and_value():
    # printf 'person:p\0a' | openssl dgst -sha256 -hmac 0123456789abcdef, first 32 digits
    made = keyed(pl.Series("n", ["a", None]), b"0123456789abcdef", "person:p")
    import hmac  # noqa: PLC0415

    by_hand = hmac.new(b"0123456789abcdef", b"person:p\0a", "sha256").hexdigest()[:32]
    assert made.to_list() == [by_hand, None]


# Who is in it ------------------------------------------------------------------------------------
def test_patients_have_a_diagnosis_and_controls_have_none(small_world):
    linked = small_world.extracted("linked")
    control = linked.filter(pl.col("group") == "control")
    patients = linked.filter(pl.col("group") == "CAMHS patient")
    assert len(control) + len(patients) == len(linked) == small_world.manifest.people
    assert set(control["diagnosis_group"]) == {"No CAMHS record"}
    assert control["first_referral_age"].null_count() == len(control)
    assert not control["early_onset_psychosis"].any()
    assert "No CAMHS record" not in set(patients["diagnosis_group"])
    assert patients["first_referral_age"].is_between(0, 17).all()
    psychosis = patients["diagnosis_group"] == "Psychosis (F20-F29)"
    assert psychosis.equals(patients["early_onset_psychosis"], check_names=False)


def test_child_tables_are_about_people_of_linked_only(small_world):
    linked = set(small_world.extracted("linked")["person_id"])
    for name in TABLES[1:]:
        assert set(small_world.extracted(name)["person_id"]) <= linked
    patients = small_world.extracted("linked").filter(pl.col("group") == "CAMHS patient")
    assert set(small_world.extracted("referrals")["person_id"]) == set(patients["person_id"])


def test_linked_sums_up_the_school_years(small_world):
    linked = small_world.extracted("linked").sort("person_id")
    years = small_world.extracted("absence")
    for row in linked.head(25).iter_rows(named=True):
        own = years.filter(pl.col("person_id") == row["person_id"])
        percent = 100 * own["sessions_missed"].sum() / own["sessions_possible"].sum()
        assert row["absence_percent"] == pytest.approx(percent, abs=0.006)
        assert row["exclusions"] == own["suspensions"].sum()
        assert row["free_school_meals"] == own["free_school_meals"].any()
        assert row["sen_support"] == (own["sen_provision"] != "N").any()


def test_who_objects_after_the_linkage_is_in_no_later_extract(small_world, tmp_path):
    parties = tmp_path / "parties"
    shutil.copytree(small_world.parties, parties)
    pupils = pl.read_parquet(parties / "srs" / "npd" / "1" / "pupils.parquet")
    patient = pupils.drop_nulls("cris_pseudonym").row(0, named=True)
    control = pupils.filter(pl.col("cris_pseudonym").is_null()).row(0, named=True)
    _add(
        parties / "slam" / "cris_opt_outs.parquet",
        {"cris_pseudonym": patient["cris_pseudonym"], "scope": "all", "since": date(2026, 3, 1)},
    )
    everyone = pl.read_parquet(parties / "dfe" / "npd_pupils.parquet")["pupil"]
    at = (
        research_ids(everyone, parties / "dfe", linkage("npd"))
        .to_list()
        .index(control["education_id"])
    )
    _add(
        parties / "dfe" / "npd_objections.parquet",
        {"pupil": everyone[at], "since": date(2026, 3, 1)},
    )
    counts = []
    for version, on in (("1", date(2026, 2, 28)), ("2", date(2026, 3, 1))):
        asked = {"project": "study", "variables": EVERYTHING, "key": KEY, "on": on}
        world.make_extract(parties, into=tmp_path / version, **asked)
        counts.append(
            pl.read_parquet(tmp_path / version / "linked.parquet")["group"].value_counts()
        )
    later = world.read_manifest(tmp_path / "2").transfers[-1]
    assert (later.sender, later.columns) == ("Department for Education", ("education_id",))
    assert later.rows == 1
    gone = set(ids(tmp_path / "1")) - set(ids(tmp_path / "2"))
    assert len(gone) == 2
    before, after = (dict(count.iter_rows()) for count in counts)
    assert after["CAMHS patient"] == before["CAMHS patient"] - 1
    assert after["control"] == before["control"] - 1  # and the patient is not a control now
    for table in TABLES[1:]:
        assert not gone & set(ids(tmp_path / "2", table))


def _add(file, row):
    frame = pl.read_parquet(file)
    pl.concat([frame, pl.DataFrame([row], schema=frame.schema)]).write_parquet(file)


def test_what_the_cdls_brings_has_no_identifier_and_only_what_was_granted(small_world, tmp_path):
    variables = ("linked.sex", "linked.diagnosis_group")
    manifest = make(small_world, tmp_path / "1", variables=variables)
    [brought] = manifest.transfers
    assert brought.columns == ("cris_pseudonym", "diagnosis_group")
    assert (brought.sender, brought.receiver) == (
        "Clinical Data Linkage Service",
        "ONS Secure Research Service",
    )
    assert not list((small_world.parties / "srs").glob("incoming/*"))


def test_the_default_world_has_a_small_cell_to_protect(tmp_path):
    """20,000 people, the default seed: some diagnosis group and sex has fewer than ten people."""
    parties = tmp_path / "parties"
    world.build(parties, people=20_000, seed=2026)
    world.link(parties, "npd", on=date(2026, 11, 22), seed=2026)
    asked = {"variables": ("linked.sex", "linked.diagnosis_group"), "on": date(2026, 11, 22)}
    world.make_extract(parties, project="p", key=KEY, into=tmp_path / "1", **asked)
    linked = pl.read_parquet(tmp_path / "1" / "linked.parquet")
    cells = linked.group_by("diagnosis_group", "sex").len()
    assert len(cells) == 12
    assert 0 < len(cells.filter(pl.col("len") < 10)) <= 2
    report = world.report(parties, "npd")
    assert (report.precision or 0) >= 0.998
    assert (report.recall or 0) >= 0.97


# Bad input ---------------------------------------------------------------------------------------
def test_without_a_linkage_there_is_no_extract(small_world, tmp_path):
    for party in ("slam", "dfe"):
        shutil.copytree(small_world.parties / party, tmp_path / "parties" / party)
    asked = {"project": "p", "variables": FEW, "key": KEY, "on": LINKED_ON}
    with pytest.raises(UnusableRequestError, match="has not been run yet"):
        world.make_extract(tmp_path / "parties", into=tmp_path / "1", **asked)


def test_an_unknown_diagnosis_code_is_refused(small_world, tmp_path):
    shutil.copytree(small_world.parties, tmp_path / "parties")
    file = tmp_path / "parties" / "slam" / "cris_diagnoses.parquet"
    frame = pl.read_parquet(file)
    frame.with_columns(pl.lit("295.3").alias("icd10")).write_parquet(file)
    asked = {"project": "p", "variables": FEW, "key": KEY, "on": LINKED_ON}
    with pytest.raises(UnusableRequestError, match="not written as in ICD-10"):
        world.make_extract(tmp_path / "parties", into=tmp_path / "1", **asked)
    assert not (tmp_path / "1").exists()


def test_an_extract_that_fails_half_way_leaves_nothing(small_world, tmp_path, monkeypatch):
    def fails(*_):
        message = "no space left on device"
        raise OSError(message)

    monkeypatch.setattr(extracting, "write_extract", fails)
    with pytest.raises(OSError, match="no space"):
        make(small_world, tmp_path / "1")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"made_on": "yesterday"}'])
def test_what_is_no_manifest_is_refused(tmp_path, text):
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(UnusableRequestError, match="not the manifest of an extract"):
        world.read_manifest(tmp_path)


def test_a_folder_without_a_manifest_is_no_extract(tmp_path):
    with pytest.raises(UnusableRequestError, match="not the manifest"):
        world.read_manifest(tmp_path)
