"""What the environment knows about a person when it asks whether they may do something."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from tre.vocabulary import PersonId, Role


class AccreditationLevel(StrEnum):
    """The two levels of the ONS scheme under the Digital Economy Act 2017."""

    FULL = "full"
    PROVISIONAL = "provisional"


@dataclass(frozen=True, slots=True, kw_only=True)
class Accreditation:
    """ONS accreditation as a researcher, valid on both named days."""

    level: AccreditationLevel
    since: date
    until: date

    def covers(self, on: date) -> bool:
        """Whether the day lies between the days written down."""
        return self.since <= on <= self.until


class PassportKind(StrEnum):
    """The documents with which an NHS trust lets an outside researcher in."""

    RESEARCH_PASSPORT = "NHS research passport"
    HONORARY_CONTRACT = "honorary research contract"
    LETTER_OF_ACCESS = "letter of access"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passport:
    """A document of the trust that holds the data, valid on both named days.

    reference: the number or name under which the trust finds the document; "" where not kept.
    """

    kind: PassportKind
    trust: str
    since: date
    until: date
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sanction:
    """A ban on a person or on the whole of an organisation; no end means until lifted.

    lifted_on: from this day on it bars nobody; None where it was not lifted. number: the store's.
    """

    on_organisation: bool
    since: date
    until: date | None
    reason: str
    lifted_on: date | None = None
    number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One account holder on one day, with the sanctions of their organisation already joined.

    account_since: when the account began, or was last given back by the TRE manager.
    temporary_password: whether the password is one that somebody else has chosen.
    accreditation_after: a renewal that was granted before the accreditation held has ended.
    supervisor: who has confirmed that they supervise. email: "" where nobody may write.
    """

    id: PersonId
    name: str
    organisation: str
    roles: frozenset[Role]
    account_since: datetime
    second_factor_since: datetime | None
    accreditation: Accreditation | None = None
    accreditation_after: Accreditation | None = None
    training_passed: date | None = None
    training_until: date | None = None
    declaration_version: str | None = None
    passports: tuple[Passport, ...] = ()
    supervisor: PersonId | None = None
    sanctions: tuple[Sanction, ...] = ()
    temporary_password: bool = False
    email: str = ""
