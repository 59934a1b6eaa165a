"""The page of one request, and what its author's side does with it."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import PurePosixPath

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from tre.decision import NotThereError, OvertakenError, UnusableRequestError
from tre.desk import guidance, verbs
from tre.desk.choices import one_of
from tre.desk.drawing import page
from tre.desk.project_verbs import project_conditions
from tre.desk.shown.changes import of_texts
from tre.desk.typed import Actor, Environment, Form, Typed
from tre.safe_outputs.release_request import CommentAudience, FileKind, FileOrigin, State
from tre.steps.tre import Tre
from tre.steps.views import RequestView
from tre.vocabulary import RequestId

WRITTEN = (
    *("choice", "text", "reason"),
    *(prompt.key for prompt in (*guidance.CONTEXT, *guidance.CONTROLS)),
)
"""The fields of the request's forms that hold somebody's own words or answer."""

router = APIRouter(prefix="/requests/{number}", include_in_schema=False)


@router.get("")
def one_request(request: Request, tre: Environment, actor: Actor, number: RequestId) -> Response:
    """A request with everything that its viewer may see of it."""
    return draw(request, tre, actor, number)


@router.post("/files")
def add_files(
    request: Request, tre: Environment, actor: Actor, number: RequestId, form: Form
) -> Response:
    """Add files of the workspace, and uploaded code."""
    problems = put_files(tre, actor, number, form)
    if problems:
        trouble = Trouble(said=" ".join(problems), form=form)
        return draw(request, tre, actor, number, trouble=trouble)
    return _back_to(number)


@router.post("/groups")
def describe_group(
    request: Request, tre: Environment, actor: Actor, number: RequestId, form: Form
) -> Response:
    """Say what a group of files is and what was done about disclosure."""
    answers = form.values()
    return tried(
        request,
        number,
        form,
        lambda: verbs.describe_group(
            tre,
            actor,
            number,
            form.get("group"),
            context=guidance.compose(guidance.CONTEXT, answers),
            controls=guidance.compose(guidance.CONTROLS, answers),
        ),
    )


@router.post("/files/{file}/kind")
def set_kind(
    request: Request, tre: Environment, actor: Actor, number: RequestId, file: int, form: Form
) -> Response:
    """Say what a file is in the request."""
    return tried(
        request,
        number,
        form,
        lambda: verbs.set_file_kind(tre, actor, number, file, one_of(FileKind, form.get("kind"))),
    )


@router.post("/files/{file}/withdraw")
def withdraw_file(
    request: Request, tre: Environment, actor: Actor, number: RequestId, file: int, form: Form
) -> Response:
    """Take a file out of the request; it stays in the history."""
    return tried(request, number, form, lambda: verbs.withdraw_file(tre, actor, number, file))


@router.post("/submit")
def submit(
    request: Request, tre: Environment, actor: Actor, number: RequestId, form: Form
) -> Response:
    """Hand the request to the checkers."""
    return tried(request, number, form, lambda: verbs.submit_request(tre, actor, number))


@router.post("/withdraw")
def withdraw(
    request: Request, tre: Environment, actor: Actor, number: RequestId, form: Form
) -> Response:
    """Take the whole request back."""
    return tried(request, number, form, lambda: verbs.withdraw_request(tre, actor, number))


@router.post("/comments")
def comment(
    request: Request, tre: Environment, actor: Actor, number: RequestId, form: Form
) -> Response:
    """Say something about a group of files."""

    def write() -> None:
        audience = one_of(CommentAudience, form.get("audience", "public"))
        verbs.comment(tre, actor, number, form.get("group"), form.get("text"), audience)

    return tried(request, number, form, write)


def put_files(tre: Tre, actor: str, number: RequestId, form: Typed) -> list[str]:
    """Add what was ticked and uploaded; what could not be added is told file by file.

    A file of a name that the request has already takes the older one's place.
    """
    view = verbs.view_request(tre, actor, number)
    putting = _Putting(tre, actor, view, form.get("group") or "outputs")
    problems = []
    for path in form.all("path"):
        try:
            kind = one_of(FileKind, form.get(f"kind:{path}") or guidance.usual_kind(path))
            putting.from_workspace(path, kind)
        except UnusableRequestError as error:
            problems.append(f"{path}: {error}")
    for upload in form.uploads:
        try:
            putting.code(upload.name, upload.content)
        except UnusableRequestError as error:
            problems.append(f"{upload.name}: {error}")
    return problems


@dataclass(frozen=True, slots=True)
class _Putting:
    """Puts files into one group of one request, for one person."""

    tre: Tre
    actor: str
    view: RequestView
    group: str

    def from_workspace(self, path: str, kind: FileKind) -> None:
        older = self._older(PurePosixPath(path).name)
        if older is None:
            verbs.add_workspace_file(self.tre, self.actor, self.view.id, path, kind, self.group)
            return
        workspace = self.tre.folders.workspace(self.view.project_id)
        content = verbs.read_workspace_file(workspace, path, self.tre.request_limits)
        verbs.replace_file(
            self.tre,
            self.actor,
            self.view.id,
            older,
            content=content,
            origin=FileOrigin.WORKSPACE,
        )

    def code(self, name: str, content: bytes) -> None:
        """Accept code alone: an output comes from the workspace, where nobody can bring one in."""
        if guidance.suffix(name) not in guidance.CODE:
            message = (
                "only code (.py, .R, .sql, .ipynb) can be uploaded; results come from the session"
            )
            raise UnusableRequestError(message)
        older = self._older(name)
        if older is not None:
            verbs.replace_file(self.tre, self.actor, self.view.id, older, content=content)
            return
        verbs.add_file(
            self.tre,
            self.actor,
            self.view.id,
            name=name,
            content=content,
            kind=FileKind.CODE,
            group=self.group,
        )

    def _older(self, name: str) -> int | None:
        files = [file for group in self.view.groups for file in group.files]
        alike = [one.id for one in files if one.name == name and one.kind != FileKind.WITHDRAWN]
        return alike[0] if alike else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Why something was not done, with the form that asked for it.

    overtaken: whether the request has moved on: what was written is shown by itself then, since
    its form may be gone.
    """

    said: str
    form: Typed
    overtaken: bool = False

    @property
    def status(self) -> HTTPStatus:
        """The answer's status."""
        return HTTPStatus.CONFLICT if self.overtaken else HTTPStatus.UNPROCESSABLE_ENTITY

    @property
    def written(self) -> tuple[tuple[str, str], ...]:
        """What somebody wrote, to be copied: texts, and a vote's choice."""
        if not self.overtaken:
            return ()
        return tuple((name, text) for name in WRITTEN if (text := self.form.get(name)))


def draw(
    request: Request,
    tre: Tre,
    actor: str,
    number: RequestId,
    *,
    trouble: Trouble | None = None,
) -> Response:
    """Draw the request's page; where there is trouble, what was typed is still in its form."""
    view = verbs.view_request(tre, actor, number)
    is_mine = view.i_am in {"author", "member"}
    files = verbs.workspace_files(tre, actor, view.project_id) if is_mine and _is_open(view) else ()
    return page(
        request,
        "request.html",
        status=trouble.status if trouble else HTTPStatus.OK,
        view=view,
        is_mine=is_mine,
        workspace=files,
        conditions=project_conditions(tre, view.project_id),
        of_texts=of_texts,
        written=trouble.written if trouble else (),
        problem=trouble.said if trouble else None,
        typed=trouble.form.values() if trouble else {},
    )


def _is_open(view: RequestView) -> bool:
    return view.state in {State.DRAFT, State.RETURNED}


def tried(request: Request, number: RequestId, form: Typed, act: Callable[[], object]) -> Response:
    """Take the step, and show the page again with what was typed where it cannot be taken."""
    tre, actor = request.app.state.tre, request.state.visitor.person
    try:
        act()
    except NotThereError:
        raise
    except OvertakenError as error:
        said = f"Somebody was faster: {error}. Nothing of yours was changed."
        trouble = Trouble(said=said, form=form, overtaken=True)
    except UnusableRequestError as error:
        trouble = Trouble(said=str(error), form=form)
    else:
        return _back_to(number)
    return draw(request, tre, actor, number, trouble=trouble)


def _back_to(number: RequestId) -> Response:
    return RedirectResponse(f"/requests/{number}", status_code=HTTPStatus.SEE_OTHER)
