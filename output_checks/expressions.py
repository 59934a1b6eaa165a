"""SQL expressions in a declaration: read, and refused unless they look at one row at a time."""

import re
from collections.abc import Collection, Iterable, Mapping

import polars as pl
from polars.exceptions import PolarsError

from output_checks.errors import (
    DeclarationError,
    OutputCheckError,
    UnknownColumnError,
    UnreadableDataError,
    unknown,
)
from output_checks.whole_numbers import Computed, widened

NEVER_FAILING = frozenset(
    [
        "abs",
        "ceil",
        "ceiling",
        "floor",
        "round",
        "sign",
        "sqrt",
        "cbrt",
        "exp",
        "ln",
        "log",
        "log2",
        "log10",
        "log1p",
        "mod",
        "greatest",
        "least",
        "coalesce",
        "nullif",
        "ifnull",
        "if",
        "try_cast",
        "lower",
        "upper",
        "initcap",
        "length",
        "char_length",
        "character_length",
        "octet_length",
        "trim",
        "ltrim",
        "rtrim",
        "reverse",
        "starts_with",
        "ends_with",
        "concat",
        "concat_ws",
        "date_part",
        "extract",
    ]
)
"""Functions of a single row with an answer, or null, for every value of their kind."""
_MAY_FAIL = frozenset(
    [
        "pow",
        "power",
        "div",
        "cast",
        "left",
        "right",
        "substr",
        "substring",
        "replace",
        "strpos",
        "regexp_like",
        "strftime",
        "date",
        "decimal",
        "numeric",
        "varchar",
        "char",
        "float",
    ]
)
"""Functions of a single row that raise an error for some values, or where a text is cut."""
ROW_FUNCTIONS = NEVER_FAILING | _MAY_FAIL
"""Functions of a single row that polars knows; anything else may look at other people's rows."""

WORDS_BEFORE_A_BRACKET = frozenset(
    ["and", "or", "not", "in", "between", "like", "ilike", "is", "when", "then", "else", "case"]
)
_OF_THE_MOMENT = frozenset(
    ["current_date", "current_time", "current_timestamp", "localtime", "localtimestamp"]
)
"""Words of SQL for the time of day: what is made with them today, nobody makes again tomorrow."""
_TOKENS = re.compile(
    r"""(?P<comment>--|/\*)|(?P<text>'(?:[^']|'')*')|(?P<quoted>"(?:[^"]|"")*"|`[^`]*`)"""
    r"""|(?P<word>[^\W\d]\w*)|(?P<open>\()|(?P<space>\s+)|(?P<other>.)""",
    re.DOTALL,
)


def row_expression(text: str, columns: Iterable[str]) -> pl.Expr:
    """Read an SQL expression over `columns` that judges each row by itself.

    columns: with their kinds, whole numbers are computed as `widened` has it.
    Raises DeclarationError for text that is not one SQL expression, or one that looks at other
    rows (an average, a rank): its value would tell about people outside the cell; or at the clock,
    so that it could not be made again.
    Raises UnknownColumnError for a column that is not there.
    """
    _refuse_other_rows(text)
    try:
        expression = pl.sql_expr(text)
        used = expression.meta.root_names()
    except PolarsError as error:
        message = (
            f"the expression {text!r} cannot be read as SQL: {str(error).splitlines()[0]}; names "
            'of columns that are words of SQL or hold signs are written in quotes: "group"'
        )
        raise DeclarationError(message) from error
    known = list(columns)
    for name in used:
        if name not in known:
            raise UnknownColumnError(f"in {text!r}: " + unknown("column", name, known))
    return widened(expression, columns).expression if isinstance(columns, Mapping) else expression


def computed(text: str, columns: Mapping[str, pl.DataType]) -> Computed:
    """An expression as `row_expression` has it, and where its whole numbers are too large."""
    return widened(row_expression(text, list(columns)), columns)


def _refuse_other_rows(text: str) -> None:
    before = ""
    tokens = list(_TOKENS.finditer(text))
    quoted = {one.group()[1:-1] for one in tokens if one.lastgroup == "quoted"}
    refuse_patterns(sorted(quoted), f"in {text!r}", DeclarationError)
    for token in tokens:
        kind, written = str(token.lastgroup), token.group()
        if kind == "comment":
            raise DeclarationError(f"the expression {text!r} holds a comment; leave it out")
        if kind == "word" and written.lower() in {"over", "select"}:
            raise DeclarationError(f"the expression {text!r} may not use {written.upper()}")
        if kind == "word" and written.lower() in _OF_THE_MOMENT:
            raise DeclarationError(
                f"the expression {text!r} may not use {written.upper()}, since the same "
                "declaration would make another table at another time: write the day itself, "
                "DATE '2026-01-31'; a column of that name stands in quotes: "
                f'"{written}"'
            )
        if kind == "open" and before and before.lower() not in _MAY_STAND_BEFORE_A_BRACKET:
            raise DeclarationError(
                f"in {text!r}: "
                + unknown("function of a single row", before.strip('"`'), sorted(ROW_FUNCTIONS))
            )
        if kind != "space":
            before = written if kind in {"word", "quoted"} else ""


_MAY_STAND_BEFORE_A_BRACKET = ROW_FUNCTIONS | WORDS_BEFORE_A_BRACKET


def refuse_patterns(names: Iterable[str], what: str, error: type[OutputCheckError]) -> None:
    """Refuse names that polars takes for patterns: `^c$` is every column that fits, `*` is all.

    what: whose names these are, as a message begins.
    """
    for name in names:
        if name == "*" or (name.startswith("^") and name.endswith("$")):
            raise error(
                f'{what}: a column cannot be called "{name}", which stands for several columns; '
                f'rename it, for example to "{name.strip("^*$") or "all"}"'
            )


def prepare(
    frame: pl.LazyFrame, *, where: str, derive: Collection[tuple[str, str]], protected: str | None
) -> pl.LazyFrame:
    """Add the derived columns and keep the rows for which `where` is true.

    A row for which `where` is null is left out, as in SQL. protected: the unit column, which
    nothing may replace. Where a whole number would be too large, there is null, which
    `refuse_too_large` looks for.
    Raises DeclarationError for a derived name that is taken or a `where` that is no condition,
    and for names that are patterns of names.
    """
    refuse_patterns(frame.collect_schema().names(), "the data", UnreadableDataError)
    refuse_patterns((name for name, _ in derive), "derive", DeclarationError)
    for name, text in derive:
        columns = frame.collect_schema()
        if name in columns or name == protected:
            raise DeclarationError(f'derive: there is a column "{name}" already; choose a new name')
        frame = frame.with_columns(row_expression(text, columns).alias(name))
        _resolve(frame, text)
    if not where:
        return frame
    condition = row_expression(where, frame.collect_schema())
    kind = _resolve(frame.select(condition.alias("where")), where)["where"]
    if kind != pl.Boolean:
        raise DeclarationError(f"where: {where!r} gives {kind}, not true or false")
    return frame.filter(condition)


def _resolve(frame: pl.LazyFrame, text: str) -> pl.Schema:
    try:
        return frame.collect_schema()
    except PolarsError as error:
        message = f"the expression {text!r} does not fit the data: {str(error).splitlines()[0]}"
        raise DeclarationError(message) from error


def without_minus_zero(numbers: pl.Expr) -> pl.Expr:
    """Numbers with NaN missing and one zero: polars lets -0.0 + 0.0 be -0.0."""
    known = numbers.fill_nan(None)
    return pl.when(known == 0).then(known.abs()).otherwise(known)
