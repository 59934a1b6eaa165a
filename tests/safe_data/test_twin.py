"""The synthetic twin: nobody in it, and everything that must hold of everybody."""

import sys

import polars as pl
import pytest

from tests.safe_data.conftest import KEY, LINKED_ON
from tre.decision import UnusableRequestError
from tre.safe_data import world

ON = LINKED_ON


@pytest.fixture(scope="module")
def twin(small_world, tmp_path_factory):
    pytest.importorskip("sdv", reason="the extra `synthetic` is not installed")
    folder = tmp_path_factory.mktemp("twin") / "1"
    told = []
    manifest = world.synthetic_twin(
        small_world.extract, folder, seed=3, progress=lambda stage, share: told.append(share)
    )
    assert told == sorted(told)
    return folder, manifest


def table(twin, name):
    return pl.read_parquet(twin[0] / f"{name}.parquet")


def test_it_has_the_same_tables_and_columns_and_says_that_it_is_synthetic(twin, small_world):
    _, manifest = twin
    original = small_world.manifest
    assert manifest.synthetic
    assert not original.synthetic
    assert [t.name for t in manifest.tables] == [t.name for t in original.tables]
    for drawn, real in zip(manifest.tables, original.tables, strict=True):
        assert drawn.columns == real.columns
        assert table(twin, drawn.name).schema == small_world.extracted(real.name).schema
    assert world.read_manifest(twin[0]) == manifest


def test_nobody_real_is_in_it(twin, small_world):
    drawn, real = table(twin, "linked"), small_world.extracted("linked")
    assert len(drawn) == len(real)
    assert not set(drawn["person_id"]) & set(real["person_id"])
    values = [name for name in real.columns if name != "person_id"]
    copies = drawn.join(real, on=values, how="semi", nulls_equal=True)
    assert len(copies) <= 0.01 * len(drawn)


def test_controls_have_no_diagnosis_and_patients_have_one(twin):
    linked = table(twin, "linked")
    control = linked.filter(pl.col("group") == "control")
    patients = linked.filter(pl.col("group") == "CAMHS patient")
    assert set(control["diagnosis_group"]) == {"No CAMHS record"}
    assert control["first_referral_age"].null_count() == len(control)
    assert len(patients) > 50
    assert "No CAMHS record" not in set(patients["diagnosis_group"])
    assert patients["first_referral_age"].is_between(0, 17).all()
    psychosis = linked["diagnosis_group"] == "Psychosis (F20-F29)"
    assert psychosis.equals(linked["early_onset_psychosis"], check_names=False)


def test_numbers_are_in_their_ranges(twin):
    linked = table(twin, "linked")
    assert linked["imd_decile"].is_between(1, 10).all()
    assert linked["ks2_score"].drop_nulls().is_between(80, 120).all()
    assert linked["ks4_attainment8"].drop_nulls().is_between(0, 90).all()
    assert linked["absence_percent"].drop_nulls().is_between(0, 100).all()
    assert (linked["exclusions"] >= 0).all()


def test_nobody_has_a_result_before_the_age_for_it(twin):
    linked = table(twin, "linked")
    assert linked.filter(pl.col("birth_year") > 2014)["ks2_score"].null_count() == len(
        linked.filter(pl.col("birth_year") > 2014)
    )
    assert linked.filter(pl.col("ks4_attainment8").is_not_null())["birth_year"].max() <= 2009
    ks2 = table(twin, "attainment").filter(pl.col("key_stage") == "KS2")
    assert not set(ks2["school_year"]) & {"2019/20", "2020/21"}


def test_child_tables_agree_with_linked(twin):
    linked, years = table(twin, "linked"), table(twin, "absence")
    sums = years.group_by("person_id").agg(
        percent=(100 * pl.col("sessions_missed").sum() / pl.col("sessions_possible").sum()),
        suspensions=pl.col("suspensions").sum(),
        meals=pl.col("free_school_meals").any(),
        needs=(pl.col("sen_provision") != "N").any(),
    )
    both = linked.join(sums, on="person_id")
    assert len(both) == len(linked)
    assert ((both["percent"] - both["absence_percent"]).abs() < 0.006).all()
    assert both["suspensions"].equals(both["exclusions"], check_names=False)
    assert both["meals"].equals(both["free_school_meals"], check_names=False)
    assert both["needs"].equals(both["sen_support"], check_names=False)
    patients = linked.filter(pl.col("group") == "CAMHS patient")
    referrals = table(twin, "referrals")
    assert set(referrals["person_id"]) == set(patients["person_id"])
    assert (years["sessions_missed"] <= years["sessions_possible"]).all()
    assert (years["sessions_unauthorised"] <= years["sessions_missed"]).all()


def test_reasons_and_exclusions_agree_with_the_school_years(twin):
    key = ["person_id", "school_year"]
    years, reasons, drawn = (table(twin, n) for n in ("absence", "absence_reasons", "exclusions"))
    without = pl.col("sessions").filter(pl.col("reason").is_in(["G", "U", "N", "O"]))
    sums = reasons.group_by(key).agg(
        pl.col("sessions").sum(),
        without=without.sum(),
        suspended=pl.col("sessions").filter(pl.col("reason") == "E").sum(),
    )
    lost = drawn.group_by(key).agg(pl.col("sessions").sum().alias("lost"), pl.len().alias("count"))
    both = years.join(sums, on=key, how="left").join(lost, on=key, how="left").fill_null(0)
    assert len(both) == len(years)
    assert (both["sessions"] == both["sessions_missed"]).all()
    assert (both["without"] == both["sessions_unauthorised"]).all()
    assert (both["suspended"] == both["lost"]).all()
    assert (both["count"] == both["suspensions"]).all()
    assert both["lost"].sum() > 100
    begins = drawn["school_year"].str.slice(0, 4).cast(pl.Int32)
    month = drawn["started"].dt.month()
    assert (drawn["started"].dt.year() - (month < 9) == begins).all()


def test_reasons_are_about_as_frequent_as_the_real_ones(twin, small_world):
    shares = []
    for frame in (table(twin, "absence_reasons"), small_world.extracted("absence_reasons")):
        by = frame.group_by("reason").agg(pl.col("sessions").sum())
        shares.append(dict(by.with_columns(pl.col("sessions") / by["sessions"].sum()).iter_rows()))
    for reason, share in shares[1].items():
        assert abs(shares[0].get(reason, 0.0) - share) < 0.05, reason


def test_the_twin_looks_like_the_real_data(twin, small_world):
    drawn, real = table(twin, "linked"), small_world.extracted("linked")
    for column in ("ks2_score", "ks4_attainment8", "absence_percent", "birth_year"):
        spread = real[column].std()
        assert abs(drawn[column].mean() - real[column].mean()) < 0.25 * spread, column
    groups = drawn["diagnosis_group"].value_counts().sort("diagnosis_group")
    assert groups.equals(real["diagnosis_group"].value_counts().sort("diagnosis_group"))


def test_the_same_seed_gives_the_same_twin(twin, small_world, tmp_path):
    again = world.synthetic_twin(small_world.extract, tmp_path / "1", seed=3)
    assert again.tables == twin[1].tables


@pytest.mark.parametrize(
    "variables",
    [
        ("linked.sex", "linked.ks4_attainment8", "attainment.score", "attainment.key_stage"),
        ("linked.group", "linked.early_onset_psychosis", "referrals.age_at_referral"),
        ("linked.sex", "linked.birth_year", "absence.suspensions", "absence.sessions_missed"),
        ("linked.exclusions", "linked.imd_decile", "referrals.days_in_care"),
        ("linked.early_onset_psychosis", "linked.ks2_score", "absence.sessions_missed"),
        ("linked.exclusions", "linked.diagnosis_group", "absence.year_group"),
        ("linked.exclusions", "linked.sex", "exclusions.sessions", "exclusions.reason"),
        ("linked.sex", "linked.birth_year", "exclusions.started", "absence_reasons.reason"),
        ("linked.sex", "linked.imd_decile", "absence_reasons.sessions", "absence.suspensions"),
        (
            "linked.sex",
            "linked.imd_decile",
            "absence.school_year",
            "absence.sessions_missed",
            "absence.suspensions",
            "absence_reasons.school_year",
            "absence_reasons.reason",
            "absence_reasons.sessions",
            "exclusions.reason",
            "exclusions.sessions",
        ),
    ],
)
def test_a_twin_can_be_made_of_a_part_of_the_variables(small_world, tmp_path, variables):
    pytest.importorskip("sdv", reason="the extra `synthetic` is not installed")
    asked = {"project": "p", "variables": variables, "key": KEY, "on": ON}
    world.make_extract(small_world.parties, into=tmp_path / "real", **asked)
    manifest = world.synthetic_twin(tmp_path / "real", tmp_path / "twin", seed=1)
    for drawn in manifest.tables:
        real = pl.read_parquet(tmp_path / "real" / drawn.file)
        assert pl.read_parquet(tmp_path / "twin" / drawn.file).schema == real.schema


def test_a_twin_belongs_to_the_practice_project_it_is_made_for(small_world, tmp_path):
    pytest.importorskip("sdv", reason="the extra `synthetic` is not installed")
    variables = ("linked.sex", "linked.birth_year")
    asked = {"project": "real", "variables": variables, "key": KEY, "on": ON}
    world.make_extract(small_world.parties, into=tmp_path / "real", **asked)
    twin = world.synthetic_twin(tmp_path / "real", tmp_path / "twin", seed=1, project="practice")
    assert (twin.project, twin.synthetic) == ("practice", True)


def test_without_sdv_it_says_what_to_install(small_world, tmp_path, monkeypatch):
    for name in ("sdv", "sdv.metadata", "sdv.single_table"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(UnusableRequestError, match=r"extra `synthetic` \(pip install"):
        world.synthetic_twin(small_world.extract, tmp_path / "1", seed=1)
    assert list(tmp_path.iterdir()) == []


def test_a_twin_is_never_written_over(small_world):
    with pytest.raises(UnusableRequestError, match="already there"):
        world.synthetic_twin(small_world.extract, small_world.extract, seed=1)


def test_an_extract_without_linked_has_nothing_to_learn_from(small_world, tmp_path):
    asked = {"project": "p", "variables": ("absence.suspensions",), "key": KEY, "on": ON}
    world.make_extract(small_world.parties, into=tmp_path / "real", **asked)
    with pytest.raises(UnusableRequestError, match="learnt from the table 'linked'"):
        world.synthetic_twin(tmp_path / "real", tmp_path / "twin", seed=1)


def test_notes_are_left_out(small_world, tmp_path):
    pytest.importorskip("sdv", reason="the extra `synthetic` is not installed")
    variables = ("linked.sex", "linked.diagnosis_group", "notes.author", "notes.text")
    asked = {"project": "study", "variables": variables, "key": KEY, "on": ON}
    world.make_extract(small_world.parties, into=tmp_path / "1", **asked)
    manifest = world.synthetic_twin(tmp_path / "1", tmp_path / "2", seed=3)
    assert [table.name for table in manifest.tables] == ["linked"]
    assert manifest.variables == variables[:2]
