"""What pyproject.toml and the lock file say, read once for the pages and tests about them."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
NOT_INSTALLED = frozenset({"spark"})
"""Extras that `make up` leaves out, each with a lock file of its own."""
REQUIREMENT = re.compile(r"^([A-Za-z0-9._-]+)(\[[a-z,]+\])?\s*(.*)$")


def requirements() -> dict[str, list[str]]:
    """List the direct requirements, as written, by extra; the base is named "base"."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {"base": project["dependencies"], **project["optional-dependencies"]}


def python_versions() -> str:
    """Say which Pythons the project supports, as pyproject.toml writes it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return project["requires-python"]


def name_of(requirement: str) -> str:
    """Give the distribution's name of a requirement, without extras and versions."""
    found = REQUIREMENT.match(requirement)
    if found is None:
        message = f"not a requirement: {requirement!r}"
        raise ValueError(message)
    return found.group(1).lower()


def pinned() -> dict[str, str]:
    """Give each locked distribution's version (the first, where Pythons differ)."""
    lock = ROOT / "deploy" / "lock"
    text = (lock / "requirements.txt").read_text(encoding="utf-8")
    beside = [lock / f"{name}.txt" for name in ("torch", *sorted(NOT_INSTALLED))]
    text = "\n".join([text, *(file.read_text(encoding="utf-8") for file in beside)])
    lines = [line.strip() for line in text.splitlines() if not line.startswith(" ")]
    found = [re.match(r"([a-z0-9._-]+)(?:\[[a-z,]+\])?==([^ ;\\]+)", line) for line in lines]
    versions: dict[str, str] = {}
    for match in found:
        if match:
            versions.setdefault(match.group(1), match.group(2))
    return versions
