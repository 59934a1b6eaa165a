"""Pin every package of every extra, with hashes, for the platforms the project supports.

PyTorch and its CUDA parts are left out and pinned by version alone in torch.txt, so that pip may
take a CPU build where it finds one. uv, which installs the rest, is pinned in uv.txt as well.
No address of an index is written. Run by `make lock`; needs uv, which the `lint` extra brings.
"""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

LOCK = Path(__file__).resolve().parent
PYPROJECT = LOCK.parent.parent / "pyproject.toml"
WITHOUT_HASH = re.compile(r"(torch|triton|nvidia-[a-z0-9-]+|cuda-[a-z0-9-]+)==")


def main() -> None:
    """Resolve, split, write the three files."""
    blocks = re.split(r"(?m)^(?=[a-z0-9])", resolve())
    pinned = [block for block in blocks if not WITHOUT_HASH.match(block)]
    (LOCK / "requirements.txt").write_text("".join(pinned), encoding="utf-8")
    uv = next(block for block in pinned if block.startswith("uv=="))
    (LOCK / "uv.txt").write_text(uv, encoding="utf-8")
    (LOCK / "torch.txt").write_text(torch_requirement() + "\n", encoding="utf-8")


def resolve() -> str:
    """Ask uv for every extra's packages, on Linux, for each supported Python."""
    command = [
        *(str(Path(sys.executable).parent / "uv"), "pip", "compile", str(PYPROJECT)),
        *("--all-extras", "--universal", "--python-version", "3.11", "--generate-hashes"),
        *("--no-emit-index-url", "--no-header", "--quiet"),
    ]
    return subprocess.run(
        command, cwd=PYPROJECT.parent, text=True, check=True, stdout=subprocess.PIPE
    ).stdout


def torch_requirement() -> str:
    """Read the exact PyTorch that pyproject.toml asks for."""
    project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]
    synthetic = project["optional-dependencies"]["synthetic"]
    return next(line for line in synthetic if line.startswith("torch=="))


if __name__ == "__main__":
    main()
