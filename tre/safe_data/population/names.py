"""Names by ethnic group and sex, from Faker's lists taken as arrays, with long tails."""

import unicodedata
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

GROUPS = (
    "White British",
    "White Other",
    "Black African",
    "Black Caribbean",
    "Asian",
    "Mixed",
    "Other",
)
# Which of Faker's locales name the people of a group, and with what weight.
_FIRST = {
    "White British": {"en_GB": 5, "en_US": 2, "en_IE": 1, "en_NZ": 2},
    "White Other": {
        "pt_PT": 2, "es_ES": 2, "it_IT": 2, "fr_FR": 1, "ro_RO": 2, "de_DE": 1, "pl_PL": 2,
    },
    "Black African": {"yo_NG": 3, "tw_GH": 3, "en_NG": 1, "ig_NG": 2, "en_KE": 2, "en_GB": 2},
    "Black Caribbean": {"en_GB": 4, "en_US": 4, "en_NZ": 1},
    "Asian": {"en_IN": 7, "id_ID": 1, "en_PK": 2},
    "Mixed": {"en_GB": 5, "en_US": 3, "en_NZ": 1, "fr_FR": 1},
    "Other": {"tr_TR": 4, "es_CO": 3, "pt_BR": 3},
}  # fmt: skip
_LAST = {
    "White British": {"en_GB": 6, "en_US": 2, "en_IE": 1, "en_NZ": 1},
    "White Other": {
        "pt_PT": 1, "es_ES": 2, "it_IT": 3, "fr_FR": 2, "ro_RO": 1, "de_DE": 2, "nl_NL": 1,
    },
    "Black African": {"yo_NG": 4, "tw_GH": 4, "en_NG": 1, "ig_NG": 1, "ha_NG": 1, "en_KE": 3},
    "Black Caribbean": {"en_GB": 6, "en_US": 3},
    "Asian": {"en_IN": 6, "en_PK": 3},
    "Mixed": {"en_GB": 5, "en_US": 2, "yo_NG": 1, "tw_GH": 1, "es_ES": 1},
    "Other": {"tr_TR": 2, "es_CO": 3, "pt_BR": 2, "zu_ZA": 1},
}  # fmt: skip
_SPLICED_SURNAMES, _RESPELT_FIRST_NAMES, _COMMON = 0.15, 0.06, 0.8
_SPELLINGS = (
    ("ie", "y"), ("y", "ie"), ("ph", "f"), ("c", "k"), ("k", "c"), ("ee", "i"), ("n", "nn"),
)  # fmt: skip
_LETTERS = {
    "\u0131": "i",
    "\u0130": "I",
    "ł": "l",
    "Ł": "L",
    "ø": "o",
    "ß": "ss",
    "đ": "d",
    "æ": "ae",
}


@dataclass(frozen=True, slots=True)
class NamePool:
    """Names and how often each is drawn (cumulative shares, the last is 1)."""

    names: np.ndarray
    cumulative: np.ndarray

    def draw(self, rng: np.random.Generator, people: int) -> np.ndarray:
        """A name for each person."""
        where = np.searchsorted(self.cumulative, rng.random(people), side="right")
        return self.names[np.minimum(where, len(self.names) - 1)]


def first_names(rng: np.random.Generator, group: np.ndarray, is_female: np.ndarray) -> np.ndarray:
    """First names for people of these groups (positions in GROUPS); some freely respelt."""
    names = np.empty(len(group), dtype=object)
    for position, name in enumerate(GROUPS):
        for female in (True, False):
            chosen = np.flatnonzero((group == position) & (is_female == female))
            kind = "first_names_female" if female else "first_names_male"
            names[chosen] = _pool(_FIRST[name], kind).draw(rng, len(chosen))
    respelt = np.flatnonzero(rng.random(len(group)) < _RESPELT_FIRST_NAMES)
    which = rng.integers(0, len(_SPELLINGS), len(respelt))
    for row, spelling in zip(respelt.tolist(), which.tolist(), strict=True):
        old, new = _SPELLINGS[spelling]
        names[row] = names[row][0] + names[row][1:].replace(old, new, 1)
    return names


def last_names(rng: np.random.Generator, group: np.ndarray) -> np.ndarray:
    """Surnames for people of these groups; a tail of rare ones is spliced from two."""
    names = np.empty(len(group), dtype=object)
    for position, name in enumerate(GROUPS):
        chosen = np.flatnonzero(group == position)
        pool = _pool(_LAST[name], "last_names")
        names[chosen] = pool.draw(rng, len(chosen))
        rare = chosen[rng.random(len(chosen)) < _SPLICED_SURNAMES]
        for row, ending in zip(rare.tolist(), pool.draw(rng, len(rare)), strict=True):
            names[row] = _splice(names[row], ending)
    return names


def _splice(start: str, ending: str) -> str:
    return start[: (len(start) + 1) // 2] + ending[len(ending) // 2 :].lower().strip(" -'").replace(
        " ", ""
    )


def _pool(locales: dict[str, int], kind: str) -> NamePool:
    """The lists of several locales, each with its weight; common names first within a list."""
    shares: dict[str, float] = {}
    for locale, weight in locales.items():
        names = _faker_names(locale, kind)
        frequency = 1.0 / np.arange(1, len(names) + 1) ** _COMMON
        for name, share in zip(names, weight * frequency / frequency.sum(), strict=True):
            shares[name] = shares.get(name, 0.0) + float(share)
    cumulative = np.cumsum(list(shares.values()))
    return NamePool(np.array(list(shares), dtype=object), cumulative / cumulative[-1])


def _faker_names(locale: str, kind: str) -> list[str]:
    """Faker's list in plain letters, in an order that says nothing about the alphabet."""
    provider = import_module(f"faker.providers.person.{locale}").Provider
    listed: Iterable[str] = getattr(provider, kind, None) or provider.first_names
    plain = dict.fromkeys(_plain(name) for name in listed)
    usable = [name for name in plain if 1 < len(name) < 24 and name.isascii()]
    return usable if len(usable) < 3 else sorted(usable, key=_scattered)


def _scattered(name: str) -> tuple[int, str]:
    return sum((i + 1) * ord(letter) for i, letter in enumerate(name)) * 7919 % 10_007, name


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", "".join(_LETTERS.get(c, c) for c in name))
    return "".join(c for c in letters if c.isalpha() or c in "-' ").strip()
