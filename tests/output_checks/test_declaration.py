"""Declarations: strict JSON, and the same table again."""

import json
from dataclasses import replace

import pytest

from output_checks import Data, Declaration, DeclarationError, ProtectionError, rebuild
from tests.output_checks.drawing import data, people

DRAWN = "F M\na 3 20\nb 25 40\nc 31 18"


def declared(**changes):
    table = data(DRAWN).table(
        "group",
        "sex",
        where="sex IS NOT NULL",
        derive={"letter": "UPPER(group)"},
        structural_zeros=[],
    )
    return json.loads(table.declaration.to_json()) | changes


def test_a_declaration_survives_json():
    table = data(DRAWN).table("group", ["sex"], where="sex <> 'X'").protect("suppress")
    text = table.declaration.to_json()
    again = Declaration.from_json(text)
    assert again.to_json() == text
    rebuilt = rebuild(again, data(DRAWN))
    assert rebuilt.to_csv() == table.to_csv()
    assert rebuilt.report() == table.report()
    assert again.protection == {"method": "suppress", "reviews": False, "base": 1}


def test_structural_zeros_survive_json():
    drawn = "F M\na 0 20\nb 25 40"
    table = data(drawn).table("group", "sex", structural_zeros=[{"group": "a", "sex": "F"}])
    again = Declaration.from_json(table.declaration.to_json())
    assert rebuild(again, data(drawn)).report() == table.report()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"row": ["a"]}, "unknown key"),
        ({"rows": "group"}, "list of column names"),
        ({"rows": [1]}, "list of column names"),
        ({"dataset": 3}, "a text"),
        ({"unit": 3}, "a column or null"),
        ({"margins": 1}, "true or false"),
        ({"derive": {"x": 1}}, "SQL expressions"),
        ({"structural_zeros": [{}]}, "list of objects"),
        ({"structural_zeros": [{"a": [1]}]}, "list of objects"),
        ({"protection": {"base": 5}}, "method"),
        ({"protection": {"method": 5}}, "method"),
        ({"protection": "suppress"}, "method"),
    ],
)
def test_a_declaration_with_an_unknown_key_or_word_is_refused(changes, says):
    with pytest.raises(DeclarationError, match=says):
        Declaration.from_json(json.dumps(declared(**changes)))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "not valid JSON"),
        ("[]", "JSON object"),
        ('{"dataset": "x", "unit": "id"}', 'lacks "rows"'),
        ('{"dataset": "x", "dataset": "y"}', "twice"),
        ("[" * 100_000, "not valid JSON"),
        (3, "not valid JSON"),
        (None, "not valid JSON"),
    ],
)
def test_text_that_is_no_declaration_is_refused(text, says):
    with pytest.raises(DeclarationError, match=says):
        Declaration.from_json(text)


def test_a_declaration_of_other_data_is_refused():
    other = Data.read(people(DRAWN), unit=None)
    with pytest.raises(DeclarationError, match="counts by 'id'"):
        rebuild(data(DRAWN).table("group").declaration, other)


def test_a_declaration_of_data_of_another_name_is_not_rebuilt():
    declaration = data(DRAWN).table("group").declaration
    others = Data.read(people(DRAWN), unit="id", name="others")
    with pytest.raises(DeclarationError, match="of data called 'drawn', and these are called"):
        rebuild(declaration, others)
    nameless = Data.read(people(DRAWN), unit="id")
    assert rebuild(declaration, nameless).cells.height == 4
    assert rebuild(replace(declaration, dataset=""), others).cells.height == 4


def test_noise_cannot_be_drawn_again():
    declaration = Declaration(
        dataset="drawn", unit="id", rows=("group",), protection={"method": "noise", "epsilon": 1.0}
    )
    with pytest.raises(ProtectionError, match="recorded"):
        rebuild(declaration, data(DRAWN))


def test_an_unknown_statistic_in_a_declaration_is_refused_when_it_is_built():
    declaration = Declaration.from_json(json.dumps(declared(statistic="medain")))
    with pytest.raises(DeclarationError, match="unknown statistic"):
        rebuild(declaration, data(DRAWN))
