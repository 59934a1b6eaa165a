"""The first page, the projects, and the list of my requests."""

from dataclasses import dataclass
from http import HTTPStatus

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from tre.desk import people_verbs, project_verbs, verbs
from tre.desk.drawing import page, who
from tre.desk.paging import page_asked, paged
from tre.desk.typed import Actor, Environment
from tre.desk.words import SERVICE_LEVEL_WORKING_DAYS, counted, due, said_day, sentence
from tre.safe_people.expiry import NEXT_STEP, REMIND_DAYS
from tre.safe_people.person import Person
from tre.steps.ingress_views import IngressRow
from tre.steps.tre import Tre
from tre.steps.views import ProjectCard, QueueRow
from tre.vocabulary import PersonId, Role

router = APIRouter(include_in_schema=False)

SYSTEMS_TURN = frozenset({"approved", "failed"})
"""The states in which the environment itself has something to do."""

OPEN_STATES = frozenset({"draft", "submitted", "partially reviewed", "reviewed", "returned"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """Something that waits for this person, with the page on which it is done."""

    text: str
    detail: str
    label: str
    path: str
    is_urgent: bool = False


@router.get("/")
def home(request: Request, tre: Environment, actor: Actor) -> Response:
    """What waits for me, how my requests stand, and my projects."""
    person = who(request)
    if person is None:
        return page(request, "unknown.html", status=403)
    if person.temporary_password:
        return RedirectResponse("/me", status_code=HTTPStatus.SEE_OTHER)  # nothing else is open
    mine = verbs.my_requests(tre, actor)
    sees_queue = person.roles & {Role.OUTPUT_CHECKER, Role.TRE_MANAGER}
    queue = verbs.queue(tre, actor) if sees_queue else ()
    return page(
        request,
        "home.html",
        next_steps=_urgent_first(
            *_of_people(tre, actor, person),
            *of_ingress(person, verbs.ingress_queue(tre, actor) if sees_queue else ()),
            *next_steps(person, mine, queue),
            *(of_project(task) for task in project_verbs.project_tasks(tre, actor)),
        ),
        requests=mine[:6],
        projects=_open_first(verbs.my_projects(tre, actor)),
        notices=verbs.notices(tre, actor)[:6],
    )


@router.get("/projects")
def projects(request: Request, tre: Environment, actor: Actor) -> Response:
    """My projects, each with its button or with everything that stands against it."""
    cards = _open_first(verbs.my_projects(tre, actor))
    mine = {card.project.id for card in cards}
    others = tuple(one for one in verbs.projects(tre, actor) if one.id not in mine)
    cut = paged(others, page_asked(request))
    return page(request, "projects.html", projects=cards, paged=cut)


@router.get("/requests")
def requests(request: Request, tre: Environment, actor: Actor) -> Response:
    """My requests and those of my projects."""
    listed = verbs.my_requests(tre, actor)
    return page(request, "requests.html", paged=paged(listed, page_asked(request)))


def _urgent_first(*steps: Next) -> tuple[Next, ...]:
    return tuple(sorted(steps, key=lambda step: not step.is_urgent))


def _open_first(cards: tuple[ProjectCard, ...]) -> tuple[ProjectCard, ...]:
    return tuple(sorted(cards, key=lambda card: not card.decision.allowed))


def next_steps(
    person: Person, mine: tuple[QueueRow, ...], queue: tuple[QueueRow, ...]
) -> tuple[Next, ...]:
    """What a person should do next, the most pressing first."""
    own = (step for row in mine if (step := _of_request(row)))
    reviews = _of_reviews(queue) if Role.OUTPUT_CHECKER in person.roles else []
    late = _of_late(queue) if Role.TRE_MANAGER in person.roles else []
    steps = [*reviews, *_of_stuck(queue), *late, *own]
    if Role.TRE_MANAGER in person.roles or Role.AUDITOR in person.roles:
        steps.append(
            Next(
                text="Look whether the ledger is whole",
                detail="Every step that anybody took is in it, chained by hashes.",
                label="Open the ledger",
                path="/ledger",
            )
        )
    if Role.DATA_LINKER in person.roles:
        steps.append(
            Next(
                text="Look at the linkage and its transfers",
                detail="What moved between organisations, and how well it matched.",
                label="Open the transfers",
                path="/transfers",
            )
        )
    return tuple(steps)


def of_ingress(person: Person, queue: tuple[IngressRow, ...]) -> tuple[Next, ...]:
    """Name the oldest code that waits to come in, for output checkers."""
    if not queue or Role.OUTPUT_CHECKER not in person.roles:
        return ()
    first = queue[0]
    return (
        Next(
            text=counted(len(queue), "ingress request") + " to decide about",
            detail=f"First: {counted(first.waiting, 'file')} of {first.author_name} for "
            f"“{first.project_title}”, {counted(first.findings, 'finding')}.",
            label=f"Look at ingress {first.id}",
            path=f"/ingress/{first.id}",
            is_urgent=first.age_working_days >= SERVICE_LEVEL_WORKING_DAYS,
        ),
    )


def of_project(task: project_verbs.ProjectTask) -> Next:
    """Something that waits among the projects."""
    return Next(
        text=f"{task.task}: “{task.title}”",
        detail=task.detail,
        label="Open the project",
        path=f"/projects/{task.project}",
    )


def _of_reviews(queue: tuple[QueueRow, ...]) -> list[Next]:
    waiting = [row for row in queue if row.waits_for_me and row.state not in SYSTEMS_TURN]
    if not waiting:
        return []
    first = waiting[0]
    how_late = due(first.age_working_days, late=first.late)
    return [
        Next(
            text=counted(len(waiting), "request") + " to review",
            detail=f"First: “{first.title}”, {how_late}.",
            label=f"Review request {first.id}",
            path=f"/requests/{first.id}",
            is_urgent=first.late,
        )
    ]


def _of_stuck(queue: tuple[QueueRow, ...]) -> list[Next]:
    """Name what was approved and has not left, for those who can press for it."""
    return [
        Next(
            text=f"The release of “{row.title}” is stuck",
            detail="It was approved and has not left. The environment tries again by itself; you "
            "can press for it.",
            label=f"Look at request {row.id}",
            path=f"/requests/{row.id}",
            is_urgent=True,
        )
        for row in queue
        if row.state in SYSTEMS_TURN
    ]


def _of_late(queue: tuple[QueueRow, ...]) -> list[Next]:
    """Say how much is late, for those who see to it that somebody answers."""
    late = [row for row in queue if row.late]
    if not late:
        return []
    oldest = max(row.age_working_days for row in late)
    return [
        Next(
            text=counted(len(late), "request") + " later than the service level",
            detail=f"The oldest has waited for {counted(oldest, 'working day')}; those who may "
            "answer were reminded.",
            label="See which",
            path="/queue?age=late",
            is_urgent=True,
        )
    ]


def _of_people(tre: Tre, actor: PersonId, person: Person) -> list[Next]:
    """Name what I can do about my own account and accreditation, and who waits for my word."""
    mine = people_verbs.page_of(tre, actor)
    found = []
    for stop in mine.stops:
        what, _, how = stop.reason.sentence.partition(". ")
        if stop.path:
            text = sentence(what.rstrip("."))
            found.append(
                Next(text=text, detail=how, label=stop.label, path=stop.path, is_urgent=True)
            )
    if mine.asked_of_me:
        found.append(
            Next(
                text="You are asked to supervise somebody",
                detail="They work as a provisional researcher once you have confirmed it.",
                label="Answer",
                path="/me/supervisor",
            )
        )
    waiting = people_verbs.how_many_wait(tre) if Role.TRE_MANAGER in person.roles else 0
    if waiting:
        found.append(
            Next(
                text=f"{counted(waiting, 'application')} for accreditation",
                detail="They wait for a TRE manager's decision.",
                label="Look at them",
                path="/people",
            )
        )
    return found + [
        Next(
            text=f"{sentence(each.what)} ends in {counted(each.days_left(mine.today), 'day')}",
            detail=f"On {said_day(each.last_day)}.",
            label=NEXT_STEP[each.kind][0],
            path=NEXT_STEP[each.kind][1],
        )
        for each in mine.runs_out
        if each.days_left(mine.today) <= max(REMIND_DAYS)
        and NEXT_STEP[each.kind][1].startswith("/me")
    ]


def _of_request(row: QueueRow) -> Next | None:
    path = f"/requests/{row.id}"
    if row.state == "returned":
        return Next(
            text=f"“{row.title}” came back",
            detail="The checkers asked for changes: read their comments, answer, submit again.",
            label="Read and answer",
            path=path,
            is_urgent=True,
        )
    if row.state == "draft":
        return Next(
            text=f"“{row.title}” is not submitted yet",
            detail="Nobody looks at a draft. Its page lists what is still missing.",
            label="Finish it",
            path=path,
        )
    if row.state == "approved":
        return Next(
            text=f"“{row.title}” is being released",
            detail="It was approved. If it stays so, the release was interrupted: the environment "
            "tries again by itself every few minutes.",
            label="See how it stands",
            path=path,
        )
    if row.state == "failed":
        return Next(
            text=f"The release of “{row.title}” is stuck",
            detail="It was approved, but its bundle could not be written. Nothing is lost.",
            label="See why",
            path=path,
            is_urgent=True,
        )
    return None
