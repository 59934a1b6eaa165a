"""Notes as a clinician may write them, with identifiers planted whose places are known."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from importlib import import_module

from tre.safe_data.deidentify.known import Known

LOCALES = ("en_GB", "yo_NG", "tw_GH", "pl_PL", "en_IN", "es_ES")
STREETS = ("Camberwell Road", "Coldharbour Lane", "Brixton Hill", "Lordship Lane", "Peckham Rye")
NICKNAMES = {"Elizabeth": "Liz", "William": "Bill", "Margaret": "Peggy", "Babatunde": "Tunde"}
KIN = ("mum", "father", "sister", "partner", "nan", "carer")


@dataclass(slots=True)
class Note:
    """The text, what is known of the patient, and (class, start, end) of everything planted."""

    known: Known
    text: str = ""
    planted: list[tuple[str, int, int]] = field(default_factory=list)

    def say(self, *parts: str | tuple[str, str]) -> None:
        """Write on: a text as it is, a pair (class, identifier) planted."""
        for part in parts:
            if isinstance(part, tuple):
                kind, part = part  # noqa: PLW2901
                self.planted.append((kind, len(self.text), len(self.text) + len(part)))
            self.text += part
        self.text += " "


def notes(count: int, seed: int) -> Iterator[Note]:
    """Notes about a patient each; the same seed writes the same ones."""
    rng = random.Random(seed)
    firsts, lasts = _pool("first_names"), _pool("last_names")
    for _ in range(count):
        yield _note(rng, firsts, lasts)


def _pool(kind: str) -> list[str]:
    found: set[str] = set(NICKNAMES) if kind == "first_names" else set()
    for locale in LOCALES:
        provider = import_module(f"faker.providers.person.{locale}").Provider
        listed = getattr(provider, kind, None) or getattr(provider, f"{kind}_male", ())
        found |= {name for name in listed if len(name) > 2 and " " not in name}
    return sorted(found)


def _note(rng: random.Random, firsts: list[str], lasts: list[str]) -> Note:
    first, relative, stranger, friend = rng.sample(firsts, 4)
    last, professional = rng.sample(lasts, 2)
    street, number, nhs = rng.choice(STREETS), rng.randint(1, 300), _nhs_number(rng)
    postcode, earlier = _postcode(rng), _postcode(rng)
    phone = f"07700900{rng.randint(100, 999)}"
    note = Note(
        known=Known(
            names=(first, last),
            relatives=(f"{relative} {last}",),
            addresses=(f"{number} {street}, London, {postcode}",),
            nhs_numbers=(nhs,),
            phones=(phone,),
        )
    )
    title, kin = rng.choice(("Dr", "Mr", "Mrs")), rng.choice(KIN)
    note.say(("name", first), " ", ("name", last), " was seen on ", ("date", _date(rng)), ".")
    note.say("Diagnosis F20.0, olanzapine 10 mg, vitamin B12 5mg, for 5/7, PHQ-9 was 12/27.")
    note.say("NHS no. ", ("nhs number", _spaced(rng, nhs)), ", tel ", ("phone", _phone(rng, phone)))
    note.say("at ", ("address", f"{number} {_street(rng, street)}"), ",")
    note.say(("postcode", _written(rng, postcode)), "; in May 2019 moved from")
    note.say(("postcode", _written(rng, earlier)), ".")
    note.say(("name", _variant(rng, first)), " will call ", kin, " ", ("relative", relative), ".")
    note.say("Told ", ("relative", _variant(rng, relative)), " that the team may visit.")
    # Known to nobody: only a title or a kinship before it can give it away, or nothing.
    note.say("Discussed with ", title, " ", ("titled", professional), " and the man's ", kin)
    note.say(
        ("unknown relative", stranger), " by phone;", " later ", ("stranger", friend), " came."
    )
    note.say("Mood low, sleep poor. Review ", ("date", _date(rng)), ", copy to")
    note.say(("email", f"{first.lower()}.{number}@example.nhs.uk"), ".")
    return note


def _nhs_number(rng: random.Random) -> str:
    """Of the range 999, which is never issued; with its check digit."""
    while True:
        nine = f"999{rng.randint(0, 999_999):06}"
        weighted = sum(int(digit) * (10 - place) for place, digit in enumerate(nine))
        check = (11 - weighted % 11) % 11
        if check < 10:
            return f"{nine}{check}"


def _postcode(rng: random.Random) -> str:
    """Of a real district, with inward letters that no real postcode has."""
    letters = "".join(rng.choice("CIKMOV") for _ in "ab")
    return f"{rng.choice(('SE', 'SW'))}{rng.randint(1, 20)} {rng.randint(0, 9)}{letters}"


def _spaced(rng: random.Random, nhs: str) -> str:
    return rng.choice((nhs, f"{nhs[:3]} {nhs[3:6]} {nhs[6:]}", f"{nhs[:3]}-{nhs[3:6]}-{nhs[6:]}"))


def _phone(rng: random.Random, phone: str) -> str:
    if rng.random() < 0.3:  # another number than the known one: only its form tells
        return f"020 7946 0{rng.randint(100, 999)}"
    return rng.choice((phone, f"{phone[:5]} {phone[5:]}", f"+44 {phone[1:5]} {phone[5:]}"))


def _written(rng: random.Random, postcode: str) -> str:
    return rng.choice((postcode, postcode.replace(" ", ""), postcode.lower()))


def _street(rng: random.Random, street: str) -> str:
    kind = street.rsplit(maxsplit=1)[-1]
    short = street.replace(kind, {"Road": "Rd", "Lane": "Ln"}.get(kind, kind))
    return rng.choice((street, short, street.lower(), _typed(rng, street)))


def _variant(rng: random.Random, name: str) -> str:
    """As it is (6 of 10), the nickname, in capitals or small letters, or with a slip (2 of 10)."""
    return rng.choices(
        (name, NICKNAMES.get(name, name), name.upper(), name.lower(), _typed(rng, name)),
        (5, 1, 1, 1, 2),
    )[0]


def _typed(rng: random.Random, text: str) -> str:
    """One slip somewhere after the first letter."""
    at = rng.randrange(1, len(text))
    return rng.choice(
        (
            text[:at] + text[at + 1 :],
            text[:at] + text[at] + text[at:],
            text[:at] + rng.choice("aeiourst") + text[at + 1 :],
            text[: at - 1] + text[at] + text[at - 1] + text[at + 1 :] if at > 1 else text,
        )
    )


def _date(rng: random.Random) -> str:
    day = date(rng.randint(1950, 2024), rng.randint(1, 12), rng.randint(1, 28))
    form = rng.choice(("%d/%m/%Y", "%d.%m.%y", "%Y-%m-%d", "%d %B %Y", "%d %b", "%B %d, %Y"))
    return day.strftime(form).lstrip("0")
