"""Privacy as architecture: what is built for researchers cannot reach identifiers."""

import ast
import json
from pathlib import Path

import tre.safe_data
from tre.safe_data.catalogue import catalogue
from tre.safe_data.linkages import linkages

ROOM = Path(tre.safe_data.__file__).parent
IDENTIFIERS = "tre.safe_data.identifiers"
TRUTH = "tre.safe_data.registers.truth"


def imported(file: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def importers(module: str) -> set[str]:
    folder = ROOM.parent
    return {
        file.relative_to(ROOM).parts[0] if file.is_relative_to(ROOM) else str(file)
        for file in folder.rglob("*.py")
        if module in imported(file)
    }


def test_identifiers_are_importable_from_registers_and_linking_alone():
    assert importers(IDENTIFIERS) == {"registers", "linking"}


def test_the_truth_is_read_by_the_builder_and_the_report_alone():
    assert importers(TRUTH) <= {"building.py", "reidentification.py", "registers", "linking"}
    assert TRUTH not in imported(ROOM / "linking" / "matching.py")
    assert TRUTH not in imported(ROOM / "linking" / "model.py")
    assert TRUTH not in imported(ROOM / "linking" / "route.py")
    assert TRUTH not in imported(ROOM / "linking" / "notes.py")


def test_notes_as_they_were_written_are_read_by_linking_alone():
    assert importers("tre.safe_data.linking.notes.notes_as_written") == {"linking"}


def test_pandas_is_used_by_the_twin_alone():
    users = {file.name for file in ROOM.rglob("*.py") if "pandas" in imported(file)}
    assert users == {"twin.py"}


def test_the_room_imports_no_other_room():
    allowed = ("tre.safe_data", "tre.decision", "tre.config", "tre.vocabulary")
    allowed += ("output_checks.show.style",)  # pages of both are drawn in one hand
    for file in ROOM.rglob("*.py"):
        ours = {name for name in imported(file) if name.startswith(("tre.", "output_checks"))}
        assert all(name.startswith(allowed) for name in ours), file


def test_no_file_is_longer_than_four_hundred_lines():
    lengths = {file.name: len(file.read_text().splitlines()) for file in ROOM.rglob("*.py")}
    assert max(lengths.values()) <= 400


def test_every_linkage_says_everything_about_itself():
    for linkage in linkages():
        assert linkage.identifiers
        assert linkage.covered.text
        assert linkage.limits
        assert linkage.source


def test_the_catalogue_is_plain_values_with_a_source_for_everything():
    for dataset in catalogue():
        plain = json.loads(json.dumps(dataset.to_dict()))
        assert plain["id"] == dataset.id
        for table in dataset.tables:
            assert all(v.description and v.source and v.type for v in table.variables)
            assert table.unit
