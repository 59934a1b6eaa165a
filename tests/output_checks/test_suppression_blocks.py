"""Parts of a table that are protected by themselves, and which of them are networks."""

from itertools import combinations

import numpy as np
import pytest
from scipy.sparse import block_diag, csr_matrix

from output_checks.protect.blocks import blocks_of, is_network, restricted, tied
from output_checks.protect.pattern import Task
from output_checks.protect.structure import Structure, sums
from tests.output_checks import instances
from tests.output_checks.made_tasks import drawn, on_counts, task_of


def rows_of_their_own(primary, *, margins):
    """Two rows with a total each, 3 + 20 + 30 = 53 and 4 + 40 = 44, and a grand total of 97."""
    values = np.array([3, 20, 30, 53, 4, 40, 44, 97.0])
    relations = csr_matrix(
        [
            [1, 1, 1, -1, 0, 0, 0, 0],
            [0, 0, 0, 0, 1, 1, -1, 0],
            [0, 0, 0, 1, 0, 0, 1, -1.0],
        ]
    )
    margin = np.isin(np.arange(8), (3, 6, 7))
    structure = Structure(relations=relations, order=np.arange(8), margin=margin, flat=False)
    return Task(
        attacks=(on_counts(structure, values, 10),),
        primary=np.isin(np.arange(8), primary),
        allowed=~margin | margins,
        cost=values + 1,
    )


def cells_of(task):
    return [block.cells.tolist() for block in blocks_of(task)]


def test_rows_whose_totals_are_shown_do_not_bear_on_each_other():
    # The row of two cells comes first: the largest block is the last.
    assert cells_of(rows_of_their_own([0, 4], margins=False)) == [[4, 5], [0, 1, 2]]


def test_rows_whose_totals_may_be_withheld_bear_on_each_other():
    assert cells_of(rows_of_their_own([0, 4], margins=True)) == [list(range(8))]


def test_a_block_in_which_nothing_must_be_withheld_is_left_out():
    assert cells_of(rows_of_their_own([4], margins=False)) == [[4, 5]]
    assert cells_of(rows_of_their_own([], margins=False)) == []


def test_a_primary_margin_ties_even_where_margins_are_not_allowed():
    # Cell 3 (53) is in the sum of its row and in the grand total's, in which no other may go.
    assert cells_of(rows_of_their_own([3], margins=False)) == [[0, 1, 2, 3]]


def test_blocks_of_the_same_size_come_in_the_order_of_their_cells():
    one, two = drawn([[3, 20], [30, 40]], []), drawn([[5, 20], [30, 40]], [])
    relations = csr_matrix(block_diag([sums((3, 3)), sums((3, 3))]))
    margin = np.concatenate([~one.allowed, ~two.allowed])
    structure = Structure(relations=relations, order=np.arange(18), margin=margin, flat=False)
    values = np.concatenate([one.attacks[0].values, two.attacks[0].values])
    task = Task(
        attacks=(on_counts(structure, values, 10),),
        primary=np.isin(np.arange(18), (0, 9)),
        allowed=~margin,
        cost=values + 1,
    )
    # Inner cells of 3x3 with margins: 0, 1, 3, 4; the second table's are 9 further on.
    assert cells_of(task) == [[0, 1, 3, 4], [9, 10, 12, 13]]


def test_a_cell_that_is_in_no_sum_is_a_group_of_its_own():
    relations = csr_matrix(np.array([[1.0, 0, 1, 0, 0], [0, 0, 1, 0, -1]]))
    count, groups = tied(relations)
    assert count == 3  # cells 0, 2 and 4 by two sums; 1; 3
    assert groups[0] == groups[2] == groups[4]
    assert len({groups[0], groups[1], groups[3]}) == 3


def test_without_sums_every_cell_is_a_group_of_its_own():
    count, groups = tied(csr_matrix((0, 4)))
    assert (count, sorted(groups.tolist())) == (4, [0, 1, 2, 3])


def groups_by_spreading(matrix):
    """Each cell's group, by spreading labels along sums until nothing changes any more."""
    labels = np.arange(matrix.shape[1])
    for _ in range(matrix.shape[1]):
        for row in matrix:
            if row.any():
                labels[row != 0] = labels[row != 0].min()
    return labels


@pytest.mark.parametrize("seed", range(20))
def test_groups_are_those_that_spreading_labels_gives(seed):
    chance = np.random.default_rng(seed)
    matrix = np.where(chance.random((5, 9)) < 0.2, chance.choice([-1.0, 1.0], (5, 9)), 0.0)
    count, groups = tied(csr_matrix(matrix))
    spread = groups_by_spreading(matrix)
    assert count == len(set(spread))
    assert ((groups[:, None] == groups) == (spread[:, None] == spread)).all()


def test_a_part_keeps_its_cells_and_only_sums_that_they_are_in():
    task = rows_of_their_own([0, 4], margins=False)
    part = restricted(task, np.array([4, 5]))
    (attack,) = part.attacks
    assert attack.structure.relations.toarray().tolist() == [[1, 1]]
    assert attack.structure.margin.tolist() == [False, False]
    assert attack.structure.flat  # one sum: no fraction is extreme
    assert (attack.values.tolist(), attack.width.tolist()) == ([4, 40], [10, 10])
    assert (attack.lower.tolist(), attack.upper.tolist()) == ([0, 0], [np.inf, np.inf])
    assert (part.primary.tolist(), part.allowed.tolist()) == ([True, False], [True, True])
    assert part.cost.tolist() == [5, 41]


@pytest.mark.parametrize(
    "table",
    [
        instances.two_way(3, 4, share=0.3, seed=1),
        instances.n_way((2, 2, 3), share=0.3, seed=1),
        instances.hierarchical(((4, 2, 1), (3, 1)), share=0.3, seed=1),
        instances.sums(((3, 1), (3, 1)), share=0.3, seed=3),
    ],
    ids=lambda one: one.name,
)
def test_a_part_is_as_safe_by_itself_as_in_the_table(table):
    task = task_of(table, people_too=True)
    chance = np.random.default_rng(0)
    for block in blocks_of(task):
        for _ in range(12):
            here = chance.random(len(block.cells)) < 0.7
            whole = np.zeros(len(table.values), dtype=bool)
            whole[block.cells[here]] = True
            for part, attack in zip(block.task.attacks, task.attacks, strict=True):
                found = block.cells[part.unsafe(here)].tolist()
                assert found == attack.unsafe(whole).tolist()


# Networks


def is_totally_unimodular(matrix):
    """Whether every square part's determinant is -1, 0 or 1."""
    rows, columns = matrix.shape
    return all(
        round(abs(np.linalg.det(matrix[np.ix_(some, others)]))) <= 1
        for size in range(1, min(rows, columns) + 1)
        for some in combinations(range(rows), size)
        for others in combinations(range(columns), size)
    )


def with_entries(chance, rows, columns, most):
    """A matrix of 0, 1 and -1 with at most so many entries a column."""
    matrix = np.zeros((rows, columns))
    for column in range(columns):
        places = chance.choice(rows, size=int(chance.integers(0, most + 1)), replace=False)
        matrix[places, column] = chance.choice([-1.0, 1.0], size=len(places))
    return matrix


@pytest.mark.parametrize("seed", range(60))
def test_with_two_entries_a_column_networks_are_just_what_determinants_say(seed):
    # For at most two entries a column the condition is necessary too (Ghouila-Houri).
    chance = np.random.default_rng(seed)
    matrix = with_entries(chance, int(chance.integers(2, 5)), int(chance.integers(2, 6)), 2)
    assert is_network(csr_matrix(matrix)) == is_totally_unimodular(matrix)


@pytest.mark.parametrize("seed", range(20))
def test_nothing_is_called_a_network_that_determinants_speak_against(seed):
    matrix = with_entries(np.random.default_rng(seed), 4, 5, 3)
    assert is_totally_unimodular(matrix) or not is_network(csr_matrix(matrix))


def test_both_answers_occur_among_random_matrices():
    made = [with_entries(np.random.default_rng(seed), 3, 4, 2) for seed in range(40)]
    assert {is_network(csr_matrix(one)) for one in made} == {True, False}


@pytest.mark.parametrize(
    ("matrix", "network"),
    [
        # An odd cycle: x + y, y + z and z + x, of determinant 2.
        ([[1, 1, 0], [0, 1, 1], [1, 0, 1]], False),
        # The same with one sign turned: determinant 0.
        ([[1, 1, 0], [0, 1, 1], [-1, 0, 1]], True),
        # A cell in three sums is not looked at any closer.
        ([[1], [1], [1]], False),
        # A cell that counts twice.
        ([[2, 1]], False),
        # Cells in one sum each.
        ([[1, 1, -1]], True),
    ],
)
def test_a_network_by_hand(matrix, network):
    assert is_network(csr_matrix(np.array(matrix, dtype=float))) is network


def test_a_two_way_table_with_margins_is_a_network_and_a_three_way_one_is_not():
    assert is_network(sums((4, 5)))
    assert not is_network(sums((3, 3, 3)))
    assert is_network(csr_matrix((0, 3)))
