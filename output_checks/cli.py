"""The command `output-checks`.

Exit status: 0 pass or done, 1 needs a person's review, 2 fail (disclosive), 3 the command could
not be carried out; the message is then on stderr, and nothing is half-written.
"""

import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from rich.console import Console
from rich.table import Column
from rich.table import Table as RichTable
from typer._click.exceptions import ClickException  # typer brings its own click

from output_checks.data import Data
from output_checks.errors import OutputCheckError, ProtectionError, UnreadableDataError
from output_checks.finding import Report
from output_checks.policy import SETTINGS, Policy, policies
from output_checks.readers import check_file
from output_checks.readers.regular import read_regular
from output_checks.readers.tidy import PublishedTable, read_csv_rows, read_published
from output_checks.rules.threshold import is_wide
from output_checks.show.console import report_head, report_lines
from output_checks.table import Table
from output_checks.words import Verdict

EXIT = {Verdict.PASS: 0, Verdict.REVIEW: 1, Verdict.FAIL: 2}
NOT_DONE = 3
_STATES = (None, *EXIT.values())

app = typer.Typer(
    help="Check and protect outputs of sensitive data.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
_JSON = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
_POLICY = Annotated[str, typer.Option(help="A policy's name, names joined by +, or a .toml file.")]


def main() -> None:
    """Run the command; every way of not being carried out is exit status 3."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run the command with these arguments and return its exit status."""
    try:
        status = app(args=list(arguments), prog_name="output-checks", standalone_mode=False)
    except ClickException as error:
        return _say(error.format_message())
    except (OutputCheckError, OSError) as error:
        return _say(str(error))
    return int(status or 0) if status in _STATES else _say("stopped")


def _say(message: str) -> int:
    Console(stderr=True, soft_wrap=True).print(f"output-checks: {message}", markup=False)
    return NOT_DONE


@app.command()
def table(  # noqa: PLR0913 - the question has as many parts
    data: Annotated[Path, typer.Argument(help="A Parquet or CSV file.")],
    *,
    rows: Annotated[list[str], typer.Option(help="A dimension on the rows; may be repeated.")],
    columns: Annotated[list[str], typer.Option(help="A dimension on the columns.")] = [],  # noqa: B006
    statistic: Annotated[str, typer.Option(help="count, mean or sum.")] = "count",
    of: Annotated[str | None, typer.Option(help="The variable of a mean or a sum.")] = None,
    where: Annotated[str | None, typer.Option(help="An SQL condition.")] = None,
    derive: Annotated[list[str], typer.Option(help="name=SQL; may be repeated.")] = [],  # noqa: B006
    unit: Annotated[str | None, typer.Option(help="The column that tells people apart.")] = None,
    policy: _POLICY = "srs",
    protect: Annotated[str | None, typer.Option(help="suppress, round or noise.")] = None,
    base: Annotated[int | None, typer.Option(help="The base that counts are rounded to.")] = None,
    epsilon: Annotated[float | None, typer.Option(help="For noise; spent at once.")] = None,
    margins: Annotated[bool, typer.Option(help="Show totals at every level.")] = True,
    as_json: _JSON = False,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Where to write it: .csv, .json, .html.")
    ] = None,
) -> int:
    """Make a table, judge it, and protect it where asked."""
    made = Data.read(data, unit=unit).table(
        _split(rows),
        _split(columns),
        statistic=statistic,
        of=of,
        where=where,
        derive=_derived(derive),
        margins=margins,
        policy=policy,
    )
    if protect is not None:
        made = made.protect(protect, **_options(protect, base, epsilon))
    if output is not None:
        _write(output, made)
    if as_json:
        _print_json(made.report().to_dict())
    else:
        Console().print(made)
    return EXIT[made.report().verdict]


def _split(names: list[str]) -> list[str]:
    return [part for name in names for part in name.split(",")]


def _derived(texts: list[str]) -> dict[str, str]:
    derived = {}
    for text in texts:
        name, sign, expression = text.partition("=")
        if not sign or not name.strip():
            raise OutputCheckError(f"--derive takes name=SQL, not {text!r}")
        derived[name.strip()] = expression.strip()
    return derived


def _options(method: str, base: int | None, epsilon: float | None) -> dict[str, Any]:
    options: dict[str, Any] = {} if base is None else {"base": base}
    if method == "noise":
        if epsilon is None:
            raise ProtectionError("noise needs --epsilon")
        from diffprivlib import BudgetAccountant  # noqa: PLC0415 - slow to import

        return {**options, "epsilon": epsilon, "accountant": BudgetAccountant(epsilon=epsilon)}
    if epsilon is not None:
        raise ProtectionError("--epsilon is for noise only")
    return options


def _write(path: Path, made: Table) -> None:
    """Write a whole file or none."""
    kinds = {
        ".csv": made.to_csv,
        ".html": made._repr_html_,
        ".json": lambda: json.dumps(made.report().to_dict(), ensure_ascii=False, indent=2),
    }
    if path.suffix.lower() not in kinds:
        raise OutputCheckError(f"-o writes .csv, .json or .html, not {path.name!r}")
    content = kinds[path.suffix.lower()]()
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", dir=path.parent, prefix=f".{path.name}.", delete=False
    ) as file:
        try:
            file.write(content)
            file.close()
            Path(file.name).chmod(0o644)
            Path(file.name).replace(path)
        except OSError:
            Path(file.name).unlink(missing_ok=True)
            raise


@app.command()
def intervals(
    published: Annotated[Path, typer.Argument(metavar="TABLE", help="A published table (CSV).")],
    *,
    policy: _POLICY = "srs",
    as_json: _JSON = False,
) -> int:
    """Say what can still be worked out of a published table's withheld cells.

    Where "exact" is false the search was given up: the interval is then wider than what can be
    worked out, and the cell only counts as safe where that could be shown nevertheless.
    """
    chosen = Policy.of(policy)
    table = _published(published)
    found = table.intervals()
    rows = []
    verdict = Verdict.PASS
    for cell in np.flatnonzero(np.isnan(table.values.reshape(-1))):
        safe = table.is_counts and is_wide(found.lower[cell], found.upper[cell], chosen.threshold)
        verdict = verdict if safe else Verdict.FAIL
        rows.append(
            {
                **table.place(int(cell)),
                "lower": _finite(found.floor[cell]),
                "upper": _finite(found.ceiling[cell]),
                "exact": found.is_exact(int(cell)),
                "safe": bool(safe),
            }
        )
    if as_json:
        policy_said = {"name": chosen.name, "hash": chosen.hash}
        _print_json({"verdict": str(verdict), "intervals": rows, "policy": policy_said})
    else:
        _print_rows(rows, "No cell is withheld.")
    return EXIT[verdict]


def _published(path: Path) -> PublishedTable:
    try:
        rows = read_csv_rows(read_regular(path).decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise UnreadableDataError(f"{path.name} is not a text in UTF-8") from error
    table = read_published(rows)
    if table is None:
        raise UnreadableDataError(
            f"{path.name} is no table: it needs dimensions and a column `value`, or labels in the "
            "first column and numbers in the others, every combination once"
        )
    return table


def _finite(value: float) -> float | int | None:
    if not np.isfinite(value):
        return None
    return int(value) if value == int(value) else float(value)


@app.command()
def file(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH…", help="Files to be released.")],
    *,
    policy: _POLICY = "srs",
    as_json: _JSON = False,
) -> int:
    """Judge files that were made elsewhere; at best they go to a person."""
    reports = {str(path): check_file(path, policy=policy) for path in paths}
    verdict = Verdict.worst(report.verdict for report in reports.values())
    if as_json:
        listed = [{"file": path, **one.to_dict()} for path, one in reports.items()]
        _print_json({"verdict": str(verdict), "files": listed})
    else:
        for path, report in reports.items():
            _print_report(path, report)
    return EXIT[verdict]


@app.command(name="policies")
def list_policies(*, as_json: _JSON = False) -> int:
    """List the policies with their values and sources."""
    known = [Policy.named(name) for name in policies()]
    rows = [
        {"name": one.name, "title": one.title, "hash": one.hash}
        | {
            name: {"value": _plain(getattr(one, name)), "source": one.sources[name]}
            for name in SETTINGS
        }
        for one in known
    ]
    if as_json:
        _print_json(rows)
        return 0
    drawn = RichTable(Column("setting", no_wrap=True), *[one.name for one in known])
    for name in SETTINGS:
        drawn.add_row(name, *[str(_plain(getattr(one, name))) for one in known])
    Console().print(drawn)
    return 0


def _plain(value: Any) -> Any:
    if isinstance(value, Verdict):
        return str(value)
    return "never" if value == float("inf") else value


def _print_json(content: Any) -> None:
    sys.stdout.write(json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False) + "\n")


def _print_report(path: str, report: Report) -> None:
    console = Console()
    console.print(path, style="bold", markup=False)
    console.print(report_head(report), *report_lines(report), sep="\n")


def _print_rows(rows: list[dict[str, Any]], otherwise: str) -> None:
    if not rows:
        Console().print(otherwise)
        return
    drawn = RichTable(*rows[0])
    for row in rows:
        drawn.add_row(*("any" if value is None else str(value) for value in row.values()))
    Console().print(drawn)


if __name__ == "__main__":
    main()
