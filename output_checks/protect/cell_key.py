"""Cell key perturbation: the same people always get the same noise, whatever table shows them.

Source: ONS, cell key perturbation (method specification); Fraser & Wooton (2005).
"""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from output_checks.errors import ProtectionError
from output_checks.grid import Grid, Protection
from output_checks.policy import Policy
from output_checks.protect.contributions import PERSON, PLACE, added_up, in_every_cell, people
from output_checks.protect.ptable import KEYS, PTable
from output_checks.protect.readable import readable
from output_checks.protect.subject import Subject

MOST_KEY = 4095
"""Record keys run from 0 to 255, or to 4095 where they are made of an ONS id."""
_MARK = "scrypt:"
_ENOUGH_PEOPLE = 50
"""Of fewer, random keys may be the same by chance."""


def default_options(policy: Policy) -> dict[str, Any]:
    """What a policy asks of a cell key: its rounding where it has one, else noise to hide in."""
    threshold, base = policy.threshold, policy.rounding_base
    most = max(-(-threshold // 2), 2)
    entropy = f"maximum-entropy {most} {round(0.6 * most, 2):g} 0"
    return {
        "record_key": None,
        "secret": None,
        "ptable": f"{threshold}-{base}" if base > 1 else entropy,
        "threshold": threshold,
    }


def perturb(subject: Subject, options: Mapping[str, Any]) -> tuple[Grid, ...]:
    """Change every count by the noise that its people's keys ask for.

    options: `record_key`, a column with one whole number from 0 for each person, or None to make
    keys of the unit by SHA-256; `secret`, a text for those, so that nobody else can make them;
    `ptable`, a PTable, its name or a path; `threshold`, below which a count is withheld after
    its noise. Cells are changed one by one, so they need not add up to their margins.
    Raises ProtectionError for other statistics, and for keys that are none.
    """
    if len(subject.grids) > 1 or not subject.grids[0].is_whole:
        raise ProtectionError("a cell key changes counts of people, and nothing else")
    grid, ptable = subject.grids[0], PTable.of(options["ptable"])
    threshold = int(options["threshold"])
    keys = cell_keys(subject, options["record_key"], options["secret"])
    counts = grid.frame["exact"].to_numpy().astype(np.int64)
    shown = ptable.perturbed(counts, keys)
    structural = grid.frame["structural_zero"].to_numpy()
    withheld = (shown < threshold) & ~structural
    bounds = _origins(ptable, shown, withheld, threshold)
    possible = tuple(np.where(structural, 0, one) for one in bounds)
    lower, upper, is_all = readable(grid, (possible[0], possible[1]), subject.policy.threshold)
    recorded = {
        "record_key": options["record_key"],
        "ptable": ptable.name,
        "threshold": threshold,
    }
    if options["secret"] is not None:
        recorded["secret"] = fingerprint(options["secret"])
    protection = Protection(
        method="cell-key",
        options=recorded,
        primary=int(withheld.sum()),
        notes=(_note(ptable, threshold),),
    )
    return (
        grid.with_columns(
            protection,
            value=pl.Series(np.where(withheld, 0, shown)).set(pl.Series(withheld), None),
            withheld=withheld,
            withheld_as=np.where(withheld, "primary", ""),
            lower=lower,
            upper=upper,
            people_lower=lower,
            people_upper=upper,
            interval_exact=is_all,
        ),
    )


def cell_keys(subject: Subject, record_key: str | None, secret: str | None) -> np.ndarray:
    """The sum of the record keys of the people in every cell, the total's included.

    It depends on who they are and on nothing else: not on dimensions, labels or order.
    """
    if record_key is not None and secret is not None:
        raise ProtectionError("a secret makes keys of units; it says nothing of a record_key")
    if record_key is None:
        found = people(subject, [pl.len().alias("records")])
        found = found.with_columns(_derived(found[PERSON], subject, secret))
    else:
        found = _recorded(subject, record_key)
    return keys_added_up(found, subject.grids[0])


def keys_added_up(found: pl.DataFrame, grid: Grid) -> np.ndarray:
    """The sum of the keys (`key`) of the people in each cell, whose inner cells are in PLACE."""
    if not grid.overlaps:
        inner = np.zeros(np.prod([len(one.labels) for one in grid.dimensions]), dtype=np.int64)
        np.add.at(inner, found[PLACE].to_numpy(), found["key"].to_numpy())
        return added_up(inner, grid).reshape(-1)
    keys = np.zeros(grid.size, dtype=np.int64)
    spread = in_every_cell(found, grid)
    np.add.at(keys, spread["cell"].to_numpy(), spread["key"].to_numpy())
    return keys


def record_keys(people: pl.Series, secret: str | None = None) -> pl.Series:
    """A key from 0 to 255 for each person: the first byte of the SHA-256 of the unit's text.

    secret: makes it an HMAC, which nobody can make again who does not know it.
    """
    if secret is None:
        keys = [hashlib.sha256(one.encode()).digest()[0] for one in people]
    else:
        word = secret.encode()
        keys = [hmac.digest(word, one.encode(), "sha256")[0] for one in people]
    return pl.Series("key", keys, dtype=pl.Int64)


def _derived(persons: pl.Series, subject: Subject, secret: str | None) -> pl.Series:
    if secret is not None and secret.startswith(_MARK):
        raise ProtectionError(
            "the keys were made with a secret, which is not written down; give it: secret=…"
        )
    if subject.declaration.unit is None:
        raise ProtectionError(
            "without a unit column nobody can be told apart, so that no keys can be made of "
            'people; name a column that has them: record_key="…"'
        )
    known = persons.unique()
    table = pl.DataFrame({PERSON: known, "key": record_keys(known, secret)})
    joined = persons.to_frame().join(table, on=PERSON, how="left", maintain_order="left")
    return joined["key"]


def _recorded(subject: Subject, record_key: str) -> pl.DataFrame:
    """The keys that the data have, seen to be keys: whole, in their range, one a person."""
    column = pl.col(record_key)
    asked = [
        column.min().alias("key"),
        column.max().alias("greatest"),
        column.null_count().alias("missing"),
    ]
    found = people(subject, asked, [record_key])
    if not found["key"].dtype.is_integer():
        raise ProtectionError(
            f'record keys are whole numbers, but "{record_key}" is {found["key"].dtype}'
        )
    if found["missing"].sum():
        raise ProtectionError(f'the record key "{record_key}" is missing in some rows')
    if ((found["key"] < 0) | (found["greatest"] > MOST_KEY)).any():
        raise ProtectionError(
            f'record keys are from 0 to {KEYS - 1} (or {MOST_KEY}), which "{record_key}" is not'
        )
    one_each = found.group_by(PERSON).agg(pl.col("key").min(), pl.col("greatest").max())
    if (one_each["key"] != one_each["greatest"]).any():
        raise ProtectionError(f'somebody has several record keys in "{record_key}"')
    _refuse_few_keys(one_each["key"], record_key)
    return found.with_columns(pl.col("key").cast(pl.Int64))


def _refuse_few_keys(keys: pl.Series, record_key: str) -> None:
    """Keys that are mostly the same change every count in a way that a reader can guess."""
    if len(keys) >= _ENOUGH_PEOPLE and 4 * keys.n_unique() < min(len(keys), KEYS):
        raise ProtectionError(
            f'the record key "{record_key}" has too few different values to be random; name a '
            "column of random keys, or leave record_key out"
        )


def _origins(
    ptable: PTable, shown: np.ndarray, withheld: np.ndarray, threshold: int
) -> tuple[np.ndarray, np.ndarray]:
    """What each cell's count can have been for somebody who knows the p-table and no keys."""
    below = np.zeros(len(shown))
    above = np.zeros(len(shown))
    for value in np.unique(shown[~withheld]):
        origins = ptable.origins(int(value))
        assert origins is not None  # the truth is one of them
        same = (shown == value) & ~withheld
        below[same], above[same] = origins
    hidden = ptable.origins_below(threshold)
    if hidden is not None:
        below[withheld], above[withheld] = hidden
    return below, above


def _note(ptable: PTable, threshold: int) -> str:
    most = int(np.abs(ptable.noise).max())
    withheld = f"; counts below {threshold} are withheld after that" if threshold > 1 else ""
    return (
        f"Counts are changed by up to {most} by cell keys with the p-table {ptable.name}, the same "
        f"people always in the same way{withheld}. They need not add up to their margins."
    )


def fingerprint(secret: str) -> str:
    """What a declaration says of a secret: slow on purpose, for whoever would guess; once only."""
    if secret.startswith(_MARK):
        return secret
    slow = hashlib.scrypt(secret.encode(), salt=b"output-checks", n=2**14, r=8, p=1, dklen=16)
    return _MARK + slow.hex()
