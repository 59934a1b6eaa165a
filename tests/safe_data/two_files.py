"""Two files of identifiers about the same people, written down badly, with the truth beside them.

Errors are drawn here and not by the registers, so that the matcher is tested against something
that it was not built with. Rates are those of the registers' own errors, rounded.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from tre.safe_data.population.population import Population, make_population

SENT, RECORD = "sent_id", "record_id"
LETTERS = np.array(list("abcdefghijklmnopqrstuvwxyz"))


@dataclass(frozen=True, kw_only=True)
class Carelessness:
    """How often each mistake is made in one record, 0 to 1."""

    name_slip: float = 0.04
    short_name: float = 0.04
    first_missing: float = 0.004
    last_changed: float = 0.03
    swapped: float = 0.006
    date_wrong: float = 0.012
    moved: float = 0.2
    postcode_missing: float = 0.03
    number_missing: float = 0.03
    number_of_another: float = 0.003


CARELESS = Carelessness()
CAREFUL = Carelessness(
    name_slip=0.01, short_name=0.01, first_missing=0, last_changed=0.01, swapped=0.002,
    date_wrong=0.003, moved=0.05, postcode_missing=0.01, number_missing=0.01,
    number_of_another=0.001,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class TwoFiles:
    """sent, register: key and every identifier. truth: the two keys of whoever is in both."""

    sent: pl.DataFrame
    register: pl.DataFrame
    truth: pl.DataFrame

    def quality(self, links: pl.DataFrame) -> tuple[float, float]:
        """Precision and recall of these links, 0 to 1."""
        right = len(links.join(self.truth, on=[SENT, RECORD], how="semi"))
        return right / max(len(links), 1), right / max(len(self.truth), 1)


def two_files(seed: int, people: int, sent: int, register: int, both: float = 0.9) -> TwoFiles:
    """Files of so many of these people. both: the share of those sent who are in the register."""
    rng = np.random.default_rng(seed)
    population = make_population(seed, people)
    order = rng.permutation(people)
    shared = round(sent * both)
    mine, theirs = order[:sent], order[sent - shared : sent - shared + register]
    left = _file(rng, population, mine, CARELESS, SENT)
    right = _file(rng, population, theirs, CAREFUL, RECORD)
    truth = left.join(right, on="person").select(SENT, RECORD).sort(SENT)
    return TwoFiles(sent=left.drop("person"), register=right.drop("person"), truth=truth)


def _file(
    rng: np.random.Generator,
    population: Population,
    people: np.ndarray,
    careless: Carelessness,
    key: str,
) -> pl.DataFrame:
    """One row a person, in a random order that says nothing about who they are."""
    count = len(people)

    def struck(rate: float) -> np.ndarray:
        return np.flatnonzero(rng.random(count) < rate)

    first = population.first_name[people].astype(object)
    last = population.last_name[people].astype(object)
    for names in (first, last):
        _change(names, struck(careless.name_slip), rng, _slip)
    _change(first, struck(careless.short_name), rng, _short)
    changed = struck(careless.last_changed)
    last[changed] = population.last_name[rng.integers(0, population.people, len(changed))]
    swapped = struck(careless.swapped)
    first[swapped], last[swapped] = last[swapped], first[swapped]
    first[struck(careless.first_missing)] = None
    born = population.families.born[people].astype(np.int32)
    wrong = struck(careless.date_wrong)
    born[wrong] += rng.choice(np.array([-10, -1, 1, 10, 31, 366], dtype=np.int32), len(wrong))
    numbers = population.nhs_number[people].astype(object)
    mistaken = struck(careless.number_of_another)
    numbers[mistaken] = population.nhs_number[rng.integers(0, population.people, len(mistaken))]
    numbers[struck(careless.number_missing)] = None
    return pl.DataFrame(
        {
            key: pl.Series(rng.permutation(10 * count)[:count]).cast(pl.String).str.zfill(9),
            "person": people,
            "first_name": pl.Series(first.tolist(), dtype=pl.String),
            "last_name": pl.Series(last.tolist(), dtype=pl.String),
            "date_of_birth": pl.Series(born).cast(pl.Date),
            "postcode": pl.Series(_postcodes(rng, population, people, careless), dtype=pl.String),
            "nhs_number": pl.Series(numbers.tolist(), dtype=pl.Int64).cast(pl.String),
            "sex": np.where(population.families.is_female[people], "Female", "Male"),
        }
    ).sort(key)


def _postcodes(
    rng: np.random.Generator, population: Population, people: np.ndarray, careless: Carelessness
) -> list[str | None]:
    """Where they lived in 2020, or another postcode where they have moved."""
    there = population.addresses.on(people, np.full(len(people), 18_300))
    every = population.directory.postcode
    postcodes = every[there].astype(object)
    moved = np.flatnonzero(rng.random(len(people)) < careless.moved)
    postcodes[moved] = every[rng.integers(0, len(every), len(moved))]
    postcodes[np.flatnonzero(rng.random(len(people)) < careless.postcode_missing)] = None
    return postcodes.tolist()


def _change(values: np.ndarray, rows: np.ndarray, rng: np.random.Generator, change) -> None:
    for row, luck in zip(rows.tolist(), rng.integers(0, 2**31, len(rows)).tolist(), strict=True):
        values[row] = change(values[row], luck)


def _slip(name: str, luck: int) -> str:
    """One letter is another."""
    place = luck % len(name)
    return name[:place] + str(LETTERS[luck % 26]) + name[place + 1 :]


def _short(name: str, luck: int) -> str:
    """What friends say: the first three letters."""
    return name[:3]
