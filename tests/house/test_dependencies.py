"""pyproject.toml is the truth about dependencies; every other list of them must agree."""

import ast
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

from docs.generate.project import NOT_INSTALLED, name_of, pinned, requirements
from docs.generate.reasons import REASONS
from tests.house.tracked import ROOT, python_files

LOCK = ROOT / "deploy" / "lock"
DIRECT = sorted({name_of(line) for lines in requirements().values() for line in lines})


def conda_requirements() -> list[str]:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    return next(entry["pip"] for entry in environment["dependencies"] if isinstance(entry, dict))


def test_the_conda_environment_asks_for_exactly_what_pyproject_asks_for():
    chosen = {extra: lines for extra, lines in requirements().items() if extra not in NOT_INSTALLED}
    wanted = [line for lines in chosen.values() for line in lines]
    assert sorted(conda_requirements()) == sorted(wanted)


def test_the_conda_environment_asks_for_the_same_python():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert f"python{project['requires-python']}" in environment["dependencies"]


@pytest.mark.parametrize("extra", sorted(requirements()))
def test_the_lock_satisfies_pyproject(extra):
    versions = pinned()
    for line in requirements()[extra]:
        wanted = Requirement(line)
        assert wanted.specifier.contains(versions[wanted.name.lower()]), line


@pytest.mark.parametrize(("lock", "least"), [("requirements.txt", 100), ("spark.txt", 2)])
def test_every_locked_package_has_hashes(lock, least):
    text = (LOCK / lock).read_text(encoding="utf-8")
    for line in text.splitlines():
        if "==" in line[:80] and not line.startswith(" "):
            assert line.endswith("\\"), f"{line} has no hash after it"
    assert len(text.split("\n    # via")) > least


@pytest.mark.parametrize("extra", sorted(NOT_INSTALLED))
def test_what_make_up_leaves_out_is_locked_apart(extra):
    lock = (LOCK / "requirements.txt").read_text(encoding="utf-8")
    own = (LOCK / f"{extra}.txt").read_text(encoding="utf-8")
    names = {name_of(line) for line in requirements()[extra]}
    apart = {name for name in names if f"\n{name}==" in f"\n{own}"}
    shared = {name for name in names if f"\n{name}==" in f"\n{lock}"}
    assert apart
    assert (apart | shared, apart & shared) == (names, set())


def test_uv_is_pinned_to_the_same_version_twice():
    first_line = (LOCK / "uv.txt").read_text(encoding="utf-8").splitlines()[0]
    assert first_line.split()[0] == f"uv=={pinned()['uv']}"


def test_the_lock_leaves_pytorch_to_pip():
    lock = (LOCK / "requirements.txt").read_text(encoding="utf-8")
    for start in ("torch==", "triton==", "nvidia-", "cuda-"):
        assert f"\n{start}" not in lock


@pytest.mark.parametrize("name", DIRECT)
def test_every_direct_dependency_is_explained(name):
    licence, reason = REASONS[name]
    assert licence
    assert reason.endswith(".")
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    assert f"| **{name}** |" in page


def test_no_reason_outlives_its_dependency():
    assert sorted(REASONS) == DIRECT


def test_the_licence_of_sdv_is_said_plainly():
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    assert "Business Source License" in page
    assert "leave the extra out" in page


def imported(files: tuple[Path, ...]) -> dict[str, str]:
    """Give each imported top-level module that is neither Python's nor ours, and one importer."""
    found: dict[str, str] = {}
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module]
            for name in names:
                top = name.partition(".")[0]
                if top not in sys.stdlib_module_names and top not in OURS:
                    found.setdefault(top, str(file.relative_to(ROOT)))
    return found


OURS = {"tre", "output_checks", "docs", "tests", "benchmarks"}


def undeclared(files: tuple[Path, ...], extras: tuple[str, ...]) -> dict[str, str]:
    declared = {name_of(line) for extra in extras for line in requirements()[extra]}
    owners = packages_distributions()
    return {
        module: importer
        for module, importer in imported(files).items()
        if not declared & {owner.lower().replace("_", "-") for owner in owners.get(module, [])}
    }


def test_output_checks_imports_only_what_the_base_asks_for():
    # pandas is read where it is there, and never asked for.
    missing = undeclared(python_files("output_checks"), ("base",))
    assert set(missing) <= {"pandas"}, missing


def test_the_environment_imports_only_what_is_asked_for_by_name():
    assert undeclared(python_files("tre"), ("base", "tre", "synthetic")) == {}


def test_the_tests_import_only_what_is_asked_for_by_name():
    assert undeclared(python_files("tests", "docs", "benchmarks"), tuple(requirements())) == {}
