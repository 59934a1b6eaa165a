"""`tre linkage …`, `tre transfers`, `tre catalogue`: the data, and where they came from."""

from typing import Annotated

import typer

from tre.commands.asking import asking, opened
from tre.commands.progress import progress_bar
from tre.commands.showing import Json, percent, say, show_fields, show_json, show_table
from tre.safe_data import world
from tre.steps.linkage_report import linkage_report
from tre.steps.run_linkage import run_linkage
from tre.steps.transfers import transfers as recorded_transfers

app = typer.Typer(help="Linkages with other registers: list, run, report on their quality.")

LinkageId = Annotated[str, typer.Argument(help="The linkage's id, as `tre linkage list` shows it.")]


@app.command("list")
def list_linkages(*, as_json: Json = False) -> None:
    """List the linkages that the simulator can run.

    Example: tre linkage list
    """
    every = world.linkages()
    if as_json:
        show_json([each.to_dict() for each in every])
        return
    rows = [(each.id, each.register, each.holder, each.covered.text) for each in every]
    show_table(("id", "register", "holder", "who is covered"), rows, empty="")


@app.command("run")
def run(context: typer.Context, linkage: LinkageId, *, as_json: Json = False) -> None:
    """Run a linkage again, and record what every party sent to whom.

    Acts as lena, the data linker, unless --as says otherwise. Example: tre linkage run npd
    """
    asked = asking(context)
    with opened(asked.config()) as tre, progress_bar() as tell:
        done = run_linkage(tre, asked.as_linker(), linkage, progress=tell)
    if as_json:
        show_json(done.to_dict())
        return
    say(
        f"Linkage {linkage}, version {done.version}: {done.sent:,} people sent, "
        f"{done.matched:,} matched ({percent(done.match_rate)}), {done.opted_out:,} opted out "
        f"before anything left. {len(done.transfers)} transfers recorded: `tre transfers`."
    )


@app.command("report")
def report(context: typer.Context, linkage: LinkageId, *, as_json: Json = False) -> None:
    """Report how good the latest run of a linkage was, against the simulator's own truth.

    Example: tre linkage report npd
    """
    asked = asking(context)
    with opened(asked.config()) as tre:
        told = linkage_report(tre, asked.as_linker(), linkage)
    if as_json:
        show_json(told.to_dict())
        return
    show_fields(
        {
            "linkage": f"{told.linkage}, version {told.version}, {told.on}",
            "people sent": told.sent,
            "matched": f"{told.matched:,} ({percent(told.match_rate)})",
            "coverage": f"{percent(told.coverage)} of those sent are in the register at all",
            "precision": f"{percent(told.precision)} of the matches are right",
            "recall": f"{percent(told.recall)} of those who are there were found",
            "F1": f"{told.f1:.3f}",
            "false matches": told.false_matches,
            "missed matches": told.missed_matches,
            "patients among controls": told.patients_among_controls,
        }
    )
    rows = [
        (name, group.value, group.linkable, group.missed, percent(group.rate))
        for name, groups in told.missed.items()
        for group in groups
    ]
    say("")
    show_table(("missed by", "group", "linkable", "missed", "rate"), rows, empty="")


def transfers(context: typer.Context, *, as_json: Json = False) -> None:
    """List every movement of data between organisations: who, to whom, which columns, why.

    Example: tre transfers --json
    """
    asked = asking(context)
    with opened(asked.config()) as tre:
        rows = recorded_transfers(tre, asked.as_linker())
    if as_json:
        show_json(rows)
        return
    show_table(
        ("no.", "on", "from", "to", "columns", "rows", "legal basis"),
        [
            (
                each.number,
                each.on,
                each.sender,
                each.receiver,
                each.columns,
                each.rows,
                each.legal_basis,
            )
            for each in rows
        ],
        empty="No data have moved yet: `tre build` makes a world and links it.",
    )


def catalogue(*, as_json: Json = False) -> None:
    """List the datasets that a project can be granted, with every table and variable.

    Example: tre catalogue --json
    """
    datasets = world.catalogue()
    if as_json:
        show_json([dataset.to_dict() for dataset in datasets])
        return
    for dataset in datasets:
        say(f"{dataset.id}: {dataset.title} ({dataset.controller}; policy {dataset.policy})")
        rows = [
            (f"  {table.name}.{variable.name}", variable.type, variable.description)
            for table in dataset.tables
            for variable in table.variables
        ]
        show_table(("  variable", "type", "what it means"), rows, empty="")
        say("")
