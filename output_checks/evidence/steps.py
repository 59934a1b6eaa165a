"""Whether most values of a cell are whole steps apart and a few people's lie between.

Then the last digits of their sum are those of the few, whatever the others have: with incomes of
1,000,000 and 2,000,000 and one of 1,003,323 every sum ends in her 3,323.
"""

import numpy as np

_MOST_DIGITS = 9
_MOST_STEP = 2.0**53


def steps_of(values: np.ndarray) -> np.ndarray:
    """Numbers as whole numbers, of the last decimal digit that any of them has."""
    largest = np.abs(values).max(initial=0.0)
    scaled = np.rint(values)
    for digits in range(_MOST_DIGITS + 1):
        factor = 10.0**digits
        if largest * factor > _MOST_STEP:
            break
        scaled = np.rint(values * factor)
        if np.allclose(scaled, values * factor, rtol=0, atol=1e-6):
            break
    return np.clip(scaled, -_MOST_STEP, _MOST_STEP).astype(np.int64)


def apart(
    cells: np.ndarray, units: np.ndarray, records: np.ndarray, numbers: np.ndarray
) -> np.ndarray:
    """Which values are off the steps of the more frequent ones of their cell.

    One entry for every value of a cell: its cell, in order and the most frequent first; how many
    people have it; the value in steps. records: of every cell, by its number. A step is what all
    of the first values are apart (of one, what it is itself). It must be so long that even if
    every record of the cell had the least that values differ by, they would not add up to one;
    and what is off it is rarer than what is on it.
    """
    off = np.zeros(len(cells), dtype=bool)
    if not len(cells):
        return off
    starts = np.flatnonzero(np.r_[True, cells[1:] != cells[:-1]])
    ends = np.r_[starts[1:], len(cells)]
    every = records[cells[starts]]
    is_long = 2 * np.maximum.reduceat(np.abs(numbers), starts) > every
    for start, end, count in zip(starts[is_long], ends[is_long], every[is_long], strict=True):
        off[start:end] = _of_cell(units[start:end], int(count), numbers[start:end])
    return off


def _of_cell(units: np.ndarray, records: int, numbers: np.ndarray) -> np.ndarray:
    away = np.abs(numbers - numbers[0])
    common = np.gcd.accumulate(away)
    found = np.zeros(len(numbers), dtype=bool)
    step, least = abs(int(numbers[0])), int(np.gcd(common[-1], numbers[0]))
    for place in range(len(numbers)):
        if place:
            step, least = int(common[place]), int(common[-1])
        if place and step <= records * least:
            break
        off = away % step != 0 if step else found
        if step > records * least and off.any() and units[off].max() < units[place]:
            found = off
    return found
