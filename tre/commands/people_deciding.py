"""Decisions about people from the shell: the same steps as the desk's pages."""

from datetime import date
from typing import Annotated

import typer

from tre.commands.asking import asking, opened
from tre.commands.showing import Json, answer, say, show_json, show_table
from tre.decision import NotThereError, UnusableRequestError
from tre.safe_people.applications import ApplicationEvent
from tre.safe_people.person import Passport, PassportKind
from tre.safe_people.sanctions import Breach, usual_end
from tre.steps.change_details import change_details
from tre.steps.change_roles import change_roles
from tre.steps.decide_application import decide_application, waiting_applications
from tre.steps.impose_sanction import foresee_sanction, impose_sanction
from tre.steps.lift_sanction import lift_sanction, sanctions
from tre.steps.link_identity import link_identity
from tre.steps.open_account import recover_account
from tre.steps.people import load_person, people
from tre.steps.record_document import record_passport, record_training
from tre.steps.remind import remind
from tre.steps.sanction_cascade import in_words
from tre.steps.send_mail import send_mail
from tre.steps.tre import Tre
from tre.vocabulary import PersonId, Role

PersonArgument = Annotated[str, typer.Argument(help="The person's sign-in name, such as ada.")]


def applications(context: typer.Context, *, as_json: Json = False) -> None:
    """List the applications for accreditation that wait for a decision.

    Example: tre person applications
    """
    asked = asking(context)
    with opened(asked.config()) as tre:
        found = waiting_applications(tre, asked.as_manager())
    if as_json:
        show_json(found)
        return
    show_table(
        ("number", "person", "level", "handed in"),
        [(each.number, each.person, each.evidence.level, each.submitted_at) for each in found],
        empty="No application waits.",
    )


def accredit(
    context: typer.Context,
    person: PersonArgument,
    give_back: Annotated[
        str, typer.Option("--return", metavar="REASON", help="Return it, for this reason.")
    ] = "",
    refuse: Annotated[str, typer.Option(metavar="REASON", help="Refuse it, for this reason.")] = "",
    *,
    as_json: Json = False,
) -> None:
    """Grant a person's application for accreditation, or return or refuse it.

    Example: tre person accredit finn --return "The certificate's number is missing."
    """
    if give_back and refuse:
        message = "an application is returned or refused, not both"
        raise UnusableRequestError(message)
    event = (
        ApplicationEvent.RETURN
        if give_back
        else ApplicationEvent.REFUSE
        if refuse
        else ApplicationEvent.GRANT
    )
    asked = asking(context)
    with opened(asked.config()) as tre:
        number = _number_of(tre, asked.as_manager(), person)
        state = decide_application(tre, asked.as_manager(), number, event, give_back or refuse)
    if as_json:
        show_json({"application": number, "person": person, "state": state})
    else:
        say(f"Application {number} of {person} is {state}.")


def _number_of(tre: Tre, actor: PersonId, person: PersonId) -> int:
    for each in waiting_applications(tre, actor):
        if each.person == person:
            return each.number
    message = f"no application of {person!r} waits; `tre person applications` lists those that do"
    raise NotThereError(message)


def sanction(
    context: typer.Context,
    whom: Annotated[str, typer.Argument(help="A sign-in name, or an organisation's name.")],
    length: Annotated[
        str, typer.Option(help=f"Its last day, as 2026-12-31, or one of: {', '.join(Breach)}.")
    ] = Breach.UNDER_INQUIRY.value,
    reason: Annotated[str, typer.Option(help="Read by whoever is barred.")] = "",
    *,
    foresee: Annotated[
        bool, typer.Option("--foresee", help="Only say what it would stop.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Bar a person or an organisation, and say what that stops.

    Under inquiry it lasts until it is lifted; the lengths of breaches are illustrative.
    Example: tre person sanction bola --length "minor breach" --foresee
    """
    asked = asking(context)
    with opened(asked.config()) as tre:
        actor = asked.as_manager()
        is_person = whom in {each.id for each in people(tre, actor)}
        about = {"person": whom if is_person else None, "organisation": None if is_person else whom}
        until = _last_day(length, tre.now().date())
        if foresee:
            stopped = foresee_sanction(tre, actor, until=until, **about)
        else:
            stopped = impose_sanction(tre, actor, reason=reason, until=until, **about)
    if as_json:
        show_json(stopped)
        return
    until_when = f"until {until}" if until else "until it is lifted"
    say(f"{whom} {'would be' if foresee else 'is'} barred {until_when}.")
    for line in in_words(stopped):
        say(f"  {line}")


def _last_day(length: str, today: date) -> date | None:
    return usual_end(Breach(length), today) if length in set(Breach) else _day(length)


def list_sanctions(context: typer.Context, *, as_json: Json = False) -> None:
    """List every sanction that there is or was, with its number.

    Example: tre person sanctions
    """
    asked = asking(context)
    with opened(asked.config()) as tre:
        found = sanctions(tre, asked.as_manager())
    if as_json:
        show_json(found)
        return
    show_table(
        ("number", "on", "since", "until", "lifted", "reason"),
        [
            (
                each.sanction.number,
                each.person or each.organisation,
                each.sanction.since,
                each.sanction.until,
                each.sanction.lifted_on,
                each.sanction.reason,
            )
            for each in found
        ],
        empty="Nobody was ever barred.",
    )


def lift(
    context: typer.Context,
    number: Annotated[int, typer.Argument(help="The sanction's number.", min=1, max=2**31 - 1)],
    reason: Annotated[str, typer.Option(help="Why it is lifted.")],
    *,
    as_json: Json = False,
) -> None:
    """Lift a sanction from today on.

    Example: tre person lift 1 --reason "It was somebody else."
    """
    asked = asking(context)
    with opened(asked.config()) as tre:
        lift_sanction(tre, asked.as_manager(), number, reason)
        on = tre.now().date()
    answer({"sanction": number, "lifted_on": on}, f"Sanction {number} is lifted.", as_json=as_json)


def passport(  # noqa: PLR0913 - a document is made of exactly these
    context: typer.Context,
    person: PersonArgument,
    trust: Annotated[str, typer.Option(help="The NHS trust whose document it is.")],
    reference: Annotated[str, typer.Option(help="The document's own reference.")],
    days: Annotated[str, typer.Option(metavar="FIRST..LAST", help="Its first and last day.")],
    kind: Annotated[
        str, typer.Option(help=f"One of: {', '.join(PassportKind)}.")
    ] = PassportKind.RESEARCH_PASSPORT.value,
    *,
    as_json: Json = False,
) -> None:
    """Record a research passport, honorary contract or letter of access.

    Example: tre person passport bola --trust Barts --reference HRP-7 --days 2026-03-01..2029-02-28
    """
    if kind not in set(PassportKind):
        message = f"there is no document {kind!r}; known are {', '.join(PassportKind)}"
        raise UnusableRequestError(message)
    first, _, last = days.partition("..")
    paper = Passport(
        kind=PassportKind(kind),
        trust=trust,
        since=_day(first),
        until=_day(last),
        reference=reference,
    )
    asked = asking(context)
    with opened(asked.config()) as tre:
        record_passport(tre, asked.as_manager(), person, paper)
    done = f"The {kind} of {trust} is recorded for {person}, until {paper.until}."
    answer({"person": person, "passport": paper}, done, as_json=as_json)


def training(
    context: typer.Context,
    person: PersonArgument,
    passed: Annotated[str, typer.Option(metavar="DAY", help="When it was passed.")],
    *,
    as_json: Json = False,
) -> None:
    """Record that somebody passed Safe Researcher Training.

    Example: tre person training finn --passed 2026-02-02
    """
    asked = asking(context)
    with opened(asked.config()) as tre:
        day = _day(passed)
        until = record_training(tre, asked.as_manager(), person, day)
    told = {"person": person, "training_passed": day, "training_until": until}
    answer(told, f"{person}'s training counts until {until}.", as_json=as_json)


def roles(
    context: typer.Context,
    person: PersonArgument,
    role: Annotated[
        list[str] | None, typer.Option(help=f"Any of: {', '.join(Role)}; once each.")
    ] = None,
    *,
    as_json: Json = False,
) -> None:
    """Let a person have exactly these roles.

    Example: tre person roles finn --role researcher --role trainer
    """
    wanted = role or []
    for each in wanted:
        if each not in set(Role):
            message = f"there is no role {each!r}; known are {', '.join(Role)}"
            raise UnusableRequestError(message)
    asked = asking(context)
    with opened(asked.config()) as tre:
        change_roles(tre, asked.as_manager(), person, {Role(each) for each in wanted})
    done = f"{person} is now: {', '.join(sorted(wanted)) or 'without a role'}."
    answer({"person": person, "roles": set(wanted)}, done, as_json=as_json)


def details(
    context: typer.Context,
    person: PersonArgument,
    name: Annotated[str, typer.Option(help="Full name; as it is where not given.")] = "",
    organisation: Annotated[str, typer.Option(help="Where they work.")] = "",
    email: Annotated[str, typer.Option(help="Where mail reaches them; none for nowhere.")] = "",
    *,
    as_json: Json = False,
) -> None:
    """Change a person's name, organisation or e-mail address.

    Example: tre person details ada --email ada@example.org
    """
    asked = asking(context)
    with opened(asked.config()) as tre:
        known = load_person(tre, person)
        change_details(
            tre,
            asked.as_manager(),
            person,
            name=name or known.name,
            organisation=organisation or known.organisation,
            email="" if email == "none" else email or known.email,
        )
        now = load_person(tre, person)
    told = {"person": person} | {each: getattr(now, each) for each in _DETAILS}
    answer(told, f"The details of {person} are changed, and they are told.", as_json=as_json)


_DETAILS = ("name", "organisation", "email")


def recover(context: typer.Context, person: PersonArgument, *, as_json: Json = False) -> None:
    """Give somebody their account back who lost password or app; prints a temporary password.

    Example: tre person recover ada
    """
    asked = asking(context)
    with opened(asked.config()) as tre:
        password = recover_account(tre, asked.as_manager(), person)
    if as_json:
        show_json({"person": person, "temporary_password": password})
    else:
        say(f"{person}'s temporary password, shown once: {password}")


def identity(
    context: typer.Context,
    person: PersonArgument,
    subject: Annotated[
        str, typer.Argument(help="The subject under which the provider knows them.")
    ],
    *,
    as_json: Json = False,
) -> None:
    """Link a person to the identity provider of the settings; their password counts no more.

    Example: tre person identity ada 248289761001
    """
    asked = asking(context)
    with opened(asked.config()) as tre:
        link_identity(tre, asked.as_manager(), person, subject)
    done = f"{person} signs in by way of the identity provider now."
    answer({"person": person, "subject": subject}, done, as_json=as_json)


def send_reminders(context: typer.Context, *, as_json: Json = False) -> None:
    """Remind people of what runs out in 60, 30 and 7 days, and send the mail that waits.

    The courier does this by itself while the environment is up; each reminder goes out once.
    Example: tre person remind
    """
    asked = asking(context)
    with opened(asked.config()) as tre:
        sent = remind(tre, asked.as_manager())
        post = send_mail(tre)
    if as_json:
        show_json({"reminders": sent, "mail": post})
        return
    show_table(
        ("person", "what", "last day", "reminder"),
        [(r.person, r.expiry.what, r.expiry.last_day, f"{r.days} days") for r in sent],
        empty="No reminder is due.",
    )
    say(f"Mail: {post.sent} sent, {post.failed} to be tried again.")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        message = f"{text[:20]!r} is not a day like 2026-03-02"
        raise UnusableRequestError(message) from error
