"""Outputs made again from the extract: what is claimed is believed only where it agrees."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from output_checks import Policy, PolicyError, Table
from tests.safe_outputs.extracts import PEOPLE, by_sex, in_session, make_extract
from tre.safe_outputs import recomputation
from tre.safe_outputs.file_check import FileCheck
from tre.safe_outputs.recomputation import Submitted, recompute


@pytest.fixture(scope="module")
def extract(tmp_path_factory) -> Path:
    return make_extract(tmp_path_factory.mktemp("extracts") / "v1")


def submitted(table: Table, extract: Path | None, **changes: Any) -> Submitted:
    output = Submitted(
        content=table.to_csv().encode(),
        name="table.csv",
        declaration=table.declaration.to_json(),
        extract=extract,
        policy="srs",
    )
    return replace(output, **changes)


def declared(table: Table, **changes: Any) -> str:
    """The table's declaration with some claims changed."""
    return json.dumps(json.loads(table.declaration.to_json()) | changes)


def rules(check: FileCheck) -> list[str]:
    return [one["rule"] for one in check.findings]


def test_a_declared_table_that_agrees_is_recomputed(extract):
    check = recompute(submitted(by_sex(), extract))
    assert (check.verdict, check.provenance, check.findings) == ("pass", "recomputed", ())
    assert check.table == (
        {"sex": "Female", "value": 30},
        {"sex": "Male", "value": 30},
        {"sex": "Total", "value": 60},
    )
    assert [row["units"] for row in check.evidence] == [30, 30, 60]
    assert (check.policy_name, check.policy_hash) == ("srs", Policy.named("srs").hash)


def test_a_disclosive_table_fails_with_its_cells_however_honestly_declared(extract):
    check = recompute(submitted(in_session().table("sex", "group"), extract))
    assert (check.verdict, check.provenance) == ("fail", "recomputed")
    (small,) = check.findings
    assert (small["rule"], small["cells"]) == (
        "threshold",
        [{"sex": "Female", "group": "patient"}],
    )


def test_a_protected_table_is_protected_again_and_proved(extract):
    check = recompute(submitted(in_session().table("sex", "group").protect("suppress"), extract))
    assert (check.verdict, check.provenance) == ("pass", "recomputed")
    # 30 women, 16 patients: women who are patients are 0 to 16
    assert {
        "sex": "Female",
        "group": "patient",
        "lower": 0.0,
        "upper": 16.0,
        "exact": True,
    } in check.proof


def test_a_rounded_table_is_rounded_again(extract):
    rounded = in_session().table("sex", "group").protect("round", base=5)
    check = recompute(submitted(rounded, extract))
    assert "recomputation" not in rules(check)
    assert check.provenance == "recomputed"


def test_claiming_a_protection_that_was_not_applied_is_found(extract):
    bare = in_session().table("sex", "group")
    claim = declared(bare, protection={"method": "suppress"})
    check = recompute(submitted(bare, extract, declaration=claim))
    assert (check.verdict, check.provenance) == ("fail", "asserted")
    assert "4 of 9 values are not those" in check.findings[0]["message"]
    assert "the file says 4, the rebuilt has no value there" in check.findings[0]["message"]


def test_a_changed_value_is_found_with_both_values_and_its_cell(extract):
    table = by_sex()
    content = table.to_csv().replace("30", "31", 1).encode()
    check = recompute(submitted(table, extract, content=content))
    assert (check.verdict, check.provenance) == ("fail", "asserted")
    (changed,) = check.findings
    assert changed["rule"] == "recomputation"
    assert changed["cells"] == [{"sex": "Female"}]
    assert "at sex=Female the file says 31, the rebuilt 30." in changed["message"]
    assert check.table[0] == {"sex": "Female", "value": 30}


def test_many_changed_values_are_counted_and_five_are_named(extract):
    table = in_session().table("sex", "group")
    rows = [line.rsplit(",", 1)[0] + ",1" for line in table.to_csv().splitlines()[1:]]
    content = "\n".join(["sex,group,value", *rows]).encode()
    (changed, *_) = recompute(submitted(table, extract, content=content)).findings
    assert changed["message"].count("the file says") == 5
    assert changed["message"].endswith("; and 4 more.")


def test_another_file_under_a_true_declaration_is_found(extract):
    check = recompute(submitted(by_sex(), extract, content=b"Ada,likes\nblue,hats\n"))
    assert (check.verdict, rules(check)) == ("fail", ["recomputation"])
    assert "is not the table that it declares: its columns are" in check.findings[0]["message"]


# The policy


def test_a_weaker_policy_of_the_session_s_own_does_not_help(extract):
    # opensafely withholds 1 to 7 and rounds to 5; the project's srs asks for 10: both hold
    weaker = in_session("opensafely").table("sex", "group").protect("suppress", base=5)
    check = recompute(submitted(weaker, extract, policy="srs"))
    assert check.policy_name == "opensafely+srs"
    assert "judged under the strictest of both (opensafely+srs)" in check.note


def test_an_honest_table_of_another_policy_is_recomputed_and_judged_by_both(extract):
    # 4 women are patients: opensafely withholds them and rounds what is left to 5
    other = in_session("opensafely").table("sex", "group").protect("suppress")
    check = recompute(submitted(other, extract, policy="srs"))
    assert check.provenance == "recomputed"
    assert "recomputation" not in rules(check)
    assert check.policy_name == "opensafely+srs"


def test_a_cell_that_only_a_weaker_policy_lets_through_fails(extract):
    # people 0 to 7 of the men: 8 are enough for opensafely (8), and too few for srs (10)
    weaker = in_session("opensafely").table("sex", where="person_id < 'p0000008'")
    check = recompute(submitted(weaker, extract, policy="srs"))
    assert (check.verdict, check.provenance) == ("fail", "recomputed")
    assert "threshold" in rules(check)


def test_an_interval_wide_enough_for_a_weaker_policy_alone_fails(extract):
    # 12 women are in two withheld cells of 4 and 8 whose sum is published: each is 0 to 12. A
    # threshold above 12 asks for more than the declared policy's 8 did when it chose the cells.
    table = in_session("opensafely").table("sex", "group").protect("suppress", base=1)
    strict = replace(Policy.named("srs"), name="strict", threshold=40)
    findings = table.report(strict).findings
    assert "withheld_cells" in [one.rule for one in findings]


def test_a_policy_that_the_project_has_already_changes_nothing(extract):
    check = recompute(submitted(by_sex("srs"), extract, policy="dfe+srs"))
    assert check.policy_name == "dfe+srs"
    assert "strictest of both" not in check.note


@pytest.mark.parametrize(
    "claimed", ["none", "", "/etc/passwd.toml", "../../weak.toml", "srs+", "+"]
)
def test_a_policy_that_is_not_known_is_not_followed(extract, claimed):
    check = recompute(submitted(by_sex(), extract, declaration=declared(by_sex(), policy=claimed)))
    assert check.verdict == "fail"
    assert "could not be made again: unknown policy" in check.findings[0]["message"]


def test_an_unknown_policy_of_the_project_raises(extract):
    with pytest.raises(PolicyError, match="unknown policy"):
        recompute(submitted(by_sex(), extract, policy="lax"))


# Declarations that lie or do harm


@pytest.mark.parametrize(
    "claim",
    [
        # no table of the manifest, however it is spelt
        {"dataset": "other"},
        {"dataset": ""},
        {"dataset": "../v1/linked"},
        {"dataset": "/etc/passwd"},
        {"dataset": "linked.parquet"},
        {"dataset": "li*"},
        {"dataset": "x" * 10_000},
        # another unit, so that nobody is counted twice
        {"unit": "sex"},
        {"unit": None},
        # columns and statistics that are not there
        {"rows": ["nothing"]},
        {"rows": []},
        {"rows": ["person_id"]},
        {"statistic": "median", "of": "score"},
        {"statistic": "mean"},
        {"statistic": "mean", "of": "sex"},
        # SQL that is not of a single row, or not SQL
        {"where": "score > (SELECT max(score) FROM self)"},
        {"where": "score = max(score)"},
        {"where": "1; DROP TABLE linked"},
        {"where": "read_csv('/etc/passwd')"},
        {"where": "sex"},
        {"where": "score > 1000"},
        {"derive": {"sex": "'x'"}},
        {"derive": {"person_id": "sex"}},
        {"derive": {"a": "rank() over (order by score)"}},
        # protections that are not understood
        {"protection": {"method": "supress"}},
        {"protection": {"method": "suppress", "threshold": 1}},
        {"protection": {"method": "round", "base": 0}},
        {"protection": {"method": "noise", "epsilon": 1}},
        {"structural_zeros": [{"sex": "Female"}]},
        # words and kinds that no declaration has
        {"verdict": "pass"},
        {"rows": "sex"},
        {"margins": "yes"},
        # too many dimensions
        {"rows": [f"d{number}" for number in range(9)]},
        {"where": "score > 0 " + "and score > 0 " * 6_000},
    ],
    ids=lambda claim: str(claim)[:60],
)
def test_a_claim_that_cannot_be_kept_fails(extract, claim):
    check = recompute(submitted(by_sex(), extract, declaration=declared(by_sex(), **claim)))
    assert (check.verdict, check.provenance) == ("fail", "asserted")
    assert check.findings[0]["rule"] == "recomputation"


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"a": NaN}', "[" * 50_000, '"' + "x" * 70_000]
)
def test_a_declaration_that_is_none_fails(extract, text):
    check = recompute(submitted(by_sex(), extract, declaration=text))
    assert (check.verdict, check.findings[0]["rule"]) == ("fail", "recomputation")


def test_a_pseudonym_smuggled_in_as_a_label_is_found(extract):
    # one derived label for everybody, which happens to be somebody's pseudonym
    table = in_session().table("note", derive={"note": "'p0000007'"}, margins=False)
    check = recompute(submitted(table, extract))
    assert check.verdict == "fail"
    assert rules(check) == ["identifiers"]


def test_a_label_that_a_spreadsheet_would_run_is_found(extract):
    table = in_session().table("note", derive={"note": "'=HYPERLINK(1)'"}, margins=False)
    assert recompute(submitted(table, extract)).verdict == "pass"  # an apostrophe is before it
    bare = table.to_csv().replace("'", "").encode()
    check = recompute(submitted(table, extract, content=bare))
    assert (check.verdict, rules(check)) == ("review", ["active_content"])


def test_a_table_that_nobody_can_review_fails(extract):
    check = recompute(submitted(by_sex(), extract, most_cells=2))
    said = check.findings[0]["message"]
    assert "has 3 cells, and nobody can review so many; at most 2 are taken" in said
    assert "ask the TRE manager" in said
    assert len(check.table) == 2


def test_a_number_without_end_is_kept_as_none():
    kept = recomputation._plain([{"a": float("nan"), "b": float("-inf"), "c": 1.5, "d": "x"}], 9)
    assert kept == ({"a": None, "b": None, "c": 1.5, "d": "x"},)


# Without a declaration


def test_a_file_without_a_declaration_rests_on_a_word(extract):
    check = recompute(submitted(by_sex(), extract, declaration=None))
    assert (check.verdict, check.provenance) == ("review", "asserted")
    assert check.note.startswith("No declaration")
    assert check.table == (
        {"sex": "Female", "value": "30"},
        {"sex": "Male", "value": "30"},
        {"sex": "Total", "value": "60"},
    )


def test_records_of_people_fail(extract):
    content = PEOPLE.write_csv().encode()
    check = recompute(submitted(by_sex(), extract, content=content, declaration=None))
    assert check.verdict == "fail"
    assert {"identifiers", "record_level"} <= set(rules(check))


def test_a_file_that_cannot_be_read_fails(extract):
    check = recompute(submitted(by_sex(), extract, name="model.pkl", declaration=None))
    assert check.verdict == "fail"


def test_a_file_without_a_name_fails_and_says_so(extract):
    check = recompute(submitted(by_sex(), extract, name="", declaration=None))
    assert (check.verdict, rules(check)) == ("fail", ["file"])


def test_before_there_is_an_extract_nothing_can_be_made_again():
    check = recompute(submitted(by_sex(), None))
    assert "the project has no extract" in check.findings[0]["message"]
    assert recompute(submitted(by_sex(), None, declaration=None)).verdict == "review"


# Noise


def noisy(epsilon: float = 0.5) -> Table:
    table = by_sex()
    done = replace(table.declaration, protection={"method": "noise", "epsilon": epsilon})
    return replace(table, declaration=done)


def on_record(table: Table) -> tuple[str, ...]:
    return ("00" * 32, hashlib.sha256(table.to_csv().encode()).hexdigest())


def test_noise_that_the_service_drew_is_known_by_its_bytes(extract):
    check = recompute(submitted(noisy(), extract, private_results=on_record(noisy())))
    assert (check.verdict, check.provenance) == ("pass", "recomputed")
    assert check.table[0] == {"sex": "Female", "value": "30"}
    assert check.evidence == ()


def test_much_noise_budget_in_one_table_goes_to_a_person(extract):
    table = noisy(epsilon=50)
    check = recompute(submitted(table, extract, private_results=on_record(table)))
    assert (check.verdict, rules(check)) == ("review", ["noise"])


def test_noise_that_is_not_on_the_record_fails(extract):
    content = noisy().to_csv().replace("30", "31").encode()
    check = recompute(
        submitted(noisy(), extract, content=content, private_results=on_record(noisy()))
    )
    assert check.verdict == "fail"
    assert "the privacy budget's record has no such result" in check.findings[0]["message"]


# A broken extract


def broken(extract: Path, tmp_path: Path, **manifest: Any) -> Path:
    folder = make_extract(tmp_path / "broken")
    plain = json.loads((extract / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(plain | manifest))
    return folder


@pytest.mark.parametrize("declaration", [None, "{}"])
@pytest.mark.parametrize(
    ("manifest", "words"),
    [
        ({"tables": [{"name": "linked"}]}, "manifest cannot be read"),
        ({"tables": 7}, "manifest cannot be read"),
        ({"tables": [{"name": "t", "file": "gone.parquet", "sha256": ""}]}, "No such file"),
        (
            {"tables": [{"name": "t", "file": "linked.parquet", "sha256": "00"}]},
            "is not the one of its manifest",
        ),
        ({"unit": "patient"}, "patient"),
    ],
)
def test_an_extract_that_is_not_whole_checks_nothing(
    extract, tmp_path, manifest, words, declaration
):
    folder = broken(extract, tmp_path, **manifest)
    check = recompute(submitted(by_sex(), folder, declaration=declaration))
    assert (check.verdict, rules(check)) == ("fail", ["extract"])
    assert words in check.findings[0]["message"]


def test_an_extract_without_a_manifest_checks_nothing(tmp_path):
    assert rules(recompute(submitted(by_sex(), tmp_path))) == ["extract"]


def test_a_table_that_is_no_parquet_checks_nothing(extract, tmp_path):
    folder = broken(extract, tmp_path)
    (folder / "linked.parquet").write_bytes(b"nothing")
    sha256 = hashlib.sha256(b"nothing").hexdigest()
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["tables"][0]["sha256"] = sha256
    (folder / "manifest.json").write_text(json.dumps(manifest))
    assert rules(recompute(submitted(by_sex(), folder))) == ["extract"]


def test_the_extract_s_people_are_those_of_all_its_tables(extract):
    people = recomputation.Extract.read(extract).pseudonyms()
    assert people == frozenset(PEOPLE["person_id"])
