"""Pin every package of every extra, with hashes, for the platforms the project supports.

PyTorch and its CUDA parts are left out and pinned by version alone in torch.txt, so that pip may
take a CPU build where it finds one. uv, which installs the rest, is pinned in uv.txt as well.
Spark, which only the extra of that name asks for, has spark.txt and no part in requirements.txt.
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
    """Resolve, split, write the four files."""
    blocks = blocks_of(resolve(*(name for name in extras() if name != "spark")))
    pinned = [block for block in blocks if not WITHOUT_HASH.match(block)]
    (LOCK / "requirements.txt").write_text("".join(pinned), encoding="utf-8")
    uv = next(block for block in pinned if block.startswith("uv=="))
    (LOCK / "uv.txt").write_text(uv, encoding="utf-8")
    lock_spark()
    (LOCK / "torch.txt").write_text(torch_requirement() + "\n", encoding="utf-8")


def lock_spark() -> None:
    """Write what Spark brings beyond what is locked already, and of the same versions."""
    locked = LOCK / "requirements.txt"
    base = {name_of(block) for block in blocks_of(locked.read_text(encoding="utf-8"))}
    blocks = blocks_of(resolve("spark", also=("--constraints", str(locked))))
    more = [block for block in blocks if name_of(block) not in base]
    (LOCK / "spark.txt").write_text("".join(more), encoding="utf-8")


def blocks_of(text: str) -> list[str]:
    """Split a lock into its packages, each with its hashes."""
    return re.split(r"(?m)^(?=[a-z0-9])", text)


def name_of(block: str) -> str:
    """Give the package of a block, without extras and version."""
    return re.split(r"[\[=]", block, maxsplit=1)[0]


def resolve(*names: str, also: tuple[str, ...] = ()) -> str:
    """Ask uv for the packages of some extras, on Linux, for each supported Python."""
    asked = [option for name in names for option in ("--extra", name)]
    command = [
        *(str(Path(sys.executable).parent / "uv"), "pip", "compile", str(PYPROJECT)),
        *(*asked, *also, "--universal", "--python-version", "3.11", "--generate-hashes"),
        *("--no-emit-index-url", "--no-header", "--quiet"),
    ]
    return subprocess.run(
        command, cwd=PYPROJECT.parent, text=True, check=True, stdout=subprocess.PIPE
    ).stdout


def extras() -> dict[str, list[str]]:
    """Read every extra of pyproject.toml, and what it asks for."""
    project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]
    return project["optional-dependencies"]


def torch_requirement() -> str:
    """Read the exact PyTorch that pyproject.toml asks for."""
    return next(line for line in extras()["synthetic"] if line.startswith("torch=="))


if __name__ == "__main__":
    main()
