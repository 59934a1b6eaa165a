"""`tre project …`: the studies, who is on them, what they were granted."""

from pathlib import Path
from typing import Annotated

import typer

from tre.commands import project_decisions
from tre.commands.asking import asking, opened
from tre.commands.progress import progress_bar
from tre.commands.risk import show_risk
from tre.commands.showing import Json, plain, say, show_fields, show_json, show_table
from tre.commands.writing import must_be_writable
from tre.safe_data.deidentify.page import risk_page
from tre.safe_data.files import write_text
from tre.safe_data.world import ExtractVersion
from tre.safe_projects.project import Project
from tre.steps.destroy_extract import destroy_extract, extract_versions
from tre.steps.end_project import end_project
from tre.steps.extract_risk import extract_risk
from tre.steps.make_extract import make_extract
from tre.steps.projects import projects as every_project
from tre.steps.register import years_in_words
from tre.steps.view_project import ProjectView, view_project
from tre.training.studies import ExampleRow, example_rows

app = typer.Typer(help="Projects: apply, decide, change, make their extracts, end them.")

ProjectArgument = Annotated[
    str, typer.Argument(help="The project's id, as `tre project list` shows it.")
]


@app.command("list")
def list_projects(context: typer.Context, *, as_json: Json = False) -> None:
    """List every project.

    Example: tre project list
    """
    asked = asking(context)
    with opened(asked.config()) as tre:
        found = every_project(tre, asked.as_manager())
    if as_json:
        show_json(found)
        return
    show_table(
        ("id", "title", "state", "until", "practice", "members"),
        [
            (p.id, p.title, p.state, p.ends, p.practice, [m.person for m in p.members])
            for p in found
        ],
        empty="No projects yet: `tre build` makes the demonstration world.",
    )


@app.command("examples")
def examples(*, as_json: Json = False) -> None:
    """List the example studies of a built world: their states, and what each shows.

    It is the state to which the building brings each; `tre project list` has the state of today.
    Example: tre project examples
    """
    if as_json:
        show_json([row._asdict() for row in example_rows()])
        return
    show_table(ExampleRow._fields, example_rows(), empty="There are no example studies.")


@app.command("show")
def show(context: typer.Context, project: ProjectArgument, *, as_json: Json = False) -> None:
    """Show a project: its basis, its members, and every variable it was granted.

    Example: tre project show early-onset-psychosis
    """
    asked = asking(context)
    with opened(asked.config()) as tre:
        view = view_project(tre, asked.as_manager(), project)
    if as_json:
        show_json(plain(view.project) | {name: plain(getattr(view, name)) for name in _BESIDE})
        return
    show_fields(_fields(view.project) | _on_its_way(view))


_BESIDE = ("application", "place", "whose_turn", "conditions", "changes", "released", "archive")
"""What is shown beside the project's own fields."""


def _on_its_way(view: ProjectView) -> dict[str, object]:
    told: dict[str, object] = {
        "used in": view.place,
        "turn of": view.whose_turn,
        "conditions": list(view.conditions) or "none of its own",
        "released": [result.title for result in view.released] or "nothing yet",
    }
    for change in view.changes:
        told[f"change {change.number}"] = f"{change.kind}, {change.state}: {change.reason}"
    if view.application is not None:
        asked = view.application.asked
        told["asked for"] = [f"{one.dataset}: {len(one.variables)} variables" for one in asked]
    if view.archive is not None:
        told["workspace archived"] = f"{view.archive.files} files, SHA-256 {view.archive.sha256}"
    return told


def _fields(project: Project) -> dict[str, object]:
    return {
        "id": project.id,
        "title": project.title,
        "summary": project.summary,
        "state": project.state,
        "dates": f"{project.starts} to {project.ends}",
        "legal gateway": project.legal_gateway,
        "ethics": project.ethics_reference,
        "public benefit": project.public_benefit,
        "practice": project.practice,
        "how its data meet": project.meeting or "at one place",
        "dates of its extract": "moved by days of each person's own"
        if project.shift_dates
        else "to the month",
        "members": [f"{m.person}{' (lead)' if m.lead else ''}" for m in project.members],
        **{
            f"dataset {grant.dataset}": (
                f"granted by {grant.controller} on {grant.granted_on}, used in the {grant.place}, "
                f"policy {grant.policy}, "
                f"{years_in_words(grant.since_year, grant.until_year) or 'all years'}: "
                f"{', '.join(grant.variables)}"
            )
            for grant in project.datasets
        },
    }


@app.command("extract")
def extract(context: typer.Context, project: ProjectArgument, *, as_json: Json = False) -> None:
    """Make the project's extract again, from the latest linkage.

    Acts as lena, the data linker, unless --as says otherwise.
    Example: tre project extract early-onset-psychosis
    """
    asked = asking(context)
    with opened(asked.config()) as tre, progress_bar() as tell:
        tell("making the extract", 0.0)
        made = make_extract(tre, asked.as_linker(), project)
    if as_json:
        show_json(made.to_dict())
        return
    tables = ", ".join(f"{table.name} ({table.rows:,} rows)" for table in made.tables)
    say(f"Extract {made.version} of {project}: {tables}. Sessions started from now on see it.")


@app.command("versions")
def versions(context: typer.Context, project: ProjectArgument, *, as_json: Json = False) -> None:
    """List the versions of a project's extract, and which of them must be destroyed.

    A version must go when somebody is in it who is in the current one no more: they object since.
    Exit status 1 where any must go. Example: tre project versions early-onset-psychosis
    """
    asked = asking(context)
    with opened(asked.config()) as tre:
        found = extract_versions(tre, asked.as_linker(), project)
    if as_json:
        show_json([each.to_dict() for each in found])
    else:
        show_table(
            ("version", "made on", "people", "what it is"),
            [(v.version, v.made_on, v.people, _standing(v)) for v in found],
            empty=f"No extract yet: `tre project extract {project}` makes one.",
        )
    if any(each.must_go for each in found):
        raise typer.Exit(1)


def _standing(version: ExtractVersion) -> str:
    if version.objecting:
        return f"sessions see it, and {version.objecting:,} people in it object: make it again"
    if version.current:
        return "sessions see it"
    if version.must_go:
        return f"to be destroyed: {version.gone:,} people in it are in the current one no more"
    return "kept"


@app.command("destroy")
def destroy(
    context: typer.Context,
    project: ProjectArgument,
    version: Annotated[
        str, typer.Argument(help="The version, as `tre project versions` names it.")
    ],
    reason: Annotated[str, typer.Option(help="Why; it is written to the ledger.")],
    *,
    as_json: Json = False,
) -> None:
    """Destroy a version of a project's extract; the ledger keeps the hash of every file.

    Example: tre project destroy early-onset-psychosis 2026-11-27-1 --reason "two people object"
    """
    asked = asking(context)
    with opened(asked.config()) as tre:
        gone = destroy_extract(tre, asked.as_linker(), project, version, reason)
    if as_json:
        show_json({"project": project, "version": version, "destroyed": gone})
        return
    say(f"Version {version} of {project} is destroyed: {len(gone)} files, each hash on the ledger.")


@app.command("risk")
def risk(
    context: typer.Context,
    project: ProjectArgument,
    *,
    known: Annotated[
        list[str] | None,
        typer.Option("--known", help="A variable that the attacker knows; may be given again."),
    ] = None,
    html: Annotated[
        Path | None, typer.Option("--html", help="Write it as a page to this file.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Measure what a project's extract would give away, and attack it.

    k-anonymity, l-diversity, people who are unique here and in the population, and how many of a
    thousand people somebody finds who knows their sex, year of birth, ethnic group and borough.
    Example: tre project risk early-onset-psychosis --known sex --known birth_year
    """
    must_be_writable(html, "--html")
    asked = asking(context)
    with opened(asked.config()) as tre:
        told = extract_risk(tre, asked.as_linker(), project, tuple(known or ()))
    if html is not None:
        title = f"Extract of {project}, version {told.version}: {told.table}"
        write_text(risk_page(told.risk, told.attack, title), html)
    if as_json:
        show_json(told.to_dict())
        return
    say(f"Extract {told.version} of {project}, table {told.table}")
    show_risk(told.risk, told.attack)


@app.command("end")
def end(
    context: typer.Context,
    project: ProjectArgument,
    reason: Annotated[str, typer.Option(help="Why; it is written to the ledger.")],
    *,
    as_json: Json = False,
) -> None:
    """End a project today: sessions stop, the workspace is archived, its extracts are destroyed.

    Open requests are withdrawn. Releases and the ledger stay, and so does the public register's
    entry. Example: tre project end early-onset-psychosis --reason "Done"
    """
    asked = asking(context)
    with opened(asked.config()) as tre:
        ending = end_project(tre, asked.as_manager(), project, reason)
    if as_json:
        show_json(ending)
        return
    if ending.open_sessions or ending.archive is None:
        say(
            f"{project} has ended. Its running sessions stop within a minute; then its workspace "
            "is archived and its extracts are destroyed."
        )
        return
    say(
        f"{project} has ended: {ending.archive.files} files archived, SHA-256 "
        f"{ending.archive.sha256}; versions of the extract destroyed: "
        f"{', '.join(ending.destroyed) or 'none'}."
    )


for _command in project_decisions.COMMANDS:
    app.command(_command.__name__)(_command)
