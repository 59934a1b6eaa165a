"""P-tables: which noise a count gets for which cell key, as ONS writes them down.

Sources: ONS, cell key perturbation (method specification); Marley & Leaver (2011), A method for
confidentialising user-defined tables, for the table of greatest entropy.
"""

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Self

import numpy as np
import polars as pl
from polars.exceptions import PolarsError

from output_checks.errors import ProtectionError, UnreadableDataError
from output_checks.protect.entropy import dealt

LAST = 750
"""Counts up to this have a row of their own; above it the last 250 rows are used in turn."""
_TURN = 250
KEYS = 256
_COLUMNS = ("pcv", "ckey", "pvalue")
_RULE = re.compile(r"(\d{1,3})-(\d{1,3})")
_ENTROPY = re.compile(r"maximum-entropy (\d{1,2}) (\d{1,3}(?:\.\d{1,6})?) (\d{1,2})")
_KNOWN = '"10-5" (a threshold and a base) or "maximum-entropy 5 3 0" (most, variance, hidden)'


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PTable:
    """Noise by count and cell key.

    name: what a declaration calls it. noise: whole numbers, one row for each count from 1 to 750,
    one column for each cell key from 0. A count of 0 has no noise.
    """

    name: str
    noise: np.ndarray

    @property
    def keys(self) -> int:
        """Number of cell keys."""
        return self.noise.shape[1]

    @classmethod
    def of(cls, ptable: Any) -> "PTable":
        """A p-table itself, one by name, or one read from a path.

        Raises ProtectionError for a name that is not understood, UnreadableDataError.
        """
        if isinstance(ptable, PTable):
            return ptable
        return cls.read(ptable) if isinstance(ptable, Path) else cls.named(ptable)

    @classmethod
    def named(cls, name: str) -> "PTable":
        """The p-table that a declaration names: "10-5", "maximum-entropy 5 3 0".

        Raises ProtectionError for any other name.
        """
        if not isinstance(name, str):
            raise ProtectionError(f"a p-table is named by a text, not {name!r}")
        if name.startswith("sha256:"):
            raise ProtectionError(
                f"the p-table {name} was read from a file, which is not at hand here; give it "
                "with ptable=PTable.read(path)"
            )
        rule, entropy = _RULE.fullmatch(name), _ENTROPY.fullmatch(name)
        if rule:
            return cls.rule(int(rule[1]), int(rule[2]))
        if entropy:
            return cls.maximum_entropy(int(entropy[1]), float(entropy[2]), int(entropy[3]))
        raise ProtectionError(f'unknown p-table "{name}"; known: {_KNOWN}')

    @classmethod
    def rule(cls, threshold: int, base: int) -> "PTable":
        """No chance in it: counts below a threshold become 0, others the nearest multiple.

        "10-5" is the table that ONS ships as its example; halves are rounded up.
        """
        if threshold < 1 or base < 1:
            raise ProtectionError("a threshold-base p-table needs numbers of at least 1")
        return _rule(threshold, base)

    @classmethod
    def maximum_entropy(
        cls, most: int = 5, variance: float = 3.0, hidden: int = 0, keys: int = KEYS
    ) -> "PTable":
        """Noise without bias, of a fixed variance, and otherwise as uncertain as it can be.

        most: noise is between -most and most. hidden: counts from 1 to this are never shown.
        Raises ProtectionError where no noise has these properties.
        """
        if most < 1 or keys < 2 or not 0 < variance < np.inf or not 0 <= hidden < most:
            raise ProtectionError(
                "a p-table of greatest entropy needs most >= 1, variance > 0, hidden from 0 to "
                f"below most, not most={most!r}, variance={variance!r}, hidden={hidden!r}"
            )
        return _maximum_entropy(most, float(variance), hidden, keys)

    @classmethod
    def read(cls, path: str | Path) -> Self:
        """Read the columns pcv, ckey and pvalue of a CSV file, strictly.

        Every pcv from 1 to 750 needs every ckey from 0 up to the same greatest one, once.
        Raises UnreadableDataError where anything else is in it.
        """
        try:
            text = Path(path).read_bytes()
            frame = pl.read_csv(text, infer_schema=False)
        except (OSError, PolarsError) as error:
            reason = str(error).splitlines()[0]
            raise UnreadableDataError(f"the p-table {path} cannot be read: {reason}") from error
        noise = _square(frame, str(path))
        return cls(name=f"sha256:{hashlib.sha256(text).hexdigest()}", noise=noise)

    def rows(self, counts: np.ndarray) -> np.ndarray:
        """Which row of the table each count looks in (pcv, minus 1); counts of at least 1."""
        return np.where(counts <= LAST, counts, (counts - 1) % _TURN + LAST - _TURN + 1) - 1

    def perturbed(self, counts: np.ndarray, cell_keys: np.ndarray) -> np.ndarray:
        """Counts with their noise; 0 stays 0."""
        rows = self.rows(np.maximum(counts, 1))
        return np.where(counts > 0, counts + self.noise[rows, cell_keys % self.keys], 0)

    def origins(self, shown: int) -> tuple[int, int] | None:
        """The least and greatest count that some cell key turns into `shown`."""
        least = max(shown - int(self.noise.max()), 0)
        return self._between(least, shown - int(self.noise.min()), shown, shown)

    def origins_below(self, threshold: int) -> tuple[int, int] | None:
        """The least and greatest count that some cell key turns into less than `threshold`."""
        most = threshold - int(self.noise.min())
        return self._between(0, max(most, 0), -np.inf, threshold - 1)

    def _between(self, least: int, most: int, lower: float, upper: float) -> tuple[int, int] | None:
        counts = np.arange(least, most + 1)
        results = counts[:, None] + self.noise[self.rows(np.maximum(counts, 1))]
        results = np.where(counts[:, None] > 0, results, 0)
        possible = counts[((results >= lower) & (results <= upper)).any(axis=1)]
        return (int(possible[0]), int(possible[-1])) if len(possible) else None


@cache
def _rule(threshold: int, base: int) -> PTable:
    # The last 250 rows stand for greater counts too, which must have the same remainder.
    if _TURN % base:
        raise ProtectionError(f"the base of a p-table must divide {_TURN}, which {base} does not")
    counts = np.arange(1, LAST + 1)
    nearest = (counts + base // 2) // base * base
    noise = np.where(counts < threshold, 0, nearest) - counts
    return PTable(name=f"{threshold}-{base}", noise=_frozen(np.repeat(noise[:, None], KEYS, 1)))


@cache
def _maximum_entropy(most: int, variance: float, hidden: int, keys: int) -> PTable:
    noise = np.empty((LAST, keys), dtype=np.int64)
    free = most + hidden  # from here on every noise is allowed
    for count in range(1, LAST + 1):
        row = dealt(min(count, free + 1), most, variance, hidden, keys)
        # Turned from row to row, so that one more person with the key 0 changes the noise too.
        noise[count - 1] = np.roll(row, 97 * count % keys)
    return PTable(name=f"maximum-entropy {most} {variance:g} {hidden}", noise=_frozen(noise))


def _frozen(noise: np.ndarray) -> np.ndarray:
    noise.flags.writeable = False
    return noise


def _square(frame: pl.DataFrame, where: str) -> np.ndarray:
    if sorted(frame.columns) != sorted(_COLUMNS):
        raise UnreadableDataError(
            f"the p-table {where} must have the columns pcv, ckey and pvalue, not "
            f"{', '.join(frame.columns)}"
        )
    try:
        numbers = frame.select(pl.col(_COLUMNS).str.strip_chars().cast(pl.Int64))
    except PolarsError as error:
        raise UnreadableDataError(
            f"the p-table {where} must hold whole numbers only: {str(error).splitlines()[0]}"
        ) from error
    if sum(numbers.null_count().row(0)):
        raise UnreadableDataError(f"the p-table {where} has an empty field")
    numbers = numbers.sort("pcv", "ckey")
    keys = numbers.height // LAST
    expected = (np.repeat(np.arange(1, LAST + 1), keys), np.tile(np.arange(keys), LAST))
    if numbers.height != keys * LAST or any(
        (numbers[name].to_numpy() != one).any()
        for name, one in zip(_COLUMNS[:2], expected, strict=True)
    ):
        raise UnreadableDataError(
            f"the p-table {where} must have every pcv from 1 to {LAST} with every ckey from 0 up "
            "to the same greatest one, once"
        )
    noise = numbers["pvalue"].to_numpy().reshape(LAST, keys)
    if (np.arange(1, LAST + 1)[:, None] + noise < 0).any():
        raise UnreadableDataError(f"the p-table {where} makes a count negative")
    return _frozen(noise.astype(np.int64))
