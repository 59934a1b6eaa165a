"""Run the tests that statements name: those of the source code that this very program is."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from xml.etree import ElementTree as ET

import tre
from tre.decision import UnusableRequestError
from tre.satre.statement import Statement

SOURCE_FOLDER = Path(tre.__file__).resolve().parent.parent
"""Where the source code lies, with its tests; an installed package comes without them."""


class Came(StrEnum):
    """What came of a test."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"
    GONE = "not there any more"


def those_of(statements: Iterable[Statement], wanted: Collection[str]) -> tuple[str, ...]:
    """Name the tests of the statements whose id is one of those wanted, or begins with one.

    wanted: "3.1.02", or "3.1" for all of a capability, or "all". Raises UnusableRequestError
    where one of them is no statement's.
    """
    listed = list(statements)
    found: dict[str, None] = {}
    for want in wanted:
        mine = [one for one in listed if want == "all" or f"{one.id}.".startswith(f"{want}.")]
        if not mine:
            message = f"SATRE has no statement {want[:40]!r}; ids are like 3.1.02, or say all"
            raise UnusableRequestError(message)
        found |= dict.fromkeys(name for one in mine for name in one.tests)
    return tuple(found)


def run_tests(names: Collection[str], folder: Path = SOURCE_FOLDER) -> dict[str, Came]:
    """Run tests by their names below `tests/`, one after another, and say what came of each.

    A test with several cases has passed when all of them have. It takes minutes; the world that
    is assessed is not touched, since tests make their own. Raises UnusableRequestError where
    there is no source code to run them from, or pytest does not come to an end of its own.
    """
    if not (folder / "tests").is_dir():
        message = "the tests come with the source code: take this command from its folder"
        raise UnusableRequestError(message)
    if not names:
        return {}
    there = [name for name in names if (folder / "tests" / name.split("::")[0]).is_file()]
    with tempfile.TemporaryDirectory(prefix="tre-satre-") as made:
        report = Path(made) / "report.xml"
        if there:
            _run_pytest(there, folder, report)
        came = _read(report) if report.exists() else {}
    return {name: came.get(name, Came.GONE) for name in names}


def _run_pytest(names: Collection[str], folder: Path, report: Path) -> None:
    """Run whole files and pick out the tests by name: one that is gone must not stop the rest."""
    files = sorted({f"tests/{name.split('::')[0]}" for name in names})
    words = " or ".join(sorted({name.split("::")[-1] for name in names}))
    plain = ("-q", "-p", "no:cacheprovider", "-o", "addopts=", f"--junitxml={report}")
    chosen = (f"--rootdir={folder}", *files, "-k", words)
    subprocess.run(  # noqa: S603
        [sys.executable, "-m", "pytest", *plain, *chosen],
        cwd=folder,
        env=_without_settings(os.environ),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )


def _without_settings(environ: Mapping[str, str]) -> dict[str, str]:
    """Keep the settings of the world that is assessed from the tests."""
    kept = {name: value for name, value in environ.items() if not name.startswith("TRE_")}
    return kept | {"PYTEST_ADDOPTS": ""}


def _read(report: Path) -> dict[str, Came]:
    """Read pytest's report; the worst case of a test is what came of it."""
    worst = (Came.PASSED, Came.SKIPPED, Came.FAILED)
    found: dict[str, Came] = {}
    for case in ET.parse(report).getroot().iter("testcase"):  # noqa: S314  pytest wrote it
        name = _name(case)
        found[name] = max(found.get(name, Came.PASSED), _came(case), key=worst.index)
    return found


def _name(case: ET.Element) -> str:
    module = case.get("classname", "").removeprefix("tests.").replace(".", "/")
    return f"{module}.py::{case.get('name', '').partition('[')[0]}"


def _came(case: ET.Element) -> Came:
    if case.find("failure") is not None or case.find("error") is not None:
        return Came.FAILED
    return Came.SKIPPED if case.find("skipped") is not None else Came.PASSED
