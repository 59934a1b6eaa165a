"""The linkage model: how two records are compared, and which pairs are compared at all."""

from typing import Any

from splink import SettingsCreator
from splink import comparison_level_library as level
from splink import comparison_library as comparison
from splink.blocking_rule_library import CustomRule

from tre.safe_data.linking.experience import EXPERIENCE

COMPARED = {
    "first_name": "first_name",
    "last_name": "last_name",
    "date_of_birth": "birth_date",
    "postcode": "postcode",
    "nhs_number": "nhs_number",
    "sex": "sex",
}
"""What each identifier is called once it is made comparable; an order that never changes."""

_SWAPPED_NAMES = "first_name_l = last_name_r and last_name_l = first_name_r"
_SWAPPED_DATE = (
    "substr(birth_date_l, 1, 4) = substr(birth_date_r, 1, 4) and "
    "substr(birth_date_l, 5, 2) = substr(birth_date_r, 7, 2) and "
    "substr(birth_date_l, 7, 2) = substr(birth_date_r, 5, 2)"
)
RARITY = ("first_name", "last_name", "date_of_birth", "postcode")
"""Of these a rare value that agrees says more than a common one (term frequencies)."""
_CLOSE, _ALIKE = 0.92, 0.82
"""Jaro-Winkler similarities of names, 0 to 1: a slip, and another spelling of the name."""


def settings(identifiers: tuple[str, ...]) -> Any:
    """What splink is told: comparisons with their levels, and the blocking rules.

    identifiers: those that both files have. Only pairs of which both records are `open`, that is
    not linked for certain, are to be scored.
    """
    return SettingsCreator(
        link_type="link_only",
        unique_id_column_name="record",
        comparisons=[_COMPARISONS[name](identifiers) for name in COMPARED if name in identifiers],
        blocking_rules_to_generate_predictions=_pairs(identifiers),
        retain_matching_columns=True,  # or splink keeps no comparison, and draws no waterfall
        retain_intermediate_calculation_columns=True,
        max_iterations=30,
        linker_uid="tre",
    )


def _among_open(*columns: str) -> Any:
    same = " and ".join(
        column.format(side="l") + " = " + column.format(side="r") for column in columns
    )
    return CustomRule(f"{same} and l.open and r.open")


_FIRST, _LAST, _BORN = "{side}.first_name", "{side}.last_name", "{side}.birth_date"
_POSTCODE, _DISTRICT, _NHS = "{side}.postcode", "{side}.district", "{side}.nhs_number"
_FIRST_TWO, _LAST_TWO = "substr({side}.first_name, 1, 2)", "substr({side}.last_name, 1, 2)"
_FIRST_ONE = "substr({side}.first_name, 1, 1)"
_YEAR, _MONTH = "substr({side}.birth_date, 1, 4)", "substr({side}.birth_date, 1, 6)"
_NEEDS = {
    _FIRST: "first_name", _FIRST_TWO: "first_name", _FIRST_ONE: "first_name",
    _LAST: "last_name", _LAST_TWO: "last_name",
    _BORN: "date_of_birth", _YEAR: "date_of_birth", _MONTH: "date_of_birth",
    _POSTCODE: "postcode", _DISTRICT: "postcode", _NHS: "nhs_number",
}  # fmt: skip
_BLOCKS = (
    (_NHS,),
    (_BORN, _FIRST_TWO),
    (_BORN, _LAST_TWO),
    (_BORN, _DISTRICT),
    (_FIRST, _LAST),
    (_POSTCODE, _FIRST),
    (_POSTCODE, _LAST, _YEAR),
    (_LAST, _FIRST_ONE, _MONTH),
    (_LAST, _FIRST_ONE, _DISTRICT),
    (_FIRST, _DISTRICT, _YEAR),
)


def _pairs(identifiers: tuple[str, ...]) -> list[Any]:
    """Tight blocks: whoever shares none of them could not be told from a stranger anyway."""
    usable = [block for block in _BLOCKS if all(_NEEDS[part] in identifiers for part in block)]
    rules = [_among_open(*block) for block in usable]
    if {"first_name", "last_name"} <= set(identifiers):
        swapped = "l.first_name = r.last_name and l.last_name = r.first_name"
        rules.append(CustomRule(f"{swapped} and l.open and r.open"))
    return rules


def _level(made: Any, name: str, which: str) -> Any:
    """Give a level the experience of the matcher, as its starting point."""
    known = EXPERIENCE[name][which]
    return made.configure(m_probability=known.m, u_probability=known.u)


def _comparison(name: str, levels: dict[str, Any]) -> Any:
    made = [level.NullLevel(name), *(_level(each, name, key) for key, each in levels.items())]
    return comparison.CustomComparison(output_column_name=name, comparison_levels=made)


def _exact(name: str) -> Any:
    return level.ExactMatchLevel(name, term_frequency_adjustments=True)


def _name(column: str, identifiers: tuple[str, ...]) -> Any:
    both = {"first_name", "last_name"} <= set(identifiers)
    part = (
        f"least(length({column}_l), length({column}_r)) >= 3 and "
        f"(instr({column}_l, {column}_r) > 0 or instr({column}_r, {column}_l) > 0)"
    )
    alike = level.Or(level.JaroWinklerLevel(column, _ALIKE), level.CustomLevel(part, "a part"))
    levels = {
        "exact": _exact(column),
        "swapped": level.CustomLevel(
            _SWAPPED_NAMES if both else "1 = 0", "first and last name swapped"
        ),
        "close": level.JaroWinklerLevel(column, _CLOSE),
        "alike": alike.configure(label_for_charts="alike, or one a part of the other"),
        "start": level.CustomLevel(
            f"substr({column}_l, 1, 2) = substr({column}_r, 1, 2)", "the same two letters first"
        ),
        "other": level.ElseLevel(),
    }
    return _comparison(column, {key: levels[key] for key in EXPERIENCE[column]})


def _date_of_birth(_identifiers: tuple[str, ...]) -> Any:
    near = "abs(born_day_l - born_day_r) <= 31"
    return _comparison(
        "birth_date",
        {
            "exact": _exact("birth_date"),
            "swapped": level.CustomLevel(_SWAPPED_DATE, "day and month swapped"),
            "one_digit": level.DamerauLevenshteinLevel("birth_date", 1),
            "near": level.CustomLevel(near, "within 31 days"),
            "other": level.ElseLevel(),
        },
    )


def _postcode(_identifiers: tuple[str, ...]) -> Any:
    return _comparison(
        "postcode",
        {
            "exact": _exact("postcode"),
            "one_character": level.DamerauLevenshteinLevel("postcode", 1),
            "district": level.CustomLevel("district_l = district_r", "same district"),
            "other": level.ElseLevel(),
        },
    )


def _nhs_number(_identifiers: tuple[str, ...]) -> Any:
    return _comparison(
        "nhs_number",
        {
            "exact": level.ExactMatchLevel("nhs_number"),
            "one_slip": level.DamerauLevenshteinLevel("nhs_number", 1),
            "other": level.ElseLevel(),
        },
    )


def _sex(_identifiers: tuple[str, ...]) -> Any:
    return _comparison("sex", {"exact": level.ExactMatchLevel("sex"), "other": level.ElseLevel()})


_COMPARISONS = {
    "first_name": lambda identifiers: _name("first_name", identifiers),
    "last_name": lambda identifiers: _name("last_name", identifiers),
    "date_of_birth": _date_of_birth,
    "postcode": _postcode,
    "nhs_number": _nhs_number,
    "sex": _sex,
}


def learning_blocks(identifiers: tuple[str, ...], *, enough_numbers: bool) -> list[list[str]]:
    """Columns to agree on while m is learnt: so tight that most pairs are of one person.

    enough_numbers: enough pairs share an NHS number to learn everything else from them; and
    otherwise what one block fixes, another learns.
    """
    if enough_numbers:
        return [["nhs_number"]]
    blocks = {
        ("birth_date", "district"): {"date_of_birth", "postcode"},
        ("first_name", "last_name"): {"first_name", "last_name"},
    }
    return [list(block) for block, needs in blocks.items() if needs <= set(identifiers)]


def weight_columns(identifier: str) -> list[str]:
    """What splink calls the comparison of an identifier in a scored pair, and its weights (bits).

    The weight of a rare value is apart, in mw_tf_adj: how much more it says than a common one.
    """
    name = COMPARED[identifier]
    rare = [f"mw_tf_adj_{name}"] if identifier in RARITY else []
    return [f"gamma_{name}", f"mw_{name}", *rare]


def own_weights(columns: list[str]) -> list[str]:
    """Of the columns of scored pairs, the weights of what people born together do not share."""
    own = [each for name in ("first_name", "sex", "nhs_number") for each in weight_columns(name)]
    return [column for column in columns if column in own and not column.startswith("gamma_")]
