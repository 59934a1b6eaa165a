"""Treatments: what is done to a variable before a researcher sees it, written down as data."""

from dataclasses import dataclass
from enum import StrEnum

from tre.decision import UnusableRequestError

OTHER = "Other, grouped"
"""What rare categories are called once they are grouped."""

K = 10
"""People that a value must be shared by, unless a treatment says otherwise."""

OLDEST = 90
"""From this age on nobody is told apart: few live so long."""


class Method(StrEnum):
    """How a variable is treated; the value is what the dictionary of an extract says."""

    AS_IS = "as recorded"
    TO_MONTH = "to the month, written as its first day"
    TO_YEAR = "to the year"
    SHIFTED = "moved by a number of days of each person's own"
    AGE_BANDS = "age in bands"
    TOP_CODED = "age, the oldest together"
    TO_AREA = "postcode to its area (outward code)"
    TO_DEPRIVATION = "postcode to the deprivation decile of its area"
    RARE_GROUPED = "rare categories together"
    ICD10_CATEGORY = "ICD-10 to three characters"
    ICD10_CHAPTER = "ICD-10 to the chapter"
    SCRUBBED = "free text with identifiers masked"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True, kw_only=True)
class Treatment:
    """What is done to one variable; what its method does not use is left as it is.

    days: SHIFTED moves by -days to +days, 1 to 365. years: width of AGE_BANDS, 1 to 30.
    oldest: AGE_BANDS and TOP_CODED put ages from here on together. people: RARE_GROUPED groups
    values of fewer people, 2 or more. Raises UnusableRequestError outside of these ranges.
    """

    method: Method
    days: int = 30
    years: int = 5
    oldest: int = OLDEST
    people: int = K

    def __post_init__(self):
        for name, least, most in _RANGES:
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
                message = f"{name} of a treatment is a number from {least} to {most}, not {value!r}"
                raise UnusableRequestError(message)

    def sentence(self) -> str:
        """What was done, for the dictionary of an extract."""
        return self.method + _DETAILS.get(self.method, "").format(t=self)

    def becomes(self, kind: str) -> str:
        """The catalogue's type of the treated variable, where it was of this type before."""
        return _TYPES.get(self.method, kind)


_RANGES = (("days", 1, 365), ("years", 1, 30), ("oldest", 1, OLDEST), ("people", 2, 1_000_000))
_DETAILS = {
    Method.SHIFTED: ", at most {t.days}, the same for all of the person's dates",
    Method.AGE_BANDS: " of {t.years} years, {t.oldest} and over together",
    Method.TOP_CODED: " at {t.oldest}",
    Method.RARE_GROUPED: f": values of fewer than {{t.people}} people are '{OTHER}'",
}
_TYPES = {
    Method.TO_YEAR: "integer",
    Method.AGE_BANDS: "string",
    Method.TO_DEPRIVATION: "integer",
    Method.RARE_GROUPED: "string",
}

AS_IS = Treatment(method=Method.AS_IS)
TO_MONTH = Treatment(method=Method.TO_MONTH)
TO_YEAR = Treatment(method=Method.TO_YEAR)
SHIFTED = Treatment(method=Method.SHIFTED)
AGE_BANDS = Treatment(method=Method.AGE_BANDS)
TOP_CODED = Treatment(method=Method.TOP_CODED)
TO_AREA = Treatment(method=Method.TO_AREA)
TO_DEPRIVATION = Treatment(method=Method.TO_DEPRIVATION)
RARE_GROUPED = Treatment(method=Method.RARE_GROUPED)
ICD10_CATEGORY = Treatment(method=Method.ICD10_CATEGORY)
ICD10_CHAPTER = Treatment(method=Method.ICD10_CHAPTER)
SCRUBBED = Treatment(method=Method.SCRUBBED)
WITHHELD = Treatment(method=Method.WITHHELD)


def default_treatment(kind: str) -> Treatment | None:
    """What happens to a variable of this type whose description names no treatment.

    Free text is withheld, and a date has no default: its description must say. Other types are
    as recorded. kind: a type of the catalogue, or `text`. Raises UnusableRequestError for another.
    """
    if kind not in _DEFAULTS:
        message = f"{kind!r} is no type of a variable; the types are {', '.join(_DEFAULTS)}"
        raise UnusableRequestError(message)
    return _DEFAULTS[kind]


_DEFAULTS: dict[str, Treatment | None] = {
    "string": AS_IS,
    "integer": AS_IS,
    "number": AS_IS,
    "boolean": AS_IS,
    "date": None,
    "text": WITHHELD,
}
