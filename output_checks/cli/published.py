"""Judge what was made elsewhere: the intervals of a published table, and files of any kind."""

from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from rich.console import Console

from output_checks.cli.answering import (
    EXIT,
    Json,
    PolicyName,
    finite,
    print_json,
    print_rows,
    working,
)
from output_checks.cli.reading import read_text
from output_checks.errors import UnreadableDataError
from output_checks.finding import Report
from output_checks.policy import Policy
from output_checks.readers import check_file
from output_checks.readers.tidy import PublishedTable, read_csv_rows, read_published
from output_checks.rules.threshold import is_wide
from output_checks.show.console import report_head, report_lines
from output_checks.show.files import write_whole
from output_checks.show.report import file_report_page
from output_checks.words import Verdict


def intervals(
    published: Annotated[Path, typer.Argument(metavar="TABLE", help="A published table (CSV).")],
    *,
    policy: PolicyName = "srs",
    as_json: Json = False,
) -> int:
    """Say what can still be worked out of a published table's withheld cells.

    Where "exact" is false the search was given up: the interval is then wider than what can be
    worked out, and the cell only counts as safe where that could be shown nevertheless.
    """
    chosen = Policy.of(policy)
    table = _published(published)
    found = table.intervals()
    rows: list[dict[str, Any]] = []
    verdict = Verdict.PASS
    for cell in np.flatnonzero(np.isnan(table.values.reshape(-1))):
        safe = table.is_counts and is_wide(found.lower[cell], found.upper[cell], chosen.threshold)
        verdict = verdict if safe else Verdict.FAIL
        rows.append(
            {
                **table.place(int(cell)),
                "lower": finite(found.floor[cell]),
                "upper": finite(found.ceiling[cell]),
                "exact": found.is_exact(int(cell)),
                "safe": bool(safe),
            }
        )
    if as_json:
        policy_said = {"name": chosen.name, "hash": chosen.hash}
        print_json({"verdict": str(verdict), "intervals": rows, "policy": policy_said})
    else:
        print_rows(rows, "No cell is withheld.")
    return EXIT[verdict]


def _published(path: Path) -> PublishedTable:
    rows = read_csv_rows(read_text(path))
    table = read_published(rows)
    if table is None:
        raise UnreadableDataError(
            f"{path.name} is no table: it needs dimensions and a column `value`, or labels in the "
            "first column and numbers in the others, every combination once"
        )
    return table


def file(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH…", help="Files to be released.")],
    *,
    policy: PolicyName = "srs",
    report: Annotated[
        Path | None, typer.Option(help="Where to write the checker's page (.html).")
    ] = None,
    as_json: Json = False,
) -> int:
    """Judge files that were made elsewhere; at best they go to a person."""
    with working("Reading"):
        reports = {str(path): check_file(path, policy=policy) for path in paths}
    verdict = Verdict.worst(one.verdict for one in reports.values())
    if report is not None:
        write_whole(report, file_report_page(list(reports.items())).encode())
    if as_json:
        listed = [{"file": path, **one.to_dict()} for path, one in reports.items()]
        print_json({"verdict": str(verdict), "files": listed})
    else:
        for path, one in reports.items():
            _print_report(path, one)
    return EXIT[verdict]


def _print_report(path: str, report: Report) -> None:
    console = Console()
    console.print(path, style="bold", markup=False)
    console.print(report_head(report), *report_lines(report), sep="\n")
