"""Try again to release what was approved."""

from tre.safe_outputs.release_request import State
from tre.steps.release import release
from tre.steps.tre import Tre
from tre.vocabulary import RequestId


def retry_release(tre: Tre, request: RequestId) -> State:
    """Release an approved request whose release failed or was interrupted; its state then.

    Anybody may press for it: the system checks all of it again. Raises OvertakenError where the
    request is not approved, or is released already.
    """
    return release(tre, request)
