"""What people do to requests, as a browser confirms it and as the ledger has it: one value."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tre.vocabulary import Action, PersonId, RequestId


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Act:
    """One thing that one person did to one request.

    what: tells two acts of one kind apart, such as votes on two files; "" where nothing does.
    """

    actor: PersonId
    tag: str
    request: RequestId
    what: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)


Acts = Callable[[str], Sequence[Act]]
"""What a form does to a request, by the place that the desk then sends on to."""


def always(*acts: Act) -> Acts:
    """The same wherever it sends on to."""
    return lambda _: acts


def vote_on(file: int, choice: str) -> str:
    """How a vote is told from another one."""
    return f"file {file}: {choice}"


WHAT: Mapping[Action, Callable[[Mapping[str, Any]], str]] = {
    Action.CREATE_REQUEST: lambda _: "",
    Action.UPDATE_REQUEST: lambda details: str(details["did"]),
    Action.SUBMIT_REQUEST: lambda _: "",
    Action.WITHDRAW_REQUEST: lambda _: "",
    Action.VOTE: lambda details: vote_on(details["file"], details["choice"]),
    Action.COMMENT: lambda details: str(details["audience"]),
    Action.SUBMIT_REVIEW: lambda _: "",
    Action.RETURN_REQUEST: lambda _: "",
    Action.REJECT_REQUEST: lambda _: "",
    Action.APPROVE_REQUEST: lambda _: "",
    Action.DOWNLOAD_RELEASE: lambda details: str(details["bundle_sha256"]),
}
"""Every act that a browser is told of, and what of its line in the ledger tells it apart.

Looking at pages is on the ledger too, and not counted here.
"""
