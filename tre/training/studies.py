"""The fourteen kinds of study that these data were really linked for, each in a state of its own.

Source: the project's founding documents (the CDLS page on CRIS data linkages), one title a study.
"""

from tre.training.studies_at_work import AT_WORK
from tre.training.studies_on_their_way import FURTHER, ON_THEIR_WAY
from tre.training.study import Study
from tre.vocabulary import ProjectId

STUDIES: tuple[Study, ...] = (*AT_WORK, *ON_THEIR_WAY)
"""Those that were accredited, then the rest."""

APPLIED_FOR: tuple[Study, ...] = (*STUDIES, *FURTHER)
"""Everything in the demonstration that somebody applies for."""


def with_data() -> tuple[ProjectId, ...]:
    """The studies that get an extract when the world is built, the first the main one."""
    return tuple(study.id for study in APPLIED_FOR if study.was_accredited)
