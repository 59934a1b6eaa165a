"""`tre person …`: who has an account, in which role, and a one-time code for the demo."""

from dataclasses import replace
from datetime import date
from typing import Annotated

import typer

from tre.commands import people_deciding
from tre.commands.asking import asking, opened
from tre.commands.showing import Json, answer, show_fields, show_json, show_table
from tre.decision import UnusableRequestError
from tre.safe_people.person import AccreditationLevel, Person
from tre.steps.open_account import NewAccount, open_account
from tre.steps.people import load_person
from tre.steps.people import people as everybody
from tre.steps.record_person import record_person
from tre.steps.second_factor import current_code
from tre.training.demo import DemoAccreditation, DemoPerson
from tre.training.seeding import newcomer_on
from tre.vocabulary import Role

app = typer.Typer(help="People: accounts, accreditation, documents, roles, sanctions, reminders.")

_FULL_FROM_TODAY = DemoAccreditation(level=AccreditationLevel.FULL, years_ago=0)

PersonArgument = Annotated[str, typer.Argument(help="The person's sign-in name, such as ada.")]


@app.command("list")
def list_people(context: typer.Context, *, as_json: Json = False) -> None:
    """List everybody who has an account.

    Example: tre person list
    """
    asked = asking(context)
    with opened(asked.config()) as tre:
        found = everybody(tre, asked.as_manager())
    if as_json:
        show_json(found)
        return
    show_table(
        ("id", "name", "roles", "organisation", "accredited until"),
        [
            (each.id, each.name, each.roles, each.organisation, _accredited_until(each))
            for each in found
        ],
        empty="Nobody yet: `tre build` makes the demonstration world.",
    )


def _accredited_until(person: Person) -> date | None:
    return person.accreditation.until if person.accreditation else None


@app.command("show")
def show(context: typer.Context, person: PersonArgument, *, as_json: Json = False) -> None:
    """Show what the environment knows about a person when it decides.

    Example: tre person show bola
    """
    asked = asking(context)
    with opened(asked.config()) as tre:
        found = {each.id: each for each in everybody(tre, asked.as_manager())}
        known = found.get(person) or load_person(tre, person)
    if as_json:
        show_json(known)
        return
    show_fields(
        {
            "id": known.id,
            "name": known.name,
            "organisation": known.organisation,
            "email": known.email,
            "roles": known.roles,
            "second factor since": known.second_factor_since,
            "accredited": _accreditation_in_words(known),
            "training until": known.training_until,
            "declaration": known.declaration_version,
            "passports": [f"{p.kind} of {p.trust} until {p.until}" for p in known.passports],
            "supervisor": known.supervisor,
            "sanctions": [
                f"{s.reason} (since {s.since}{', lifted' if s.lifted_on else ''})"
                for s in known.sanctions
            ],
        }
    )


def _accreditation_in_words(person: Person) -> str:
    held = person.accreditation
    return f"{held.level}, {held.since} to {held.until}" if held else "no"


@app.command("code")
def code(context: typer.Context, person: PersonArgument, *, as_json: Json = False) -> None:
    """Print a person's one-time code of this half minute, as their telephone would.

    It is read from the data home: whoever can read that is the operator of a simulator.
    Example: tre person code ada
    """
    with opened(asking(context).config()) as tre:
        now = current_code(tre, person)
    if as_json:
        show_json({"person": person, "code": now})
    else:
        typer.echo(now)


@app.command("add")
def add(  # noqa: PLR0913 - an account is made of exactly these
    context: typer.Context,
    person: PersonArgument,
    name: Annotated[str, typer.Option(help='Full name; "Gus Grey <gus@example.org>" for mail.')],
    organisation: Annotated[str, typer.Option(help="Where they work.")],
    role: Annotated[str, typer.Option(help=f"One of: {', '.join(Role)}.")] = "researcher",
    *,
    accredited: Annotated[
        bool, typer.Option(help="Fully accredited and trained from today, for five years.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Open an account; the password is asked for, and never shown or given as an option.

    It is temporary: they sign in with it and no code, choose their own on their page at the desk,
    and switch a second factor on within a day. With --accredited it is an account for trying
    things out, complete at once, whose codes `tre person code` gives.
    Example: tre person add gus --name "Gus Grey" --organisation "King's College London"
    """
    if role not in set(Role):
        message = f"there is no role {role!r}; known are {', '.join(Role)}"
        raise UnusableRequestError(message)
    password = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=as_json)
    asked, (name, email) = asking(context), _with_address(name)
    told = {"person": person, "name": name, "email": email, "role": role, "accredited": accredited}
    if not accredited:
        new_account = NewAccount(
            id=person,
            name=name,
            organisation=organisation,
            roles=frozenset({Role(role)}),
            email=email,
        )
        with opened(asked.config()) as tre:
            open_account(tre, asked.as_manager(), new_account, password)
        done = f"{name} can sign in as {person}, and chooses another password at the desk."
        answer(told, done, as_json=as_json)
        return
    demo = DemoPerson(
        id=person,
        name=name,
        organisation=organisation,
        role=Role(role),
        try_this="",
        accreditation=_FULL_FROM_TODAY,
    )
    with opened(asked.config()) as tre:
        new = replace(newcomer_on(demo, tre.now()), email=email)
        record_person(tre, asked.as_manager(), new, password)
    done = f"{name} can sign in as {person}; `tre person code {person}` gives a one-time code."
    answer(told, done, as_json=as_json)


def _with_address(name: str) -> tuple[str, str]:
    """Take a name and an e-mail address apart; "" where there is none."""
    full_name, found, address = name.partition("<")
    return full_name.strip(), address.rstrip("> ") if found else ""


app.command("applications")(people_deciding.applications)
app.command("accredit")(people_deciding.accredit)
app.command("passport")(people_deciding.passport)
app.command("training")(people_deciding.training)
app.command("roles")(people_deciding.roles)
app.command("sanction")(people_deciding.sanction)
app.command("sanctions")(people_deciding.list_sanctions)
app.command("lift")(people_deciding.lift)
app.command("details")(people_deciding.details)
app.command("recover")(people_deciding.recover)
app.command("identity")(people_deciding.identity)
app.command("remind")(people_deciding.send_reminders)
