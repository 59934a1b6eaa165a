"""Options that a declaration only has a mark of: asked again, and made again."""

import pytest

from output_checks import Declaration, ProtectionError, protect_together, rebuild
from tests.output_checks.drawing import data

SECRET = "a secret that only the service keeps"


def keyed(secret=SECRET):
    return data("F M\na 30 20\nb 25 40").table("group", "sex").protect("cell-key", secret=secret)


def test_the_same_secret_asked_again_changes_nothing():
    table = keyed()
    assert table.protect("cell-key", secret=SECRET) is table
    with pytest.raises(ProtectionError, match="already"):
        table.protect("cell-key", secret="another secret of the service")


def test_a_declaration_holds_no_secret_and_is_rebuilt_with_it_alone():
    table = keyed()
    assert SECRET not in table.declaration.to_json()
    declaration = Declaration.from_json(table.declaration.to_json())
    again = rebuild(declaration, table.source, secret=SECRET)
    assert again.released().equals(table.released())
    with pytest.raises(ProtectionError, match="another secret"):
        rebuild(declaration, table.source, secret="another secret of the service")
    with pytest.raises(ProtectionError):
        rebuild(declaration, table.source)


def test_outputs_protected_together_are_built_again_one_by_one():
    by_sex = data("F M\na 30 20\nb 4 40\nc 25 30").table("group", "sex")
    one_way = by_sex.source.table("group", where="sex = 'F'")
    for table in protect_together([by_sex, one_way]):
        declaration = Declaration.from_json(table.declaration.to_json())
        again = rebuild(declaration, table.source)
        assert again.released().equals(table.released())
        assert again.declaration.to_json() == declaration.to_json()
        assert again.report().verdict == "pass"


def test_a_cell_to_withhold_that_is_not_there_is_refused():
    with pytest.raises(ProtectionError, match="has no cell"):
        data("F M\na 30 20").table("group").protect("suppress", also=['{"group": "z"}'])


def test_the_same_cells_named_again_change_nothing_in_whatever_kind_of_list():
    table = data("F M\na 30 20\nb 25 40\nc 31 33").table("group", "sex")
    named = ('{"group": "a", "sex": "F"}',)
    protected = table.protect("suppress", also=named)
    assert protected.protect("suppress", also=list(named)) is protected
    assert protected.protect("suppress", also=named) is protected
    with pytest.raises(ProtectionError, match="already"):
        protected.protect("suppress", also=('{"group": "b", "sex": "F"}',))
