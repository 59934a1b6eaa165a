"""Options that a declaration only has a mark of: asked again, and made again."""

import pytest

from output_checks import Declaration, ProtectionError, rebuild
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
