"""Read how well the notes of CRIS are masked before they leave it."""

from tre.five_safes import Subject
from tre.safe_data import world
from tre.safe_data.world import NoteMasking
from tre.steps.acting import acting
from tre.steps.tre import Tre
from tre.vocabulary import Action, PersonId


def note_masking(tre: Tre, actor: PersonId, most: int) -> NoteMasking:
    """Compare masking with the truth that only the simulator knows; counts, and no note.

    most: notes that are looked at. Raises RefusedError with every reason, UnusableRequestError
    where the world has no notes.
    """
    with acting(tre, actor, Action.VIEW_LINKAGE) as act:
        act.require(Subject())
        act.record({"notes": most})
    return world.note_masking(tre.folders.parties, most)
