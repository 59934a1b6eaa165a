"""What to withhold in generated tables, and which patterns are safe by trying all of them."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from output_checks.protect.attack import Attack
from output_checks.protect.optimal import Pattern, cheapest_pattern
from output_checks.protect.pattern import Task
from output_checks.protect.structure import Structure, sums
from tests.output_checks import instances
from tests.output_checks.instances import Instance

TINY_TABLES = [
    instances.two_way(3, 4, share=0.3, seed=1),
    instances.n_way((2, 2, 3), share=0.3, seed=1),
    instances.hierarchical(((4, 2, 1), (3, 1)), share=0.3, seed=1),
    instances.sums(((3, 1), (3, 1)), share=0.3, seed=3),
]


def task_of(instance: Instance, *, margins: bool = False, people_too: bool = False) -> Task:
    """A generated table's task: counts hide the threshold, sums a fifth of the largest amount.

    margins: margins may be withheld. people_too: readers of sums know all shown counts as well.
    """
    size = len(instance.values)
    structure = Structure(
        relations=instance.relations,
        order=np.arange(size),
        margin=instance.margin,
        flat=instance.flat,
    )
    attacks = []
    if instance.largest is None or people_too:
        attacks.append(on_counts(structure, instance.people, instance.threshold))
    if instance.largest is not None:
        width = np.maximum(0.2 * instance.largest, 1.0)
        amounts = on_counts(structure, instance.values, 0)
        attacks.append(replace(amounts, width=width, small=0))
    return Task(
        attacks=tuple(attacks),
        primary=instance.primary,
        allowed=~instance.margin | margins,
        cost=instance.cost,
    )


def on_counts(structure: Structure, values: np.ndarray, threshold: int) -> Attack:
    """A reader who only knows that no value is negative."""
    size = len(values)
    return Attack(
        structure=structure,
        values=np.asarray(values, dtype=float),
        lower=np.zeros(size),
        upper=np.full(size, np.inf),
        width=np.full(size, float(threshold)),
        up=np.zeros(size),
        down=np.zeros(size),
        small=threshold,
    )


def drawn(rows: list[list[int]], primary: list[tuple[int, int]], *, margins: bool = False) -> Task:
    """A two-way table of counts with its margins in the last row and column; threshold 10.

    It costs a cell's count and one to withhold it.
    """
    inner = np.array(rows)
    whole = np.vstack([inner, inner.sum(axis=0)])
    whole = np.hstack([whole, whole.sum(axis=1, keepdims=True)])
    is_margin = np.ones(whole.shape, dtype=bool)
    is_margin[:-1, :-1] = False
    is_primary = np.zeros(whole.shape, dtype=bool)
    for place in primary:
        is_primary[place] = True
    structure = Structure(
        relations=sums(whole.shape),
        order=np.arange(whole.size),
        margin=is_margin.reshape(-1),
        flat=True,
    )
    attack = on_counts(structure, whole.reshape(-1), 10)
    return Task(
        attacks=(attack,),
        primary=is_primary.reshape(-1),
        allowed=~structure.margin | margins,
        cost=attack.values + 1,
    )


def permuted(task: Task, order: np.ndarray) -> Task:
    """The same task with its cells in another order."""
    whole = task.attacks[0].structure
    structure = replace(
        whole, relations=csr_matrix(whole.relations[:, order]), margin=whole.margin[order]
    )
    attacks = [
        replace(
            one,
            structure=structure,
            values=one.values[order],
            lower=one.lower[order],
            upper=one.upper[order],
            width=one.width[order],
            up=one.up[order],
            down=one.down[order],
        )
        for one in task.attacks
    ]
    return Task(
        attacks=tuple(attacks),
        primary=task.primary[order],
        allowed=task.allowed[order],
        cost=task.cost[order],
    )


def patterns_of(task: Task) -> np.ndarray:
    """Every pattern that withholds the primary cells and only what may be, cheapest first."""
    free = np.flatnonzero(task.allowed & ~task.primary)
    numbers = np.arange(2 ** len(free))[:, None]
    patterns = np.tile(task.primary, (len(numbers), 1))
    patterns[:, free] = numbers >> np.arange(len(free)) & 1
    cost = (patterns & ~task.primary) @ task.cost
    return patterns[np.argsort(cost, kind="stable")]


def safe_patterns(task: Task) -> Iterator[np.ndarray]:
    """Those of them that the audit finds safe, cheapest first.

    A cell that is withheld alone in a sum is what the others leave, so that no audit is needed.
    """
    patterns = patterns_of(task)
    together = patterns.astype(float) @ abs(task.attacks[0].structure.relations).T
    for pattern in patterns[~(together == 1).any(axis=1)]:
        if not task.unsafe(pattern):
            yield pattern


def least_cost(task: Task) -> float:
    """What the cheapest of all safe patterns costs; infinite where there is none."""
    return next((task.cost_of(one) for one in safe_patterns(task)), np.inf)


def furthest(
    attack: Attack, chosen: np.ndarray, cell: int, sign: int, most: float = np.inf
) -> float:
    """How far a cell can move while every sum stays, by a linear program of its own."""
    cost = np.zeros(len(attack.values))
    cost[cell] = -sign
    with np.errstate(invalid="ignore"):
        up = np.where(chosen > 0, np.minimum(attack.upper - attack.values, most) * chosen, 0.0)
        down = np.where(chosen > 0, np.minimum(attack.values - attack.lower, most) * chosen, 0.0)
    relations = attack.structure.relations
    found = linprog(
        cost,
        A_eq=relations,
        b_eq=np.zeros(relations.shape[0]),
        bounds=np.column_stack([-down, up]),
        method="highs",
    )
    return np.inf if found.status == 3 else -found.fun


def unsafe_by_linprog(attack: Attack, withheld: np.ndarray) -> list[int]:
    """Withheld cells that a reader who allows for fractions can work out too narrowly."""
    found = []
    for cell in np.flatnonzero(withheld).tolist():
        down, up = (furthest(attack, withheld, cell, sign) for sign in (-1, 1))
        value = attack.values[cell]
        if not attack.is_safe(cell, round(value - down, 6), round(value + up, 6)):
            found.append(cell)
    return found


def found_for(task: Task, most_steps: float | None = None) -> Pattern:
    """The cheapest pattern of a task that has one."""
    found = cheapest_pattern(task, most_steps)
    assert found is not None
    return found
