"""Addresses: a directory of postcodes that nobody can have, and who lived where and when."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from tre.safe_data.chance import choose, stream
from tre.safe_data.population.calendar import FIRST_DAY, LAST_DAY
from tre.safe_data.population.families import CHILD, Families
from tre.safe_data.population.places import INWARD_LETTERS, PLACES

_MOST_MOVES = 4
_MOVES_A_YEAR = 0.085
# A household that moves stays in its borough, goes to another, or leaves the four boroughs.
_STAYS, _LEAVES = 0.70, 0.13


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """Every postcode: its text, its place (position in PLACES) and its deprivation decile."""

    postcode: np.ndarray
    place: np.ndarray
    imd_decile: np.ndarray
    of_place: tuple[np.ndarray, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Where people lived: one row a household, one column an address, in order of time.

    household: the household in which a person grew up or lives. own_household: the one to which a
    grown child went, else -1, since left_home. since: day of moving in. where: postcode row.
    """

    household: np.ndarray
    own_household: np.ndarray
    left_home: np.ndarray
    since: np.ndarray
    where: np.ndarray

    def on(self, people: np.ndarray, days: np.ndarray) -> np.ndarray:
        """The row in the directory at which each of these people lived on a day of their own."""
        own = (self.own_household[people] >= 0) & (self.left_home[people] <= days)
        household = np.where(own, self.own_household[people], self.household[people])
        moved = (self.since[household, 1:] <= days[:, None]).sum(axis=1)
        return self.where[household, moved]


def make_directory(seed: int) -> Directory:
    """Outward codes are real; both inward letters are ones that real postcodes never use.

    A small area is a sector and the first inward letter; it has one deprivation decile.
    """
    rng = stream(seed, "directory")
    text: list[str] = []
    place: list[np.ndarray] = []
    decile: list[np.ndarray] = []
    letters = len(INWARD_LETTERS)
    for position, borough in enumerate(PLACES):
        areas = [
            f"{d} {n}{x}" for d in borough.districts for n in range(10) for x in INWARD_LETTERS
        ]
        text += [area + last for area in areas for last in INWARD_LETTERS]
        place.append(np.full(len(areas) * letters, position, dtype=np.int8))
        drawn = choose(rng, borough.deprivation, len(areas)) + 1
        decile.append(np.repeat(drawn, letters).astype(np.int8))
    places = np.concatenate(place)
    return Directory(
        postcode=np.array(text, dtype=object),
        place=places,
        imd_decile=np.concatenate(decile),
        of_place=tuple(np.flatnonzero(places == position) for position in range(len(PLACES))),
    )


def make_addresses(seed: int, families: Families, directory: Directory) -> Addresses:
    """Give every family a first address and its moves, and grown children a home of their own."""
    rng = stream(seed, "addresses")
    units = int(families.family.max()) + 1
    place = np.zeros(units, dtype=np.int64)
    place[families.family] = families.place
    leaves = families.born + ((18.5 + 7 * rng.random(len(families.born))) * 365.25).astype(int)
    gone = (families.role == CHILD) & (leaves <= LAST_DAY)
    own = np.where(gone, units + np.cumsum(gone) - 1, -1)
    since, where = _moves(rng, directory, np.r_[place, families.place[gone]])
    return Addresses(
        household=families.family,
        own_household=own.astype(np.int32),
        left_home=np.where(gone, leaves, np.iinfo(np.int32).max).astype(np.int32),
        since=since,
        where=where,
    )


def _moves(rng: np.random.Generator, directory: Directory, last_place: np.ndarray):
    """Days of moving in and postcodes, earliest first; the last one lies in `last_place`.

    A household with fewer moves has its spare columns after the last day on record.
    """
    households, span = len(last_place), LAST_DAY - FIRST_DAY
    rate = _MOVES_A_YEAR * span / 365.25 * rng.gamma(1.5, 1 / 1.5, households)
    moves = np.minimum(rng.poisson(rate), _MOST_MOVES)
    days = FIRST_DAY + (rng.random((households, _MOST_MOVES)) * span).astype(np.int32)
    days[np.arange(_MOST_MOVES) >= moves[:, None]] = np.iinfo(np.int32).max
    days.sort(axis=1)
    since = np.c_[np.zeros(households, dtype=np.int32), days].astype(np.int32)
    where = np.empty((households, _MOST_MOVES + 1), dtype=np.int32)
    place = last_place
    for column in range(_MOST_MOVES, -1, -1):
        where[:, column] = _somewhere(rng, directory, place)
        if column:
            happened = days[:, column - 1] < np.iinfo(np.int32).max
            place = np.where(happened, _place_before(rng, place), place)
    return since, where


def _place_before(rng: np.random.Generator, place: np.ndarray) -> np.ndarray:
    luck = rng.random(len(place))
    other = rng.integers(0, len(PLACES) - 1, len(place))
    elsewhere = np.full(len(place), len(PLACES) - 1)
    return np.select([luck < _STAYS, luck < 1 - _LEAVES], [place, other], elsewhere)


def _somewhere(rng: np.random.Generator, directory: Directory, place: np.ndarray) -> np.ndarray:
    """A random postcode of each place."""
    luck = rng.random(len(place))
    rows = np.empty(len(place), dtype=np.int32)
    for position, choices in enumerate(directory.of_place):
        chosen = place == position
        rows[chosen] = choices[(luck[chosen] * len(choices)).astype(np.int64)]
    return rows


def as_table(directory: Directory) -> pl.DataFrame:
    """The directory as a file holds it, sorted by postcode."""
    names = np.array([place.name for place in PLACES], dtype=object)
    return pl.DataFrame(
        {
            "postcode": pl.Series(directory.postcode.tolist(), dtype=pl.String),
            "borough": pl.Series(names[directory.place].tolist(), dtype=pl.String),
            "imd_decile": directory.imd_decile,
        }
    ).sort("postcode")
