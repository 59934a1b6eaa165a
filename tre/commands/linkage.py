"""`tre linkage …`, `tre transfers`, `tre catalogue`: the data, and where they came from."""

from pathlib import Path
from typing import Annotated

import typer

from tre.commands.asking import asking, opened
from tre.commands.progress import progress_bar
from tre.commands.showing import (
    LARGEST,
    Json,
    answer,
    percent,
    say,
    show_fields,
    show_json,
    show_table,
)
from tre.commands.writing import must_be_writable
from tre.decision import UnusableRequestError
from tre.safe_data import world
from tre.safe_data.files import write_text
from tre.safe_data.linking.audit.pack import AuditPack
from tre.safe_data.linking.audit.page import audit_page
from tre.safe_data.linking.separation.proof import SeparationProof
from tre.steps.audit_linkage import audit_linkage
from tre.steps.linkage_journey import linkage_journey
from tre.steps.linkage_report import linkage_report, linkage_report_page
from tre.steps.note_masking import note_masking
from tre.steps.run_linkage import run_and_prove
from tre.steps.separation import prove_separation
from tre.steps.transfers import transfers as recorded_transfers

app = typer.Typer(
    help="Linkages with other registers: list, run, report, prove separation, audit, draw."
)
VIOLATED = 2

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
def run(
    context: typer.Context,
    linkage: LinkageId,
    *,
    period: Annotated[
        str,
        typer.Option("--period", help="An earlier agreement, such as historic; else the newest."),
    ] = "",
    as_json: Json = False,
) -> None:
    """Run a linkage again, record what every party sent to whom, and prove separation.

    Exit status 2 where separation was not kept; the run stays. Acts as lena, the data linker,
    unless --as says otherwise. Example: tre linkage run npd
    """
    asked = asking(context)
    with opened(asked.config()) as tre, progress_bar() as tell:
        proved = run_and_prove(tre, asked.as_linker(), linkage, period=period, progress=tell)
    done, proof = proved.run, proved.proof
    if as_json:
        show_json(done.to_dict() | {"separation": proof.to_dict()})
    else:
        say(
            f"Linkage {linkage}, version {done.version}: {done.sent:,} people sent, "
            f"{done.matched:,} matched ({percent(done.match_rate)}), {done.opted_out:,} opted out "
            f"before anything left. {len(done.transfers)} transfers recorded: `tre transfers`."
        )
        _say_proof(proof)
    _end(holds=proof.holds)


@app.command("separation")
def separation(
    context: typer.Context,
    linkage: Annotated[
        str | None, typer.Argument(help="The linkage's id; all of them without it.")
    ] = None,
    *,
    as_json: Json = False,
) -> None:
    """Prove separation from the record of transfers and from what every party holds now.

    Exit status 2 where it was not kept. Example: tre linkage separation npd
    """
    asked = asking(context)
    with opened(asked.config()) as tre:
        proof = prove_separation(tre, asked.as_linker(), linkage)
    if as_json:
        show_json(proof.to_dict())
    else:
        rows = [
            ("held" if each.held else "VIOLATED", each.looked_at, each.says)
            for each in proof.statements
        ]
        show_table(("result", "looked at", "rule"), rows, empty="")
        _say_proof(proof)
    _end(holds=proof.holds)


@app.command("audit")
def audit(
    context: typer.Context,
    linkage: LinkageId,
    *,
    html: Annotated[
        Path | None, typer.Option("--html", help="Write the pack as a page to this file.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Make the evidence pack that an auditor asks for, from the records and the disk.

    Exit status 2 where something speaks against the linkage, such as separation that was not
    kept. Example: tre linkage audit npd --html npd.html
    """
    must_be_writable(html, "--html")
    asked = asking(context)
    with opened(asked.config()) as tre:
        pack = audit_linkage(tre, asked.as_linker(), linkage)
    if html is not None:
        write_text(audit_page(pack), html)
    if as_json:
        show_json(pack.to_dict())
    else:
        _say_pack(pack, html)
    _end(holds=pack.holds)


@app.command("picture")
def picture(
    context: typer.Context,
    linkage: LinkageId,
    output: Annotated[
        Path,
        typer.Option("-o", "--output", help="The file: .svg for the picture, .html for its page."),
    ],
    *,
    as_json: Json = False,
) -> None:
    """Draw how one person's identifiers travel, for those who teach it.

    Example: tre linkage picture npd -o npd.svg
    """
    if output.suffix not in {".svg", ".html"}:
        message = f"{output.name} must end in .svg (the picture) or .html (the page around it)"
        raise UnusableRequestError(message)
    must_be_writable(output, "-o")
    asked = asking(context)
    with opened(asked.config()) as tre:
        shown = linkage_journey(tre, asked.as_linker(), linkage)
    write_text(shown.svg if output.suffix == ".svg" else shown.page, output)
    sentence = f"The journey of {shown.journey.who}, who does not exist, is in {output}."
    answer({"linkage": linkage, "file": output}, sentence, as_json=as_json)


def _say_proof(proof: SeparationProof) -> None:
    """One sentence where it holds; otherwise everything that was found."""
    counts = proof.counts
    looked = f"{counts['transfers']:,} transfers and {counts['files']:,} files were looked at"
    if proof.holds:
        say(f"Separation was kept: {len(proof.statements)} rules hold; {looked}.")
        return
    say(f"SEPARATION WAS NOT KEPT: {len(proof.violations)} violations; {looked}.")
    rows = [(each.rule, each.where, each.why) for each in proof.violations]
    show_table(("rule", "where", "why"), rows, empty="")


def _say_pack(pack: AuditPack, html: Path | None) -> None:
    words = {True: "holds", False: "DOES NOT HOLD", None: "for information"}
    rows = [
        (heading.name, exhibit.title, len(exhibit.rows), words[exhibit.holds])
        for heading in pack.headings
        for exhibit in heading.exhibits
    ]
    show_table(("heading", "evidence", "rows", "result"), rows, empty="")
    where = f"The pack is in {html}" if html else "--html FILE writes the pack, --json prints it"
    verdict = "nothing speaks against it" if pack.holds else "see what does not hold"
    say(f"Linkage {pack.linkage}: {verdict}. {where}.")


def _end(*, holds: bool) -> None:
    """End with status 2 where it does not hold."""
    if not holds:
        raise typer.Exit(VIOLATED)


def _said(share: float | None, of_what: str, nothing: str) -> str:
    return nothing if share is None else f"{percent(share)} {of_what}"


@app.command("report")
def report(
    context: typer.Context,
    linkage: LinkageId,
    *,
    html: Annotated[
        Path | None,
        typer.Option("--html", help="Write it as a page, with splink's charts, to this file."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Report how good the latest run of a linkage was, against the simulator's own truth.

    Match rate, precision, recall and F1, and whom the linkage misses: that is what people who
    use linked data must learn to look for. Example: tre linkage report npd --html npd.html
    """
    must_be_writable(html, "--html")
    asked = asking(context)
    with opened(asked.config()) as tre:
        told = linkage_report(tre, asked.as_linker(), linkage)
        if html is not None:
            write_text(linkage_report_page(tre, told), html)
    if as_json:
        show_json(told.to_dict())
        return
    show_fields(
        {
            "linkage": f"{told.linkage}, version {told.version}, {told.on}",
            "agreement": told.period or "the newest",
            "people sent": told.sent,
            "matched": f"{told.matched:,} ({percent(told.match_rate)})",
            "of those, by NHS number": told.by_nhs_number,
            "coverage": f"{percent(told.coverage)} of those sent are in the register at all",
            "precision": _said(told.precision, "of the matches are right", "nobody was matched"),
            "recall": _said(told.recall, "of those who are there were found", "nobody is there"),
            "F1": "none" if told.f1 is None else f"{told.f1:.3f}",
            "false matches": told.false_matches,
            "missed matches": told.missed_matches,
            "patients among controls": f"{told.patients_among_controls:,} covered, but missed",
            "other patients there": f"{told.uncovered_among_controls:,} not covered, so never sent",
        }
    )
    rows = [
        (name, group.value, group.linkable, group.missed, percent(group.rate))
        for name, groups in told.missed.items()
        for group in groups
    ]
    say("")
    show_table(("missed by", "group", "linkable", "missed", "rate"), rows, empty="")


@app.command("notes")
def notes(
    context: typer.Context,
    most: Annotated[
        int, typer.Option(help="Look at so many notes at most.", min=1, max=LARGEST)
    ] = world.MOST_NOTES,
    *,
    as_json: Json = False,
) -> None:
    """Report how well CRIS's notes are masked before they leave, against the simulator's truth.

    By kind: how many planted identifiers are masked whole (recall), and how many masks hide one
    (precision). Only counts are shown. Example: tre linkage notes
    """
    asked = asking(context)
    with opened(asked.config()) as tre:
        told = note_masking(tre, asked.as_linker(), most)
    if as_json:
        show_json(told.to_dict())
        return
    found = [
        (kind, one.planted, one.masked, percent(one.recall)) for kind, one in told.found.items()
    ]
    show_table(("planted", "how many", "masked", "recall"), found, empty="Nothing was planted.")
    say("")
    masks = [
        (kind, one.masks, one.right, percent(one.precision))
        for kind, one in told.set_by_kind.items()
    ]
    show_table(("mask", "how many", "right", "precision"), masks, empty="Nothing was masked.")
    recall = _said(told.recall, "of what identifies is masked", "nothing was planted")
    precision = _said(told.precision, "of the masks hide an identifier", "nothing was masked")
    say(f"\n{told.looked_at:,} of {told.notes:,} notes: {recall}, {precision}.")


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
