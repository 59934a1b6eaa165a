"""Fetch what was released."""

from pathlib import Path

from tre.decision import NotThereError
from tre.steps.acting import acting
from tre.steps.in_question import request_in_question
from tre.steps.tre import Tre
from tre.store.files import FrozenFileError, sha256_of
from tre.store.releases import read_release
from tre.vocabulary import Action, PersonId, RequestId


def download_release(tre: Tre, actor: PersonId, request: RequestId) -> Path:
    """Give the bundle's path, once its bytes are known to be those that were released.

    Raises RefusedError with every reason, FrozenFileError where the bundle was changed on disk.
    """
    with acting(tre, actor, Action.DOWNLOAD_RELEASE, request=request) as act:
        _, _, subject = request_in_question(act, request)
        act.require(subject)
        release = read_release(act.connection, request)
        if release is None:
            message = f"request {request} has no bundle"
            raise NotThereError(message)
        bundle = tre.folders.releases(request) / release.name
        _verify(bundle, release.sha256)
        act.record({"bundle_sha256": release.sha256})
    return bundle


def _verify(bundle: Path, sha256: str) -> None:
    try:
        is_same = sha256_of(bundle.read_bytes()) == sha256
    except OSError as error:
        message = f"the release bundle cannot be read ({error.strerror}); tell the TRE manager"
        raise FrozenFileError(message) from error
    if not is_same:
        message = "the release bundle was changed on disk after its release; tell the TRE manager"
        raise FrozenFileError(message)
