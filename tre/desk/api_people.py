"""People as JSON: my own page and account, and those who look after people; the same steps."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, Field

from tre.desk import people_verbs as verbs
from tre.desk.api import Because, Created, Done, Sent
from tre.desk.api import router as desk
from tre.desk.gate import cookie_name
from tre.desk.paging import PageNumber, page_for_program
from tre.desk.typed import Actor, Environment
from tre.safe_people.applications import Application, ApplicationEvent, ApplicationState, Basis
from tre.safe_people.applications import Evidence as Told
from tre.safe_people.person import AccreditationLevel, PassportKind, Person
from tre.safe_people.person import Passport as Paper
from tre.vocabulary import Role

router = APIRouter(
    prefix=desk.prefix, responses=desk.responses, dependencies=desk.dependencies, tags=["people"]
)

Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
Name = Annotated[str, Path(max_length=100, description="A sign-in name")]
Short = Annotated[str, Field(max_length=200)]
Secret = Annotated[str, Field(max_length=256)]


class Evidence(Sent):
    """What an application tells; gaps may be filled until it is handed in."""

    level: AccreditationLevel = AccreditationLevel.FULL
    basis: Basis = Basis.DEGREE
    qualification: str = Field(default="", max_length=20_000)
    quantitative_months: int | None = Field(default=None, ge=0, le=1_200)
    training_passed: date | None = None
    training_certificate: Short = ""
    declaration_version: Short = ""
    declared_as: Short = ""
    supervisor: Short = ""
    project: Short = ""


class Signature(Sent):
    """The declaration's version that was read, and my name."""

    version: Short = Field(examples=["2025-1"])
    signed_as: Short = Field(examples=["Ada Mensah"])


class Ask(Sent):
    """Who should supervise me, and on which project."""

    supervisor: Short = Field(examples=["ada"])
    project: Short = Field(examples=["early-onset-psychosis"])


class Answer(Sent):
    """Whether I supervise them."""

    confirm: bool


class Proof(Sent):
    """My password, and a code of my app or a recovery code."""

    password: Secret
    code: Short = Field(default="", examples=["123456"])


class NewPassword(Proof):
    """Another password."""

    new: Secret


class Code(Sent):
    """A code of the app that was just scanned."""

    code: Short


class Codes(BaseModel):
    """Recovery codes, which are never shown again."""

    recovery_codes: list[str]


class NewAccount(Sent):
    """Somebody new."""

    id: Short = Field(examples=["gus"])
    name: Short = Field(examples=["Gus Berg"])
    organisation: Short = Field(examples=["King's College London"])
    roles: list[Role]
    email: Short = Field(default="", examples=["gus@example.org"])


class Details(Sent):
    """What somebody is called, where they work, and where mail reaches them."""

    name: Short
    organisation: Short
    email: Short = ""


class Temporary(BaseModel):
    """A temporary password, which is never shown again."""

    temporary_password: str


class Roles(Sent):
    """Exactly the roles that somebody has."""

    roles: list[Role]


class Passport(Sent):
    """A document of a trust; both days count."""

    kind: PassportKind
    trust: Short
    reference: Short
    since: date
    until: date


class Withdrawn(Sent):
    """Which document: whose, and under which reference."""

    trust: Short
    reference: Short


class Training(Sent):
    """When the training was passed."""

    passed: date


class Decided(Sent):
    """What becomes of an application; returning and refusing need a reason."""

    event: ApplicationEvent
    reason: str = Field(default="", max_length=20_000)


class Moved(BaseModel):
    """Where an application stands now."""

    state: ApplicationState


class Sanction(Sent):
    """A ban on one person or one organisation; without a last day until it is lifted.

    foresee: only say what it would stop.
    """

    person: Short | None = None
    organisation: Short | None = None
    until: date | None = None
    reason: str = Field(default="", max_length=20_000)
    foresee: bool = False


@router.get("/me/page")
def my_page(tre: Environment, actor: Actor) -> verbs.MyPage:
    """Say what I may do today, what stops me, and what runs out next."""
    return verbs.my_page(tre, actor)


@router.get("/me/applications")
def my_applications(tre: Environment, actor: Actor) -> tuple[Application, ...]:
    """List my applications for accreditation, the newest first."""
    return verbs.my_applications(tre, actor)


@router.put("/me/application")
def write_application(tre: Environment, actor: Actor, sent: Evidence) -> Created:
    """Keep what I tell in my open application, which is begun where there is none."""
    return Created(id=verbs.write_application(tre, actor, Told(**sent.model_dump())))


@router.post("/me/application/submit")
def submit_application(tre: Environment, actor: Actor) -> Created:
    """Hand my application in."""
    return Created(id=verbs.submit_application(tre, actor))


@router.post("/me/application/withdraw")
def withdraw_application(tre: Environment, actor: Actor) -> Done:
    """Take my application back for good."""
    verbs.withdraw_application(tre, actor)
    return Done()


@router.post("/me/declaration")
def sign_declaration(tre: Environment, actor: Actor, sent: Signature) -> Done:
    """Sign the researcher's declaration."""
    verbs.sign_declaration(tre, actor, sent.version, sent.signed_as)
    return Done()


@router.get("/me/supervisions")
def supervisions(tre: Environment, actor: Actor) -> tuple[verbs.Supervision, ...]:
    """List what I asked of supervisors, and was asked as one."""
    return verbs.supervisions_of(tre, actor)


@router.post("/me/supervisions")
def ask_to_supervise(tre: Environment, actor: Actor, sent: Ask) -> Done:
    """Ask somebody to supervise me."""
    verbs.ask_to_supervise(tre, actor, sent.supervisor, sent.project)
    return Done()


@router.post("/me/supervisions/{number}")
def answer_supervision(tre: Environment, actor: Actor, number: Number, sent: Answer) -> Done:
    """Confirm or decline that I supervise somebody."""
    verbs.answer_supervisor_question(tre, actor, number, confirm=sent.confirm)
    return Done()


@router.post("/me/password")
def change_password(request: Request, tre: Environment, actor: Actor, sent: NewPassword) -> Done:
    """Choose another password; my other sessions at the desk end."""
    verbs.change_password(tre, actor, password=sent.password, code=sent.code, new=sent.new)
    kept = request.cookies.get(cookie_name(tre.config))
    request.app.state.sessions.end_others(actor, kept)
    return Done()


@router.post("/me/second-factor")
def begin_second_factor(tre: Environment, actor: Actor, sent: Proof) -> verbs.ToScan:
    """Draw a secret for an app; it counts once its first code has confirmed it."""
    return verbs.begin_second_factor(tre, actor, password=sent.password, code=sent.code)


@router.post("/me/second-factor/confirm")
def confirm_second_factor(request: Request, tre: Environment, actor: Actor, sent: Code) -> Codes:
    """Confirm the app that was scanned; gives new recovery codes, and ends my other sessions."""
    codes = verbs.confirm_second_factor(tre, actor, sent.code)
    kept = request.cookies.get(cookie_name(tre.config))
    request.app.state.sessions.end_others(actor, kept)
    return Codes(recovery_codes=list(codes))


@router.post("/me/recovery-codes")
def new_recovery_codes(tre: Environment, actor: Actor, sent: Proof) -> Codes:
    """Draw a new set of recovery codes."""
    codes = verbs.new_recovery_codes(tre, actor, password=sent.password, code=sent.code)
    return Codes(recovery_codes=list(codes))


@router.get("/people")
def people(
    request: Request, tre: Environment, actor: Actor, answer: Response, page: PageNumber = 1
) -> tuple[Person, ...]:
    """List everybody, with what was recorded of each, to those who look after people."""
    return page_for_program(verbs.people(tre, actor), page, request, answer)


@router.post("/people", status_code=201)
def open_account(tre: Environment, actor: Actor, sent: NewAccount) -> Temporary:
    """Open an account with a temporary password."""
    new = verbs.NewAccount(
        id=sent.id,
        name=sent.name,
        organisation=sent.organisation,
        roles=frozenset(sent.roles),
        email=sent.email,
    )
    return Temporary(temporary_password=verbs.open_account(tre, actor, new))


@router.get("/people/{about}")
def one_person(tre: Environment, actor: Actor, about: Name) -> verbs.MyPage:
    """Show what somebody may do today, what stops them, and what runs out next."""
    return verbs.view_person(tre, actor, about)


@router.put("/people/{about}/details")
def change_details(tre: Environment, actor: Actor, about: Name, sent: Details) -> Done:
    """Change somebody's name, organisation and e-mail address."""
    verbs.change_details(tre, actor, about, **sent.model_dump())
    return Done()


@router.put("/people/{about}/roles")
def change_roles(tre: Environment, actor: Actor, about: Name, sent: Roles) -> Done:
    """Let somebody have exactly these roles."""
    verbs.change_roles(tre, actor, about, sent.roles)
    return Done()


@router.post("/people/{about}/passports", status_code=201)
def record_passport(tre: Environment, actor: Actor, about: Name, sent: Passport) -> Done:
    """Record a passport, honorary contract or letter of access."""
    verbs.record_passport(tre, actor, about, Paper(**sent.model_dump()))
    return Done()


@router.post("/people/{about}/passports/withdraw")
def take_passport_away(tre: Environment, actor: Actor, about: Name, sent: Withdrawn) -> Done:
    """Take a document out of somebody's record."""
    verbs.take_passport_away(tre, actor, about, trust=sent.trust, reference=sent.reference)
    return Done()


@router.post("/people/{about}/training", status_code=201)
def record_training(tre: Environment, actor: Actor, about: Name, sent: Training) -> Done:
    """Record that somebody passed Safe Researcher Training."""
    verbs.record_training(tre, actor, about, sent.passed)
    return Done()


@router.post("/people/{about}/recover")
def recover_account(request: Request, tre: Environment, actor: Actor, about: Name) -> Temporary:
    """Give somebody their account back, with a temporary password; their sessions end."""
    password = verbs.recover_account(tre, actor, about)
    request.app.state.sessions.end_others(about, None)
    return Temporary(temporary_password=password)


@router.get("/accreditations")
def waiting_applications(tre: Environment, actor: Actor) -> tuple[Application, ...]:
    """List the applications that wait for a decision."""
    return verbs.waiting_applications(tre, actor)


@router.get("/accreditations/{number}")
def one_application(tre: Environment, actor: Actor, number: Number) -> verbs.ApplicationView:
    """Show an application, with what speaks against a grant."""
    return verbs.one_application(tre, actor, number)


@router.post("/accreditations/{number}")
def decide_application(tre: Environment, actor: Actor, number: Number, sent: Decided) -> Moved:
    """Return, refuse or grant an application."""
    return Moved(state=verbs.decide_application(tre, actor, number, sent.event, sent.reason))


@router.get("/sanctions")
def sanctions(tre: Environment, actor: Actor) -> tuple[verbs.KeptSanction, ...]:
    """List every sanction that there is or was."""
    return verbs.sanctions(tre, actor)


@router.post("/sanctions", status_code=201)
def impose_sanction(tre: Environment, actor: Actor, sent: Sanction) -> verbs.Cascade:
    """Bar a person or an organisation; gives what that stops."""
    about = {"person": sent.person, "organisation": sent.organisation}
    if sent.foresee:
        return verbs.foresee_sanction(tre, actor, until=sent.until, **about)
    return verbs.impose_sanction(tre, actor, reason=sent.reason, until=sent.until, **about)


@router.post("/sanctions/{number}/lift")
def lift_sanction(tre: Environment, actor: Actor, number: Number, sent: Because) -> Done:
    """Lift a sanction."""
    verbs.lift_sanction(tre, actor, number, sent.reason)
    return Done()
