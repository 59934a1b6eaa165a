"""The linkages, each described once as data in a file of its own."""

from tre.decision import NotThereError
from tre.safe_data.linkages.linkage import Linkage
from tre.safe_data.linkages.npd import NPD

_ALL = (NPD,)


def linkages() -> tuple[Linkage, ...]:
    """Every linkage that the simulator can run, in the order of the documentation."""
    return _ALL


def linkage(linkage_id: str) -> Linkage:
    """The description of one linkage. Raises NotThereError for a name that is not known."""
    for description in _ALL:
        if description.id == linkage_id:
            return description
    known = ", ".join(description.id for description in _ALL)
    message = f"there is no linkage {linkage_id!r}; known are: {known}"
    raise NotThereError(message)
