"""Whole numbers in expressions, computed so wide that the kind of a column changes no answer.

polars computes in the kinds that columns are stored in and begins again from below where a number
is too large for them: 20 - 50 of a column of UInt8 is 226. Here every step of arithmetic is done in
128 bits, which the sum or product of two numbers of 64 bits always fits in, and must then fit into
64 bits again.
"""

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl
from polars.exceptions import PolarsError

from output_checks.errors import DeclarationError

_WIDE, _KEPT = pl.Int128(), pl.Int64()
_NARROW = frozenset({pl.Int8, pl.Int16, pl.Int32, pl.UInt8, pl.UInt16, pl.UInt32})
_MOST = 2.0**63
_SIGNS = frozenset(["Plus", "Minus", "Multiply", "Mul", "FloorDivide", "IntDiv", "Modulus", "Rem"])
"""Of two whole numbers they make a whole number; as polars and its SQL call them."""
_OTHER_SIGNS = frozenset(
    [
        "TrueDivide",
        "Divide",
        "Div",
        "And",
        "Or",
        "Xor",
        "LogicalAnd",
        "LogicalOr",
        "Eq",
        "EqValidity",
        "NotEq",
        "NotEqValidity",
        "Lt",
        "LtEq",
        "Gt",
        "GtEq",
    ]
)
"""They make one that has decimals, or fits the kinds of the two, or none at all."""
_MARKS = ('"BinaryExpr"', '"Sql"', '"Abs"', '"Pow"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Computed:
    """An expression that is null where a whole number is too large, and where that is so.

    too_large: true for the rows in which a step of the arithmetic does not fit into 64 bits.
    """

    expression: pl.Expr
    too_large: tuple[pl.Expr, ...] = ()


def widened(expression: pl.Expr, schema: Mapping[str, pl.DataType]) -> Computed:
    """An expression whose whole numbers are computed in 128 bits, and are then Int64.

    Powers of a whole number are whole where the exponent is one that is written down; else they
    have decimals, as a quotient has. Expressions without arithmetic stay as they are.
    Raises DeclarationError for an expression that is nested too deeply to be looked through.
    """
    written = expression.meta.serialize(format="json")
    if not any(mark in written for mark in _MARKS):
        return Computed(expression=expression)
    walk = _Walk(schema)
    try:
        made = walk.rewritten(json.loads(written))
    except RecursionError as error:
        raise DeclarationError(
            "an expression is nested too deeply; derive parts of it as columns of their own"
        ) from error
    except PolarsError:
        return Computed(expression=expression)  # it does not fit the data, which polars tells
    if not walk.changed:
        return Computed(expression=expression)
    return Computed(expression=_expression(made), too_large=tuple(walk.too_large))


class _Walk:
    """One look through an expression's tree, from the leaves up.

    kinds: of the parts that were made here. changed: whether anything was.
    """

    def __init__(self, schema: Mapping[str, pl.DataType]) -> None:
        self.empty = pl.LazyFrame(schema=dict(schema))
        self.too_large: list[pl.Expr] = []
        self.changed = False

    def rewritten(self, node: Any) -> Any:
        """A part of the tree with all its arithmetic in wide numbers."""
        if isinstance(node, list):
            return [self.rewritten(one) for one in node]
        if not isinstance(node, dict):
            return node
        made = {key: self.rewritten(one) for key, one in node.items()}
        if "BinaryExpr" in made:
            return self._sign(made)
        if "Function" in made and isinstance(made["Function"], dict):
            return self._function(made)
        return made

    def _sign(self, node: dict[str, Any]) -> Any:
        inner = node["BinaryExpr"]
        if not _is_arithmetic(inner["op"]):
            return node

        def again(operands: list[Any]) -> Any:
            return {"BinaryExpr": inner | {"left": operands[0], "right": operands[1]}}

        return self._wide(node, [inner["left"], inner["right"]], again)

    def _function(self, node: dict[str, Any]) -> Any:
        inner = node["Function"]
        name = inner.get("function")

        def again(operands: list[Any]) -> Any:
            return {"Function": inner | {"input": operands}}

        if name == {"Pow": "Generic"}:
            return self._power(node, inner["input"])
        sql = name.get("Sql") if isinstance(name, dict) else None
        is_sign = isinstance(sql, dict) and "Binary" in sql and _is_arithmetic(sql["Binary"])
        return self._wide(node, inner["input"], again) if is_sign or name == "Abs" else node

    def _wide(self, node: Any, operands: list[Any], again: Callable[[list[Any]], Any]) -> Any:
        """The step in 128 bits, brought to 64, if it is one of whole numbers."""
        if not all(self._is_whole(one) for one in operands):
            return self._beside(node, operands, again)
        return self._kept(_expression(again([_node(_cast(one, _WIDE)) for one in operands])))

    def _beside(self, node: Any, operands: list[Any], again: Callable[[list[Any]], Any]) -> Any:
        """A step that is not of whole numbers alone: what it gives hangs on their kinds too."""
        narrow = [self._kind(one) in _NARROW and "Literal" not in one for one in operands]
        if not any(narrow):
            return node
        self.changed = True
        pairs = zip(operands, narrow, strict=True)
        return again([_node(_cast(one, _KEPT)) if is_narrow else one for one, is_narrow in pairs])

    def _power(self, node: Any, operands: list[Any]) -> Any:
        base, exponent = (_without_to_float(one) for one in operands)
        whole = [self._is_whole(one) for one in (base, exponent)]
        if not any(whole):
            return node
        as_float = _cast(base, pl.Float64()).pow(_cast(exponent, pl.Float64()))
        steps = exponent.get("Literal", {}).get("Dyn", {}).get("Int", -1)
        self.changed = True
        if not all(whole) or steps < 0:
            return _node(as_float)
        self.too_large.append(as_float.abs() >= _MOST)
        return _node(
            pl.when(as_float.abs() < _MOST)
            .then(_cast(base, _WIDE).pow(steps))
            .cast(_KEPT, strict=False)
        )

    def _kept(self, wide: pl.Expr) -> Any:
        kept = wide.cast(_KEPT, strict=False)
        self.too_large.append(wide.is_not_null() & kept.is_null())
        self.changed = True
        return _node(kept)

    def _is_whole(self, node: Any) -> bool:
        """Whether a part is of whole numbers; yes and no count as 1 and 0."""
        if "Int" in node.get("Literal", {}).get("Dyn", {}):
            return True
        kind = self._kind(node)
        return kind.is_integer() or kind == pl.Boolean

    def _kind(self, node: Any) -> pl.DataType:
        return self.empty.select(_expression(node).alias("")).collect_schema().dtypes()[0]


def _is_arithmetic(sign: str) -> bool:
    """Raises DeclarationError for a sign of which it is not known what it does to numbers."""
    if sign not in _SIGNS | _OTHER_SIGNS:
        raise DeclarationError(f"an expression uses the operation {sign}, which is not known here")
    return sign in _SIGNS


def _without_to_float(node: Any) -> Any:
    """What a power is made of: SQL's POW brings it to decimals, but for whole numbers."""
    inner = node.get("Function", {})
    return inner["input"][0] if inner.get("function") == {"Sql": "ToFloat"} else node


def _cast(node: Any, kind: pl.DataType) -> pl.Expr:
    return _expression(node).cast(kind)


def _expression(node: Any) -> pl.Expr:
    return pl.Expr.deserialize(io.StringIO(json.dumps(node)), format="json")


def _node(expression: pl.Expr) -> Any:
    return json.loads(expression.meta.serialize(format="json"))
