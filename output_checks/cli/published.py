"""Judge what was made elsewhere: the intervals of a published table, and files of any kind."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from output_checks.cli.answering import (
    EXIT,
    Json,
    PolicyName,
    print_json,
    print_rows,
    working,
)
from output_checks.cli.reading import read_object
from output_checks.cli.signature import taking
from output_checks.cli.writing import refuse_unwritable
from output_checks.finding import Report
from output_checks.policy import Policy
from output_checks.readers import check_file
from output_checks.readers.intervals import work_out_of
from output_checks.show.console import report_head, report_lines
from output_checks.show.files import write_whole
from output_checks.show.report import file_report_page
from output_checks.words import Verdict


@dataclass(frozen=True, kw_only=True)
class Published:
    """A table made elsewhere, and what must be known of it."""

    published: Annotated[
        Path,
        typer.Argument(metavar="TABLE", help="A published table (.csv, .tsv, .xlsx, .html)."),
    ]
    value: Annotated[
        str | None, typer.Option(help="The column of values, where there are several.")
    ] = None
    rounded: Annotated[
        int, typer.Option(help="The base that every count was rounded to, halves up.")
    ] = 1
    decimals: Annotated[
        int | None,
        typer.Option(help="To how many decimals the values were rounded, if not as many as shown."),
    ] = None
    hierarchy: Annotated[
        Path | None, typer.Option(help="A JSON file: {dimension: {label: its group}}.")
    ] = None
    total: Annotated[
        list[str], typer.Option(help="A label that is a total, beside Total, All and the like.")
    ] = field(default_factory=list)
    overlaps: Annotated[
        bool,
        typer.Option(
            "--overlaps",
            help="People may be in several cells (a patient has several diagnoses), and totals "
            "count everybody once. A total is then at least its largest part and at most the "
            "sum of its parts, instead of being that sum.",
        ),
    ] = False
    overlaps_in: Annotated[
        list[str],
        typer.Option(
            metavar="DIMENSION",
            help="The same of one dimension alone: people have several diagnoses, and one sex. "
            "Can be given several times; tells more than --overlaps.",
        ),
    ] = field(default_factory=list)
    policy: PolicyName = "srs"
    as_json: Json = False


@taking(Published)
def intervals(asked: Published) -> int:
    """Say what can still be worked out of a published table, also one made elsewhere.

    It is read as it is: a row a cell with a column `value`, or labels and headings around the
    numbers. Empty, [c], *, x and : are withheld; "<5" and "1 to 4" also say how large it can be.

    Small counts that are shown are listed too, as "small" in JSON, and fail.

    Where "exact" is false the search was given up: the interval is then wider than what can be
    worked out, and the cell only counts as safe where that could be shown nevertheless.

    Cells are taken to add up to their totals. Where people are in several cells they do not: say
    --overlaps. What was assumed is said below the answer, and as "assumed" in JSON.
    """
    chosen = Policy.of(asked.policy)
    with working("Working out what a reader can"):
        done = work_out_of(
            asked.published,
            value=asked.value,
            rounded=asked.rounded,
            decimals=asked.decimals,
            hierarchies=None if asked.hierarchy is None else read_object(asked.hierarchy),
            totals=asked.total,
            overlaps=asked.overlaps_in or asked.overlaps or None,
        )
    rows = done.rows(chosen.threshold)
    small = done.small(chosen.threshold)
    safe = not small and all(row["safe"] for row in rows)
    # Where more may follow than was worked out, nobody is told that all is well.
    at_best = Verdict.PASS if done.is_certain or not rows else Verdict.REVIEW
    verdict = at_best if safe else Verdict.FAIL
    assumed = done.assumed()
    if asked.as_json:
        policy_said = {"name": chosen.name, "hash": chosen.hash}
        said = {"verdict": str(verdict), "intervals": rows, "small": small}
        print_json(said | {"assumed": assumed, "policy": policy_said})
    else:
        print_rows(rows, "No cell is withheld.")
        if small:
            Console().print(f"Shown although below {chosen.threshold}:", markup=False)
            print_rows(small, "")
        if rows and assumed:
            Console().print(assumed, markup=False, highlight=False)
    return EXIT[verdict]


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
    refuse_unwritable({"--report": report}, paths)
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
