"""Families: who is whose child, brother, sister or twin, and when everybody was born."""

from dataclasses import dataclass

import numpy as np

from tre.safe_data.chance import choose, stream
from tre.safe_data.population.calendar import LAST_DAY, day
from tre.safe_data.population.names import GROUPS
from tre.safe_data.population.places import PLACES

_YEAR = 365.25
# Units of which the population is made: a mother with her children, a couple, one adult.
_WITH_CHILDREN, _COUPLE, _ALONE = range(3)
_UNIT_SHARES = (0.52, 0.16, 0.32)
_CHILDREN_SHARES = (0.36, 0.41, 0.16, 0.07)
_TWIN_BIRTHS, _FATHER_PRESENT = 0.016, 0.70
_LARGEST_FAMILY = 7
MOTHER, FATHER, CHILD, ADULT = range(4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Families:
    """People in the order of their families: mother, father, children by age, or adults.

    family, place, group: positions (family counted from 0; PLACES; names.GROUPS).
    role: MOTHER, FATHER, CHILD, ADULT. mother, father: row of the parent, -1 for none.
    born: day of birth. birth: number of the birth within the family; twins share it.
    """

    family: np.ndarray
    role: np.ndarray
    mother: np.ndarray
    father: np.ndarray
    born: np.ndarray
    birth: np.ndarray
    is_female: np.ndarray
    place: np.ndarray
    group: np.ndarray


def make_families(seed: int, people: int) -> Families:
    """Families that hold exactly this many people; the last ones may live alone."""
    rng = stream(seed, "families")
    units = people  # more than enough: a unit has at least one person
    kind = choose(rng, _UNIT_SHARES, units)
    born, birth = _births(rng, kind, units)
    present = born < np.iinfo(np.int32).max
    size = present.sum(axis=1)
    kept = int(np.searchsorted(np.cumsum(size), people, side="right"))
    present, born, birth = present[:kept], born[:kept], birth[:kept]
    lone = people - int(present.sum())
    return _as_people(rng, kind[:kept], present, born, birth, lone)


def _births(rng: np.random.Generator, kind: np.ndarray, units: int):
    """Days of birth, one row a unit: mother or first adult, father or second, five children.

    The largest 32-bit number stands where there is nobody.
    """
    nobody = np.iinfo(np.int32).max
    born = np.full((units, _LARGEST_FAMILY), nobody, dtype=np.int64)
    birth = np.full((units, _LARGEST_FAMILY), -1, dtype=np.int8)
    eldest = day(1986) + (rng.random(units) * (LAST_DAY - day(1986))).astype(np.int64)
    age = np.clip(rng.normal(29.5, 5.6, units), 16.5, 43) * _YEAR
    adult = LAST_DAY - (18 + 72 * rng.beta(1.15, 2.0, units)) * _YEAR
    born[:, 0] = np.where(kind == _WITH_CHILDREN, eldest - age, adult)
    partner = born[:, 0] - np.clip(rng.normal(2.5, 4.5, units), -8, 20) * _YEAR
    latest = np.where(kind == _WITH_CHILDREN, eldest, LAST_DAY) - 17 * _YEAR
    has_partner = (kind == _COUPLE) | (
        (kind == _WITH_CHILDREN) & (rng.random(units) < _FATHER_PRESENT)
    )
    born[:, 1] = np.where(has_partner, np.minimum(partner, latest), nobody)
    wanted = choose(rng, _CHILDREN_SHARES, units) + 1
    today, number = eldest, np.zeros(units, dtype=np.int8)
    for child in range(_LARGEST_FAMILY - 2):
        twin = rng.random(units) < _TWIN_BIRTHS
        gap = 330 + rng.gamma(2.2, _YEAR, units)
        if child:
            today = np.where(twin, today, today + gap.astype(np.int64))
            number = number + ~twin
        comes = (kind == _WITH_CHILDREN) & (child < wanted + twin) & (today <= LAST_DAY)
        comes &= today - born[:, 0] < 46 * _YEAR
        comes &= (child == 0) | (born[:, max(child + 1, 2)] != nobody)
        born[:, child + 2] = np.where(comes, today, nobody)
        birth[:, child + 2] = np.where(comes, number, -1)
    return born, birth


def _as_people(
    rng: np.random.Generator,
    kind: np.ndarray,
    present: np.ndarray,
    born: np.ndarray,
    birth: np.ndarray,
    lone: int,
) -> Families:
    """One row a person, and `lone` more adults who live alone."""
    family, position = np.nonzero(present)
    row = np.full(present.shape, -1, dtype=np.int32)
    row[family, position] = np.arange(len(family))
    is_child = position >= 2
    with_children = kind[family] == _WITH_CHILDREN
    role = np.where(is_child, CHILD, np.where(with_children, position, ADULT)).astype(np.int8)
    extra = np.arange(lone)
    family = np.r_[family, len(kind) + extra].astype(np.int32)
    role = np.r_[role, np.full(lone, ADULT)].astype(np.int8)
    is_child = role == CHILD
    nobody = np.full(lone, -1)
    days = np.r_[born[present], LAST_DAY - (18 + 60 * rng.random(lone)) * _YEAR]
    female = rng.random(len(family)) < 0.49
    female = np.where(role == MOTHER, True, np.where(role == FATHER, False, female))  # noqa: FBT003
    place = choose(rng, tuple(float(p.residents) for p in PLACES), len(kind) + lone)[family]
    return Families(
        family=family,
        role=role,
        mother=np.where(is_child, np.r_[row[family[: len(family) - lone], 0], nobody], -1),
        father=np.where(is_child, np.r_[row[family[: len(family) - lone], 1], nobody], -1),
        born=days.astype(np.int32),
        birth=np.r_[birth[present], nobody].astype(np.int8),
        is_female=female,
        place=place,
        group=_groups(rng, place, family, role),
    )


def _groups(
    rng: np.random.Generator, place: np.ndarray, family: np.ndarray, role: np.ndarray
) -> np.ndarray:
    """Ethnic groups: a family shares one; the parents of Mixed children have two others."""
    of_family = np.zeros(int(family.max()) + 1, dtype=np.int16)
    first = np.unique(family, return_index=True)[1]
    for position, borough in enumerate(PLACES):
        living = place[first] == position
        of_family[living] = choose(rng, borough.ethnic_shares, int(living.sum()))
    group = of_family[family]
    mixed = GROUPS.index("Mixed")
    parent_of_mixed = (group == mixed) & np.isin(role, (MOTHER, FATHER))
    others = choose(rng, (0.45, 0.15, 0.15, 0.2, 0.05), int(parent_of_mixed.sum()))
    group[parent_of_mixed] = others
    return group.astype(np.int8)
