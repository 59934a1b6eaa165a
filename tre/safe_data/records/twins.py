"""Twins, whom registers mix up."""

import numpy as np

from tre.safe_data.population.families import CHILD
from tre.safe_data.population.population import Population


def twin_names(
    rng: np.random.Generator, population: Population, people: np.ndarray, rate: float
) -> np.ndarray:
    """The first names of these people; some twins, at this rate, under the other's name."""
    families = population.families
    names = population.first_name[people]
    after = np.minimum(people + 1, population.people - 1)
    is_twin = (
        (families.role[people] == CHILD)
        & (families.family[people] == families.family[after])
        & (families.birth[people] == families.birth[after])
        & (after > people)
    )
    mixed_up = is_twin & (rng.random(len(people)) < rate)
    names[mixed_up] = population.first_name[after[mixed_up]]
    return names
