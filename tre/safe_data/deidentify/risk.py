"""The disclosure risk of an extract: who could be told apart in it, and what that would tell."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import polars as pl

from tre.decision import UnusableRequestError
from tre.safe_data.deidentify.classes import (
    Below,
    Diversity,
    SizeBand,
    below,
    class_sizes,
    diversity,
    size_bands,
)
from tre.safe_data.deidentify.population_uniques import PopulationUniques, population_uniques
from tre.safe_data.deidentify.special_uniques import SpecialUniques, special_uniques

LARGEST_SET = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskReport:
    """What somebody who knows the quasi-identifiers of a person could do with an extract.

    smallest: people in the smallest class of people who look alike (k). uniques: people who are
    alone in theirs. special: those whom fewer variables suffice for. population: None where
    nothing is known of it. The report counts few people: it is for who makes and checks extracts.
    """

    unit: str
    quasi_identifiers: tuple[str, ...]
    people: int
    classes: int
    smallest: int
    uniques: int
    below: tuple[Below, ...]
    sizes: tuple[SizeBand, ...]
    diversity: tuple[Diversity, ...]
    special: SpecialUniques
    population: PopulationUniques | None

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON: tuples as lists."""
        return _plain(asdict(self))


def risk(
    frame: pl.DataFrame,
    unit: str,
    quasi_identifiers: Sequence[str],
    sensitive: Sequence[str],
    population: pl.DataFrame | int | None = None,
    largest: int = LARGEST_SET,
) -> RiskReport:
    """Measure the risk of a table with one row a person.

    quasi_identifiers: what somebody outside may know of a person. sensitive: what they would learn.
    population: a table of everybody with the same quasi-identifiers, treated alike; or how many
    people that is. largest: variables in a special unique, at most. Null counts as a value.
    Raises UnusableRequestError for a column that is not there, several rows of one person, nobody
    at all, a variable that is both, or a population smaller than the extract.
    """
    named = tuple(quasi_identifiers)
    _check(frame, unit, named, tuple(sensitive))
    _check_population(len(frame), named, population)
    sizes = class_sizes(frame, named)
    return RiskReport(
        unit=unit,
        quasi_identifiers=named,
        people=len(frame),
        classes=len(sizes),
        smallest=int(sizes.to_numpy().min()),
        uniques=int((sizes == 1).sum()),
        below=below(sizes),
        sizes=size_bands(sizes),
        diversity=tuple(diversity(frame, named, name) for name in sensitive),
        special=special_uniques(frame, named, min(max(1, largest), len(named))),
        population=None if population is None else population_uniques(frame, named, population),
    )


def _check(
    frame: pl.DataFrame, unit: str, named: tuple[str, ...], sensitive: tuple[str, ...]
) -> None:
    missing = [name for name in (unit, *named, *sensitive) if name not in frame.columns]
    every = (unit, *named, *sensitive)
    if missing:
        message = f"the table has no column {', '.join(missing)}"
    elif not named:
        message = "name at least one quasi-identifier"
    elif len(set(every)) < len(every):
        message = "a column is the unit, or a quasi-identifier, or sensitive, and named once"
    elif frame.is_empty():
        message = "the table has no rows: there is nobody whose risk could be told"
    elif frame[unit].null_count() or frame[unit].n_unique() < len(frame):
        message = f"the table has one row a person; some {unit} is missing or there twice"
    else:
        return
    raise UnusableRequestError(message)


def _check_population(
    people: int, named: tuple[str, ...], population: pl.DataFrame | int | None
) -> None:
    if population is None:
        return
    if isinstance(population, pl.DataFrame):
        missing = [name for name in named if name not in population.columns]
        if missing:
            message = f"the population has no column {', '.join(missing)}"
            raise UnusableRequestError(message)
    everybody = population if isinstance(population, int) else len(population)
    if everybody < people:
        message = f"a population of {everybody:,} is smaller than the extract's {people:,} people"
        raise UnusableRequestError(message)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value
