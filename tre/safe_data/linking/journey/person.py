"""The person of the picture: invented, and shown masked even so."""

from dataclasses import dataclass

MASKED = {
    "nhs_number": "999 ••• ••••",
    "first_name": "T••••",
    "last_name": "A••••••",
    "date_of_birth": "•• ••• ••••",
    "postcode": "SE5 •••",
    "address": "•• ••••••• Road",
    "sex": "•",
}
PSEUDONYM = "C0•••••417"
RESEARCH, PROJECT = "9f3a••••", "41d7••••"
_ADULT, _CHILD = 41, 14
_CHILDREN = frozenset({"npd"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Traveller:
    """Somebody who does not exist. age: years."""

    name: str
    age: int

    @property
    def introduced(self) -> str:
        """Name and age, as the picture says it."""
        return f"{self.name}, {self.age}"


def traveller(linkage: str) -> Traveller:
    """Whose identifiers the picture follows: a child where the linkage covers children."""
    return Traveller(name="Tosin", age=_CHILD if linkage in _CHILDREN else _ADULT)


def masked(column: str, pseudonym: str) -> str:
    """What stands in a column of Tosin's row, covered so that only its shape is seen."""
    return PSEUDONYM if column == pseudonym else MASKED.get(column, "•••••")
