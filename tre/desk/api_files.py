"""What a checker looks at beside a file, as JSON: what changed, what left before, previews."""

from typing import Annotated

from fastapi import APIRouter, Query

from tre.desk import verbs
from tre.desk.api import FileNumber, Number
from tre.desk.api import router as api
from tre.desk.comparing import Comparison, comparison
from tre.desk.typed import Actor, Environment
from tre.safe_outputs.remedy import METHODS
from tre.steps.preview_remedy import Remedy
from tre.steps.released_before import ReleasedBefore

router = APIRouter(
    prefix=f"{api.prefix}/requests/{{number}}/files/{{file}}",
    responses=api.responses,
    dependencies=api.dependencies,
    tags=["review"],
)


@router.get("/changes")
def changes(tre: Environment, actor: Actor, number: Number, file: FileNumber) -> Comparison:
    """Compare a file with its version of the turn before: cell by cell, or line by line."""
    return comparison(tre, actor, number, file)


@router.get("/released-before")
def released_before(
    tre: Environment, actor: Actor, number: Number, file: FileNumber
) -> ReleasedBefore:
    """List what the project released before, and what subtracting it from a file gives."""
    return verbs.released_before(tre, actor, number, file)


@router.get("/remedy")
def remedy(
    tre: Environment,
    actor: Actor,
    number: Number,
    file: FileNumber,
    method: Annotated[str, Query(description=", ".join(METHODS), max_length=40)] = "suppress",
) -> Remedy:
    """Preview what a protection would make of a declared output; nothing is changed."""
    return verbs.preview_remedy(tre, actor, number, file, method)
