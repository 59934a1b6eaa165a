"""Learning the linkage model from the two files themselves: no pair is known to be true."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from splink import Linker, block_on

from tre.safe_data.linking.engines import Engine
from tre.safe_data.linking.experience import EXPERIENCE, OF_MATCHES, OF_OTHERS, Level
from tre.safe_data.linking.model import learning_blocks, settings
from tre.safe_data.linking.twins import twins_of_a_record

_SAMPLE_SIDE, _LEARNT_FROM = 1_200, 20_000
"""Records of each file that are crossed for u; records sent from which m is learnt."""
_FEWEST_MATCHES = 50
"""With fewer matches to be expected, expectation maximisation finds patterns in noise."""
_SURE_SHARE = 0.8
"""Share of the matches that agree on all of one of `_SURE`: assumed; corrected after scoring."""
_SURE = (("first_name", "last_name", "birth_date"), ("birth_date", "postcode", "last_name"))
_FIGURES = 6
"""Learnt numbers keep six figures: what comes after depends on the order of a sum."""
_LEAST = 1e-7
"""No way of comparing is impossible: a probability below this is this."""

Levels = dict[str, tuple[Level, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """Two files made comparable: `record`, identifiers, and `open` where not linked yet.

    certain: the number of pairs that are linked already.
    """

    left: pl.DataFrame
    right: pl.DataFrame
    identifiers: tuple[str, ...]
    certain: int

    @property
    def pairs(self) -> int:
        """How many pairs of records there are."""
        return len(self.left) * len(self.right)


def new_linker(
    engine: Engine, purpose: str, files: tuple[pl.DataFrame, pl.DataFrame], model: Any
) -> Linker:
    """A splink linker of two files. purpose: one word, another one for each linker."""
    inputs = [
        engine.interface.register(frame.to_arrow(), dataset_display_name=f"{side}_{purpose}")
        for side, frame in zip("lr", files, strict=True)
    ]
    return Linker(inputs, model, log_level=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """model: splink's settings with what was learnt. linker: that learnt m, if any did."""

    model: dict[str, Any]
    linker: Linker | None = None


def learn(engine: Engine, files: Files, seed: int) -> Learnt:
    """The model: u from random pairs, m by expectation maximisation.

    Experience counts as a fixed number of pairs on top of them: see `experience`.
    """
    rng = np.random.default_rng(seed)
    prior = _first_prior(files)
    told = settings(files.identifiers).create_settings_dict(engine.dialect)
    told = _with(told, _experience(told), prior)
    others = _sampled(files.left, _SAMPLE_SIDE, rng), _sampled(files.right, _SAMPLE_SIDE, rng)
    told = _with(told, _learn_u(engine, told, others, prior), prior)
    few = _sampled(files.left, _LEARNT_FROM, rng)
    if prior * len(few) * len(files.right) < _FEWEST_MATCHES:
        return Learnt(model=told)
    numbers = files.certain >= 10 * _FEWEST_MATCHES
    blocks = learning_blocks(files.identifiers, enough_numbers=numbers)
    linker = _learning(engine, told, (few, _met(few, files.right, blocks)), blocks)
    # Twins meet where days of birth agree, and not where NHS numbers do.
    twins = 0.0 if numbers else twins_of_a_record(files.right)
    learnt = _learn_m(linker, prior * len(few) * len(files.right), twins)
    return Learnt(model=_with(told, learnt, prior), linker=linker)


def _sampled(frame: pl.DataFrame, most: int, rng: np.random.Generator) -> pl.DataFrame:
    """So many records, the same ones whatever the order of rows, in the order of their keys."""
    if len(frame) <= most:
        return frame
    return frame[np.sort(rng.permutation(len(frame))[:most])]


def _first_prior(files: Files) -> float:
    """Probability that two random records are of one person, from pairs that are hardly chance."""
    found = [files.left.clear().select(record_l="record", record_r="record")]
    for block in _SURE:
        if set(block) <= set(files.left.columns):
            left = files.left.select(*block, record_l="record")
            right = files.right.select(*block, record_r="record")
            found.append(left.join(right, on=block).select("record_l", "record_r"))
    pairs = pl.concat(found).unique()
    sure = min(pairs["record_l"].n_unique(), pairs["record_r"].n_unique())
    expected = max(sure / _SURE_SHARE, files.certain, 0.5)
    return prior_of(expected, files)


def prior_of(expected: float, files: Files) -> float:
    """From a number of matches to a probability: above 0 and, with any two records, below 1."""
    most = min(len(files.left), len(files.right)) / files.pairs
    return float(f"{min(expected / files.pairs, most, 0.5):.{_FIGURES}g}")


def _experience(told: dict[str, Any]) -> Levels:
    names = [each["output_column_name"] for each in told["comparisons"]]
    return {name: tuple(EXPERIENCE[name].values()) for name in names}


def _learn_u(
    engine: Engine, told: dict[str, Any], others: tuple[pl.DataFrame, pl.DataFrame], prior: float
) -> Levels:
    """How strangers compare: every pair of the samples, less the matches that are among them."""
    linker = new_linker(engine, "others", others, told)
    pairs = len(others[0]) * len(others[1])
    linker.training.estimate_u_using_random_sampling(
        max_pairs=2.0 * pairs, seed=None, min_count_per_level=None, num_chunks=1
    )
    learnt = {}
    for name, levels in _read(linker).items():
        known = EXPERIENCE[name].values()
        strangers = [
            max(new.u - prior * old.m, 0.0) for new, old in zip(levels, known, strict=True)
        ]
        shares = _shares(
            [u * pairs + old.u * OF_OTHERS for u, old in zip(strangers, known, strict=True)]
        )
        learnt[name] = tuple(Level(m=old.m, u=u) for u, old in zip(shares, known, strict=True))
    return learnt


def _met(left: pl.DataFrame, right: pl.DataFrame, blocks: list[list[str]]) -> pl.DataFrame:
    """The records that any of these blocks compares: nothing is learnt from the others."""
    keys = [
        right.lazy().join(left.lazy(), on=block, how="semi").select("record") for block in blocks
    ]
    met = pl.concat(keys).unique()
    return right.lazy().join(met, on="record", how="semi", maintain_order="left").collect()


def _learning(
    engine: Engine,
    told: dict[str, Any],
    files: tuple[pl.DataFrame, pl.DataFrame],
    blocks: list[list[str]],
) -> Linker:
    """A linker that has met pairs of which something else says that they are of one person."""
    linker = new_linker(engine, "learning", files, told)
    left, right = (file.lazy() for file in files)
    for block in blocks:
        joined = left.join(right, on=block).select(pl.len()).collect().item()
        if joined >= _FEWEST_MATCHES:
            linker.training.estimate_parameters_using_expectation_maximisation(
                block_on(*block), estimate_without_term_frequencies=True
            )
    return linker


def _learn_m(linker: Linker, matches: float, twins: float) -> Levels:
    """How the records of one person compare, with experience on top of so many matches.

    twins: for one match, pairs of people born together, which learning takes for matches though
    their first names compare as those of strangers do; so many are taken away again. An NHS
    number is never learnt: who agrees on it is linked, and those who are left say nothing.
    """
    learnt = {}
    for name, levels in _read(linker).items():
        known = EXPERIENCE[name].values()
        mixed = twins * matches if name == "first_name" else 0.0
        counts = [
            max(new.m * (matches + mixed) - new.u * mixed, 0.0) + old.m * OF_MATCHES
            for new, old in zip(levels, known, strict=True)
        ]
        shares = _shares(counts) if name != "nhs_number" else [old.m for old in known]
        learnt[name] = tuple(Level(m=m, u=new.u) for m, new in zip(shares, levels, strict=True))
    return learnt


def _shares(counts: list[float]) -> list[float]:
    total = sum(counts)
    return [float(f"{max(count / total, _LEAST):.{_FIGURES}g}") for count in counts]


def _read(linker: Linker) -> Levels:
    """What a linker has learnt; a level that it never met is as rare as can be."""
    return {
        comparison["output_column_name"]: tuple(
            Level(m=level.get("m_probability") or _LEAST, u=level.get("u_probability") or _LEAST)
            for level in comparison["comparison_levels"]
            if not level.get("is_null_level")
        )
        for comparison in linker.misc.save_model_to_json()["comparisons"]
    }


def _with(told: dict[str, Any], learnt: Levels, prior: float) -> dict[str, Any]:
    """The settings with these numbers."""
    comparisons = [
        {
            **comparison,
            "comparison_levels": _numbered(
                comparison["comparison_levels"], learnt[comparison["output_column_name"]]
            ),
        }
        for comparison in told["comparisons"]
    ]
    return {**told, "comparisons": comparisons, "probability_two_random_records_match": prior}


def _numbered(levels: list[dict[str, Any]], learnt: tuple[Level, ...]) -> list[dict[str, Any]]:
    """The levels with their numbers; that of nulls has none."""
    nulls = [level for level in levels if level.get("is_null_level")]
    others = [level for level in levels if not level.get("is_null_level")]
    return nulls + [
        {**level, "m_probability": number.m, "u_probability": number.u}
        for level, number in zip(others, learnt, strict=True)
    ]
