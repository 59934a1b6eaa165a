"""Projects as JSON: the same steps as the pages, refused for the same reasons."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from pydantic import Field

from tre.desk import project_verbs as verbs
from tre.desk import verbs as desk_verbs
from tre.desk.api import Because, Done, Sent
from tre.desk.api import router as api_router
from tre.desk.paging import PageNumber, page_for_program
from tre.desk.typed import Actor, Environment
from tre.safe_data.catalogue import Dataset
from tre.safe_projects.application import AskedVariable, Choice, Opinion
from tre.safe_projects.changes import ChangeKind
from tre.safe_projects.draft import Ask, Draft
from tre.safe_projects.project import Project
from tre.steps.project_tasks import ProjectTask
from tre.steps.view_project import ProjectView
from tre.vocabulary import ProjectId

router = APIRouter(
    prefix=api_router.prefix,
    responses=api_router.responses,
    dependencies=api_router.dependencies,
    tags=["projects"],
)

Number = Annotated[int, Path(ge=1, le=2**31 - 1, description="The number of the change")]
Text = Annotated[str, Field(max_length=20_000)]
Line = Annotated[str, Field(max_length=300)]
Lines = Annotated[tuple[Line, ...], Field(max_length=50)]


class SentAsk(Sent):
    """What is asked of one dataset. variables: why the study needs each, by `table.variable`."""

    dataset: Line = Field(examples=["npd"])
    variables: dict[str, Text] = Field(
        max_length=500,
        examples=[{"linked.ks4_attainment8": "it is the outcome of the study"}],
    )
    since_year: int | None = Field(default=None, ge=0, le=9999)
    until_year: int | None = Field(default=None, ge=0, le=9999)
    why_years: Text = ""


class SentApplication(Sent):
    """An application; everything but title and dates may be missing in a draft."""

    title: Line = Field(min_length=1, examples=["School after a first episode"])
    starts: date
    ends: date
    summary: Text = ""
    methods: Text = ""
    public_benefit: Text = ""
    gateways: Lines = Field(default=(), examples=[["dea-2017", "section-251"]])
    rec: Line = ""
    iras: Line = ""
    cag: Line = ""
    meeting: Text = ""
    shift_dates: bool = False
    members: Lines = ()
    data: tuple[SentAsk, ...] = Field(default=(), max_length=50)

    def draft(self) -> Draft:
        """The application as the steps know it."""
        return Draft(
            **self.model_dump(exclude={"data", "gateways", "members"}),
            gateways=self.gateways,
            members=self.members,
            asks=tuple(_ask(each) for each in self.data),
        )


class Reply(Sent):
    """An answer: to questions with which an application came back."""

    text: Text = ""


class LayAdvice(Sent):
    """What the lay group says."""

    opinion: Opinion
    text: Text


class SentAnswer(Sent):
    """What an owner or the panel's chair says. variables: granted, for an owner's yes."""

    choice: Choice
    reasons: Text
    conditions: Lines = ()
    variables: tuple[Line, ...] = Field(default=(), max_length=500)

    def answer(self) -> verbs.Answer:
        """The answer as the steps know it."""
        return verbs.Answer(
            choice=self.choice,
            reasons=self.reasons,
            conditions=self.conditions,
            variables=self.variables,
        )


class PanelVote(Sent):
    """A member's vote. criteria: those that they find met; no_interest: their declaration."""

    choice: Choice
    reasons: Text
    conditions: Lines = ()
    criteria: Lines = ()
    no_interest: bool


class SentChange(Sent):
    """A change that the lead proposes; which fields are needed, the kind says."""

    kind: ChangeKind
    reason: Text
    member: Line | None = None
    data: SentAsk | None = None
    until: date | None = None


@router.post("/projects", status_code=201)
def apply(tre: Environment, actor: Actor, sent: SentApplication) -> dict[str, str]:
    """Begin an application, which the caller leads."""
    return {"project": verbs.apply_for_project(tre, actor, sent.draft())}


@router.get("/projects/visible")
def visible(
    request: Request, tre: Environment, actor: Actor, answer: Response, page: PageNumber = 1
) -> tuple[Project, ...]:
    """List every project that I may look at, by title."""
    return page_for_program(desk_verbs.projects(tre, actor), page, request, answer)


@router.get("/catalogue")
def catalogue() -> tuple[Dataset, ...]:
    """List the datasets that a project can ask for, with every variable and what it means."""
    return verbs.data_to_ask_for()


@router.get("/projects/tasks")
def tasks(tre: Environment, actor: Actor) -> tuple[ProjectTask, ...]:
    """List what waits for me among the projects."""
    return verbs.project_tasks(tre, actor)


@router.get("/projects/{project}")
def one_project(tre: Environment, actor: Actor, project: ProjectId) -> ProjectView:
    """Show a project with everything that the caller may see of it."""
    return verbs.view_project(tre, actor, project)


@router.put("/projects/{project}/application")
def change_application(
    tre: Environment, actor: Actor, project: ProjectId, sent: SentApplication
) -> Done:
    """Put another text in the place of the application's."""
    verbs.change_application(tre, actor, project, sent.draft())
    return Done()


@router.post("/projects/{project}/submit")
def submit(tre: Environment, actor: Actor, project: ProjectId, sent: Reply | None = None) -> Done:
    """Hand the application in, with the answer to questions where it came back."""
    verbs.submit_application(tre, actor, project, sent.text if sent else "")
    return Done()


@router.post("/projects/{project}/withdraw")
def withdraw(tre: Environment, actor: Actor, project: ProjectId) -> Done:
    """Take the application back, for good."""
    verbs.withdraw_application(tre, actor, project)
    return Done()


@router.post("/projects/{project}/advice")
def advise(tre: Environment, actor: Actor, project: ProjectId, sent: LayAdvice) -> Done:
    """Write down the lay group's advice."""
    verbs.advise_on_project(tre, actor, project, sent.opinion, sent.text)
    return Done()


@router.post("/projects/{project}/answer")
def answer_advice(tre: Environment, actor: Actor, project: ProjectId, sent: Reply) -> Done:
    """Answer the lay group's advice."""
    verbs.answer_advice(tre, actor, project, sent.text)
    return Done()


@router.post("/projects/{project}/data/{dataset}")
def decide_data(
    tre: Environment, actor: Actor, project: ProjectId, dataset: str, sent: SentAnswer
) -> Done:
    """Grant a dataset or less of it, ask first, or refuse it, as its owner."""
    verbs.decide_as_owner(tre, actor, project, dataset, sent.answer())
    return Done()


@router.post("/projects/{project}/votes")
def vote(tre: Environment, actor: Actor, project: ProjectId, sent: PanelVote) -> dict[str, str]:
    """Vote as a member of the panel; the state that the project is in then."""
    said = verbs.Answer(choice=sent.choice, reasons=sent.reasons, conditions=sent.conditions)
    state = verbs.vote_on_project(
        tre, actor, project, said, criteria=sent.criteria, no_interest=sent.no_interest
    )
    return {"state": str(state)}


@router.post("/projects/{project}/changes", status_code=201)
def propose(tre: Environment, actor: Actor, project: ProjectId, sent: SentChange) -> dict[str, int]:
    """Propose a change; its number."""
    proposal = verbs.Proposal(
        kind=sent.kind,
        reason=sent.reason,
        member=sent.member,
        ask=_ask(sent.data) if sent.data else None,
        until=sent.until,
    )
    return {"change": verbs.propose_change(tre, actor, project, proposal)}


@router.post("/projects/{project}/changes/{number}/owner")
def decide_change_as_owner(
    tre: Environment, actor: Actor, project: ProjectId, number: Number, sent: SentAnswer
) -> Done:
    """Grant or refuse the data of a change, as their owner."""
    verbs.decide_change_as_owner(tre, actor, project, number, sent.answer())
    return Done()


@router.post("/projects/{project}/changes/{number}/chair")
def decide_change(
    tre: Environment, actor: Actor, project: ProjectId, number: Number, sent: SentAnswer
) -> Done:
    """Accept or refuse a change, for the panel's chair."""
    verbs.decide_change(tre, actor, project, number, sent.answer())
    return Done()


@router.post("/projects/{project}/changes/{number}/withdraw")
def withdraw_change(tre: Environment, actor: Actor, project: ProjectId, number: Number) -> Done:
    """Take a proposed change back."""
    verbs.withdraw_change(tre, actor, project, number)
    return Done()


@router.post("/projects/{project}/suspend")
def suspend(tre: Environment, actor: Actor, project: ProjectId, sent: Because) -> Done:
    """Stop the project for now."""
    verbs.suspend_project(tre, actor, project, sent.reason)
    return Done()


@router.post("/projects/{project}/resume")
def resume(tre: Environment, actor: Actor, project: ProjectId, sent: Because) -> Done:
    """Let the project go on."""
    verbs.resume_project(tre, actor, project, sent.reason)
    return Done()


@router.post("/projects/{project}/end")
def end(tre: Environment, actor: Actor, project: ProjectId, sent: Because) -> dict[str, Any]:
    """End the project for good."""
    ending = verbs.end_project(tre, actor, project, sent.reason)
    return {"open_sessions": ending.open_sessions, "destroyed": list(ending.destroyed)}


def _ask(sent: SentAsk) -> Ask:
    return Ask(
        dataset=sent.dataset,
        variables=tuple(AskedVariable(name=n, why=w) for n, w in sent.variables.items()),
        since_year=sent.since_year,
        until_year=sent.until_year,
        why_years=sent.why_years,
    )
