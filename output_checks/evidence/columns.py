"""Names of the columns while evidence is gathered, and of the evidence that comes out."""

CELL = "cell of this row"
UNIT = "unit of this row"
NUMBER = "number of this row"
LABEL = "label of this row"
PER = "denominator of this row"
WEIGHT = "weight of this row"

COUNTS = (
    "units",
    "units_with_value",
    "records",
    "records_with_value",
    "negative",
    "positive",
    "numerator_units",
    "denominator_units",
    "lower_units",
    "weighing_units",
    "units_weighing",
)
"""Evidence in whole numbers of units or records; lower_units: with the lower of a variable's two
values; units_weighing: with a value and a weight."""

AMOUNTS = (
    "weight",
    "largest_weight",
    "second_largest_weight",
    "weight_with_value",
    "largest_weight_with_value",
    "second_largest_weight_with_value",
    "largest",
    "second_largest",
    "total_absolute",
    "largest_divisor",
    "second_largest_divisor",
    "total_divisor",
    "per_largest",
    "per_second_largest",
    "per_total_absolute",
)
"""Evidence in the unit of the variable, of the denominator or of the weight."""

TRUTHS = ("all_equal", "per_all_equal")
"""Evidence that is true or false."""


RARE = (
    "different_values",
    "units_with_rarest_value",
    "units_with_commonest_alone",
    "units_with_others",
    "units_off_steps",
)
OF_RARE_VALUES = tuple(f"{of}{one}" for of in ("", "per_", "weight_") for one in RARE)
"""Whole numbers about the rare values of the variable, the denominator, and with weights."""


def value_of(statistic: str) -> str:
    """The column of a statistic's value."""
    return f"value of {statistic}"
