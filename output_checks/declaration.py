"""An output's declaration: everything that somebody else needs to make the same table again.

Data and SQL expressions, never code: it can be read by a person and run by the service.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from math import isfinite
from types import MappingProxyType
from typing import Any, Self

from output_checks.errors import DeclarationError, unknown
from output_checks.given import refuse_other, shown

Plain = str | int | float | bool | None
Hierarchy = Mapping[str, str] | tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """What a table is made of.

    dataset: the data's name. unit: the column that names the person, None for a row each.
    rows, columns: the dimensions. statistic: one name or several, see `statistics`; of: their
    variable; per: the denominator of a rate or ratio; weight: the column of the units' weights;
    within: the dimensions in whose categories a proportion of people adds up; times: what a
    proportion, rate or ratio is multiplied by.
    where: an SQL expression, "" for everybody; a row for which it is null is left out.
    derive: new columns as SQL expressions, in order. hierarchies: for a dimension, either
    {label: the group it is in} or the coarser columns of the data, finest first. merges: for a
    dimension, {label: what it is called in this table}. structural_zeros: cells that cannot have
    people in them, as {dimension: label}. protection: {"method": ..., options} or None.
    """

    dataset: str
    unit: str | None
    rows: tuple[str, ...]
    columns: tuple[str, ...] = ()
    statistic: str | tuple[str, ...] = "count"
    of: str | None = None
    per: str | None = None
    weight: str | None = None
    within: tuple[str, ...] | None = None
    times: float = 1
    where: str = ""
    derive: Mapping[str, str] = field(default_factory=dict)
    margins: bool = True
    hierarchies: Mapping[str, Hierarchy] = field(default_factory=dict)
    merges: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    structural_zeros: tuple[Mapping[str, Plain], ...] = ()
    policy: str = "srs"
    protection: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        for one in fields(self):
            kind, understood, _ = _KINDS[one.name]
            value = getattr(self, one.name)
            if not understood(_thawed(value)):
                raise DeclarationError(f'"{one.name}" must be {kind}, not {shown(value)}')

    @property
    def statistics(self) -> tuple[str, ...]:
        """The statistics' names, also where there is one."""
        return (self.statistic,) if isinstance(self.statistic, str) else self.statistic

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The dimensions, rows before columns."""
        return (*self.rows, *self.columns)

    def to_json(self) -> str:
        """The declaration as JSON, always in the same order."""
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        return json.dumps(_thawed(values), ensure_ascii=False, indent=2)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read a declaration strictly.

        Raises DeclarationError for text that is not a JSON object, for a key that is unknown,
        missing or twice there, and for a value of the wrong kind.
        """
        try:
            content = json.loads(text, object_pairs_hook=_no_key_twice)
        except (json.JSONDecodeError, RecursionError, TypeError) as error:
            raise DeclarationError(f"the declaration is not valid JSON: {error}") from error
        if not isinstance(content, dict):
            raise DeclarationError("a declaration is a JSON object: {…}")
        return cls.of_values(content)

    @classmethod
    def of_values(cls, content: Mapping[str, Any]) -> Self:
        """A declaration from plain values, read as strictly as one from JSON.

        Raises DeclarationError for a key that is unknown or missing, and for a value of the
        wrong kind.
        """
        refuse_other("a declaration", content, Mapping, "an object {…}", DeclarationError)
        for key in content:
            if key not in _KINDS:
                raise DeclarationError(unknown("key", key, _KINDS))
        for key in ("dataset", "unit", "rows"):
            if key not in content:
                raise DeclarationError(f'the declaration lacks "{key}"')
        return cls(**{key: _read(key, value) for key, value in content.items()})


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) != len(pairs):
        raise DeclarationError("a key is there twice: " + ", ".join(key for key, _ in pairs))
    return content


def _read(key: str, value: object) -> Any:
    kind, understood, read = _KINDS[key]
    if not understood(value):
        raise DeclarationError(f'"{key}" must be {kind}, not {shown(value)}')
    return read(value)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_text_or_null(value: object) -> bool:
    return value is None or isinstance(value, str)


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _is_expressions(value: object) -> bool:
    return isinstance(value, dict) and all(
        isinstance(name, str) and isinstance(one, str) for name, one in value.items()
    )


def _is_plain(value: object) -> bool:
    return isinstance(value, dict) and all(
        one is None or isinstance(one, str | int | float | bool) for one in value.values()
    )


def _is_names_or_null(value: object) -> bool:
    return value is None or _is_texts(value)


def _is_statistic(value: object) -> bool:
    return isinstance(value, str) or (_is_texts(value) and bool(value))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def _is_hierarchies(value: object) -> bool:
    return isinstance(value, dict) and all(
        one and (_is_texts(one) or _is_expressions(one)) for one in value.values()
    )


def _is_merges(value: object) -> bool:
    return isinstance(value, dict) and all(_is_expressions(one) for one in value.values())


def _is_zeros(value: object) -> bool:
    return isinstance(value, list) and all(_is_plain(one) and one for one in value)


def _is_truth(value: object) -> bool:
    return isinstance(value, bool)


def _is_protection(value: Any) -> bool:
    return value is None or (
        isinstance(value, dict)
        and isinstance(value.get("method"), str)
        and all(_is_plain({"": one}) or _is_listed(one) for one in value.values())
    )


def _is_listed(value: Any) -> bool:
    """A list of plain values, or {dimension: such a list}."""
    if isinstance(value, dict):
        return all(isinstance(one, list) and _is_listed(one) for one in value.values())
    return isinstance(value, list) and _is_plain(dict(enumerate(value)))


def _same(value: Any) -> Any:
    return value


def _frozen(value: Any) -> Any:
    return None if value is None else MappingProxyType(dict(value))


def _thawed(value: Any) -> Any:
    """Plain lists and dicts, as JSON is written from."""
    if isinstance(value, Mapping):
        return {key: _thawed(one) for key, one in value.items()}
    return [_thawed(one) for one in value] if isinstance(value, list | tuple) else value


def _deep_frozen(value: Any) -> Any:
    if isinstance(value, Mapping):
        return MappingProxyType({key: _deep_frozen(one) for key, one in value.items()})
    return tuple(_deep_frozen(one) for one in value) if isinstance(value, list | tuple) else value


def _all_frozen(value: Any) -> tuple[Mapping[str, Plain], ...]:
    return tuple(_frozen(one) for one in value)


_KINDS: Mapping[str, tuple[str, Callable[[Any], bool], Callable[[Any], Any]]] = MappingProxyType(
    {
        "dataset": ("a text", _is_text, _same),
        "unit": ("the name of a column or null", _is_text_or_null, _same),
        "rows": ("a list of column names", _is_texts, tuple),
        "columns": ("a list of column names", _is_texts, tuple),
        "statistic": ("the name of a statistic or a list of them", _is_statistic, _deep_frozen),
        "of": ("the name of a column or null", _is_text_or_null, _same),
        "per": ("the name of a column or null", _is_text_or_null, _same),
        "weight": ("the name of a column or null", _is_text_or_null, _same),
        "within": ("a list of dimensions or null", _is_names_or_null, _deep_frozen),
        "times": ("a number", _is_number, _same),
        "where": ("an SQL expression as a text", _is_text, _same),
        "derive": ("an object of SQL expressions", _is_expressions, _frozen),
        "margins": ("true or false", _is_truth, _same),
        "hierarchies": (
            "an object {dimension: {label: its group}} or {dimension: [coarser columns]}",
            _is_hierarchies,
            _deep_frozen,
        ),
        "merges": ("an object {dimension: {label: new label}}", _is_merges, _deep_frozen),
        "structural_zeros": ("a list of objects {dimension: label}", _is_zeros, _all_frozen),
        "policy": ("a text", _is_text, _same),
        "protection": ('null or an object with "method"', _is_protection, _deep_frozen),
    }
)
