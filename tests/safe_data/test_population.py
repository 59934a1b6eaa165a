"""The people of the world: numbers, addresses, families, lives."""

import re

import numpy as np
import pytest
from stdnum.gb import nhs, upn

from tre.decision import UnusableRequestError
from tre.safe_data.chance import stream
from tre.safe_data.population.calendar import ages, birth_cohort, day, school_year_of
from tre.safe_data.population.families import CHILD
from tre.safe_data.population.lives import NEVER
from tre.safe_data.population.numbers import nhs_numbers, upns
from tre.safe_data.population.population import make_population


@pytest.fixture(scope="module")
def population():
    return make_population(11, 50_000)


def test_every_nhs_number_is_valid_and_from_the_test_range(population):
    numbers = [str(number) for number in population.nhs_number[:5_000]]
    assert all(nhs.is_valid(number) and number.startswith("999") for number in numbers)
    assert len(set(population.nhs_number.tolist())) == 50_000


def test_beyond_the_test_range_numbers_are_taken_from_998():
    # 999 holds 909,091 valid numbers, so of 909,100 the last nine must be from elsewhere.
    numbers = nhs_numbers(stream(1, "numbers"), 909_100)
    assert (numbers // 10_000_000 == 998).sum() == 9
    assert len(np.unique(numbers)) == 909_100
    assert all(nhs.is_valid(str(n)) for n in numbers[numbers // 10_000_000 == 998])


def test_upns_are_valid_and_pupils_of_one_school_differ():
    many = 50
    codes = upns(np.full(many, 208), np.full(many, 2_001), np.full(many, 2012))
    assert all(upn.is_valid(code) for code in codes)
    assert codes.n_unique() == many
    assert codes[0][1:] == "208200112001"  # Lambeth, school 2001, entry 2012, first of that year


def test_a_school_cannot_take_more_than_999_pupils_in_a_year():
    with pytest.raises(ValueError, match="at most 999"):
        upns(np.full(1_000, 208), np.full(1_000, 2_001), np.full(1_000, 2012))


def test_no_postcode_can_be_a_real_one(population):
    assert all(
        re.fullmatch(r"[A-Z]{1,2}\d{1,2} \d[CIKMOV]{2}", postcode)
        for postcode in population.directory.postcode
    )


@pytest.mark.parametrize("people", [1_000, 1_001, 4_321])
def test_a_world_has_exactly_as_many_people_as_asked_for(people):
    assert make_population(3, people).people == people


@pytest.mark.parametrize("people", [-1, 0, 999, 3_000_001])
def test_a_world_too_small_or_too_large_is_refused(people):
    with pytest.raises(UnusableRequestError, match="from 1,000 to 3,000,000 people"):
        make_population(1, people)


def test_a_mother_is_older_than_her_child_and_no_birth_is_impossible(population):
    families = population.families
    child = np.flatnonzero(families.mother >= 0)
    gap = (families.born[child] - families.born[families.mother[child]]) / 365.25
    assert gap.min() > 16
    assert gap.max() < 46
    with_father = child[families.father[child] >= 0]
    fathers = families.born[families.father[with_father]]
    assert ((families.born[with_father] - fathers) / 365.25).min() > 16.9
    assert families.is_female[families.mother[child]].all()
    assert not families.is_female[families.father[with_father]].any()


def test_twins_share_a_birthday_and_other_siblings_are_eleven_months_apart(population):
    families = population.families
    second = np.flatnonzero((families.role[1:] == CHILD) & (families.role[:-1] == CHILD)) + 1
    second = second[families.family[second] == families.family[second - 1]]
    apart = families.born[second] - families.born[second - 1]
    is_twin = families.birth[second] == families.birth[second - 1]
    assert is_twin.sum() > 50
    assert (apart[is_twin] == 0).all()
    assert apart[~is_twin].min() >= 329


def test_children_have_a_name_of_their_parents(population):
    families, names = population.families, population.last_name
    for child in np.flatnonzero(families.role == CHILD)[:2_000].tolist():
        mother, father = families.mother[child], families.father[child]
        parents = {names[mother]} | ({names[father]} if father >= 0 else set())
        assert names[child] in parents | {f"{names[mother]}-{names[father]}"}


def test_siblings_seldom_share_a_first_name(population):
    families = population.families
    children = np.flatnonzero(families.role == CHILD)
    pairs = list(
        zip(
            families.family[children].tolist(),
            population.first_name[children].tolist(),
            strict=True,
        )
    )
    assert len(set(pairs)) > 0.999 * len(pairs)


def test_nobody_is_referred_before_birth_or_after_the_last_day(population):
    referred = population.lives.referred
    known = referred < NEVER
    born = population.families.born
    assert (referred[known] > born[known]).all()
    assert (school_year_of(referred[known]) <= 2024).all()


def test_about_one_patient_of_child_services_in_six_is_at_no_state_school(population):
    lives = population.lives
    child = lives.is_child_patient(population.families.born)
    assert 0.12 < 1 - lives.is_pupil[child].mean() < 0.19


def test_people_move_and_grown_children_leave_home(population):
    addresses = population.addresses
    everyone = np.arange(population.people)
    then = addresses.on(everyone, np.full(population.people, day(2008)))
    now = addresses.on(everyone, np.full(population.people, day(2025)))
    assert 0.3 < (then != now).mean() < 0.8
    assert (addresses.own_household >= 0).sum() > 1_000


@pytest.mark.parametrize(
    ("born", "cohort"),
    [
        (day(2010, 8, 31), 2014),  # four on 31 August 2014: Reception in 2014/15
        (day(2010, 9, 1), 2015),  # the day after: a year later
    ],
)
def test_reception_follows_from_the_date_of_birth(born, cohort):
    assert birth_cohort(np.array([born]))[0] == cohort


@pytest.mark.parametrize(
    ("on", "age"),
    [(day(2018, 2, 28), 17), (day(2018, 3, 1), 18), (day(1999, 3, 1), -1)],
)
def test_age_is_counted_in_whole_years(on, age):
    assert ages(np.array([day(2000, 3, 1)]), np.array([on]))[0] == age


def test_august_belongs_to_the_school_year_before():
    days = np.array([day(2019, 8, 31), day(2019, 9, 1)])
    assert school_year_of(days).tolist() == [2018, 2019]
