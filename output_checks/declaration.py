"""An output's declaration: everything that somebody else needs to make the same table again.

Data and SQL expressions, never code: it can be read by a person and run by the service.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any, Self

from output_checks.errors import DeclarationError, unknown

Plain = str | int | float | bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """What a table is made of.

    dataset: the data's name. unit: the column that names the person, None for a row each.
    rows, columns: the dimensions. statistic: count, mean or sum; of: its variable.
    where: an SQL expression, "" for everybody; a row for which it is null is left out.
    derive: new columns as SQL expressions, in order. structural_zeros: cells that cannot have
    people in them, as {dimension: label}. protection: {"method": ..., options} or None.
    """

    dataset: str
    unit: str | None
    rows: tuple[str, ...]
    columns: tuple[str, ...] = ()
    statistic: str = "count"
    of: str | None = None
    where: str = ""
    derive: Mapping[str, str] = field(default_factory=dict)
    margins: bool = True
    structural_zeros: tuple[Mapping[str, Plain], ...] = ()
    policy: str = "srs"
    protection: Mapping[str, Plain] | None = None

    def to_json(self) -> str:
        """The declaration as JSON, always in the same order."""
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        values["derive"] = dict(self.derive)
        values["structural_zeros"] = [dict(zero) for zero in self.structural_zeros]
        values["protection"] = None if self.protection is None else dict(self.protection)
        return json.dumps(values, ensure_ascii=False, indent=2)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read a declaration strictly.

        Raises DeclarationError for text that is not a JSON object, for a key that is unknown,
        missing or twice there, and for a value of the wrong kind.
        """
        try:
            content = json.loads(text, object_pairs_hook=_no_key_twice)
        except (json.JSONDecodeError, RecursionError) as error:
            raise DeclarationError(f"the declaration is not valid JSON: {error}") from error
        if not isinstance(content, dict):
            raise DeclarationError("a declaration is a JSON object: {…}")
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
        raise DeclarationError(f'"{key}" must be {kind}, not {value!r}')
    return read(value)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_text_or_null(value: object) -> bool:
    return value is None or isinstance(value, str)


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _is_expressions(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(one, str) for one in value.values())


def _is_plain(value: object) -> bool:
    return isinstance(value, dict) and all(
        one is None or isinstance(one, str | int | float | bool) for one in value.values()
    )


def _is_zeros(value: object) -> bool:
    return isinstance(value, list) and all(_is_plain(one) and one for one in value)


def _is_truth(value: object) -> bool:
    return isinstance(value, bool)


def _is_protection(value: Any) -> bool:
    return value is None or (
        _is_plain(value) and "method" in value and isinstance(value["method"], str)
    )


def _same(value: Any) -> Any:
    return value


def _frozen(value: Any) -> Any:
    return None if value is None else MappingProxyType(dict(value))


def _all_frozen(value: Any) -> tuple[Mapping[str, Plain], ...]:
    return tuple(_frozen(one) for one in value)


_KINDS: Mapping[str, tuple[str, Callable[[Any], bool], Callable[[Any], Any]]] = MappingProxyType(
    {
        "dataset": ("a text", _is_text, _same),
        "unit": ("the name of a column or null", _is_text_or_null, _same),
        "rows": ("a list of column names", _is_texts, tuple),
        "columns": ("a list of column names", _is_texts, tuple),
        "statistic": ("a text", _is_text, _same),
        "of": ("the name of a column or null", _is_text_or_null, _same),
        "where": ("an SQL expression as a text", _is_text, _same),
        "derive": ("an object of SQL expressions", _is_expressions, _frozen),
        "margins": ("true or false", _is_truth, _same),
        "structural_zeros": ("a list of objects {dimension: label}", _is_zeros, _all_frozen),
        "policy": ("a text", _is_text, _same),
        "protection": ('null or an object with "method"', _is_protection, _frozen),
    }
)
