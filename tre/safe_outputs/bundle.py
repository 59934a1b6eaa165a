"""The signed package of a released request: files, disclosure record, RO-Crate, signature."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from tre.decision import UnusableRequestError
from tre.safe_outputs.release_request import ReleaseRequest


class BundleError(UnusableRequestError):
    """The bundle could not be written; nothing half-written is left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyResult:
    """Whether a bundle is what was released; `problems` says everything that is not.

    signed_by: SHA-256 of the signer's public key (hexadecimal), "" where there is none.
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
) -> Path:
    """Write the bundle of a release into a folder; raises BundleError and leaves nothing."""
    raise NotImplementedError


def verify_bundle(path: Path, public_key: Ed25519PublicKey | None = None) -> VerifyResult:
    """Check every byte of a bundle against its signature."""
    raise NotImplementedError
