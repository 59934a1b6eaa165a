"""Who is linked is biased as in the published linkages, and weighting takes the bias back out."""

from datetime import date

import numpy as np
import polars as pl
import pytest
from sklearn.linear_model import LogisticRegression

from tests.safe_data.estimates import Z, logistic
from tests.safe_data.linked_world import KEY, LARGE
from tre.safe_data import world
from tre.safe_data.population.calendar import LAST_DAY, day
from tre.safe_data.population.names import GROUPS
from tre.safe_data.records import census

pytestmark = LARGE

# Downs 2019, BMJ Open 9:e024355, Table 1: adjusted odds ratios of being linked with the NPD and
# their 95 % intervals. Asian: from the counts (984 linked, 312 not; White 13,838 and 2,786).
DOWNS = {
    "female": (0.97, 1.11),
    "7 to 11": (1.10, 1.38),
    "12 to 15": (0.88, 1.10),
    "16 and 17": (0.59, 0.75),
    "Asian": (0.56, 0.73),
}
# Cybulski 2024, BMJ Open 14:e073582, abstract: prevalence ratios of being linked with the census.
CYBULSKI = {"young": (0.80, 0.81), "deprived": (0.78, 0.79), "Black African": (0.66, 0.68)}


def overlap(estimate, error, published):
    """Whether the two 95 % intervals of a ratio have a value in common. estimate: its logarithm."""
    low, high = np.log(published)
    return estimate - Z * error <= high and estimate + Z * error >= low


def sent_and_linked(large_world, linkage_id):
    """The patients whose identifiers were sent, with `linked`."""
    folder = large_world.linked(linkage_id)
    people = pl.read_parquet(folder / f"{world.linkage(linkage_id).people.name}.parquet")
    linked = people[KEY].drop_nulls()
    sent = large_world.table(f"slam/sent/{linkage_id}")
    patients = large_world.patients().join(sent, on=KEY, how="semi")
    return patients.with_columns(linked=pl.col(KEY).is_in(linked.implode())).sort(KEY)


def test_as_many_patients_of_child_services_are_linked_as_published(large_world):
    """29,278 of 35,509, 82.5 %; within three standard errors of a world of this size."""
    patients = sent_and_linked(large_world, "npd")
    error = (0.825 * 0.175 / len(patients)) ** 0.5
    assert patients["linked"].mean() == pytest.approx(0.825, abs=3 * error)


def test_who_is_linked_with_the_npd_is_as_published(large_world):
    """Of those who were of school age in a year on record: who was not has no record there."""
    patients = sent_and_linked(large_world, "npd")
    month, age = pl.col("birth_month").dt, pl.col("first_referral_age")
    reception = month.year() + 4 + (month.month() >= 9)
    of_age = patients.filter((reception + 11 >= 2007) & (reception <= 2024))
    group = pl.col("ethnic_group")
    design = of_age.select(
        one=pl.lit(1.0),
        female=pl.col("sex") == "Female",
        seven=age.is_between(7, 11),
        twelve=age.is_between(12, 15),
        sixteen=age >= 16,
        asian=group == "Asian",
        **{name: group == name for name in (*GROUPS, "Not known")[2:] if name != "Asian"},
    )
    found, errors = logistic(design.to_numpy().astype(float), of_age["linked"].to_numpy())
    for place, (name, published) in enumerate(DOWNS.items(), start=1):
        assert overlap(found[place], errors[place], published), (name, np.exp(found[place]))


def prevalence_ratios(design, outcome):
    """Poisson regression with robust errors, as the paper has it: coefficients and errors."""
    found = np.zeros(design.shape[1])
    found[0] = np.log(outcome.mean())
    for _ in range(30):
        mean = np.exp(design @ found)
        bread = np.linalg.inv((design * mean[:, None]).T @ design)
        found = found + bread @ (design.T @ (outcome - mean))
    scores = design * (outcome - np.exp(design @ found))[:, None]
    return found, np.sqrt(np.diag(bread @ (scores.T @ scores) @ bread))


def census_design(patients):
    """A constant; young, deprived, Black African, the other groups and fifths as indicators."""
    birth = pl.col("birth_month")
    group, fifth = pl.col("ethnic_group"), (pl.col("imd_decile") - 1) // 2
    return patients.select(
        one=pl.lit(1.0),
        young=birth.is_between(date(1976, 4, 1), date(1986, 3, 1)),
        deprived=fifth == 0,
        african=group == "Black African",
        **{
            name: group == name
            for name in (*GROUPS, "Not known")[1:]
            if name != "Black African"
        },
        **{f"fifth {number}": fifth == number for number in (1, 2, 3)},
    ).to_numpy().astype(float)  # fmt: skip


def test_as_many_patients_are_linked_with_the_census_as_published(large_world):
    """50.4 %; within three standard errors of a world of this size."""
    patients = sent_and_linked(large_world, "census2011")
    error = (0.504 * 0.496 / len(patients)) ** 0.5
    assert patients["linked"].mean() == pytest.approx(0.504, abs=3 * error)


def test_who_is_linked_with_the_census_is_as_published(large_world):
    patients = sent_and_linked(large_world, "census2011")
    outcome = patients["linked"].to_numpy().astype(float)
    found, errors = prevalence_ratios(census_design(patients), outcome)
    for place, (name, published) in enumerate(CYBULSKI.items(), start=1):
        assert overlap(found[place], errors[place], published), (name, np.exp(found[place]))


def born_abroad(large_world, patients):
    """Whether each of these patients was born outside the United Kingdom.

    Also of those who are not linked, whom only the simulator can ask.
    """
    truth = large_world.who("cris").rename({"record": KEY})
    person = patients.join(truth, on=KEY, how="left", maintain_order="left")["person"].to_numpy()
    told = census.social(large_world.population, person)
    return (told["country_of_birth"] != "United Kingdom").to_numpy()


def chances_of_being_linked(patients):
    """From sex, age, ethnic group and deprivation, as a study that has only CRIS estimates them."""
    age = (LAST_DAY - patients["birth_month"].to_physical().to_numpy()) / 365.25
    groups = {name: pl.col("ethnic_group") == name for name in (*GROUPS, "Not known")[1:]}
    deciles = {f"decile {number}": pl.col("imd_decile") == number for number in range(2, 11)}
    design = patients.select(pl.col("sex") == "Female", **groups, **deciles)
    bands = np.digitize(age, (20, 30, 39.4, 49.4, 60, 70))[:, None] == np.arange(1, 7)
    table = np.column_stack([design.to_numpy(), bands]).astype(float)
    model = LogisticRegression(C=1e6, max_iter=2_000).fit(table, patients["linked"].to_numpy())
    return model.predict_proba(table)[:, 1]


def test_weighting_by_the_chance_of_being_linked_recovers_a_share(large_world):
    """Who was born abroad is linked less often, since minority ethnic groups are."""
    patients = sent_and_linked(large_world, "census2011")
    abroad, linked = born_abroad(large_world, patients), patients["linked"].to_numpy()
    weight = 1 / chances_of_being_linked(patients)[linked]
    weighted = np.average(abroad[linked], weights=weight)
    error = np.sqrt((weight**2 * (abroad[linked] - weighted) ** 2).sum()) / weight.sum()
    truth = abroad.mean()
    assert abroad[linked].mean() < truth - Z * error
    assert abs(weighted - truth) <= Z * error


def effect_of(exposed, outcome, weight):
    """The weighted difference in means, and its standard error."""
    means, variance = [], 0.0
    for who in (exposed, ~exposed):
        w, y = weight[who], outcome[who]
        means.append(np.average(y, weights=w))
        variance += ((w * (y - means[-1])) ** 2).sum() / w.sum() ** 2
    return means[0] - means[1], np.sqrt(variance)


def test_weighting_recovers_an_effect_that_differs_between_those_who_are_linked_and_not(
    large_world,
):
    """A course helps White British patients by 10 points and all others by 2, say.

    The linked are White British more often than the patients are, so that the effect in them is
    too large; weighted by 1 over the chance of being linked, they stand for all patients.
    """
    patients = sent_and_linked(large_world, "census2011")
    rng = np.random.default_rng(5)
    helps = np.where(patients["ethnic_group"] == "White British", 10.0, 2.0)
    exposed = rng.random(len(patients)) < 0.5
    outcome = 50 + helps * exposed + rng.normal(0, 4, len(patients))
    linked, truth = patients["linked"].to_numpy(), helps.mean()
    alike = np.ones(int(linked.sum()))
    plain, plain_error = effect_of(exposed[linked], outcome[linked], alike)
    weight = 1 / chances_of_being_linked(patients)[linked]
    weighted, error = effect_of(exposed[linked], outcome[linked], weight)
    assert plain - truth > Z * plain_error
    assert abs(weighted - truth) <= Z * error


def test_the_census_day_is_the_one_of_the_table():
    assert day(2011, 3, 27) == census.CENSUS_DAY
