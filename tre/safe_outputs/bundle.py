"""The signed package of a released request: files, disclosure record, RO-Crate, signature.

The zip is written without compression and without clocks, so that the same contents give the
same bytes: a verifier writes it again and compares, and no byte can change unseen.
"""

import base64
import hashlib
import io
import json
import os
import struct
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from tre.decision import UnusableRequestError
from tre.safe_outputs.atomic_file import Write, WriteError, write_whole
from tre.safe_outputs.crate import describe
from tre.safe_outputs.release_request import ReleaseRequest
from tre.safe_outputs.votes import outputs

RECORD = "disclosure-record.json"
CRATE = "ro-crate-metadata.json"
SIGNATURE = "signature.json"
FORMAT = "tre-release/1"

_WHAT_DAMAGE_RAISES = (
    OSError,
    EOFError,
    ValueError,
    KeyError,
    TypeError,
    RuntimeError,
    struct.error,
    zipfile.BadZipFile,
)
_EPOCH = (1980, 1, 1, 0, 0, 0)


class BundleError(UnusableRequestError):
    """The bundle could not be written as it was reviewed; nothing half-written is left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyResult:
    """Whether a bundle is what was released; `problems` says everything that is not.

    signed_by: SHA-256 of the signer's public key (hexadecimal), "" where there is none.
    files: the paths of the released files.
    """

    whole: bool
    problems: tuple[str, ...]
    signed_by: str
    files: tuple[str, ...]


def write_bundle(
    request: ReleaseRequest,
    files: Mapping[str, bytes],
    record: Mapping[str, Any],
    signing_key: Ed25519PrivateKey,
    into: Path,
    *,
    write: Write = os.write,
) -> Path:
    """Write the bundle of a release into a folder and give its path.

    files: the bytes of every output of the request by its name, and of nothing else.
    record: the disclosure record, plain values for JSON.
    Raises BundleError where bytes are not the reviewed ones or cannot be written; then no file
    is left and one that was there before is untouched.
    """
    _refuse_other_bytes(request, files)
    contents = {f"files/{name}": files[name] for name in sorted(files)}
    contents[RECORD] = _json(record)
    contents[CRATE] = _json(describe(request, _about(contents), record))
    contents[SIGNATURE] = _signature(request, contents, signing_key)
    path = into / f"release-{request.id}.zip"
    try:
        return write_whole(path, _zip(contents), write=write)
    except WriteError as error:
        raise BundleError(str(error)) from error


def verify_bundle(path: Path, public_key: Ed25519PublicKey | None = None) -> VerifyResult:
    """Check every byte of a bundle against its signature; never raises for what is in it.

    public_key: the environment's; without it the signature is checked against the key that the
    bundle itself carries, and whose that is must be compared by hand (`signed_by`).
    """
    try:
        raw = path.read_bytes()
        contents = _unzip(raw)
        signed = json.loads(contents[SIGNATURE])
        return _judge(raw, contents, signed, public_key)
    except _WHAT_DAMAGE_RAISES:
        return _verdict(["this is not a release bundle, or its outer layer is damaged"], "", ())


def fingerprint(key: Ed25519PublicKey) -> str:
    """Give the SHA-256 of a public key's 32 bytes, hexadecimal, for comparing by eye."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()


def safe_name(name: str) -> bool:
    """Whether a file's name stays inside the folder into which a bundle is unpacked.

    Letters of any script, digits, spaces, and / for folders; no "..", no hidden file, no
    backslash, no control character, no name of a device of Windows.
    """
    parts = PurePosixPath(name).parts
    return (
        0 < len(name) <= 200
        and name == "/".join(parts)
        and name.isprintable()
        and not any(character in name for character in '\\:*?"<>|')
        and all(_safe_part(part) for part in parts)
    )


def _safe_part(part: str) -> bool:
    device = part.split(".", maxsplit=1)[0].upper()
    return not (
        part.startswith((".", " ", "/")) or part.endswith((".", " ")) or device in _WINDOWS_DEVICES
    )


_WINDOWS_DEVICES = {"CON", "PRN", "AUX", "NUL"} | {
    f"{port}{number}" for port in ("COM", "LPT") for number in range(1, 10)
}


def _refuse_other_bytes(request: ReleaseRequest, files: Mapping[str, bytes]) -> None:
    reviewed = {file.name: file.sha256 for file in outputs(request)}
    if not reviewed or len(reviewed) != len(outputs(request)):
        message = "a release needs at least one output, and each under a name of its own"
        raise BundleError(message)
    if set(files) != set(reviewed):
        strange = ", ".join(sorted(set(files) ^ set(reviewed)))
        message = f"a release holds exactly the reviewed outputs; missing or too many: {strange}"
        raise BundleError(message)
    for name, content in files.items():
        if not safe_name(name):
            message = f"{name!r} is no name that can be released; rename the file"
            raise BundleError(message)
        if hashlib.sha256(content).hexdigest() != reviewed[name]:
            message = f"“{name}” is not what was reviewed: its bytes have changed since submission"
            raise BundleError(message)


def _about(contents: Mapping[str, bytes]) -> dict[str, tuple[str, int]]:
    return {
        path: (hashlib.sha256(content).hexdigest(), len(content))
        for path, content in contents.items()
    }


def _signature(
    request: ReleaseRequest, contents: Mapping[str, bytes], key: Ed25519PrivateKey
) -> bytes:
    manifest = {
        "format": FORMAT,
        "request": request.id,
        "project": request.project,
        "files": {
            path: {"sha256": sha256, "bytes": size}
            for path, (sha256, size) in _about(contents).items()
        },
    }
    return _json(
        {
            "algorithm": "Ed25519",
            "public_key": base64.b64encode(key.public_key().public_bytes_raw()).decode(),
            "signature": base64.b64encode(key.sign(_json(manifest))).decode(),
            "signed": manifest,
        }
    )


def _json(value: object) -> bytes:
    """Write JSON in one way only: sorted keys, no room for a second spelling."""
    text = json.dumps(value, sort_keys=True, indent=1, ensure_ascii=False, allow_nan=False)
    return text.encode() + b"\n"


def _zip(contents: Mapping[str, bytes]) -> bytes:
    """Write a zip whose bytes depend on its contents alone."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", compression=zipfile.ZIP_STORED) as archive:
        for path, content in contents.items():
            entry = zipfile.ZipInfo(path, date_time=_EPOCH)
            entry.create_system = 3
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, content)
    return held.getvalue()


def _unzip(raw: bytes) -> dict[str, bytes]:
    """Read every entry; stored entries cannot unfold to more than the file holds."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        entries = archive.infolist()
        if any(entry.compress_type != zipfile.ZIP_STORED for entry in entries):
            message = "a release bundle is not compressed"
            raise ValueError(message)
        return {entry.filename: archive.read(entry) for entry in entries}


def _judge(
    raw: bytes,
    contents: Mapping[str, bytes],
    signed: Mapping[str, Any],
    public_key: Ed25519PublicKey | None,
) -> VerifyResult:
    carried = Ed25519PublicKey.from_public_bytes(base64.b64decode(signed["public_key"]))
    key = public_key or carried
    manifest = signed["signed"]
    problems = _problems_of_files(contents, manifest["files"])
    if fingerprint(key) != fingerprint(carried):
        problems.append("it is signed with another key than the environment's")
    if not _is_signed(key, base64.b64decode(signed["signature"]), _json(manifest)):
        problems.append("the signature does not fit what is signed")
    if not problems and (contents[SIGNATURE] != _json(signed) or raw != _zip(contents)):
        problems.append("the archive around the files has been changed or packed again")
    files = tuple(path for path in manifest["files"] if path.startswith("files/"))
    return _verdict(problems, fingerprint(carried), files)


def _problems_of_files(contents: Mapping[str, bytes], listed: Mapping[str, Any]) -> list[str]:
    about = _about({path: held for path, held in contents.items() if path != SIGNATURE})
    problems = [f"{path} is missing" for path in listed if path not in about]
    for path, (sha256, size) in about.items():
        if path not in listed:
            problems.append(f"{path} was added")
        elif listed[path] != {"sha256": sha256, "bytes": size}:
            problems.append(f"{path} has been changed")
    return problems


def _is_signed(key: Ed25519PublicKey, signature: bytes, manifest: bytes) -> bool:
    try:
        key.verify(signature, manifest)
    except InvalidSignature:
        return False
    return True


def _verdict(problems: list[str], signed_by: str, files: tuple[str, ...]) -> VerifyResult:
    return VerifyResult(
        whole=not problems, problems=tuple(problems), signed_by=signed_by, files=files
    )
