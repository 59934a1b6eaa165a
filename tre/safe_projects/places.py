"""In which room a project's data may be used: the most restrictive of its datasets' places."""

from collections.abc import Iterable

from tre.decision import ALLOWED, Decision, Rule
from tre.safe_projects.project import Place, Project
from tre.vocabulary import Safe

FROM_MOST_RESTRICTIVE = (Place.SAFE_ROOM, Place.ASSURED_OFFICE, Place.ASSURED_HOME)
"""The ONS access levels in order; a safe room serves for everything."""

PLACE = Rule(
    name="place",
    safe=Safe.SETTINGS,
    sentence="The session is used in a place at least as restrictive as the most restrictive of "
    "the project's datasets asks for; a practice project may be used anywhere.",
    source="ONS access levels",
)


def place_of(project: Project) -> Place:
    """Give the most restrictive place of its datasets; a safe room where nothing is granted."""
    return strictest(dataset.place for dataset in project.datasets)


def strictest(places: Iterable[Place]) -> Place:
    """Give the most restrictive of some places; a safe room where there are none."""
    return min(list(places) or [Place.SAFE_ROOM], key=FROM_MOST_RESTRICTIVE.index)


def is_in_place(project: Project, place: Place) -> Decision:
    """Ask for a place that is restrictive enough."""
    asked = place_of(project)
    rank = FROM_MOST_RESTRICTIVE.index
    if rank(place) <= rank(asked):
        return ALLOWED
    return PLACE.refuses(
        f"this is {_with_article(place)}, and the data of “{project.title}” may be used only in "
        f"{_with_article(asked)}. Go there, or ask the data owners for another place."
    )


def _with_article(place: Place) -> str:
    return f"an {place}" if place[0] in "aeiou" else f"a {place}"
