"""What a table is asked for on the command line: the question, and how it is to be protected."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer

from output_checks.cli.reading import as_object, read_object, read_text
from output_checks.data import Data
from output_checks.errors import (
    OutputCheckError,
    ProtectionError,
    UnreadableDataError,
    unknown,
)
from output_checks.protect import METHODS
from output_checks.table import Table

_QUESTION = "The question"


def _option(text: str, *names: str, panel: str = _QUESTION, **more: Any) -> Any:
    return typer.Option(*names, help=text, rich_help_panel=panel, **more)


@dataclass(frozen=True, kw_only=True)
class Question:
    """Which table of which data."""

    data: Annotated[Path, typer.Argument(help="A Parquet or CSV file.")]
    rows: Annotated[list[str], _option("A dimension on the rows; repeat it, or use commas.")]
    columns: Annotated[list[str], _option("A dimension on the columns.")] = field(
        default_factory=list
    )
    statistic: Annotated[
        list[str],
        _option(
            "count, sum, mean, median, p1 to p99, min, max, mode, std, var, proportion, rate, "
            "ratio; several with commas.",
            show_default="count",
        ),
    ] = field(default_factory=lambda: ["count"])
    of: Annotated[str | None, _option("The variable of the statistic.")] = None
    per: Annotated[str | None, _option("What a rate or a ratio divides by.")] = None
    weight: Annotated[str | None, _option("A column with each person's weight.")] = None
    within: Annotated[
        str | None,
        _option('Dimensions that a proportion adds up in; "" for the whole table.'),
    ] = None
    times: Annotated[float, _option("Multiplies a proportion, rate or ratio.")] = 1
    where: Annotated[str | None, _option("An SQL condition.")] = None
    derive: Annotated[list[str], _option("name=SQL; may be repeated.")] = field(
        default_factory=list
    )
    hierarchy: Annotated[
        list[str],
        _option(
            "dimension=column,column (finer to coarser), or a JSON file: "
            "{dimension: {label: its group}}."
        ),
    ] = field(default_factory=list)
    merge: Annotated[Path | None, _option("A JSON file: {dimension: {label: new label}}.")] = None
    structural_zero: Annotated[
        list[str],
        _option("dimension=label,dimension=label of cells that nobody can be in; or as JSON."),
    ] = field(default_factory=list)
    margins: Annotated[bool, _option("Show totals at every level.")] = True
    unit: Annotated[str | None, _option("The column that tells people apart.")] = None
    policy: Annotated[str, _option("A policy's name, names joined by +, or a .toml file.")] = "srs"

    def files(self) -> list[Path | None]:
        """The files that are read for it."""
        hierarchies = (Path(text) for text in self.hierarchy if text.endswith(".json"))
        policies = (Path(self.policy),) if self.policy.endswith(".toml") else ()
        return [self.data, self.merge, *hierarchies, *policies]

    def table(self) -> Table:
        """Make the table. Raises a kind of OutputCheckError."""
        return Data.read(self.data, unit=self.unit).table(
            split(self.rows),
            split(self.columns),
            statistic=split(self.statistic),
            of=self.of,
            per=self.per,
            weight=self.weight,
            within=None if self.within is None else split([self.within]),
            times=self.times,
            where=self.where,
            derive=dict(named(text, "--derive", "name=SQL") for text in self.derive),
            hierarchies=_hierarchies(self.hierarchy),
            merges=None if self.merge is None else read_object(self.merge),
            structural_zeros=[_zero(text) for text in self.structural_zero],
            margins=self.margins,
            policy=self.policy,
        )


@dataclass(frozen=True, kw_only=True)
class Protecting:
    """How to protect it; an option that does not belong to the method is refused."""

    protect: Annotated[
        str | None,
        _option("suppress, round, midpoint, cell-key, noise or coarsen.", panel="Protection"),
    ] = None
    base: Annotated[
        int | None,
        _option("round, suppress: the base that counts are rounded to.", panel="Protection"),
    ] = None
    amounts: Annotated[
        str | None,
        _option(
            "round, suppress: the base that sums are rounded to, or auto; means, shares and ratios "
            "are then worked out of rounded parts.",
            panel="Protection",
        ),
    ] = None
    digits: Annotated[
        int | None,
        _option(
            "round, suppress with --amounts: significant figures of what is no count or sum.",
            panel="Protection",
        ),
    ] = None
    controlled: Annotated[
        bool | None,
        _option("round: so that cells still add up.", panel="Protection"),
    ] = None
    reviews: Annotated[
        bool | None,
        _option("suppress: also what a person would look at.", "--reviews", panel="Protection"),
    ] = None
    epsilon: Annotated[
        float | None, _option("noise: how much privacy may be lost.", panel="Protection")
    ] = None
    bounds: Annotated[
        str | None,
        _option("noise: least,greatest value of the variable.", panel="Protection"),
    ] = None
    categories: Annotated[
        str | None,
        _option(
            "noise: a file .json of {dimension: [labels]}, known without the data; or public: "
            "everybody may know which categories the data have.",
            panel="Protection",
        ),
    ] = None
    budget: Annotated[
        Path | None,
        _option(
            "noise: the file of a privacy budget to spend from (see `output-checks budget`); "
            "without it epsilon is spent once and forgotten.",
            panel="Protection",
        ),
    ] = None
    record_key: Annotated[
        str | None, _option("cell-key: the column with each person's key.", panel="Protection")
    ] = None
    secret: Annotated[
        Path | None,
        _option("cell-key: a file with the secret that keys are made with.", panel="Protection"),
    ] = None
    ptable: Annotated[
        str | None,
        _option("cell-key: the table of noise, its name or a .csv file.", panel="Protection"),
    ] = None
    along: Annotated[
        list[str],
        _option(
            "coarsen: dimension=order (neighbours), =rare or =hierarchy; others stay as they are.",
            panel="Protection",
        ),
    ] = field(default_factory=list)
    option: Annotated[
        list[str],
        _option("name=value: any other option of the method, a value as JSON.", panel="Protection"),
    ] = field(default_factory=list)

    def files(self) -> list[Path | None]:
        """The files that are read for it."""
        ptable = _ptable(self.ptable)
        named = self.categories if str(self.categories).endswith(".json") else None
        return [
            self.budget,
            self.secret,
            ptable if isinstance(ptable, Path) else None,
            None if named is None else Path(named),
        ]

    def applied(self, table: Table) -> Table:
        """The protected table, or the same where none is asked for.

        Raises ProtectionError, BudgetSpentError.
        """
        if self.protect is not None:
            known_method(self.protect)
        options = self.options()
        if self.protect is not None:
            return table.protect(self.protect, **options)
        if options:
            raise ProtectionError(f"--{next(iter(options)).replace('_', '-')} needs --protect")
        return table

    def options(self) -> dict[str, Any]:
        """What was given, by the names that methods have for it."""
        given: dict[str, Any] = {
            "base": self.base,
            "amounts": None if self.amounts is None else _amounts(self.amounts),
            "digits": self.digits,
            "controlled": self.controlled,
            "reviews": self.reviews,
            "epsilon": self.epsilon,
            "bounds": None if self.bounds is None else _bounds(self.bounds),
            "categories": _categories(self.categories),
            "record_key": self.record_key,
            "ptable": _ptable(self.ptable),
            "along": dict(named(text, "--along", "dimension=order") for text in self.along) or None,
            "secret": None if self.secret is None else _secret(self.secret),
        }
        options = {name: value for name, value in given.items() if value is not None}
        options |= dict(any_option(text) for text in self.option)
        if self.protect == "noise" or self.budget is not None:
            options["accountant"] = self._accountant()
        return options

    def _accountant(self) -> Any:
        from output_checks.protect.accounting import PrivacyBudget  # noqa: PLC0415 - seldom needed

        if self.budget is not None:
            return PrivacyBudget.open(self.budget)
        if self.epsilon is None:
            raise ProtectionError("noise needs --epsilon")
        return PrivacyBudget(self.epsilon)


def known_method(name: str) -> str:
    """The name of a protection. Raises ProtectionError for any other."""
    known = (*METHODS, "coarsen")
    if name not in known:
        raise ProtectionError(unknown("protection", name, known))
    return name


def split(names: list[str]) -> list[str]:
    """Names given one by one or with commas between them."""
    return [part.strip() for name in names for part in name.split(",") if part.strip()]


def named(text: str, option: str, shape: str) -> tuple[str, str]:
    """Take name=value apart. Raises OutputCheckError for anything else."""
    name, sign, value = text.partition("=")
    if not sign or not name.strip() or not value.strip():
        raise OutputCheckError(f"{option} takes {shape}, not {text!r}")
    return name.strip(), value.strip()


def _hierarchies(texts: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for text in texts:
        if text.endswith(".json"):
            found |= read_object(Path(text))
        else:
            name, columns = named(text, "--hierarchy", "dimension=column,column or FILE.json")
            found[name] = split([columns])
    return found


def _zero(text: str) -> dict[str, Any]:
    if text.lstrip().startswith("{"):
        return as_object(text, "--structural-zero")
    shape = "dimension=label,dimension=label"
    return dict(named(part, "--structural-zero", shape) for part in text.split(","))


def _bounds(text: str) -> tuple[float, float]:
    try:
        least, greatest = (float(part) for part in text.split(","))
    except ValueError as error:
        raise OutputCheckError(f"--bounds takes least,greatest, not {text!r}") from error
    return least, greatest


def _amounts(text: str) -> float | str:
    """A number where it is one; any other word is the method's to refuse."""
    try:
        return float(text)
    except ValueError:
        return text


def _secret(path: Path) -> str:
    """What a file holds; what was given is not said again, since it may be the secret itself."""
    if not path.is_file():
        raise UnreadableDataError(
            "--secret takes the path of a file that holds the secret, not the secret itself; "
            "there is no such file"
        )
    return read_text(path).strip()


def _categories(text: str | None) -> Any:
    return read_object(Path(text)) if text is not None and text.endswith(".json") else text


def _ptable(text: str | None) -> str | Path | None:
    return Path(text) if text is not None and text.endswith(".csv") else text


def any_option(text: str) -> tuple[str, Any]:
    """name=value: the value as JSON where it is, else as the text that it is."""
    name, value = named(text, "--option", "name=value")
    try:
        return name.replace("-", "_"), json.loads(value)
    except json.JSONDecodeError:
        return name.replace("-", "_"), value
