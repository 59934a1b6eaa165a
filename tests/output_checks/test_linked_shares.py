"""Rounded shares together with others: an attacker tries all numbers of people that fit them."""

from dataclasses import dataclass
from itertools import product

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from output_checks import Data, check_together
from output_checks.rules.threshold import is_wide

THRESHOLD = 10
GROUPS = ("F", "M")


@dataclass(frozen=True)
class World:
    """So many of each group, and of those so many ill."""

    people: tuple[int, int]
    ill: tuple[int, int]

    def data(self):
        rows = [
            (group, at < ill)
            for group, people, ill in zip(GROUPS, self.people, self.ill, strict=True)
            for at in range(people)
        ]
        frame = pl.DataFrame(rows, ["sex", "ill"], orient="row").with_row_index("id")
        return Data.read(frame, unit="id", name="patients")


def nearest(count, base):
    """The nearest multiple, halves up, in whole numbers; written anew for the attacker."""
    down = count - count % base
    return down + base if 2 * (count % base) >= base + base % 2 else down


def with_total(numbers):
    return (*numbers, sum(numbers))


def share(base):
    """What a table of shares shows of a world, by the attacker's own arithmetic."""

    def shown(people, ill):
        parts = zip(with_total(ill), with_total(people), strict=True)
        rounded = [(nearest(one, base), nearest(of, base)) for one, of in parts]
        return [None if of == 0 else float(f"{min(one / of, 1):.3g}") for one, of in rounded]

    def table(data):
        asked = data.table("sex", statistic="proportion", of="ill")
        return asked.protect("round", base=base, controlled=False)

    return shown, table


def count_of_ill(base):
    def shown(people, ill):
        return [nearest(one, base) for one in with_total(ill)]

    def table(data):
        return data.table("sex", where="ill").protect("round", base=base, controlled=False)

    return shown, table


def count_of_healthy(base):
    def shown(people, ill):
        healthy = [of - one for one, of in zip(ill, people, strict=True)]
        return [nearest(one, base) for one in with_total(healthy)]

    def table(data):
        asked = data.table("sex", where="NOT ill")
        return asked.protect("round", base=base, controlled=False)

    return shown, table


def count_of_all(base):
    def shown(people, ill):
        return [nearest(one, base) for one in with_total(people)]

    def table(data):
        return data.table("sex").protect("round", base=base, controlled=False)

    return shown, table


def left_open(world, several):
    """For each group the numbers of its ill that fit all that is shown, its people known."""
    seen = [shown(world.people, world.ill) for shown, _ in several]
    fitting = [
        ill
        for ill in product(*(range(people + 1) for people in world.people))
        if all(
            shown(world.people, ill) == one for (shown, _), one in zip(several, seen, strict=True)
        )
    ]
    return [{one[at] for one in fitting} for at in range(2)]


def is_told(world, several):
    """Whether the attacker knows a small number of ill or of healthy people too well."""
    for fitting, ill, people in zip(
        left_open(world, several), world.ill, world.people, strict=True
    ):
        for numbers, truth in ((fitting, ill), ({people - one for one in fitting}, people - ill)):
            is_small = 0 < truth < THRESHOLD
            if is_small and not is_wide(min(numbers), max(numbers), THRESHOLD):
                return True
    return False


def checked(world, several):
    """The tables of a world, and what is said of all of them."""
    data = world.data()
    tables = {f"table {at}": table(data) for at, (_, table) in enumerate(several)}
    for (shown, _), table in zip(several, tables.values(), strict=True):
        values = table.released()["value" if "value" in table.released().columns else "count"]
        assert values.to_list() == shown(world.people, world.ill)  # the attacker reads the table
    return check_together(tables)


NINE = World(people=(60, 120), ill=(9, 71))
"""9 of 60 and 71 of 120 are ill."""


@pytest.mark.parametrize("other", [share(18), count_of_ill(18)])
def test_two_roundings_of_a_numerator_that_leave_one_number_fail(other):
    # As 0 to the base 20 the 9 are 0 to 9, as 18 to the base 18 they are 9 to 26.
    several = (share(20), other)
    assert left_open(NINE, several)[0] == {9}
    report = checked(NINE, several)
    (found,) = [one for one in report.findings if one.severity == "fail"]
    assert "sex = F is 9: a group of 9 people that no output shows" in found.message
    assert set(found.outputs) == {"table 0", "table 1"}


def test_a_released_share_beside_a_new_count_is_differencing():
    data = NINE.data()
    old, new = share(20)[1](data), count_of_ill(18)[1](data)
    (found,) = check_together({"new": new}, released={"old": old}).findings
    assert (found.rule, found.severity) == ("differencing", "fail")


def test_a_rounded_share_beside_its_rounded_denominator_tells_no_more():
    # The denominator says what the numerator was rounded to, and that is a range of 20 people.
    several = (share(20), count_of_all(20))
    world = World(people=(60, 120), ill=(26, 71))
    assert left_open(world, several)[0] == set(range(10, 30))
    assert len(left_open(world, (share(20),))[0]) == 20
    assert checked(world, several).verdict == "pass"


def test_the_other_side_of_a_share_is_told_by_counts_of_it():
    # 51 of 60 are ill, 60 to the base 20: 50 to 60, and 0 to 10 are not; to the base 18 these are
    # 18: 9 or 10. The whole 80 who are not, shown as 72 (72 to 80), leave 9 women and 71 men.
    world = World(people=(60, 120), ill=(51, 49))
    several = (share(20), count_of_healthy(18))
    assert left_open(world, several)[0] == {51}
    assert is_told(world, several)
    assert checked(world, several).verdict != "pass"


def test_exact_shares_beside_counts_of_the_same_ill_go_to_a_person():
    data = World(people=(60, 120), ill=(30, 71)).data()
    shares = data.table("sex", statistic="proportion", of="ill")
    most = data.table("sex", where="ill AND id > 3")
    (found,) = check_together({"shares": shares, "most": most}).findings
    assert found.severity == "review"
    assert "101 - 97 = 4" in found.message  # 4 ill women are left out, and so in the total


SHARES = [share(base) for base in (12, 18, 20, 25)]
OTHERS = [*SHARES, *map(count_of_ill, (11, 18, 20)), count_of_healthy(14), count_of_all(16)]


@settings(max_examples=10, deadline=None, derandomize=True)
@given(
    people=st.tuples(st.integers(30, 70), st.integers(30, 70)),
    ill=st.tuples(st.integers(1, 29), st.integers(1, 29)),
    first=st.sampled_from(SHARES),
    others=st.lists(st.sampled_from(OTHERS), min_size=1, max_size=2, unique_by=id),
)
@example(people=(60, 70), ill=(9, 30), first=SHARES[2], others=[SHARES[1]])
@example(people=(30, 30), ill=(6, 12), first=SHARES[0], others=[SHARES[3]])
@example(people=(30, 30), ill=(19, 26), first=SHARES[0], others=[OTHERS[5]])
def test_what_the_attacker_knows_too_well_never_passes(people, ill, first, others):
    world, several = World(people=people, ill=ill), [first, *others]
    if is_told(world, several):
        assert checked(world, several).verdict != "pass"
