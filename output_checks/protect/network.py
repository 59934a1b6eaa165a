"""Sums in which fractions cannot be extreme, as those of a two-way table."""

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components


def is_network(relations: csr_matrix) -> bool:
    """Whether fractions cannot be extreme: every cell in at most two sums, as in a two-way table.

    Source: Heller & Tompkins (1956): a matrix of 0, 1 and -1 with at most two entries a column
    is totally unimodular where its rows can be put into two groups such that entries of the same
    sign are in different groups and entries of different signs in the same.
    """
    columns = relations.tocsc()
    counts = np.diff(columns.indptr)
    if counts.max(initial=0) > 2 or not np.isin(columns.data, (-1.0, 1.0)).all():
        return False
    starts = columns.indptr[:-1][counts == 2]
    one, other = columns.indices[starts], columns.indices[starts + 1]
    same = columns.data[starts] == columns.data[starts + 1]
    rows = relations.shape[0]
    # Each row stands twice, once for each group; a row tied to its own twin fits in none.
    ties = [
        (one, np.where(same, other + rows, other)),
        (one + rows, np.where(same, other, other + rows)),
    ]
    edges = [np.concatenate(ends) for ends in zip(*ties, strict=True)]
    graph = csr_matrix((np.ones(len(edges[0])), tuple(edges)), shape=(2 * rows, 2 * rows))
    _, labels = connected_components(graph, directed=False)
    return bool((labels[:rows] != labels[rows:]).all())
