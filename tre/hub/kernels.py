"""The kernels that a session has, as Jupyter reads them."""

import json
from pathlib import Path
from typing import Any

KERNEL_NAME = "python3"
"""The name that notebooks ask for; what starts under it is sealed."""

R_NAME = "ir"
"""The name that notebooks in R ask for."""


def write_kernel(kernels: Path, session_file: Path, *, with_r: bool = False) -> None:
    """Write the kernels' descriptions below `kernels`; R's where the machine has R."""
    described = {KERNEL_NAME: kernel_description(session_file)}
    if with_r:
        described[R_NAME] = r_description(session_file)
    for name, description in described.items():
        folder = kernels / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "kernel.json").write_text(json.dumps(description), encoding="utf-8")


def kernel_description(session_file: Path) -> dict[str, Any]:
    """Describe the kernel, with the seal that starts it."""
    return {
        "argv": ["python", "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": "Python 3 (sealed)",
        "language": "python",
        "interrupt_mode": "message",
        "metadata": {"debugger": False, "kernel_provisioner": _sealed(session_file)},
    }


def r_description(session_file: Path) -> dict[str, Any]:
    """Describe the kernel of R: the same seal; it hears of an interrupt by signal alone."""
    return {
        "argv": ["R", "--slave", "-e", "IRkernel::main()", "--args", "{connection_file}"],
        "display_name": "R (sealed)",
        "language": "R",
        "interrupt_mode": "signal",
        "metadata": {"debugger": False, "kernel_provisioner": _sealed(session_file, language="R")},
    }


def _sealed(session_file: Path, **more: str) -> dict[str, Any]:
    config = {"session": str(session_file)} | more
    return {"provisioner_name": "tre-sealed", "config": config}
