"""Invented people to try things with: those of the tutorial, which shows how they are made."""

import random

import polars as pl

_REGIONS = {"Aldham": "North", "Birkwell": "North", "Carrow": "East", "Dunmere": "East"}
_DIAGNOSES = ("Anxiety", "Bipolar", "Depression", "Psychosis")


def example_people() -> pl.DataFrame:
    """Four hundred invented patients, a row each: the same whenever it is asked.

    Columns: `id`, `district` (four, in two of `region`), `sex` (F or M), `age` (years),
    `diagnosis`, `smoker` (true or false), `cost` (whole pounds), `weight` (of a survey).

    >>> example_people().select("id", "district", "age").row(0)
    (1, 'Carrow', 21)
    """
    draw = random.Random(5)  # noqa: S311 - nothing is kept secret by it
    rows = [
        {
            "id": number,
            "district": draw.choices(list(_REGIONS), (8, 2, 6, 4))[0],
            "sex": draw.choice(["F", "M"]),
            "age": 97 if number == 8 else draw.randint(18, 84),
            "diagnosis": draw.choices(_DIAGNOSES, (6, 2, 10, 1))[0],
            "smoker": draw.random() < 0.3,
            "cost": 250_000 if number == 7 else round(draw.lognormvariate(7, 0.8)),
            "weight": round(draw.uniform(0.5, 2), 2),
        }
        for number in range(1, 401)
    ]
    return pl.DataFrame(rows).with_columns(region=pl.col("district").replace_strict(_REGIONS))
