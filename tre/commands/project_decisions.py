"""`tre project …`: apply, advise, decide, vote, change, suspend; and the public register."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from tre.commands.asking import asking, opened
from tre.commands.project_file import read_application_file
from tre.commands.showing import LARGEST, Json, say, show_json, show_table
from tre.commands.showing import answer as answered
from tre.safe_projects.application import Choice, Opinion
from tre.safe_projects.changes import ChangeKind
from tre.safe_projects.panel import CRITERIA
from tre.steps.apply_for_project import (
    answer_advice,
    apply_for_project,
    change_application,
    submit_application,
    withdraw_application,
)
from tre.steps.change_project import (
    Proposal,
    decide_change,
    decide_change_as_owner,
    propose_change,
)
from tre.steps.decide_as_owner import Answer, decide_as_owner
from tre.steps.lay_review import advise_on_project
from tre.steps.panel_vote import vote_on_project
from tre.steps.project_tasks import project_tasks
from tre.steps.register import public_register
from tre.steps.suspend_project import resume_project, suspend_project

ProjectArgument = Annotated[
    str, typer.Argument(help="The project's id, as `tre project list` shows it.")
]
Reason = Annotated[str, typer.Option(help="Why; it is written down, and its people read it.")]
Choices = Annotated[Choice, typer.Option(help="What you say to it.")]
Reasons = Annotated[str, typer.Option(help="Why you say so.")]
Conditions = Annotated[
    list[str] | None, typer.Option("--condition", help="A condition; may be given again.")
]
ChangeNumber = Annotated[
    int | None,
    typer.Option("--change", min=1, max=LARGEST, help="A change instead of the application."),
]


def apply(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="The application, in TOML.", exists=True)],
    *,
    project: Annotated[
        str, typer.Option(help="A draft of yours that this takes the place of.")
    ] = "",
    submit: Annotated[bool, typer.Option("--submit", help="Hand it in at once.")] = False,
    as_json: Json = False,
) -> None:
    """Apply for a project: keep a draft, or hand it in; the person you act as leads it.

    Example: tre project apply application.toml --submit --as ada
    """
    asked = asking(context)
    draft = read_application_file(file)
    with opened(asked.config()) as tre:
        who = asked.as_manager()
        if project:
            change_application(tre, who, project, draft)
        made = project or apply_for_project(tre, who, draft)
        if submit:
            submit_application(tre, who, made)
    if as_json:
        show_json({"project": made, "handed_in": submit})
        return
    say(f"{made} is {'handed in' if submit else 'a draft'}: tre project show {made}")


def submit(
    context: typer.Context,
    project: ProjectArgument,
    *,
    reply: Annotated[str, typer.Option(help="The answer to its questions, if it came back.")] = "",
    as_json: Json = False,
) -> None:
    """Hand an application in, as its lead.

    Example: tre project submit school-after-a-first-episode-1a2b3c --as ada
    """
    asked = asking(context)
    with opened(asked.config()) as tre:
        submit_application(tre, asked.as_manager(), project, reply)
    _said(project, "handed in", f"{project} is handed in.", as_json=as_json)


def withdraw(context: typer.Context, project: ProjectArgument, *, as_json: Json = False) -> None:
    """Take an application back for good, as its lead.

    Example: tre project withdraw welfare-and-relapse --as ada
    """
    asked = asking(context)
    with opened(asked.config()) as tre:
        withdraw_application(tre, asked.as_manager(), project)
    _said(project, "withdrawn", f"{project} is withdrawn.", as_json=as_json)


def advise(
    context: typer.Context,
    project: ProjectArgument,
    text: Annotated[str, typer.Option(help="What the group says.")],
    opinion: Annotated[Opinion, typer.Option(help="What it thinks.")] = Opinion.SUPPORTS,
    *,
    as_json: Json = False,
) -> None:
    """Write down the lay group's advice, as its member.

    Example: tre project advise birth-outcomes --text "Plainer words." --as sol
    """
    asked = asking(context)
    with opened(asked.config()) as tre:
        advise_on_project(tre, asked.as_manager(), project, opinion, text)
    sentence = f"The advice on {project} is with its lead, who answers it."
    _said(project, "advised", sentence, as_json=as_json)


def answer(
    context: typer.Context,
    project: ProjectArgument,
    text: Annotated[str, typer.Option(help="What the project makes of the advice.")],
    *,
    as_json: Json = False,
) -> None:
    """Answer the lay group's advice, as the lead.

    Example: tre project answer care-proceedings --text "Done." --as grace
    """
    asked = asking(context)
    with opened(asked.config()) as tre:
        answer_advice(tre, asked.as_manager(), project, text)
    _said(project, "advice answered", f"{project} is with the data owners.", as_json=as_json)


def decide(  # noqa: PLR0913 - each is an option
    context: typer.Context,
    project: ProjectArgument,
    choice: Choices,
    reasons: Reasons,
    *,
    dataset: Annotated[str, typer.Option(help="The dataset of yours that it asks for.")] = "",
    variable: Annotated[
        list[str] | None, typer.Option("--variable", help="A variable to grant; may be repeated.")
    ] = None,
    condition: Conditions = None,
    change: ChangeNumber = None,
    as_json: Json = False,
) -> None:
    """Decide on your organisation's data, as their owner: grant, ask first, or refuse.

    Example: tre project decide absence-and-diagnosis --dataset npd --choice approve
    --variable absence.school_year --reasons "It fits." --as dora
    """
    asked = asking(context)
    said = Answer(
        choice=choice,
        reasons=reasons,
        conditions=tuple(condition or ()),
        variables=tuple(variable or ()),
    )
    with opened(asked.config()) as tre:
        if change is not None:
            decide_change_as_owner(tre, asked.as_manager(), project, change, said)
        else:
            decide_as_owner(tre, asked.as_manager(), project, dataset, said)
    _said(project, f"decided: {choice}", "The decision is kept.", as_json=as_json)


def vote(  # noqa: PLR0913 - each is an option
    context: typer.Context,
    project: ProjectArgument,
    choice: Choices,
    reasons: Reasons,
    *,
    met: Annotated[
        list[str] | None,
        typer.Option("--met", help=f"A criterion that you find met: {', '.join(CRITERIA)}; all."),
    ] = None,
    no_interest: Annotated[
        bool, typer.Option("--no-interest", help="Declare that you have none in the project.")
    ] = False,
    condition: Conditions = None,
    change: ChangeNumber = None,
    as_json: Json = False,
) -> None:
    """Vote on a project as a member of the panel; or on a change, for the panel's chair.

    Example: tre project vote cancer-survival --choice approve --met all
    --no-interest --reasons "Well argued." --as rosa
    """
    asked = asking(context)
    said = Answer(choice=choice, reasons=reasons, conditions=tuple(condition or ()))
    criteria = tuple(CRITERIA) if met == ["all"] else tuple(met or ())
    with opened(asked.config()) as tre:
        if change is not None:
            decide_change(tre, asked.as_manager(), project, change, said)
            state = f"change {change} answered"
        else:
            state = vote_on_project(
                tre, asked.as_manager(), project, said, criteria=criteria, no_interest=no_interest
            )
    if as_json:
        show_json({"project": project, "state": str(state)})
        return
    say(f"{project}: {state}.")


def extend(
    context: typer.Context,
    project: ProjectArgument,
    until: Annotated[datetime, typer.Argument(help="The new last day.", formats=["%Y-%m-%d"])],
    reason: Reason,
    *,
    as_json: Json = False,
) -> None:
    """Ask for a longer project, as its lead; the panel's chair answers (`vote --change`).

    Example: tre project extend early-onset-psychosis 2030-01-31 --reason "Revision." --as ada
    """
    asked = asking(context)
    last: date = until.date()
    with opened(asked.config()) as tre:
        proposal = Proposal(kind=ChangeKind.EXTENSION, reason=reason, until=last)
        number = propose_change(tre, asked.as_manager(), project, proposal)
    if as_json:
        show_json({"project": project, "change": number})
        return
    say(f"Change {number} waits for the panel's chair.")


def suspend(
    context: typer.Context, project: ProjectArgument, reason: Reason, *, as_json: Json = False
) -> None:
    """Stop a project for now: its sessions end within a minute, its requests stand still.

    Example: tre project suspend early-onset-psychosis --reason "A screen was photographed."
    """
    asked = asking(context)
    with opened(asked.config()) as tre:
        suspend_project(tre, asked.as_manager(), project, reason)
    sentence = f"{project} is suspended. Its running sessions stop within a minute."
    _said(project, "suspended", sentence, as_json=as_json)


def resume(
    context: typer.Context, project: ProjectArgument, reason: Reason, *, as_json: Json = False
) -> None:
    """Let a suspended project go on.

    Example: tre project resume early-onset-psychosis --reason "Put right."
    """
    asked = asking(context)
    with opened(asked.config()) as tre:
        resume_project(tre, asked.as_manager(), project, reason)
    _said(project, "resumed", f"{project} goes on.", as_json=as_json)


def _said(project: str, done: str, sentence: str, *, as_json: bool) -> None:
    answered({"project": project, "done": done}, sentence, as_json=as_json)


def tasks(context: typer.Context, *, as_json: Json = False) -> None:
    """List what waits for a person among the projects.

    Exit status 1 where anything waits. Example: tre project tasks --as rosa
    """
    asked = asking(context)
    with opened(asked.config()) as tre:
        found = project_tasks(tre, asked.as_manager())
    if as_json:
        show_json(found)
    else:
        show_table(
            ("project", "what", "about"),
            [(each.project, each.task, each.detail) for each in found],
            empty="Nothing waits.",
        )
    if found:
        raise typer.Exit(1)


def register(context: typer.Context, *, as_json: Json = False) -> None:
    """Print the public register: projects that were accredited, and what each released.

    Example: tre project register --json
    """
    asked = asking(context)
    with opened(asked.config()) as tre:
        found = public_register(tre)
    if as_json:
        show_json([each.to_dict() for each in found])
        return
    show_table(
        ("title", "organisation", "state", "until", "released"),
        [(p.title, p.organisation, p.state, p.ends, len(p.results)) for p in found],
        empty="No project was accredited yet.",
    )


COMMANDS = (
    *(apply, submit, withdraw, advise, answer, decide, vote, extend, suspend, resume),
    *(tasks, register),
)
"""In the order of a project's life."""
