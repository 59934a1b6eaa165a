"""Policies: every field with its source; nothing misspelt; the strictest field by field."""

import math
from dataclasses import replace
from importlib import resources

import pytest

from output_checks import Data, Policy, PolicyError, Verdict, policies
from output_checks.policy import SETTINGS
from tests.output_checks.drawing import data


def file_of(tmp_path, **changes):
    text = (resources.files("output_checks") / "policies/srs.toml").read_text()
    for before, after in changes.values():
        assert before in text
        text = text.replace(before, after, 1)
    file = tmp_path / "own.toml"
    file.write_text(text)
    return file


def test_the_named_policies_ship_with_a_source_beside_each_number():
    assert policies() == ("abs", "dfe", "eurostat", "hes", "opensafely", "srs", "ukllc")
    for name in policies():
        policy = Policy.named(name)
        assert policy.name == name
        assert set(policy.sources) == set(SETTINGS)


def test_the_defaults_of_srs():
    srs = Policy.named("srs")
    assert (srs.threshold, srs.zeros, srs.p_percent) == (10, Verdict.REVIEW, 10)
    assert (srs.dominance_1_review, srs.dominance_2_fail) == (50, 90)
    assert (srs.class_disclosure_review, srs.class_disclosure_fail) == (90, 100)
    assert srs.dominance_1_fail == math.inf


def test_the_strictest_is_taken_field_by_field():
    both = Policy.strictest([Policy.named("ukllc"), Policy.named("hes")])
    assert both.name == "hes+ukllc"
    assert (both.threshold, both.zeros, both.rounding_base) == (10, "fail", 5)
    assert both == Policy.named("ukllc+hes")
    assert both.sources["zeros"].startswith("ukllc:")
    assert Policy.strictest([Policy.named("srs")]).name == "srs"
    with pytest.raises(PolicyError, match="at least one"):
        Policy.strictest([])


def test_bases_that_do_not_divide_each_other_ask_for_both(tmp_path):
    six = Policy.read(
        file_of(
            tmp_path,
            name=('name = "srs"', 'name = "six"'),
            base=("[rounding_base]\nvalue = 1", "[rounding_base]\nvalue = 6"),
        )
    )
    both = Policy.strictest([six, Policy.named("hes")])
    assert both.rounding_base == 30
    assert "needed to keep every policy" in both.sources["rounding_base"]


@pytest.mark.parametrize("first", policies())
@pytest.mark.parametrize("second", policies())
def test_the_strictest_policy_finds_at_least_what_each_does(first, second):
    table = data("F M\na 7 20\nb 0 40\nc 12 9").table("group", "sex")
    order = list(Verdict)
    together = table.report(Policy.strictest([Policy.named(first), Policy.named(second)]))
    for name in (first, second):
        assert order.index(together.verdict) >= order.index(table.report(name).verdict)


def test_the_hash_changes_with_any_value(tmp_path):
    srs = Policy.named("srs")
    new = {"t": ("value = 10\n", "value = 11\n"), "name": ('name = "srs"', 'name = "own"')}
    other = Policy.read(file_of(tmp_path, **new))
    assert other.threshold == 11
    assert other.hash != srs.hash
    assert len(srs.hash) == 64
    report = data("F\na 30").table("group").report().to_dict()
    assert report["policy"] == {"name": "srs", "hash": srs.hash}


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("[threshold]", "[treshold]", 'Did you mean "threshold"'),
        ("value = 10\n", 'value = "ten"\n', "whole number"),
        ("value = 10\n", "value = 0\n", "whole number"),
        ("value = 10\n", "value = true\n", "whole number"),
        ('value = "review"', 'value = "revue"', '"pass", "review" or "fail"'),
        ("value = 90", "value = 0", "percentage"),
        ("value = 90", 'value = "nevr"', "percentage"),
        ("[p_percent]\nvalue = 10", "[p_percent]\nvalue = -1", "at least 0"),
        ('title = "ONS Secure Research Service"', "title = 3", "title"),
        ('source = "ONS SRS rule of thumb', 'sorce = "ONS SRS rule of thumb', "exactly"),
        (
            'source = "ONS SRS rule of thumb for counts; the same in ADR UK and UK LLC"',
            'source = ""',
            "source in words",
        ),
        ("[zeros]", "[zeros", "not valid TOML"),
    ],
)
def test_an_unknown_field_or_word_is_refused(tmp_path, before, after, says):
    with pytest.raises(PolicyError, match=says):
        Policy.read(file_of(tmp_path, change=(before, after)))


def test_a_refusal_names_the_file_the_field_the_value_and_what_is_allowed(tmp_path):
    file = file_of(tmp_path, change=('[zeros]\nvalue = "review"', '[zeros]\nvalue = "often"'))
    with pytest.raises(PolicyError) as refused:
        Policy.read(file)
    assert str(refused.value) == (
        f'{file}: [zeros] value must be "pass", "review" or "fail", not \'often\''
    )


@pytest.mark.parametrize("name", SETTINGS)
def test_every_field_must_be_there_with_a_value_that_is_understood(tmp_path, name):
    line = next(
        line
        for line in file_of(tmp_path).read_text().partition(f"[{name}]\n")[2].splitlines()
        if line.startswith("value")
    )
    with pytest.raises(PolicyError, match=rf"own\.toml: \[{name}\] must have exactly"):
        Policy.read(file_of(tmp_path, change=(f"[{name}]\n{line}\n", f"[{name}]\n")))
    for nonsense in ('"sometimes"', "-3", "[]", "nan"):
        change = (f"[{name}]\n{line}\n", f"[{name}]\nvalue = {nonsense}\n")
        with pytest.raises(PolicyError, match=rf"own\.toml: \[{name}\] value must be"):
            Policy.read(file_of(tmp_path, change=change))


def test_the_fields_of_a_policy_are_its_settings():
    words = {"name", "title", "version", "sources", "members"}
    assert set(Policy.__dataclass_fields__) - words == set(SETTINGS)


def test_a_file_with_the_name_of_a_policy_that_ships_must_be_that_policy(tmp_path):
    assert Policy.read(file_of(tmp_path)) == Policy.named("srs")
    with pytest.raises(PolicyError, match="choose another name"):
        Policy.read(file_of(tmp_path, t=("value = 10\n", "value = 3\n")))


def test_two_different_policies_of_one_name_are_refused():
    one, other = (replace(Policy.named("srs"), name="own", threshold=least) for least in (3, 4))
    with pytest.raises(PolicyError, match='two different policies are called "own"'):
        Policy.strictest([one, Policy.named("hes"), other])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("threshold", math.nan),
        ("threshold", -5),
        ("threshold", True),
        ("zeros", "pas"),
        ("zeros", ["fail"]),
        ("p_percent", "x"),
        ("p_percent", math.inf),
        ("dominance_1_review", 0),
        ("class_disclosure_fail", -math.inf),
        ("epsilon_per_table", math.nan),
    ],
)
def test_a_policy_made_in_python_is_read_like_a_file(field, value):
    with pytest.raises(PolicyError, match=f"{field} must be"):
        replace(Policy.named("srs"), name="own", **{field: value})


def test_a_severity_given_as_its_word_is_one():
    assert replace(Policy.named("srs"), name="own", zeros="fail").zeros is Verdict.FAIL


def test_another_policy_cannot_have_the_name_of_one_that_ships():
    with pytest.raises(PolicyError, match="choose another name"):
        replace(Policy.named("srs"), threshold=3)
    with pytest.raises(PolicyError, match='"title" must be a text'):
        replace(Policy.named("srs"), title="")


def test_a_joined_name_is_only_that_of_the_strictest():
    with pytest.raises(PolicyError, match=r"not the strictest of srs\+ukllc"):
        replace(Policy.named("srs+ukllc"), threshold=3)
    with pytest.raises(PolicyError, match="not the strictest of several"):
        replace(Policy.named("srs"), name="srs+ukllc")


def test_a_name_cannot_look_like_several(tmp_path):
    with pytest.raises(PolicyError, match="joins the names"):
        Policy.read(file_of(tmp_path, change=('name = "srs"', 'name = "srs+hes"')))


def test_a_policy_file_that_is_not_there_or_no_text_is_refused(tmp_path):
    with pytest.raises(PolicyError, match="cannot be read"):
        Policy.read(tmp_path / "none.toml")
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(PolicyError, match="cannot be read"):
        Policy.of(str(tmp_path / "bytes.toml"))
    with pytest.raises(PolicyError, match="cannot be read"):
        Policy.of(tmp_path / "bytes.toml")
    with pytest.raises(PolicyError, match="Known: abs, dfe"):
        Policy.named("nhs")


@pytest.mark.parametrize("wrong", [10, None, ["srs"], b"srs"])
def test_what_is_no_policy_is_refused_in_words(wrong):
    for ask in (Policy.of, Policy.named, lambda one: Policy.strictest([one])):
        with pytest.raises(PolicyError, match="Known: abs, dfe"):
            ask(wrong)


def test_the_strictest_of_names_is_that_of_their_policies():
    assert Policy.strictest(["srs", "ukllc"]) == Policy.named("srs+ukllc")


def test_data_bring_the_policy_of_their_tables(tmp_path):
    frame = data("F\na 30").frame
    assert Data.read(frame, unit="id", policy="ukllc").table("group").policy.name == "ukllc"


def test_a_policy_without_sources_is_shown_and_joined_all_the_same():
    mine = replace(Policy.named("srs"), name="mine", threshold=12, sources={})
    page = data("F\na 30").table("group", policy=mine).to_report()
    assert page.count("No source given.") == len(SETTINGS)
    joined = Policy.strictest([mine, Policy.named("srs")])
    assert joined.sources["threshold"] == "mine: no source given"
