"""Show how one person's identifiers travel in a linkage."""

from dataclasses import dataclass

from tre.five_safes import Subject
from tre.safe_data import world
from tre.safe_data.linking.journey.page import journey_page
from tre.safe_data.linking.journey.picture import journey_svg
from tre.safe_data.linking.journey.stops import Journey, journey
from tre.safe_data.linking.separation.record import read_runs
from tre.steps.acting import acting
from tre.steps.tre import Tre
from tre.vocabulary import Action, PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class JourneyShown:
    """The journey as data, as a picture (SVG) and as a page (HTML); nobody in it exists."""

    journey: Journey
    svg: str
    page: str


def linkage_journey(tre: Tre, actor: PersonId, linkage: str) -> JourneyShown:
    """Draw the route of a linkage from its description and from the record of its latest run.

    Raises RefusedError with every reason, NotThereError for a linkage that is not known.
    """
    known = world.linkage(linkage)
    with acting(tre, actor, Action.VIEW_LINKAGE) as act:
        act.require(Subject())
        act.record({"linkage": known.id})
    runs = read_runs(tre.folders.parties, known.id)
    latest = runs[-1] if runs else None
    return JourneyShown(
        journey=journey(known, latest),
        svg=journey_svg(known, latest),
        page=journey_page(known, latest),
    )
