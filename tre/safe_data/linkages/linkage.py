"""What a linkage is: everything that has to be known about it before it may run."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Linkage:
    """One register that CRIS is linked with, and by which rules.

    holder: who keeps the register. matcher: who compares identifiers. supplier: who sends them.
    identifiers: columns that leave the supplier, beside the pseudonym and nothing else.
    covered: whose identifiers are sent. controls: who is compared with them.
    limits: what the linkage cannot see, in time or otherwise.
    identifier_basis, access_basis: legal basis for sending identifiers, and for research access.
    place: where researchers see the result. passport_trust: whose research passport they need.
    source: where these facts are from.
    """

    id: str
    title: str
    register: str
    holder: str
    matcher: str
    supplier: str
    identifiers: tuple[str, ...]
    pseudonym: str
    covered: str
    controls: str
    limits: str
    identifier_basis: str
    access_basis: str
    place: str
    passport_trust: str | None
    source: str
