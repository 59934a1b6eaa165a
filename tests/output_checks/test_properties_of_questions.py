"""The same question asked in two ways has one answer, whatever the data are."""

import polars as pl
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from output_checks import Data, OutputCheckError
from tests.output_checks.oracle.made_up import LETTERS, policies, records

quickly = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
NAMES = ["count", "sum", "mean", "median", "p90", "min", "max", "std", "var"]


def answer(data, *dimensions, **asked):
    """Cells and findings, or the refusal."""
    try:
        table = data.table(*dimensions, **asked)
    except OutputCheckError as error:
        return type(error).__name__
    found = [(one.rule, str(one.severity), one.cells) for one in table.report().findings]
    return [grid.frame for grid in table.grids], found


BESIDE_OTHERS = {"without_value", "few_values", "rare_values", "spread", "positions"}


@quickly
@given(
    made=records(),
    policy=policies(),
    names=st.lists(st.sampled_from(NAMES), min_size=2, max_size=4, unique=True),
)
def test_several_statistics_at_once_say_what_each_says_alone(made, policy, names):
    data = Data.read(made[1], unit="id", policy=policy)
    together = answer(data, "a", "c", statistic=names, of="x")
    alone = [
        answer(data, "a", "c", statistic=name, **({} if name == "count" else {"of": "x"}))
        for name in names
    ]
    if isinstance(together, str):
        assert together in alone
        return
    frames, found = together
    # What statistics tell only beside each other is found only there.
    found = [one for one in found if one[0] not in BESIDE_OTHERS]
    for frame, name, one in zip(frames, names, alone, strict=True):
        # With a count beside it, "x" also stands behind the count's evidence, and not its verdict.
        known = ["value", "units", "records"] if name == "count" else frame.columns
        shown = [column for column in known if one[0][0][column].null_count() < frame.height]
        assert frame.select(shown).equals(one[0][0].select(shown))
    separately = [each for one in alone for each in one[1] if each[0] not in BESIDE_OTHERS]
    assert sorted(map(str, found)) == sorted(map(str, separately))


@quickly
@given(made=records(), policy=policies(), pair=st.permutations(LETTERS).map(lambda all_: all_[:2]))
def test_merged_labels_are_one_label(made, policy, pair):
    frame = made[1]
    present = [label for label in pair if label in frame["c"].to_list()]
    new = frame.with_columns(pl.col("c").replace(dict.fromkeys(present, "p and q")))
    asked = {"statistic": "sum", "of": "x", "policy": policy}
    merges = {"c": dict.fromkeys(present, "p and q")} if present else None
    merged = answer(Data.read(frame, unit="id"), "b", "c", merges=merges, **asked)
    recoded = answer(Data.read(new, unit="id"), "b", "c", **asked)
    if isinstance(merged, str):
        assert merged == recoded
        return
    order = ["b", "c"]
    assert merged[0][0].sort(order).equals(recoded[0][0].sort(order))
    assert sorted(map(str, merged[1])) == sorted(map(str, recoded[1]))


@quickly
@given(made=records(), policy=policies(), least=st.integers(-1, 3))
def test_a_condition_leaves_out_the_rows_that_a_filter_would(made, policy, least):
    frame = made[1]
    kept = frame.filter(pl.col("k") >= least)
    asked = {"statistic": "mean", "of": "x", "policy": policy}
    conditioned = answer(Data.read(frame, unit="id"), "a", "b", where=f"k >= {least}", **asked)
    filtered = answer(Data.read(kept, unit="id"), "a", "b", **asked)
    if isinstance(conditioned, str):
        assert conditioned == filtered
        return
    assert conditioned[0][0].equals(filtered[0][0])
    assert conditioned[1] == filtered[1]


@quickly
@given(made=records(), policy=policies())
def test_a_derived_column_is_a_column(made, policy):
    frame = made[1]
    asked = {"statistic": "count", "policy": policy}
    derived = answer(Data.read(frame, unit="id"), "more", "c", derive={"more": "k + 1"}, **asked)
    added = answer(
        Data.read(frame.with_columns(more=pl.col("k") + 1), unit="id"), "more", "c", **asked
    )
    assert derived[0][0].equals(added[0][0])
    assert derived[1] == added[1]
