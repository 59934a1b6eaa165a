"""An application for accreditation: what it says, its states, and every way between them."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from tre.decision import OvertakenError
from tre.safe_people.person import AccreditationLevel
from tre.vocabulary import PersonId, ProjectId


class Basis(StrEnum):
    """What makes somebody able to work with unconsolidated data."""

    DEGREE = "degree"
    EXPERIENCE = "experience"
    NONE_YET = "none yet"


class ApplicationState(StrEnum):
    """Where an application stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ApplicationEvent(StrEnum):
    """What moves an application on."""

    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    RETURN = "return"
    GRANT = "grant"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What an applicant tells and signs; "" and None where nothing was told yet.

    qualification: which degree of which university in which year and how much of it was
    mathematics or statistics; or which posts, from when to when, and what was done in them.
    quantitative_months: of research on numbers, for those who have experience instead of a degree.
    training_certificate: the number on the certificate of Safe Researcher Training.
    declared_as: the name with which the declaration was signed, in `declaration_version`.
    project: on which the supervisor and a provisional researcher work together.
    """

    level: AccreditationLevel = AccreditationLevel.FULL
    basis: Basis = Basis.DEGREE
    qualification: str = ""
    quantitative_months: int | None = None
    training_passed: date | None = None
    training_certificate: str = ""
    declaration_version: str = ""
    declared_as: str = ""
    supervisor: PersonId = ""
    project: ProjectId = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """One application. reason: why it was returned or refused, for the applicant to read."""

    number: int
    person: PersonId
    state: ApplicationState
    evidence: Evidence
    begun_at: datetime
    submitted_at: datetime | None = None
    decided_by: PersonId | None = None
    decided_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationTransition:
    """One way: where it leads, what the ledger is told, and what the applicant ("" for nothing)."""

    to: ApplicationState
    tag: str
    notice: str = ""


_S, _E = ApplicationState, ApplicationEvent
_SUBMIT = ApplicationTransition(to=_S.SUBMITTED, tag="people:accreditation:submit")
_WITHDRAW = ApplicationTransition(to=_S.WITHDRAWN, tag="people:accreditation:withdraw")
TRANSITIONS: dict[tuple[ApplicationState, ApplicationEvent], ApplicationTransition] = {
    (_S.DRAFT, _E.SUBMIT): _SUBMIT,
    (_S.DRAFT, _E.WITHDRAW): _WITHDRAW,
    (_S.SUBMITTED, _E.WITHDRAW): _WITHDRAW,
    (_S.SUBMITTED, _E.RETURN): ApplicationTransition(
        to=_S.RETURNED,
        tag="people:accreditation:return",
        notice="Your application came back: read why, mend it, and hand it in again.",
    ),
    (_S.SUBMITTED, _E.GRANT): ApplicationTransition(
        to=_S.GRANTED,
        tag="people:accreditation:grant",
        notice="Your accreditation is granted.",
    ),
    (_S.SUBMITTED, _E.REFUSE): ApplicationTransition(
        to=_S.REFUSED,
        tag="people:accreditation:refuse",
        notice="Your application was refused: read why. You may apply again.",
    ),
    (_S.RETURNED, _E.SUBMIT): _SUBMIT,
    (_S.RETURNED, _E.WITHDRAW): _WITHDRAW,
}
"""(state, event) -> where it leads; a pair that is not here cannot happen."""

IN_THE_APPLICANTS_HANDS = frozenset({_S.DRAFT, _S.RETURNED})
OPEN = frozenset({*IN_THE_APPLICANTS_HANDS, _S.SUBMITTED})
"""The states of which somebody has one application at most."""

NEEDS_A_REASON = frozenset({_E.RETURN, _E.REFUSE})
"""The events that the applicant has to be told the reason of."""


def application_step(state: ApplicationState, event: ApplicationEvent) -> ApplicationTransition:
    """Look up one way; raises OvertakenError where the event cannot happen now."""
    found = TRANSITIONS.get((state, event))
    if found is None:
        possible = [f"“{e}”" for e in ApplicationEvent if (state, e) in TRANSITIONS]
        message = (
            f"an application that is {state} cannot “{event}”; possible now: "
            f"{', '.join(possible) or 'nothing'}"
        )
        raise OvertakenError(message)
    return found
