"""Admissions to hospital of any set of people; `hospital_visits` has what is no stay.

The rates follow age, the long illnesses and the planted effects, and are below England's (NHS
Digital: 0.3 admissions, 2 appointments and 0.4 A&E attendances a person and year) so that a large
world stays small. Functions take rows of the population and give `row`, the position in them.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from tre.safe_data.chance import choose, stream
from tre.safe_data.effects import size
from tre.safe_data.population.calendar import LAST_DAY, day
from tre.safe_data.population.disorders import DISORDERS
from tre.safe_data.population.health import SITES
from tre.safe_data.population.lives import NEVER
from tre.safe_data.population.places import PLACES
from tre.safe_data.population.population import Population
from tre.safe_data.records import hospital_codes as codes
from tre.safe_data.records.deaths import certified
from tre.safe_data.records.events import Rate, events
from tre.safe_data.records.register import ROW

HES_YEARS = (day(2015, 4, 1), LAST_DAY)
"""First and last day of the episodes that HES holds here: ten financial years and a part."""
PANDEMIC = day(2020, 3, 1)
_EMERGENCY_AT = (0.16, 0.05, 0.04, 0.055, 0.06, 0.08, 0.11, 0.18, 0.34, 0.50)
_PLANNED_AT = (0.05, 0.03, 0.05, 0.07, 0.08, 0.12, 0.18, 0.24, 0.24, 0.12)
"""A year at ages 0 to 9, 10 to 19, ... 90 and older: assumed, shaped after the HES reports."""
_DIALYSIS_SHARE, _CANCER_SHARE = 0.35, 0.45


def listed(values: tuple[str, ...]) -> pl.Enum:
    """The type of a column that holds one of these codes, one byte each."""
    return pl.Enum(sorted(set(values)))


DIAGNOSES = listed(
    (
        *(one.diagnosis for one in (*codes.EMERGENCY, codes.COVID, *codes.PLANNED)),
        *(site.code for site in SITES),
        codes.DIALYSIS[0],
        codes.DELIVERY[0],
        codes.NEWBORN[0],
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stays:
    """Admissions while they are being made: one value a stay. reason: codes, by position."""

    row: np.ndarray
    admitted: np.ndarray
    nights: np.ndarray
    columns: dict[str, np.ndarray]


def admissions(
    population: Population,
    people: np.ndarray,
    stream_name: str,
    period: tuple[int, int] = HES_YEARS,
) -> pl.DataFrame:
    """Stays in hospital that begin within a period: first and last day, since 1970.

    row, admitted, discharged, admission_method, discharge_method, main_diagnosis, main_operation
    ("-" for none), specialty, provider; sorted by row and admitted. The stays of a person do not
    overlap; a stay in which a person dies ends on that day. Mothers have their deliveries.
    """
    rng = stream(population.seed, f"{stream_name}: admissions")
    last = _deaths(rng, population, people, period)
    begins = np.full(len(people), NEVER)
    begins[last.row] = last.admitted
    parts = [
        *(
            _before(make(rng, population, people, period), begins)
            for make in (_emergencies, _planned, _births)
        ),
        last,
    ]
    stays = _together(parts)
    frame = pl.DataFrame(
        {
            ROW: stays.row.astype(np.int32),
            "admitted": stays.admitted.astype(np.int32),
            "nights": stays.nights.astype(np.int32),
            "is_last": np.arange(len(stays.row)) >= len(stays.row) - len(last.row),
            **{name: _coded(name, values) for name, values in stays.columns.items()},
        }
    )
    return _discharges(rng, population, people, frame[np.lexsort((stays.admitted, stays.row))])


def _before(stays: _Stays, begins: np.ndarray) -> _Stays:
    """The stays that begin by the day on which a person's last one begins."""
    kept = stays.admitted <= begins[stays.row]
    return _Stays(
        row=stays.row[kept],
        admitted=stays.admitted[kept],
        nights=stays.nights[kept],
        columns={name: values[kept] for name, values in stays.columns.items()},
    )


def _coded(name: str, values: np.ndarray) -> pl.Series:
    kinds = {
        "admission_method": listed(codes.ADMISSION_METHODS),
        "main_diagnosis": DIAGNOSES,
        "main_operation": listed(codes.OPERATIONS),
        "specialty": listed(codes.SPECIALTIES),
    }
    return pl.Series(name, values, dtype=pl.String).cast(kinds[name])


def _discharges(
    rng: np.random.Generator, population: Population, people: np.ndarray, frame: pl.DataFrame
) -> pl.DataFrame:
    """Give each stay an end: by the next one's beginning, and before the death or on its day."""
    row = frame[ROW].to_numpy()
    again = pl.col("admitted").shift(-1).over(ROW).fill_null(LAST_DAY)
    left = rng.random(len(frame)) < 0.03
    latest = pl.Series(population.health.died[people][row].astype(np.int64)) - (~frame["is_last"])
    ends = pl.min_horizontal(pl.col("admitted") + pl.col("nights"), again, pl.lit(LAST_DAY))
    frame = frame.with_columns(discharged=pl.min_horizontal(ends, latest))
    method = np.where(left, codes.SELF_DISCHARGED, codes.DISCHARGED)
    method = np.where(frame["is_last"].to_numpy(), codes.DIED, method)
    return frame.select(
        ROW,
        pl.col("admitted").cast(pl.Date),
        pl.col("discharged").cast(pl.Int32).cast(pl.Date),
        "admission_method",
        pl.Series("discharge_method", method).cast(listed(codes.DISCHARGE_METHODS)),
        "main_diagnosis",
        "main_operation",
        "specialty",
        providers(rng, population, people[row], frame["admitted"].to_numpy()),
    )


def providers(
    rng: np.random.Generator, population: Population, person: np.ndarray, days: np.ndarray
) -> pl.Series:
    """The trust to which each person went from the home of that day."""
    place = population.directory.place[population.addresses.on(person, days)]
    found = np.zeros(len(person), dtype=np.int16)
    for position, borough in enumerate(PLACES):
        chosen = np.flatnonzero(place == position)
        found[chosen] = choose(rng, codes.PROVIDER_SHARES[borough.name], len(chosen))
    return pl.Series("provider", codes.PROVIDERS, dtype=pl.Enum(codes.PROVIDERS)).gather(found)


def since_referral(outcome: str) -> tuple[float, ...]:
    """The planted effect of each disorder on an outcome, in the order of DISORDERS."""
    return tuple(size(disorder.cause, outcome) for disorder in DISORDERS)


def _emergencies(
    rng: np.random.Generator, population: Population, people: np.ndarray, period: tuple[int, int]
) -> _Stays:
    rate = Rate(
        by_age=_EMERGENCY_AT, since_referral=since_referral("emergency admission"),
        cancer=2.2, kidney=1.8, hiv=1.3, spread=1.5,
    )  # fmt: skip
    row, days = events(rng, population, people, rate, period)
    person = people[row]
    reason = _reason(rng, codes.EMERGENCY, _band(population, person, days))
    covid = (rng.random(len(row)) < 0.09) & (days >= PANDEMIC) & (days < day(2022, 7))
    listed = (*codes.EMERGENCY, codes.COVID)
    reason = np.where(covid, len(listed) - 1, reason)
    method = np.array(codes.EMERGENCY_METHODS)[choose(rng, (0.75, 0.12, 0.13), len(row))]
    columns = _as_columns(listed, reason)
    ill = ~covid & (population.health.cancer[person] < days) & (rng.random(len(row)) < 0.35)
    _of_cancer(population, person, columns, ill)
    nights = np.array([one.nights for one in listed])[reason]
    columns["admission_method"] = method
    return _Stays(row=row, admitted=days, nights=_nights(rng, nights), columns=columns)


def _planned(
    rng: np.random.Generator, population: Population, people: np.ndarray, period: tuple[int, int]
) -> _Stays:
    rate = Rate(by_age=_PLANNED_AT, cancer=4.0, kidney=1.6, hiv=1.2, spread=1.0)
    row, days = events(rng, population, people, rate, period)
    person, health = people[row], population.health
    reason = _reason(rng, codes.PLANNED, _band(population, person, days))
    columns, luck = _as_columns(codes.PLANNED, reason), rng.random(len(row))
    nights = _nights(rng, np.array([one.nights for one in codes.PLANNED])[reason])
    ill = (health.cancer[person] < days) & (luck < _CANCER_SHARE)
    _of_cancer(population, person, columns, ill)
    columns["main_operation"][ill] = codes.CANCER_CARE[0]
    renal = (health.kidney[person] < days) & (health.kidney_stage[person] == 5) & ~ill
    renal &= rng.random(len(row)) < _DIALYSIS_SHARE
    of_dialysis = ("main_diagnosis", "main_operation", "specialty")
    for name, value in zip(of_dialysis, codes.DIALYSIS, strict=True):
        columns[name][renal] = value
    methods = np.array((codes.WAITING_LIST, codes.BOOKED, codes.PLANNED_METHOD))
    columns["admission_method"] = methods[choose(rng, (0.6, 0.25, 0.15), len(row))]
    nights = np.where(ill | renal, 0, nights)
    return _Stays(row=row, admitted=days, nights=nights, columns=columns)


def _births(
    rng: np.random.Generator, population: Population, people: np.ndarray, period: tuple[int, int]
) -> _Stays:
    """One stay for each birth, of the mother and of the child: twins have one delivery."""
    families = population.families
    inside = (families.born >= period[0]) & (families.born <= period[1])
    position = np.full(population.people, -1, dtype=np.int32)
    position[people] = np.arange(len(people))
    children = np.flatnonzero((families.mother >= 0) & inside)
    mothers, births = families.mother[children], families.born[children]
    delivery = np.unique(np.c_[position[mothers], births], axis=0)
    delivery = delivery[delivery[:, 0] >= 0]
    born = children[position[children] >= 0]
    stays = []
    for row, days, values, method in (
        (delivery[:, 0], delivery[:, 1], codes.DELIVERY, codes.MATERNITY),
        (position[born], families.born[born], codes.NEWBORN, codes.BABY),
    ):
        names = ("main_diagnosis", "main_operation", "specialty", "admission_method")
        columns = {n: np.full(len(row), v) for n, v in zip(names, (*values, method), strict=True)}
        nights = rng.integers(1, 4, len(row))
        stays.append(_Stays(row=row, admitted=days, nights=nights, columns=columns))
    return _together(stays)


def _together(stays: list[_Stays]) -> _Stays:
    return _Stays(
        row=np.concatenate([one.row for one in stays]),
        admitted=np.concatenate([one.admitted for one in stays]),
        nights=np.concatenate([one.nights for one in stays]),
        columns={
            name: np.concatenate([one.columns[name] for one in stays]) for name in stays[0].columns
        },
    )


def _died_here(population: Population, people: np.ndarray) -> np.ndarray:
    """Who of these people died in a hospital, as the register of deaths has it."""
    deaths = certified(population, people)
    found = np.zeros(len(people), dtype=bool)
    found[deaths.filter(pl.col("place_of_death") == "Hospital")[ROW].to_numpy()] = True
    return found


def _last_birth(population: Population) -> np.ndarray:
    """The day on which each person was born or, if that is later, a woman last gave birth."""
    families = population.families
    last = families.born.astype(np.int64)
    children = np.flatnonzero(families.mother >= 0)
    np.maximum.at(last, families.mother[children], families.born[children])
    return last


def _deaths(
    rng: np.random.Generator, population: Population, people: np.ndarray, period: tuple[int, int]
) -> _Stays:
    """The last stay of those who die in hospital."""
    health = population.health
    died = health.died[people]
    chosen = _died_here(population, people) & (died >= period[0]) & (died <= period[1])
    row = np.flatnonzero(chosen)
    nights = np.minimum(_nights(rng, np.full(len(row), 9.0)), died[row] - period[0])
    nights = np.minimum(nights, died[row] - _last_birth(population)[people[row]])
    reason = _reason(rng, codes.EMERGENCY, np.full(len(row), 2))
    columns = _as_columns(codes.EMERGENCY, reason)
    cause = health.cause[people[row]]
    columns["main_diagnosis"] = np.where(
        np.isin(cause, DIAGNOSES.categories.to_numpy()), cause, columns["main_diagnosis"]
    )
    columns["admission_method"] = np.full(len(row), codes.EMERGENCY_A_AND_E)
    return _Stays(row=row, admitted=died[row] - nights, nights=nights, columns=columns)


def _band(population: Population, person: np.ndarray, days: np.ndarray) -> np.ndarray:
    """0 under 18, 1 under 50, 2 from there on."""
    age = (days - population.families.born[person]) / 365.25
    return np.searchsorted(np.array((18.0, 50.0)), age, side="right")


def _reason(
    rng: np.random.Generator, listed: tuple[codes.Reason, ...], band: np.ndarray
) -> np.ndarray:
    """A position in the list for each stay, by age band."""
    found = np.zeros(len(band), dtype=np.int16)
    for number in range(3):
        chosen = np.flatnonzero(band == number)
        shares = tuple(float(one.shares[number]) for one in listed)
        found[chosen] = choose(rng, shares, len(chosen))
    return found


def _as_columns(listed: tuple[codes.Reason, ...], reason: np.ndarray) -> dict[str, np.ndarray]:
    return {
        "main_diagnosis": np.array([one.diagnosis for one in listed])[reason],
        "main_operation": np.array([one.operation for one in listed])[reason],
        "specialty": np.array([one.specialty for one in listed])[reason],
    }


def _of_cancer(
    population: Population, person: np.ndarray, columns: dict[str, np.ndarray], ill: np.ndarray
) -> None:
    """The stays of people with a cancer that are because of it."""
    sites = np.array([site.code for site in SITES])
    columns["main_diagnosis"][ill] = sites[population.health.site[person[ill]]]
    columns["main_operation"][ill] = "-"
    columns["specialty"][ill] = codes.CANCER_CARE[1]


def _nights(rng: np.random.Generator, mean: np.ndarray) -> np.ndarray:
    return np.minimum(rng.gamma(1.2, np.maximum(mean, 1e-6) / 1.2), 120).round().astype(np.int64)
