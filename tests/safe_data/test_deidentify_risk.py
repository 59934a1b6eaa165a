"""The risk report, against counting by hand and against a search of everything."""

import json
from collections import Counter, defaultdict
from itertools import combinations
from math import exp, log

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tre.decision import UnusableRequestError
from tre.safe_data.deidentify.classes import SizeBand
from tre.safe_data.deidentify.risk import risk

#  who  sex  born  borough   diagnosis
SMALL = pl.DataFrame(
    [
        ("a", "F", 1990, "Lambeth", "F20"),
        ("b", "F", 1990, "Lambeth", "F20"),
        ("c", "F", 1990, "Lambeth", "F32"),
        ("d", "M", 1990, "Lambeth", "F20"),
        ("e", "M", 1990, "Lambeth", "F20"),
        ("f", "M", 1991, "Croydon", "F32"),
    ],
    schema=["who", "sex", "born", "borough", "diagnosis"],
    orient="row",
)
KNOWN = ("sex", "born", "borough")


def of_population(*asked):
    told = risk(*asked).population
    assert told is not None
    return told


def small_risk(population=None):
    return risk(SMALL, "who", KNOWN, ("diagnosis",), population)


# By hand ------------------------------------------------------------------------------------------
def test_the_smallest_class_and_the_people_in_small_ones():
    report = small_risk()
    # abc are alike, de are alike, f is alone.
    assert (report.people, report.classes, report.smallest, report.uniques) == (6, 3, 1, 1)
    assert [(b.limit, b.people, b.share) for b in report.below] == [
        (3, 3, 0.5),
        (5, 6, 1.0),
        (10, 6, 1.0),
    ]
    assert [(b.name(), b.classes, b.people) for b in report.sizes if b.people] == [
        ("1", 1, 1),
        ("2", 1, 2),
        ("3 to 4", 1, 3),
    ]


def test_the_last_band_has_no_end():
    assert SizeBand(least=100, most=None, classes=0, people=0).name() == "100 or more"


def test_diversity_is_that_of_the_class_that_hides_worst():
    (of_diagnosis,) = small_risk().diversity
    # de both have F20 and f is alone: one value, three people of six. abc have entropy > 0.
    assert (of_diagnosis.distinct, of_diagnosis.entropy) == (1, 1.0)
    assert (of_diagnosis.told, of_diagnosis.share) == (3, 0.5)
    (of_abc,) = risk(SMALL.head(3), "who", KNOWN, ("diagnosis",)).diversity
    # Shares 2/3 and 1/3: exp(2/3 ln(3/2) + 1/3 ln 3) = 1.5^(2/3) * 3^(1/3) = 1.88988
    assert of_abc.distinct == 2
    assert of_abc.entropy == pytest.approx(1.88988, abs=1e-5)


def test_special_uniques_and_what_makes_them():
    special = small_risk().special
    # f alone: the year is enough, so is the borough; sex is not, and no larger set is minimal.
    assert special.people == 1
    assert special.sets == (2, 0, 0)
    assert special.by_variable == {"sex": 0.0, "born": 0.5, "borough": 0.5}
    assert small_risk().special.largest == 3


def test_the_truth_is_counted_in_the_population():
    alone = pl.DataFrame({"sex": ["M", "M", "F"], "born": [1991, 1990, 1990],
                          "borough": ["Croydon", "Lambeth", "Lambeth"]})  # fmt: skip
    everybody = pl.concat([SMALL.select(KNOWN), alone.tail(2)])
    told = of_population(SMALL, "who", KNOWN, (), everybody)
    assert (told.people, told.fraction, told.true, told.absent) == (8, 0.75, 1, 0)
    again = of_population(SMALL, "who", KNOWN, (), pl.concat([everybody, alone.head(1)]))
    assert (again.true, again.absent) == (0, 0)
    elsewhere = everybody.with_columns(borough=pl.lit("Lewisham"))
    assert (small_risk(elsewhere).population.true, small_risk(elsewhere).population.absent) == (
        0,
        1,
    )


def test_estimates_by_hand():
    estimates = {e.method: e.uniques for e in of_population(SMALL, "who", KNOWN, (), 12).estimates}
    # f: sex M 3/6, born 1/6, borough 1/6, so 6 * 3/6 * 1/6 * 1/6 = 1/12 expected; f = 1/2.
    assert estimates["log-linear, main effects"] == pytest.approx(exp(-1 / 12))
    # All pairs fit f's class exactly: pairs (M, 1991), (M, Croydon), (1991, Croydon) are f's own.
    assert estimates["log-linear, all pairs of variables"] == pytest.approx(exp(-1), abs=0.01)


def test_where_everybody_is_in_the_extract_every_unique_is_one_of_the_population():
    told = of_population(SMALL, "who", KNOWN, (), 6)
    assert [e.uniques for e in told.estimates] == [1.0, 1.0]
    assert (told.true, told.absent) == (None, None)
    assert small_risk().population is None


def test_a_report_is_plain_values():
    plain = small_risk(SMALL).to_dict()
    assert json.loads(json.dumps(plain)) == plain
    assert plain["quasi_identifiers"] == list(KNOWN)
    assert plain["sizes"][0] == {"least": 1, "most": 1, "classes": 1, "people": 1}


@pytest.mark.parametrize(
    ("frame", "known", "sensitive", "population", "said"),
    [
        (SMALL, ("sex", "age"), (), None, "no column age"),
        (SMALL, (), (), None, "at least one quasi-identifier"),
        (SMALL, ("sex",), ("sex",), None, "named once"),
        (SMALL, ("who",), (), None, "named once"),
        (SMALL.clear(), ("sex",), (), None, "no rows"),
        (pl.concat([SMALL, SMALL]), ("sex",), (), None, "one row a person"),
        (SMALL, ("sex",), (), 5, "a population of 5 is smaller than the extract's 6 people"),
        (SMALL, ("sex",), (), SMALL.head(2), "a population of 2 is smaller"),
        (SMALL, ("sex",), (), SMALL.drop("sex"), "the population has no column sex"),
    ],
)
def test_what_cannot_be_measured_is_refused(frame, known, sensitive, population, said):
    with pytest.raises(UnusableRequestError, match=said):
        risk(frame, "who", known, sensitive, population)


# Against a search of everything -------------------------------------------------------------------
VALUES = st.sampled_from(["x", "y", None])
PEOPLE = st.lists(
    st.tuples(VALUES, st.integers(0, 3), st.booleans(), VALUES, VALUES), min_size=1, max_size=14
)
NAMES = ("a", "b", "c", "d")


def as_table(rows):
    schema = {"a": pl.String, "b": pl.Int64, "c": pl.Boolean, "d": pl.String, "s": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row").with_row_index("who")


@settings(max_examples=150, deadline=None)
@given(PEOPLE)
def test_classes_and_diversity_are_those_of_counting_one_by_one(rows):
    report = risk(as_table(rows), "who", NAMES, ("s",))
    inside = defaultdict(list)
    for row in rows:
        inside[row[:4]].append(row[4])
    sizes = [len(values) for values in inside.values()]
    assert (report.smallest, report.classes) == (min(sizes), len(sizes))
    assert report.uniques == sizes.count(1)
    for b in report.below:
        assert b.people == sum(size for size in sizes if size < b.limit)
    assert sum(band.people for band in report.sizes) == len(rows)
    assert sum(band.classes for band in report.sizes) == len(sizes)
    entropies = [
        exp(-sum(n / len(v) * log(n / len(v)) for n in Counter(v).values()))
        for v in inside.values()
    ]
    (told,) = report.diversity
    assert told.distinct == min(len(set(values)) for values in inside.values())
    assert told.entropy == pytest.approx(min(entropies))
    assert told.told == sum(len(values) for values in inside.values() if len(set(values)) == 1)


@settings(max_examples=150, deadline=None)
@given(PEOPLE, st.integers(1, 4))
def test_minimal_sets_are_those_that_a_search_of_all_sets_finds(rows, largest):
    special = risk(as_table(rows), "who", NAMES, (), None, largest).special

    def alone(row, chosen):
        return sum(all(other[i] == row[i] for i in chosen) for other in rows) == 1

    sets, people, parts = [0] * largest, 0, Counter()
    for row in rows:
        own = []
        for size in range(1, largest + 1):
            for chosen in combinations(range(4), size):
                if alone(row, chosen) and not any(set(small) < set(chosen) for small in own):
                    own.append(chosen)
        for chosen in own:
            sets[len(chosen) - 1] += 1
            parts.update(chosen)
        people += any(len(chosen) < 4 for chosen in own)
    assert special.sets == tuple(sets)
    assert special.people == people
    shares = [parts[i] / sum(sets) if sum(sets) else 0.0 for i in range(4)]
    assert list(special.by_variable.values()) == pytest.approx(shares)


@settings(deadline=None)
@given(PEOPLE, PEOPLE)
def test_true_population_uniques_are_those_of_counting(rows, more):
    everybody = rows + more
    told = of_population(as_table(rows), "who", NAMES, (), as_table(everybody))
    inside, outside = Counter(r[:4] for r in rows), Counter(r[:4] for r in everybody)
    assert told.true == sum(n == 1 and outside[c] == 1 for c, n in inside.items())
    assert told.absent == 0


def test_columns_of_any_name_and_type_can_be_counted():
    frame = SMALL.select(
        pl.col("who"),
        people=pl.col("sex").cast(pl.Categorical),
        n=pl.col("borough").cast(pl.Enum(["Lambeth", "Croydon"])),
        decile=pl.col("born").cast(pl.Float64),
        person=pl.date("born", 1, 1),
        len=pl.col("diagnosis"),
    )
    report = risk(frame, "who", ("people", "n", "decile", "person"), ("len",), frame)
    assert (report.classes, report.smallest) == (3, 1)
    assert report.diversity[0].told == 3
    # f by borough, by year, or by date: three single values, and no larger set is minimal.
    assert report.special.sets == (3, 0, 0, 0)


def test_many_values_do_not_overflow():
    rng = np.random.default_rng(3)
    wide = pl.DataFrame({f"v{i}": rng.permutation(3_000) for i in range(8)}).with_row_index("who")
    special = risk(wide, "who", [f"v{i}" for i in range(8)], (), None, 8).special
    assert special.sets == (24_000, 0, 0, 0, 0, 0, 0, 0)


# Estimates against the truth ----------------------------------------------------------------------
def town(seed, people=60_000):
    """Everybody of a town whose ethnic group depends on the borough, and diagnosis on the age."""
    rng = np.random.default_rng(seed)
    borough = rng.integers(0, 4, people)
    ethnic = (rng.geometric(0.45, people) + borough) % 12
    born = 1930 + rng.integers(0, 80, people)
    diagnosis = np.minimum(rng.geometric(0.4, people) + (born > 1990) * 3, 12)
    sex = rng.integers(0, 2, people)
    columns = {"sex": sex, "born": born, "borough": borough, "ethnic": ethnic, "dx": diagnosis}
    return pl.DataFrame(columns).with_row_index("who")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_estimates_lie_around_the_truth_that_the_simulator_knows(seed):
    everybody = town(seed)
    extract = everybody.sample(12_000, seed=seed)
    told = of_population(extract, "who", ("sex", "born", "borough", "ethnic", "dx"), (), everybody)
    main, pairs = (estimate.uniques for estimate in told.estimates)
    true = told.true
    assert told.fraction == 0.2
    assert true is not None
    assert true > 300
    # Skinner and Shlomo: too few terms, too many; pairs hold here, and sparse tables lower them.
    assert main > true
    assert pairs == pytest.approx(true, rel=0.25)
    assert abs(pairs - true) < abs(main - true)
