"""The matcher's experience: how often identifiers agree, learnt from linkages large enough to tell.

A linkage of a few dozen people cannot teach a model. What is written here counts as much as
`OF_MATCHES` pairs of one person, `OF_OTHERS` pairs of two people and, for how common a value is,
`OF_RECORDS` records, on top of what the files themselves show: next to nothing in a large
linkage, nearly everything in a tiny one.
"""

from dataclasses import dataclass

OF_MATCHES, OF_OTHERS, OF_RECORDS = 100.0, 2_000.0, 200.0
"""What the experience counts as: pairs of one person, pairs of two, and records."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """How often a comparison comes out so: m among pairs of one person, u among other pairs."""

    m: float
    u: float


def _levels(names: tuple[str, ...], *values: tuple[float, float]) -> dict[str, Level]:
    return {name: Level(m=m, u=u) for name, (m, u) in zip(names, values, strict=True)}


EXPERIENCE: dict[str, dict[str, Level]] = {
    "first_name": _levels(
        ("exact", "swapped", "close", "alike", "start", "other"),
        (0.862, 0.0028), (0.008, 0.00002), (0.055, 0.0006), (0.04, 0.0044), (0.006, 0.015),
        (0.029, 0.97718),
    ),
    "last_name": _levels(
        ("exact", "swapped", "close", "alike", "other"),
        (0.895, 0.002), (0.008, 0.00002), (0.043, 0.0003), (0.016, 0.0024), (0.038, 0.99528),
    ),
    "birth_date": _levels(
        ("exact", "swapped", "one_digit", "near", "other"),
        (0.978, 0.00011), (0.002, 0.00003), (0.008, 0.0027), (0.004, 0.0049), (0.008, 0.99226),
    ),
    "postcode": _levels(
        ("exact", "one_character", "district", "other"),
        (0.758, 0.0001), (0.018, 0.0022), (0.021, 0.027), (0.203, 0.9707),
    ),
    "sex": _levels(("exact", "other"), (0.995, 0.5), (0.005, 0.5)),
    "nhs_number": _levels(
        ("exact", "one_slip", "other"),
        (0.99, 0.0000001), (0.004, 0.000001), (0.006, 0.9999989),
    ),
}  # fmt: skip
"""Origin: names, date of birth and postcode are the averages that expectation maximisation (m)
and random pairs (u) gave on CRIS against the NPD, worlds of 200,000 people, seeds 1 and 2, at
the registers' default errors; the u of swapped names is too rare to be measured there and is the
product of the chance of two names. Sex: m assumed, u two halves. NHS number: assumed, since who
agrees on it is linked before the model; at most one record in a hundred has another one's.
"""
