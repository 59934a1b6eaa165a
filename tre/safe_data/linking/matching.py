"""Matching: which record of a register is about the same person, by splink on DuckDB."""

import logging
import warnings
from collections.abc import Generator
from contextlib import contextmanager

import duckdb
import polars as pl
from splink import DuckDBAPI, Linker

from tre.decision import UnusableRequestError
from tre.safe_data.linking.model import certain_pairs, settings, standardised, training_blocks

THRESHOLD = 0.95
"""A pair below this probability, by the model itself, is no match: chosen without the truth."""
MARGIN = 2.0
"""The best record must beat the next by this many bits (a factor of 4), or nobody is named: so
twins of whom the first name is missing are not guessed at."""
_FEWEST = 20
_CERTAIN_SHARE, _SAMPLED_PAIRS = 0.8, 800_000


def match(
    sent: pl.DataFrame, key: str, register: pl.DataFrame, record: str, seed: int
) -> pl.DataFrame:
    """Name for each person sent the one record that is theirs, where there is one.

    sent, register: a key column each, first_name, last_name, date_of_birth, postcode.
    Returns key, record, match_weight (bits), match_probability, sorted by key; each record and
    each key at most once. The result does not depend on the order of rows or number of threads.
    Raises UnusableRequestError where there are too few records to learn from.
    """
    if min(len(sent), len(register)) < _FEWEST:
        message = (
            f"a linkage needs at least {_FEWEST} records on each side to learn from, "
            f"not {len(sent):,} and {len(register):,}"
        )
        raise UnusableRequestError(message)
    left, right = standardised(sent, key), standardised(register, record)
    with _quiet():
        pairs = _score(left, right, seed)
    return one_to_one(pairs).rename({"record_l": key, "record_r": record}).sort(key)


def one_to_one(pairs: pl.DataFrame) -> pl.DataFrame:
    """Keep the pairs in which each is clearly the other's best.

    pairs: record_l, record_r, match_weight (bits), match_probability.
    """
    for side in ("record_l", "record_r"):
        best = pl.col("match_weight").max().over(side)
        rival = pl.col("match_weight").top_k(2).min().over(side)
        alone = pl.len().over(side) == 1
        clear = alone | (best - rival >= MARGIN)
        pairs = pairs.with_columns((clear & (pl.col("match_weight") == best)).alias(f"by_{side}"))
    likely = pl.col("match_probability") >= THRESHOLD
    return pairs.filter(likely & pl.col("by_record_l") & pl.col("by_record_r")).select(
        "record_l", "record_r", "match_weight", "match_probability"
    )


def _score(left: pl.DataFrame, right: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Train the model on the two files and score the pairs; one thread, so sums never differ."""
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute("SET enable_progress_bar = false")
        connection.execute("SET enable_progress_bar_print = false")
        interface = DuckDBAPI(connection)
        files = [
            interface.register(frame.to_arrow(), dataset_display_name=name)
            for name, frame in (("a_sent", left), ("b_register", right))
        ]
        linker = Linker(files, settings(), log_level=None)
        _train(linker, seed)
        scored = linker.inference.predict(threshold_match_probability=0.01)
        pairs = connection.table(scored.physical_name)
        columns = "record_l, record_r, match_weight, match_probability"
        chosen = pairs.project(columns).order("record_l, record_r")
        return pl.DataFrame(chosen.to_arrow_table())


def _train(linker: Linker, seed: int) -> None:
    """Learn the model from the files themselves: no pair is known to be true."""
    training = linker.training
    training.estimate_probability_two_random_records_match(certain_pairs(), recall=_CERTAIN_SHARE)
    training.estimate_u_using_random_sampling(
        max_pairs=_SAMPLED_PAIRS, seed=seed, min_count_per_level=None, num_chunks=1
    )
    for block in training_blocks():
        training.estimate_parameters_using_expectation_maximisation(block)


@contextmanager
def _quiet() -> Generator[None]:
    """Splink tells its progress to the log, and warns of what a later version will change."""
    logger = logging.getLogger("splink")
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(before)
