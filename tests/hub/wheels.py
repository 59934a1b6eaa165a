"""Tiny wheels, made by hand: a module or two, and what pip asks for around them."""

import base64
import hashlib
import zipfile
from collections.abc import Sequence
from pathlib import Path


def write_wheel(
    folder: Path,
    name: str = "tinything",
    version: str = "1.0",
    files: dict[str, str] | None = None,
    *,
    tag: str = "py3-none-any",
    requires: Sequence[str] = (),
    record: str | None = None,
) -> Path:
    """Write a wheel and give its path; without `files`, of one module with ANSWER = 42.

    record: what stands in its record in the place of the truth; "" for none at all.
    """
    about = f"{name}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    whole = {
        **({f"{name}.py": "ANSWER = 42\n"} if files is None else files),
        f"{about}/METADATA": metadata + "".join(f"Requires-Dist: {one}\n" for one in requires),
        f"{about}/WHEEL": f"Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: {tag}\n",
    }
    if record is None:
        lines = [f"{file},sha256={_hash(text)},{len(text)}" for file, text in whole.items()]
        whole[f"{about}/RECORD"] = "\n".join([*lines, f"{about}/RECORD,,"]) + "\n"
    elif record:
        whole[f"{about}/RECORD"] = record
    path = folder / f"{name}-{version}-{tag}.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for file, text in whole.items():
            archive.writestr(file, text)
    return path


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
