"""A condition taken apart at its ANDs, and what makes two columns one trait."""

import numpy as np
import pytest

from output_checks.linked.clusters import pairs_of, tree_of
from output_checks.linked.conditions import Condition, Rows
from output_checks.linked.parts import parts_of
from output_checks.linked.traits import people_of


@pytest.mark.parametrize(
    ("where", "parts"),
    [
        ("", ()),
        ("sex = 'F'", ("sex = 'F'",)),
        ("sex = 'F' AND age > 3", ("sex = 'F'", "age > 3")),
        ("(sex = 'F' and age > 3) AND x", ("sex = 'F'", "age > 3", "x")),
        ("((sex = 'F'))", ("sex = 'F'",)),
        # an AND that belongs to something else divides nothing
        ("age BETWEEN 3 AND 5 AND x", ("age BETWEEN 3 AND 5", "x")),
        ("CASE WHEN a AND b THEN c END AND x", ("CASE WHEN a AND b THEN c END", "x")),
        ("(a AND b) = (c AND d)", ("(a AND b) = (c AND d)",)),
        ("name = 'him AND her' AND \"this AND that\" = 1", None),
        # OR binds less than AND
        ("a AND b OR c AND d", ("a AND b OR c AND d",)),
        ("(a OR b) AND c", ("a OR b", "c")),
        # nothing that polars would read
        ("(a AND b", ("(a AND b",)),
    ],
)
def test_a_condition_is_taken_apart_at_its_ands(where, parts):
    expected = parts or (("name = 'him AND her'", '"this AND that" = 1') if where else ())
    assert parts_of(where) == expected


def asked(**columns):
    """People of whom each answers once; every column is its own question."""
    conditions = {
        name: Condition(
            columns=frozenset({name.rstrip("2")}),
            labels=tuple(map(str, range(max(answers) + 1))),
            texts=tuple(map(str, range(max(answers) + 1))),
            answers=np.array(answers),
        )
        for name, answers in columns.items()
    }
    units = np.arange(len(next(iter(columns.values()))))
    return people_of(Rows(units=units, conditions=conditions, asked=()))


def together(people):
    return sorted(sorted(trait.answers) for trait in people.traits)


def test_questions_about_one_column_are_one_trait():
    people = asked(age=[0, 1, 2, 2], age2=[0, 0, 1, 1], sex=[0, 1, 0, 1])
    assert together(people) == [["age", "age2"], ["sex"]]
    assert [trait.size for trait in people.traits] == [3, 2]  # ages 0, 1, 2; never age 0 with 1


def test_a_column_that_determines_another_is_one_trait_with_it():
    # 40 people in 4 towns, each in one of two countries: 0.5 ** 36 by chance
    town = [0, 1, 2, 3] * 10
    country = [one // 2 for one in town]
    assert together(asked(town=town, country=country)) == [["country", "town"]]


def test_what_may_be_chance_does_not_make_one_trait():
    # 8 people in 4 towns: 0.5 ** 4 by chance
    town = [0, 1, 2, 3] * 2
    country = [one // 2 for one in town]
    assert together(asked(town=town, country=country)) == [["country"], ["town"]]


def test_one_exception_keeps_two_columns_apart():
    town = [0, 1, 2, 3] * 10
    country = [one // 2 for one in town]
    country[0] = 1
    assert together(asked(town=town, country=country)) == [["country"], ["town"]]


def test_three_levels_become_one_trait():
    street = list(range(8)) * 10
    levels = {"street": street, "town": [i // 2 for i in street], "land": [i // 4 for i in street]}
    assert together(asked(**levels)) == [["land", "street", "town"]]


def test_an_exception_beyond_the_first_rows_counts_too():
    fine = [0, 1] * 1_500
    coarse = list(fine)
    coarse[-1] = 0
    assert together(asked(fine=fine, coarse=coarse)) == [["coarse"], ["fine"]]


def test_a_circle_of_four_becomes_two_triangles():
    sides = [frozenset(one) for one in ((0, 1), (1, 2), (2, 3), (0, 3))]
    tree = tree_of(sides, [2, 2, 2, 2])
    assert [set(one) for one in tree.clusters] == [{0, 1, 3}, {1, 2, 3}]
    assert tree.links == ((0, 1, (1, 3)),)


def test_clusters_that_share_one_trait_are_linked_as_a_tree():
    sides = [frozenset(one) for one in ((0, 1), (0, 2), (0, 3), (4, 5))]
    tree = tree_of(sides, [2] * 6)
    assert [shared for *_, shared in tree.links] == [(0,), (0,), ()]
    assert len(tree.clusters) == 4


def test_two_by_two_every_pair_is_linked():
    sides = [frozenset(one) for one in ((0, 1), (1, 2), (0, 2))]
    assert [shared for *_, shared in pairs_of(sides).links] == [(1,), (0,), (2,)]
    assert pairs_of([]).clusters == ((),)
