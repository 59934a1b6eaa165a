"""Tumours and the first three months of their treatment, the same in every cancer registry."""

from dataclasses import dataclass

import numpy as np

from tre.safe_data.chance import stream
from tre.safe_data.effects import size
from tre.safe_data.population.calendar import LAST_DAY
from tre.safe_data.population.health import SITES, is_severe
from tre.safe_data.population.lives import NEVER
from tre.safe_data.population.population import Population
from tre.safe_data.records.odds import with_odds

TREATMENTS = ("Surgery", "Chemotherapy", "Radiotherapy")
_FIRST_DAYS = 91
# Shares treated by stage 1 to 4: shaped after NCRAS, Chemotherapy, radiotherapy and surgical
# tumour resections in England, 2013-2014, rounded and assumed for sites as a whole.
_SHARES = ((0.75, 0.70, 0.50, 0.15), (0.12, 0.28, 0.50, 0.42), (0.30, 0.32, 0.35, 0.20))
MORPHOLOGY = (
    "8500/3 Infiltrating duct carcinoma", "8140/3 Adenocarcinoma",
    "8046/3 Non-small cell carcinoma", "8140/3 Adenocarcinoma", "8720/3 Malignant melanoma",
    "8120/3 Transitional cell carcinoma",
    "8441/3 Serous cystadenocarcinoma", "9680/3 Diffuse large B-cell lymphoma",
    "8500/3 Infiltrating duct carcinoma", "8000/3 Malignant neoplasm",
)  # fmt: skip
"""WHO, International Classification of Diseases for Oncology (ICD-O-3), by position in SITES."""
SITE_CODES = tuple(site.code for site in SITES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tumours:
    """One value a person with a cancer, in the order of the population.

    people: rows of the population. day: of diagnosis. site: position in SITES. stage: 1 to 4.
    treated: one row a tumour, one column for each of TREATMENTS: the day on which it began, from
    the diagnosis to 90 days after, NEVER where it did not.
    """

    people: np.ndarray
    day: np.ndarray
    site: np.ndarray
    stage: np.ndarray
    treated: np.ndarray

    def only(self, kept: np.ndarray) -> "Tumours":
        """The tumours for which `kept` is true."""
        return Tumours(
            people=self.people[kept],
            day=self.day[kept],
            site=self.site[kept],
            stage=self.stage[kept],
            treated=self.treated[kept],
        )


def make_tumours(population: Population) -> Tumours:
    """Every tumour of the population. Severe mental illness makes surgery less likely."""
    rng = stream(population.seed, "tumours")
    health = population.health
    people = np.flatnonzero(health.cancer < NEVER)
    day, stage = health.cancer[people], health.stage[people]
    severe = is_severe(population.lives)[people]
    surgery = np.where(severe, size("psychosis", "surgery for cancer"), 1.0)
    ends = np.minimum(health.died[people], LAST_DAY + 1)
    span = np.minimum(ends - day, _FIRST_DAYS)  # at least a day: nobody is diagnosed when dead
    treated = np.empty((len(people), len(TREATMENTS)), dtype=np.int32)
    for column, shares in enumerate(_SHARES):
        times = surgery if column == 0 else np.ones(len(people))
        given = rng.random(len(people)) < with_odds(np.array(shares)[stage - 1], times)
        began = day + (rng.random(len(people)) * span).astype(np.int32)
        treated[:, column] = np.where(given, began, NEVER)
    return Tumours(people=people, day=day, site=health.site[people], stage=stage, treated=treated)
