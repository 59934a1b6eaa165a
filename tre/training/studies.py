"""The fourteen kinds of study that these data were really linked for, each in a state of its own.

Source: the project's founding documents (the CDLS page on CRIS data linkages), one title a study.
"""

from typing import NamedTuple

from tre.safe_projects.project import ProjectState
from tre.training.studies_at_work import AT_WORK
from tre.training.studies_on_their_way import FURTHER, ON_THEIR_WAY
from tre.training.study import Study
from tre.vocabulary import PersonId, ProjectId

STUDIES: tuple[Study, ...] = (*AT_WORK, *ON_THEIR_WAY)
"""Those that were accredited, then the rest."""

APPLIED_FOR: tuple[Study, ...] = (*STUDIES, *FURTHER)
"""Everything in the demonstration that somebody applies for."""


def with_data() -> tuple[ProjectId, ...]:
    """The studies that get an extract when the world is built, the first the main one."""
    return tuple(study.id for study in APPLIED_FOR if study.was_accredited)


class ExampleRow(NamedTuple):
    """What a trainer reads about an example study. state: with the change that waits."""

    id: ProjectId
    linkages: str
    state: str
    lead: PersonId
    shows: str


def example_rows() -> list[ExampleRow]:
    """List the studies as a trainer chooses between them, in the order of a project's life."""
    return [
        ExampleRow(
            id=study.id,
            linkages=", ".join(study.linkages),
            state=_state_in_words(study),
            lead=study.lead,
            shows=study.shows,
        )
        for study in sorted(APPLIED_FOR, key=_by_state)
    ]


def _by_state(study: Study) -> int:
    return tuple(ProjectState).index(study.state)


def _state_in_words(study: Study) -> str:
    asked = f", {study.change.kind} asked for" if study.change else ""
    return f"{study.state}{asked}"
