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


class PassportKind(StrEnum):
    """The documents with which an NHS trust lets an outside researcher in."""

    RESEARCH_PASSPORT = "NHS research passport"
    HONORARY_CONTRACT = "honorary research contract"
    LETTER_OF_ACCESS = "letter of access"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passport:
    """A document of the trust that holds the data, valid on both named days."""

    kind: PassportKind
    trust: str
    since: date
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Sanction:
    """A ban on a person or on the whole of an organisation; no end means until lifted."""

    on_organisation: bool
    since: date
    until: date | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One account holder on one day, with the sanctions of their organisation already joined."""

    id: PersonId
    name: str
    organisation: str
    roles: frozenset[Role]
    account_since: datetime
    second_factor_since: datetime | None
    accreditation: Accreditation | None = None
    training_passed: date | None = None
    training_until: date | None = None
    declaration_version: str | None = None
    passports: tuple[Passport, ...] = ()
    supervisor: PersonId | None = None
    sanctions: tuple[Sanction, ...] = ()
