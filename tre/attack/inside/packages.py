"""Packages that nobody chose: a wheel that lies in the workspace, and a module without one."""

import importlib
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

NAME = "attack_brought"


def write_wheel(folder: str) -> str:
    """Write a wheel of one module, as whoever has one would leave it; its path."""
    file = Path(folder) / f"{NAME}-1.0-py3-none-any.whl"
    about = f"{NAME}-1.0.dist-info"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(f"{NAME}.py", "ANSWER = 42\n")
        archive.writestr(
            f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {NAME}\nVersion: 1.0\n"
        )
        archive.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\n")
        archive.writestr(f"{about}/RECORD", "")
    return str(file)


def install(folder: str) -> dict[str, Any]:
    """Install that wheel with pip, by its path; its status and the end of what it said."""
    ran = subprocess.run(  # noqa: S603 - a probe
        [sys.executable, "-m", "pip", "install", "--no-deps", write_wheel(folder)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return {"status": ran.returncode, "said": (ran.stdout + ran.stderr)[-600:]}


def without_pip(folder: str) -> bool:
    """Import the same module from the wheel itself, which Python reads as a folder."""
    file = write_wheel(folder)
    sys.path.insert(0, file)
    try:
        importlib.invalidate_caches()
        return importlib.import_module(NAME).ANSWER == 42
    finally:
        sys.path.remove(file)
        sys.modules.pop(NAME, None)
