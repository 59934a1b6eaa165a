"""One argument for many variables: said to the applicant and the judges, and never a refusal."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from tre.safe_projects.application import AskedDataset

FROM_VARIABLES = 3
"""So many variables with one argument are worth a word; two may well be needed for one reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SameArgument:
    """An argument that was given for several variables.

    why: as it was written first. variables: as `table.variable`, in the order of the form, of all
    datasets. of: how many variables are asked for in all.
    """

    why: str
    variables: tuple[str, ...]
    of: int


def same_arguments(asked: Iterable[AskedDataset]) -> tuple[SameArgument, ...]:
    """Find the arguments that were given again, for the most variables first.

    Letters, signs and spaces that only look different make no other argument.
    """
    named: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for dataset in asked:
        for variable in dataset.variables:
            named[_bare(variable.why)].append((variable.name, variable.why.strip()))
    total = sum(map(len, named.values()))
    found = [
        SameArgument(why=said[0][1], variables=tuple(name for name, _ in said), of=total)
        for bare, said in named.items()
        if bare and len(said) >= FROM_VARIABLES
    ]
    return tuple(sorted(found, key=lambda same: -len(same.variables)))


def _bare(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
