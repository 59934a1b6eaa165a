"""A synthetic twin of an extract: the same tables and columns about nobody, for practice.

SDV (an optional extra, Business Source Licence) learns `linked` as a Gaussian copula and draws new
people; what the copula cannot know is repaired as stated in `repaired`; the child tables are drawn
to fit the new people (see children.py, school_events.py). Other tables, such as notes, are left
out: nobody can invent what a note says, and a real one is about somebody. A twin carries no formal
privacy guarantee, and is handled as if it were a release: it is for practice projects inside the
environment.
"""

import logging
import warnings
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from threadpoolctl import threadpool_limits

from tre.decision import UnusableRequestError
from tre.safe_data.catalogue import UNIT, describe
from tre.safe_data.chance import stream
from tre.safe_data.extracts.children import CHILD_TABLES, agreed
from tre.safe_data.extracts.manifest import Manifest, read_manifest
from tre.safe_data.extracts.repairs import SMALLEST, repaired, with_gaps_filled
from tre.safe_data.extracts.school_events import SCHOOL_EVENTS
from tre.safe_data.extracts.writing import Provenance, write_extract
from tre.safe_data.progress import Progress
from tre.safe_data.pseudonyms import keyed

if TYPE_CHECKING:
    import pandas as pd

MOST_PEOPLE = 10_000
"""People of whom the copula learns, and people in the twin, at most."""
_TABLE = "linked"
_INSTALL = "pip install 'tre-simulator[synthetic]'"


def make_twin(
    extract: Path, into: Path, *, seed: int, project: str | None, progress: Progress
) -> Manifest:
    """Write the twin of the extract in this folder. The same seed gives the same bytes.

    Raises UnusableRequestError where SDV is not installed, the extract has no table `linked` to
    learn from, or the folder is already there.
    """
    if into.exists():
        message = f"the version {into.name!r} is already there; a twin is never overwritten"
        raise UnusableRequestError(message)
    original = read_manifest(extract)
    frames = {
        table.name: pl.read_parquet(extract / table.file)
        for table in original.tables
        if table.name in {_TABLE, *CHILD_TABLES, *SCHOOL_EVENTS}
    }
    if _TABLE not in frames or frames[_TABLE].width < 3:
        message = "a twin is learnt from the table 'linked', of which two variables are needed"
        raise UnusableRequestError(message)
    progress("Loading SDV", 0.05)
    real = _sample(frames[_TABLE], seed)
    with _sdv() as sdv:
        progress("Learning the shape of the data", 0.3)
        drawn = _draw_by_group(sdv, real.drop(UNIT.name), seed)
    progress("Drawing people who do not exist", 0.8)
    people = repaired(drawn, real, stream(seed, "twin repairs"))
    people = _named(people, project or original.project, seed)
    twins: dict[str, pl.DataFrame] = {}
    for name, make in CHILD_TABLES.items():
        if name in frames:
            twins[name] = make(people, real, frames[name], stream(seed, f"twin {name}"))
    for name, make in SCHOOL_EVENTS.items():
        if name in frames:
            rng = stream(seed, f"twin {name}")
            twins[name] = make(people, real, frames, twins, rng)
    twins[_TABLE] = agreed(people, twins)
    variables = tuple(name for name in original.variables if name.split(".")[0] in twins)
    tables = describe(variables)
    provenance = Provenance(
        project=project or original.project,
        on=original.made_on,
        synthetic=True,
        place=original.place,
        sources=original.sources,
        variables=variables,
        treatments={(t.name, v.name): v.treated() for t in tables for v in t.variables},
    )
    manifest = write_extract(twins, tables, provenance, into)
    progress("The twin is written", 1.0)
    return manifest


def _sample(linked: pl.DataFrame, seed: int) -> pl.DataFrame:
    """At most MOST_PEOPLE people, patients and controls as they come, in random order."""
    order = pl.Series("_order", stream(seed, "twin sample").random(len(linked)))
    return linked.with_columns(order).sort("_order").head(MOST_PEOPLE).drop("_order")


@contextmanager
def _sdv() -> Generator[Any]:
    """SDV, imported only now since that takes seconds, made silent, and on one thread.

    Raises UnusableRequestError where it is not installed, saying how to get it.
    """
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings(), threadpool_limits(limits=1):
            warnings.simplefilter("ignore")
            try:
                import sdv.metadata  # noqa: PLC0415
                import sdv.single_table  # noqa: PLC0415
            except ImportError as error:
                message = f"a synthetic twin needs SDV: install the extra `synthetic` ({_INSTALL})"
                raise UnusableRequestError(message) from error
            yield sdv
    finally:
        logging.disable(before)


def _draw_by_group(sdv: Any, real: pl.DataFrame, seed: int) -> pl.DataFrame:
    """As many new people as real ones, a copula for each diagnosis group.

    One copula for all would lose what sets a small group apart. Groups of fewer than SMALLEST
    people are learnt together: what is said of fewer is a small cell in other clothes.
    """
    by = next((name for name in ("diagnosis_group", "group") if name in real.columns), None)
    if by is None:
        return _draw(sdv, real, seed)
    sizes = real[by].value_counts()
    small = sizes.filter(pl.col("count") < SMALLEST)[by].to_list()
    rest = pl.col(by).is_in(small)
    names = sorted(set(sizes[by]) - set(small))
    parts = [real.filter(pl.col(by) == name) for name in names] + [real.filter(rest)]
    drawn = [_draw(sdv, part, seed + at) for at, part in enumerate(parts) if not part.is_empty()]
    return pl.concat(drawn)


def _draw(sdv: Any, real: pl.DataFrame, seed: int) -> pl.DataFrame:
    """New people, as many as these, from a Gaussian copula of their columns that vary.

    A gap is filled from another person first: the repairs say afterwards who has none.
    """
    filled = with_gaps_filled(real, stream(seed, "twin gaps"))
    varying = [name for name in filled.columns if filled[name].n_unique() > 1]
    if not varying:
        return filled
    table = _to_pandas(filled.select(varying))
    metadata = sdv.metadata.Metadata.detect_from_dataframes({_TABLE: table}, infer_keys=None)
    for name in varying:
        sdtype = _sdtype(real.schema[name])
        metadata.update_column(table_name=_TABLE, column_name=name, sdtype=sdtype)
    synthesizer = sdv.single_table.GaussianCopulaSynthesizer(
        metadata, default_distribution="truncnorm", enforce_min_max_values=True
    )
    with _seeded(seed):
        synthesizer.fit({_TABLE: table})
        synthesizer._set_random_state(seed % 2**32)  # noqa: SLF001  the public one is fixed
        drawn = synthesizer.sample(num_rows=len(table))[_TABLE]
    new = _from_pandas(drawn, filled.select(varying))
    constant = filled.select(pl.all().exclude(varying)).head(len(new))
    return pl.concat([new, constant], how="horizontal").select(real.columns)


def _sdtype(kind: pl.DataType) -> str:
    if kind == pl.Boolean:
        return "boolean"
    return "numerical" if kind.is_numeric() else "categorical"


@contextmanager
def _seeded(seed: int) -> Generator[None]:
    """SDV draws from numpy's shared generator too: seed it, and put it back afterwards."""
    state = np.random.get_state()
    np.random.seed(seed % 2**32)
    try:
        yield
    finally:
        np.random.set_state(state)


def _to_pandas(frame: pl.DataFrame) -> "pd.DataFrame":
    import pandas as pd  # noqa: PLC0415

    columns = {
        name: pd.Series(frame[name].to_list(), dtype=_pandas_type(kind))
        for name, kind in frame.schema.items()
    }
    return pd.DataFrame(columns)


def _pandas_type(kind: pl.DataType) -> str:
    if kind == pl.Boolean:
        return "bool"
    return "float64" if kind.is_numeric() else "object"


def _from_pandas(drawn: "pd.DataFrame", real: pl.DataFrame) -> pl.DataFrame:
    """Back to the columns and types of the real table; not a number becomes null."""
    columns = []
    for name, kind in real.schema.items():
        values = pl.Series(drawn[name].astype(object).where(drawn[name].notna(), None).tolist())
        rounded = values.cast(pl.Float64).round(0) if kind.is_integer() else values
        columns.append(rounded.cast(kind).alias(name))
    return pl.DataFrame(columns)


def _named(people: pl.DataFrame, project: str, seed: int) -> pl.DataFrame:
    """New pseudonyms, which no real person has, and rows in their order."""
    key = stream(seed, f"twin key {project}").bytes(32)
    numbers = pl.Series(UNIT.name, [str(row) for row in range(len(people))])
    named = people.with_columns(keyed(numbers, key, f"synthetic:{project}"))
    return named.select(UNIT.name, *people.columns).sort(UNIT.name)
