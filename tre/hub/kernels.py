"""The one kernel that a session has, as Jupyter reads it."""

import json
from pathlib import Path
from typing import Any

KERNEL_NAME = "python3"
"""The name that notebooks ask for; what starts under it is sealed."""


def write_kernel(kernels: Path, session_file: Path) -> None:
    """Write the kernel's description below `kernels`."""
    folder = kernels / KERNEL_NAME
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(kernel_description(session_file))
    (folder / "kernel.json").write_text(text, encoding="utf-8")


def kernel_description(session_file: Path) -> dict[str, Any]:
    """Describe the kernel, with the seal that starts it."""
    return {
        "argv": ["python", "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": "Python 3 (sealed)",
        "language": "python",
        "interrupt_mode": "message",
        "metadata": {
            "debugger": False,
            "kernel_provisioner": {
                "provisioner_name": "tre-sealed",
                "config": {"session": str(session_file)},
            },
        },
    }
