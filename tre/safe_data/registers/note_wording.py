"""How a note reads: sentences with places for identifiers, and the ways in which those are written.

The wording is invented. What is planted is kept with its place, so that masking can be measured.
"""

import re
from dataclasses import dataclass, field
from functools import cache

AUTHORS = (
    "Psychiatrist",
    "Community psychiatric nurse",
    "Clinical psychologist",
    "Social worker",
    "Occupational therapist",
)
OPENINGS = (
    "{first} {last} was seen in clinic on {day}.",
    "Seen at home {day}, {first} came to the door.",
    "T/C from {first} on {day}.",
    "Reviewed {first} {last} (DOB {born}) on the ward round.",
    "{last}, {first}: initial assessment {day}.",
    "DNA {day}. {first} phoned later to say sorry.",
)
STATES = (
    "Mood low, sleep poor, no plans to end life.",
    "Hears voices less often, PHQ-9 was 12/27, takes olanzapine 10 mg.",
    "Anxious on the bus and in shops; sertraline 50 mg for 6/52.",
    "Restless, concentrates for five minutes at most, vitamin B12 5mg continued.",
    "Eats little since May 2019, weight stable, bloods normal.",
    "Drinks less than in 2018. Engaged, good eye contact, insight partial.",
)
DETAILS = (
    "NHS no. {nhs}, registered at {postcode}.",
    "Moved to {postcode} last month.",
    "New number {phone}.",
    "Contact {phone}; letters to {postcode} please.",
    "NHS {nhs}.",
    "Referral discussed with Dr {doctor}.",
    "{first} lives at {postcode} and can be reached on {phone}.",
    "{stranger} from next door called the team on {day}.",
)
OF_RELATIVES = (
    "{Kin} {relative} attended and is worried.",
    "Spoke to {kin}, {relative} {relative_last}, on {relative_phone}.",
    "{relative} says that {first} has stopped going out.",
    "{relative} will be told of the plan by phone ({relative_phone}).",
    "Lives with {kin} {relative}.",
)
CLOSINGS = (
    "Plan: review {later}.",
    "Will discuss with Dr {doctor}, copy to GP.",
    "{first} agrees with the plan; CPA on {later}.",
    "To be seen again in 5/7.",
    "Discharge planned, {first} to call if worse.",
)

_PLACE = re.compile(r"\{(\w+)\}")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


@dataclass(slots=True)
class Note:
    """A note that is being written. planted: class, first character, character after the last."""

    text: str = ""
    planted: list[tuple[str, int, int]] = field(default_factory=list)

    def say(self, sentence: str, values: dict[str, tuple[str, str]]) -> None:
        """Write a sentence, with (class, text) in each place; a class of "" identifies nobody."""
        parts, at = [], len(self.text)
        for number, part in enumerate(_parts(sentence)):
            kind, said = values[part] if number % 2 else ("", part)
            if kind:
                self.planted.append((kind, at, at + len(said)))
            parts.append(said)
            at += len(said)
        self.text += "".join(parts)


@cache
def _parts(sentence: str) -> tuple[str, ...]:
    """Text and names of places, by turns; every sentence ends in a space."""
    return tuple(_PLACE.split(f"{sentence} "))


def written_day(year: int, month: int, of_month: int, luck: int) -> str:
    """A day in one of the ways in which clinicians write it."""
    ways = (
        f"{of_month:02}/{month:02}/{year}",
        f"{of_month}/{month}/{year % 100:02}",
        f"{of_month}.{month}.{year % 100:02}",
        f"{of_month} {_MONTHS[month - 1]} {year}",
        f"{of_month} {_MONTHS[month - 1][:3]}",
        f"{year}-{month:02}-{of_month:02}",
    )
    return ways[luck % len(ways)]


def written_number(number: str, luck: int) -> str:
    """An NHS number of ten digits, together, in groups, or with hyphens."""
    groups = (number[:3], number[3:6], number[6:])
    return ("".join(groups), " ".join(groups), "-".join(groups))[luck % 3]


def written_telephone(number: str, luck: int) -> str:
    """A telephone number of eleven digits, together, in groups, or with the country's code."""
    return (number, f"{number[:5]} {number[5:]}", f"+44 {number[1:5]} {number[5:]}")[luck % 3]


def written_postcode(postcode: str, luck: int) -> str:
    """As it is, without its space, or in small letters."""
    return (postcode, postcode, postcode.replace(" ", ""), postcode.lower())[luck % 4]
