"""Whether a description of a linkage can be carried out: asked before anything of it is used."""

import re
from collections import Counter
from collections.abc import Callable, Generator, Hashable, Iterable

from tre.decision import UnusableRequestError
from tre.safe_data.linkages.linkage import (
    CDLS,
    GROUP,
    IDENTIFIERS_OF_THE_NHS,
    SRS,
    Linkage,
    RegisterTable,
)
from tre.safe_data.population.places import PLACES

_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_SEXES = ("Female", "Male")


def must_cohere(linkages: Iterable[Linkage]) -> None:
    """Refuse descriptions that contradict themselves or each other, naming every contradiction.

    Raises UnusableRequestError; what it says is for whoever writes the file.
    """
    known = tuple(linkages)
    wrong = [
        f"the linkage {one.id!r}: {words}" for one in known for ask in _ASKED for words in ask(one)
    ]
    wrong += _among_each_other(known)
    if wrong:
        raise UnusableRequestError("; ".join(wrong))


def _among_each_other(known: tuple[Linkage, ...]) -> list[str]:
    tables = [table.name for one in known for table in one.holdings]
    ids = {one.id for one in known}
    return [
        *(f"two linkages have the id {each!r}" for each in _twice(one.id for one in known)),
        *(f"two linkages have the order {each}" for each in _twice(one.order for one in known)),
        *(f"two linkages have a table {each!r}" for each in _twice(tables)),
        *(
            f"the linkage {one.id!r}: brings {each!r}, which is no linkage"
            for one in known
            for each in one.brings
            if each not in ids
        ),
    ]


def _twice(values: Iterable[Hashable]) -> list[Hashable]:
    return [value for value, times in Counter(values).items() if times > 1]


def _names(one: Linkage) -> Generator[str]:
    if not _ID.fullmatch(one.id):
        yield "its id must be small letters, digits and single hyphens"
    if one.place not in (CDLS, SRS):
        yield f"researchers see it in {one.place!r}; only {CDLS} and {SRS} are known"
    if one.matcher != one.holder:
        yield (
            f"{one.matcher} is to compare identifiers of {one.holder}; a matcher apart from the "
            "holder is not simulated, so name one of them in both places"
        )


def _identifiers(one: Linkage) -> Generator[str]:
    strange = [name for name in one.identifiers if name not in IDENTIFIERS_OF_THE_NHS]
    if strange or not one.identifiers:
        told = ", ".join(strange) or "nothing"
        yield f"sends {told}; SLaM can send {', '.join(IDENTIFIERS_OF_THE_NHS)}"


def _coverage(one: Linkage) -> Generator[str]:
    sex, borough = one.covered.sex, one.covered.gp_borough
    if sex not in (None, *_SEXES):
        yield f"covers the sex {sex!r}; known are {', '.join(_SEXES)}"
    if borough not in (None, *(place.name for place in PLACES)):
        yield f"covers practices of {borough!r}, which is no borough of the simulation"


def _controls(one: Linkage) -> Generator[str]:
    codes = {variable.name: variable.codes for variable in one.people.variables}
    for column, values in (one.controls.among if one.controls else {}).items():
        if column not in codes:
            yield f"chooses controls by {column!r}, which {one.people.name} has not"
        strange = [each for each in values if codes.get(column) and each not in codes[column]]
        if strange:
            yield f"chooses controls with {column} {strange[0]!r}, which is none of its codes"


def _limits_in_time(one: Linkage) -> Generator[str]:
    if one.first_day and one.last_day and one.last_day < one.first_day:
        yield "its last day lies before its first"
    for each in one.periods:
        if each.last_day < each.first_day or each.referred_by < each.referred_from:
            yield f"the period {each.id!r} ends before it begins"
    for name in _twice(each.id for each in one.periods):
        yield f"two periods have the id {name!r}"
    limited = one.first_day or one.last_day or one.periods
    if limited and not any(table.dated_by for table in one.holdings):
        yield "has limits in time, and no table says by which day (dated_by)"


def _tables(one: Linkage) -> Generator[str]:
    if len(one.people.about) != 1:
        yield f"{one.people.name} has one row a person, so it names one (about)"
    for table in one.holdings:
        yield from (f"the table {table.name}: {words}" for words in _table(one, table))


def _table(one: Linkage, table: RegisterTable) -> Generator[str]:
    names = [variable.name for variable in table.variables]
    if table.about[:1] != (one.record,):
        yield f"the first column that names people must be the register's key, {one.record!r}"
    for other in table.about[1:]:
        if not other.endswith(f"_{one.record}"):
            yield f"{other!r} names a second person, so it must end with {f'_{one.record}'!r}"
    for name in _twice([*names, *table.about, one.pseudonym, one.research_id, GROUP.name]):
        yield f"two columns are called {name!r}"
    days = [*(day for pair in table.in_order for day in pair), *table.near_birth]
    for name in [*days, *([table.dated_by] if table.dated_by else [])]:
        if name not in names:
            yield f"{name!r} is named as a day, and is none of its variables"


_ASKED: tuple[Callable[[Linkage], Generator[str]], ...] = (
    _names,
    _identifiers,
    _coverage,
    _controls,
    _limits_in_time,
    _tables,
)
