"""Matching: which record of a register is about the same person.

First the pairs that a valid NHS number and something else vouch for (`certain`), then splink on
what is left of both files (`training`, `model`), and last one record for one person.
"""

import logging
import warnings
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from tre.decision import UnusableRequestError
from tre.safe_data.linking.certain import certain_links
from tre.safe_data.linking.charts import chart_specs
from tre.safe_data.linking.comparable import IDENTIFIERS, comparable
from tre.safe_data.linking.engines import Engine, engine
from tre.safe_data.linking.model import weight_columns
from tre.safe_data.linking.one_to_one import one_to_one
from tre.safe_data.linking.rarity import tell_rarity
from tre.safe_data.linking.training import Files, learn, new_linker
from tre.safe_data.linking.twins import twin_weights

NHS_NUMBER, MODEL = "nhs_number", "model"
"""What named the record: a link's `by`."""
_CERTAIN_WEIGHT, _WORTH_KEEPING = 100.0, -5.0
"""Bits: what a link by NHS number is given; and what no pair below can be a rival to any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """How two files are to be matched.

    seed: of the samples that the model is learnt from. identifiers: which to compare, or None for
    all that both files have. backend: duckdb, or spark where one machine is too small.
    """

    seed: int
    identifiers: tuple[str, ...] | None = None
    backend: str = "duckdb"


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """What a matching leaves behind, and none of it holds an identifier.

    links: the two keys, match_weight (bits), match_probability (0 to 1), by (nhs_number, model);
    sorted by the first key, each key at most once. model: splink's settings with all that was
    learnt, empty where nothing was left to score. charts: Vega-Lite specifications by name.
    """

    links: pl.DataFrame
    model: dict[str, Any] = field(default_factory=dict)
    charts: dict[str, dict[str, Any]] = field(default_factory=dict)


def match(
    sent: pl.DataFrame, key: str, register: pl.DataFrame, record: str, seed: int
) -> pl.DataFrame:
    """The links alone, by every identifier that both files have: see `match_files`."""
    return match_files(sent, key, register, record, How(seed=seed)).links


def match_files(
    sent: pl.DataFrame, key: str, register: pl.DataFrame, record: str, how: How
) -> Matched:
    """Name for each person sent the one record that is theirs, where there is one.

    sent, register: a key column each (text, every record once) and identifiers: first_name,
    last_name, postcode, nhs_number, sex (text), date_of_birth (date); nulls agree with nothing.
    The result depends neither on the order of rows nor on the number of threads. An empty file
    has no links. Raises UnusableRequestError for an identifier that is unknown or that a file
    lacks, for none at all, and for a backend that is unknown or not installed.
    The files as given are let go of as soon as they are made comparable: a caller who keeps no
    name of them holds no register twice.
    """
    identifiers = _identifiers(sent, register, how)
    left, right = comparable(sent, key, identifiers), comparable(register, record, identifiers)
    del sent, register
    sure = certain_links(left, right)
    files = Files(
        left=_opened(left, sure["record_l"]),
        right=_opened(right, sure["record_r"]),
        identifiers=identifiers,
        certain=len(sure),
    )
    named = sure.select(
        "record_l",
        "record_r",
        match_weight=pl.lit(_CERTAIN_WEIGHT),
        match_probability=pl.lit(1.0),
        by=pl.lit(NHS_NUMBER),
    )
    model, charts = {}, {}
    if files.left["open"].any() and files.right["open"].any():
        scored, model, charts = _scored(files, how)
        likely = one_to_one(scored).with_columns(by=pl.lit(MODEL))
        named = pl.concat([named, likely.select(named.columns)])
    links = named.rename({"record_l": key, "record_r": record}).sort(key)
    return Matched(links=links, model=model, charts=charts)


def _identifiers(sent: pl.DataFrame, register: pl.DataFrame, how: How) -> tuple[str, ...]:
    both = set(sent.columns) & set(register.columns)
    asked = set(IDENTIFIERS) & both if how.identifiers is None else set(how.identifiers)
    if not asked or not asked <= set(IDENTIFIERS) & both:
        lacking = ", ".join(sorted(asked - (set(IDENTIFIERS) & both))) or "any"
        message = (
            f"both files must have what is to be compared, but have not {lacking}; "
            f"the matcher understands {', '.join(IDENTIFIERS)}"
        )
        raise UnusableRequestError(message)
    return tuple(name for name in IDENTIFIERS if name in asked)


def _opened(side: pl.DataFrame, linked: pl.Series) -> pl.DataFrame:
    return side.with_columns(open=~pl.col("record").is_in(linked.implode()))


def _scored(
    files: Files, how: How
) -> tuple[pl.DataFrame, dict[str, Any], dict[str, dict[str, Any]]]:
    """Train the model on the whole files, and score the pairs of records that are open.

    No other record is given to the engine, which makes a table of its own of them.
    """
    with _quiet(), engine(how.backend) as opened:
        learnt = learn(opened, files, how.seed)
        among = files.left.filter("open"), files.right.filter("open")
        linker = new_linker(opened, "scoring", among, learnt.model)
        tell_rarity(opened, linker, files.left, files.right)
        scored = linker.inference.predict(threshold_match_weight=_WORTH_KEEPING)
        pairs = _pairs(opened, scored, files.identifiers)
        charts = chart_specs(linker, scored, pairs, learnt.linker)
    return twin_weights(pairs, files.right), learnt.model, charts


def _pairs(opened: Engine, scored: Any, identifiers: tuple[str, ...]) -> pl.DataFrame:
    """Every pair worth keeping, without identifiers.

    Weights are rounded, so that the last bits of a sum decide nothing.
    """
    columns = ["record_l", "record_r", "match_weight"]
    for name in identifiers:
        columns += weight_columns(name)
    return (
        opened.as_frame(scored, columns)
        .with_columns(pl.col("match_weight").round(6))
        .sort("record_l", "record_r")
    )


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
